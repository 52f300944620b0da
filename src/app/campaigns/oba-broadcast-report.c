#include "oba-broadcast-report.h"

#include <glib/gi18n-lib.h>

#include "administration/oba-bot-text.h"
#include "base/oba-money.h"
#include "customers/oba-customer-json.h"
#include "customers/oba-customer-text.h"
#include "customers/oba-filter-text.h"
#include "customers/oba-profile-section.h"
#include "db/oba-db-error.h"
#include "db/oba-db-request.h"
#include "oba-broadcast-preview.h"
#include "oba-broadcast-text.h"
#include "oba-page.h"
#include "telling/oba-broadcasts.h"
#include "widgets/oba-figure-row.h"
#include "widgets/oba-problem-box.h"

#define LEFT_WIDTH 620
#define SIDE_WIDTH 340
#define FOLLOW_SECONDS 5
#define MAY_MOVE (OBA_ROLE_MARKETING | OBA_ROLE_ADMIN)

enum { CANCEL, RESUME, PAUSE, N_BUTTONS };
static const char *const button_names[N_BUTTONS] = { "cancel", "resume", "pause" };

struct _ObaBroadcastReport
{
  AdwBin               parent_instance;

  ObaSession          *session;
  ObaSubpages         *subpages;
  GCancellable        *cancellable;
  gint64               id;
  JsonObject          *broadcast;     /* (nullable) */
  ObaCustomerChoices  *choices;       /* (nullable) */
  guint                busy;
  guint                reading;
  gboolean             saving;
  gboolean             unread;
  char                *key;           /* of what was asked last, while nobody knows whether it was done */
  char                *asked;
  guint                timer_id;
  AdwMessageDialog    *question;      /* (nullable) */

  GtkStack            *stack;
  AdwStatusPage       *failed_page;
  ObaProblemBox       *problem;
  GtkLabel            *state_label;
  GtkProgressBar      *bar;
  GtkLabel            *done_label;
  GtkBox              *cards;         /* of figures and reasons, made anew each time */
  ObaBroadcastPreview *preview;
  GtkToggleButton     *tabs[OBA_N_LANGUAGES];
  GtkWidget           *buttons[N_BUTTONS];
};

G_DEFINE_FINAL_TYPE (ObaBroadcastReport, oba_broadcast_report, ADW_TYPE_BIN)

static void read_again (ObaBroadcastReport *self);

static const char *
state_of (ObaBroadcastReport *self)
{
  return json_object_get_string_member_with_default (self->broadcast, "state", "");
}

static gint64
number (ObaBroadcastReport *self, const char *member)
{
  return oba_customer_json_member_int (self->broadcast, member, 0);
}

static void
update_buttons (ObaBroadcastReport *self)
{
  gboolean may = self->broadcast != NULL && oba_session_has_role (self->session, MAY_MOVE);
  gboolean running = may && g_str_equal (state_of (self), "running"), paused = may && g_str_equal (state_of (self), "paused");
  const gboolean shown[N_BUTTONS] = { [CANCEL] = running || paused, [RESUME] = paused, [PAUSE] = running };

  for (guint i = 0; i < N_BUTTONS; i++)
    {
      gtk_widget_set_visible (self->buttons[i], shown[i]);
      gtk_widget_set_sensitive (self->buttons[i], !self->saving && self->question == NULL);
    }
}

/* ---- what is shown */

static GtkWidget *
group_new (ObaBroadcastReport *self, const char *title)
{
  GtkWidget *group = adw_preferences_group_new ();

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), title);
  gtk_box_append (self->cards, group);
  return group;
}

static void
add_figure (GtkWidget *group, const char *title, const char *value)
{
  if (*value != '\0')
    adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), oba_figure_row_new (title, value));
}

static void
add_number (ObaBroadcastReport *self, GtkWidget *group, const char *title, const char *member, gboolean always)
{
  g_autofree char *value = oba_broadcast_text_number (self->broadcast, member);

  if (always || number (self, member) > 0)
    add_figure (group, title, value);
}

static char *
language_text (ObaBroadcastReport *self)
{
  JsonObject *languages = oba_customer_json_member_object (self->broadcast, "languages");
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < OBA_N_LANGUAGES; i++)
    {
      const char *code = oba_language_get_code (i);
      g_autofree char *n = languages != NULL ? oba_broadcast_text_number (languages, code) : g_strdup ("0");

      if (languages != NULL && json_object_has_member (languages, code))
        g_string_append_printf (text, "%s%s: %s", text->len > 0 ? " · " : "", oba_customer_text_language (code), n);
    }
  return g_string_free (text, FALSE);
}

