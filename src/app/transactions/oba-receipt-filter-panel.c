#include "oba-receipt-filter-panel.h"

#include <glib/gi18n-lib.h>

#include "base/oba-money.h"
#include "widgets/oba-customer-chooser.h"
#include "widgets/oba-product-chooser.h"
#include "widgets/oba-store-chooser.h"
#include "widgets/oba-suggestions.h"
#include "widgets/oba-wrap-layout.h"

#define TYPING_MS 350

/* A row with a field of values that are typed and added one by one. */
typedef struct
{
  ObaReceiptFilterField  field;
  GtkEntry              *entry;
  GtkLabel              *error;
  ObaSuggestions        *suggestions;   /* (nullable) */
} Adder;

/* A row with a least and a most. */
typedef struct
{
  ObaReceiptFilterField  field;
  GtkEntry              *from;
  GtkEntry              *to;
  GtkLabel              *error;
} Range;

enum { TILL, CASHIER, CUSTOMER, CARD, N_ADDERS };
enum { TIME, AMOUNT, N_RANGES };

struct _ObaReceiptFilterPanel
{
  AdwBin             parent_instance;

  ObaDbPool         *pool;
  ObaReceiptNames   *names;
  ObaReceiptFilter  *filter;
  gboolean           filling;
  guint              typing_id;

  GtkGrid           *grid;
  int                n_rows;
  Range              ranges[N_RANGES];
  ObaStoreChooser   *store_chooser;
  Adder              adders[N_ADDERS];
  GtkWidget         *kind_box;
  GtkDropDown       *corrected_drop;
  GtkDropDown       *unmatched_drop;
};

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaReceiptFilterPanel, oba_receipt_filter_panel, ADW_TYPE_BIN)

static void
update_tills (ObaReceiptFilterPanel *self)
{
  gboolean stores = oba_filter_has (self->filter, OBA_RECEIPT_FILTER_STORES);

  gtk_widget_set_sensitive (GTK_WIDGET (self->adders[TILL].entry), stores);
  gtk_entry_set_placeholder_text (self->adders[TILL].entry, stores ? _("Number of the till") : _("Choose a store first"));
}

static void
changed (ObaReceiptFilterPanel *self)
{
  update_tills (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
show_problem (GtkLabel   *label,
              const char *problem)
{
  gtk_label_set_label (label, problem != NULL ? problem : "");
  gtk_widget_set_visible (GTK_WIDGET (label), problem != NULL);
}

static void
mark (GtkEntry *entry,
      gboolean  wrong)
{
  if (wrong)
    gtk_widget_add_css_class (GTK_WIDGET (entry), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (entry), "error");
  gtk_accessible_update_state (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_STATE_INVALID,
                               wrong ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
}

/* ---- ranges */

static gboolean
read_end (Range    *range,
          GtkEntry *entry,
          gboolean  last,
          gint64   *end)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (entry))));
  gboolean fine;

  *end = last ? OBA_FILTER_NO_MAX : OBA_FILTER_NO_MIN;
  if (*text == '\0')
    fine = TRUE;
  else if (range->field == OBA_RECEIPT_FILTER_AMOUNT)
    fine = oba_money_parse (text, end, NULL);
  else
    fine = oba_receipt_time_parse (text, last, end);
  mark (entry, !fine);
  return fine;
}

/* What cannot be does not hold. */
static void
read_range (ObaReceiptFilterPanel *self,
            Range                 *range)
{
  gint64 from;
  gint64 to;
  gboolean fine_from = read_end (range, range->from, FALSE, &from);
  gboolean fine = read_end (range, range->to, TRUE, &to) && fine_from;
  const char *problem = NULL;

  oba_filter_clear (self->filter, range->field);
  if (!fine)
    problem = range->field == OBA_RECEIPT_FILTER_AMOUNT ? _("This is no amount. Write it as 100.00.")
                                                        : _("There is no such time. Write it as 31.03.2026 or 31.03.2026 18:30.");
  else if (!oba_filter_set_range (self->filter, range->field, from, to))
    problem = _("The first is after the last.");
  if (problem != NULL && fine)
    {
      mark (range->from, TRUE);
      mark (range->to, TRUE);
    }
  show_problem (range->error, problem);
}

