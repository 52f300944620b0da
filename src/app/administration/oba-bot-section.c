#include "oba-bot-section.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "customers/oba-profile-section.h"
#include "db/oba-db-sql.h"
#include "oba-bot-text.h"
#include "widgets/oba-field.h"

#define MAX_WIDTH 860
#define FOLLOW_SECONDS 5
#define MAX_SHOWN 50

enum { WAY, UPDATES, WAITING, PACE, ERRORS, N_FACTS };

static const char *const facts[N_FACTS] = {
  [WAY] = N_("Updates come in by"), [UPDATES] = N_("Updates"), [WAITING] = N_("Messages"), [PACE] = N_("Pace"), [ERRORS] = N_("Not delivered"),
};

static const struct
{
  const char *name;
  const char *title;
  const char *problem;
  gint64      max;         /* 0: a time of day */
  gboolean    may_be_empty;
} fields[OBA_BOT_N_ENTRIES] = {
  [OBA_BOT_QUIET_FROM] = { "quiet_from", N_("Quiet from, as 22:00; empty: never quiet"), N_("A time of day, such as 22:00"), 0, TRUE },
  [OBA_BOT_QUIET_UNTIL] = { "quiet_until", N_("Quiet until"), N_("A time of day, such as 09:00"), 0, TRUE },
  [OBA_BOT_DAY_CAP] = { "day_cap", N_("Messages of the house to one customer in a day; empty: any number"), N_("A whole number, 1 to 100"), 100, TRUE },
  [OBA_BOT_WEEK_CAP] = { "week_cap", N_("In seven days; empty: any number"), N_("A whole number, 1 to 500"), 500, TRUE },
  [OBA_BOT_PER_SECOND] = { "per_second", N_("Messages a second in all; Telegram takes 30"), N_("A whole number, 1 to 1 000"), 1000, FALSE },
  [OBA_BOT_KEPT] = { "kept_for_answers", N_("Of these, kept for answers to people"), N_("A whole number, 0 or more"), 999, FALSE },
};

struct _ObaBotSection
{
  ObaSection           parent_instance;

  AdwActionRow        *facts[N_FACTS];
  GtkLabel            *trouble;
  AdwPreferencesGroup *lists[3];    /* broadcasts, messages, updates */
  GPtrArray           *rows[3];     /* (element-type GtkWidget) (unowned) */
  char                *shown[3];    /* what the rows were made of */
  AdwEntryRow         *support;
  char                *support_now;
  ObaField            *fields[OBA_BOT_N_ENTRIES];
  GtkEditable         *entries[OBA_BOT_N_ENTRIES];
  char                *now[OBA_BOT_N_ENTRIES];
  GtkWidget           *save_button;
  gint64               version;     /* of the settings; 0: not read yet */
  gboolean             touched;
  gboolean             filling;
  JsonObject          *first_trouble;   /* (nullable): a kind and a state */
  guint                n_troubles;
  guint                timer_id;
  AdwMessageDialog    *question;
  JsonNode            *asked;       /* what the question is about */
};

enum { BROADCASTS, TROUBLES, POISON };

G_DEFINE_FINAL_TYPE (ObaBotSection, oba_bot_section, OBA_TYPE_SECTION)

static gboolean
may_change (ObaBotSection *self)
{
  return oba_session_has_role (oba_section_get_session (OBA_SECTION (self)), OBA_ROLE_ADMIN);
}

/* ---- what can be done */

/* "ACTION" and its request, on a button. */
static void
do_cb (ObaBotSection *self, GtkButton *button)
{
  JsonNode *request = g_object_get_data (G_OBJECT (button), "request");

  oba_section_save (OBA_SECTION (self), g_object_get_data (G_OBJECT (button), "action"), request);
}

static void
answered_cb (ObaBotSection *self, const char *response)
{
  self->question = NULL;
  if (g_str_equal (response, "do"))
    oba_section_save (OBA_SECTION (self), "move_broadcast", self->asked);
}

