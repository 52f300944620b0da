#include "oba-broadcast-editor.h"

#include <glib/gi18n-lib.h>

#include "base/oba-money.h"
#include "customers/oba-customer-json.h"
#include "customers/oba-profile-section.h"
#include "db/oba-db-error.h"
#include "db/oba-db-request.h"
#include "oba-broadcast-text.h"
#include "oba-page.h"
#include "telling/oba-broadcasts.h"
#include "widgets/oba-problem-box.h"

#define FORM_WIDTH 640
#define SIDE_WIDTH 340
#define MAY_WRITE (OBA_ROLE_MARKETING | OBA_ROLE_ADMIN)

enum { DISCARD, TEST, SAVE, START, N_BUTTONS };
static const char *const button_names[N_BUTTONS] = { "discard", "test", "save", "start" };

struct _ObaBroadcastEditor
{
  AdwBin               parent_instance;

  ObaSession          *session;
  ObaSubpages         *subpages;
  GCancellable        *cancellable;
  GCancellable        *counting;      /* (nullable) */
  gint64               id;            /* 0: not saved yet */
  JsonObject          *saved;         /* (nullable): as it was read; a new one: empty */
  JsonNode            *clean;         /* what the form said before anything was typed */
  JsonObject          *theirs;        /* (nullable): a colleague's, while it is not decided whose stays */
  guint                busy;
  gboolean             saving;
  JsonNode            *sent;          /* what the form said when it was saved */
  gboolean             unread;        /* the problem is that it could not be read */
  char                *key;           /* of what was asked last, and what that was */
  char                *asked;
  const char          *action;        /* that is being done */
  char                *counted;       /* what the numbers are of */
  JsonObject          *reach;         /* (nullable): while they are counted */
  AdwMessageDialog    *question;      /* (nullable) */
  GtkEditable         *number;        /* (nullable) */

  GtkStack            *stack;
  AdwStatusPage       *failed_page;
  GtkLabel            *state_label;
  ObaProblemBox       *problem;
  GtkBox              *conflict_box;
  GtkLabel            *conflict_label;
  GtkWidget           *mine_button;
  ObaBroadcastForm    *form;
  ObaBroadcastPreview *preview;
  GtkLabel            *reach_label;
  GtkLabel            *rules_label;
  GtkWidget           *buttons[N_BUTTONS];
};

enum { LEFT, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaBroadcastEditor, oba_broadcast_editor, ADW_TYPE_BIN)

static void read_again (ObaBroadcastEditor *self);

static gboolean
may_write (ObaBroadcastEditor *self)
{
  return oba_session_has_role (self->session, MAY_WRITE);
}

static JsonNode *
take_form (ObaBroadcastEditor *self, gboolean *good)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_node_take_object (node, oba_broadcast_form_read (self->form, good));
  return node;
}

gboolean
oba_broadcast_editor_is_dirty (ObaBroadcastEditor *self)
{
  g_autoptr (JsonNode) typed = NULL;

  if (self->clean == NULL || !may_write (self))
    return FALSE;
  typed = take_form (self, NULL);
  return !json_node_equal (typed, self->clean);
}

static void
toast (ObaBroadcastEditor *self, const char *text)
{
  GtkWidget *page = gtk_widget_get_ancestor (GTK_WIDGET (self), OBA_TYPE_PAGE);

  if (page != NULL)
    oba_page_toast (OBA_PAGE (page), text);
}

static void
fail (ObaBroadcastEditor *self, const GError *error)
{
  g_autofree char *sentence = oba_db_error_describe (error);
  const char *hint = oba_db_error_get_hint (error);
  g_autofree char *text = hint != NULL && *hint != '\0' ? g_strdup_printf ("%s %s", sentence, hint) : g_strdup (sentence);

  oba_problem_box_set_text (self->problem, text);
}

/* ---- whom it reaches */

static gint64
n_recipients (ObaBroadcastEditor *self)
{
  return self->reach != NULL ? oba_customer_json_member_int (self->reach, "recipients", 0) : 0;
}

static void update (ObaBroadcastEditor *self);

