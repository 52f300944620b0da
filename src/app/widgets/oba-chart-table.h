#pragma once

#include <adwaita.h>

#include "charts/oba-chart.h"

G_BEGIN_DECLS

/** ObaChartTable: the numbers of a chart: a row a point, the newest first (a list: its first), a column a series. Keeps its place when the chart is replaced by one of the same shape. */
#define OBA_TYPE_CHART_TABLE (oba_chart_table_get_type ())
G_DECLARE_FINAL_TYPE (ObaChartTable, oba_chart_table, OBA, CHART_TABLE, AdwBin)

GtkWidget *oba_chart_table_new       (void);
void       oba_chart_table_set_chart (ObaChartTable *self, ObaChart *chart);

G_END_DECLS
