#include "oba-rule-editor.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "customers/oba-customer-json.h"
#include "customers/oba-customer-text.h"
#include "customers/oba-customers.h"
#include "customers/oba-profile-section.h"
#include "db/oba-db-request.h"
#include "oba-page.h"
#include "oba-rule-text.h"
#include "rules/oba-rules.h"
#include "widgets/oba-problem-box.h"

#define FORM_WIDTH 640
#define SIDE_WIDTH 400
#define MAY_WRITE (OBA_ROLE_MARKETING | OBA_ROLE_ADMIN)
#define MAY_DECIDE (OBA_ROLE_SUPERVISOR | OBA_ROLE_ADMIN)

enum { REPLAY, VERSION, RETIRE, DRAFT, TEST, LIVE, SAVE, N_BUTTONS };
static const char *const button_names[N_BUTTONS] = { "replay", "version", "retire", "draft", "test", "live", "save" };

struct _ObaRuleEditor
{
  AdwBin            parent_instance;

  ObaSession       *session;
  ObaSubpages      *subpages;
  GCancellable     *cancellable;
  JsonObject       *read;
  JsonObject       *rule;          /* the version that is shown; its version is 0 while it is not written */
  JsonNode         *clean;         /* what the form said before anything was typed */
  JsonObject       *theirs;        /* (nullable): a colleague's, while it is not decided whose stays */
  guint             busy;
  gboolean          saving;
  gboolean          unread;        /* the problem is that it could not be read */
  char             *key;           /* of what was asked last, and what that was */
  char             *asked;
  char             *moving;        /* (nullable): the state that the open question is about */
  AdwMessageDialog *question;      /* (nullable) */
  GtkEditable      *reason;        /* (nullable) */

  GtkLabel         *state_label;
  GtkLabel         *terms_label;
  ObaProblemBox    *problem;
  GtkBox           *conflict_box;
  GtkLabel         *conflict_label;
  ObaRuleForm      *form;
  ObaRuleExample   *example;
  GtkBox           *history;
  GtkWidget        *buttons[N_BUTTONS];
};

G_DEFINE_FINAL_TYPE (ObaRuleEditor, oba_rule_editor, ADW_TYPE_BIN)

static void show_rule (ObaRuleEditor *self, JsonObject *rule);

static const char *
member (JsonObject *rule, const char *name)
{
  return json_object_get_string_member_with_default (rule, name, "");
}

static gint64
number (JsonObject *rule, const char *name)
{
  return oba_customer_json_member_int (rule, name, 0);
}

static gboolean
is_state (ObaRuleEditor *self, const char *state)
{
  return g_str_equal (member (self->rule, "state"), state);
}

static gboolean
is_new (ObaRuleEditor *self)
{
  return number (self->rule, "version") == 0;
}

static gboolean
may_write (ObaRuleEditor *self)
{
  return oba_session_has_role (self->session, MAY_WRITE);
}

/* Who wrote it does not put it live. */
static gboolean
is_mine (ObaRuleEditor *self)
{
  const char *login = oba_session_get_staff (self->session)->login;

  return g_str_equal (member (self->rule, "created_by"), login) || g_str_equal (member (self->rule, "edited_by"), login);
}

static gboolean
is_editable (ObaRuleEditor *self)
{
  return may_write (self) && (is_new (self) || is_state (self, "draft"));
}

static JsonNode *
take_form (ObaRuleEditor *self, gboolean *good)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_node_take_object (node, oba_rule_form_read (self->form, good));
  return node;
}

gboolean
oba_rule_editor_is_dirty (ObaRuleEditor *self)
{
  g_autoptr (JsonNode) typed = NULL;

  if (self->clean == NULL || !is_editable (self))
    return FALSE;
  typed = take_form (self, NULL);
  return !json_node_equal (typed, self->clean);
}

/* ---- what follows what is typed */

