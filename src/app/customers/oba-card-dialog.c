#include "oba-card-dialog.h"

#include <glib/gi18n-lib.h>

/* The shortest code and number that the database takes. */
#define CODE_CHARS 8
#define NUMBER_CHARS 4

typedef struct
{
  AdwMessageDialog *dialog;
  ObaProfileView   *view;
  char             *replaces;
  GtkEditable      *code;
  GtkEditable      *number;
} CardDialog;

static void
card_dialog_free (CardDialog *self)
{
  g_free (self->replaces);
  g_free (self);
}

static char *
text_of (GtkEditable *editable)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (editable)));
}

static void
changed_cb (CardDialog *self)
{
  g_autofree char *code = text_of (self->code);
  g_autofree char *number = text_of (self->number);

  adw_message_dialog_set_response_enabled (self->dialog, "issue",
                                           g_utf8_strlen (code, -1) >= CODE_CHARS && g_utf8_strlen (number, -1) >= NUMBER_CHARS);
}

/* The scanner ends the code with Enter: on to the number that is printed under it. */
static void
scanned_cb (CardDialog *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->number));
}

static void
response_cb (CardDialog *self, const char *response)
{
  g_autofree char *code = text_of (self->code);
  g_autofree char *number = text_of (self->number);
  /* Translators: the number of a card. */
  g_autofree char *said = g_strdup_printf (_("Card %s is handed out"), number);
  GVariantDict dict;

  if (!g_str_equal (response, "issue"))
    return;
  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "customer_id", "x", oba_profile_view_get_customer_id (self->view));
  g_variant_dict_insert (&dict, "token", "s", code);
  g_variant_dict_insert (&dict, self->replaces != NULL ? "new_number" : "number", "s", number);
  if (self->replaces != NULL)
    g_variant_dict_insert (&dict, "number", "s", self->replaces);
  oba_profile_changes_ask (oba_profile_view_get_changes (self->view), self->replaces != NULL ? "replace_card" : "issue_card",
                           g_variant_dict_end (&dict), said, NULL);
}

static GtkWidget *
make_fields (CardDialog *self)
{
  GtkWidget *list = gtk_list_box_new ();
  GtkWidget *code = adw_entry_row_new ();
  GtkWidget *number = adw_entry_row_new ();

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (code), _("Code, scanned from the card"));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (number), _("Number printed on it"));
  gtk_list_box_append (GTK_LIST_BOX (list), code);
  gtk_list_box_append (GTK_LIST_BOX (list), number);
  self->code = GTK_EDITABLE (code);
  self->number = GTK_EDITABLE (number);
  g_signal_connect_swapped (code, "changed", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (number, "changed", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (code, "entry-activated", G_CALLBACK (scanned_cb), self);
  adw_entry_row_set_activates_default (ADW_ENTRY_ROW (number), TRUE);
  return list;
}

void
oba_card_dialog_present (ObaProfileView *view, const char *replaces)
{
  CardDialog *self = g_new0 (CardDialog, 1);
  /* Translators: the number of a card. */
  g_autofree char *replacing = g_strdup_printf (_("Card %s no longer works from then on. Points, tier and history belong to the customer and stay."), replaces != NULL ? replaces : "");
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (view))),
                                              replaces != NULL ? _("Replace the Card") : _("Hand Out a Card"),
                                              replaces != NULL ? replacing : _("Scan a blank card, then check the number printed on it."));

  self->dialog = ADW_MESSAGE_DIALOG (dialog);
  self->view = view;
  self->replaces = g_strdup (replaces);
  adw_message_dialog_set_extra_child (self->dialog, make_fields (self));
  adw_message_dialog_add_responses (self->dialog, "cancel", _("_Cancel"), "issue", replaces != NULL ? _("_Replace") : _("_Hand Out"), NULL);
  adw_message_dialog_set_response_appearance (self->dialog, "issue", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (self->dialog, "issue");
  adw_message_dialog_set_close_response (self->dialog, "cancel");
  adw_message_dialog_set_response_enabled (self->dialog, "issue", FALSE);
  g_object_set_data_full (G_OBJECT (dialog), "oba-card-dialog", self, (GDestroyNotify) card_dialog_free);
  g_signal_connect_swapped (dialog, "response", G_CALLBACK (response_cb), self);
  /* The profile may go, and takes the question with it. */
  g_signal_connect_object (view, "destroy", G_CALLBACK (gtk_window_destroy), dialog, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
  gtk_widget_grab_focus (GTK_WIDGET (self->code));
}
