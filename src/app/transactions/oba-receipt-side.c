#include "oba-receipt-side.h"

#include <glib/gi18n-lib.h>

#include "base/oba-money.h"
#include "customers/oba-customer-text.h"
#include "customers/oba-facts.h"
#include "customers/oba-points-reason.h"
#include "customers/oba-timeline-text.h"
#include "oba-receipt-text.h"

struct _ObaReceiptSide
{
  AdwBin      parent_instance;
  GtkBox     *box;
  ObaReceipt *receipt;   /* (nullable) */
};

enum { OPEN, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaReceiptSide, oba_receipt_side, ADW_TYPE_BIN)

/* ---- to whom it belongs, and its points */

static GtkWidget *
label_new (const char *text,
           const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

static void
add_heading (ObaReceiptSide *self,
             const char     *text)
{
  GtkWidget *heading = label_new (text, "heading");

  gtk_widget_set_margin_top (heading, gtk_widget_get_first_child (GTK_WIDGET (self->box)) != NULL ? 18 : 0);
  gtk_box_append (self->box, heading);
}

/* A heading, and at its end what leads to more. */
static void
add_linked_heading (ObaReceiptSide *self,
                    const char     *text,
                    const char     *link,
                    const char     *action,
                    gint64          id)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *heading = label_new (text, "heading");
  GtkWidget *button = gtk_button_new_with_mnemonic (link);

  gtk_widget_set_hexpand (heading, TRUE);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "x", id);
  gtk_widget_set_margin_top (box, gtk_widget_get_first_child (GTK_WIDGET (self->box)) != NULL ? 12 : 0);
  gtk_box_append (GTK_BOX (box), heading);
  gtk_box_append (GTK_BOX (box), button);
  gtk_box_append (self->box, box);
}

static void
add_customer (ObaReceiptSide *self)
{
  const ObaReceipt *receipt = self->receipt;
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, receipt->key.customer_id);
  g_autofree char *points = oba_customer_text_points (receipt->balance);
  /* Who may not see who a customer is has no profiles to open. */
  gboolean named = receipt->person && *receipt->name != '\0';
  GtkWidget *facts;

  if (named)
    add_linked_heading (self, _("Customer"), _("_Open Profile"), "win.open-customer", receipt->key.customer_id);
  else
    add_heading (self, _("Customer"));
  if (!receipt->person)
    {
      gtk_box_append (self->box, label_new (_("Nobody: sold without a card."), "dim-label"));
      return;
    }
  facts = g_object_new (OBA_TYPE_FACTS, NULL);
  if (named)
    oba_facts_add (OBA_FACTS (facts), _("Name"), receipt->name, NULL);
  oba_facts_add (OBA_FACTS (facts), _("Number"), number, NULL);
  oba_facts_add (OBA_FACTS (facts), _("Points now"), points, NULL);
  gtk_box_append (self->box, facts);
}

static void
add_store (ObaReceiptSide *self)
{
  add_linked_heading (self, _("Store"), _("Open _Store"), "win.open-store", self->receipt->store_id);
  gtk_box_append (self->box, label_new (self->receipt->store, NULL));
}

static void
add_lot (ObaReceiptSide      *self,
         const ObaReceiptLot *lot)
{
  g_autofree char *points = oba_customer_text_signed (lot->points);
  g_autofree char *until = oba_customer_text_date (&lot->expires);
  g_autofree char *left = oba_number_format (lot->remaining);
  g_autofree char *given = oba_number_format (lot->given);
  /* Translators: points with their sign, the day until which they are valid; how many are left of how many. */
  g_autofree char *text = g_strdup_printf (_("%s, valid until %s; %s of %s left"), points, until, left, given);

  gtk_box_append (self->box, label_new (text, "caption"));
}

static void
add_entry (ObaReceiptSide         *self,
           const ObaReceiptPoints *entry)
{
  g_autofree char *points = oba_customer_text_signed (entry->points);
  g_autofree char *text = g_strdup_printf ("%s: %s", oba_timeline_text_points_kind (entry->kind), points);

  gtk_box_append (self->box, label_new (text, NULL));
  if (*entry->rule != '\0')
    {
      g_autofree char *version = g_strdup_printf ("%d", entry->version);
      g_autofree char *rule = g_strdup_printf (_("Rule “%s”, version %s."), oba_points_rule_name (entry->rule), version);

      gtk_box_append (self->box, label_new (rule, "dim-label"));
    }
  if (*entry->reason != '\0')
    gtk_box_append (self->box, label_new (entry->reason, "dim-label"));
  for (guint i = 0; i < entry->lots->len; i++)
    add_lot (self, entry->lots->pdata[i]);
}

