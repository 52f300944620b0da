#include "oba-chart-view.h"

#include <adwaita.h>

#define MIN_WIDTH 240
#define MIN_HEIGHT 160

struct _ObaChartView
{
  GtkWidget parent_instance;

  ObaChart     *chart;
  GdkTexture   *texture;
  ObaChartTheme theme;
  char         *font_family;    /* the theme points to it */
  int           point;
};

G_DEFINE_FINAL_TYPE (ObaChartView, oba_chart_view, GTK_TYPE_WIDGET)

static void
forget_picture (ObaChartView *self)
{
  g_clear_object (&self->texture);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
update_theme (ObaChartView *self)
{
  AdwStyleManager *style = adw_style_manager_get_default ();
  PangoContext *context = gtk_widget_get_pango_context (GTK_WIDGET (self));
  const PangoFontDescription *font = pango_context_get_font_description (context);
  double size = (double) pango_font_description_get_size (font) / PANGO_SCALE;

  self->theme = adw_style_manager_get_dark (style) ? oba_chart_theme_dark : oba_chart_theme_light;
  if (adw_style_manager_get_high_contrast (style))
    {
      self->theme.dim_text = self->theme.text;
      self->theme.grid.alpha = 0.4;
    }
  if (!pango_font_description_get_size_is_absolute (font))
    size *= 96.0 / 72.0;
  g_free (self->font_family);
  self->font_family = g_strdup (pango_font_description_get_family (font));
  self->theme.font_family = self->font_family;
  /* Scales are read in passing: a step smaller than the text around. */
  self->theme.font_size = MAX (size * 0.85, 8);
  forget_picture (self);
}

/* ---- drawing */

static GdkTexture *
make_texture (ObaChartView *self, int width, int height, int scale)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width * scale, height * scale);
  cairo_t *cr = cairo_create (surface);
  g_autoptr (GBytes) bytes = NULL;
  GdkTexture *texture;

  cairo_scale (cr, scale, scale);
  oba_chart_draw (self->chart, cr, width, height, &self->theme);
  cairo_destroy (cr);
  cairo_surface_flush (surface);

  bytes = g_bytes_new (cairo_image_surface_get_data (surface), (gsize) cairo_image_surface_get_stride (surface) * (gsize) (height * scale));
  texture = gdk_memory_texture_new (width * scale, height * scale, GDK_MEMORY_DEFAULT, bytes, (gsize) cairo_image_surface_get_stride (surface));
  cairo_surface_destroy (surface);
  return texture;
}

static void
oba_chart_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  ObaChartView *self = OBA_CHART_VIEW (widget);
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  int scale = gtk_widget_get_scale_factor (widget);
  graphene_rect_t area = GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height);

  if (self->chart == NULL || width <= 0 || height <= 0)
    return;

  if (self->texture != NULL && (gdk_texture_get_width (self->texture) != width * scale || gdk_texture_get_height (self->texture) != height * scale))
    g_clear_object (&self->texture);
  if (self->texture == NULL)
    self->texture = make_texture (self, width, height, scale);
  gtk_snapshot_append_texture (snapshot, self->texture, &area);

  if (self->point >= 0)
    {
      cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &area);

      oba_chart_draw_hover (self->chart, cr, width, height, &self->theme, (guint) self->point);
      cairo_destroy (cr);
    }
}

static void
oba_chart_view_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline,
                        int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? MIN_WIDTH : MIN_HEIGHT;
  *natural = *minimum;
}

static void
oba_chart_view_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (oba_chart_view_parent_class)->css_changed (widget, change);
  update_theme (OBA_CHART_VIEW (widget));
}

/* ---- telling a point */

static void
describe (ObaChartView *self)
{
  g_autofree char *description = NULL;

  if (self->chart == NULL)
    return;
  if (self->point < 0)
    description = oba_chart_describe (self->chart);
  else
    {
      g_autofree char *point = oba_chart_format_point (self->chart, (guint) self->point);
      GString *text = g_string_new (point);

      for (guint i = 0; i < oba_chart_get_n_series (self->chart); i++)
        {
          g_autofree char *value = oba_chart_format_value (self->chart, i, (guint) self->point);

          g_string_append_printf (text, "; %s %s", oba_chart_get_series_name (self->chart, i), value);
        }
      description = g_string_free (text, FALSE);
    }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, oba_chart_get_title (self->chart),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, description, -1);
}

