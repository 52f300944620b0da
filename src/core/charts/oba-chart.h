#pragma once

#include <cairo.h>
#include <glib.h>

G_BEGIN_DECLS

/**
 * ObaChart: what a chart of values along a row of points (days, hours, categories) says; how it looks is ObaChartTheme's.
 * Drawn the same on screen, in print, PDF, SVG, PNG and Telegram. Knows neither GTK nor the database.
 */
typedef struct _ObaChart ObaChart;

typedef enum
{
  OBA_CHART_LINE,
  OBA_CHART_AREA,
  OBA_CHART_BARS,
  OBA_CHART_STACK,             /* bars of all such series one on the other; values from 0 up */
  OBA_CHART_ROWS,              /* lying bars, a row a point: long names; all series of a chart then */
  OBA_CHART_HEAT,              /* a map: a row a series, a column a point, the darker the more; all series of a chart then */
} ObaChartKind;

typedef enum
{
  OBA_CHART_VALUE_NUMBER,      /* counts */
  OBA_CHART_VALUE_MONEY,       /* qəpik */
  OBA_CHART_VALUE_SHARE,       /* 0 to 1, shown in per cent */
} ObaChartValue;

typedef struct
{
  double red, green, blue, alpha;
} ObaChartColor;

typedef struct
{
  ObaChartColor background;    /* alpha 0: none is painted */
  ObaChartColor text;
  ObaChartColor dim_text;
  ObaChartColor grid;
  ObaChartColor series[6];
  const char   *font_family;   /* static or longer-lived than the drawing */
  double        font_size;     /* in the units of the drawing: pixels on screen, points on paper */
} ObaChartTheme;

extern const ObaChartTheme oba_chart_theme_light;
extern const ObaChartTheme oba_chart_theme_dark;
extern const ObaChartTheme oba_chart_theme_print;

/** @title names the chart for assistive technology and files; it is not painted. */
ObaChart     *oba_chart_new             (const char *title, ObaChartValue value);
ObaChart     *oba_chart_ref             (ObaChart *self);
void          oba_chart_unref           (ObaChart *self);

/** The points along x: days in a row from @first_day (a Julian day as g_date_get_julian gives it), or texts. */
void          oba_chart_set_days        (ObaChart *self, guint32 first_day, guint n);
void          oba_chart_set_labels      (ObaChart *self, const char *const *labels);
/** What the points are ("Month"), as the head of a table of them. (nullable): days */
void          oba_chart_set_points_name (ObaChart *self, const char *name);
const char   *oba_chart_get_points_name (ObaChart *self);
/** Points are times, of which the last is looked for first, unless they are a list: read from its beginning. */
void          oba_chart_set_list        (ObaChart *self);
gboolean      oba_chart_is_list         (ObaChart *self);

/** @values has one value a point; NAN is a gap. Copied. */
void          oba_chart_add_series      (ObaChart *self, const char *name, ObaChartKind kind, const double *values, guint n);

guint         oba_chart_get_n_points    (ObaChart *self);
guint         oba_chart_get_n_series    (ObaChart *self);
const char   *oba_chart_get_title       (ObaChart *self);
const char   *oba_chart_get_series_name (ObaChart *self, guint series);
double        oba_chart_get_value       (ObaChart *self, guint series, guint point);
char         *oba_chart_format_point    (ObaChart *self, guint point);                  /* "Mon 16 Nov 2026" or the label; (transfer full) */
char         *oba_chart_format_value    (ObaChart *self, guint series, guint point);    /* in full: "1 234,50 ₼"; "–" for a gap; (transfer full) */

/** One or two sentences that say what the picture shows: range, last, highest, lowest. (transfer full) */
char         *oba_chart_describe        (ObaChart *self);

/** Draws into 0,0,@width,@height of @cr. */
void          oba_chart_draw            (ObaChart *self, cairo_t *cr, double width, double height, const ObaChartTheme *theme);
/** The point under @x, -1 when there is none; @point_x is where it stands. Needs the same size and theme as the drawing. */
int           oba_chart_hit             (ObaChart *self, double width, double height, const ObaChartTheme *theme, double x, double y, double *point_x);
/** Marks @point and paints the card with its values; drawn over the chart. */
void          oba_chart_draw_hover      (ObaChart *self, cairo_t *cr, double width, double height, const ObaChartTheme *theme, guint point);

/** Files, for print, mail and Telegram. Size in pixels (PNG) or points (SVG, PDF). */
gboolean      oba_chart_save            (ObaChart *self, const char *filename, double width, double height, const ObaChartTheme *theme, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaChart, oba_chart_unref)

G_END_DECLS
