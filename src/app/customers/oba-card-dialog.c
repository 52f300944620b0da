#include "oba-card-dialog.h"

#include <glib/gi18n-lib.h>

#include "oba-card-entry.h"

typedef struct
{
  AdwMessageDialog *dialog;
  ObaProfileView   *view;
  char             *replaces;
  ObaCardEntry     *card;
} CardDialog;

static void
card_dialog_free (CardDialog *self)
{
  g_free (self->replaces);
  g_free (self);
}

static void
changed_cb (CardDialog *self)
{
  adw_message_dialog_set_response_enabled (self->dialog, "give",
                                           *oba_card_entry_get_card (self->card) != '\0' && oba_card_entry_get_problem (self->card) == NULL);
}

static GVariant *
make_request (CardDialog *self)
{
  GVariantDict card;
  GVariantDict dict;

  g_variant_dict_init (&card, NULL);
  g_variant_dict_insert (&card, "token", "s", oba_card_entry_get_card (self->card));
  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "customer_id", "x", oba_profile_view_get_customer_id (self->view));
  g_variant_dict_insert_value (&dict, "card", g_variant_dict_end (&card));
  if (self->replaces != NULL)
    g_variant_dict_insert (&dict, "replaces", "s", self->replaces);
  return g_variant_dict_end (&dict);
}

static void
response_cb (CardDialog *self, const char *response)
{
  if (g_str_equal (response, "give"))
    oba_profile_changes_ask (oba_profile_view_get_changes (self->view), "give_card", make_request (self), _("The card is handed out"), NULL);
}

void
oba_card_dialog_present (ObaProfileView *view, const char *replaces)
{
  CardDialog *self = g_new0 (CardDialog, 1);
  /* Translators: the number of a card. */
  g_autofree char *replacing = g_strdup_printf (_("Card %s no longer works from then on. Points, tier and history belong to the customer and stay."),
                                                replaces != NULL ? replaces : "");
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (view))),
                                              replaces != NULL ? _("Replace the Card") : _("Hand Out a Card"),
                                              replaces != NULL ? replacing : _("It belongs to the customer from then on."));

  self->dialog = ADW_MESSAGE_DIALOG (dialog);
  self->view = view;
  self->replaces = g_strdup (replaces);
  self->card = OBA_CARD_ENTRY (oba_card_entry_new (oba_session_get_pool (oba_profile_view_get_session (view))));
  adw_message_dialog_set_extra_child (self->dialog, GTK_WIDGET (self->card));
  adw_message_dialog_add_responses (self->dialog, "cancel", _("_Cancel"), "give", replaces != NULL ? _("_Replace") : _("_Hand Out"), NULL);
  adw_message_dialog_set_response_appearance (self->dialog, "give", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (self->dialog, "give");
  adw_message_dialog_set_close_response (self->dialog, "cancel");
  adw_message_dialog_set_response_enabled (self->dialog, "give", FALSE);
  g_object_set_data_full (G_OBJECT (dialog), "oba-card-dialog", self, (GDestroyNotify) card_dialog_free);
  g_signal_connect_swapped (self->card, "changed", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (dialog, "response", G_CALLBACK (response_cb), self);
  /* The profile may go, and takes the question with it. */
  g_signal_connect_object (view, "destroy", G_CALLBACK (gtk_window_destroy), dialog, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
  oba_card_entry_focus (self->card);
}