static void
show_reach (ObaBroadcastEditor *self)
{
  g_autofree char *reach = oba_broadcast_text_reach (self->reach), *when = oba_broadcast_text_when (self->reach), *rules = oba_broadcast_text_rules (self->reach);
  g_autofree char *all = *when != '\0' ? g_strdup_printf ("%s\n%s", reach, when) : g_strdup (reach);

  gtk_label_set_label (self->reach_label, all);
  gtk_label_set_label (self->rules_label, rules);
}

static void
counted_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaBroadcastEditor) self = user_data;
  g_autoptr (GError) error = NULL;
  JsonObject *reach = oba_broadcasts_finish (result, &error);

  self->busy--;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || g_cancellable_is_cancelled (self->cancellable))
    {
      g_clear_pointer (&reach, json_object_unref);
      return;
    }
  g_clear_object (&self->counting);
  g_clear_pointer (&self->reach, json_object_unref);
  self->reach = reach;
  if (reach != NULL)
    show_reach (self);
  else
    {
      g_autofree char *sentence = oba_db_error_describe (error);

      g_clear_pointer (&self->counted, g_free);   /* with the next letter it is tried again */
      gtk_label_set_label (self->reach_label, sentence);
    }
  update (self);
}

/* Counts anew when whom or when has changed. */
static void
count (ObaBroadcastEditor *self, JsonObject *typed)
{
  g_autoptr (JsonNode) request = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();
  g_autofree char *text = NULL;

  json_object_set_member (object, "filter", json_node_copy (json_object_get_member (typed, "filter")));
  json_object_set_member (object, "start_at", json_node_copy (json_object_get_member (typed, "start_at")));
  json_node_take_object (request, object);
  text = json_to_string (request, FALSE);
  if (g_strcmp0 (text, self->counted) == 0)
    return;
  g_free (self->counted);
  self->counted = g_steal_pointer (&text);
  g_cancellable_cancel (self->counting);
  g_clear_object (&self->counting);
  g_clear_pointer (&self->reach, json_object_unref);
  self->counting = g_cancellable_new ();
  self->busy++;
  gtk_label_set_label (self->reach_label, _("Counting…"));
  oba_broadcasts_preview_async (oba_session_get_pool (self->session), request, self->counting, counted_cb, g_object_ref (self));
}

/* ---- what follows what is typed */

static void
show_preview (ObaBroadcastEditor *self, JsonObject *typed)
{
  g_autoptr (JsonObject) shown = json_object_new ();

  for (guint i = 0; i < OBA_N_LANGUAGES; i++)
    {
      g_autofree char *member = g_strdup_printf ("text_%s", oba_language_get_code (i));

      json_object_set_string_member (shown, member, json_object_get_string_member (typed, oba_language_get_code (i)));
    }
  json_object_set_member (shown, "button", json_node_copy (json_object_get_member (typed, "button")));
  oba_broadcast_preview_set (self->preview, shown, oba_broadcast_form_get_language (self->form));
}

static void
update (ObaBroadcastEditor *self)
{
  g_autoptr (JsonNode) typed = NULL;
  gboolean good, dirty, free, kept, able[N_BUTTONS];

  if (self->clean == NULL)
    return;
  typed = take_form (self, &good);
  dirty = !json_node_equal (typed, self->clean);
  free = !self->saving && self->theirs == NULL && self->question == NULL;
  kept = free && !dirty && self->id != 0;
  able[DISCARD] = free && self->id != 0;
  able[TEST] = kept;
  able[SAVE] = free && good && (dirty || self->id == 0);
  able[START] = kept && good && n_recipients (self) > 0;
  for (guint i = 0; i < N_BUTTONS; i++)
    {
      gtk_widget_set_visible (self->buttons[i], may_write (self) && (i != DISCARD || self->id != 0));
      gtk_widget_set_sensitive (self->buttons[i], able[i]);
    }
  show_preview (self, json_node_get_object (typed));
  count (self, json_node_get_object (typed));
}

