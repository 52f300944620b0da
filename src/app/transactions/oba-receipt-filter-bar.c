#include "oba-receipt-filter-bar.h"

#include "customers/oba-customer-choices.h"
#include "db/oba-db-sql.h"
#include "oba-receipt-filter-panel.h"
#include "widgets/oba-chip-bar.h"

struct _ObaReceiptFilterBar
{
  AdwBin                 parent_instance;

  ObaDbPool             *pool;
  ObaReceiptFilter      *filter;
  ObaReceiptNames       *names;
  GPtrArray             *parts;         /* of ObaReceiptFilterPart: those of the chips */
  GCancellable          *reading_names;
  GCancellable          *reading_called;   /* what customers and products of conditions are called */
  gboolean               persons;          /* may it be said who a customer is? */

  ObaChipBar            *chips;
  ObaReceiptFilterPanel *panel;         /* in the popover of the button */
};

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaReceiptFilterBar, oba_receipt_filter_bar, ADW_TYPE_BIN)

static void
show_chips (ObaReceiptFilterBar *self)
{
  g_autoptr (GPtrArray) texts = g_ptr_array_new ();

  g_clear_pointer (&self->parts, g_ptr_array_unref);
  self->parts = oba_receipt_text_list (self->filter, self->names);
  for (guint i = 0; i < self->parts->len; i++)
    g_ptr_array_add (texts, ((ObaReceiptFilterPart *) self->parts->pdata[i])->text);
  oba_chip_bar_set_texts (self->chips, texts);
  gtk_widget_set_visible (GTK_WIDGET (self), self->parts->len > 0);
}

/* ---- what numbers are called */

typedef struct
{
  ObaReceiptFilterBar   *bar;           /* not touched when it is gone: the reading is cancelled then */
  ObaReceiptFilterField  field;
} Called;

static void
called_cb (GObject      *pool,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autofree Called *called = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (OBA_DB_POOL (pool), result, &error);

  /* Without them conditions have numbers for names. */
  if (rows == NULL)
    return;
  for (guint i = 0; i < oba_db_result_get_n_rows (rows); i++)
    if (*oba_db_result_get_text (rows, i, 1) != '\0')
      oba_receipt_names_put (called->bar->names, called->field, oba_db_result_get_int64 (rows, i, 0), oba_db_result_get_text (rows, i, 1));
  show_chips (called->bar);
}

static void
read_called (ObaReceiptFilterBar   *self,
             ObaReceiptFilterField  field,
             const char            *sql)
{
  GArray *numbers = oba_filter_get_numbers (self->filter, field);
  g_autoptr (ObaDbParams) params = oba_db_params_new ();
  gboolean all = TRUE;
  Called *called;

  for (guint i = 0; i < numbers->len; i++)
    all = all && oba_receipt_names_get (self->names, field, g_array_index (numbers, gint64, i)) != NULL;
  if (all)
    return;
  oba_db_params_add_int64_array (params, (const gint64 *) numbers->data, numbers->len);
  called = g_new0 (Called, 1);
  called->bar = self;
  called->field = field;
  oba_db_pool_read_async (self->pool, oba_db_sql (sql), params, self->reading_called, called_cb, called);
}

static void
take_filter (ObaReceiptFilterBar    *self,
             const ObaReceiptFilter *filter)
{
  ObaReceiptFilter *own = oba_filter_copy (filter);

  oba_filter_clear (own, OBA_RECEIPT_FILTER_TEXT);
  oba_filter_free (self->filter);
  self->filter = own;
  show_chips (self);
  if (self->pool == NULL)
    return;
  read_called (self, OBA_RECEIPT_FILTER_PRODUCTS, "sales/filter-products.sql");
  if (self->persons)
    read_called (self, OBA_RECEIPT_FILTER_CUSTOMERS, "sales/filter-customers.sql");
}