/* What cannot be taken back is asked for twice. */
static void
ask_cb (ObaBotSection *self, GtkButton *button)
{
  JsonNode *request = g_object_get_data (G_OBJECT (button), "request");

  g_clear_pointer (&self->asked, json_node_unref);
  self->asked = json_node_ref (request);
  self->question = ADW_MESSAGE_DIALOG (adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), _("Cancel This Broadcast?"),
                                                               _("Whoever has not got it by now will not get it. It cannot be started again.")));
  adw_message_dialog_add_responses (self->question, "keep", _("_Not Now"), "do", _("_Cancel Broadcast"), NULL);
  adw_message_dialog_set_response_appearance (self->question, "do", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (self->question, "keep");
  adw_message_dialog_set_close_response (self->question, "keep");
  g_signal_connect_object (self->question, "response", G_CALLBACK (answered_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (self->question));
}

/* @request: (transfer full) */
static GtkWidget *
button_new (ObaBotSection *self, const char *label, const char *action, JsonObject *request, gboolean asks)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  g_object_set_data_full (G_OBJECT (button), "action", g_strdup (action), g_free);
  g_object_set_data_full (G_OBJECT (button), "request", json_node_init_object (json_node_alloc (), request), (GDestroyNotify) json_node_unref);
  json_object_unref (request);
  g_signal_connect_swapped (button, "clicked", asks ? G_CALLBACK (ask_cb) : G_CALLBACK (do_cb), self);
  return button;
}

static JsonObject *
move_request (JsonObject *broadcast, const char *what)
{
  JsonObject *request = json_object_new ();

  json_object_set_int_member (request, "broadcast_id", json_object_get_int_member (broadcast, "broadcast_id"));
  json_object_set_string_member (request, "what", what);
  return request;
}

/* ---- lists */

static void
clear_list (ObaBotSection *self, guint list)
{
  for (guint i = 0; i < self->rows[list]->len; i++)
    adw_preferences_group_remove (self->lists[list], self->rows[list]->pdata[i]);
  g_ptr_array_set_size (self->rows[list], 0);
}

static void
add_row (ObaBotSection *self, guint list, GtkWidget *row)
{
  adw_preferences_group_add (self->lists[list], row);
  g_ptr_array_add (self->rows[list], row);
}

static void
add_empty (ObaBotSection *self, guint list, const char *text)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), text);
  gtk_widget_add_css_class (row, "dim-label");
  add_row (self, list, row);
}

static void
set_plain_title (GtkWidget *row, const char *title, const char *subtitle)
{
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  if (ADW_IS_EXPANDER_ROW (row))
    adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (row), subtitle);
  else
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
}

static void
add_broadcast (ObaBotSection *self, JsonObject *broadcast)
{
  GtkWidget *row = adw_action_row_new ();
  const char *state = json_object_get_string_member (broadcast, "state");
  gint64 total = json_object_get_int_member (broadcast, "total");
  g_autofree char *progress = oba_bot_text_progress (broadcast);
  gboolean running = g_str_equal (state, "running"), paused = g_str_equal (state, "paused");

  set_plain_title (row, json_object_get_string_member (broadcast, "name"), progress);
  if ((running || paused) && total > 0)
    {
      GtkWidget *bar = gtk_progress_bar_new ();

      gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (bar), CLAMP (1.0 - (double) json_object_get_int_member (broadcast, "waiting") / (double) total, 0.0, 1.0));
      gtk_widget_set_valign (bar, GTK_ALIGN_CENTER);
      gtk_widget_set_size_request (bar, 90, -1);
      gtk_accessible_update_property (GTK_ACCESSIBLE (bar), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Progress of the broadcast"), -1);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), bar);
    }
  /* One is started where it is seen with its recipients: among the campaigns. */
  if (may_change (self) && (running || paused))
    adw_action_row_add_suffix (ADW_ACTION_ROW (row), button_new (self, running ? _("_Pause") : _("_Resume"), "move_broadcast", move_request (broadcast, running ? "pause" : "resume"), FALSE));
  if (may_change (self) && (running || paused))
    adw_action_row_add_suffix (ADW_ACTION_ROW (row), button_new (self, _("_Cancel…"), "move_broadcast", move_request (broadcast, "cancel"), TRUE));
  add_row (self, BROADCASTS, row);
}