/* What the database's do_move_rule () lets go; it decides. */
static void
update_buttons (ObaRuleEditor *self, gboolean good, gboolean dirty)
{
  gboolean writes = may_write (self), decides = oba_session_has_role (self->session, MAY_DECIDE), base = g_str_equal (member (self->rule, "kind"), "base");
  gboolean draft = is_state (self, "draft"), test = is_state (self, "test"), live = is_state (self, "live") || is_state (self, "coming"), new_one = is_new (self);
  gboolean event = json_object_has_member (json_object_get_object_member (self->rule, "parameters"), "event");
  gboolean tested = !event && !base && !g_str_equal (member (self->rule, "kind"), "cap");
  JsonObject *newest = new_one ? NULL : oba_rules_find (self->read, number (self->rule, "rule_id"), 0);
  gboolean open = newest != NULL && (g_str_equal (member (newest, "state"), "draft") || g_str_equal (member (newest, "state"), "test"));
  gboolean free = !self->saving && self->theirs == NULL;
  const gboolean shown[N_BUTTONS] = { [REPLAY] = !new_one && !event,
                                      [VERSION] = writes && newest != NULL && !open,
                                      [RETIRE] = !new_one && ((writes && (draft || test)) || (decides && live && !base)),
                                      [DRAFT] = writes && test,
                                      [TEST] = writes && draft && !new_one && tested,
                                      [LIVE] = decides && !new_one && (draft || test),
                                      [SAVE] = is_editable (self) };

  for (guint i = 0; i < N_BUTTONS; i++)
    {
      gtk_widget_set_visible (self->buttons[i], shown[i]);
      gtk_widget_set_sensitive (self->buttons[i], free && (i == SAVE ? good && (dirty || new_one) : !dirty) && (i != LIVE || !is_mine (self)));
    }
}

static void
update_example (ObaRuleEditor *self, JsonNode *typed, gboolean good)
{
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (JsonObject) rule = NULL;
  gboolean gone = is_state (self, "retired") || is_state (self, "ended");

  if (!good && is_editable (self))
    return;   /* the last that could be is shown */
  if (!gone)
    {
      rule = json_object_new ();
      if (number (self->rule, "rule_id") != 0)
        json_object_set_int_member (rule, "rule_id", number (self->rule, "rule_id"));
      json_object_set_string_member (rule, "kind", member (self->rule, "kind"));
      json_object_set_string_member (rule, "name", member (json_node_get_object (typed), "name"));
      json_object_set_object_member (rule, "parameters", json_object_ref (json_object_get_object_member (json_node_get_object (typed), "parameters")));
      node = json_node_new (JSON_NODE_OBJECT);
      json_node_set_object (node, rule);
    }
  oba_rule_example_set_rule (self->example, node);
}

static void
update (ObaRuleEditor *self)
{
  g_autoptr (JsonNode) typed = NULL;
  g_autofree char *terms = NULL;
  gboolean good, dirty;

  if (self->clean == NULL)
    return;
  typed = take_form (self, &good);
  dirty = is_editable (self) && !json_node_equal (typed, self->clean);
  update_buttons (self, good, dirty);
  update_example (self, typed, good);
  terms = good ? oba_rule_text_terms (self->read, member (self->rule, "kind"), json_object_get_object_member (json_node_get_object (typed), "parameters")) : NULL;
  if (terms != NULL)
    gtk_label_set_label (self->terms_label, terms);
}

static void
show_state (ObaRuleEditor *self)
{
  const char *state = member (self->rule, "state");
  g_autoptr (GDateTime) at = oba_customer_json_member_time (self->rule, "edited_at");
  g_autofree char *moment = oba_customer_text_moment (at);
  g_autofree char *validity = oba_rule_text_validity (self->rule);
  /* Translators: the kind of a rule, its version, its state, when it holds, who wrote it, a moment. */
  g_autofree char *text = is_new (self) ? g_strdup_printf ("%s · %s", oba_rule_text_kind (member (self->rule, "kind")), _("Not saved yet"))
                                        : g_strdup_printf (_("%s · version %d · %s · %s · written by %s, %s"), oba_rule_text_kind (member (self->rule, "kind")), (int) number (self->rule, "version"),
                                                           oba_rule_text_state (state), validity, member (self->rule, "editor"), moment);
  gboolean waits = is_state (self, "draft") || is_state (self, "test");
  const char *next = waits && !is_new (self) && (is_mine (self) || !oba_session_has_role (self->session, MAY_DECIDE)) ? _("A supervisor or an administrator who did not write it puts it live.") : NULL;
  g_autofree char *all = next != NULL ? g_strdup_printf ("%s\n%s", text, next) : g_strdup (text);

  gtk_label_set_label (self->state_label, all);
  if (self->subpages != NULL)
    oba_subpages_set_title (self->subpages, GTK_WIDGET (self), *member (self->rule, "name") != '\0' ? member (self->rule, "name") : _("New Rule"));
}

