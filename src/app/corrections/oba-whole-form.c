#include "oba-whole-form.h"

#include <glib/gi18n-lib.h>

#include "base/oba-money.h"
#include "customers/oba-profile-section.h"
#include "oba-correction-text.h"

struct _ObaWholeForm
{
  ObaCorrectionForm parent_instance;

  GtkBox *box;
};

G_DEFINE_FINAL_TYPE (ObaWholeForm, oba_whole_form, OBA_TYPE_CORRECTION_FORM)

static ObaCorrection *
oba_whole_form_make (ObaCorrectionForm *form)
{
  ObaCorrectable *receipt = oba_correction_form_get_receipt (form);
  ObaCorrection *correction;

  if (oba_correction_form_get_kind (form) == OBA_CORRECTION_UNDO)
    return receipt->undo_id != 0 ? oba_correction_new_undo (receipt->undo_id) : NULL;
  correction = oba_correction_new (OBA_CORRECTION_VOID);
  oba_correction_set_receipt (correction, &receipt->key);
  return correction;
}

static const char *
describe (ObaCorrectionForm *form, ObaCorrectable *receipt)
{
  if (oba_correction_form_get_kind (form) == OBA_CORRECTION_VOID)
    return _("All that is left of it is taken back, and paid out as it was paid in.");
  switch (receipt->undo_kind)
    {
    case OBA_CORRECTION_RETURN:
      return _("The return is taken back: what was returned counts as sold again.");
    case OBA_CORRECTION_VOID:
      return _("The void is taken back: the receipt counts again.");
    case OBA_CORRECTION_CHANGE:
      return _("The change is taken back: the receipt is again as it was before.");
    case OBA_CORRECTION_MOVE:
      return _("The receipt goes back to whom it belonged before.");
    case OBA_CORRECTION_MISSED:
    case OBA_CORRECTION_UNDO:
    default:
      return _("What was recorded from paper is taken back.");
    }
}

static void
add_line (GtkGrid *grid, int row, const ObaCorrectableLine *line)
{
  g_autofree char *quantity = oba_correction_text_amount (line->left, line->unit);
  g_autofree char *total = oba_money_format (line->total);
  GtkWidget *product = oba_profile_label_new (line->name, NULL);
  GtkWidget *much = oba_profile_label_new (quantity, "dim-label");
  GtkWidget *amount = oba_profile_label_new (total, "numeric");

  gtk_widget_set_hexpand (product, TRUE);
  gtk_label_set_xalign (GTK_LABEL (much), 1);
  gtk_label_set_xalign (GTK_LABEL (amount), 1);
  gtk_grid_attach (grid, product, 0, row, 1, 1);
  gtk_grid_attach (grid, much, 1, row, 1, 1);
  gtk_grid_attach (grid, amount, 2, row, 1, 1);
}

static void
oba_whole_form_set_receipt (ObaCorrectionForm *form, ObaCorrectable *receipt)
{
  ObaWholeForm *self = OBA_WHOLE_FORM (form);
  ObaProfileSection *section = g_object_new (OBA_TYPE_PROFILE_SECTION, "title", _("What Is Left of It"), NULL);
  GtkWidget *grid = gtk_grid_new ();
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->box))) != NULL)
    gtk_box_remove (self->box, child);
  gtk_box_append (self->box, oba_profile_label_new (describe (form, receipt), NULL));
  gtk_grid_set_column_spacing (GTK_GRID (grid), 12);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 6);
  for (guint i = 0; i < receipt->lines->len; i++)
    if (((ObaCorrectableLine *) receipt->lines->pdata[i])->left > 0)
      add_line (GTK_GRID (grid), (int) i, receipt->lines->pdata[i]);
  if (gtk_widget_get_first_child (grid) != NULL)
    oba_profile_section_add (section, grid);
  else
    oba_profile_section_add_note (section, _("Nothing."));
  gtk_box_append (self->box, GTK_WIDGET (section));
}

static void
oba_whole_form_class_init (ObaWholeFormClass *klass)
{
  OBA_CORRECTION_FORM_CLASS (klass)->make = oba_whole_form_make;
  OBA_CORRECTION_FORM_CLASS (klass)->set_receipt = oba_whole_form_set_receipt;
}

static void
oba_whole_form_init (ObaWholeForm *self)
{
  self->box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 12));
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->box));
}

ObaCorrectionForm *
oba_whole_form_new (ObaCorrectionKind kind)
{
  return g_object_new (OBA_TYPE_WHOLE_FORM, "kind", kind, NULL);
}