static void
add_detail (GtkWidget *expander, const char *text)
{
  GtkWidget *label = oba_profile_label_new (text, NULL), *row = adw_preferences_row_new ();

  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  g_object_set (label, "margin-top", 9, "margin-bottom", 9, "margin-start", 12, "margin-end", 12, NULL);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), label);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (expander), row);
}

/* All of a kind at once. */
static void
add_kind (ObaBotSection *self, JsonObject *kind)
{
  GtkWidget *row = adw_action_row_new ();
  const char *state = json_object_get_string_member (kind, "state");
  gint64 n = json_object_get_int_member (kind, "messages");
  g_autofree char *what = g_strdup_printf (ngettext ("%s: %d message", "%s: %d messages", (gulong) n), oba_bot_text_kind (json_object_get_string_member (kind, "kind")), (int) n);
  JsonObject *request = json_object_new ();

  json_object_set_string_member (request, "kind", json_object_get_string_member (kind, "kind"));
  json_object_set_string_member (request, "state", state);
  if (self->first_trouble == NULL)
    self->first_trouble = json_object_ref (request);
  set_plain_title (row, what, oba_bot_text_state (state));
  if (may_change (self))
    adw_action_row_add_suffix (ADW_ACTION_ROW (row), button_new (self, _("Send _All Again"), "retry_messages", request, FALSE));
  else
    json_object_unref (request);
  add_row (self, TROUBLES, row);
}

static void
add_trouble (ObaBotSection *self, JsonObject *message)
{
  GtkWidget *row = adw_expander_row_new ();
  gint64 customer = json_object_get_int_member (message, "customer_id");
  const char *name = json_object_get_string_member_with_default (message, "name", ""), *preview = json_object_get_string_member_with_default (message, "preview", "");
  g_autofree char *at = oba_bot_text_moment (message, "created_at");
  g_autofree char *number = customer != 0 ? g_strdup_printf (_("customer %d"), (int) customer) : g_strdup (_("nobody’s chat"));
  g_autofree char *who = *name != '\0' ? g_strdup_printf ("%s (%s)", name, number) : g_strdup (number);
  g_autofree char *title = g_strdup_printf ("%s · %s", oba_bot_text_kind (json_object_get_string_member (message, "kind")), who);
  g_autofree char *subtitle = g_strdup_printf ("%s · %s", oba_bot_text_state (json_object_get_string_member (message, "state")), at);
  JsonObject *request = json_object_new ();

  set_plain_title (row, title, subtitle);
  add_detail (row, json_object_get_string_member_with_default (message, "error", ""));
  add_detail (row, *preview != '\0' ? preview : _("Its words are put together when it goes out."));
  json_object_set_int_member (request, "customer_id", customer);
  json_object_set_int_member (request, "message_id", json_object_get_int_member (message, "message_id"));
  if (may_change (self))
    adw_expander_row_add_action (ADW_EXPANDER_ROW (row), button_new (self, _("Send Again"), "retry_messages", request, FALSE));
  else
    json_object_unref (request);
  add_row (self, TROUBLES, row);
}

static void
add_poison (ObaBotSection *self, JsonObject *update)
{
  GtkWidget *row = adw_expander_row_new ();
  gint64 id = json_object_get_int_member (update, "update_id");
  g_autofree char *title = g_strdup_printf (_("Update %s"), json_object_get_string_member (update, "number"));
  g_autofree char *at = oba_bot_text_moment (update, "received_at");
  static const char *const ways[] = { "retry", "drop" };

  set_plain_title (row, title, at);
  add_detail (row, json_object_get_string_member_with_default (update, "error", ""));
  add_detail (row, json_object_get_string_member_with_default (update, "contents", ""));
  for (guint i = 0; i < G_N_ELEMENTS (ways) && may_change (self); i++)
    {
      JsonObject *request = json_object_new ();

      json_object_set_int_member (request, "update_id", id);
      json_object_set_string_member (request, "what", ways[i]);
      adw_expander_row_add_action (ADW_EXPANDER_ROW (row), button_new (self, i == 0 ? _("Try Again") : _("Drop"), "decide_update", request, FALSE));
    }
  add_row (self, POISON, row);
}

