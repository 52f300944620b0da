#include "oba-customer-finder.h"

#include <glib/gi18n-lib.h>

#include "customers/oba-customers.h"

struct _ObaCustomerFinder
{
  GtkWidget       parent_instance;

  ObaDbPool      *pool;
  guint           limit;
  GCancellable   *searching;
  GtkSearchEntry *entry;
};

enum { FOUND, FAILED, ACTIVATE, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaCustomerFinder, oba_customer_finder, GTK_TYPE_WIDGET)

static void
found_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaCustomerFinder) self = user_data;
  g_autoptr (GError) error = NULL;
  g_auto (ObaCustomersFound) found = { NULL };
  gboolean fine = oba_customers_search_finish (result, &found, &error);

  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return;
  g_clear_object (&self->searching);
  if (fine)
    g_signal_emit (self, signals[FOUND], 0, found.ids);
  else
    g_signal_emit (self, signals[FAILED], 0, error);
}

static void
stop (ObaCustomerFinder *self)
{
  g_cancellable_cancel (self->searching);
  g_clear_object (&self->searching);
}

static void
search_changed_cb (ObaCustomerFinder *self)
{
  g_autoptr (ObaCustomerQuery) query = oba_customer_query_new_text (gtk_editable_get_text (GTK_EDITABLE (self->entry)), OBA_CUSTOMER_SORT_RELEVANCE, FALSE);

  stop (self);
  if (oba_customer_query_is_nobody (query) || !oba_customer_query_is_ranked (query))
    {
      g_signal_emit (self, signals[FOUND], 0, NULL);
      return;
    }
  self->searching = g_cancellable_new ();
  oba_customers_search_async (self->pool, query, self->limit, self->searching, found_cb, g_object_ref (self));
}

static void
activate_cb (ObaCustomerFinder *self)
{
  g_signal_emit (self, signals[ACTIVATE], 0);
}

static gboolean
oba_customer_finder_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (OBA_CUSTOMER_FINDER (widget)->entry));
}

static void
oba_customer_finder_dispose (GObject *object)
{
  ObaCustomerFinder *self = OBA_CUSTOMER_FINDER (object);

  stop (self);
  if (self->entry != NULL)
    gtk_widget_unparent (GTK_WIDGET (g_steal_pointer (&self->entry)));
  g_clear_object (&self->pool);

  G_OBJECT_CLASS (oba_customer_finder_parent_class)->dispose (object);
}

static void
oba_customer_finder_class_init (ObaCustomerFinderClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = oba_customer_finder_dispose;
  GTK_WIDGET_CLASS (klass)->grab_focus = oba_customer_finder_grab_focus;

  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  signals[FOUND] = g_signal_new ("found", OBA_TYPE_CUSTOMER_FINDER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ARRAY);
  signals[FAILED] = g_signal_new ("failed", OBA_TYPE_CUSTOMER_FINDER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
  signals[ACTIVATE] = g_signal_new ("activate", OBA_TYPE_CUSTOMER_FINDER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
oba_customer_finder_init (ObaCustomerFinder *self)
{
  self->entry = GTK_SEARCH_ENTRY (gtk_search_entry_new ());
  gtk_widget_set_parent (GTK_WIDGET (self->entry), GTK_WIDGET (self));
  g_signal_connect_object (self->entry, "search-changed", G_CALLBACK (search_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->entry, "activate", G_CALLBACK (activate_cb), self, G_CONNECT_SWAPPED);
}

/* Escape leaves, as from any other field of the window. */
static void
stop_search_cb (ObaCustomerFinder *self)
{
  GtkWidget *popover = gtk_widget_get_ancestor (GTK_WIDGET (self), GTK_TYPE_POPOVER);

  if (popover != NULL)
    gtk_popover_popdown (GTK_POPOVER (popover));
  else
    gtk_widget_activate_action (GTK_WIDGET (self), "window.close", NULL);
}

GtkWidget *
oba_customer_finder_new (ObaDbPool *pool, const char *title, guint limit)
{
  ObaCustomerFinder *self = g_object_new (OBA_TYPE_CUSTOMER_FINDER, NULL);

  self->pool = g_object_ref (pool);
  self->limit = limit;
  g_object_set (self->entry, "placeholder-text", title, NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  g_signal_connect_object (self->entry, "stop-search", G_CALLBACK (stop_search_cb), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}

void
oba_customer_finder_search (ObaCustomerFinder *self, const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (self->entry), text);
  search_changed_cb (self);
}

const char *
oba_customer_finder_get_text (ObaCustomerFinder *self)
{
  return gtk_editable_get_text (GTK_EDITABLE (self->entry));
}

gboolean
oba_customer_finder_is_searching (ObaCustomerFinder *self)
{
  return self->searching != NULL;
}
