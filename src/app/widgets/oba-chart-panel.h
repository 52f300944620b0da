#pragma once

#include <gtk/gtk.h>

#include "charts/oba-chart.h"

G_BEGIN_DECLS

/** ObaChartPanel: a chart with its title, and the table of the same numbers behind one button. */
#define OBA_TYPE_CHART_PANEL (oba_chart_panel_get_type ())
G_DECLARE_FINAL_TYPE (ObaChartPanel, oba_chart_panel, OBA, CHART_PANEL, GtkBox)

void     oba_chart_panel_set_chart    (ObaChartPanel *self, ObaChart *chart);
void     oba_chart_panel_toggle_table (ObaChartPanel *self);
gboolean oba_chart_panel_shows_table  (ObaChartPanel *self);

G_END_DECLS
