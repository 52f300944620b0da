#include "oba-move-form.h"

#include <glib/gi18n-lib.h>

#include "customers/oba-profile-section.h"
#include "widgets/oba-customer-chooser.h"

struct _ObaMoveForm
{
  ObaCorrectionForm   parent_instance;

  GtkLabel           *problem;
  GtkCheckButton     *somebody;
  GtkCheckButton     *nobody;
  ObaCustomerChooser *chooser;
};

G_DEFINE_FINAL_TYPE (ObaMoveForm, oba_move_form, OBA_TYPE_CORRECTION_FORM)

static gboolean
is_for_nobody (ObaMoveForm *self)
{
  return gtk_widget_get_visible (GTK_WIDGET (self->nobody)) && gtk_check_button_get_active (self->nobody);
}

/* It is this customer's already. */
static gboolean
is_same (ObaMoveForm *self)
{
  ObaCorrectable *receipt = oba_correction_form_get_receipt (OBA_CORRECTION_FORM (self));

  return !is_for_nobody (self) && receipt != NULL && receipt->person && receipt->key.customer_id == oba_customer_chooser_get_customer (self->chooser);
}

static ObaCorrection *
oba_move_form_make (ObaCorrectionForm *form)
{
  ObaMoveForm *self = OBA_MOVE_FORM (form);
  gint64 customer = oba_customer_chooser_get_customer (self->chooser);
  ObaCorrection *correction;

  if (!is_for_nobody (self) && (customer == 0 || is_same (self)))
    return NULL;
  correction = oba_correction_new (OBA_CORRECTION_MOVE);
  oba_correction_set_receipt (correction, &oba_correction_form_get_receipt (form)->key);
  if (!is_for_nobody (self))
    oba_correction_set_customer (correction, customer);
  return correction;
}

static void
changed_cb (ObaMoveForm *self)
{
  gtk_widget_set_sensitive (GTK_WIDGET (self->chooser), !is_for_nobody (self));
  gtk_widget_set_visible (GTK_WIDGET (self->problem), is_same (self));
  oba_correction_form_changed (OBA_CORRECTION_FORM (self));
}

static gboolean
oba_move_form_is_touched (ObaCorrectionForm *form)
{
  ObaMoveForm *self = OBA_MOVE_FORM (form);

  return is_for_nobody (self) || oba_customer_chooser_is_touched (self->chooser);
}

static void
oba_move_form_set_receipt (ObaCorrectionForm *form, ObaCorrectable *receipt)
{
  ObaMoveForm *self = OBA_MOVE_FORM (form);

  gtk_widget_set_visible (GTK_WIDGET (self->somebody), receipt->person);
  gtk_widget_set_visible (GTK_WIDGET (self->nobody), receipt->person);
  gtk_widget_set_visible (GTK_WIDGET (self->problem), is_same (self));
}

static void
oba_move_form_show_problem (ObaCorrectionForm *form)
{
  gtk_widget_child_focus (GTK_WIDGET (OBA_MOVE_FORM (form)->chooser), GTK_DIR_TAB_FORWARD);
}

static void
oba_move_form_scanned (ObaCorrectionForm *form, const char *code)
{
  ObaMoveForm *self = OBA_MOVE_FORM (form);

  gtk_check_button_set_active (self->somebody, TRUE);
  oba_customer_chooser_search (self->chooser, code, TRUE);
}

static void
oba_move_form_class_init (ObaMoveFormClass *klass)
{
  ObaCorrectionFormClass *form_class = OBA_CORRECTION_FORM_CLASS (klass);

  form_class->make = oba_move_form_make;
  form_class->is_touched = oba_move_form_is_touched;
  form_class->set_receipt = oba_move_form_set_receipt;
  form_class->show_problem = oba_move_form_show_problem;
  form_class->scanned = oba_move_form_scanned;
}

static void
oba_move_form_init (ObaMoveForm *self)
{
  self->somebody = GTK_CHECK_BUTTON (gtk_check_button_new_with_mnemonic (_("To another _customer")));
  self->nobody = GTK_CHECK_BUTTON (gtk_check_button_new_with_mnemonic (_("To no_body, as if it was sold without a card")));
  self->problem = GTK_LABEL (oba_profile_label_new (_("The receipt belongs to this customer already."), "error"));
  gtk_check_button_set_group (self->nobody, self->somebody);
  gtk_check_button_set_active (self->somebody, TRUE);
}

ObaCorrectionForm *
oba_move_form_new (ObaDbPool *pool)
{
  ObaMoveForm *self = g_object_new (OBA_TYPE_MOVE_FORM, "kind", OBA_CORRECTION_MOVE, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  self->chooser = OBA_CUSTOMER_CHOOSER (oba_customer_chooser_new (pool));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->somebody));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->chooser));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->problem));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->nobody));
  adw_bin_set_child (ADW_BIN (self), box);
  g_signal_connect_object (self->somebody, "toggled", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->chooser, "notify::customer-id", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  return OBA_CORRECTION_FORM (self);
}
