#include "oba-register-window.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "customers/oba-customer-double.h"
#include "db/oba-db-request.h"
#include "widgets/oba-problem-box.h"
#include "widgets/oba-scan-burst.h"

#define TYPING_MS 300

struct _ObaRegisterWindow
{
  AdwWindow        parent_instance;

  ObaSession      *session;
  ObaScanBurst    *scanner;
  ObaCustomerForm *form;
  ObaCardEntry    *card;
  ObaDoublesBox   *doubles;

  guint            typing_id;
  GCancellable    *looking;      /* for doubles */
  char            *looked_for;   /* of whom they are */

  GCancellable    *saving;
  char            *key;          /* of the request that was sent last */
  char            *sent;         /* its text: the same one again has the same key */
  GtkWidget       *asking;       /* (nullable): the question before what was typed is lost */
  gboolean         done;         /* nothing is left to lose */

  GtkBox          *fields_box;
  ObaProblemBox   *problem;
  AdwBin          *doubles_bin;
  GtkSpinner      *spinner;
  GtkLabel        *status;
  GtkButton       *save_button;
};

enum { REGISTERED, OPEN_CUSTOMER, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaRegisterWindow, oba_register_window, ADW_TYPE_WINDOW)

/* ---- what stands in the way */

static char *
get_obstacle (ObaRegisterWindow *self)
{
  char *obstacle = oba_customer_form_get_obstacle (self->form);

  if (obstacle == NULL && oba_card_entry_get_problem (self->card) != NULL)
    obstacle = g_strdup (_("Take another card, or register without one"));
  if (obstacle == NULL)
    obstacle = g_strdup (oba_doubles_box_get_obstacle (self->doubles));
  return obstacle;
}

static void
update_status (ObaRegisterWindow *self)
{
  g_autofree char *obstacle = get_obstacle (self);
  gboolean saving = self->saving != NULL;
  const char *text = obstacle != NULL ? obstacle : _("Ready to register");

  if (saving && !oba_session_is_online (self->session))
    text = _("The connection is lost. As soon as the server is back the customer is registered, once.");
  else if (saving)
    text = _("Registering…");
  gtk_label_set_label (self->status, text);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), saving);
  gtk_spinner_set_spinning (self->spinner, saving);
  gtk_widget_set_sensitive (GTK_WIDGET (self->fields_box), !saving);
  gtk_widget_set_sensitive (GTK_WIDGET (self->doubles_bin), !saving);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "register.save", !saving);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->save_button), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
}

static void
show_obstacle (ObaRegisterWindow *self)
{
  g_autofree char *wrong = oba_customer_form_get_obstacle (self->form);

  if (wrong != NULL)
    oba_customer_form_show_problems (self->form);
  else if (oba_card_entry_get_problem (self->card) != NULL)
    oba_card_entry_focus (self->card);
  else
    oba_doubles_box_focus (self->doubles);
}

/* ---- who is there already */

static JsonObject *
get_values (ObaRegisterWindow *self)
{
  g_autoptr (ObaCustomerDraft) draft = oba_customer_form_get_draft (self->form);
  g_autoptr (ObaCustomerDraft) empty = oba_customer_draft_new ();

  /* The language stands there before anybody chooses it, and belongs to the request. */
  oba_customer_draft_set (empty, OBA_CUSTOMER_LANGUAGE, "");
  return oba_customer_draft_get_changes (draft, empty);
}

static void
looked_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (ObaRegisterWindow) self = user_data;
  g_autoptr (GPtrArray) doubles = oba_customer_doubles_read_finish (result, NULL);

  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return;
  g_clear_object (&self->looking);
  /* Not answered: the database looks again when the customer is saved. */
  if (doubles == NULL)
    g_clear_pointer (&self->looked_for, g_free);
  else
    oba_doubles_box_show (self->doubles, doubles);
}

