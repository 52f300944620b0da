#include "oba-change-form.h"

#include <glib/gi18n-lib.h>

#include "base/oba-money.h"
#include "customers/oba-profile-section.h"
#include "oba-lines-editor.h"
#include "oba-moment-box.h"
#include "oba-payment-box.h"
#include "oba-place-box.h"

struct _ObaChangeForm
{
  ObaCorrectionForm parent_instance;

  gboolean        filling;
  ObaPlaceBox    *place;
  ObaMomentBox   *moment;
  ObaLinesEditor *lines;
  GtkLabel       *sum;
  ObaPaymentBox  *payment;
};

G_DEFINE_FINAL_TYPE (ObaChangeForm, oba_change_form, OBA_TYPE_CORRECTION_FORM)

/* NULL while something cannot be, or nothing is changed. */
static ObaCorrection *
oba_change_form_make (ObaCorrectionForm *form)
{
  ObaChangeForm *self = OBA_CHANGE_FORM (form);
  g_autoptr (ObaCorrection) correction = oba_correction_new (OBA_CORRECTION_CHANGE);
  gboolean lines = oba_lines_editor_is_changed (self->lines);
  gboolean place = oba_place_box_is_changed (self->place);
  gboolean moment = oba_moment_box_is_changed (self->moment);
  gint64 total, store, at;
  int till;

  if (!oba_lines_editor_get_total (self->lines, &total) || !oba_place_box_get (self->place, &store, &till) || !oba_moment_box_get (self->moment, &at))
    return NULL;
  if ((!lines && !place && !moment) || (lines && !oba_payment_box_is_right (self->payment)))
    return NULL;
  oba_correction_set_receipt (correction, &oba_correction_form_get_receipt (form)->key);
  if (place)
    oba_correction_set_store (correction, store, till);
  if (moment)
    oba_correction_set_time (correction, at);
  if (lines)
    {
      oba_lines_editor_apply (self->lines, correction);
      oba_payment_box_apply (self->payment, correction);
    }
  return g_steal_pointer (&correction);
}

/* "12,30 ₼ instead of 12,40 ₼ (−0,10 ₼)" */
static void
show_sum (ObaChangeForm *self)
{
  ObaCorrectable *receipt = oba_correction_form_get_receipt (OBA_CORRECTION_FORM (self));
  gboolean changed = oba_lines_editor_is_changed (self->lines);
  gint64 total;

  if (oba_lines_editor_get_total (self->lines, &total))
    {
      gint64 change = total - receipt->left;
      g_autofree char *now = oba_money_format (total);
      g_autofree char *before = oba_money_format (receipt->left);
      g_autofree char *amount = oba_money_format (ABS (change));
      /* Translators: two amounts, and their difference with its sign. */
      g_autofree char *text = change != 0 ? g_strdup_printf (_("The lines make %s instead of %s (%s%s)."), now, before, change > 0 ? "+" : "−", amount)
                                          : g_strdup_printf (_("The lines make %s, as before."), now);

      gtk_label_set_label (self->sum, text);
      oba_payment_box_set_total (self->payment, total);
    }
  else
    gtk_label_set_label (self->sum, oba_lines_editor_get_n_lines (self->lines) == 0 ? _("A receipt has at least one line; to take all of it back, void it.") : "");
  gtk_widget_set_visible (GTK_WIDGET (self->payment), changed);
}

static void
changed_cb (ObaChangeForm *self)
{
  if (self->filling)
    return;
  show_sum (self);
  oba_correction_form_changed (OBA_CORRECTION_FORM (self));
}

static gboolean
oba_change_form_is_touched (ObaCorrectionForm *form)
{
  ObaChangeForm *self = OBA_CHANGE_FORM (form);

  return oba_lines_editor_is_changed (self->lines) || oba_place_box_is_changed (self->place) || oba_moment_box_is_changed (self->moment);
}

/* What was typed stays; what was not is as the receipt is now. */
static void
oba_change_form_set_receipt (ObaCorrectionForm *form, ObaCorrectable *receipt)
{
  ObaChangeForm *self = OBA_CHANGE_FORM (form);
  gboolean is_first = oba_lines_editor_get_n_lines (self->lines) == 0;

  self->filling = TRUE;
  if (is_first || !oba_place_box_is_changed (self->place))
    oba_place_box_set (self->place, receipt->store_id, receipt->store, receipt->till);
  if (is_first || !oba_moment_box_is_changed (self->moment))
    oba_moment_box_set (self->moment, receipt->sold_at);
  if (is_first || !oba_lines_editor_is_changed (self->lines))
    {
      oba_lines_editor_set_receipt (self->lines, receipt);
      oba_payment_box_set (self->payment, receipt->cash, receipt->card, receipt->other, receipt->points);
    }
  self->filling = FALSE;
  show_sum (self);
}

static void
oba_change_form_show_problem (ObaCorrectionForm *form)
{
  ObaChangeForm *self = OBA_CHANGE_FORM (form);
  gint64 store, at, total;
  int till;

  if (!oba_place_box_get (self->place, &store, &till))
    oba_place_box_focus_problem (self->place);
  else if (!oba_moment_box_get (self->moment, &at))
    oba_moment_box_focus_problem (self->moment);
  else if (!oba_lines_editor_get_total (self->lines, &total))
    oba_lines_editor_focus_problem (self->lines);
  else
    gtk_widget_child_focus (GTK_WIDGET (self->payment), GTK_DIR_TAB_FORWARD);
}

static void
oba_change_form_scanned (ObaCorrectionForm *form, const char *code)
{
  oba_lines_editor_scan (OBA_CHANGE_FORM (form)->lines, code);
}

static void
oba_change_form_class_init (ObaChangeFormClass *klass)
{
  ObaCorrectionFormClass *form_class = OBA_CORRECTION_FORM_CLASS (klass);

  form_class->make = oba_change_form_make;
  form_class->is_touched = oba_change_form_is_touched;
  form_class->set_receipt = oba_change_form_set_receipt;
  form_class->show_problem = oba_change_form_show_problem;
  form_class->scanned = oba_change_form_scanned;
}

static void
oba_change_form_init (ObaChangeForm *self)
{
}

ObaCorrectionForm *
oba_change_form_new (ObaDbPool *pool)
{
  ObaChangeForm *self = g_object_new (OBA_TYPE_CHANGE_FORM, "kind", OBA_CORRECTION_CHANGE, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  self->place = OBA_PLACE_BOX (oba_place_box_new (pool));
  self->moment = OBA_MOMENT_BOX (oba_moment_box_new ());
  self->lines = OBA_LINES_EDITOR (oba_lines_editor_new (pool));
  self->sum = GTK_LABEL (oba_profile_label_new (NULL, "heading"));
  self->payment = OBA_PAYMENT_BOX (oba_payment_box_new ());
  g_signal_connect_object (self->place, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->moment, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->lines, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->payment, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->place));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->moment));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->lines));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->sum));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->payment));
  adw_bin_set_child (ADW_BIN (self), box);
  return OBA_CORRECTION_FORM (self);
}