/* ---- versions and what became of them */

static void
add_step (GtkBox *box, JsonArray *step)
{
  g_autoptr (GDateTime) at = oba_customer_json_time (step, 1);
  g_autofree char *moment = oba_customer_text_moment (at);
  const char *reason = json_array_get_string_element (step, 3);
  /* Translators: a state of a rule, the name of a colleague, a moment. */
  g_autofree char *text = g_strdup_printf (_("%s: %s, %s"), oba_rule_text_state (json_array_get_string_element (step, 0)), json_array_get_string_element (step, 2), moment);
  g_autofree char *all = *reason != '\0' ? g_strdup_printf ("%s\n“%s”", text, reason) : g_strdup (text);

  gtk_box_append (box, oba_profile_label_new (all, "caption"));
}

static void
version_cb (ObaRuleEditor *self, GtkButton *button)
{
  gint64 version = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (button), "oba-version"));
  JsonObject *rule = oba_rules_find (self->read, number (self->rule, "rule_id"), version);

  if (rule != NULL && !oba_rule_editor_is_dirty (self) && !self->saving)
    show_rule (self, rule);
}

static void
add_version (ObaRuleEditor *self, JsonObject *rule)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  const char *state = member (rule, "state");
  JsonArray *steps = json_object_get_array_member (rule, "steps");
  g_autofree char *title = g_strdup_printf (_("Version %d"), (int) number (rule, "version"));
  g_autofree char *terms = oba_rule_text_terms (self->read, member (rule, "kind"), json_object_get_object_member (rule, "parameters"));
  gboolean shown = number (rule, "version") == number (self->rule, "version");
  GtkWidget *label = oba_profile_label_new (title, shown ? "heading" : NULL);

  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (line), label);
  gtk_box_append (GTK_BOX (line), oba_profile_pill_new (oba_rule_text_state (state), oba_rule_text_state_class (state)));
  if (!shown)
    {
      GtkWidget *button = gtk_button_new_with_label (_("Look"));

      g_object_set_data (G_OBJECT (button), "oba-version", GINT_TO_POINTER ((int) number (rule, "version")));
      gtk_widget_add_css_class (button, "flat");
      gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, title, -1);
      g_signal_connect_object (button, "clicked", G_CALLBACK (version_cb), self, G_CONNECT_SWAPPED);
      gtk_box_append (GTK_BOX (line), button);
    }
  gtk_box_append (GTK_BOX (box), line);
  gtk_box_append (GTK_BOX (box), oba_profile_label_new (terms, "dim-label"));
  for (guint i = 0; i < json_array_get_length (steps); i++)
    add_step (GTK_BOX (box), json_array_get_array_element (steps, i));
  gtk_box_append (self->history, box);
}

static void
show_history (ObaRuleEditor *self)
{
  JsonArray *rules = json_object_get_array_member (self->read, "rules");
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->history))) != NULL)
    gtk_box_remove (self->history, child);
  gtk_box_append (self->history, oba_profile_label_new (_("Versions"), "heading"));
  for (guint i = 0; i < json_array_get_length (rules); i++)
    if (number (json_array_get_object_element (rules, i), "rule_id") == number (self->rule, "rule_id"))
      add_version (self, json_array_get_object_element (rules, i));
  gtk_widget_set_visible (GTK_WIDGET (self->history), number (self->rule, "rule_id") != 0);
}

static void
show_rule (ObaRuleEditor *self, JsonObject *rule)
{
  json_object_ref (rule);
  g_clear_pointer (&self->rule, json_object_unref);
  self->rule = rule;
  g_clear_pointer (&self->theirs, json_object_unref);
  gtk_widget_set_visible (GTK_WIDGET (self->conflict_box), FALSE);
  oba_rule_form_set_rule (self->form, self->read, rule);
  oba_rule_form_set_editable (self->form, is_editable (self));
  g_clear_pointer (&self->clean, json_node_unref);
  self->clean = take_form (self, NULL);
  show_state (self);
  show_history (self);
  update (self);
}

