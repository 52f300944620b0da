#include "oba-months-view.h"

#include <glib/gi18n-lib.h>

#include "oba-month-text.h"
#include "widgets/oba-column-title.h"

struct _ObaMonthsView
{
  AdwBin              parent_instance;

  GListStore         *months;
  GtkSingleSelection *selection;
  gboolean            filling;
};

enum { SELECTED, ACTIVATED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaMonthsView, oba_months_view, ADW_TYPE_BIN)

/* Who closed it is cut first. */
#define CLOSED_CHARS 12

/* The columns: name and state, the figures, who closed it. */
enum { NAME, STATE, FIRST_FIGURE, CLOSED = FIRST_FIGURE + OBA_MONTH_N_FIGURES, N_COLUMNS };

static gboolean
is_number (guint column)
{
  return column >= FIRST_FIGURE && column < CLOSED;
}

static char *
describe (const ObaMonthFacts *facts, guint column)
{
  guint figure = column - FIRST_FIGURE;

  if (column == NAME)
    return oba_month_text_name (&facts->month);
  if (column == STATE)
    return g_strdup (oba_month_text_state (facts->state));
  if (column == CLOSED)
    return oba_month_text_closed (facts);
  /* Of points only what was written down is known. */
  if (facts->state != OBA_MONTH_CLOSED && (facts->state == OBA_MONTH_BEFORE || !oba_month_text_is_sold (figure)))
    return g_strdup ("–");
  return oba_month_text_figure (&facts->totals, figure);
}

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer column)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), is_number (GPOINTER_TO_UINT (column)) ? 1 : 0);
  if (GPOINTER_TO_UINT (column) == CLOSED)
    {
      gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
      gtk_label_set_width_chars (GTK_LABEL (label), CLOSED_CHARS);
    }
  if (is_number (GPOINTER_TO_UINT (column)))
    gtk_widget_add_css_class (label, "numeric");
  gtk_list_item_set_child (item, label);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer column)
{
  const ObaMonthFacts *facts = oba_month_get (gtk_list_item_get_item (item));
  GtkWidget *label = gtk_list_item_get_child (item);
  g_autofree char *text = describe (facts, GPOINTER_TO_UINT (column));

  gtk_label_set_label (GTK_LABEL (label), text);
  gtk_widget_set_tooltip_text (label, GPOINTER_TO_UINT (column) == CLOSED ? text : NULL);
  if (facts->state == OBA_MONTH_OPEN)
    gtk_widget_add_css_class (label, "dim-label");
  else
    gtk_widget_remove_css_class (label, "dim-label");
}

static const char *
title_of (guint column)
{
  switch (column)
    {
    case NAME:
      return _("Month");
    case STATE:
      return _("State");
    case CLOSED:
      return _("Closed by");
    default:
      return oba_month_text_figure_name (column - FIRST_FIGURE);
    }
}

static GtkColumnViewColumn *
column_new (guint column)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkColumnViewColumn *new;

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), GUINT_TO_POINTER (column));
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), GUINT_TO_POINTER (column));
  new = gtk_column_view_column_new (title_of (column), factory);
  gtk_column_view_column_set_resizable (new, TRUE);
  gtk_column_view_column_set_expand (new, column == CLOSED);
  return new;
}

static void
selected_cb (ObaMonthsView *self)
{
  if (!self->filling)
    g_signal_emit (self, signals[SELECTED], 0);
}

static void
activated_cb (ObaMonthsView *self)
{
  g_signal_emit (self, signals[ACTIVATED], 0);
}

static void
oba_months_view_dispose (GObject *object)
{
  ObaMonthsView *self = OBA_MONTHS_VIEW (object);

  self->filling = TRUE;
  g_clear_object (&self->months);

  G_OBJECT_CLASS (oba_months_view_parent_class)->dispose (object);
}

static void
oba_months_view_class_init (ObaMonthsViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = oba_months_view_dispose;

  signals[SELECTED] = g_signal_new ("selected", OBA_TYPE_MONTHS_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[ACTIVATED] = g_signal_new ("activated", OBA_TYPE_MONTHS_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
oba_months_view_init (ObaMonthsView *self)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *view;

  self->months = g_list_store_new (OBA_TYPE_MONTH);
  self->selection = gtk_single_selection_new (G_LIST_MODEL (g_object_ref (self->months)));
  g_signal_connect_object (self->selection, "notify::selected-item", G_CALLBACK (selected_cb), self, G_CONNECT_SWAPPED);
  view = gtk_column_view_new (GTK_SELECTION_MODEL (self->selection));
  gtk_widget_add_css_class (view, "data-table");
  gtk_accessible_update_property (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Months"), -1);
  g_signal_connect_swapped (view, "activate", G_CALLBACK (activated_cb), self);
  for (guint i = 0; i < N_COLUMNS; i++)
    {
      g_autoptr (GtkColumnViewColumn) column = column_new (i);

      gtk_column_view_append_column (GTK_COLUMN_VIEW (view), column);
      if (is_number (i))
        oba_column_title_align (GTK_COLUMN_VIEW (view));
    }
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), view);
  adw_bin_set_child (ADW_BIN (self), scrolled);
}

GtkWidget *
oba_months_view_new (void)
{
  return g_object_new (OBA_TYPE_MONTHS_VIEW, NULL);
}

void
oba_months_view_set_months (ObaMonthsView *self, GPtrArray *months)
{
  ObaMonth *selected = oba_months_view_get_selected (self);
  GDate month = { 0 };

  g_return_if_fail (OBA_IS_MONTHS_VIEW (self));

  if (selected != NULL)
    month = oba_month_get (selected)->month;
  self->filling = TRUE;
  g_list_store_splice (self->months, 0, g_list_model_get_n_items (G_LIST_MODEL (self->months)), months->pdata, months->len);
  self->filling = FALSE;
  if (g_date_valid (&month))
    oba_months_view_select (self, &month);
  selected_cb (self);
}

void
oba_months_view_select (ObaMonthsView *self, const GDate *month)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->months)); i++)
    {
      g_autoptr (ObaMonth) item = g_list_model_get_item (G_LIST_MODEL (self->months), i);

      if (g_date_compare (&oba_month_get (item)->month, month) == 0)
        gtk_single_selection_set_selected (self->selection, i);
    }
}

ObaMonth *
oba_months_view_get_selected (ObaMonthsView *self)
{
  g_return_val_if_fail (OBA_IS_MONTHS_VIEW (self), NULL);

  return gtk_single_selection_get_selected_item (self->selection);
}
