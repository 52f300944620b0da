#include "oba-return-form.h"

#include <glib/gi18n-lib.h>

#include "base/oba-money.h"
#include "customers/oba-profile-section.h"
#include "oba-correction-text.h"
#include "widgets/oba-field.h"

static const char *const ways[] = { "cash", "card", "other" };

/* One line of the receipt. */
typedef struct
{
  const ObaCorrectableLine *line;      /* of the form's receipt */
  GtkEditable              *entry;     /* NULL: nothing is left of it */
  GtkLabel                 *problem;
} Row;

struct _ObaReturnForm
{
  ObaCorrectionForm parent_instance;

  GArray      *rows;       /* of Row */
  gboolean     filling;
  GtkListBox  *list;
  GtkLabel    *note;
  GtkDropDown *refund;
};

G_DEFINE_FINAL_TYPE (ObaReturnForm, oba_return_form, OBA_TYPE_CORRECTION_FORM)

/* ---- what is typed */

/* 0: nothing of it comes back; -1: what is typed cannot be. (out): (transfer full): why not */
static gint64
read_row (const Row *row, char **problem)
{
  const char *text = row->entry != NULL ? gtk_editable_get_text (row->entry) : "";
  gint64 quantity;

  if (*text == '\0' || g_str_equal (text, "0"))
    return 0;
  if (!oba_correction_text_quantity (text, &quantity))
    {
      *problem = g_strdup (_("A quantity above 0, with at most 3 decimals."));
      return -1;
    }
  if (quantity > row->line->left)
    {
      g_autofree char *left = oba_correction_text_amount (row->line->left, row->line->unit);

      *problem = g_strdup_printf (_("At most %s can be returned."), left);
      return -1;
    }
  return quantity;
}