static void
show_state (ObaBroadcastEditor *self, JsonObject *broadcast)
{
  const char *name = json_object_get_string_member_with_default (broadcast, "name", "");
  g_autofree char *at = oba_broadcast_text_moment (broadcast, "created_at");
  /* Translators: the name of a colleague, a moment. */
  g_autofree char *state = self->id != 0 ? g_strdup_printf (_("Draft · written by %s, %s"), json_object_get_string_member_with_default (broadcast, "creator", ""), at) : g_strdup (_("Not saved yet"));

  gtk_label_set_label (self->state_label, state);
  if (self->subpages != NULL)
    oba_subpages_set_title (self->subpages, GTK_WIDGET (self), self->id != 0 ? name : _("New Broadcast"));
}

static void
show_broadcast (ObaBroadcastEditor *self, JsonObject *broadcast)
{
  json_object_ref (broadcast);
  g_clear_pointer (&self->saved, json_object_unref);
  self->saved = broadcast;
  g_clear_pointer (&self->theirs, json_object_unref);
  gtk_widget_set_visible (GTK_WIDGET (self->conflict_box), FALSE);
  g_clear_pointer (&self->clean, json_node_unref);
  oba_broadcast_form_set (self->form, broadcast);
  oba_broadcast_form_set_editable (self->form, may_write (self));
  self->clean = take_form (self, NULL);
  show_state (self, broadcast);
  gtk_stack_set_visible_child_name (self->stack, "form");
  update (self);
}

/* ---- reading */

static gint64
version_of (JsonObject *broadcast)
{
  return oba_customer_json_member_int (broadcast, "version", 0);
}

static gboolean
is_draft (JsonObject *broadcast)
{
  return g_strcmp0 (json_object_get_string_member_with_default (broadcast, "state", ""), "draft") == 0;
}

/* It is no draft any more: somebody else shows it from here on. */
static void
leave (ObaBroadcastEditor *self, gboolean show)
{
  g_autoptr (ObaBroadcastEditor) keep = g_object_ref (self);

  if (self->subpages == NULL)
    return;
  if (self->question != NULL)
    gtk_window_destroy (GTK_WINDOW (g_steal_pointer (&self->question)));
  oba_subpages_close (self->subpages, GTK_WIDGET (self));
  if (show)
    g_signal_emit (self, signals[LEFT], 0, self->id);
}

/* A colleague was at the same draft. What was typed here stays; whose it will be is asked. */
static void
show_conflict (ObaBroadcastEditor *self, JsonObject *theirs)
{
  g_autofree char *text = is_draft (theirs) ? g_strdup_printf (_("Somebody else has changed this broadcast meanwhile. Now it is “%s”: %s"), json_object_get_string_member (theirs, "name"),
                                                               oba_broadcast_text_in (theirs, oba_broadcast_form_get_language (self->form), NULL))
                                            : g_strdup (_("Somebody else has started or discarded this broadcast meanwhile. What you typed here cannot be saved any more; you can still copy it."));

  g_clear_pointer (&self->theirs, json_object_unref);
  self->theirs = json_object_ref (theirs);
  gtk_label_set_label (self->conflict_label, text);
  gtk_widget_set_visible (self->mine_button, is_draft (theirs));
  gtk_widget_set_visible (GTK_WIDGET (self->conflict_box), TRUE);
  update (self);
}

void
oba_broadcast_editor_settle (ObaBroadcastEditor *self, gboolean mine)
{
  g_autoptr (JsonObject) theirs = g_steal_pointer (&self->theirs);

  if (theirs == NULL)
    return;
  gtk_widget_set_visible (GTK_WIDGET (self->conflict_box), FALSE);
  oba_problem_box_set_text (self->problem, NULL);
  if (!is_draft (theirs))
    leave (self, TRUE);
  else if (!mine)
    show_broadcast (self, theirs);
  else
    {
      g_clear_pointer (&self->saved, json_object_unref);
      self->saved = g_steal_pointer (&theirs);
      update (self);
    }
}

static void
take_read (ObaBroadcastEditor *self, JsonObject *broadcast)
{
  if (self->unread)
    oba_problem_box_set_text (self->problem, NULL);
  self->unread = FALSE;
  if (self->saved != NULL && version_of (self->saved) == version_of (broadcast))
    {
      show_state (self, broadcast);
      return;
    }
  if (self->clean != NULL && oba_broadcast_editor_is_dirty (self))
    show_conflict (self, broadcast);
  else if (is_draft (broadcast))
    show_broadcast (self, broadcast);
  else
    leave (self, TRUE);
}