static void
add_figures (ObaBroadcastReport *self)
{
  GtkWidget *group = group_new (self, _("What Became of It"));
  g_autofree char *languages = language_text (self);

  add_number (self, group, _("Recipients when it was started"), "total", TRUE);
  add_number (self, group, _("Sent"), "sent", TRUE);
  add_number (self, group, _("Waiting"), "waiting", FALSE);
  add_number (self, group, _("Not delivered"), "failed", TRUE);
  add_number (self, group, _("Stopped the bot"), "blocked", TRUE);
  add_number (self, group, _("Nobody knows whether it arrived"), "unknown", TRUE);
  add_number (self, group, _("Left out"), "skipped", FALSE);
  add_number (self, group, _("Wanted no more of these afterwards"), "opted_out", TRUE);
  add_figure (group, _("By language"), languages);
}

static void
add_moments (ObaBroadcastReport *self)
{
  GtkWidget *group = group_new (self, _("When and for Whom"));
  JsonNode *node = json_object_get_member (self->broadcast, "filter");
  g_autoptr (ObaCustomerFilter) filter = node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? oba_customer_filter_from_node (node, NULL) : NULL;
  g_autofree char *whom = filter != NULL && !oba_customer_filter_is_empty (filter) ? oba_filter_text_line (filter, self->choices) : g_strdup (_("Everybody who has agreed to messages in Telegram"));
  g_autofree char *started = oba_broadcast_text_moment (self->broadcast, "started_at"), *first = oba_broadcast_text_moment (self->broadcast, "first_at");
  g_autofree char *last = oba_broadcast_text_moment (self->broadcast, "last_at");
  const char *starter = json_object_get_string_member_with_default (self->broadcast, "starter", "");
  /* Translators: a moment, the name of a colleague. */
  g_autofree char *by = *started != '\0' ? g_strdup_printf (_("%s, %s"), started, starter) : g_strdup ("");

  add_figure (group, _("For whom"), whom);
  add_figure (group, _("Started"), by);
  add_figure (group, _("First one sent"), first);
  add_figure (group, _("Last one sent"), last);
}

static void
add_reasons (ObaBroadcastReport *self)
{
  JsonArray *reasons = oba_customer_json_member_array (self->broadcast, "reasons");
  GtkWidget *group;

  if (reasons == NULL || json_array_get_length (reasons) == 0)
    return;
  group = group_new (self, _("Why Some Did Not Get It"));
  for (guint i = 0; i < json_array_get_length (reasons); i++)
    {
      JsonObject *reason = json_array_get_object_element (reasons, i);
      GtkWidget *row = adw_action_row_new (), *label;
      g_autofree char *n = oba_broadcast_text_number (reason, "messages");
      const char *why = oba_broadcast_text_why (json_object_get_string_member_with_default (reason, "why", ""));

      adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), oba_broadcast_text_outcome (json_object_get_string_member (reason, "state")));
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), why);
      label = gtk_label_new (n);
      gtk_widget_add_css_class (label, "numeric");
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
      adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
    }
}

static void
show_progress (ObaBroadcastReport *self)
{
  gint64 total = MAX (number (self, "total"), 1), waiting = number (self, "waiting");
  gboolean open = g_str_equal (state_of (self), "running") || g_str_equal (state_of (self), "paused");
  g_autofree char *progress = NULL, *begins = oba_broadcast_text_moment (self->broadcast, "start_at");
  g_autoptr (GDateTime) start = oba_customer_json_member_time (self->broadcast, "start_at"), now = g_date_time_new_now_utc ();
  g_autoptr (JsonObject) figures = json_object_new ();

  json_object_set_string_member (figures, "state", state_of (self));
  json_object_set_int_member (figures, "sent", number (self, "sent"));
  json_object_set_int_member (figures, "total", number (self, "total"));
  json_object_set_int_member (figures, "undelivered", number (self, "failed") + number (self, "blocked") + number (self, "unknown"));
  json_object_set_int_member (figures, "skipped", number (self, "skipped"));
  json_object_set_member (figures, "done_at", json_node_copy (json_object_get_member (self->broadcast, "done_at")));
  progress = oba_bot_text_progress (figures);
  gtk_label_set_label (self->state_label, progress);
  gtk_widget_set_visible (GTK_WIDGET (self->bar), open);
  gtk_progress_bar_set_fraction (self->bar, CLAMP (1.0 - (double) waiting / (double) total, 0.0, 1.0));
  if (open && start != NULL && g_date_time_compare (start, now) > 0)
    {
      g_autofree char *text = g_strdup_printf (_("It begins at %s."), begins);

      gtk_label_set_label (self->done_label, text);
    }
  else
    gtk_label_set_label (self->done_label, g_str_equal (state_of (self), "paused") ? _("While it is paused nothing is sent.") : "");
  gtk_widget_set_visible (GTK_WIDGET (self->done_label), *gtk_label_get_label (self->done_label) != '\0');
}

