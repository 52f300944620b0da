#include "oba-chart-table.h"

#include <glib/gi18n-lib.h>

#include "oba-column-title.h"

#define NUMBER_WIDTH 150

struct _ObaChartTable
{
  AdwBin parent_instance;

  ObaChart  *chart;
  GPtrArray *items;    /* of GtkListItem: the cells there are now */
};

G_DEFINE_FINAL_TYPE (ObaChartTable, oba_chart_table, ADW_TYPE_BIN)

/* Which column a factory makes cells for: 0 the point's own name, else a series + 1. */
static GQuark
column_quark (void)
{
  return g_quark_from_static_string ("oba-chart-table-column");
}

static void
fill_cell (ObaChartTable *self, GtkListItem *item)
{
  GtkWidget *label = gtk_list_item_get_child (item);
  guint position = gtk_list_item_get_position (item);
  guint column = GPOINTER_TO_UINT (g_object_get_qdata (G_OBJECT (label), column_quark ()));
  guint point;
  g_autofree char *text = NULL;

  if (position >= oba_chart_get_n_points (self->chart))
    return;
  point = oba_chart_is_list (self->chart) ? position : oba_chart_get_n_points (self->chart) - 1 - position;
  text = column == 0 ? oba_chart_format_point (self->chart, point) : oba_chart_format_value (self->chart, column - 1, point);
  gtk_label_set_label (GTK_LABEL (label), text);
}

static void
setup_cb (ObaChartTable *self, GtkListItem *item, GtkListItemFactory *factory)
{
  GtkWidget *label = gtk_label_new (NULL);
  gpointer column = g_object_get_qdata (G_OBJECT (factory), column_quark ());

  gtk_label_set_xalign (GTK_LABEL (label), column == NULL ? 0 : 1);
  gtk_widget_add_css_class (label, "numeric");
  g_object_set_qdata (G_OBJECT (label), column_quark (), column);
  gtk_list_item_set_child (item, label);
  g_ptr_array_add (self->items, item);
}

static void
bind_cb (ObaChartTable *self, GtkListItem *item)
{
  fill_cell (self, item);
}

static void
teardown_cb (ObaChartTable *self, GtkListItem *item)
{
  g_ptr_array_remove_fast (self->items, item);
}

static void
add_column (ObaChartTable *self, GtkColumnView *view, const char *title, guint column)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkColumnViewColumn) view_column = NULL;

  g_object_set_qdata (G_OBJECT (factory), column_quark (), GUINT_TO_POINTER (column));
  g_signal_connect_object (factory, "setup", G_CALLBACK (setup_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "teardown", G_CALLBACK (teardown_cb), self, G_CONNECT_SWAPPED);
  view_column = gtk_column_view_column_new (title, factory);
  if (column == 0)
    gtk_column_view_column_set_expand (view_column, TRUE);
  else
    gtk_column_view_column_set_fixed_width (view_column, NUMBER_WIDTH);
  gtk_column_view_append_column (view, view_column);
  if (column > 0)
    oba_column_title_align (view);
}

/* The rows are only places: what they say is asked of the chart when they are shown. */
static GListModel *
places_new (guint n)
{
  GtkStringList *list = gtk_string_list_new (NULL);

  for (guint i = 0; i < n; i++)
    gtk_string_list_append (list, "");
  return G_LIST_MODEL (list);
}

static void
rebuild (ObaChartTable *self)
{
  GtkSelectionModel *model = GTK_SELECTION_MODEL (gtk_no_selection_new (places_new (oba_chart_get_n_points (self->chart))));
  GtkWidget *view = gtk_column_view_new (model);
  GtkWidget *window = gtk_scrolled_window_new ();

  add_column (self, GTK_COLUMN_VIEW (view), oba_chart_get_points_name (self->chart) != NULL ? oba_chart_get_points_name (self->chart) : _("Day"), 0);
  for (guint i = 0; i < oba_chart_get_n_series (self->chart); i++)
    add_column (self, GTK_COLUMN_VIEW (view), oba_chart_get_series_name (self->chart, i), i + 1);
  gtk_widget_add_css_class (view, "data-table");
  gtk_accessible_update_property (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_LABEL, oba_chart_get_title (self->chart), -1);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (window), view);
  adw_bin_set_child (ADW_BIN (self), window);
}

static gboolean
same_shape (ObaChart *a, ObaChart *b)
{
  return a != NULL && oba_chart_get_n_points (a) == oba_chart_get_n_points (b) && oba_chart_get_n_series (a) == oba_chart_get_n_series (b);
}

static void
oba_chart_table_dispose (GObject *object)
{
  ObaChartTable *self = OBA_CHART_TABLE (object);

  G_OBJECT_CLASS (oba_chart_table_parent_class)->dispose (object);

  g_clear_pointer (&self->chart, oba_chart_unref);
}

static void
oba_chart_table_finalize (GObject *object)
{
  g_ptr_array_unref (OBA_CHART_TABLE (object)->items);

  G_OBJECT_CLASS (oba_chart_table_parent_class)->finalize (object);
}

static void
oba_chart_table_class_init (ObaChartTableClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = oba_chart_table_dispose;
  G_OBJECT_CLASS (klass)->finalize = oba_chart_table_finalize;
}

static void
oba_chart_table_init (ObaChartTable *self)
{
  self->items = g_ptr_array_new ();
}

GtkWidget *
oba_chart_table_new (void)
{
  return g_object_new (OBA_TYPE_CHART_TABLE, NULL);
}

void
oba_chart_table_set_chart (ObaChartTable *self, ObaChart *chart)
{
  gboolean same;

  g_return_if_fail (OBA_IS_CHART_TABLE (self) && chart != NULL);

  same = same_shape (self->chart, chart);
  oba_chart_ref (chart);
  g_clear_pointer (&self->chart, oba_chart_unref);
  self->chart = chart;
  if (!same)
    rebuild (self);
  else
    for (guint i = 0; i < self->items->len; i++)
      fill_cell (self, self->items->pdata[i]);
}
