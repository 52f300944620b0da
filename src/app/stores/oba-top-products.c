#include "oba-top-products.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "base/oba-money.h"
#include "customers/oba-customer-text.h"
#include "patterns/oba-store-patterns.h"

#define N_COLUMNS 6

struct _ObaTopProducts
{
  AdwBin   parent_instance;

  GtkGrid *grid;
};

G_DEFINE_FINAL_TYPE (ObaTopProducts, oba_top_products, ADW_TYPE_BIN)

static GtkWidget *
cell_new (ObaTopProducts *self, int column, int row, const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), column == 0 ? 0 : 1);
  gtk_label_set_ellipsize (GTK_LABEL (label), column == 0 ? PANGO_ELLIPSIZE_END : PANGO_ELLIPSIZE_NONE);
  gtk_widget_set_hexpand (label, column == 0);
  gtk_widget_add_css_class (label, "numeric");
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  gtk_grid_attach (self->grid, label, column, row, 1, 1);
  return label;
}

/* "▲ 12 %"; what is heard is "12 % more". */
static void
add_change (ObaTopProducts *self, int row, gint64 now, gint64 before)
{
  double change = before > 0 ? (double) (now - before) / (double) before : NAN;
  int way = isnan (change) || fabs (change) < 0.0005 ? 0 : change > 0 ? 1 : -1;
  g_autofree char *amount = oba_share_format (isnan (change) ? 0 : fabs (change), isnan (change) || fabs (change) >= 9.995 ? 0 : 1);
  g_autofree char *shown = isnan (change) ? g_strdup ("–") : way == 0 ? g_strdup ("=") : g_strdup_printf ("%s %s", way > 0 ? "▲" : "▼", amount);
  g_autofree char *spoken = NULL;
  GtkWidget *label = cell_new (self, 3, row, shown, way > 0 ? "success" : way < 0 ? "error" : "dim-label");

  if (isnan (change))
    spoken = g_strdup (_("nothing to compare with"));
  else
    spoken = way == 0 ? g_strdup (_("unchanged")) : g_strdup_printf (way > 0 ? _("%s more") : _("%s less"), amount);
  gtk_accessible_update_property (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

static void
add_share (ObaTopProducts *self, int column, int row, double share)
{
  g_autofree char *text = isnan (share) ? g_strdup ("–") : oba_share_format (share, 1);

  cell_new (self, column, row, text, column == 5 ? "dim-label" : NULL);
}

static void
add_product (ObaTopProducts *self, int row, const ObaStoreProduct *product)
{
  g_autofree char *quantity = g_str_equal (product->unit, "pcs") ? oba_number_format (product->quantity / 1000) : oba_customer_text_quantity (product->quantity, product->unit);
  g_autofree char *revenue = oba_money_format (product->revenue);

  gtk_widget_set_tooltip_text (cell_new (self, 0, row, product->name, NULL), product->name);
  cell_new (self, 1, row, quantity, "dim-label");
  cell_new (self, 2, row, revenue, NULL);
  add_change (self, row, product->revenue, product->before);
  add_share (self, 4, row, product->share);
  add_share (self, 5, row, product->chain_share);
}

void
oba_top_products_set (ObaTopProducts *self, const GPtrArray *products)
{
  const char *const heads[N_COLUMNS] = { _("Product"), _("Sold"), _("Revenue"), _("Against before"), _("Share here"), _("Whole chain") };
  GtkWidget *child;

  g_return_if_fail (OBA_IS_TOP_PRODUCTS (self));

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->grid))) != NULL)
    gtk_grid_remove (self->grid, child);
  for (int i = 0; i < N_COLUMNS; i++)
    gtk_widget_add_css_class (cell_new (self, i, 0, heads[i], "caption"), "dim-label");
  for (guint i = 0; i < products->len; i++)
    add_product (self, (int) i + 1, products->pdata[i]);
}

static void
oba_top_products_class_init (ObaTopProductsClass *klass)
{
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
oba_top_products_init (ObaTopProducts *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);
  GtkWidget *title = gtk_label_new (_("Top products"));

  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_widget_add_css_class (title, "heading");
  self->grid = GTK_GRID (gtk_grid_new ());
  gtk_grid_set_row_spacing (self->grid, 6);
  gtk_grid_set_column_spacing (self->grid, 24);
  gtk_box_append (GTK_BOX (box), title);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->grid));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Top products"), -1);
  gtk_widget_add_css_class (GTK_WIDGET (self), "card");
  gtk_widget_add_css_class (GTK_WIDGET (self), "panel");
  adw_bin_set_child (ADW_BIN (self), box);
}
