#pragma once

#include <adwaita.h>

#include "periods/oba-months.h"

G_BEGIN_DECLS

/** ObaMonthsView: the table of months with their control totals. Signals: "selected": another one is; "activated": Enter or a double click. */
#define OBA_TYPE_MONTHS_VIEW (oba_months_view_get_type ())
G_DECLARE_FINAL_TYPE (ObaMonthsView, oba_months_view, OBA, MONTHS_VIEW, AdwBin)

GtkWidget *oba_months_view_new          (void);
/** What was selected stays so. (element-type ObaMonth) */
void       oba_months_view_set_months   (ObaMonthsView *self, GPtrArray *months);
void       oba_months_view_select       (ObaMonthsView *self, const GDate *month);
ObaMonth  *oba_months_view_get_selected (ObaMonthsView *self);      /* (transfer none) (nullable) */

G_END_DECLS