static void
show_preview (ObaBroadcastReport *self)
{
  ObaLanguage language = OBA_LANGUAGE_AZ;

  for (guint i = 0; i < OBA_N_LANGUAGES; i++)
    if (gtk_toggle_button_get_active (self->tabs[i]))
      language = i;
  if (self->broadcast != NULL)
    oba_broadcast_preview_set (self->preview, self->broadcast, language);
}

static void
show (ObaBroadcastReport *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->cards))) != NULL)
    gtk_box_remove (self->cards, child);
  show_progress (self);
  add_figures (self);
  add_reasons (self);
  add_moments (self);
  show_preview (self);
  if (self->subpages != NULL)
    oba_subpages_set_title (self->subpages, GTK_WIDGET (self), json_object_get_string_member (self->broadcast, "name"));
  gtk_stack_set_visible_child_name (self->stack, "report");
  update_buttons (self);
}

/* ---- reading */

static void
read_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaBroadcastReport) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) broadcast = oba_broadcasts_finish (result, &error);
  g_autofree char *sentence = broadcast == NULL ? error != NULL ? oba_db_error_describe (error) : g_strdup (_("There is no such broadcast.")) : NULL;

  self->reading--;
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (broadcast != NULL)
    {
      if (self->unread)
        oba_problem_box_set_text (self->problem, NULL);
      self->unread = FALSE;
      g_clear_pointer (&self->broadcast, json_object_unref);
      self->broadcast = g_steal_pointer (&broadcast);
      show (self);
      return;
    }
  self->unread = TRUE;
  if (self->broadcast != NULL)
    oba_problem_box_set_text (self->problem, sentence);
  else
    {
      g_autofree char *escaped = g_markup_escape_text (sentence, -1);

      adw_status_page_set_description (self->failed_page, escaped);
      gtk_stack_set_visible_child_name (self->stack, "failed");
    }
}

static void
read_again (ObaBroadcastReport *self)
{
  self->reading++;
  oba_broadcasts_read_async (oba_session_get_pool (self->session), self->id, self->cancellable, read_cb, g_object_ref (self));
}

/* What runs is followed. */
static gboolean
follow_cb (gpointer user_data)
{
  ObaBroadcastReport *self = user_data;

  if (self->reading == 0 && !self->saving && gtk_widget_get_mapped (GTK_WIDGET (self)) && self->broadcast != NULL && g_str_equal (state_of (self), "running"))
    read_again (self);
  return G_SOURCE_CONTINUE;
}

static void
choices_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaBroadcastReport) self = user_data;

  self->busy--;
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  self->choices = oba_customer_choices_read_finish (result, NULL);
  if (self->broadcast != NULL)
    show (self);
}

/* ---- doing */

static void
asked_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaBroadcastReport) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) answer = oba_db_request_finish (OBA_DB_POOL (pool), result, &error);

  self->saving = FALSE;
  self->busy--;
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (!g_error_matches (error, OBA_DB_ERROR, OBA_DB_ERROR_LOST))
    g_clear_pointer (&self->key, g_free);
  if (answer == NULL)
    {
      g_autofree char *sentence = oba_db_error_describe (error);

      oba_problem_box_set_text (self->problem, sentence);
    }
  update_buttons (self);
  read_again (self);
}

static void
move_to (ObaBroadcastReport *self, const char *what)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *request = json_object_new ();

  json_object_set_int_member (request, "broadcast_id", self->id);
  json_object_set_string_member (request, "what", what);
  json_node_take_object (node, request);
  if (self->key == NULL || g_strcmp0 (self->asked, what) != 0)
    {
      g_free (self->key);
      g_free (self->asked);
      self->key = oba_db_request_new_key ();
      self->asked = g_strdup (what);
    }
  self->saving = TRUE;
  self->busy++;
  oba_problem_box_set_text (self->problem, NULL);
  update_buttons (self);
  oba_db_request_async (oba_session_get_pool (self->session), "move_broadcast", node, self->key, NULL, asked_cb, g_object_ref (self));
}

