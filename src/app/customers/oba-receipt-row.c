#include "oba-receipt-row.h"

#include <glib/gi18n-lib.h>

#include "base/oba-money.h"
#include "oba-customer-text.h"

struct _ObaReceiptRow
{
  GtkListBoxRow  parent_instance;
  gint64         id;
  GtkRevealer   *revealer;
  GtkImage      *arrow;
};

G_DEFINE_FINAL_TYPE (ObaReceiptRow, oba_receipt_row, GTK_TYPE_LIST_BOX_ROW)

static GtkWidget *
oba_receipt_row_label (const char *text,
                       float       xalign,
                       const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), xalign);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

static GtkWidget *
oba_receipt_row_column (GtkWidget *above,
                        GtkWidget *below)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);

  gtk_box_append (GTK_BOX (box), above);
  gtk_box_append (GTK_BOX (box), below);
  return box;
}

/* "5 Nov 2026, 18:24 · Return" */
static char *
oba_receipt_row_subtitle (const ObaCustomerReceipt *receipt)
{
  g_autofree char *moment = oba_customer_text_moment (receipt->sold_at);
  const char *kind = oba_customer_text_receipt_kind (receipt->kind);

  return *kind != '\0' ? g_strdup_printf ("%s · %s", moment, kind) : g_steal_pointer (&moment);
}

static GtkWidget *
oba_receipt_row_lines (const ObaCustomerReceipt *receipt)
{
  GtkWidget *grid = gtk_grid_new ();
  g_autofree char *number = g_strdup_printf (_("Receipt %s"), receipt->number);

  gtk_grid_set_column_spacing (GTK_GRID (grid), 12);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 4);
  gtk_widget_set_margin_top (grid, 9);
  for (guint i = 0; i < receipt->lines->len; i++)
    {
      ObaCustomerReceiptLine *line = receipt->lines->pdata[i];
      g_autofree char *quantity = oba_customer_text_quantity (line->quantity, line->unit);
      g_autofree char *total = oba_money_format (line->total);
      GtkWidget *product = oba_receipt_row_label (line->product, 0, NULL);

      gtk_widget_set_hexpand (product, TRUE);
      gtk_grid_attach (GTK_GRID (grid), product, 0, (int) i, 1, 1);
      gtk_grid_attach (GTK_GRID (grid), oba_receipt_row_label (quantity, 1, "dim-label"), 1, (int) i, 1, 1);
      gtk_grid_attach (GTK_GRID (grid), oba_receipt_row_label (total, 1, "numeric"), 2, (int) i, 1, 1);
    }
  gtk_grid_attach (GTK_GRID (grid), oba_receipt_row_label (number, 0, "dim-label"), 0, (int) receipt->lines->len, 3, 1);
  return grid;
}

static void
oba_receipt_row_fill (ObaReceiptRow            *self,
                      const ObaCustomerReceipt *receipt)
{
  g_autofree char *subtitle = oba_receipt_row_subtitle (receipt);
  g_autofree char *total = oba_money_format (receipt->total);
  g_autofree char *signed_points = oba_customer_text_signed (receipt->points);
  /* Translators: points with their sign, "+12 points". */
  g_autofree char *points = g_strdup_printf (ngettext ("%s point", "%s points", (gulong) ABS (receipt->points)), signed_points);
  g_autofree char *name = g_strjoin (", ", receipt->store, subtitle, total, points, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *where = oba_receipt_row_column (oba_receipt_row_label (receipt->store, 0, NULL),
                                             oba_receipt_row_label (subtitle, 0, "caption"));
  GtkWidget *much = oba_receipt_row_column (oba_receipt_row_label (total, 1, "numeric"),
                                            oba_receipt_row_label (points, 1, "caption"));

  self->id = receipt->receipt_id;
  self->arrow = GTK_IMAGE (gtk_image_new_from_icon_name ("pan-end-symbolic"));
  self->revealer = GTK_REVEALER (gtk_revealer_new ());
  gtk_revealer_set_child (self->revealer, oba_receipt_row_lines (receipt));

  gtk_widget_add_css_class (gtk_widget_get_last_child (where), "dim-label");
  gtk_widget_add_css_class (gtk_widget_get_last_child (much), receipt->points < 0 ? "error" : "dim-label");
  gtk_widget_set_hexpand (where, TRUE);
  gtk_box_append (GTK_BOX (line), where);
  gtk_box_append (GTK_BOX (line), much);
  gtk_box_append (GTK_BOX (line), GTK_WIDGET (self->arrow));
  gtk_box_append (GTK_BOX (box), line);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->revealer));
  gtk_widget_add_css_class (box, "receipt-row");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_STATE_EXPANDED, FALSE, -1);
}

GtkWidget *
oba_receipt_row_new (const ObaCustomerReceipt *receipt)
{
  ObaReceiptRow *self = g_object_new (OBA_TYPE_RECEIPT_ROW, "selectable", FALSE, NULL);

  oba_receipt_row_fill (self, receipt);
  return GTK_WIDGET (self);
}

void
oba_receipt_row_toggle (ObaReceiptRow *self)
{
  gboolean open = !gtk_revealer_get_reveal_child (self->revealer);

  gtk_revealer_set_reveal_child (self->revealer, open);
  gtk_image_set_from_icon_name (self->arrow, open ? "pan-down-symbolic" : "pan-end-symbolic");
  gtk_accessible_update_state (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_STATE_EXPANDED, open, -1);
}

gboolean
oba_receipt_row_is_open (ObaReceiptRow *self)
{
  return gtk_revealer_get_reveal_child (self->revealer);
}

gint64
oba_receipt_row_get_id (ObaReceiptRow *self)
{
  return self->id;
}

static void
oba_receipt_row_class_init (ObaReceiptRowClass *klass)
{
}

static void
oba_receipt_row_init (ObaReceiptRow *self)
{
}