static void
apply_cb (ObaReceiptFilterPanel *self)
{
  g_autoptr (ObaFilter) before = oba_filter_copy (self->filter);

  g_clear_handle_id (&self->typing_id, g_source_remove);
  for (guint i = 0; i < N_RANGES; i++)
    read_range (self, &self->ranges[i]);
  if (!oba_filter_equal (before, self->filter))
    changed (self);
}

static void
typing_cb (gpointer user_data)
{
  ObaReceiptFilterPanel *self = user_data;

  self->typing_id = 0;
  apply_cb (self);
}

static void
typed_cb (ObaReceiptFilterPanel *self)
{
  if (self->filling)
    return;
  g_clear_handle_id (&self->typing_id, g_source_remove);
  self->typing_id = g_timeout_add_once (TYPING_MS, typing_cb, self);
}

static char *
end_text (Range   *range,
          gint64   end,
          gboolean last)
{
  if (end == (last ? OBA_FILTER_NO_MAX : OBA_FILTER_NO_MIN))
    return g_strdup ("");
  return range->field == OBA_RECEIPT_FILTER_AMOUNT ? oba_money_format_plain (end) : oba_receipt_time_format (end, last);
}

static void
show_range (ObaReceiptFilterPanel *self,
            Range                 *range)
{
  g_autofree char *first = NULL;
  g_autofree char *last = NULL;
  gint64 from;
  gint64 to;

  oba_filter_get_range (self->filter, range->field, &from, &to);
  first = end_text (range, from, FALSE);
  last = end_text (range, to, TRUE);
  gtk_editable_set_text (GTK_EDITABLE (range->from), first);
  gtk_editable_set_text (GTK_EDITABLE (range->to), last);
  mark (range->from, FALSE);
  mark (range->to, FALSE);
  show_problem (range->error, NULL);
}

/* ---- values that are added */

static Adder *
find_adder (ObaReceiptFilterPanel *self,
            GtkEntry              *entry)
{
  guint i = 0;

  while (self->adders[i].entry != entry)
    i++;
  return &self->adders[i];
}

static void
added (ObaReceiptFilterPanel *self,
       Adder                 *adder)
{
  gtk_editable_set_text (GTK_EDITABLE (adder->entry), "");
  if (adder->suggestions != NULL)
    oba_suggestions_stop (adder->suggestions);
  mark (adder->entry, FALSE);
  show_problem (adder->error, NULL);
  changed (self);
}

static void
not_added (Adder      *adder,
           const char *problem)
{
  mark (adder->entry, TRUE);
  show_problem (adder->error, problem);
}

static void
add_number (ObaReceiptFilterPanel *self,
            Adder                 *adder,
            const char            *text)
{
  const ObaFilterField *spec = &oba_receipt_filter_spec.fields[adder->field];
  gint64 number;

  if (!g_ascii_string_to_signed (text, 10, spec->min, spec->max, &number, NULL))
    {
      not_added (adder, _("This is no number."));
      return;
    }
  oba_filter_add_number (self->filter, adder->field, number);
  added (self, adder);
}

static void
adder_cb (ObaReceiptFilterPanel *self,
          GtkEntry              *entry)
{
  Adder *adder = find_adder (self, entry);
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (entry))));

  if (*text == '\0')
    return;
  if (oba_receipt_filter_spec.fields[adder->field].kind == OBA_FILTER_NUMBERS)
    add_number (self, adder, text);
  else
    {
      oba_filter_add_name (self->filter, adder->field, text);
      added (self, adder);
    }
}

