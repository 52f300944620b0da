#include "oba-campaign-table.h"

#include <glib/gi18n-lib.h>

#include "widgets/oba-column-title.h"
#include "widgets/oba-problem-box.h"

struct _ObaCampaignTable
{
  AdwBin                   parent_instance;

  const ObaCampaignColumn *columns;
  ObaCampaignText          text;
  gpointer                 user_data;
  GListStore              *rows;       /* of GObject with a JsonObject */
  GtkStack                *stack;
  GtkColumnView           *view;
  GtkSingleSelection      *selection;
  ObaProblemBox           *problem;
  AdwStatusPage           *failed_page;
};

enum { ACTIVATED, RETRY, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaCampaignTable, oba_campaign_table, ADW_TYPE_BIN)

#define ROW "oba-row"

JsonObject *
oba_campaign_table_get_row (ObaCampaignTable *self, guint place)
{
  g_autoptr (GObject) item = g_list_model_get_item (G_LIST_MODEL (self->rows), place);

  return item != NULL ? g_object_get_data (item, ROW) : NULL;
}

static const ObaCampaignColumn *
find_column (ObaCampaignTable *self, const char *id)
{
  const ObaCampaignColumn *column = self->columns;

  while (column->id != NULL && !g_str_equal (column->id, id))
    column++;
  return column;
}

static void
setup_cb (ObaCampaignTable *self, GtkListItem *item, GtkSignalListItemFactory *factory)
{
  const ObaCampaignColumn *column = find_column (self, g_object_get_data (G_OBJECT (factory), "oba-column"));
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), column->number ? 1 : 0);
  /* Numbers and moments are whole or of no use; words can be cut. */
  if (column->expand)
    {
      gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
      gtk_label_set_width_chars (GTK_LABEL (label), 16);
    }
  if (column->number)
    gtk_widget_add_css_class (label, "numeric");
  gtk_list_item_set_child (item, label);
}

static void
bind_cb (ObaCampaignTable *self, GtkListItem *item, GtkSignalListItemFactory *factory)
{
  const char *id = g_object_get_data (G_OBJECT (factory), "oba-column");
  JsonObject *row = g_object_get_data (gtk_list_item_get_item (item), ROW);
  GtkWidget *label = gtk_list_item_get_child (item);
  g_autofree char *text = self->text (row, id, self->user_data);

  gtk_label_set_label (GTK_LABEL (label), text != NULL ? text : "");
  gtk_widget_set_tooltip_text (label, find_column (self, id)->expand ? text : NULL);
}

static void
activated_cb (ObaCampaignTable *self, guint place)
{
  g_signal_emit (self, signals[ACTIVATED], 0, place);
}

static void
retry_cb (ObaCampaignTable *self)
{
  g_signal_emit (self, signals[RETRY], 0);
}

void
oba_campaign_table_set_rows (ObaCampaignTable *self, JsonArray *rows)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  guint chosen = gtk_single_selection_get_selected (self->selection), n = g_list_model_get_n_items (G_LIST_MODEL (self->rows));

  for (guint i = 0; i < json_array_get_length (rows); i++)
    {
      GObject *item = g_object_new (G_TYPE_OBJECT, NULL);

      g_object_set_data_full (item, ROW, json_object_ref (json_array_get_object_element (rows, i)), (GDestroyNotify) json_object_unref);
      g_ptr_array_add (items, item);
    }
  g_list_store_splice (self->rows, 0, n, items->pdata, items->len);
  if (chosen < items->len)
    gtk_single_selection_set_selected (self->selection, chosen);
  oba_problem_box_set_text (self->problem, NULL);
  gtk_stack_set_visible_child_name (self->stack, items->len > 0 ? "list" : "empty");
}

void
oba_campaign_table_set_error (ObaCampaignTable *self, const char *sentence)
{
  g_autofree char *escaped = sentence != NULL ? g_markup_escape_text (sentence, -1) : NULL;
  gboolean read = g_list_model_get_n_items (G_LIST_MODEL (self->rows)) > 0;

  oba_problem_box_set_text (self->problem, read ? sentence : NULL);
  adw_status_page_set_description (self->failed_page, escaped);
  if (sentence != NULL && !read)
    gtk_stack_set_visible_child_name (self->stack, "failed");
}

guint
oba_campaign_table_get_n_rows (ObaCampaignTable *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->rows));
}

