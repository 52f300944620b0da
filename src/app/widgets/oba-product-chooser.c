#include "oba-product-chooser.h"

#include <glib/gi18n-lib.h>

#include "base/oba-money.h"
#include "db/oba-db-error.h"

#define MAX_FOUND 8

struct _ObaProductChooser
{
  AdwBin          parent_instance;

  ObaDbPool      *pool;
  GCancellable   *searching;
  GPtrArray      *found;         /* of ObaProduct; (nullable) */
  gboolean        choosing;      /* the one that was meant is taken when it is found */

  GtkSearchEntry *entry;
  GtkListBox     *list;
  GtkLabel       *message;
};

enum { CHOSEN, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaProductChooser, oba_product_chooser, ADW_TYPE_BIN)

static void
clear (ObaProductChooser *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, child);
  g_clear_pointer (&self->found, g_ptr_array_unref);
  gtk_widget_set_visible (GTK_WIDGET (self->list), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->message), FALSE);
}

static void
show_message (ObaProductChooser *self, const char *text)
{
  gtk_label_set_label (self->message, text);
  gtk_widget_set_visible (GTK_WIDGET (self->message), TRUE);
}

static void
choose (ObaProductChooser *self, guint place)
{
  g_autoptr (GPtrArray) found = g_steal_pointer (&self->found);

  /* First, so that who hears of it may search anew. */
  gtk_editable_set_text (GTK_EDITABLE (self->entry), "");
  clear (self);
  g_signal_emit (self, signals[CHOSEN], 0, found->pdata[place]);
}

static void
activated_cb (ObaProductChooser *self, GtkListBoxRow *row)
{
  choose (self, (guint) gtk_list_box_row_get_index (row));
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
}

static GtkWidget *
row_new (const ObaProduct *product)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *price = product->price >= 0 ? oba_money_format (product->price) : NULL;
  g_autoptr (GString) subtitle = g_string_new (product->code);

  if (*product->barcode != '\0')
    g_string_append_printf (subtitle, " · %s", product->barcode);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), product->name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle->str);
  if (price != NULL)
    adw_action_row_add_suffix (ADW_ACTION_ROW (row), gtk_label_new (price));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  return row;
}

static gboolean
is_exact (ObaProductChooser *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->entry));
  const ObaProduct *first = self->found->pdata[0];

  return g_str_equal (first->code, text) || g_str_equal (first->barcode, text);
}

static void
listed_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaProductChooser) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) found = oba_products_list_finish (result, &error);

  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return;
  g_clear_object (&self->searching);
  clear (self);
  if (found == NULL)
    {
      g_autofree char *sentence = oba_db_error_describe (error);

      show_message (self, sentence);
      return;
    }
  self->found = g_steal_pointer (&found);
  for (guint i = 0; i < self->found->len; i++)
    gtk_list_box_append (self->list, row_new (self->found->pdata[i]));
  gtk_widget_set_visible (GTK_WIDGET (self->list), self->found->len > 0);
  if (self->found->len == 0)
    show_message (self, _("No article has this name, number or barcode."));
  else if (self->choosing && (is_exact (self) || self->found->len == 1))
    choose (self, 0);
  self->choosing = FALSE;
}

static void
stop (ObaProductChooser *self)
{
  g_cancellable_cancel (self->searching);
  g_clear_object (&self->searching);
}

static void
search_changed_cb (ObaProductChooser *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->entry));

  stop (self);
  if (*text == '\0')
    {
      clear (self);
      return;
    }
  self->searching = g_cancellable_new ();
  oba_products_list_async (self->pool, text, MAX_FOUND, self->searching, listed_cb, g_object_ref (self));
}

static void
activate_cb (ObaProductChooser *self)
{
  if (self->searching == NULL && self->found != NULL && self->found->len > 0)
    choose (self, 0);
  else
    oba_product_chooser_search (self, gtk_editable_get_text (GTK_EDITABLE (self->entry)), TRUE);
}

static gboolean
key_cb (GtkEventControllerKey *controller, guint keyval, guint keycode, GdkModifierType state, ObaProductChooser *self)
{
  if (keyval != GDK_KEY_Down && keyval != GDK_KEY_KP_Down)
    return GDK_EVENT_PROPAGATE;
  gtk_widget_child_focus (GTK_WIDGET (self->list), GTK_DIR_TAB_FORWARD);
  return GDK_EVENT_STOP;
}

/* Escape empties the field first, then it leaves, as from any other. */
static void
stop_search_cb (ObaProductChooser *self)
{
  GtkWidget *popover = gtk_widget_get_ancestor (GTK_WIDGET (self), GTK_TYPE_POPOVER);

  if (*gtk_editable_get_text (GTK_EDITABLE (self->entry)) != '\0')
    gtk_editable_set_text (GTK_EDITABLE (self->entry), "");
  else if (popover != NULL)
    gtk_popover_popdown (GTK_POPOVER (popover));
  else
    gtk_widget_activate_action (GTK_WIDGET (self), "window.close", NULL);
}

static gboolean
oba_product_chooser_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (OBA_PRODUCT_CHOOSER (widget)->entry));
}

static void
oba_product_chooser_dispose (GObject *object)
{
  ObaProductChooser *self = OBA_PRODUCT_CHOOSER (object);

  stop (self);
  g_clear_object (&self->pool);
  g_clear_pointer (&self->found, g_ptr_array_unref);

  G_OBJECT_CLASS (oba_product_chooser_parent_class)->dispose (object);
}

static void
oba_product_chooser_class_init (ObaProductChooserClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = oba_product_chooser_dispose;
  GTK_WIDGET_CLASS (klass)->grab_focus = oba_product_chooser_grab_focus;

  signals[CHOSEN] = g_signal_new ("chosen", OBA_TYPE_PRODUCT_CHOOSER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
oba_product_chooser_init (ObaProductChooser *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkEventController *keys = gtk_event_controller_key_new ();
  const char *title = _("Add an article: name, number or barcode");

  self->entry = GTK_SEARCH_ENTRY (gtk_search_entry_new ());
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  self->message = GTK_LABEL (gtk_label_new (NULL));
  g_object_set (self->entry, "placeholder-text", title, NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Articles that were found"), -1);
  gtk_label_set_wrap (self->message, TRUE);
  gtk_label_set_xalign (self->message, 0);
  gtk_widget_add_css_class (GTK_WIDGET (self->message), "dim-label");
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  g_signal_connect_object (self->list, "row-activated", G_CALLBACK (activated_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->entry, "search-changed", G_CALLBACK (search_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->entry, "activate", G_CALLBACK (activate_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->entry, "stop-search", G_CALLBACK (stop_search_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (key_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self->entry), keys);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->entry));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->message));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->list));
  adw_bin_set_child (ADW_BIN (self), box);
  clear (self);
}

GtkWidget *
oba_product_chooser_new (ObaDbPool *pool)
{
  ObaProductChooser *self = g_object_new (OBA_TYPE_PRODUCT_CHOOSER, NULL);

  self->pool = g_object_ref (pool);
  return GTK_WIDGET (self);
}

void
oba_product_chooser_search (ObaProductChooser *self, const char *text, gboolean only)
{
  g_autofree char *own = g_strdup (text);

  self->choosing = only;
  gtk_editable_set_text (GTK_EDITABLE (self->entry), own);
  search_changed_cb (self);
}

gboolean
oba_product_chooser_is_searching (ObaProductChooser *self)
{
  return self->searching != NULL;
}
