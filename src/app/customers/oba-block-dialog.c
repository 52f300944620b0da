#include "oba-block-dialog.h"

#include <glib/gi18n-lib.h>

/* Of the reason as it is kept: what was chosen and what was written. */
#define MAX_CHARS 1000
#define LIST_KEY "oba-reasons"
#define ENTRY_KEY "oba-reason-text"

static const char *const block_reasons[] = {
  N_("Suspected fraud"), N_("Card used by somebody else"), N_("Several accounts of one person"), N_("At the customer’s wish"), N_("Another reason"), NULL,
};
static const char *const unblock_reasons[] = {
  N_("The matter is settled"), N_("Blocked by mistake"), N_("At the customer’s wish"), N_("Another reason"), NULL,
};

static GVariant *
make_request (gint64      customer,
              gboolean    block,
              const char *reason)
{
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "customer_id", "x", customer);
  g_variant_dict_insert (&dict, "blocked", "b", block);
  g_variant_dict_insert (&dict, "reason", "s", reason);
  return g_variant_dict_end (&dict);
}

/* NULL as long as there is none: "another reason" has to be written. */
static char *
get_reason (AdwMessageDialog *dialog)
{
  GtkDropDown *list = g_object_get_data (G_OBJECT (dialog), LIST_KEY);
  GtkEditable *entry = g_object_get_data (G_OBJECT (dialog), ENTRY_KEY);
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (entry)));
  guint chosen = gtk_drop_down_get_selected (list);
  gboolean other = chosen + 1 == g_list_model_get_n_items (gtk_drop_down_get_model (list));
  const char *title = gtk_string_object_get_string (gtk_drop_down_get_selected_item (list));

  if (other)
    return *text != '\0' ? g_steal_pointer (&text) : NULL;
  return *text != '\0' ? g_strdup_printf ("%s: %s", title, text) : g_strdup (title);
}

static void
update (AdwMessageDialog *dialog)
{
  g_autofree char *reason = get_reason (dialog);

  adw_message_dialog_set_response_enabled (dialog, "do", reason != NULL && g_utf8_strlen (reason, -1) <= MAX_CHARS);
}

static void
response_cb (AdwMessageDialog *dialog,
             const char       *response,
             ObaProfileView   *view)
{
  gboolean block = adw_message_dialog_get_response_appearance (dialog, "do") == ADW_RESPONSE_DESTRUCTIVE;
  g_autofree char *reason = get_reason (dialog);
  gint64 id = oba_profile_view_get_customer_id (view);

  if (!g_str_equal (response, "do") || reason == NULL)
    return;
  oba_profile_changes_ask (oba_profile_view_get_changes (view), "block_customer", make_request (id, block, reason),
                           block ? _("The customer is blocked") : _("The customer may earn and spend again"),
                           make_request (id, !block, block ? _("Taken back: blocked by mistake") : _("Taken back: unblocked by mistake")));
}

static GtkWidget *
reason_new (AdwMessageDialog  *dialog,
            const char *const *reasons)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);
  GtkStringList *titles = gtk_string_list_new (NULL);
  GtkWidget *list;
  GtkWidget *entry = gtk_entry_new ();

  for (guint i = 0; reasons[i] != NULL; i++)
    gtk_string_list_append (titles, _(reasons[i]));
  list = gtk_drop_down_new (G_LIST_MODEL (titles), NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Reason"), -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _("More about the reason"), -1);
  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), _("More about the reason"));
  gtk_entry_set_max_length (GTK_ENTRY (entry), 900);
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  g_object_set_data (G_OBJECT (dialog), LIST_KEY, list);
  g_object_set_data (G_OBJECT (dialog), ENTRY_KEY, entry);
  g_signal_connect_object (list, "notify::selected", G_CALLBACK (update), dialog, G_CONNECT_SWAPPED);
  g_signal_connect_object (entry, "changed", G_CALLBACK (update), dialog, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (box), list);
  gtk_box_append (GTK_BOX (box), entry);
  return box;
}

void
oba_block_dialog_present (ObaProfileView *view,
                          gboolean        block)
{
  const char *const body = block ? _("While blocked, the customer neither earns points nor can spend any; purchases are still recorded. "
                                     "The points that are there stay. The reason is kept and shown to staff.")
                                 : _("The customer earns points again from now on, and can spend those that are there. "
                                     "Purchases made while blocked give no points afterwards.");
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (view))),
                                              block ? _("Block This Customer?") : _("Unblock This Customer?"), body);
  AdwMessageDialog *message = ADW_MESSAGE_DIALOG (dialog);

  adw_message_dialog_add_responses (message, "cancel", _("_Cancel"), "do", block ? _("_Block") : _("_Unblock"), NULL);
  adw_message_dialog_set_response_appearance (message, "do", block ? ADW_RESPONSE_DESTRUCTIVE : ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (message, "do");
  adw_message_dialog_set_close_response (message, "cancel");
  adw_message_dialog_set_extra_child (message, reason_new (message, block ? block_reasons : unblock_reasons));
  update (message);
  g_signal_connect_object (dialog, "response", G_CALLBACK (response_cb), view, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}