static void
look_for_doubles (ObaRegisterWindow *self)
{
  static const char *const of_interest[] = { "given_name", "family_name", "phone", "birth_date", "city" };
  g_autoptr (JsonObject) values = get_values (self);
  g_autoptr (JsonObject) person = json_object_new ();
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *text = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (of_interest); i++)
    if (json_object_has_member (values, of_interest[i]))
      json_object_set_member (person, of_interest[i], json_node_copy (json_object_get_member (values, of_interest[i])));
  json_node_set_object (node, person);
  text = json_to_string (node, FALSE);
  if (g_strcmp0 (text, self->looked_for) == 0)
    return;
  g_free (self->looked_for);
  self->looked_for = g_steal_pointer (&text);
  g_cancellable_cancel (self->looking);
  g_clear_object (&self->looking);
  self->looking = g_cancellable_new ();
  oba_customer_doubles_read_async (oba_session_get_pool (self->session), node, self->looking, looked_cb, g_object_ref (self));
}

static void
typing_cb (gpointer user_data)
{
  ObaRegisterWindow *self = user_data;

  self->typing_id = 0;
  look_for_doubles (self);
}

static void
changed_cb (ObaRegisterWindow *self)
{
  g_clear_handle_id (&self->typing_id, g_source_remove);
  self->typing_id = g_timeout_add_once (TYPING_MS, typing_cb, self);
  update_status (self);
}

static void
look_again (ObaRegisterWindow *self)
{
  g_clear_pointer (&self->looked_for, g_free);
  look_for_doubles (self);
}

/* ---- saving */

static JsonNode *
make_request (ObaRegisterWindow *self)
{
  JsonObject *request = get_values (self);
  JsonObject *consents = oba_customer_form_get_consents (self->form);
  JsonArray *others = oba_doubles_box_get_others (self->doubles);
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  if (consents != NULL)
    json_object_set_object_member (request, "consents", consents);
  if (others != NULL)
    json_object_set_array_member (request, "not_same_as", others);
  if (*oba_card_entry_get_card (self->card) != '\0')
    {
      JsonObject *card = json_object_new ();

      json_object_set_string_member (card, "token", oba_card_entry_get_card (self->card));
      json_object_set_object_member (request, "card", card);
    }
  json_node_take_object (node, request);
  return node;
}

/* What was refused is told where it was typed. */
static void
show_refusal (ObaRegisterWindow *self,
              const GError      *error)
{
  g_autofree char *sentence = oba_db_error_describe (error);
  g_autoptr (ObaCustomerDraft) draft = oba_customer_form_get_draft (self->form);
  const char *phone = draft->values[OBA_CUSTOMER_PHONE];

  if (oba_db_error_is_refusal (error, "OB014"))
    {
      look_again (self);
      oba_problem_box_set_text (self->problem, sentence);
    }
  else if (oba_db_error_is_refusal (error, "OB004") && *phone != '\0' && strstr (error->message, phone) != NULL)
    {
      look_again (self);
      oba_customer_form_set_problem (self->form, OBA_CUSTOMER_PHONE, sentence);
      oba_customer_form_focus (self->form, OBA_CUSTOMER_PHONE);
    }
  else if (*oba_card_entry_get_card (self->card) != '\0'
           && (oba_db_error_is_refusal (error, "OB004") || oba_db_error_is_refusal (error, "OB002")))
    {
      oba_card_entry_set_problem (self->card, sentence);
      oba_card_entry_focus (self->card);
    }
  else
    oba_problem_box_set_text (self->problem, sentence);
}

static void
show_failure (ObaRegisterWindow *self,
              const GError      *error)
{
  if (g_error_matches (error, OBA_DB_ERROR, OBA_DB_ERROR_CONNECT))
    oba_problem_box_set_text (self->problem, _("The server does not answer, so nothing was saved. What you typed is kept: press Register again when it is back."));
  else if (g_error_matches (error, OBA_DB_ERROR, OBA_DB_ERROR_LOST) || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    oba_problem_box_set_text (self->problem, _("There was no answer, so it is not known whether the customer was saved. "
                                               "What you typed is kept: press Register again, and the customer is registered once."));
  else
    show_refusal (self, error);
}

static void
forget_key (ObaRegisterWindow *self)
{
  g_clear_pointer (&self->key, g_free);
  g_clear_pointer (&self->sent, g_free);
}

static void
saved_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (ObaRegisterWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) answer = oba_db_request_finish (OBA_DB_POOL (source), result, &error);
  g_autoptr (ObaCustomerDraft) draft = NULL;
  g_autofree char *name = NULL;

  g_clear_object (&self->saving);
  if (self->form == NULL)
    return;
  update_status (self);
  if (answer == NULL)
    {
      if (g_error_matches (error, OBA_DB_ERROR, OBA_DB_ERROR_RULE))
        forget_key (self);
      show_failure (self, error);
      return;
    }
  draft = oba_customer_form_get_draft (self->form);
  name = g_strstrip (g_strjoin (" ", draft->values[OBA_CUSTOMER_FAMILY_NAME], draft->values[OBA_CUSTOMER_GIVEN_NAME], NULL));
  self->done = TRUE;
  g_signal_emit (self, signals[REGISTERED], 0, json_object_get_int_member (answer, "customer_id"), name);
  gtk_window_destroy (GTK_WINDOW (self));
}

