#include "oba-profile-actions.h"

#include <glib/gi18n-lib.h>

#include "base/oba-phone.h"
#include "oba-card-dialog.h"
#include "oba-customer-text.h"
#include "oba-customers-page.h"
#include "oba-page.h"
#include "oba-profile-view.h"

/* Refers to what the dialog is about, while it is open. */
#define NUMBER_KEY "oba-card-number"

/* ---- consents */

static GVariant *
consent_request (gint64 customer, const char *channel, gboolean granted)
{
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "customer_id", "x", customer);
  g_variant_dict_insert (&dict, "channel", "s", channel);
  g_variant_dict_insert (&dict, "granted", "b", granted);
  g_variant_dict_insert (&dict, "through", "s", "staff");
  return g_variant_dict_end (&dict);
}

static void
set_consent_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ObaProfileView *view = OBA_PROFILE_VIEW (widget);
  gint64 id = oba_profile_view_get_customer_id (view);
  g_autofree char *said = NULL;
  const char *channel;
  gboolean granted;

  g_variant_get (parameter, "(&sb)", &channel, &granted);
  /* Translators: a way to reach somebody: "SMS", "Phone calls". */
  said = g_strdup_printf (granted ? _("%s: agreed to") : _("%s: not agreed to any more"), oba_customer_text_channel (channel));
  oba_profile_changes_ask (oba_profile_view_get_changes (view), "set_consent", consent_request (id, channel, granted), said,
                           consent_request (id, channel, !granted));
}

/* ---- cards */

static GVariant *
card_request (gint64 customer, const char *number, const char *state, const char *reason)
{
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "customer_id", "x", customer);
  g_variant_dict_insert (&dict, "number", "s", number);
  g_variant_dict_insert (&dict, "state", "s", state);
  if (reason != NULL && *reason != '\0')
    g_variant_dict_insert (&dict, "reason", "s", reason);
  return g_variant_dict_end (&dict);
}

static void
move_card (ObaProfileView *view, const char *number, const char *state, const char *reason, const char *before, const char *format)
{
  gint64 id = oba_profile_view_get_customer_id (view);
  g_autoptr (GString) said = g_string_new (format);

  g_string_replace (said, "%s", number, 1);
  oba_profile_changes_ask (oba_profile_view_get_changes (view), "block_card", card_request (id, number, state, reason), said->str,
                           before != NULL ? card_request (id, number, before, NULL) : NULL);
}

static void
card_lost_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  /* Translators: the number of a card. */
  move_card (OBA_PROFILE_VIEW (widget), g_variant_get_string (parameter, NULL), "lost", NULL, "active", _("Card %s is reported lost and no longer works"));
}

static void
card_works_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  /* Translators: the number of a card. */
  move_card (OBA_PROFILE_VIEW (widget), g_variant_get_string (parameter, NULL), "active", NULL, NULL, _("Card %s works again"));
}

static void
block_response_cb (AdwMessageDialog *dialog, const char *response, ObaProfileView *view)
{
  GtkEditable *reason = GTK_EDITABLE (adw_message_dialog_get_extra_child (dialog));

  if (g_str_equal (response, "block"))
    /* Translators: the number of a card. */
    move_card (view, g_object_get_data (G_OBJECT (dialog), NUMBER_KEY), "blocked", gtk_editable_get_text (reason), "active", _("Card %s is blocked"));
}

static void
reason_changed_cb (GtkEditable *reason, AdwMessageDialog *dialog)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (reason)));

  adw_message_dialog_set_response_enabled (dialog, "block", *text != '\0');
}