static void
add_points (ObaReceiptSide *self)
{
  if (!self->receipt->person)
    return;
  add_heading (self, _("Points"));
  for (guint i = 0; i < self->receipt->entries->len; i++)
    add_entry (self, self->receipt->entries->pdata[i]);
  if (self->receipt->entries->len == 0)
    gtk_box_append (self->box, label_new (_("It gave and took none."), "dim-label"));
}

/* ---- the family */

static void
relative_cb (ObaReceiptSide *self,
             GtkListBoxRow  *row)
{
  const ObaReceiptRelative *relative = self->receipt->family->pdata[gtk_list_box_row_get_index (row)];
  ObaReceiptKey key = relative->key;

  if (key.receipt_id != self->receipt->key.receipt_id)
    g_signal_emit (self, signals[OPEN], 0, &key);
}

/* "5 Nov 2026, 18:24 · Damaged: torn · Leyla" */
static char *
relative_subtitle (const ObaReceiptRelative *relative)
{
  g_autofree char *moment = oba_receipt_text_moment (&relative->key);
  GString *text = g_string_new (moment);

  if (*relative->reason_code != '\0')
    g_string_append_printf (text, " · %s", oba_receipt_text_reason (relative->reason_code));
  if (*relative->reason != '\0')
    g_string_append_printf (text, ": %s", relative->reason);
  if (*relative->by != '\0')
    g_string_append_printf (text, " · %s", relative->by);
  return g_string_free (text, FALSE);
}

static GtkWidget *
relative_new (ObaReceiptSide           *self,
              const ObaReceiptRelative *relative)
{
  gboolean shown = relative->key.receipt_id == self->receipt->key.receipt_id;
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  g_autofree char *title = g_strdup_printf ("%s %s", oba_receipt_text_kind (relative->kind), relative->number);
  g_autofree char *subtitle = relative_subtitle (relative);
  g_autofree char *total = oba_money_format (relative->total);
  g_autofree char *points = relative->points != 0 ? oba_customer_text_signed (relative->points) : NULL;
  /* Translators: points with their sign, "+12 points". */
  g_autofree char *points_text = points != NULL ? g_strdup_printf (ngettext ("%s point", "%s points", (gulong) ABS (relative->points)), points) : g_strdup ("");
  GtkWidget *amount = gtk_label_new (total);
  GtkWidget *much = gtk_label_new (points_text);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), !shown);
  gtk_label_set_xalign (GTK_LABEL (amount), 1);
  gtk_label_set_xalign (GTK_LABEL (much), 1);
  gtk_widget_add_css_class (amount, "numeric");
  gtk_widget_add_css_class (much, "caption");
  gtk_widget_add_css_class (much, "dim-label");
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), amount);
  gtk_box_append (GTK_BOX (box), much);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), box);
  if (shown)
    gtk_widget_add_css_class (row, "shown-receipt");
  return row;
}

static void
add_family (ObaReceiptSide *self)
{
  GtkWidget *list;

  add_heading (self, _("What Belongs Together"));
  if (self->receipt->family->len < 2)
    {
      gtk_box_append (self->box, label_new (_("Nothing was returned, voided or corrected."), "dim-label"));
      return;
    }
  list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("What Belongs Together"), -1);
  for (guint i = 0; i < self->receipt->family->len; i++)
    gtk_list_box_append (GTK_LIST_BOX (list), relative_new (self, self->receipt->family->pdata[i]));
  g_signal_connect_swapped (list, "row-activated", G_CALLBACK (relative_cb), self);
  gtk_box_append (self->box, list);
}

/* ---- the object */

void
oba_receipt_side_show (ObaReceiptSide *self,
                       ObaReceipt     *receipt)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->box))) != NULL)
    gtk_box_remove (self->box, child);
  oba_receipt_ref (receipt);
  g_clear_pointer (&self->receipt, oba_receipt_unref);
  self->receipt = receipt;
  add_customer (self);
  add_store (self);
  add_points (self);
  add_family (self);
}

static void
oba_receipt_side_finalize (GObject *object)
{
  g_clear_pointer (&OBA_RECEIPT_SIDE (object)->receipt, oba_receipt_unref);

  G_OBJECT_CLASS (oba_receipt_side_parent_class)->finalize (object);
}

static void
oba_receipt_side_class_init (ObaReceiptSideClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = oba_receipt_side_finalize;

  signals[OPEN] = g_signal_new ("open", OBA_TYPE_RECEIPT_SIDE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
oba_receipt_side_init (ObaReceiptSide *self)
{
  self->box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 6));
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->box));
}