void
oba_register_window_save (ObaRegisterWindow *self)
{
  g_autofree char *obstacle = get_obstacle (self);
  g_autoptr (JsonNode) request = NULL;
  g_autofree char *text = NULL;

  /* Pressed twice is meant once. */
  if (self->saving != NULL || self->done)
    return;
  oba_problem_box_set_text (self->problem, NULL);
  if (obstacle != NULL)
    {
      show_obstacle (self);
      return;
    }
  request = make_request (self);
  text = json_to_string (request, FALSE);
  if (g_strcmp0 (text, self->sent) != 0)
    {
      forget_key (self);
      self->key = oba_db_request_new_key ();
      self->sent = g_steal_pointer (&text);
    }
  self->saving = g_cancellable_new ();
  oba_db_request_async (oba_session_get_pool (self->session), "register_customer", request, self->key, self->saving, saved_cb, g_object_ref (self));
  update_status (self);
}

/* ---- leaving */

static void
give_up_cb (AdwMessageDialog  *dialog,
            const char        *response,
            ObaRegisterWindow *self)
{
  self->asking = NULL;
  if (!g_str_equal (response, "discard"))
    return;
  self->done = TRUE;
  /* It lives until this answer is told to everybody, and must not look for a parent that is gone. */
  gtk_window_set_transient_for (GTK_WINDOW (dialog), NULL);
  gtk_window_destroy (GTK_WINDOW (self));
}

static gboolean
close_request_cb (ObaRegisterWindow *self)
{
  GtkWidget *dialog;

  if (self->saving != NULL)
    {
      g_cancellable_cancel (self->saving);
      return TRUE;
    }
  if (self->done || (!oba_customer_form_is_dirty (self->form) && *oba_card_entry_get_card (self->card) == '\0'))
    return FALSE;
  if (self->asking != NULL)
    {
      gtk_window_present (GTK_WINDOW (self->asking));
      return TRUE;
    }
  dialog = adw_message_dialog_new (GTK_WINDOW (self), _("Give Up What Was Typed?"), _("This customer is not registered yet."));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "stay", _("_Go On Typing"), "discard", _("_Discard"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "discard", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "stay");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "stay");
  g_signal_connect_object (dialog, "response", G_CALLBACK (give_up_cb), self, 0);
  self->asking = dialog;
  gtk_window_present (GTK_WINDOW (dialog));
  return TRUE;
}

static void
open_customer_cb (ObaRegisterWindow *self,
                  gint64             id)
{
  self->done = TRUE;
  g_signal_emit (self, signals[OPEN_CUSTOMER], 0, id);
  gtk_window_destroy (GTK_WINDOW (self));
}

static void
scanned_cb (ObaRegisterWindow *self,
            const char        *code)
{
  if (self->saving == NULL && !self->done)
    oba_card_entry_scan (self->card, code);
}

static void
save_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  oba_register_window_save (OBA_REGISTER_WINDOW (widget));
}

static void
cancel_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  gtk_window_close (GTK_WINDOW (widget));
}

/* ---- the object */

static void
oba_register_window_dispose (GObject *object)
{
  ObaRegisterWindow *self = OBA_REGISTER_WINDOW (object);

  g_clear_handle_id (&self->typing_id, g_source_remove);
  g_cancellable_cancel (self->looking);
  g_clear_object (&self->looking);
  g_clear_object (&self->scanner);
  g_clear_object (&self->session);
  self->form = NULL;

  G_OBJECT_CLASS (oba_register_window_parent_class)->dispose (object);
}