static void
show_row (const Row *row)
{
  g_autofree char *problem = NULL;

  if (row->entry == NULL)
    return;
  read_row (row, &problem);
  gtk_label_set_label (row->problem, problem != NULL ? problem : "");
  gtk_widget_set_visible (GTK_WIDGET (row->problem), problem != NULL);
  if (problem != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (row->entry), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (row->entry), "error");
  gtk_accessible_update_state (GTK_ACCESSIBLE (row->entry), GTK_ACCESSIBLE_STATE_INVALID,
                               problem != NULL ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
}

static void
typed_cb (ObaReturnForm *self)
{
  if (self->filling)
    return;
  for (guint i = 0; i < self->rows->len; i++)
    show_row (&g_array_index (self->rows, Row, i));
  oba_correction_form_changed (OBA_CORRECTION_FORM (self));
}

static ObaCorrection *
oba_return_form_make (ObaCorrectionForm *form)
{
  ObaReturnForm *self = OBA_RETURN_FORM (form);
  g_autoptr (ObaCorrection) correction = oba_correction_new (OBA_CORRECTION_RETURN);
  gboolean any = FALSE;

  oba_correction_set_receipt (correction, &oba_correction_form_get_receipt (form)->key);
  for (guint i = 0; i < self->rows->len; i++)
    {
      const Row *row = &g_array_index (self->rows, Row, i);
      g_autofree char *problem = NULL;
      gint64 quantity = read_row (row, &problem);

      if (quantity < 0)
        return NULL;
      if (quantity > 0)
        oba_correction_return_line (correction, row->line->line_no, quantity);
      any = any || quantity > 0;
    }
  oba_correction_set_refund (correction, ways[gtk_drop_down_get_selected (self->refund)]);
  return any ? g_steal_pointer (&correction) : NULL;
}

static gboolean
oba_return_form_is_touched (ObaCorrectionForm *form)
{
  ObaReturnForm *self = OBA_RETURN_FORM (form);

  for (guint i = 0; i < self->rows->len; i++)
    {
      const Row *row = &g_array_index (self->rows, Row, i);

      if (row->entry != NULL && *gtk_editable_get_text (row->entry) != '\0')
        return TRUE;
    }
  return FALSE;
}

/* The first that is wrong, or the first of all. */
static void
oba_return_form_show_problem (ObaCorrectionForm *form)
{
  ObaReturnForm *self = OBA_RETURN_FORM (form);
  const Row *first = NULL;

  for (guint i = self->rows->len; i > 0; i--)
    {
      const Row *row = &g_array_index (self->rows, Row, i - 1);

      if (row->entry != NULL && (first == NULL || first->problem == NULL || gtk_widget_get_visible (GTK_WIDGET (row->problem))
                                 || !gtk_widget_get_visible (GTK_WIDGET (first->problem))))
        first = row;
    }
  if (first != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (first->entry));
}

/* ---- a line */

static void
all_cb (GtkButton *button, GtkEditable *entry)
{
  gtk_editable_set_text (entry, g_object_get_data (G_OBJECT (entry), "oba-left"));
  gtk_widget_grab_focus (GTK_WIDGET (entry));
}

/* "3 for 7,50 ₼", and what was returned of it before. */
static char *
describe_line (const ObaCorrectableLine *line)
{
  g_autofree char *sold = oba_correction_text_amount (line->quantity, line->unit);
  g_autofree char *price = oba_money_format (line->unit_price);
  g_autofree char *back = oba_correction_text_amount (line->quantity - line->left, line->unit);
  /* Translators: a quantity, a price: "3 × 2,50 ₼". */
  g_autofree char *bought = g_strdup_printf (_("%s × %s"), sold, price);

  if (line->left == line->quantity)
    return g_steal_pointer (&bought);
  if (line->left > 0)
    /* Translators: "3 × 2,50 ₼", "1", "3". */
    return g_strdup_printf (_("%s; already returned: %s of %s"), bought, back, sold);
  return g_strdup_printf (_("%s; all of it was returned before"), bought);
}

static void
add_entry (ObaReturnForm *self, Row *row, GtkWidget *box)
{
  GtkWidget *entry = gtk_entry_new ();
  GtkWidget *all = gtk_button_new_with_label (_("All"));
  g_autofree char *name = g_strdup_printf (_("How much of %s is returned"), row->line->name);
  g_autofree char *every = g_strdup_printf (_("All of %s"), row->line->name);

  row->entry = GTK_EDITABLE (entry);
  g_object_set_data_full (G_OBJECT (entry), "oba-left", oba_correction_text_number (row->line->left), g_free);
  gtk_entry_set_input_purpose (GTK_ENTRY (entry), GTK_INPUT_PURPOSE_NUMBER);
  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), "0");
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  gtk_editable_set_width_chars (row->entry, 7);
  gtk_editable_set_max_width_chars (row->entry, 7);
  gtk_editable_set_alignment (row->entry, 1);
  gtk_widget_set_valign (entry, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (all, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (all), GTK_ACCESSIBLE_PROPERTY_LABEL, every, -1);
  g_signal_connect_object (entry, "changed", G_CALLBACK (typed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (all, "clicked", G_CALLBACK (all_cb), entry, 0);
  gtk_box_append (GTK_BOX (box), entry);
  gtk_box_append (GTK_BOX (box), all);
}

static GtkWidget *
row_new (ObaReturnForm *self, Row *row)
{
  GtkWidget *child = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  g_autofree char *subtitle = describe_line (row->line);
  GtkWidget *below = oba_profile_label_new (subtitle, "caption");

  row->problem = GTK_LABEL (oba_profile_label_new (NULL, "caption"));
  gtk_widget_add_css_class (GTK_WIDGET (row->problem), "error");
  gtk_widget_set_visible (GTK_WIDGET (row->problem), FALSE);
  gtk_widget_add_css_class (below, "dim-label");
  gtk_box_append (GTK_BOX (texts), oba_profile_label_new (*row->line->name != '\0' ? row->line->name : row->line->code, NULL));
  gtk_box_append (GTK_BOX (texts), below);
  gtk_box_append (GTK_BOX (texts), GTK_WIDGET (row->problem));
  gtk_widget_set_hexpand (texts, TRUE);
  gtk_box_append (GTK_BOX (box), texts);
  if (row->line->left > 0)
    add_entry (self, row, box);
  else
    gtk_widget_set_sensitive (texts, FALSE);
  gtk_widget_add_css_class (box, "receipt-row");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (child), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (child), FALSE);
  gtk_widget_set_focusable (child, FALSE);
  return child;
}

/* ---- the receipt */

/* What was typed for a line stays, as long as it is the same article. (transfer full) */
static GPtrArray *
keep_typed (ObaReturnForm *self)
{
  GPtrArray *typed = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < self->rows->len; i++)
    {
      const Row *row = &g_array_index (self->rows, Row, i);

      g_ptr_array_add (typed, row->entry != NULL ? g_strdup_printf ("%" G_GINT64_FORMAT " %s", row->line->product_id, gtk_editable_get_text (row->entry)) : g_strdup (""));
    }
  return typed;
}