static void
cancel_answered_cb (ObaBroadcastReport *self, const char *response)
{
  self->question = NULL;
  update_buttons (self);
  if (g_str_equal (response, "do") && !self->saving && !g_cancellable_is_cancelled (self->cancellable))
    move_to (self, "cancel");
}

static void
ask_cancel (ObaBroadcastReport *self)
{
  g_autofree char *waiting = oba_broadcast_text_number (self->broadcast, "waiting");
  gint64 n = number (self, "waiting");
  g_autofree char *body = g_strdup_printf (ngettext ("%s customer has not got it yet, and will not get it. It cannot be started again.", "%s customers have not got it yet, and will not get it. It cannot be started again.", (gulong) n), waiting);

  self->question = ADW_MESSAGE_DIALOG (adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), _("Cancel This Broadcast?"), body));
  adw_message_dialog_add_responses (self->question, "keep", _("_Not Now"), "do", _("_Cancel Broadcast"), NULL);
  adw_message_dialog_set_response_appearance (self->question, "do", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (self->question, "keep");
  adw_message_dialog_set_close_response (self->question, "keep");
  g_signal_connect_object (self->question, "response", G_CALLBACK (cancel_answered_cb), self, G_CONNECT_SWAPPED);
  update_buttons (self);
  gtk_window_present (GTK_WINDOW (self->question));
}

void
oba_broadcast_report_move (ObaBroadcastReport *self, const char *what)
{
  g_return_if_fail (OBA_IS_BROADCAST_REPORT (self));

  if (self->saving || self->question != NULL || self->broadcast == NULL)
    return;
  if (g_str_equal (what, "cancel"))
    ask_cancel (self);
  else
    move_to (self, what);
}

static void
clicked_cb (ObaBroadcastReport *self, GtkWidget *button)
{
  for (guint i = 0; i < N_BUTTONS; i++)
    if (self->buttons[i] == button)
      oba_broadcast_report_move (self, button_names[i]);
}

/* ---- the object */

static void
oba_broadcast_report_dispose (GObject *object)
{
  ObaBroadcastReport *self = OBA_BROADCAST_REPORT (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->timer_id, g_source_remove);
  if (self->subpages != NULL)
    {
      g_object_remove_weak_pointer (G_OBJECT (self->subpages), (gpointer *) &self->subpages);
      self->subpages = NULL;
    }

  G_OBJECT_CLASS (oba_broadcast_report_parent_class)->dispose (object);
}

static void
oba_broadcast_report_finalize (GObject *object)
{
  ObaBroadcastReport *self = OBA_BROADCAST_REPORT (object);

  g_clear_object (&self->session);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->broadcast, json_object_unref);
  g_clear_pointer (&self->choices, oba_customer_choices_unref);
  g_free (self->key);
  g_free (self->asked);

  G_OBJECT_CLASS (oba_broadcast_report_parent_class)->finalize (object);
}

static void
oba_broadcast_report_class_init (ObaBroadcastReportClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = oba_broadcast_report_dispose;
  G_OBJECT_CLASS (klass)->finalize = oba_broadcast_report_finalize;
}

static void
oba_broadcast_report_init (ObaBroadcastReport *self)
{
  self->cancellable = g_cancellable_new ();
}

static GtkWidget *
side_new (ObaBroadcastReport *self)
{
  static const char *const titles[OBA_N_LANGUAGES] = { "Azərbaycanca", "Русский", "English" };
  GtkWidget *side = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12), *tabs = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  self->preview = OBA_BROADCAST_PREVIEW (oba_broadcast_preview_new ());
  gtk_widget_add_css_class (tabs, "linked");
  gtk_widget_set_halign (tabs, GTK_ALIGN_START);
  gtk_accessible_update_property (GTK_ACCESSIBLE (tabs), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Language"), -1);
  for (guint i = 0; i < OBA_N_LANGUAGES; i++)
    {
      self->tabs[i] = GTK_TOGGLE_BUTTON (gtk_toggle_button_new_with_label (titles[i]));
      if (i > 0)
        gtk_toggle_button_set_group (self->tabs[i], self->tabs[0]);
      g_signal_connect_object (self->tabs[i], "toggled", G_CALLBACK (show_preview), self, G_CONNECT_SWAPPED);
      gtk_box_append (GTK_BOX (tabs), GTK_WIDGET (self->tabs[i]));
    }
  gtk_toggle_button_set_active (self->tabs[OBA_LANGUAGE_AZ], TRUE);
  gtk_widget_set_size_request (side, SIDE_WIDTH, -1);
  gtk_box_append (GTK_BOX (side), tabs);
  gtk_box_append (GTK_BOX (side), GTK_WIDGET (self->preview));
  return side;
}

