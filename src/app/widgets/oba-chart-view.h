#pragma once

#include <gtk/gtk.h>

#include "charts/oba-chart.h"

G_BEGIN_DECLS

/**
 * ObaChartView: shows a chart in the style of the desktop. The pointer, or the arrow keys when it has the focus, tell the values of a point.
 * The picture is kept as a texture and made again only when chart, size, style or scale change.
 */
#define OBA_TYPE_CHART_VIEW (oba_chart_view_get_type ())
G_DECLARE_FINAL_TYPE (ObaChartView, oba_chart_view, OBA, CHART_VIEW, GtkWidget)

GtkWidget *oba_chart_view_new       (void);
void       oba_chart_view_set_chart (ObaChartView *self, ObaChart *chart);     /* (nullable) */
ObaChart  *oba_chart_view_get_chart (ObaChartView *self);
int        oba_chart_view_get_point (ObaChartView *self);                      /* the one told now, -1 for none */
void       oba_chart_view_set_point (ObaChartView *self, int point);

G_END_DECLS