static void
cashier_chosen_cb (ObaReceiptFilterPanel *self,
                   gint64                 id,
                   const char            *name)
{
  oba_filter_add_name (self->filter, OBA_RECEIPT_FILTER_CASHIERS, name);
  added (self, &self->adders[CASHIER]);
}

static void
customer_chosen_cb (ObaReceiptFilterPanel *self,
                    GParamSpec            *pspec,
                    ObaCustomerChooser    *chooser)
{
  gint64 customer = oba_customer_chooser_get_customer (chooser);

  if (customer == 0)
    return;
  oba_filter_add_number (self->filter, OBA_RECEIPT_FILTER_CUSTOMERS, customer);
  oba_customer_chooser_set_customer (chooser, 0, NULL);
  oba_customer_chooser_search (chooser, "", FALSE);
  changed (self);
}

static void
product_chosen_cb (ObaReceiptFilterPanel *self,
                   const ObaProduct      *product)
{
  oba_receipt_names_put (self->names, OBA_RECEIPT_FILTER_PRODUCTS, product->id, product->name);
  oba_filter_add_number (self->filter, OBA_RECEIPT_FILTER_PRODUCTS, product->id);
  changed (self);
}

static void
store_chosen_cb (ObaReceiptFilterPanel *self)
{
  gint64 store = oba_store_chooser_get_store (self->store_chooser);

  if (store == 0)
    return;
  oba_receipt_names_put (self->names, OBA_RECEIPT_FILTER_STORES, store, oba_store_chooser_get_text (self->store_chooser));
  oba_filter_add_number (self->filter, OBA_RECEIPT_FILTER_STORES, store);
  oba_store_chooser_set_store (self->store_chooser, 0, NULL);
  changed (self);
}

/* ---- kinds and yes or no */

static void
kind_cb (ObaReceiptFilterPanel *self,
         GtkToggleButton       *toggle)
{
  const char *kind = g_object_get_data (G_OBJECT (toggle), "oba-kind");

  if (self->filling)
    return;
  if (gtk_toggle_button_get_active (toggle))
    oba_filter_add_name (self->filter, OBA_RECEIPT_FILTER_KINDS, kind);
  else
    oba_filter_remove_name (self->filter, OBA_RECEIPT_FILTER_KINDS, kind);
  changed (self);
}

static void
flag_cb (ObaReceiptFilterPanel *self,
         GParamSpec            *pspec,
         GtkDropDown           *drop)
{
  ObaReceiptFilterField field = drop == self->corrected_drop ? OBA_RECEIPT_FILTER_CORRECTED : OBA_RECEIPT_FILTER_UNMATCHED;
  guint selected = gtk_drop_down_get_selected (drop);

  if (self->filling)
    return;
  if (selected == 0)
    oba_filter_clear (self->filter, field);
  else
    oba_filter_set_flag (self->filter, field, selected == 1);
  changed (self);
}

static void
show_flag (ObaReceiptFilterPanel *self,
           GtkDropDown           *drop,
           ObaReceiptFilterField  field)
{
  gboolean yes = FALSE;
  gboolean asked = oba_filter_get_flag (self->filter, field, &yes);

  gtk_drop_down_set_selected (drop, !asked ? 0 : yes ? 1 : 2);
}

/* ---- public */

void
oba_receipt_filter_panel_set_filter (ObaReceiptFilterPanel  *self,
                                     const ObaReceiptFilter *filter)
{
  ObaReceiptFilter *own = oba_filter_copy (filter);

  oba_filter_free (self->filter);
  self->filter = own;
  self->filling = TRUE;
  g_clear_handle_id (&self->typing_id, g_source_remove);
  for (guint i = 0; i < N_RANGES; i++)
    show_range (self, &self->ranges[i]);
  for (GtkWidget *toggle = gtk_widget_get_first_child (self->kind_box); toggle != NULL; toggle = gtk_widget_get_next_sibling (toggle))
    gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (toggle),
                                  oba_filter_has_name (own, OBA_RECEIPT_FILTER_KINDS, g_object_get_data (G_OBJECT (toggle), "oba-kind")));
  show_flag (self, self->corrected_drop, OBA_RECEIPT_FILTER_CORRECTED);
  show_flag (self, self->unmatched_drop, OBA_RECEIPT_FILTER_UNMATCHED);
  self->filling = FALSE;
  update_tills (self);
}