static void
show_failure (ObaBroadcastEditor *self, const GError *error)
{
  g_autofree char *sentence = error != NULL ? oba_db_error_describe (error) : g_strdup (_("There is no such broadcast."));
  g_autofree char *escaped = g_markup_escape_text (sentence, -1);

  self->unread = TRUE;
  if (self->clean != NULL)
    oba_problem_box_set_text (self->problem, sentence);
  else
    {
      adw_status_page_set_description (self->failed_page, escaped);
      gtk_stack_set_visible_child_name (self->stack, "failed");
    }
}

static void
read_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaBroadcastEditor) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) broadcast = oba_broadcasts_finish (result, &error);

  self->busy--;
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (self->saving)
    return;   /* it is read when that is over */
  if (broadcast != NULL)
    take_read (self, broadcast);
  else
    show_failure (self, error);
}

static void
read_again (ObaBroadcastEditor *self)
{
  if (self->id == 0 || self->saving)
    return;
  self->busy++;
  oba_broadcasts_read_async (oba_session_get_pool (self->session), self->id, self->cancellable, read_cb, g_object_ref (self));
}

static void
choices_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaBroadcastEditor) self = user_data;
  g_autoptr (ObaCustomerChoices) choices = oba_customer_choices_read_finish (result, NULL);

  self->busy--;
  /* Without them conditions are numbers: that is no reason to stop anybody. */
  if (choices != NULL && !g_cancellable_is_cancelled (self->cancellable))
    oba_broadcast_form_set_choices (self->form, choices);
}

/* ---- doing */

static void
take_saved (ObaBroadcastEditor *self, JsonObject *answer)
{
  self->id = oba_customer_json_member_int (answer, "broadcast_id", self->id);
  g_clear_pointer (&self->clean, json_node_unref);
  self->clean = g_steal_pointer (&self->sent);
  /* The rest, such as who wrote it, is read. */
  g_clear_pointer (&self->saved, json_object_unref);
  self->saved = json_object_ref (answer);
  json_object_set_string_member (answer, "state", "draft");
  toast (self, _("The broadcast was saved; nothing is sent before it is started"));
}

static void
asked_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaBroadcastEditor) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) answer = oba_db_request_finish (OBA_DB_POOL (pool), result, &error);

  self->saving = FALSE;
  self->busy--;
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (!g_error_matches (error, OBA_DB_ERROR, OBA_DB_ERROR_LOST))
    g_clear_pointer (&self->key, g_free);
  if (answer == NULL)
    fail (self, error);
  else if (g_str_equal (self->action, "save_broadcast"))
    take_saved (self, answer);
  else if (g_str_equal (self->action, "try_broadcast"))
    toast (self, _("The test is on its way"));
  else
    {
      gboolean started = !g_str_equal (json_object_get_string_member_with_default (answer, "state", ""), "cancelled");

      toast (self, started ? _("The broadcast was started") : _("The broadcast was discarded"));
      leave (self, started);
      return;
    }
  update (self);
  read_again (self);
}

/* @request: (transfer full) */
static void
ask (ObaBroadcastEditor *self, const char *action, JsonObject *request)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *text = NULL, *what = NULL;

  json_node_take_object (node, request);
  if (self->saving)
    return;
  text = json_to_string (node, FALSE);
  what = g_strconcat (action, " ", text, NULL);
  /* The same again while nobody knows whether it was done: with the same key it is done once. */
  if (self->key == NULL || g_strcmp0 (what, self->asked) != 0)
    {
      g_free (self->key);
      self->key = oba_db_request_new_key ();
      g_free (self->asked);
      self->asked = g_steal_pointer (&what);
    }
  self->saving = TRUE;
  self->busy++;
  self->action = action;
  oba_problem_box_set_text (self->problem, NULL);
  update (self);
  oba_db_request_async (oba_session_get_pool (self->session), action, node, self->key, NULL, asked_cb, g_object_ref (self));
}

static JsonObject *
request_of (ObaBroadcastEditor *self, const char *what)
{
  JsonObject *request = json_object_new ();

  json_object_set_int_member (request, "broadcast_id", self->id);
  if (what != NULL)
    json_object_set_string_member (request, "what", what);
  return request;
}