static GtkWidget *
body_new (ObaBroadcastReport *self)
{
  GtkWidget *scrolled = gtk_scrolled_window_new (), *clamp = adw_clamp_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12), *columns = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 18);

  self->state_label = GTK_LABEL (oba_profile_label_new (NULL, "title-4"));
  self->done_label = GTK_LABEL (oba_profile_label_new (NULL, "dim-label"));
  self->problem = g_object_new (OBA_TYPE_PROBLEM_BOX, NULL);
  self->bar = GTK_PROGRESS_BAR (gtk_progress_bar_new ());
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->bar), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Progress of the broadcast"), -1);
  self->cards = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 18));
  gtk_widget_set_hexpand (GTK_WIDGET (self->cards), TRUE);
  gtk_box_append (GTK_BOX (columns), GTK_WIDGET (self->cards));
  gtk_box_append (GTK_BOX (columns), side_new (self));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->problem));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->state_label));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->bar));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->done_label));
  gtk_box_append (GTK_BOX (box), columns);
  g_object_set (box, "margin-top", 12, "margin-bottom", 18, "margin-start", 18, "margin-end", 18, NULL);
  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), LEFT_WIDTH + SIDE_WIDTH + 18);
  adw_clamp_set_tightening_threshold (ADW_CLAMP (clamp), LEFT_WIDTH + SIDE_WIDTH);
  adw_clamp_set_child (ADW_CLAMP (clamp), box);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), clamp);
  return scrolled;
}

static void
build (ObaBroadcastReport *self)
{
  GtkWidget *spinner = gtk_spinner_new (), *retry = gtk_button_new_with_mnemonic (_("_Try Again"));
  const char *const labels[N_BUTTONS] = { _("_Cancel…"), _("_Resume"), _("_Pause") };

  for (guint i = 0; i < N_BUTTONS; i++)
    {
      self->buttons[i] = gtk_button_new_with_mnemonic (labels[i]);
      g_signal_connect_object (self->buttons[i], "clicked", G_CALLBACK (clicked_cb), self, G_CONNECT_SWAPPED);
    }
  update_buttons (self);
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
  gtk_stack_add_named (self->stack, body_new (self), "report");
  gtk_stack_add_named (self->stack, GTK_WIDGET (self->failed_page), "failed");
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->stack));
}

ObaBroadcastReport *
oba_broadcast_report_push (ObaSubpages *subpages, ObaSession *session, gint64 id)
{
  ObaBroadcastReport *self = g_object_new (OBA_TYPE_BROADCAST_REPORT, NULL);

  self->session = g_object_ref (session);
  self->id = id;
  self->subpages = subpages;
  g_object_add_weak_pointer (G_OBJECT (subpages), (gpointer *) &self->subpages);
  build (self);
  oba_subpages_push (subpages, GTK_WIDGET (self), _("Broadcast"));
  for (guint i = 0; i < N_BUTTONS; i++)
    oba_subpages_add_end (subpages, GTK_WIDGET (self), self->buttons[i]);
  self->busy++;
  oba_customer_choices_read_async (oba_session_get_pool (session), self->cancellable, choices_cb, g_object_ref (self));
  read_again (self);
  self->timer_id = g_timeout_add_seconds (FOLLOW_SECONDS, follow_cb, self);
  g_signal_connect_object (oba_session_get_listener (session), "notification::oba_administration", G_CALLBACK (read_again), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "resumed", G_CALLBACK (read_again), self, G_CONNECT_SWAPPED);
  return self;
}

/* ---- for tests */

GtkWidget *
oba_broadcast_report_get_button (ObaBroadcastReport *self, const char *name)
{
  for (guint i = 0; i < N_BUTTONS; i++)
    if (g_str_equal (button_names[i], name))
      return gtk_widget_get_visible (self->buttons[i]) ? self->buttons[i] : NULL;
  return NULL;
}

AdwMessageDialog *
oba_broadcast_report_get_question (ObaBroadcastReport *self)
{
  return self->question;
}

const char *
oba_broadcast_report_get_problem (ObaBroadcastReport *self)
{
  const char *text = oba_problem_box_get_text (self->problem);

  return text != NULL ? text : "";
}

gboolean
oba_broadcast_report_is_settled (ObaBroadcastReport *self)
{
  return self->busy == 0 && self->reading == 0;
}
