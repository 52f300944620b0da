#include "oba-customer-chooser.h"

#include <glib/gi18n-lib.h>

#include "base/oba-money.h"
#include "customers/oba-customers.h"
#include "db/oba-db-error.h"
#include "oba-customer-finder.h"

#define MAX_FOUND 8

struct _ObaCustomerChooser
{
  AdwBin             parent_instance;

  ObaDbPool         *pool;
  gint64             customer_id;
  GArray            *order;         /* of ids, as they were found */
  GPtrArray         *found;         /* of ObaCustomer, in that order */
  GCancellable      *reading;
  gboolean           choosing;      /* the only one is taken */

  GtkStack          *stack;
  ObaCustomerFinder *finder;
  GtkListBox        *list;
  GtkLabel          *message;
  GtkLabel          *name;
};

enum { PROP_CUSTOMER_ID = 1, N_PROPS };
static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (ObaCustomerChooser, oba_customer_chooser, ADW_TYPE_BIN)

static void
clear_list (ObaCustomerChooser *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, child);
}

static void
show_message (ObaCustomerChooser *self, const char *text)
{
  gtk_label_set_label (self->message, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->message), text != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->list), text == NULL);
}

static void
choose (ObaCustomerChooser *self, ObaCustomer *customer)
{
  oba_customer_chooser_set_customer (self, oba_customer_get_id (customer), oba_customer_get_name (customer));
}

static GtkWidget *
row_new (ObaCustomer *customer)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, oba_customer_get_id (customer));
  g_autoptr (GString) subtitle = g_string_new (number);
  const char *const facts[] = { oba_customer_get_phone (customer), oba_customer_get_city (customer), oba_customer_get_tier (customer) };

  for (guint i = 0; i < G_N_ELEMENTS (facts); i++)
    if (*facts[i] != '\0')
      g_string_append_printf (subtitle, " · %s", facts[i]);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), oba_customer_get_name (customer));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle->str);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  return row;
}

static void
activated_cb (ObaCustomerChooser *self, GtkListBoxRow *row)
{
  choose (self, self->found->pdata[gtk_list_box_row_get_index (row)]);
}

/* ---- searching */

/* In the order in which they were found; who cannot get a receipt any more is left out. */
static void
take_found (ObaCustomerChooser *self, GPtrArray *customers)
{
  g_ptr_array_set_size (self->found, 0);
  clear_list (self);
  for (guint i = 0; i < self->order->len; i++)
    for (guint k = 0; k < customers->len; k++)
      {
        ObaCustomer *customer = customers->pdata[k];

        if (oba_customer_get_id (customer) != g_array_index (self->order, gint64, i) || oba_customer_get_status (customer) == OBA_CUSTOMER_ERASED
            || oba_customer_get_status (customer) == OBA_CUSTOMER_MERGED)
          continue;
        g_ptr_array_add (self->found, g_object_ref (customer));
        gtk_list_box_append (self->list, row_new (customer));
      }
  show_message (self, self->found->len > 0 ? NULL : _("Nobody is found. Try another spelling, a part of the phone number, or the number of a card."));
  if (self->choosing && self->found->len == 1)
    choose (self, self->found->pdata[0]);
  self->choosing = FALSE;
}

static void
read_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaCustomerChooser) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) customers = oba_customers_read_finish (result, &error);

  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return;
  g_clear_object (&self->reading);
  if (customers != NULL)
    take_found (self, customers);
  else
    {
      g_autofree char *sentence = oba_db_error_describe (error);

      show_message (self, sentence);
    }
}

static void
found_cb (ObaCustomerChooser *self, GArray *ids)
{
  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  clear_list (self);
  g_ptr_array_set_size (self->found, 0);
  if (ids == NULL)
    {
      show_message (self, _("Search for the customer: a name in any spelling, a part of a phone number, or scan the card."));
      return;
    }
  g_array_set_size (self->order, 0);
  g_array_append_vals (self->order, ids->data, ids->len);
  self->reading = g_cancellable_new ();
  oba_customers_read_async (self->pool, self->order, FALSE, self->reading, read_cb, g_object_ref (self));
}

static void
activate_cb (ObaCustomerChooser *self)
{
  if (oba_customer_chooser_is_settled (self) && self->found->len > 0)
    choose (self, self->found->pdata[0]);
}

static void
failed_cb (ObaCustomerChooser *self, GError *error)
{
  g_autofree char *sentence = oba_db_error_describe (error);

  show_message (self, sentence);
}

/* ---- the object */

static void
change_cb (ObaCustomerChooser *self)
{
  oba_customer_chooser_set_customer (self, 0, NULL);
  gtk_widget_grab_focus (GTK_WIDGET (self->finder));
}