void
oba_chart_view_set_point (ObaChartView *self, int point)
{
  g_return_if_fail (OBA_IS_CHART_VIEW (self));

  if (self->chart == NULL || point >= (int) oba_chart_get_n_points (self->chart))
    point = -1;
  if (point == self->point)
    return;
  self->point = point;
  describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

int
oba_chart_view_get_point (ObaChartView *self)
{
  g_return_val_if_fail (OBA_IS_CHART_VIEW (self), -1);

  return self->point;
}

static void
motion_cb (ObaChartView *self, double x, double y)
{
  double point_x;

  if (self->chart != NULL)
    oba_chart_view_set_point (self, oba_chart_hit (self->chart, gtk_widget_get_width (GTK_WIDGET (self)),
                                                   gtk_widget_get_height (GTK_WIDGET (self)), &self->theme, x, y, &point_x));
}

static void
leave_cb (ObaChartView *self)
{
  oba_chart_view_set_point (self, -1);
}

static gboolean
move_point (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  ObaChartView *self = OBA_CHART_VIEW (widget);
  int n = self->chart != NULL ? (int) oba_chart_get_n_points (self->chart) : 0;
  int step = g_variant_get_int32 (args);
  int point;

  if (n == 0)
    return GDK_EVENT_PROPAGATE;
  /* From nowhere, the last point is the one that is looked for: it is the newest. A list is read from its first. */
  if (self->point < 0 && step != G_MININT16)
    point = oba_chart_is_list (self->chart) && step != G_MAXINT16 ? 0 : n - 1;
  else
    point = CLAMP (self->point + step, 0, n - 1);
  oba_chart_view_set_point (self, point);
  return GDK_EVENT_STOP;
}

/* Up and down in a list; elsewhere they scroll what the chart is in. */
static gboolean
move_row (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  ObaChartView *self = OBA_CHART_VIEW (widget);

  if (self->chart == NULL || !oba_chart_is_list (self->chart))
    return GDK_EVENT_PROPAGATE;
  return move_point (widget, args, user_data);
}

static gboolean
clear_point (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  ObaChartView *self = OBA_CHART_VIEW (widget);

  if (self->point < 0)
    return GDK_EVENT_PROPAGATE;
  oba_chart_view_set_point (self, -1);
  return GDK_EVENT_STOP;
}

/* ---- the object */

static void
oba_chart_view_dispose (GObject *object)
{
  ObaChartView *self = OBA_CHART_VIEW (object);

  g_clear_pointer (&self->chart, oba_chart_unref);
  g_clear_object (&self->texture);

  G_OBJECT_CLASS (oba_chart_view_parent_class)->dispose (object);
}

static void
oba_chart_view_finalize (GObject *object)
{
  g_free (OBA_CHART_VIEW (object)->font_family);

  G_OBJECT_CLASS (oba_chart_view_parent_class)->finalize (object);
}

static void
oba_chart_view_class_init (ObaChartViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = oba_chart_view_dispose;
  G_OBJECT_CLASS (klass)->finalize = oba_chart_view_finalize;
  widget_class->snapshot = oba_chart_view_snapshot;
  widget_class->measure = oba_chart_view_measure;
  widget_class->css_changed = oba_chart_view_css_changed;

  gtk_widget_class_set_css_name (widget_class, "chart");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Left, 0, move_point, "i", -1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Right, 0, move_point, "i", 1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Up, 0, move_row, "i", -1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Down, 0, move_row, "i", 1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Home, 0, move_point, "i", G_MININT16);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_End, 0, move_point, "i", G_MAXINT16);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Escape, 0, clear_point, NULL);
}

static void
oba_chart_view_init (ObaChartView *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  AdwStyleManager *style = adw_style_manager_get_default ();

  self->point = -1;
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);

  g_signal_connect_swapped (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (leave_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);

  g_signal_connect_object (style, "notify::dark", G_CALLBACK (update_theme), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (style, "notify::high-contrast", G_CALLBACK (update_theme), self, G_CONNECT_SWAPPED);
}

GtkWidget *
oba_chart_view_new (void)
{
  return g_object_new (OBA_TYPE_CHART_VIEW, NULL);
}

void
oba_chart_view_set_chart (ObaChartView *self, ObaChart *chart)
{
  g_return_if_fail (OBA_IS_CHART_VIEW (self));

  if (chart != NULL)
    oba_chart_ref (chart);
  g_clear_pointer (&self->chart, oba_chart_unref);
  self->chart = chart;
  if (chart == NULL || self->point >= (int) oba_chart_get_n_points (chart))
    self->point = -1;
  describe (self);
  forget_picture (self);
}

ObaChart *
oba_chart_view_get_chart (ObaChartView *self)
{
  g_return_val_if_fail (OBA_IS_CHART_VIEW (self), NULL);

  return self->chart;
}
