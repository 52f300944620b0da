#include "oba-timeline-details.h"

#include <glib/gi18n-lib.h>

#include "base/oba-money.h"
#include "corrections/oba-correct-menu.h"
#include "oba-customer-text.h"
#include "oba-profile-section.h"
#include "oba-timeline-text.h"

gboolean
oba_timeline_details_any (const ObaTimelineFacts *facts)
{
  return facts->kind == OBA_TIMELINE_RECEIPT || facts->changes->len > 0 || *facts->reason != '\0'
         || (facts->kind == OBA_TIMELINE_REDEMPTION && facts->points != 0);
}

static GtkWidget *
cell_new (const char *text, float xalign, const char *css_class)
{
  GtkWidget *label = oba_profile_label_new (text, css_class);

  gtk_label_set_xalign (GTK_LABEL (label), xalign);
  gtk_widget_set_valign (label, GTK_ALIGN_START);
  return label;
}

static GtkGrid *
grid_new (void)
{
  GtkWidget *grid = gtk_grid_new ();

  gtk_grid_set_column_spacing (GTK_GRID (grid), 12);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 4);
  return GTK_GRID (grid);
}

/* ---- a receipt */

static void
add_line (GtkGrid *grid, int row, const ObaCustomerReceiptLine *line)
{
  g_autofree char *quantity = oba_customer_text_quantity (line->quantity, line->unit);
  g_autofree char *total = oba_money_format (line->total);
  GtkWidget *product = cell_new (line->product, 0, NULL);

  gtk_widget_set_hexpand (product, TRUE);
  gtk_grid_attach (grid, product, 0, row, 1, 1);
  gtk_grid_attach (grid, cell_new (quantity, 1, "dim-label"), 1, row, 1, 1);
  gtk_grid_attach (grid, cell_new (total, 1, "numeric"), 2, row, 1, 1);
}

/* To the page of receipts, where it is as the customer saw it, with its family. */
static GtkWidget *
open_button_new (const ObaReceiptKey *key)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (_("Open _Receipt"));

  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.open-receipt");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "(xxx)", key->customer_id, key->at, key->receipt_id);
  return button;
}

/* The timeline itself hears of what is corrected. */
static GtkWidget *
buttons_new (const ObaTimelineFacts *facts)
{
  const ObaReceiptKey key = {
    .customer_id = facts->customer_id,
    .at = g_date_time_to_unix (facts->at) * G_USEC_PER_SEC + g_date_time_get_microsecond (facts->at),
    .receipt_id = facts->receipt_id,
  };
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *menu = oba_correct_menu_new ();

  oba_correct_menu_set_receipt (OBA_CORRECT_MENU (menu), &key, TRUE);
  gtk_widget_set_halign (box, GTK_ALIGN_START);
  gtk_widget_set_margin_top (box, 6);
  gtk_box_append (GTK_BOX (box), open_button_new (&key));
  gtk_box_append (GTK_BOX (box), menu);
  return box;
}

static GtkWidget *
receipt_new (const ObaCustomerReceipt *receipt, const ObaTimelineFacts *facts)
{
  GtkGrid *grid = grid_new ();
  int row = 0;

  for (; row < (int) receipt->lines->len; row++)
    add_line (grid, row, receipt->lines->pdata[row]);
  if (receipt->discount != 0)
    {
      g_autofree char *discount = oba_money_format (-receipt->discount);

      gtk_grid_attach (grid, cell_new (_("Discount, in these prices already"), 0, "dim-label"), 0, row, 2, 1);
      gtk_grid_attach (grid, cell_new (discount, 1, "numeric"), 2, row++, 1, 1);
    }
  gtk_grid_attach (grid, buttons_new (facts), 0, row, 3, 1);
  return GTK_WIDGET (grid);
}

static GtkWidget *
reading_new (ObaTimelineItem *item)
{
  const char *problem = oba_timeline_item_get_problem (item);
  GtkWidget *spinner;

  if (problem != NULL)
    return oba_profile_label_new (problem, "error");
  spinner = gtk_spinner_new ();
  gtk_spinner_set_spinning (GTK_SPINNER (spinner), TRUE);
  gtk_widget_set_halign (spinner, GTK_ALIGN_START);
  gtk_accessible_update_property (GTK_ACCESSIBLE (spinner), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Loading"), -1);
  return spinner;
}

/* ---- the others */

static void
add_change (GtkGrid *grid, int row, const ObaTimelineChange *change, gboolean values)
{
  g_autofree char *field = oba_timeline_text_field (change->field);
  const char *before = oba_timeline_text_value (change->field, change->before);
  const char *after = oba_timeline_text_value (change->field, change->after);
  g_autofree char *text = g_strdup_printf ("%s → %s", *before != '\0' ? before : "–", *after != '\0' ? after : "–");

  gtk_grid_attach (grid, cell_new (field, 0, "dim-label"), 0, row, 1, 1);
  if (values)
    gtk_grid_attach (grid, cell_new (text, 0, NULL), 1, row, 1, 1);
}

static GtkWidget *
facts_new (const ObaTimelineFacts *facts)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkGrid *grid = grid_new ();

  if (facts->kind == OBA_TIMELINE_REDEMPTION && facts->points != 0)
    {
      g_autofree char *points = oba_customer_text_points (ABS (facts->points));
      /* Translators: "120 points". */
      g_autofree char *price = g_strdup_printf (_("Its price: %s"), points);

      gtk_box_append (GTK_BOX (box), oba_profile_label_new (price, NULL));
    }
  if (*facts->reason != '\0')
    gtk_box_append (GTK_BOX (box), oba_profile_label_new (oba_timeline_text_reason (facts), NULL));
  for (guint i = 0; i < facts->changes->len; i++)
    add_change (grid, (int) i, facts->changes->pdata[i], facts->values_shown);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (grid));
  return box;
}

GtkWidget *
oba_timeline_details_new (ObaTimelineItem *item)
{
  const ObaTimelineFacts *facts = oba_timeline_item_get_facts (item);
  const ObaCustomerReceipt *receipt = oba_timeline_item_get_receipt (item);

  if (facts->kind != OBA_TIMELINE_RECEIPT)
    return facts_new (facts);
  return receipt != NULL ? receipt_new (receipt, facts) : reading_new (item);
}
