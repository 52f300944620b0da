#include "oba-profile-spending.h"

#include <glib/gi18n-lib.h>

#include "customers/oba-customer-text.h"
#include "oba-adjust-window.h"

#define LIST_KEY "oba-lock-reasons"
#define ENTRY_KEY "oba-lock-words"

/* Those after the second are a supervisor's. */
#define N_EVERYBODYS 2

static const char *const codes[] = { "customer", "lost_phone", "suspicion", "dispute" };
static const char *const titles[] = { N_("At the customer’s wish"), N_("Phone or card lost"), N_("Suspected fraud"), N_("Dispute about purchases") };

static gboolean
supervises (ObaProfileView *view)
{
  return oba_session_has_role (oba_profile_view_get_session (view), OBA_ROLE_SUPERVISOR | OBA_ROLE_ADMIN);
}

static gboolean
is_supervisors (const char *code)
{
  return g_str_equal (code, "suspicion") || g_str_equal (code, "dispute");
}

char *
oba_profile_spending_text (const ObaCustomerProfile *profile)
{
  const char *why = "";
  g_autofree char *moment = NULL;

  if (profile->spending_locked_at == NULL)
    return NULL;
  moment = oba_customer_text_moment (profile->spending_locked_at);
  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    if (g_str_equal (codes[i], profile->spending_lock_reason))
      why = _(titles[i]);
  /* Translators: a moment, a reason: "At the customer’s wish". */
  return g_strdup_printf (_("Spending is locked since %s: %s"), moment, *why != '\0' ? why : _(titles[0]));
}

/* ---- locking */

static GVariant *
make_request (ObaProfileView *view, gboolean lock, const char *code, const char *words)
{
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "customer_id", "x", oba_profile_view_get_customer_id (view));
  g_variant_dict_insert (&dict, "locked", "b", lock);
  if (code != NULL)
    g_variant_dict_insert (&dict, "reason_code", "s", code);
  if (words != NULL && *words != '\0')
    g_variant_dict_insert (&dict, "reason", "s", words);
  return g_variant_dict_end (&dict);
}

static void
locked_cb (AdwMessageDialog *dialog, const char *response, ObaProfileView *view)
{
  GtkDropDown *list = g_object_get_data (G_OBJECT (dialog), LIST_KEY);
  GtkEditable *entry = g_object_get_data (G_OBJECT (dialog), ENTRY_KEY);
  g_autofree char *words = g_strstrip (g_strdup (gtk_editable_get_text (entry)));

  if (!g_str_equal (response, "lock"))
    return;
  oba_profile_changes_ask (oba_profile_view_get_changes (view), "lock_spending", make_request (view, TRUE, codes[gtk_drop_down_get_selected (list)], words),
                           _("Nobody can spend this customer’s points now"), make_request (view, FALSE, NULL, NULL));
}

static GtkWidget *
reason_new (AdwMessageDialog *dialog, gboolean all)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);
  GtkStringList *names = gtk_string_list_new (NULL);
  GtkWidget *entry = gtk_entry_new ();
  GtkWidget *list;

  for (guint i = 0; i < (all ? G_N_ELEMENTS (titles) : N_EVERYBODYS); i++)
    gtk_string_list_append (names, _(titles[i]));
  list = gtk_drop_down_new (G_LIST_MODEL (names), NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Reason"), -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _("More about the reason"), -1);
  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), _("More about the reason"));
  gtk_entry_set_max_length (GTK_ENTRY (entry), 1000);
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  g_object_set_data (G_OBJECT (dialog), LIST_KEY, list);
  g_object_set_data (G_OBJECT (dialog), ENTRY_KEY, entry);
  gtk_box_append (GTK_BOX (box), list);
  gtk_box_append (GTK_BOX (box), entry);
  return box;
}

static void
lock_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ObaProfileView *view = OBA_PROFILE_VIEW (widget);
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (widget)), _("Lock Spending?"),
                                              _("Points still come with purchases, but nobody can spend them: no bill, no reward, no code from the bot. "
                                                "What was locked for suspicion or in a dispute only a supervisor unlocks; anything else the customer can unlock, too."));

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "lock", _("_Lock"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "lock", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "lock");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), reason_new (ADW_MESSAGE_DIALOG (dialog), supervises (view)));
  g_signal_connect_object (dialog, "response", G_CALLBACK (locked_cb), view, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
unlock_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ObaProfileView *view = OBA_PROFILE_VIEW (widget);
  const ObaCustomerProfile *profile = oba_profile_view_get_profile (view);

  if (profile != NULL)
    oba_profile_changes_ask (oba_profile_view_get_changes (view), "lock_spending", make_request (view, FALSE, NULL, NULL), _("The customer can spend points again"),
                             make_request (view, TRUE, profile->spending_lock_reason, NULL));
}

/* ---- adjusting */

static void
adjust_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ObaProfileView *view = OBA_PROFILE_VIEW (widget);
  const ObaCustomerProfile *profile = oba_profile_view_get_profile (view);
  g_autofree char *full_name = oba_customer_profile_get_name (profile);

  gtk_window_present (GTK_WINDOW (oba_adjust_window_new (GTK_WINDOW (gtk_widget_get_root (widget)), oba_profile_view_get_session (view), profile->id, full_name)));
}

/* ---- public */

void
oba_profile_spending_install (GtkWidgetClass *view_class)
{
  gtk_widget_class_install_action (view_class, "profile.adjust-points", NULL, adjust_action);
  gtk_widget_class_install_action (view_class, "profile.lock-spending", NULL, lock_action);
  gtk_widget_class_install_action (view_class, "profile.unlock-spending", NULL, unlock_action);
}

void
oba_profile_spending_update (ObaProfileView *view)
{
  const ObaCustomerProfile *profile = oba_profile_view_get_profile (view);
  gboolean living = profile != NULL && (profile->status == OBA_CUSTOMER_ACTIVE || profile->status == OBA_CUSTOMER_BLOCKED);
  gboolean writer = oba_session_has_role (oba_profile_view_get_session (view), OBA_ROLE_CLERK | OBA_ROLE_SUPERVISOR | OBA_ROLE_ADMIN);
  gboolean locked = living && profile->spending_locked_at != NULL;

  gtk_widget_action_set_enabled (GTK_WIDGET (view), "profile.adjust-points", living && profile->status == OBA_CUSTOMER_ACTIVE && supervises (view));
  gtk_widget_action_set_enabled (GTK_WIDGET (view), "profile.lock-spending", living && writer && !locked);
  gtk_widget_action_set_enabled (GTK_WIDGET (view), "profile.unlock-spending", locked && writer && (supervises (view) || !is_supervisors (profile->spending_lock_reason)));
}