/* Rows are made anew only when there is something new: what was opened stays open. */
static gboolean
is_new (ObaBotSection *self, guint list, const char *text)
{
  if (g_strcmp0 (self->shown[list], text) == 0)
    return FALSE;
  g_free (self->shown[list]);
  self->shown[list] = g_strdup (text);
  clear_list (self, list);
  return TRUE;
}

static void
show_array (ObaBotSection *self, JsonArray *array, void (*add) (ObaBotSection *, JsonObject *))
{
  for (guint i = 0; i < json_array_get_length (array); i++)
    add (self, json_array_get_object_element (array, i));
}

static char *
array_text (JsonArray *array)
{
  g_autoptr (JsonNode) node = json_node_init_array (json_node_alloc (), array);

  return json_to_string (node, FALSE);
}

static void
show_lists (ObaBotSection *self, JsonObject *board, JsonArray *messages, JsonArray *updates)
{
  JsonArray *broadcasts = json_object_get_array_member (board, "broadcasts"), *kinds = json_object_get_array_member (board, "troubles");
  g_autofree char *b = array_text (broadcasts), *k = array_text (kinds), *m = array_text (messages), *u = array_text (updates);
  g_autofree char *km = g_strconcat (k, m, NULL);

  if (is_new (self, BROADCASTS, b))
    {
      show_array (self, broadcasts, add_broadcast);
      if (json_array_get_length (broadcasts) == 0)
        add_empty (self, BROADCASTS, _("None yet. They are written in Campaigns."));
    }
  if (is_new (self, TROUBLES, km))
    {
      g_clear_pointer (&self->first_trouble, json_object_unref);
      self->n_troubles = json_array_get_length (messages);
      show_array (self, kinds, add_kind);
      show_array (self, messages, add_trouble);
      if (self->n_troubles == 0)
        add_empty (self, TROUBLES, _("Every message has arrived."));
    }
  if (is_new (self, POISON, u))
    {
      show_array (self, updates, add_poison);
      if (json_array_get_length (updates) == 0)
        add_empty (self, POISON, _("None."));
    }
}

/* ---- what the house has set */

static gboolean
is_fine (guint i, const char *text)
{
  int hour, minute;
  char rest;
  gint64 number;

  if (*text == '\0')
    return fields[i].may_be_empty;
  if (fields[i].max == 0)
    return strlen (text) == 5 && sscanf (text, "%2d:%2d%c", &hour, &minute, &rest) == 2 && hour >= 0 && hour < 24 && minute >= 0 && minute < 60;
  return g_ascii_string_to_signed (text, 10, i == OBA_BOT_KEPT ? 0 : 1, fields[i].max, &number, NULL);
}

static char *
entry_text (ObaBotSection *self, guint i)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (self->entries[i])));
}

static void
update (ObaBotSection *self)
{
  gboolean valid = self->version > 0, touched = FALSE;

  for (guint i = 0; i < OBA_BOT_N_ENTRIES && self->version > 0; i++)
    {
      g_autofree char *text = entry_text (self, i);
      gboolean fine = is_fine (i, text);

      oba_field_set_problem (self->fields[i], fine ? NULL : _(fields[i].problem));
      valid = valid && fine;
      touched = touched || strcmp (text, self->now[i]) != 0;
    }
  self->touched = touched;
  gtk_widget_set_sensitive (self->save_button, valid && touched && !oba_section_is_saving (OBA_SECTION (self)));
}

static void
changed_cb (ObaBotSection *self)
{
  if (!self->filling)
    update (self);
}