/* ---- reading again */

/* A colleague was at the same version. What was typed here stays; whose it will be is asked. */
static void
show_conflict (ObaRuleEditor *self, JsonObject *theirs)
{
  g_autofree char *terms = oba_rule_text_terms (self->read, member (theirs, "kind"), json_object_get_object_member (theirs, "parameters"));
  /* Translators: the name of a colleague, the state of a rule, its name, its terms. */
  g_autofree char *text = g_strdup_printf (_("%s has changed this rule meanwhile. Now: %s, “%s”, %s"), member (theirs, "editor"), oba_rule_text_state (member (theirs, "state")), member (theirs, "name"), terms);

  g_clear_pointer (&self->theirs, json_object_unref);
  self->theirs = json_object_ref (theirs);
  gtk_label_set_label (self->conflict_label, text);
  gtk_widget_set_visible (GTK_WIDGET (self->conflict_box), TRUE);
  update (self);
}

void
oba_rule_editor_settle (ObaRuleEditor *self, gboolean mine)
{
  g_autoptr (JsonObject) theirs = g_steal_pointer (&self->theirs);

  if (theirs == NULL)
    return;
  gtk_widget_set_visible (GTK_WIDGET (self->conflict_box), FALSE);
  oba_problem_box_set_text (self->problem, NULL);
  /* What is no draft any more cannot be written over. */
  if (!mine || !g_str_equal (member (theirs, "state"), "draft"))
    {
      show_rule (self, theirs);
      return;
    }
  json_object_ref (theirs);
  g_clear_pointer (&self->rule, json_object_unref);
  self->rule = theirs;
  show_state (self);
  show_history (self);
  update (self);
}

static void
mine_cb (ObaRuleEditor *self)
{
  oba_rule_editor_settle (self, TRUE);
}

static void
theirs_cb (ObaRuleEditor *self)
{
  oba_rule_editor_settle (self, FALSE);
}

static void
fail (ObaRuleEditor *self, const GError *error)
{
  g_autofree char *sentence = oba_db_error_describe (error);
  const char *hint = oba_db_error_get_hint (error);
  g_autofree char *text = hint != NULL && *hint != '\0' ? g_strdup_printf ("%s %s", sentence, hint) : g_strdup (sentence);
  const char *field = oba_db_error_get_detail (error);

  oba_problem_box_set_text (self->problem, text);
  if (field != NULL && oba_db_error_is_refusal (error, "OB001"))
    oba_rule_form_say (self->form, field, sentence);
}

static void
read_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaRuleEditor) self = user_data;
  g_autoptr (GError) error = NULL;
  JsonObject *read = oba_rules_finish (result, &error);
  JsonObject *now;

  self->busy--;
  if (g_cancellable_is_cancelled (self->cancellable))
    {
      g_clear_pointer (&read, json_object_unref);
      return;
    }
  if (read == NULL)
    {
      fail (self, error);
      self->unread = TRUE;
      return;
    }
  if (self->unread)
    oba_problem_box_set_text (self->problem, NULL);
  self->unread = FALSE;
  g_clear_pointer (&self->read, json_object_unref);
  self->read = read;
  now = is_new (self) ? NULL : oba_rules_find (read, number (self->rule, "rule_id"), number (self->rule, "version"));
  if (now == NULL || self->saving)
    return;
  if (!oba_rule_editor_is_dirty (self))
    show_rule (self, now);
  else if (number (now, "revision") != number (self->rule, "revision"))
    show_conflict (self, now);
  else
    show_history (self);
}

static void
read_again (ObaRuleEditor *self)
{
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  self->busy++;
  oba_rules_read_async (oba_session_get_pool (self->session), oba_customers_get_language (), self->cancellable, read_cb, g_object_ref (self));
}

/* ---- asking for a change */

static const char *
done_text (const char *state)
{
  if (g_str_equal (state, "live"))
    return _("The rule was put live");
  if (g_str_equal (state, "test"))
    return _("The rule is in test: what it would give is reckoned, and not given");
  if (g_str_equal (state, "retired"))
    return _("The rule was retired");
  return g_str_equal (state, "draft") ? _("The rule is a draft again") : _("The draft was saved");
}