void
oba_broadcast_editor_save (ObaBroadcastEditor *self)
{
  g_autoptr (JsonObject) request = NULL;
  gboolean good;

  g_return_if_fail (OBA_IS_BROADCAST_EDITOR (self));

  if (self->clean == NULL || self->saving || self->theirs != NULL || !may_write (self))
    return;
  request = oba_broadcast_form_read (self->form, &good);
  if (!good)
    return;
  g_clear_pointer (&self->sent, json_node_unref);
  self->sent = take_form (self, NULL);
  if (self->id != 0)
    {
      json_object_set_int_member (request, "broadcast_id", self->id);
      json_object_set_int_member (request, "version", version_of (self->saved));
    }
  ask (self, "save_broadcast", g_steal_pointer (&request));
}

/* ---- questions */

static void
pose (ObaBroadcastEditor *self, const char *title, const char *body, const char *verb, AdwResponseAppearance looks, GCallback answered)
{
  self->question = ADW_MESSAGE_DIALOG (adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), title, body));
  adw_message_dialog_add_responses (self->question, "cancel", _("_Not Now"), "do", verb, NULL);
  adw_message_dialog_set_response_appearance (self->question, "do", looks);
  adw_message_dialog_set_default_response (self->question, "cancel");
  adw_message_dialog_set_close_response (self->question, "cancel");
  g_signal_connect_object (self->question, "response", answered, self, G_CONNECT_SWAPPED);
  update (self);
}

/* The question is over. Returns: it was answered with yes */
static gboolean
is_yes (ObaBroadcastEditor *self, const char *response)
{
  self->question = NULL;
  self->number = NULL;
  update (self);
  return g_str_equal (response, "do") && !g_cancellable_is_cancelled (self->cancellable);
}

static void
start_answered_cb (ObaBroadcastEditor *self, const char *response)
{
  JsonObject *request;

  if (!is_yes (self, response) || self->saved == NULL)
    return;
  request = request_of (self, "start");
  json_object_set_int_member (request, "version", version_of (self->saved));
  ask (self, "move_broadcast", request);
}

static void
start_cb (ObaBroadcastEditor *self)
{
  gint64 n = n_recipients (self);
  g_autofree char *number = oba_number_format (n), *when = self->reach != NULL ? oba_broadcast_text_when (self->reach) : NULL;
  g_autofree char *title = g_strdup_printf (ngettext ("Send It to %s Customer?", "Send It to %s Customers?", (gulong) n), number);
  g_autofree char *body = g_strdup_printf ("%s\n%s", when, _("What was sent cannot be taken back; it can be paused."));

  if (n == 0 || self->question != NULL || self->saving)
    return;
  pose (self, title, body, _("_Send"), ADW_RESPONSE_SUGGESTED, G_CALLBACK (start_answered_cb));
  gtk_window_present (GTK_WINDOW (self->question));
}

static void
discard_answered_cb (ObaBroadcastEditor *self, const char *response)
{
  if (is_yes (self, response))
    ask (self, "move_broadcast", request_of (self, "cancel"));
}

static void
discard_cb (ObaBroadcastEditor *self)
{
  if (self->question != NULL || self->saving)
    return;
  pose (self, _("Discard This Broadcast?"), _("It stays in the list as cancelled, and cannot be started any more."), _("_Discard"), ADW_RESPONSE_DESTRUCTIVE, G_CALLBACK (discard_answered_cb));
  gtk_window_present (GTK_WINDOW (self->question));
}

static gint64
typed_number (ObaBroadcastEditor *self)
{
  g_autofree char *text = self->number != NULL ? g_strstrip (g_strdup (gtk_editable_get_text (self->number))) : NULL;
  gint64 number = 0;

  return text != NULL && g_ascii_string_to_signed (text, 10, 1, G_MAXINT64, &number, NULL) ? number : 0;
}

static void
number_cb (ObaBroadcastEditor *self)
{
  if (self->question != NULL)
    adw_message_dialog_set_response_enabled (self->question, "do", typed_number (self) > 0);
}