static char *
setting_text (JsonObject *settings, guint i)
{
  if (json_object_get_null_member (settings, fields[i].name))
    return g_strdup ("");
  if (fields[i].max == 0)
    return g_strdup (json_object_get_string_member (settings, fields[i].name));
  return g_strdup_printf ("%" G_GINT64_FORMAT, json_object_get_int_member (settings, fields[i].name));
}

/* What was typed stays, with what holds now beside it. */
static void
show_settings (ObaBotSection *self, JsonObject *board)
{
  JsonObject *settings = json_object_get_object_member (board, "settings");
  const char *support = json_object_get_string_member (json_object_get_object_member (board, "house"), "support");

  self->filling = TRUE;
  for (guint i = 0; i < OBA_BOT_N_ENTRIES; i++)
    {
      g_autofree char *text = setting_text (settings, i), *typed = entry_text (self, i);
      g_autofree char *note = g_strdup_printf (_("Now: %s"), *text != '\0' ? text : "–");
      gboolean kept = self->touched && g_strcmp0 (typed, self->now[i]) != 0;

      if (!kept && strcmp (typed, text) != 0)
        gtk_editable_set_text (self->entries[i], text);
      oba_field_set_note (self->fields[i], kept && g_strcmp0 (text, self->now[i]) != 0 ? note : NULL);
      g_free (self->now[i]);
      self->now[i] = g_steal_pointer (&text);
    }
  self->version = json_object_get_int_member (settings, "version");
  self->filling = FALSE;
  if (g_strcmp0 (self->support_now, support) != 0)
    {
      g_free (self->support_now);
      self->support_now = g_strdup (support);
      gtk_editable_set_text (GTK_EDITABLE (self->support), support);
    }
  update (self);
}

void
oba_bot_section_save (ObaBotSection *self)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (JsonNode) request = NULL;

  if (!gtk_widget_get_sensitive (self->save_button) || !may_change (self))
    return;
  for (guint i = 0; i < OBA_BOT_N_ENTRIES; i++)
    {
      g_autofree char *text = entry_text (self, i);

      if (*text == '\0')
        json_object_set_null_member (object, fields[i].name);
      else if (fields[i].max == 0)
        json_object_set_string_member (object, fields[i].name, text);
      else
        json_object_set_int_member (object, fields[i].name, g_ascii_strtoll (text, NULL, 10));
    }
  json_object_set_int_member (object, "version", self->version);
  request = json_node_init_object (json_node_alloc (), object);
  oba_section_save (OBA_SECTION (self), "set_telegram_settings", request);
}

static void
support_cb (ObaBotSection *self)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (JsonNode) request = NULL;

  json_object_set_string_member (object, "support", gtk_editable_get_text (GTK_EDITABLE (self->support)));
  request = json_node_init_object (json_node_alloc (), object);
  oba_section_save (OBA_SECTION (self), "set_telegram_house", request);
}

/* ---- reading */

static JsonArray *
array_of (ObaDbResult *rows, guint column, JsonNode **node)
{
  *node = json_from_string (oba_db_result_get_text (rows, 0, column), NULL);
  return json_node_get_array (*node);
}

static void
show_facts (ObaBotSection *self, JsonObject *board)
{
  g_autofree char *trouble = oba_bot_text_trouble (board);
  char *(*const texts[N_FACTS]) (JsonObject *) = { oba_bot_text_way, oba_bot_text_updates, oba_bot_text_waiting, oba_bot_text_pace, oba_bot_text_errors };

  for (guint i = 0; i < N_FACTS; i++)
    {
      g_autofree char *text = texts[i] (board), *escaped = g_markup_escape_text (text, -1);

      adw_action_row_set_subtitle (self->facts[i], escaped);
    }
  gtk_label_set_text (self->trouble, trouble != NULL ? trouble : "");
  gtk_widget_set_visible (GTK_WIDGET (self->trouble), trouble != NULL);
}