static void
asked_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaRuleEditor) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) answer = oba_db_request_finish (OBA_DB_POOL (pool), result, &error);
  GtkWidget *page = gtk_widget_get_ancestor (GTK_WIDGET (self), OBA_TYPE_PAGE);

  self->saving = FALSE;
  if (g_cancellable_is_cancelled (self->cancellable))
    return;   /* closed meanwhile */
  if (!g_error_matches (error, OBA_DB_ERROR, OBA_DB_ERROR_LOST))
    g_clear_pointer (&self->asked, g_free);
  if (answer == NULL)
    {
      fail (self, error);
      update (self);
      if (oba_db_error_is_refusal (error, "OB003") || oba_db_error_is_refusal (error, "OB013"))
        read_again (self);
      return;
    }
  /* It is what was typed; what it has become is read. */
  json_object_set_int_member (self->rule, "rule_id", number (answer, "rule_id"));
  json_object_set_int_member (self->rule, "version", number (answer, "version"));
  json_object_set_int_member (self->rule, "revision", number (answer, "revision"));
  g_clear_pointer (&self->clean, json_node_unref);
  self->clean = take_form (self, NULL);
  if (page != NULL)
    oba_page_toast (OBA_PAGE (page), done_text (member (answer, "state")));
  update (self);
  read_again (self);
}

static void
ask (ObaRuleEditor *self, const char *action, JsonObject *request)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *text = NULL;

  json_node_take_object (node, request);
  if (self->saving)
    return;
  text = json_to_string (node, FALSE);
  if (g_strcmp0 (text, self->asked) != 0)
    {
      g_free (self->asked);
      g_free (self->key);
      self->asked = g_steal_pointer (&text);
      self->key = oba_db_request_new_key ();
    }
  self->saving = TRUE;
  oba_problem_box_set_text (self->problem, NULL);
  update (self);
  /* Closing the view does not take back what was sent. */
  oba_db_request_async (oba_session_get_pool (self->session), action, node, self->key, NULL, asked_cb, g_object_ref (self));
}

static void
add_version_to (ObaRuleEditor *self, JsonObject *request)
{
  if (number (self->rule, "rule_id") != 0)
    json_object_set_int_member (request, "rule_id", number (self->rule, "rule_id"));
  else
    json_object_set_string_member (request, "kind", member (self->rule, "kind"));
  if (is_new (self))
    return;
  json_object_set_int_member (request, "version", number (self->rule, "version"));
  json_object_set_int_member (request, "revision", number (self->rule, "revision"));
}

void
oba_rule_editor_save (ObaRuleEditor *self)
{
  g_autoptr (JsonObject) request = NULL;
  gboolean good;

  g_return_if_fail (OBA_IS_RULE_EDITOR (self));

  request = oba_rule_form_read (self->form, &good);
  if (!good || self->saving || self->theirs != NULL || !is_editable (self))
    return;
  add_version_to (self, request);
  ask (self, "save_rule", g_steal_pointer (&request));
}

static void
move_to (ObaRuleEditor *self, const char *state, const char *reason)
{
  JsonObject *request = json_object_new ();

  add_version_to (self, request);
  json_object_set_string_member (request, "state", state);
  if (reason != NULL && *reason != '\0')
    json_object_set_string_member (request, "reason", reason);
  ask (self, "move_rule", request);
}

static void
answered_cb (ObaRuleEditor *self, const char *response)
{
  g_autofree char *state = g_steal_pointer (&self->moving);
  g_autofree char *reason = self->reason != NULL ? g_strstrip (g_strdup (gtk_editable_get_text (self->reason))) : NULL;

  self->question = NULL;
  self->reason = NULL;
  if (g_str_equal (response, "do") && state != NULL && !g_cancellable_is_cancelled (self->cancellable))
    move_to (self, state, reason);
}

/* Retiring what is live needs a reason. */
static void
reason_cb (ObaRuleEditor *self)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (self->reason)));
  gboolean needed = g_strcmp0 (self->moving, "retired") == 0 && (is_state (self, "live") || is_state (self, "coming"));

  adw_message_dialog_set_response_enabled (self->question, "do", !needed || *text != '\0');
}

