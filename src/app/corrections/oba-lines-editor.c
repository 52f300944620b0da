#include "oba-lines-editor.h"

#include <glib/gi18n-lib.h>

#include "base/oba-money.h"
#include "customers/oba-profile-section.h"
#include "oba-correction-text.h"
#include "widgets/oba-product-chooser.h"

/* As the database takes it. */
#define MAX_MONEY 100000000
#define MAX_LINES 1000
#define UNIT_CHARS 2

typedef struct
{
  gint64       product_id;
  char        *name;
  int          vat_permille;
  gboolean     is_old;        /* was on the receipt, as follows: what is not changed keeps its roundings */
  gint64       old_quantity;
  gint64       old_price;
  gint64       old_discount;
  gint64       old_vat;
  gint64       old_total;
  GtkWidget   *row;
  GtkEditable *quantity;
  GtkEditable *price;
  GtkEditable *discount;
  GtkLabel    *total;
  GtkLabel    *problem;
} Line;

/* What a line says when it is read. */
typedef struct
{
  gint64 quantity;
  gint64 price;
  gint64 discount;
  gint64 vat;
  gint64 total;
} Figures;

struct _ObaLinesEditor
{
  AdwBin             parent_instance;

  GPtrArray         *lines;       /* of Line */
  guint              n_old;       /* that were given */
  gboolean           filling;
  GtkListBox        *list;
  ObaProductChooser *products;
};

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaLinesEditor, oba_lines_editor, ADW_TYPE_BIN)

static void
line_free (gpointer data)
{
  g_free (((Line *) data)->name);
  g_free (data);
}

/* ---- reading a line */

static gboolean
is_untouched (const Line *line, const Figures *figures)
{
  return line->is_old && figures->quantity == line->old_quantity && figures->price == line->old_price && figures->discount == line->old_discount;
}

static gboolean
read_money (GtkEditable *entry, gint64 *money)
{
  const char *text = gtk_editable_get_text (entry);

  *money = 0;
  return *text == '\0' || (oba_money_parse (text, money, NULL) && *money >= 0 && *money <= MAX_MONEY);
}

/* What is wrong with it, a sentence; NULL: all is well. */
static const char *
read_line (const Line *line, Figures *figures)
{
  if (!oba_correction_text_quantity (gtk_editable_get_text (line->quantity), &figures->quantity))
    return _("A quantity above 0, with at most 3 decimals.");
  if (*gtk_editable_get_text (line->price) == '\0' || !read_money (line->price, &figures->price))
    return _("A price like 12.50, up to 1,000,000.");
  if (!read_money (line->discount, &figures->discount))
    return _("A discount like 0.50, or none.");
  if (is_untouched (line, figures))
    {
      figures->vat = line->old_vat;
      figures->total = line->old_total;
      return NULL;
    }
  figures->total = (figures->quantity * figures->price + 500) / 1000 - figures->discount;
  if (figures->total < 0)
    return _("The discount is more than the price.");
  if (figures->total > MAX_MONEY)
    return _("This is too much for one receipt.");
  /* It is within the total: p per mille of what is without it. */
  figures->vat = (figures->total * line->vat_permille + (1000 + line->vat_permille) / 2) / (1000 + line->vat_permille);
  return NULL;
}

static void
show_line (const Line *line)
{
  Figures figures;
  const char *problem = read_line (line, &figures);
  g_autofree char *total = problem == NULL ? oba_money_format (figures.total) : g_strdup ("–");

  gtk_label_set_label (line->total, total);
  gtk_label_set_label (line->problem, problem != NULL ? problem : "");
  gtk_widget_set_visible (GTK_WIDGET (line->problem), problem != NULL);
}

static void
changed (ObaLinesEditor *self)
{
  if (self->filling)
    return;
  for (guint i = 0; i < self->lines->len; i++)
    show_line (self->lines->pdata[i]);
  gtk_widget_set_visible (GTK_WIDGET (self->list), self->lines->len > 0);
  g_signal_emit (self, signals[CHANGED], 0);
}

gboolean
oba_lines_editor_get_total (ObaLinesEditor *self, gint64 *total)
{
  Figures figures;

  *total = 0;
  for (guint i = 0; i < self->lines->len; i++)
    {
      if (read_line (self->lines->pdata[i], &figures) != NULL)
        return FALSE;
      *total += figures.total;
    }
  return self->lines->len > 0 && *total <= MAX_MONEY;
}

gboolean
oba_lines_editor_is_changed (ObaLinesEditor *self)
{
  Figures figures;

  if (self->lines->len != self->n_old)
    return TRUE;
  for (guint i = 0; i < self->lines->len; i++)
    if (read_line (self->lines->pdata[i], &figures) != NULL || !is_untouched (self->lines->pdata[i], &figures))
      return TRUE;
  return FALSE;
}

guint
oba_lines_editor_get_n_lines (ObaLinesEditor *self)
{
  return self->lines->len;
}