static void
panel_changed_cb (ObaReceiptFilterBar *self)
{
  take_filter (self, oba_receipt_filter_panel_get_filter (self->panel));
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
removed_cb (ObaReceiptFilterBar *self,
            guint                place)
{
  g_autoptr (ObaFilter) filter = oba_filter_copy (self->filter);

  oba_receipt_part_remove (self->parts->pdata[place], filter);
  oba_receipt_filter_bar_set_filter (self, filter);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
cleared_cb (ObaReceiptFilterBar *self)
{
  g_autoptr (ObaFilter) everything = oba_receipt_filter_new ();

  oba_receipt_filter_bar_set_filter (self, everything);
  g_signal_emit (self, signals[CHANGED], 0);
}

void
oba_receipt_filter_bar_set_filter (ObaReceiptFilterBar    *self,
                                   const ObaReceiptFilter *filter)
{
  oba_receipt_filter_panel_set_filter (self->panel, filter);
  take_filter (self, filter);
}

const ObaReceiptFilter *
oba_receipt_filter_bar_get_filter (ObaReceiptFilterBar *self)
{
  return self->filter;
}

ObaReceiptNames *
oba_receipt_filter_bar_get_names (ObaReceiptFilterBar *self)
{
  return self->names;
}

/* ---- names */

static void
names_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  ObaReceiptFilterBar *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaCustomerChoices) choices = oba_customer_choices_read_finish (result, &error);
  GPtrArray *stores;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->reading_names);
  /* Without them conditions have numbers for names. */
  if (choices == NULL)
    return;
  stores = oba_customer_choices_list (choices, OBA_CUSTOMER_FILTER_STORES);
  for (guint i = 0; i < stores->len; i++)
    {
      const ObaCustomerChoice *store = stores->pdata[i];

      oba_receipt_names_put (self->names, OBA_RECEIPT_FILTER_STORES, store->id, store->name);
    }
  show_chips (self);
}

void
oba_receipt_filter_bar_read_names (ObaReceiptFilterBar *self)
{
  if (self->reading_names != NULL)
    return;
  self->reading_names = g_cancellable_new ();
  oba_customer_choices_read_async (self->pool, self->reading_names, names_cb, self);
}

/* ---- the object */

void
oba_receipt_filter_bar_set_up (ObaReceiptFilterBar *self,
                               ObaDbPool           *pool,
                               gboolean             persons,
                               GtkMenuButton       *button)
{
  GtkWidget *panel = oba_receipt_filter_panel_new (pool, self->names, persons);
  GtkWidget *popover = gtk_popover_new ();

  self->pool = g_object_ref (pool);
  self->persons = persons;
  gtk_widget_set_margin_top (panel, 6);
  gtk_widget_set_margin_bottom (panel, 6);
  gtk_widget_set_margin_start (panel, 6);
  gtk_widget_set_margin_end (panel, 6);
  self->panel = g_object_ref_sink (OBA_RECEIPT_FILTER_PANEL (panel));
  g_signal_connect_object (panel, "changed", G_CALLBACK (panel_changed_cb), self, G_CONNECT_SWAPPED);
  gtk_popover_set_child (GTK_POPOVER (popover), panel);
  gtk_menu_button_set_popover (button, popover);
}

static void
oba_receipt_filter_bar_dispose (GObject *object)
{
  ObaReceiptFilterBar *self = OBA_RECEIPT_FILTER_BAR (object);

  g_cancellable_cancel (self->reading_names);
  g_clear_object (&self->reading_names);
  g_cancellable_cancel (self->reading_called);
  g_clear_object (&self->reading_called);
  g_clear_object (&self->panel);
  g_clear_object (&self->pool);

  G_OBJECT_CLASS (oba_receipt_filter_bar_parent_class)->dispose (object);
}

static void
oba_receipt_filter_bar_finalize (GObject *object)
{
  ObaReceiptFilterBar *self = OBA_RECEIPT_FILTER_BAR (object);

  oba_filter_free (self->filter);
  oba_receipt_names_unref (self->names);
  g_clear_pointer (&self->parts, g_ptr_array_unref);

  G_OBJECT_CLASS (oba_receipt_filter_bar_parent_class)->finalize (object);
}

static void
oba_receipt_filter_bar_class_init (ObaReceiptFilterBarClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = oba_receipt_filter_bar_dispose;
  G_OBJECT_CLASS (klass)->finalize = oba_receipt_filter_bar_finalize;

  signals[CHANGED] = g_signal_new ("changed", OBA_TYPE_RECEIPT_FILTER_BAR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
oba_receipt_filter_bar_init (ObaReceiptFilterBar *self)
{
  self->filter = oba_receipt_filter_new ();
  self->names = oba_receipt_names_new ();
  self->reading_called = g_cancellable_new ();
  self->chips = OBA_CHIP_BAR (oba_chip_bar_new ());
  g_signal_connect_object (self->chips, "removed", G_CALLBACK (removed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->chips, "cleared", G_CALLBACK (cleared_cb), self, G_CONNECT_SWAPPED);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->chips));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}