static void
confirm (ObaRuleEditor *self, const char *state, const char *title, const char *body, const char *verb, AdwResponseAppearance looks)
{
  GtkWidget *entry;

  if (self->question != NULL || self->saving)
    return;
  entry = gtk_entry_new ();
  self->moving = g_strdup (state);
  self->question = ADW_MESSAGE_DIALOG (adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), title, body));
  self->reason = GTK_EDITABLE (entry);
  gtk_entry_set_max_length (GTK_ENTRY (entry), 1000);
  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), _("Why"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Why"), -1);
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  adw_message_dialog_set_extra_child (self->question, entry);
  adw_message_dialog_add_responses (self->question, "cancel", _("_Cancel"), "do", verb, NULL);
  adw_message_dialog_set_response_appearance (self->question, "do", looks);
  adw_message_dialog_set_default_response (self->question, "do");
  adw_message_dialog_set_close_response (self->question, "cancel");
  g_signal_connect_object (self->question, "response", G_CALLBACK (answered_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (entry, "changed", G_CALLBACK (reason_cb), self, G_CONNECT_SWAPPED);
  reason_cb (self);
  gtk_window_present (GTK_WINDOW (self->question));
}

static void
live_cb (ObaRuleEditor *self)
{
  g_autofree char *terms = oba_rule_text_terms (self->read, member (self->rule, "kind"), json_object_get_object_member (self->rule, "parameters"));
  g_autofree char *validity = oba_rule_text_validity (self->rule);
  /* Translators: the name of a rule. */
  g_autofree char *title = g_strdup_printf (_("Put “%s” Live?"), member (self->rule, "name"));
  /* Translators: the terms of a rule, when it holds. */
  g_autofree char *body = g_strdup_printf (_("%s; %s. Every receipt earns by it from ten minutes from now on, or from its first day. It cannot be changed then: another version can follow it, or it is retired."), terms, validity);

  confirm (self, "live", title, body, _("Put _Live"), ADW_RESPONSE_SUGGESTED);
}

static void
retire_cb (ObaRuleEditor *self)
{
  gboolean live = is_state (self, "live") || is_state (self, "coming");
  g_autofree char *title = g_strdup_printf (_("Retire “%s”?"), member (self->rule, "name"));

  confirm (self, "retired", title, live ? _("From now on no receipt earns by it; what it has given stays. It cannot be put live again.") : _("It stays in the list of what was retired, and cannot be put live."),
           _("_Retire"), ADW_RESPONSE_DESTRUCTIVE);
}

/* The next version begins as this one is. */
static void
version_button_cb (ObaRuleEditor *self)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autoptr (JsonNode) copy = NULL;
  g_autofree char *text = NULL;
  JsonObject *rule;

  json_node_set_object (node, self->rule);
  text = json_to_string (node, FALSE);
  copy = json_from_string (text, NULL);
  rule = json_node_get_object (copy);
  json_object_set_int_member (rule, "version", 0);
  json_object_set_string_member (rule, "state", "new");
  json_object_set_null_member (rule, "valid_from");
  json_object_set_null_member (rule, "valid_to");
  show_rule (self, rule);
}

ObaReplayWindow *
oba_rule_editor_replay (ObaRuleEditor *self)
{
  ObaReplayWindow *window = oba_replay_window_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), self->session, self->read, self->rule);

  gtk_window_present (GTK_WINDOW (window));
  return window;
}

static void
clicked_cb (ObaRuleEditor *self, GtkWidget *button)
{
  if (button == self->buttons[SAVE])
    oba_rule_editor_save (self);
  else if (button == self->buttons[TEST])
    move_to (self, "test", NULL);
  else if (button == self->buttons[DRAFT])
    move_to (self, "draft", NULL);
  else if (button == self->buttons[LIVE])
    live_cb (self);
  else if (button == self->buttons[RETIRE])
    retire_cb (self);
  else if (button == self->buttons[VERSION])
    version_button_cb (self);
  else
    oba_rule_editor_replay (self);
}

/* ---- the object */

static void
oba_rule_editor_dispose (GObject *object)
{
  ObaRuleEditor *self = OBA_RULE_EDITOR (object);

  g_cancellable_cancel (self->cancellable);
  if (self->subpages != NULL)
    {
      g_object_remove_weak_pointer (G_OBJECT (self->subpages), (gpointer *) &self->subpages);
      self->subpages = NULL;
    }

  G_OBJECT_CLASS (oba_rule_editor_parent_class)->dispose (object);
}