void
oba_lines_editor_apply (ObaLinesEditor *self, ObaCorrection *correction)
{
  for (guint i = 0; i < self->lines->len; i++)
    {
      const Line *line = self->lines->pdata[i];
      Figures figures;

      if (read_line (line, &figures) == NULL)
        oba_correction_add_line (correction, line->product_id, figures.quantity, figures.price, figures.discount, figures.vat, figures.total);
    }
}

void
oba_lines_editor_focus_problem (ObaLinesEditor *self)
{
  for (guint i = 0; i < self->lines->len; i++)
    {
      const Line *line = self->lines->pdata[i];
      Figures figures;

      if (read_line (line, &figures) != NULL)
        {
          gtk_widget_grab_focus (GTK_WIDGET (line->quantity));
          return;
        }
    }
  gtk_widget_grab_focus (GTK_WIDGET (self->products));
}

/* ---- a line on the screen */

static GtkEditable *
entry_new (ObaLinesEditor *self, const char *name, const char *product, const char *text, int chars)
{
  GtkWidget *entry = gtk_entry_new ();
  g_autofree char *label = g_strdup_printf ("%s: %s", product, name);

  gtk_editable_set_text (GTK_EDITABLE (entry), text);
  gtk_editable_set_width_chars (GTK_EDITABLE (entry), chars);
  gtk_editable_set_max_width_chars (GTK_EDITABLE (entry), chars);
  gtk_editable_set_alignment (GTK_EDITABLE (entry), 1);
  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), name);
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  gtk_widget_set_tooltip_text (entry, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_signal_connect_object (entry, "changed", G_CALLBACK (changed), self, G_CONNECT_SWAPPED);
  return GTK_EDITABLE (entry);
}

static void
drop_line (ObaLinesEditor *self, Line *line)
{
  gtk_list_box_remove (self->list, line->row);
  g_ptr_array_remove (self->lines, line);
}

static void
remove_cb (GtkButton *button, ObaLinesEditor *self)
{
  drop_line (self, g_object_get_data (G_OBJECT (button), "oba-line"));
  changed (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->products));
}

static GtkWidget *
remove_button_new (ObaLinesEditor *self, Line *line)
{
  g_autofree char *name = g_strdup_printf (_("Remove %s"), line->name);
  GtkWidget *button = oba_profile_icon_button_new ("user-trash-symbolic", name, NULL);

  g_object_set_data (G_OBJECT (button), "oba-line", line);
  g_signal_connect_object (button, "clicked", G_CALLBACK (remove_cb), self, 0);
  return button;
}

static GtkWidget *
make_figures (ObaLinesEditor *self, Line *line, const char *unit, gint64 quantity, gint64 price, gint64 discount)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  g_autofree char *much = oba_correction_text_number (quantity);
  g_autofree char *each = price >= 0 ? oba_money_format (price) : g_strdup ("");
  g_autofree char *off = discount != 0 ? oba_money_format (discount) : g_strdup ("");
  GtkWidget *unit_label = gtk_label_new (oba_correction_text_unit (unit));

  line->quantity = entry_new (self, _("Quantity"), line->name, much, 7);
  line->price = entry_new (self, _("Price"), line->name, each, 9);
  line->discount = entry_new (self, _("Discount"), line->name, off, 8);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (line->quantity));
  /* Pieces have no unit, but its place: what stands behind it is below what stands behind another one's. */
  gtk_label_set_width_chars (GTK_LABEL (unit_label), UNIT_CHARS);
  gtk_label_set_xalign (GTK_LABEL (unit_label), 0);
  gtk_box_append (GTK_BOX (box), unit_label);
  gtk_box_append (GTK_BOX (box), gtk_label_new ("×"));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (line->price));
  gtk_box_append (GTK_BOX (box), gtk_label_new ("−"));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (line->discount));
  gtk_label_set_xalign (line->total, 1);
  gtk_widget_set_hexpand (GTK_WIDGET (line->total), TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (line->total), "numeric");
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (line->total));
  return box;
}

static void
add_line (ObaLinesEditor *self, Line *line, const char *unit, gint64 quantity, gint64 price, gint64 discount)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *top = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *name = oba_profile_label_new (line->name, NULL);

  line->row = gtk_list_box_row_new ();
  line->total = GTK_LABEL (gtk_label_new (NULL));
  line->problem = GTK_LABEL (oba_profile_label_new (NULL, "caption"));
  gtk_widget_add_css_class (GTK_WIDGET (line->problem), "error");
  gtk_widget_set_hexpand (name, TRUE);
  gtk_box_append (GTK_BOX (top), name);
  gtk_box_append (GTK_BOX (top), remove_button_new (self, line));
  gtk_box_append (GTK_BOX (box), top);
  gtk_box_append (GTK_BOX (box), make_figures (self, line, unit, quantity, price, discount));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (line->problem));
  gtk_widget_add_css_class (box, "receipt-row");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (line->row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (line->row), FALSE);
  gtk_widget_set_focusable (line->row, FALSE);
  g_ptr_array_add (self->lines, line);
  gtk_list_box_append (self->list, line->row);
  show_line (line);
}

