#pragma once

#include <pango/pangocairo.h>

#include "oba-chart.h"

G_BEGIN_DECLS

typedef struct
{
  char *name;
  ObaChartKind kind;
  double *values;              /* n_points; NAN is a gap */
} ObaChartSeries;

struct _ObaChart
{
  gatomicrefcount ref_count;
  char *title;
  ObaChartValue value;
  guint n_points;
  guint32 first_day;           /* Julian; 0 when the points are labels */
  char **labels;               /* (nullable) */
  char *points_name;           /* (nullable) */
  gboolean list;
  GPtrArray *series;           /* of ObaChartSeries */
};

/* Where things stand in a drawing of one size and theme. */
typedef struct
{
  double left, top, right, bottom;     /* the plot, in the units of the drawing */
  double low, high, step;              /* the value axis */
  double width;                        /* of the whole drawing */
  gboolean is_brief;                   /* rows: there is room for the value of the first series only */
} ObaChartLayout;

ObaChartSeries *oba_chart_get_series      (ObaChart *self, guint series);
char           *oba_chart_format_axis     (ObaChart *self, double value);

/** Round steps (1, 2, 2.5, 5 x 10^k) that cover @low..@high in about @ticks steps. */
void            oba_chart_nice_range      (double low, double high, guint ticks, double *nice_low, double *nice_high, double *step);

PangoLayout    *oba_chart_create_text     (cairo_t *cr, const ObaChartTheme *theme, double scale, const char *text);
void            oba_chart_measure         (ObaChart *self, cairo_t *cr, double width, double height, const ObaChartTheme *theme, ObaChartLayout *layout);
double          oba_chart_point_x         (ObaChart *self, const ObaChartLayout *layout, guint point);
double          oba_chart_value_y         (const ObaChartLayout *layout, double value);

/** How high the stack of @point is below @series. */
double          oba_chart_stack_below     (ObaChart *self, guint series, guint point);

/* What shape the whole chart has: LINE, AREA and BARS share one, which all of them stand for. */
ObaChartKind    oba_chart_get_shape       (ObaChart *self);
void            oba_chart_set_color       (cairo_t *cr, const ObaChartColor *color, double strength);
/** Shows @text with its left (0), centre (0.5) or right (1) at @x and its middle at @y; cut to @room when that is above 0. */
void            oba_chart_show_text       (cairo_t *cr, const ObaChartTheme *theme, const ObaChartColor *color, const char *text, double x, double align, double y, double room);
double          oba_chart_text_width      (cairo_t *cr, const ObaChartTheme *theme, const char *text);
void            oba_chart_draw_legend     (ObaChart *self, cairo_t *cr, const ObaChartTheme *theme, const ObaChartLayout *layout);

void            oba_chart_rows_measure    (ObaChart *self, cairo_t *cr, double width, double height, const ObaChartTheme *theme, ObaChartLayout *layout);
void            oba_chart_rows_draw       (ObaChart *self, cairo_t *cr, const ObaChartTheme *theme, const ObaChartLayout *layout);
void            oba_chart_heat_measure    (ObaChart *self, cairo_t *cr, double width, double height, const ObaChartTheme *theme, ObaChartLayout *layout);
void            oba_chart_heat_draw       (ObaChart *self, cairo_t *cr, const ObaChartTheme *theme, const ObaChartLayout *layout);

G_END_DECLS