static void
oba_rule_editor_finalize (GObject *object)
{
  ObaRuleEditor *self = OBA_RULE_EDITOR (object);

  g_clear_object (&self->session);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->read, json_object_unref);
  g_clear_pointer (&self->rule, json_object_unref);
  g_clear_pointer (&self->theirs, json_object_unref);
  g_clear_pointer (&self->clean, json_node_unref);
  g_free (self->key);
  g_free (self->asked);
  g_free (self->moving);

  G_OBJECT_CLASS (oba_rule_editor_parent_class)->finalize (object);
}

static void
oba_rule_editor_class_init (ObaRuleEditorClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = oba_rule_editor_dispose;
  G_OBJECT_CLASS (klass)->finalize = oba_rule_editor_finalize;
}

static void
oba_rule_editor_init (ObaRuleEditor *self)
{
  self->cancellable = g_cancellable_new ();
}

static void
make_buttons (ObaRuleEditor *self)
{
  const char *const labels[N_BUTTONS] = { _("_Replay…"), _("New _Version"), _("R_etire…"), _("Back to _Draft"), _("_Test"), _("Put _Live…"), _("_Save") };

  for (guint i = 0; i < N_BUTTONS; i++)
    {
      self->buttons[i] = gtk_button_new_with_mnemonic (labels[i]);
      g_signal_connect_object (self->buttons[i], "clicked", G_CALLBACK (clicked_cb), self, G_CONNECT_SWAPPED);
    }
  gtk_widget_add_css_class (self->buttons[SAVE], "suggested-action");
  gtk_widget_set_tooltip_text (self->buttons[REPLAY], _("Run it over past receipts: what it would have cost"));
  gtk_widget_set_tooltip_text (self->buttons[TEST], _("Reckon with every new receipt what it would give, and give nothing"));
}

static GtkWidget *
conflict_new (ObaRuleEditor *self)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *mine = gtk_button_new_with_mnemonic (_("_Keep Mine"));
  GtkWidget *theirs = gtk_button_new_with_mnemonic (_("Take _Theirs"));

  self->conflict_box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 9));
  self->conflict_label = GTK_LABEL (oba_profile_label_new (NULL, NULL));
  gtk_widget_add_css_class (GTK_WIDGET (self->conflict_box), "changed-note");
  gtk_widget_set_halign (line, GTK_ALIGN_END);
  g_signal_connect_object (mine, "clicked", G_CALLBACK (mine_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (theirs, "clicked", G_CALLBACK (theirs_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (line), theirs);
  gtk_box_append (GTK_BOX (line), mine);
  gtk_box_append (self->conflict_box, GTK_WIDGET (self->conflict_label));
  gtk_box_append (self->conflict_box, line);
  gtk_widget_set_visible (GTK_WIDGET (self->conflict_box), FALSE);
  return GTK_WIDGET (self->conflict_box);
}

static GtkWidget *
side_new (ObaRuleEditor *self)
{
  GtkWidget *side = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  self->history = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 12));
  gtk_widget_add_css_class (GTK_WIDGET (self->history), "card");
  gtk_widget_add_css_class (GTK_WIDGET (self->history), "panel");
  self->example = OBA_RULE_EXAMPLE (oba_rule_example_new (oba_session_get_pool (self->session), self->read));
  gtk_widget_set_size_request (side, SIDE_WIDTH, -1);
  gtk_widget_set_hexpand (side, FALSE);
  gtk_box_append (GTK_BOX (side), GTK_WIDGET (self->example));
  gtk_box_append (GTK_BOX (side), GTK_WIDGET (self->history));
  return side;
}

static void
build (ObaRuleEditor *self)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *clamp = adw_clamp_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *columns = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 18);

  self->state_label = GTK_LABEL (oba_profile_label_new (NULL, "dim-label"));
  self->terms_label = GTK_LABEL (oba_profile_label_new (NULL, "title-4"));
  self->problem = g_object_new (OBA_TYPE_PROBLEM_BOX, NULL);
  self->form = OBA_RULE_FORM (oba_rule_form_new (oba_session_get_pool (self->session), member (self->rule, "kind")));
  gtk_widget_set_hexpand (GTK_WIDGET (self->form), TRUE);
  g_signal_connect_object (self->form, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (columns), GTK_WIDGET (self->form));
  gtk_box_append (GTK_BOX (columns), side_new (self));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->terms_label));
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
  adw_bin_set_child (ADW_BIN (self), scrolled);
}