const ObaReceiptFilter *
oba_receipt_filter_panel_get_filter (ObaReceiptFilterPanel *self)
{
  return self->filter;
}

/* ---- the form */

static GtkWidget *
error_new (void)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 40);
  gtk_widget_add_css_class (label, "error");
  gtk_widget_add_css_class (label, "caption");
  gtk_widget_set_visible (label, FALSE);
  return label;
}

/* Returns the label, for what it names. */
static GtkWidget *
add_row (ObaReceiptFilterPanel *self,
         const char            *title,
         GtkWidget             *widget)
{
  GtkWidget *label = gtk_label_new (title);

  gtk_label_set_xalign (GTK_LABEL (label), 1);
  gtk_widget_set_valign (label, GTK_ALIGN_START);
  gtk_widget_set_margin_top (label, 7);
  gtk_widget_add_css_class (label, "dim-label");
  gtk_widget_set_hexpand (widget, TRUE);
  gtk_grid_attach (self->grid, label, 0, self->n_rows, 1, 1);
  gtk_grid_attach (self->grid, widget, 1, self->n_rows++, 1, 1);
  return label;
}

static GtkEntry *
end_new (ObaReceiptFilterPanel *self,
         const char            *name,
         const char            *placeholder)
{
  GtkWidget *entry = gtk_entry_new ();

  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), placeholder);
  gtk_entry_set_max_length (GTK_ENTRY (entry), 40);
  gtk_editable_set_width_chars (GTK_EDITABLE (entry), 14);
  gtk_widget_set_hexpand (entry, TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_signal_connect_swapped (entry, "changed", G_CALLBACK (typed_cb), self);
  g_signal_connect_swapped (entry, "activate", G_CALLBACK (apply_cb), self);
  return GTK_ENTRY (entry);
}

static void
add_range (ObaReceiptFilterPanel *self,
           guint                  which,
           ObaReceiptFilterField  field,
           const char            *title,
           const char            *from_name,
           const char            *to_name)
{
  Range *range = &self->ranges[which];
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  range->field = field;
  range->from = end_new (self, from_name, _("from"));
  range->to = end_new (self, to_name, _("to"));
  range->error = GTK_LABEL (error_new ());
  if (which == TIME)
    {
      gtk_widget_set_tooltip_text (GTK_WIDGET (range->from), _("A day, such as 31.03.2026, or a minute, such as 31.03.2026 18:30"));
      gtk_widget_set_tooltip_text (GTK_WIDGET (range->to), _("A day, such as 31.03.2026, or a minute, such as 31.03.2026 18:30"));
    }
  gtk_box_append (GTK_BOX (line), GTK_WIDGET (range->from));
  gtk_box_append (GTK_BOX (line), gtk_label_new ("–"));
  gtk_box_append (GTK_BOX (line), GTK_WIDGET (range->to));
  gtk_box_append (GTK_BOX (box), line);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (range->error));
  add_row (self, title, box);
}