static void
test_answered_cb (ObaBroadcastEditor *self, const char *response)
{
  gint64 customer = typed_number (self);
  JsonObject *request;

  if (!is_yes (self, response) || customer == 0)
    return;
  request = request_of (self, NULL);
  json_object_set_int_member (request, "customer_id", customer);
  ask (self, "try_broadcast", request);
}

static void
test_cb (ObaBroadcastEditor *self)
{
  GtkWidget *entry = gtk_entry_new ();

  g_object_ref_sink (entry);
  if (self->question == NULL && !self->saving)
    {
      pose (self, _("Send a Test?"), _("It goes to one customer at once, in their language: to yourself, by your own customer number. You have to be linked to the bot, and want campaigns."), _("_Send Test"),
            ADW_RESPONSE_SUGGESTED, G_CALLBACK (test_answered_cb));
      self->number = GTK_EDITABLE (entry);
      gtk_entry_set_placeholder_text (GTK_ENTRY (entry), _("Customer number"));
      gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Customer number"), -1);
      gtk_entry_set_max_length (GTK_ENTRY (entry), 19);
      gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
      adw_message_dialog_set_extra_child (self->question, entry);
      adw_message_dialog_set_default_response (self->question, "do");
      g_signal_connect_object (entry, "changed", G_CALLBACK (number_cb), self, G_CONNECT_SWAPPED);
      number_cb (self);
      gtk_window_present (GTK_WINDOW (self->question));
    }
  g_object_unref (entry);
}

/* ---- leaving */

static void
left_cb (ObaBroadcastEditor *self, const char *response)
{
  if (is_yes (self, response) && self->subpages != NULL)
    oba_subpages_close (self->subpages, GTK_WIDGET (self));
}

static gboolean
guard (GtkWidget *view, gpointer subpages)
{
  ObaBroadcastEditor *self = OBA_BROADCAST_EDITOR (view);

  if (self->question != NULL)
    return TRUE;
  if (!oba_broadcast_editor_is_dirty (self))
    return FALSE;
  pose (self, _("Discard What You Typed?"), _("The draft was not saved."), _("_Discard"), ADW_RESPONSE_DESTRUCTIVE, G_CALLBACK (left_cb));
  gtk_window_present (GTK_WINDOW (self->question));
  return TRUE;
}

/* ---- the object */

static void
oba_broadcast_editor_dispose (GObject *object)
{
  ObaBroadcastEditor *self = OBA_BROADCAST_EDITOR (object);

  g_cancellable_cancel (self->cancellable);
  g_cancellable_cancel (self->counting);
  if (self->subpages != NULL)
    {
      g_object_remove_weak_pointer (G_OBJECT (self->subpages), (gpointer *) &self->subpages);
      self->subpages = NULL;
    }

  G_OBJECT_CLASS (oba_broadcast_editor_parent_class)->dispose (object);
}

static void
oba_broadcast_editor_finalize (GObject *object)
{
  ObaBroadcastEditor *self = OBA_BROADCAST_EDITOR (object);

  g_clear_object (&self->session);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->counting);
  g_clear_pointer (&self->saved, json_object_unref);
  g_clear_pointer (&self->theirs, json_object_unref);
  g_clear_pointer (&self->reach, json_object_unref);
  g_clear_pointer (&self->clean, json_node_unref);
  g_clear_pointer (&self->sent, json_node_unref);
  g_free (self->key);
  g_free (self->asked);
  g_free (self->counted);

  G_OBJECT_CLASS (oba_broadcast_editor_parent_class)->finalize (object);
}