static void
oba_register_window_finalize (GObject *object)
{
  ObaRegisterWindow *self = OBA_REGISTER_WINDOW (object);

  g_clear_object (&self->saving);
  g_free (self->looked_for);
  forget_key (self);
  G_OBJECT_CLASS (oba_register_window_parent_class)->finalize (object);
}

static void
oba_register_window_class_init (ObaRegisterWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = oba_register_window_dispose;
  object_class->finalize = oba_register_window_finalize;

  signals[REGISTERED] = g_signal_new ("registered", OBA_TYPE_REGISTER_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_INT64, G_TYPE_STRING);
  signals[OPEN_CUSTOMER] = g_signal_new ("open-customer", OBA_TYPE_REGISTER_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT64);

  g_type_ensure (OBA_TYPE_PROBLEM_BOX);
  gtk_widget_class_set_template_from_resource (widget_class, "/az/oba/BackOffice/customers/oba-register-window.ui");
  gtk_widget_class_bind_template_child (widget_class, ObaRegisterWindow, fields_box);
  gtk_widget_class_bind_template_child (widget_class, ObaRegisterWindow, problem);
  gtk_widget_class_bind_template_child (widget_class, ObaRegisterWindow, doubles_bin);
  gtk_widget_class_bind_template_child (widget_class, ObaRegisterWindow, spinner);
  gtk_widget_class_bind_template_child (widget_class, ObaRegisterWindow, status);
  gtk_widget_class_bind_template_child (widget_class, ObaRegisterWindow, save_button);
  gtk_widget_class_bind_template_callback (widget_class, close_request_cb);
  gtk_widget_class_install_action (widget_class, "register.save", NULL, save_action);
  gtk_widget_class_install_action (widget_class, "register.cancel", NULL, cancel_action);
}

static void
oba_register_window_init (ObaRegisterWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

ObaRegisterWindow *
oba_register_window_new (GtkWindow  *parent,
                         ObaSession *session)
{
  ObaRegisterWindow *self = g_object_new (OBA_TYPE_REGISTER_WINDOW, "transient-for", parent, NULL);
  ObaDbPool *pool = oba_session_get_pool (session);

  self->session = g_object_ref (session);
  self->card = OBA_CARD_ENTRY (oba_card_entry_new (pool));
  self->form = OBA_CUSTOMER_FORM (oba_customer_form_new (pool, 2, TRUE));
  self->doubles = OBA_DOUBLES_BOX (oba_doubles_box_new ());
  self->scanner = oba_scan_burst_new (GTK_WINDOW (self));
  gtk_box_append (self->fields_box, GTK_WIDGET (self->card));
  gtk_box_append (self->fields_box, GTK_WIDGET (self->form));
  adw_bin_set_child (self->doubles_bin, GTK_WIDGET (self->doubles));
  g_signal_connect_swapped (self->form, "changed", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (self->form, "submit", G_CALLBACK (oba_register_window_save), self);
  g_signal_connect_swapped (self->card, "changed", G_CALLBACK (update_status), self);
  g_signal_connect_swapped (self->doubles, "changed", G_CALLBACK (update_status), self);
  g_signal_connect_swapped (self->doubles, "open-customer", G_CALLBACK (open_customer_cb), self);
  g_signal_connect_object (self->scanner, "scanned", G_CALLBACK (scanned_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::online", G_CALLBACK (update_status), self, G_CONNECT_SWAPPED);
  update_status (self);
  oba_customer_form_focus (self->form, OBA_CUSTOMER_FAMILY_NAME);
  return self;
}

gboolean
oba_register_window_is_saving (ObaRegisterWindow *self)
{
  return self->saving != NULL;
}

ObaCustomerForm *
oba_register_window_get_form (ObaRegisterWindow *self)
{
  return self->form;
}

ObaCardEntry *
oba_register_window_get_card (ObaRegisterWindow *self)
{
  return self->card;
}

ObaDoublesBox *
oba_register_window_get_doubles (ObaRegisterWindow *self)
{
  return self->doubles;
}

gboolean
oba_register_window_feed_key (ObaRegisterWindow *self,
                              guint              keyval,
                              guint32            time)
{
  return oba_scan_burst_feed (self->scanner, keyval, 0, time);
}

gboolean
oba_register_window_is_settled (ObaRegisterWindow *self)
{
  return self->typing_id == 0 && self->looking == NULL && self->saving == NULL && !oba_card_entry_is_looking (self->card);
}