char *
oba_campaign_table_get_cell (ObaCampaignTable *self, guint place, const char *column)
{
  JsonObject *row = oba_campaign_table_get_row (self, place);

  return row != NULL ? self->text (row, column, self->user_data) : NULL;
}

const char *
oba_campaign_table_get_shown (ObaCampaignTable *self)
{
  return gtk_stack_get_visible_child_name (self->stack);
}

static void
oba_campaign_table_finalize (GObject *object)
{
  g_clear_object (&OBA_CAMPAIGN_TABLE (object)->rows);

  G_OBJECT_CLASS (oba_campaign_table_parent_class)->finalize (object);
}

static void
oba_campaign_table_class_init (ObaCampaignTableClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = oba_campaign_table_finalize;

  signals[ACTIVATED] = g_signal_new ("activated", OBA_TYPE_CAMPAIGN_TABLE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[RETRY] = g_signal_new ("retry", OBA_TYPE_CAMPAIGN_TABLE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
oba_campaign_table_init (ObaCampaignTable *self)
{
  self->rows = g_list_store_new (G_TYPE_OBJECT);
}

static GtkWidget *
view_new (ObaCampaignTable *self, const char *name)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  self->selection = gtk_single_selection_new (G_LIST_MODEL (g_object_ref (self->rows)));
  self->view = GTK_COLUMN_VIEW (gtk_column_view_new (GTK_SELECTION_MODEL (self->selection)));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_widget_add_css_class (GTK_WIDGET (self->view), "data-table");
  for (const ObaCampaignColumn *column = self->columns; column->id != NULL; column++)
    {
      GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
      g_autoptr (GtkColumnViewColumn) shown = NULL;

      g_object_set_data (G_OBJECT (factory), "oba-column", (gpointer) column->id);
      g_signal_connect_object (factory, "setup", G_CALLBACK (setup_cb), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (factory, "bind", G_CALLBACK (bind_cb), self, G_CONNECT_SWAPPED);
      shown = gtk_column_view_column_new (_(column->title), factory);
      gtk_column_view_column_set_expand (shown, column->expand);
      gtk_column_view_append_column (self->view, shown);
      if (column->number)
        oba_column_title_align (self->view);
    }
  g_signal_connect_object (self->view, "activate", G_CALLBACK (activated_cb), self, G_CONNECT_SWAPPED);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (self->view));
  gtk_widget_set_vexpand (scrolled, TRUE);
  return scrolled;
}

GtkWidget *
oba_campaign_table_new (const char *name, const ObaCampaignColumn *columns, ObaCampaignText text, gpointer user_data, const char *icon, const char *empty_title, const char *empty_text)
{
  ObaCampaignTable *self = g_object_new (OBA_TYPE_CAMPAIGN_TABLE, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *spinner = gtk_spinner_new (), *retry = gtk_button_new_with_mnemonic (_("_Try Again"));

  self->columns = columns;
  self->text = text;
  self->user_data = user_data;
  self->problem = g_object_new (OBA_TYPE_PROBLEM_BOX, "margin-start", 12, "margin-end", 12, "margin-bottom", 9, NULL);
  self->stack = GTK_STACK (gtk_stack_new ());
  gtk_spinner_start (GTK_SPINNER (spinner));
  gtk_widget_set_halign (spinner, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (spinner), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Loading"), -1);
  self->failed_page = g_object_new (ADW_TYPE_STATUS_PAGE, "icon-name", "dialog-warning-symbolic", "title", _("The List Could Not Be Read"), NULL);
  gtk_widget_set_halign (retry, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (retry, "pill");
  g_signal_connect_object (retry, "clicked", G_CALLBACK (retry_cb), self, G_CONNECT_SWAPPED);
  adw_status_page_set_child (self->failed_page, retry);
  gtk_stack_add_named (self->stack, spinner, "loading");
  gtk_stack_add_named (self->stack, view_new (self, name), "list");
  gtk_stack_add_named (self->stack, g_object_new (ADW_TYPE_STATUS_PAGE, "icon-name", icon, "title", empty_title, "description", empty_text, NULL), "empty");
  gtk_stack_add_named (self->stack, GTK_WIDGET (self->failed_page), "failed");
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->problem));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->stack));
  adw_bin_set_child (ADW_BIN (self), box);
  return GTK_WIDGET (self);
}