static void
oba_broadcast_editor_class_init (ObaBroadcastEditorClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = oba_broadcast_editor_dispose;
  G_OBJECT_CLASS (klass)->finalize = oba_broadcast_editor_finalize;

  signals[LEFT] = g_signal_new ("left", OBA_TYPE_BROADCAST_EDITOR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
}

static void
oba_broadcast_editor_init (ObaBroadcastEditor *self)
{
  self->cancellable = g_cancellable_new ();
}

static void
mine_cb (ObaBroadcastEditor *self)
{
  oba_broadcast_editor_settle (self, TRUE);
}

static void
theirs_cb (ObaBroadcastEditor *self)
{
  oba_broadcast_editor_settle (self, FALSE);
}

static GtkWidget *
conflict_new (ObaBroadcastEditor *self)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *theirs = gtk_button_new_with_mnemonic (_("Take _Theirs"));

  self->mine_button = gtk_button_new_with_mnemonic (_("_Keep Mine"));
  self->conflict_box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 9));
  self->conflict_label = GTK_LABEL (oba_profile_label_new (NULL, NULL));
  gtk_widget_add_css_class (GTK_WIDGET (self->conflict_box), "changed-note");
  gtk_widget_set_halign (line, GTK_ALIGN_END);
  g_signal_connect_object (self->mine_button, "clicked", G_CALLBACK (mine_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (theirs, "clicked", G_CALLBACK (theirs_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (line), theirs);
  gtk_box_append (GTK_BOX (line), self->mine_button);
  gtk_box_append (self->conflict_box, GTK_WIDGET (self->conflict_label));
  gtk_box_append (self->conflict_box, line);
  gtk_widget_set_visible (GTK_WIDGET (self->conflict_box), FALSE);
  return GTK_WIDGET (self->conflict_box);
}

static GtkWidget *
side_new (ObaBroadcastEditor *self)
{
  GtkWidget *side = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18), *card = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);

  self->preview = OBA_BROADCAST_PREVIEW (oba_broadcast_preview_new ());
  self->reach_label = GTK_LABEL (oba_profile_label_new (NULL, NULL));
  self->rules_label = GTK_LABEL (oba_profile_label_new (NULL, "dim-label"));
  gtk_widget_add_css_class (GTK_WIDGET (self->rules_label), "caption");
  gtk_widget_add_css_class (card, "card");
  gtk_widget_add_css_class (card, "panel");
  gtk_box_append (GTK_BOX (card), oba_profile_label_new (_("Who Gets It, and When"), "heading"));
  gtk_box_append (GTK_BOX (card), GTK_WIDGET (self->reach_label));
  gtk_box_append (GTK_BOX (card), GTK_WIDGET (self->rules_label));
  gtk_widget_set_size_request (side, SIDE_WIDTH, -1);
  gtk_box_append (GTK_BOX (side), card);
  gtk_box_append (GTK_BOX (side), GTK_WIDGET (self->preview));
  return side;
}

static GtkWidget *
body_new (ObaBroadcastEditor *self)
{
  GtkWidget *scrolled = gtk_scrolled_window_new (), *clamp = adw_clamp_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12), *columns = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 18);

  self->state_label = GTK_LABEL (oba_profile_label_new (NULL, "dim-label"));
  self->problem = g_object_new (OBA_TYPE_PROBLEM_BOX, NULL);
  self->form = OBA_BROADCAST_FORM (oba_broadcast_form_new (oba_session_get_pool (self->session)));
  gtk_widget_set_hexpand (GTK_WIDGET (self->form), TRUE);
  g_signal_connect_object (self->form, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (columns), GTK_WIDGET (self->form));
  gtk_box_append (GTK_BOX (columns), side_new (self));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->state_label));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->problem));
  gtk_box_append (GTK_BOX (box), conflict_new (self));
  gtk_box_append (GTK_BOX (box), columns);
  g_object_set (box, "margin-top", 12, "margin-bottom", 18, "margin-start", 18, "margin-end", 18, NULL);
  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), FORM_WIDTH + SIDE_WIDTH + 18);
  adw_clamp_set_tightening_threshold (ADW_CLAMP (clamp), FORM_WIDTH + SIDE_WIDTH);
  adw_clamp_set_child (ADW_CLAMP (clamp), box);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), clamp);
  return scrolled;
}