static void
put_back (const Row *row, const char *kept)
{
  g_autofree char *product = g_strdup_printf ("%" G_GINT64_FORMAT " ", row->line->product_id);

  if (row->entry != NULL && g_str_has_prefix (kept, product))
    gtk_editable_set_text (row->entry, kept + strlen (product));
  show_row (row);
}

static guint
likely_way (ObaCorrectable *receipt)
{
  if (receipt->other > receipt->cash && receipt->other > receipt->card)
    return 2;
  return receipt->card > receipt->cash ? 1 : 0;
}

static void
oba_return_form_set_receipt (ObaCorrectionForm *form, ObaCorrectable *receipt)
{
  ObaReturnForm *self = OBA_RETURN_FORM (form);
  g_autoptr (GPtrArray) typed = keep_typed (self);
  GtkWidget *child;

  self->filling = TRUE;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, child);
  g_array_set_size (self->rows, 0);
  for (guint i = 0; i < receipt->lines->len; i++)
    {
      Row row = { .line = receipt->lines->pdata[i] };

      gtk_list_box_append (self->list, row_new (self, &row));
      g_array_append_val (self->rows, row);
      if (i < typed->len)
        put_back (&row, typed->pdata[i]);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->note), receipt->left == 0);
  if (typed->len == 0)
    gtk_drop_down_set_selected (self->refund, likely_way (receipt));
  self->filling = FALSE;
}

void
oba_return_form_set (ObaReturnForm *self, int line_no, const char *quantity)
{
  for (guint i = 0; i < self->rows->len; i++)
    {
      const Row *row = &g_array_index (self->rows, Row, i);

      if (row->line->line_no == line_no && row->entry != NULL)
        gtk_editable_set_text (row->entry, quantity);
    }
}

/* ---- the object */

static void
oba_return_form_finalize (GObject *object)
{
  g_array_unref (OBA_RETURN_FORM (object)->rows);

  G_OBJECT_CLASS (oba_return_form_parent_class)->finalize (object);
}

static void
oba_return_form_class_init (ObaReturnFormClass *klass)
{
  ObaCorrectionFormClass *form_class = OBA_CORRECTION_FORM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = oba_return_form_finalize;
  form_class->make = oba_return_form_make;
  form_class->is_touched = oba_return_form_is_touched;
  form_class->set_receipt = oba_return_form_set_receipt;
  form_class->show_problem = oba_return_form_show_problem;
}

static void
oba_return_form_init (ObaReturnForm *self)
{
  const char *const titles[] = { _("In cash"), _("To the card"), _("In another way"), NULL };
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  self->rows = g_array_new (FALSE, TRUE, sizeof (Row));
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  self->note = GTK_LABEL (oba_profile_label_new (_("Everything of this receipt was returned before."), "dim-label"));
  self->refund = GTK_DROP_DOWN (gtk_drop_down_new_from_strings (titles));
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Lines of the receipt"), -1);
  g_signal_connect_object (self->refund, "notify::selected", G_CALLBACK (typed_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->note));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->list));
  gtk_box_append (GTK_BOX (box), oba_field_new (_("Paid back"), GTK_WIDGET (self->refund), NULL));
  adw_bin_set_child (ADW_BIN (self), box);
}

ObaCorrectionForm *
oba_return_form_new (void)
{
  return g_object_new (OBA_TYPE_RETURN_FORM, "kind", OBA_CORRECTION_RETURN, NULL);
}