/* ---- leaving */

static void
leave_cb (ObaRuleEditor *self, const char *response)
{
  self->question = NULL;
  if (g_str_equal (response, "discard") && self->subpages != NULL)
    oba_subpages_close (self->subpages, GTK_WIDGET (self));
}

static gboolean
guard (GtkWidget *view, gpointer subpages)
{
  ObaRuleEditor *self = OBA_RULE_EDITOR (view);

  if (self->question != NULL)
    return TRUE;
  if (!oba_rule_editor_is_dirty (self))
    return FALSE;
  self->question = ADW_MESSAGE_DIALOG (adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (view)), _("Discard What You Typed?"), _("The draft was not saved.")));
  adw_message_dialog_add_responses (self->question, "cancel", _("_Cancel"), "discard", _("_Discard"), NULL);
  adw_message_dialog_set_response_appearance (self->question, "discard", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_close_response (self->question, "cancel");
  g_signal_connect_object (self->question, "response", G_CALLBACK (leave_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (self->question));
  return TRUE;
}

/* ---- making one */

JsonObject *
oba_rule_editor_make_rule (const char *kind)
{
  JsonObject *rule = json_object_new ();

  json_object_set_int_member (rule, "rule_id", 0);
  json_object_set_int_member (rule, "version", 0);
  json_object_set_string_member (rule, "kind", kind);
  json_object_set_string_member (rule, "name", "");
  json_object_set_string_member (rule, "state", "new");
  json_object_set_object_member (rule, "parameters", json_object_new ());
  return rule;
}

ObaRuleEditor *
oba_rule_editor_push (ObaSubpages *subpages, ObaSession *session, JsonObject *read, JsonObject *rule)
{
  ObaRuleEditor *self = g_object_new (OBA_TYPE_RULE_EDITOR, NULL);

  self->session = g_object_ref (session);
  self->read = json_object_ref (read);
  self->rule = json_object_ref (rule);
  self->subpages = subpages;
  g_object_add_weak_pointer (G_OBJECT (subpages), (gpointer *) &self->subpages);
  make_buttons (self);
  build (self);
  oba_subpages_push (subpages, GTK_WIDGET (self), *member (rule, "name") != '\0' ? member (rule, "name") : _("New Rule"));
  for (guint i = 0; i < N_BUTTONS; i++)
    oba_subpages_add_end (subpages, GTK_WIDGET (self), self->buttons[i]);
  oba_subpages_set_guard (subpages, GTK_WIDGET (self), guard, subpages);
  show_rule (self, rule);
  g_signal_connect_object (oba_session_get_listener (session), "notification::oba_administration", G_CALLBACK (read_again), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "resumed", G_CALLBACK (read_again), self, G_CONNECT_SWAPPED);
  return self;
}

/* ---- for tests */

GtkWidget *
oba_rule_editor_get_button (ObaRuleEditor *self, const char *name)
{
  for (guint i = 0; i < N_BUTTONS; i++)
    if (g_str_equal (button_names[i], name))
      return self->buttons[i];
  return NULL;
}

ObaRuleForm *
oba_rule_editor_get_form (ObaRuleEditor *self)
{
  return self->form;
}

ObaRuleExample *
oba_rule_editor_get_example (ObaRuleEditor *self)
{
  return self->example;
}

AdwMessageDialog *
oba_rule_editor_get_question (ObaRuleEditor *self)
{
  return self->question;
}

GtkEditable *
oba_rule_editor_get_reason (ObaRuleEditor *self)
{
  return self->reason;
}

const char *
oba_rule_editor_get_problem (ObaRuleEditor *self)
{
  return oba_problem_box_get_text (self->problem);
}

gboolean
oba_rule_editor_has_conflict (ObaRuleEditor *self)
{
  return self->theirs != NULL;
}

gboolean
oba_rule_editor_is_settled (ObaRuleEditor *self)
{
  return self->busy == 0 && !self->saving;
}
