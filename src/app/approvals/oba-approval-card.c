#include "oba-approval-card.h"

#include <glib/gi18n-lib.h>

#include "corrections/oba-correction-text.h"
#include "corrections/oba-effect-box.h"
#include "customers/oba-erase-window.h"
#include "customers/oba-merge-preview-box.h"
#include "customers/oba-profile-section.h"
#include "oba-approval-text.h"

static GtkWidget *
button_new (const char *label, const char *spoken, const char *action, GVariant *target, const char *css_class)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_actionable_set_action_target_value (GTK_ACTIONABLE (button), target);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  if (css_class != NULL)
    gtk_widget_add_css_class (button, css_class);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  gtk_widget_set_tooltip_text (button, spoken);
  return button;
}

/* What it is about; a receipt that is there can be opened. */
static GtkWidget *
title_new (const ObaApproval *approval, const char *title)
{
  GtkWidget *label = oba_profile_label_new (title, "heading");
  const ObaReceiptKey *key = approval->receipt != NULL ? &approval->receipt->key : NULL;
  GtkWidget *button;

  if (key == NULL || key->receipt_id == 0)
    return label;
  button = button_new ("", _("Open the receipt"), "approvals.open-receipt", g_variant_new ("(xxx)", key->customer_id, key->at, key->receipt_id), "flat");
  gtk_button_set_child (GTK_BUTTON (button), label);
  gtk_widget_add_css_class (button, "person-button");
  gtk_widget_set_halign (button, GTK_ALIGN_START);
  return button;
}

static void
add_line (GtkWidget *lines, char *text, const char *css_class)
{
  if (*text != '\0')
    gtk_box_append (GTK_BOX (lines), oba_profile_label_new (text, css_class));
  g_free (text);
}

static GtkWidget *
lines_new (const ObaApproval *approval, const char *title)
{
  GtkWidget *lines = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);

  gtk_box_append (GTK_BOX (lines), title_new (approval, title));
  add_line (lines, oba_approval_text_place (approval), "dim-label");
  add_line (lines, oba_approval_text_asked (approval), "dim-label");
  add_line (lines, oba_approval_text_why (approval), NULL);
  add_line (lines, oba_approval_text_decided (approval), NULL);
  gtk_widget_set_hexpand (lines, TRUE);
  return lines;
}

/* What can be done; to whom nothing is left, why. */
static GtkWidget *
buttons_new (const ObaApproval *approval, const char *title, ObaApprovalMay may)
{
  GtkWidget *buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  g_autofree char *approve = g_strdup_printf (_("Approve: %s"), title);
  g_autofree char *reject = g_strdup_printf (_("Reject: %s"), title);
  g_autofree char *withdraw = g_strdup_printf (_("Withdraw: %s"), title);

  gtk_widget_set_halign (buttons, GTK_ALIGN_END);
  gtk_widget_set_valign (buttons, GTK_ALIGN_CENTER);
  if (approval->is_mine)
    gtk_box_append (GTK_BOX (buttons), button_new (_("_Withdraw"), withdraw, "approvals.withdraw", g_variant_new_int64 (approval->id), NULL));
  else if (may == OBA_APPROVAL_MAY_DECIDE)
    {
      gtk_box_append (GTK_BOX (buttons), button_new (_("_Reject…"), reject, "approvals.reject", g_variant_new_int64 (approval->id), NULL));
      gtk_box_append (GTK_BOX (buttons), button_new (_("_Approve"), approve, "approvals.approve", g_variant_new ("(xs)", approval->id, approval->seen), "suggested-action"));
    }
  return buttons;
}

/* Why there is no button to approve it. */
static const char *
describe_hindrance (const ObaApproval *approval, ObaApprovalMay may)
{
  if (approval->is_mine && may == OBA_APPROVAL_MAY_DECIDE)
    return _("You asked for this yourself: another supervisor decides.");
  return may == OBA_APPROVAL_MAY_DECIDE ? NULL : _("A supervisor decides.");
}

static GtkWidget *
effect_new (const ObaApproval *approval, gboolean open)
{
  GtkWidget *box;

  if (approval->correction != NULL)
    {
      box = oba_effect_box_new ();
      oba_effect_box_show (OBA_EFFECT_BOX (box), approval->correction);
      return box;
    }
  if (approval->erasure != NULL)
    return oba_erase_figures_new (approval->erasure);
  box = oba_merge_preview_box_new ();
  oba_merge_preview_box_show (OBA_MERGE_PREVIEW_BOX (box), approval->merge, open ? approval->source : NULL, open ? approval->survivor : NULL,
                              g_str_equal (approval->kind, "unmerge"));
  return box;
}

static void
add_effect (GtkWidget *card, const ObaApproval *approval, gboolean open)
{
  GtkWidget *expander;

  if (open)
    {
      gtk_box_append (GTK_BOX (card), effect_new (approval, TRUE));
      return;
    }
  expander = gtk_expander_new (_("What it was about"));
  gtk_expander_set_child (GTK_EXPANDER (expander), effect_new (approval, FALSE));
  gtk_box_append (GTK_BOX (card), expander);
}

static void
add_note (GtkWidget *card, const char *text, const char *css_class)
{
  GtkWidget *note = oba_profile_label_new (text, css_class);

  gtk_box_append (GTK_BOX (card), note);
}

GtkWidget *
oba_approval_card_new (const ObaApproval *approval, ObaApprovalMay may)
{
  GtkWidget *card = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  gboolean open = g_str_equal (approval->state, "requested");
  g_autofree char *title = oba_approval_text_title (approval);
  g_autofree char *needs = open && approval->correction != NULL ? oba_correction_text_needs (approval->correction) : NULL;
  g_autofree char *age = open ? oba_approval_text_age (approval->requested_at) : NULL;

  gtk_widget_add_css_class (card, "card");
  gtk_widget_add_css_class (card, "panel");
  gtk_box_append (GTK_BOX (head), lines_new (approval, title));
  gtk_box_append (GTK_BOX (card), head);
  if (open)
    {
      gtk_box_append (GTK_BOX (head), oba_profile_pill_new (age, "dim-label"));
      gtk_box_append (GTK_BOX (head), buttons_new (approval, title, may));
      if (describe_hindrance (approval, may) != NULL)
        add_note (card, describe_hindrance (approval, may), "dim-label");
      if (approval->is_renewed)
        add_note (card, _("Something changed since this was asked. The figures are new: look at them before you approve."), "changed-note");
    }
  add_effect (card, approval, open);
  if (needs != NULL)
    {
      add_note (card, _("Why a second person decides:"), "dim-label");
      add_note (card, needs, "dim-label");
    }
  return card;
}