/* ---- filling it */

void
oba_lines_editor_set_receipt (ObaLinesEditor *self, ObaCorrectable *receipt)
{
  self->filling = TRUE;
  while (self->lines->len > 0)
    drop_line (self, self->lines->pdata[0]);
  for (guint i = 0; i < receipt->lines->len; i++)
    {
      const ObaCorrectableLine *from = receipt->lines->pdata[i];
      Line *line;

      if (from->left == 0)
        continue;
      line = g_new0 (Line, 1);
      line->product_id = from->product_id;
      line->name = g_strdup (*from->name != '\0' ? from->name : from->code);
      line->vat_permille = from->vat_permille;
      line->is_old = TRUE;
      line->old_quantity = from->left;
      line->old_price = from->unit_price;
      line->old_discount = from->discount;
      line->old_vat = from->vat;
      line->old_total = from->total;
      add_line (self, line, from->unit, from->left, from->unit_price, from->discount);
    }
  self->n_old = self->lines->len;
  self->filling = FALSE;
  changed (self);
}

/* One more of what is there already is a second line only when its price or its quantity cannot be read. */
static gboolean
add_one_more (ObaLinesEditor *self, const ObaProduct *product)
{
  for (guint i = 0; i < self->lines->len; i++)
    {
      Line *line = self->lines->pdata[i];
      Figures figures;

      if (line->product_id == product->id && !line->is_old && read_line (line, &figures) == NULL && figures.price == product->price)
        {
          g_autofree char *more = oba_correction_text_number (figures.quantity + 1000);

          gtk_editable_set_text (line->quantity, more);
          return TRUE;
        }
    }
  return FALSE;
}

void
oba_lines_editor_add (ObaLinesEditor *self, const ObaProduct *product)
{
  Line *line;

  if (self->lines->len >= MAX_LINES || add_one_more (self, product))
    return;
  line = g_new0 (Line, 1);
  line->product_id = product->id;
  line->name = g_strdup (product->name);
  line->vat_permille = product->vat_permille;
  add_line (self, line, product->unit, 1000, product->price, 0);
  changed (self);
}

static void
chosen_cb (ObaLinesEditor *self, ObaProduct *product)
{
  oba_lines_editor_add (self, product);
}

void
oba_lines_editor_scan (ObaLinesEditor *self, const char *code)
{
  oba_product_chooser_search (self->products, code, TRUE);
}

/* ---- tests */

static void
type (GtkEditable *entry, const char *text)
{
  if (text != NULL)
    gtk_editable_set_text (entry, text);
}

void
oba_lines_editor_type (ObaLinesEditor *self, guint place, const char *quantity, const char *price, const char *discount)
{
  const Line *line = self->lines->pdata[place];

  type (line->quantity, quantity);
  type (line->price, price);
  type (line->discount, discount);
}

void
oba_lines_editor_remove (ObaLinesEditor *self, guint place)
{
  drop_line (self, self->lines->pdata[place]);
  changed (self);
}

void
oba_lines_editor_search (ObaLinesEditor *self, const char *text)
{
  oba_product_chooser_search (self->products, text, TRUE);
}

gboolean
oba_lines_editor_is_settled (ObaLinesEditor *self)
{
  return !oba_product_chooser_is_searching (self->products);
}

/* ---- the object */

static void
oba_lines_editor_dispose (GObject *object)
{
  ObaLinesEditor *self = OBA_LINES_EDITOR (object);

  self->filling = TRUE;

  G_OBJECT_CLASS (oba_lines_editor_parent_class)->dispose (object);
}

static void
oba_lines_editor_finalize (GObject *object)
{
  g_ptr_array_unref (OBA_LINES_EDITOR (object)->lines);

  G_OBJECT_CLASS (oba_lines_editor_parent_class)->finalize (object);
}

static void
oba_lines_editor_class_init (ObaLinesEditorClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = oba_lines_editor_dispose;
  G_OBJECT_CLASS (klass)->finalize = oba_lines_editor_finalize;

  signals[CHANGED] = g_signal_new ("changed", OBA_TYPE_LINES_EDITOR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
oba_lines_editor_init (ObaLinesEditor *self)
{
  self->lines = g_ptr_array_new_with_free_func (line_free);
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  gtk_widget_set_visible (GTK_WIDGET (self->list), FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Lines of the receipt"), -1);
}

GtkWidget *
oba_lines_editor_new (ObaDbPool *pool)
{
  ObaLinesEditor *self = g_object_new (OBA_TYPE_LINES_EDITOR, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);

  self->products = OBA_PRODUCT_CHOOSER (oba_product_chooser_new (pool));
  g_signal_connect_object (self->products, "chosen", G_CALLBACK (chosen_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->list));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->products));
  adw_bin_set_child (ADW_BIN (self), box);
  return GTK_WIDGET (self);
}