static void
read_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  ObaBotSection *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (OBA_DB_POOL (pool), result, &error);
  g_autoptr (JsonNode) board = NULL, messages = NULL, updates = NULL;
  JsonArray *m, *u;

  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return;
  if (rows != NULL)
    {
      board = json_from_string (oba_db_result_get_text (rows, 0, 0), NULL);
      m = array_of (rows, 1, &messages);
      u = array_of (rows, 2, &updates);
      show_facts (self, json_node_get_object (board));
      show_lists (self, json_node_get_object (board), m, u);
      show_settings (self, json_node_get_object (board));
    }
  oba_section_end_reading (self, error);
}

static void
oba_bot_section_read (ObaSection *section, GCancellable *cancellable)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("i", (gint64) MAX_SHOWN);

  oba_db_pool_read_async (oba_section_get_pool (section), oba_db_sql ("telling/board.sql"), params, cancellable, read_cb, section);
}

static gboolean
follow_cb (gpointer user_data)
{
  if (oba_section_is_settled (user_data) && gtk_widget_get_mapped (user_data))
    oba_section_refresh (user_data);
  return G_SOURCE_CONTINUE;
}

static void
oba_bot_section_saved (ObaSection *section, JsonObject *answer)
{
  ObaBotSection *self = OBA_BOT_SECTION (section);

  if (json_object_has_member (answer, "per_second"))
    {
      self->touched = FALSE;
      for (guint i = 0; i < OBA_BOT_N_ENTRIES; i++)
        {
          g_free (self->now[i]);
          self->now[i] = entry_text (self, i);
        }
      oba_section_toast (section, _("The rules of the bot were changed"));
    }
  else if (json_object_has_member (answer, "messages"))
    oba_section_toast (section, _("They are being sent again"));
}

static void
oba_bot_section_update (ObaSection *section)
{
  update (OBA_BOT_SECTION (section));
}

/* ---- the object */

static void
oba_bot_section_dispose (GObject *object)
{
  ObaBotSection *self = OBA_BOT_SECTION (object);

  g_clear_handle_id (&self->timer_id, g_source_remove);
  G_OBJECT_CLASS (oba_bot_section_parent_class)->dispose (object);
}

static void
oba_bot_section_finalize (GObject *object)
{
  ObaBotSection *self = OBA_BOT_SECTION (object);

  for (guint i = 0; i < G_N_ELEMENTS (self->rows); i++)
    {
      g_ptr_array_unref (self->rows[i]);
      g_free (self->shown[i]);
    }
  for (guint i = 0; i < OBA_BOT_N_ENTRIES; i++)
    g_free (self->now[i]);
  g_free (self->support_now);
  g_clear_pointer (&self->first_trouble, json_object_unref);
  g_clear_pointer (&self->asked, json_node_unref);
  G_OBJECT_CLASS (oba_bot_section_parent_class)->finalize (object);
}

static void
oba_bot_section_class_init (ObaBotSectionClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = oba_bot_section_dispose;
  G_OBJECT_CLASS (klass)->finalize = oba_bot_section_finalize;
  OBA_SECTION_CLASS (klass)->read = oba_bot_section_read;
  OBA_SECTION_CLASS (klass)->saved = oba_bot_section_saved;
  OBA_SECTION_CLASS (klass)->update = oba_bot_section_update;
}

static void
oba_bot_section_init (ObaBotSection *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->rows); i++)
    self->rows[i] = g_ptr_array_new ();
}

static AdwPreferencesGroup *
add_group (GtkBox *box, const char *title)
{
  GtkWidget *group = adw_preferences_group_new ();

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), title);
  gtk_box_append (box, group);
  return ADW_PREFERENCES_GROUP (group);
}