static void
add_adder (ObaReceiptFilterPanel *self,
           guint                  which,
           ObaReceiptFilterField  field,
           const char            *title,
           const char            *placeholder)
{
  Adder *adder = &self->adders[which];
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *label;

  adder->field = field;
  adder->entry = GTK_ENTRY (gtk_entry_new ());
  adder->error = GTK_LABEL (error_new ());
  gtk_entry_set_max_length (adder->entry, 100);
  gtk_entry_set_placeholder_text (adder->entry, placeholder);
  gtk_entry_set_icon_from_icon_name (adder->entry, GTK_ENTRY_ICON_SECONDARY, "list-add-symbolic");
  gtk_entry_set_icon_tooltip_text (adder->entry, GTK_ENTRY_ICON_SECONDARY, _("Add (Enter)"));
  g_signal_connect_swapped (adder->entry, "activate", G_CALLBACK (adder_cb), self);
  g_signal_connect_swapped (adder->entry, "icon-press", G_CALLBACK (gtk_widget_activate), adder->entry);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (adder->entry));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (adder->error));
  label = add_row (self, title, box);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (adder->entry), GTK_ACCESSIBLE_RELATION_LABELLED_BY, label, NULL, -1);
}

static void
suggest_cashiers (ObaReceiptFilterPanel *self)
{
  Adder *adder = &self->adders[CASHIER];

  adder->suggestions = OBA_SUGGESTIONS (oba_suggestions_new (adder->entry, self->pool, "sales/cashiers-like.sql"));
  g_signal_connect_object (adder->suggestions, "chosen", G_CALLBACK (cashier_chosen_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (gtk_widget_get_parent (GTK_WIDGET (adder->entry))), GTK_WIDGET (adder->suggestions));
}

static void
add_kinds (ObaReceiptFilterPanel *self)
{
  const char *const *kinds = oba_receipt_filter_spec.fields[OBA_RECEIPT_FILTER_KINDS].choices;

  self->kind_box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_set_layout_manager (self->kind_box, oba_wrap_layout_new (6));
  for (guint i = 0; kinds[i] != NULL; i++)
    {
      GtkWidget *toggle = gtk_toggle_button_new_with_label (oba_receipt_text_kind (oba_receipt_kind_parse (kinds[i])));

      gtk_widget_add_css_class (toggle, "chip");
      g_object_set_data (G_OBJECT (toggle), "oba-kind", (gpointer) kinds[i]);
      g_signal_connect_swapped (toggle, "toggled", G_CALLBACK (kind_cb), self);
      gtk_box_append (GTK_BOX (self->kind_box), toggle);
    }
  add_row (self, _("Kind"), self->kind_box);
}

static GtkDropDown *
add_flag (ObaReceiptFilterPanel *self,
          const char            *title,
          const char            *yes,
          const char            *no)
{
  const char *const texts[] = { _("Any"), yes, no, NULL };
  GtkWidget *drop = gtk_drop_down_new_from_strings (texts);
  GtkWidget *label = add_row (self, title, drop);

  gtk_accessible_update_relation (GTK_ACCESSIBLE (drop), GTK_ACCESSIBLE_RELATION_LABELLED_BY, label, NULL, -1);
  g_signal_connect_object (drop, "notify::selected", G_CALLBACK (flag_cb), self, G_CONNECT_SWAPPED);
  return GTK_DROP_DOWN (drop);
}

/* By name, phone or card; who may not see who a customer is types the number. */
static void
add_customer (ObaReceiptFilterPanel *self,
              gboolean               persons)
{
  GtkWidget *chooser;

  if (!persons)
    {
      add_adder (self, CUSTOMER, OBA_RECEIPT_FILTER_CUSTOMERS, _("Customer"), _("Number of the customer"));
      return;
    }
  chooser = oba_customer_chooser_new (self->pool);
  g_signal_connect_object (chooser, "notify::customer-id", G_CALLBACK (customer_chosen_cb), self, G_CONNECT_SWAPPED);
  add_row (self, _("Customer"), chooser);
}

static void
make_form (ObaReceiptFilterPanel *self,
           gboolean               persons)
{
  GtkWidget *product_chooser;

  add_range (self, TIME, OBA_RECEIPT_FILTER_TIME, _("Time"), _("Time, from"), _("Time, to"));
  self->store_chooser = OBA_STORE_CHOOSER (oba_store_chooser_new (self->pool));
  oba_store_chooser_set_none (self->store_chooser, _("Add a store…"));
  gtk_widget_set_halign (GTK_WIDGET (self->store_chooser), GTK_ALIGN_START);
  g_signal_connect_swapped (self->store_chooser, "notify::store-id", G_CALLBACK (store_chosen_cb), self);
  add_row (self, _("Store"), GTK_WIDGET (self->store_chooser));
  add_adder (self, TILL, OBA_RECEIPT_FILTER_TILLS, _("Till"), NULL);
  add_adder (self, CASHIER, OBA_RECEIPT_FILTER_CASHIERS, _("Cashier"), _("The name as on the receipt"));
  add_customer (self, persons);
  add_adder (self, CARD, OBA_RECEIPT_FILTER_CARDS, _("Card"), _("Number of the card"));
  product_chooser = oba_product_chooser_new (self->pool);
  g_signal_connect_object (product_chooser, "chosen", G_CALLBACK (product_chosen_cb), self, G_CONNECT_SWAPPED);
  add_row (self, _("Product"), product_chooser);
  suggest_cashiers (self);
  add_range (self, AMOUNT, OBA_RECEIPT_FILTER_AMOUNT, _("Amount"), _("Amount, from"), _("Amount, to"));
  add_kinds (self);
  self->corrected_drop = add_flag (self, _("Answered"), _("Returned or corrected"), _("Neither returned nor corrected"));
  self->unmatched_drop = add_flag (self, _("Belongs to"), _("Nobody: without a customer"), _("A customer"));
  update_tills (self);
}

GtkWidget *
oba_receipt_filter_panel_new (ObaDbPool       *pool,
                              ObaReceiptNames *names,
                              gboolean         persons)
{
  ObaReceiptFilterPanel *self = g_object_new (OBA_TYPE_RECEIPT_FILTER_PANEL, NULL);

  self->pool = g_object_ref (pool);
  self->names = oba_receipt_names_ref (names);
  make_form (self, persons);
  gtk_widget_set_sensitive (GTK_WIDGET (self->adders[CARD].entry), persons);
  return GTK_WIDGET (self);
}

static void
oba_receipt_filter_panel_dispose (GObject *object)
{
  ObaReceiptFilterPanel *self = OBA_RECEIPT_FILTER_PANEL (object);

  g_clear_handle_id (&self->typing_id, g_source_remove);
  g_clear_object (&self->pool);

  G_OBJECT_CLASS (oba_receipt_filter_panel_parent_class)->dispose (object);
}

static void
oba_receipt_filter_panel_finalize (GObject *object)
{
  ObaReceiptFilterPanel *self = OBA_RECEIPT_FILTER_PANEL (object);

  oba_filter_free (self->filter);
  g_clear_pointer (&self->names, oba_receipt_names_unref);

  G_OBJECT_CLASS (oba_receipt_filter_panel_parent_class)->finalize (object);
}

static void
oba_receipt_filter_panel_class_init (ObaReceiptFilterPanelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = oba_receipt_filter_panel_dispose;
  G_OBJECT_CLASS (klass)->finalize = oba_receipt_filter_panel_finalize;

  signals[CHANGED] = g_signal_new ("changed", OBA_TYPE_RECEIPT_FILTER_PANEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
oba_receipt_filter_panel_init (ObaReceiptFilterPanel *self)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();

  self->filter = oba_receipt_filter_new ();
  self->grid = GTK_GRID (gtk_grid_new ());
  gtk_grid_set_column_spacing (self->grid, 12);
  gtk_grid_set_row_spacing (self->grid, 9);
  gtk_widget_set_margin_end (GTK_WIDGET (self->grid), 9);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller), 540);
  gtk_widget_set_size_request (scroller, 490, -1);
  gtk_scrolled_window_set_overlay_scrolling (GTK_SCROLLED_WINDOW (scroller), FALSE);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), GTK_WIDGET (self->grid));
  adw_bin_set_child (ADW_BIN (self), scroller);
}
