#pragma once

#include <adwaita.h>

#include "customers/oba-customer-insight.h"

G_BEGIN_DECLS

/** ObaProfileCharts: spending by month, as a chart or a table, and by category. */
#define OBA_TYPE_PROFILE_CHARTS (oba_profile_charts_get_type ())
G_DECLARE_FINAL_TYPE (ObaProfileCharts, oba_profile_charts, OBA, PROFILE_CHARTS, GtkBox)

void     oba_profile_charts_set_insight  (ObaProfileCharts *self, const ObaCustomerInsight *insight);
void     oba_profile_charts_toggle_table (ObaProfileCharts *self);
gboolean oba_profile_charts_shows_table  (ObaProfileCharts *self);

G_END_DECLS