static void
build (ObaBroadcastEditor *self)
{
  GtkWidget *spinner = gtk_spinner_new (), *retry = gtk_button_new_with_mnemonic (_("_Try Again"));
  const char *const labels[N_BUTTONS] = { _("_Discard…"), _("Send _Test…"), _("_Save"), _("_Start…") };
  const GCallback callbacks[N_BUTTONS] = { G_CALLBACK (discard_cb), G_CALLBACK (test_cb), G_CALLBACK (oba_broadcast_editor_save), G_CALLBACK (start_cb) };

  for (guint i = 0; i < N_BUTTONS; i++)
    {
      self->buttons[i] = gtk_button_new_with_mnemonic (labels[i]);
      gtk_widget_set_visible (self->buttons[i], FALSE);
      g_signal_connect_object (self->buttons[i], "clicked", callbacks[i], self, G_CONNECT_SWAPPED);
    }
  gtk_widget_add_css_class (self->buttons[SAVE], "suggested-action");
  gtk_spinner_start (GTK_SPINNER (spinner));
  gtk_widget_set_halign (spinner, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (spinner), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Loading"), -1);
  self->failed_page = g_object_new (ADW_TYPE_STATUS_PAGE, "icon-name", "dialog-warning-symbolic", "title", _("The Broadcast Could Not Be Read"), NULL);
  gtk_widget_set_halign (retry, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (retry, "pill");
  g_signal_connect_object (retry, "clicked", G_CALLBACK (read_again), self, G_CONNECT_SWAPPED);
  adw_status_page_set_child (self->failed_page, retry);
  self->stack = GTK_STACK (gtk_stack_new ());
  gtk_stack_add_named (self->stack, spinner, "loading");
  gtk_stack_add_named (self->stack, body_new (self), "form");
  gtk_stack_add_named (self->stack, GTK_WIDGET (self->failed_page), "failed");
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->stack));
}

ObaBroadcastEditor *
oba_broadcast_editor_push (ObaSubpages *subpages, ObaSession *session, gint64 id)
{
  ObaBroadcastEditor *self = g_object_new (OBA_TYPE_BROADCAST_EDITOR, NULL);
  g_autoptr (JsonObject) empty = json_object_new ();

  self->session = g_object_ref (session);
  self->id = id;
  self->subpages = subpages;
  g_object_add_weak_pointer (G_OBJECT (subpages), (gpointer *) &self->subpages);
  build (self);
  oba_subpages_push (subpages, GTK_WIDGET (self), id != 0 ? _("Broadcast") : _("New Broadcast"));
  for (guint i = 0; i < N_BUTTONS; i++)
    oba_subpages_add_end (subpages, GTK_WIDGET (self), self->buttons[i]);
  oba_subpages_set_guard (subpages, GTK_WIDGET (self), guard, subpages);
  self->busy++;
  oba_customer_choices_read_async (oba_session_get_pool (session), self->cancellable, choices_cb, g_object_ref (self));
  if (id != 0)
    read_again (self);
  else
    show_broadcast (self, empty);
  g_signal_connect_object (oba_session_get_listener (session), "notification::oba_administration", G_CALLBACK (read_again), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "resumed", G_CALLBACK (read_again), self, G_CONNECT_SWAPPED);
  return self;
}

/* ---- for tests */

GtkWidget *
oba_broadcast_editor_get_button (ObaBroadcastEditor *self, const char *name)
{
  for (guint i = 0; i < N_BUTTONS; i++)
    if (g_str_equal (button_names[i], name))
      return gtk_widget_get_visible (self->buttons[i]) ? self->buttons[i] : NULL;
  return NULL;
}

ObaBroadcastForm *
oba_broadcast_editor_get_form (ObaBroadcastEditor *self)
{
  return self->form;
}

ObaBroadcastPreview *
oba_broadcast_editor_get_preview (ObaBroadcastEditor *self)
{
  return self->preview;
}

AdwMessageDialog *
oba_broadcast_editor_get_question (ObaBroadcastEditor *self)
{
  return self->question;
}

GtkEditable *
oba_broadcast_editor_get_number (ObaBroadcastEditor *self)
{
  return self->number;
}

const char *
oba_broadcast_editor_get_reach (ObaBroadcastEditor *self)
{
  return gtk_label_get_text (self->reach_label);
}

const char *
oba_broadcast_editor_get_problem (ObaBroadcastEditor *self)
{
  const char *text = oba_problem_box_get_text (self->problem);

  return text != NULL ? text : "";
}

gboolean
oba_broadcast_editor_has_conflict (ObaBroadcastEditor *self)
{
  return self->theirs != NULL;
}

gint64
oba_broadcast_editor_get_id (ObaBroadcastEditor *self)
{
  return self->id;
}

gboolean
oba_broadcast_editor_is_settled (ObaBroadcastEditor *self)
{
  return self->busy == 0;
}
