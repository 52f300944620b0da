#include "oba-stock-row.h"

#include <glib/gi18n-lib.h>

#include "base/oba-fold.h"
#include "base/oba-money.h"
#include "widgets/oba-column-title.h"

struct _ObaStockRow
{
  GObject               parent_instance;

  const ObaRewardPlace *place;
  gint64                number;
  char                 *folded;
};

enum { PROP_NUMBER = 1, N_PROPERTIES };
static GParamSpec *properties[N_PROPERTIES];

G_DEFINE_FINAL_TYPE (ObaStockRow, oba_stock_row, G_TYPE_OBJECT)

typedef enum { CODE, NAME, CITY, STOCK, RESERVED, NUMBER, N_COLUMNS } Column;

static void
oba_stock_row_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  g_value_set_int64 (value, OBA_STOCK_ROW (object)->number);
}

static void
oba_stock_row_finalize (GObject *object)
{
  g_free (OBA_STOCK_ROW (object)->folded);

  G_OBJECT_CLASS (oba_stock_row_parent_class)->finalize (object);
}

static void
oba_stock_row_class_init (ObaStockRowClass *klass)
{
  G_OBJECT_CLASS (klass)->get_property = oba_stock_row_get_property;
  G_OBJECT_CLASS (klass)->finalize = oba_stock_row_finalize;

  properties[PROP_NUMBER] = g_param_spec_int64 ("number", NULL, NULL, -1, G_MAXINT64, -1, G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPERTIES, properties);
}

static void
oba_stock_row_init (ObaStockRow *self)
{
  self->number = -1;
}

ObaStockRow *
oba_stock_row_new (const ObaRewardPlace *place)
{
  ObaStockRow *self = g_object_new (OBA_TYPE_STOCK_ROW, NULL);
  g_autofree char *all = g_strjoin (" ", place->code, place->name, place->city, NULL);

  self->place = place;
  self->folded = oba_text_fold (all);
  return self;
}

const ObaRewardPlace *
oba_stock_row_get_place (ObaStockRow *self)
{
  return self->place;
}

gint64
oba_stock_row_get_number (ObaStockRow *self)
{
  return self->number;
}

void
oba_stock_row_set_number (ObaStockRow *self, gint64 number)
{
  if (self->number == number)
    return;
  self->number = number;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NUMBER]);
}

const char *
oba_stock_row_get_folded (ObaStockRow *self)
{
  return self->folded;
}

/* ---- the table */

static char *
cell_text (ObaStockRow *self, Column column)
{
  switch (column)
    {
    case CODE:
      return g_strdup (self->place->code);
    case NAME:
      return g_strdup (self->place->name);
    case CITY:
      return g_strdup (self->place->city);
    case STOCK:
      return oba_number_format (self->place->stock);
    case RESERVED:
      return oba_number_format (self->place->reserved);
    default:
      return self->number >= 0 ? oba_number_format (self->number) : g_strdup ("");
    }
}

static void
show_number (ObaStockRow *row, GParamSpec *spec, GtkInscription *cell)
{
  g_autofree char *text = cell_text (row, NUMBER);

  gtk_inscription_set_text (cell, text);
}

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer column)
{
  GtkWidget *cell = gtk_inscription_new (NULL);
  Column which = GPOINTER_TO_UINT (column);

  gtk_inscription_set_text_overflow (GTK_INSCRIPTION (cell), GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
  gtk_inscription_set_min_chars (GTK_INSCRIPTION (cell), which == NAME ? 16 : 8);
  if (which >= STOCK)
    gtk_inscription_set_xalign (GTK_INSCRIPTION (cell), 1);
  if (which >= STOCK)
    gtk_widget_add_css_class (cell, "numeric");
  gtk_list_item_set_child (item, cell);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer column)
{
  ObaStockRow *row = gtk_list_item_get_item (item);
  g_autofree char *text = cell_text (row, GPOINTER_TO_UINT (column));
  GtkWidget *cell = gtk_list_item_get_child (item);

  gtk_inscription_set_text (GTK_INSCRIPTION (cell), text);
  if (GPOINTER_TO_UINT (column) == NUMBER)
    g_signal_connect_object (row, "notify::number", G_CALLBACK (show_number), cell, 0);
}

static void
unbind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer column)
{
  if (GPOINTER_TO_UINT (column) == NUMBER)
    g_signal_handlers_disconnect_by_data (gtk_list_item_get_item (item), gtk_list_item_get_child (item));
}

GtkWidget *
oba_stock_row_view_new (GtkSelectionModel *model)
{
  const char *const titles[N_COLUMNS] = { _("Code"), _("Store"), _("City"), _("Stock"), _("Reserved"), _("Number") };
  GtkWidget *view = gtk_column_view_new (model);

  gtk_widget_add_css_class (view, "data-table");
  for (guint i = 0; i < N_COLUMNS; i++)
    {
      GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
      GtkColumnViewColumn *column;

      g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), GUINT_TO_POINTER (i));
      g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), GUINT_TO_POINTER (i));
      g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), GUINT_TO_POINTER (i));
      column = gtk_column_view_column_new (titles[i], factory);
      gtk_column_view_column_set_expand (column, i == NAME);
      gtk_column_view_column_set_resizable (column, TRUE);
      gtk_column_view_append_column (GTK_COLUMN_VIEW (view), column);
      if (i >= STOCK)
        oba_column_title_align (GTK_COLUMN_VIEW (view));
      g_object_unref (column);
    }
  return view;
}