static void
oba_customer_chooser_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_CUSTOMER_ID)
    g_value_set_int64 (value, OBA_CUSTOMER_CHOOSER (object)->customer_id);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
oba_customer_chooser_dispose (GObject *object)
{
  ObaCustomerChooser *self = OBA_CUSTOMER_CHOOSER (object);

  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  g_clear_object (&self->pool);

  G_OBJECT_CLASS (oba_customer_chooser_parent_class)->dispose (object);
}

static void
oba_customer_chooser_finalize (GObject *object)
{
  ObaCustomerChooser *self = OBA_CUSTOMER_CHOOSER (object);

  g_array_unref (self->order);
  g_ptr_array_unref (self->found);

  G_OBJECT_CLASS (oba_customer_chooser_parent_class)->finalize (object);
}

static void
oba_customer_chooser_class_init (ObaCustomerChooserClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = oba_customer_chooser_dispose;
  object_class->finalize = oba_customer_chooser_finalize;
  object_class->get_property = oba_customer_chooser_get_property;
  props[PROP_CUSTOMER_ID] = g_param_spec_int64 ("customer-id", NULL, NULL, 0, G_MAXINT64, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
oba_customer_chooser_init (ObaCustomerChooser *self)
{
  self->order = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->found = g_ptr_array_new_with_free_func (g_object_unref);
}

static GtkWidget *
make_search (ObaCustomerChooser *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);

  self->finder = OBA_CUSTOMER_FINDER (oba_customer_finder_new (self->pool, _("Search for the customer"), MAX_FOUND));
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  self->message = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_wrap (self->message, TRUE);
  gtk_label_set_xalign (self->message, 0);
  gtk_widget_add_css_class (GTK_WIDGET (self->message), "dim-label");
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Customers that were found"), -1);
  g_signal_connect_object (self->list, "row-activated", G_CALLBACK (activated_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->finder, "found", G_CALLBACK (found_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->finder, "activate", G_CALLBACK (activate_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->finder, "failed", G_CALLBACK (failed_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->finder));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->message));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->list));
  return box;
}

static GtkWidget *
make_chosen (ObaCustomerChooser *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *change = gtk_button_new_with_mnemonic (_("Choose A_nother"));

  self->name = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_wrap (self->name, TRUE);
  gtk_label_set_xalign (self->name, 0);
  gtk_widget_set_hexpand (GTK_WIDGET (self->name), TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->name), "heading");
  gtk_widget_set_valign (change, GTK_ALIGN_CENTER);
  g_signal_connect_object (change, "clicked", G_CALLBACK (change_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->name));
  gtk_box_append (GTK_BOX (box), change);
  return box;
}

GtkWidget *
oba_customer_chooser_new (ObaDbPool *pool)
{
  ObaCustomerChooser *self = g_object_new (OBA_TYPE_CUSTOMER_CHOOSER, NULL);

  self->pool = g_object_ref (pool);
  self->stack = GTK_STACK (gtk_stack_new ());
  gtk_stack_set_vhomogeneous (self->stack, FALSE);
  gtk_stack_add_named (self->stack, make_search (self), "search");
  gtk_stack_add_named (self->stack, make_chosen (self), "chosen");
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->stack));
  found_cb (self, NULL);
  return GTK_WIDGET (self);
}

gint64
oba_customer_chooser_get_customer (ObaCustomerChooser *self)
{
  return self->customer_id;
}

void
oba_customer_chooser_set_customer (ObaCustomerChooser *self, gint64 customer_id, const char *name)
{
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, customer_id);
  /* Translators: the name of a customer and their number. */
  g_autofree char *text = customer_id != 0 ? g_strdup_printf (_("%s, customer %s"), name, number) : NULL;

  gtk_label_set_label (self->name, text != NULL ? text : "");
  gtk_stack_set_visible_child_name (self->stack, customer_id != 0 ? "chosen" : "search");
  if (self->customer_id == customer_id)
    return;
  self->customer_id = customer_id;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CUSTOMER_ID]);
}

void
oba_customer_chooser_search (ObaCustomerChooser *self, const char *text, gboolean only)
{
  oba_customer_chooser_set_customer (self, 0, NULL);
  self->choosing = only;
  oba_customer_finder_search (self->finder, text);
}

gboolean
oba_customer_chooser_is_settled (ObaCustomerChooser *self)
{
  return self->reading == NULL && !oba_customer_finder_is_searching (self->finder);
}

gboolean
oba_customer_chooser_is_touched (ObaCustomerChooser *self)
{
  return self->customer_id != 0 || *oba_customer_finder_get_text (self->finder) != '\0';
}