static void
card_block_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  const char *number = g_variant_get_string (parameter, NULL);
  /* Translators: the number of a card. */
  g_autofree char *heading = g_strdup_printf (_("Block Card %s?"), number);
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (widget)), heading,
                                              _("Tills refuse it from now on. The customer’s other cards and points are not touched. "
                                                "A supervisor can let it work again."));
  GtkWidget *reason = gtk_entry_new ();

  gtk_entry_set_placeholder_text (GTK_ENTRY (reason), _("Reason"));
  gtk_entry_set_max_length (GTK_ENTRY (reason), 1000);
  gtk_entry_set_activates_default (GTK_ENTRY (reason), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (reason), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Reason"), -1);
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), reason);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "block", _("_Block"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "block", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "block");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_response_enabled (ADW_MESSAGE_DIALOG (dialog), "block", FALSE);
  g_object_set_data_full (G_OBJECT (dialog), NUMBER_KEY, g_strdup (number), g_free);
  g_signal_connect_object (reason, "changed", G_CALLBACK (reason_changed_cb), dialog, 0);
  g_signal_connect_object (dialog, "response", G_CALLBACK (block_response_cb), widget, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
card_issue_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  oba_card_dialog_present (OBA_PROFILE_VIEW (widget), NULL);
}

static void
card_replace_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  oba_card_dialog_present (OBA_PROFILE_VIEW (widget), g_variant_get_string (parameter, NULL));
}

/* ---- Telegram */

static void
unlink_response_cb (AdwMessageDialog *dialog, const char *response, ObaProfileView *view)
{
  GVariantDict dict;

  if (!g_str_equal (response, "unlink"))
    return;
  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "customer_id", "x", oba_profile_view_get_customer_id (view));
  oba_profile_changes_ask (oba_profile_view_get_changes (view), "unlink_telegram", g_variant_dict_end (&dict), _("Telegram is unlinked"), NULL);
}

static void
unlink_telegram_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (widget)), _("Unlink Telegram?"),
                                              _("The bot no longer shows this customer’s points and purchases in that chat, and nothing is sent there. "
                                                "Only the customer can link it again, from Telegram."));

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "unlink", _("_Unlink"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "unlink", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (unlink_response_cb), widget, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* ---- who stands for a merged customer */

static void
open_survivor_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  const ObaCustomerProfile *profile = oba_profile_view_get_profile (OBA_PROFILE_VIEW (widget));
  GtkWidget *page = gtk_widget_get_ancestor (widget, OBA_TYPE_CUSTOMERS_PAGE);

  if (profile != NULL && profile->merged_into != 0 && page != NULL)
    oba_customers_page_open_profile (OBA_CUSTOMERS_PAGE (page), profile->merged_into);
}

/* ---- the clipboard */

static void
copy (GtkWidget *widget, const char *text, const char *said)
{
  GtkWidget *page = gtk_widget_get_ancestor (widget, OBA_TYPE_PAGE);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
  if (page != NULL)
    oba_page_toast (OBA_PAGE (page), said);
}

static void
copy_phone_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  const ObaCustomerProfile *profile = oba_profile_view_get_profile (OBA_PROFILE_VIEW (widget));

  if (profile != NULL)
    copy (widget, profile->phone, _("Phone number copied"));
}

static void
copy_email_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  const ObaCustomerProfile *profile = oba_profile_view_get_profile (OBA_PROFILE_VIEW (widget));

  if (profile != NULL)
    copy (widget, profile->email, _("E-mail address copied"));
}

void
oba_profile_actions_install (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "profile.set-consent", "(sb)", set_consent_action);
  gtk_widget_class_install_action (widget_class, "profile.card-lost", "s", card_lost_action);
  gtk_widget_class_install_action (widget_class, "profile.card-works", "s", card_works_action);
  gtk_widget_class_install_action (widget_class, "profile.card-block", "s", card_block_action);
  gtk_widget_class_install_action (widget_class, "profile.card-issue", NULL, card_issue_action);
  gtk_widget_class_install_action (widget_class, "profile.card-replace", "s", card_replace_action);
  gtk_widget_class_install_action (widget_class, "profile.unlink-telegram", NULL, unlink_telegram_action);
  gtk_widget_class_install_action (widget_class, "profile.open-survivor", NULL, open_survivor_action);
  gtk_widget_class_install_action (widget_class, "profile.copy-phone", NULL, copy_phone_action);
  gtk_widget_class_install_action (widget_class, "profile.copy-email", NULL, copy_email_action);
}