static void
add_facts (ObaBotSection *self, GtkBox *box)
{
  AdwPreferencesGroup *group = add_group (box, _("Now"));

  self->trouble = GTK_LABEL (oba_profile_label_new ("", "warning"));
  gtk_widget_set_visible (GTK_WIDGET (self->trouble), FALSE);
  gtk_box_prepend (box, GTK_WIDGET (self->trouble));
  for (guint i = 0; i < N_FACTS; i++)
    {
      self->facts[i] = ADW_ACTION_ROW (adw_action_row_new ());
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->facts[i]), _(facts[i]));
      adw_action_row_set_subtitle_lines (self->facts[i], 0);
      adw_preferences_group_add (group, GTK_WIDGET (self->facts[i]));
    }
}

static void
add_form (ObaBotSection *self, GtkBox *box)
{
  AdwPreferencesGroup *group = add_group (box, _("Rules of the House"));
  GtkBox *card = oba_section_add_card (box);

  self->support = ADW_ENTRY_ROW (adw_entry_row_new ());
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->support), _("Whom customers ask for help: a number, an address, a name in Telegram"));
  adw_entry_row_set_show_apply_button (self->support, may_change (self));
  gtk_editable_set_editable (GTK_EDITABLE (self->support), may_change (self));
  g_signal_connect_swapped (self->support, "apply", G_CALLBACK (support_cb), self);
  adw_preferences_group_add (group, GTK_WIDGET (self->support));
  for (guint i = 0; i < OBA_BOT_N_ENTRIES; i++)
    {
      GtkWidget *entry = gtk_entry_new ();

      gtk_entry_set_max_length (GTK_ENTRY (entry), 10);
      gtk_editable_set_editable (GTK_EDITABLE (entry), may_change (self));
      g_signal_connect_swapped (entry, "changed", G_CALLBACK (changed_cb), self);
      g_signal_connect_swapped (entry, "activate", G_CALLBACK (oba_bot_section_save), self);
      self->entries[i] = GTK_EDITABLE (entry);
      self->fields[i] = OBA_FIELD (oba_field_new (_(fields[i].title), entry, NULL));
      gtk_box_append (card, GTK_WIDGET (self->fields[i]));
    }
  self->save_button = gtk_button_new_with_mnemonic (_("_Save"));
  gtk_widget_add_css_class (self->save_button, "suggested-action");
  gtk_widget_set_halign (self->save_button, GTK_ALIGN_END);
  gtk_widget_set_sensitive (self->save_button, FALSE);
  gtk_widget_set_visible (self->save_button, may_change (self));
  g_signal_connect_swapped (self->save_button, "clicked", G_CALLBACK (oba_bot_section_save), self);
  gtk_box_append (card, self->save_button);
}

GtkWidget *
oba_bot_section_new (ObaSession *session)
{
  static const char *const titles[] = { N_("Messages to Many"), N_("Messages That Did Not Arrive"), N_("Updates Set Aside") };
  ObaBotSection *self = g_object_new (OBA_TYPE_BOT_SECTION, NULL);
  GtkBox *box = oba_section_build (OBA_SECTION (self), session, MAX_WIDTH, _("The bot in Telegram: what comes in, what goes out, and what needs somebody."));

  add_facts (self, box);
  for (guint i = 0; i < G_N_ELEMENTS (titles); i++)
    self->lists[i] = add_group (box, _(titles[i]));
  add_form (self, box);
  self->timer_id = g_timeout_add_seconds (FOLLOW_SECONDS, follow_cb, self);
  return GTK_WIDGET (self);
}

/* ---- for tests */

GtkEditable *
oba_bot_section_get_entry (ObaBotSection *self, ObaBotEntry entry)
{
  return self->entries[entry];
}

gboolean
oba_bot_section_can_save (ObaBotSection *self)
{
  return gtk_widget_get_sensitive (self->save_button);
}

void
oba_bot_section_retry_all (ObaBotSection *self)
{
  g_autoptr (JsonNode) request = NULL;

  g_return_if_fail (self->first_trouble != NULL);
  request = json_node_init_object (json_node_alloc (), self->first_trouble);
  oba_section_save (OBA_SECTION (self), "retry_messages", request);
}

guint
oba_bot_section_get_n_troubles (ObaBotSection *self)
{
  return self->n_troubles;
}
