#include "base/oba-error.h"
#include "base/oba-phone.h"
#include "base/oba-text.h"
#include "db/oba-db-request.h"
#include "db/oba-db-sql.h"
#include "telegram/oba-telegram-birth.h"
#include "telegram/oba-telegram-html.h"
#include "telegram/oba-telegram-texts.h"
#include "oba-telegram-topics.h"

#include <string.h>

/*
 * Becoming a customer, a question at a time; what was answered is kept with the step, so that a restart asks the same again:
 *   start:consent (language, what is agreed) -> start:phone -> start:confirm, when somebody has this number, else start:name -> start:birth -> registered.
 * Nothing is written before the last answer, and that once, by the number of its update.
 */

#define MAX_NAME 100 /* characters */
#define MAX_PAYLOAD 64

/* What is agreed to. Whoever changes the text gives it a new version: which one somebody has seen is kept with them. */
#define CONSENT_VERSION "telegram-1"
#define CONSENT OBA_TELEGRAM_MARK ("You agree that OBA keeps your phone number, your name and what you buy with your card, and writes to you here. You can take this back at any time: /forget.")

#define AGREE OBA_TELEGRAM_MARK ("✅ I agree")
#define SHARE OBA_TELEGRAM_MARK ("📱 Share my phone number")
#define BACK OBA_TELEGRAM_MARK ("◀ Back")
#define SKIP OBA_TELEGRAM_MARK ("Skip ▶")
#define YES OBA_TELEGRAM_MARK ("✅ Yes, it is me")
#define NO OBA_TELEGRAM_MARK ("✖ No")
#define NOT_NOW OBA_TELEGRAM_MARK ("✖ Not now")

static void
say_and_end (ObaTelegramTalk *talk, char *text, ObaTelegramKeyboard *keyboard)
{
  g_autofree char *taken = text;

  oba_telegram_talk_say (talk, taken, keyboard);
  oba_telegram_talk_end (talk);
}

/* What is kept with the step. */

/* Returns: (nullable) */
static const char *
get_kept (ObaTelegramTalk *talk, const char *name)
{
  return talk->data != NULL ? json_object_get_string_member_with_default (talk->data, name, NULL) : NULL;
}

/* @value: (nullable): it is forgotten */
static void
keep (ObaTelegramTalk *talk, const char *name, const char *value)
{
  if (talk->data == NULL)
    talk->data = json_object_new ();
  if (value != NULL && g_utf8_validate (value, -1, NULL))
    json_object_set_string_member (talk->data, name, value);
  else if (json_object_has_member (talk->data, name))
    json_object_remove_member (talk->data, name);
}

/* The data stay the talk's, too. */
static void
ask (ObaTelegramTalk *talk, const char *step, const char *note, const char *question, ObaTelegramKeyboard *keyboard)
{
  g_autofree char *text = note != NULL ? g_strdup_printf ("%s\n\n%s", note, question) : g_strdup (question);

  oba_telegram_talk_say (talk, text, keyboard);
  oba_telegram_talk_ask (talk, step, talk->data != NULL ? json_object_ref (talk->data) : NULL);
  oba_telegram_talk_end (talk);
}

static void
stop_asking (ObaTelegramTalk *talk)
{
  oba_telegram_talk_ask (talk, NULL, NULL);
}

/* Has the person said what a button says, or typed its first word, in any of our languages? */
static gboolean
says (ObaTelegramTalk *talk, const char *label)
{
  g_autofree char *said = g_utf8_casefold (talk->update->text != NULL ? talk->update->text : "", -1);

  for (guint i = 0; i < OBA_N_LANGUAGES; i++)
    {
      g_autofree char *whole = g_utf8_casefold (oba_catalogue_get (talk->catalogues[i], label), -1);
      g_autofree char *words = g_strdup (whole);

      for (char *at = words; *at != '\0'; at = g_utf8_next_char (at))
        if (!g_unichar_isalpha (g_utf8_get_char (at)))
          memset (at, ' ', (gsize) (g_utf8_next_char (at) - at));
      g_strstrip (words);
      words[strcspn (words, " ")] = '\0';
      if (g_str_equal (said, whole) || (*words != '\0' && g_str_equal (said, words)))
        return TRUE;
    }
  return FALSE;
}

/* The questions. @note: (nullable): what is said before one */

static ObaTelegramKeyboard *
consent_buttons (ObaTelegramTalk *talk)
{
  static const char *const names[OBA_N_LANGUAGES] = { "Azərbaycanca", "Русский", "English" };
  ObaTelegramKeyboard *keyboard = oba_telegram_keyboard_new ();

  oba_telegram_keyboard_add (keyboard, OBA_TELEGRAM_T (talk, AGREE), "start:agree");
  oba_telegram_keyboard_next_row (keyboard);
  for (guint i = 0; i < OBA_N_LANGUAGES; i++)
    if (i != oba_catalogue_get_language (talk->catalogue))
      {
        g_autofree char *data = g_strdup_printf ("start:language:%s", oba_language_get_code (i));

        oba_telegram_keyboard_add (keyboard, names[i], data);
      }
  return keyboard;
}

static char *
consent_text (ObaTelegramTalk *talk)
{
  const char *masked = get_kept (talk, "masked");
  g_autofree char *name = masked != NULL ? oba_telegram_html_escape (masked) : NULL;
  g_autofree char *what = name != NULL ? g_strdup_printf (OBA_TELEGRAM_T (talk, "I link the OBA card of <b>%s</b> to this chat. If this is not you, do nothing."), name)
                                       : g_strdup (OBA_TELEGRAM_T (talk, "Become an OBA customer in a minute: you collect points when you buy, and pay with them. Who has a card links it the same way."));

  return g_strdup_printf ("%s\n\n%s\n\n%s", OBA_TELEGRAM_T (talk, "Hello! This is the bot of the OBA stores."), what, OBA_TELEGRAM_T (talk, CONSENT));
}

static void
ask_consent (ObaTelegramTalk *talk, const char *note)
{
  g_autofree char *text = consent_text (talk);

  ask (talk, "start:consent", note, text, consent_buttons (talk));
}

static void
ask_phone (ObaTelegramTalk *talk, const char *note)
{
  ObaTelegramKeyboard *keyboard = oba_telegram_keyboard_new_contact (OBA_TELEGRAM_T (talk, SHARE));

  oba_telegram_keyboard_next_row (keyboard);
  oba_telegram_keyboard_add_choice (keyboard, OBA_TELEGRAM_T (talk, BACK));
  oba_telegram_keyboard_add_choice (keyboard, OBA_TELEGRAM_T (talk, NOT_NOW));
  ask (talk, "start:phone", note, OBA_TELEGRAM_T (talk, "Please share your phone number with the button below: it is the number of your Telegram account."), keyboard);
}

static void
ask_confirm (ObaTelegramTalk *talk, const char *note)
{
  ObaTelegramKeyboard *keyboard = oba_telegram_keyboard_new_choices ();
  const char *masked = get_kept (talk, "masked");
  g_autofree char *name = oba_telegram_html_escape (masked != NULL ? masked : "•••");
  g_autofree char *question = g_strdup_printf (OBA_TELEGRAM_T (talk, "There is an OBA customer with this number: <b>%s</b>. Is it you?"), name);

  oba_telegram_keyboard_add_choice (keyboard, OBA_TELEGRAM_T (talk, YES));
  oba_telegram_keyboard_add_choice (keyboard, OBA_TELEGRAM_T (talk, NO));
  ask (talk, "start:confirm", note, question, keyboard);
}

/* What whoever it is calls themselves at Telegram, as it may be kept. (transfer full) (nullable) */
static char *
clean_name (const char *text)
{
  g_autofree char *name = text != NULL ? oba_text_clean (text, MAX_NAME, NULL) : NULL;

  for (const char *at = name; at != NULL && *at != '\0'; at = g_utf8_next_char (at))
    if (g_unichar_isalpha (g_utf8_get_char (at)))
      return g_steal_pointer (&name);
  return NULL;
}

static void
ask_name (ObaTelegramTalk *talk, const char *note)
{
  ObaTelegramKeyboard *keyboard = oba_telegram_keyboard_new_choices ();
  const char *known = get_kept (talk, "telegram_name");

  if (known != NULL)
    oba_telegram_keyboard_add_choice (keyboard, known);
  oba_telegram_keyboard_add_choice (keyboard, OBA_TELEGRAM_T (talk, BACK));
  ask (talk, "start:name", note, OBA_TELEGRAM_T (talk, "What is your name? Please type it: first name and family name."), keyboard);
}

static void
ask_birth (ObaTelegramTalk *talk, const char *note)
{
  ObaTelegramKeyboard *keyboard = oba_telegram_keyboard_new_choices ();

  if (get_kept (talk, "young") == NULL)
    oba_telegram_keyboard_add_choice (keyboard, OBA_TELEGRAM_T (talk, SKIP));
  oba_telegram_keyboard_add_choice (keyboard, OBA_TELEGRAM_T (talk, BACK));
  ask (talk, "start:birth", note, OBA_TELEGRAM_T (talk, "When were you born? For example 31.12.1970. We greet you on your birthday."), keyboard);
}

static void
ask_again (ObaTelegramTalk *talk, const char *note)
{
  const char *step = talk->step;

  if (g_strcmp0 (step, "start:phone") == 0)
    ask_phone (talk, note);
  else if (g_strcmp0 (step, "start:confirm") == 0)
    ask_confirm (talk, note);
  else if (g_strcmp0 (step, "start:name") == 0)
    ask_name (talk, note);
  else if (g_strcmp0 (step, "start:birth") == 0)
    ask_birth (talk, note);
  else
    ask_consent (talk, note);
}

/* Known again. */

static void
name_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ObaTelegramTalk *talk = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (OBA_DB_POOL (source), result, &error);

  if (rows == NULL)
    oba_telegram_talk_fail (talk, g_steal_pointer (&error));
  else if (oba_db_result_get_n_rows (rows) == 0)
    ask_consent (talk, NULL);
  else
    say_and_end (talk, oba_telegram_text_welcome (talk->catalogue, oba_db_result_get_text (rows, 0, 0)), NULL);
}

static void
welcome_back (ObaTelegramTalk *talk)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("i", talk->customer_id);

  if (g_strcmp0 (talk->status, "blocked") == 0)
    say_and_end (talk, oba_telegram_text_blocked (talk->catalogue), NULL);
  else
    oba_db_pool_read_async (talk->pool, oba_db_sql ("telegram/profile.sql"), params, NULL, name_read, talk);
}

/* The end: registered, linked, or one question more. */

static char *
registered_text (ObaTelegramTalk *talk, const char *given_name, gint64 points)
{
  g_autofree char *name = oba_telegram_html_escape (given_name);
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, OBA_TELEGRAM_T (talk, "Welcome, %s! You are an OBA customer now."), name);
  if (points > 0)
    {
      g_autofree char *number = oba_catalogue_number (talk->catalogue, points);

      g_string_append (text, "\n\n🎁 ");
      g_string_append_printf (text, oba_catalogue_get_plural (talk->catalogue, "%s point is our welcome.", "%s points are our welcome.", points), number);
    }
  g_string_append_printf (text, "\n\n%s", OBA_TELEGRAM_T (talk, "Here is your card: show it at the till whenever you buy. /profile shows it again, /help what else I can do."));
  return g_string_free (text, FALSE);
}

static void
welcome (ObaTelegramTalk *talk, JsonObject *answer)
{
  const char *name = json_object_get_string_member (answer, "given_name");
  g_autofree char *text = NULL;

  talk->customer_id = json_object_get_int_member (answer, "customer_id");
  stop_asking (talk);
  if (!g_str_equal (json_object_get_string_member (answer, "what"), "registered"))
    {
      say_and_end (talk, oba_telegram_text_welcome (talk->catalogue, name), oba_telegram_keyboard_new_removal ());
      return;
    }
  text = registered_text (talk, name, json_object_get_int_member (answer, "points"));
  oba_telegram_talk_say (talk, text, oba_telegram_keyboard_new_removal ());
  oba_telegram_talk_order (talk, "card", json_object_new ());
  oba_telegram_talk_end (talk);
}

static void
ask_older (ObaTelegramTalk *talk, gint64 age)
{
  g_autofree char *number = oba_catalogue_number (talk->catalogue, age);
  g_autofree char *note = g_strdup_printf (oba_catalogue_get_plural (talk->catalogue, "One becomes an OBA customer here from %s year of age on. If you are younger, please come to a store with a parent.",
                                                                     "One becomes an OBA customer here from %s years of age on. If you are younger, please come to a store with a parent.", age), number);

  keep (talk, "young", "true");
  ask_birth (talk, note);
}

static void
registered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ObaTelegramTalk *talk = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) answer = oba_db_request_finish (OBA_DB_POOL (source), result, &error);
  const char *what = answer != NULL ? json_object_get_string_member (answer, "what") : NULL;

  if (answer == NULL && g_error_matches (error, OBA_DB_ERROR, OBA_DB_ERROR_RULE))
    {
      stop_asking (talk);
      say_and_end (talk, g_strdup (OBA_TELEGRAM_T (talk, "I cannot use this phone number. Please ask the staff of your OBA store.")), oba_telegram_keyboard_new_removal ());
    }
  else if (answer == NULL)
    oba_telegram_talk_fail (talk, g_steal_pointer (&error));
  else if (g_str_equal (what, "young"))
    ask_older (talk, json_object_get_int_member (answer, "age"));
  else if (g_str_equal (what, "ask")) /* a clerk was faster */
    {
      keep (talk, "masked", json_object_get_string_member (answer, "name"));
      ask_confirm (talk, NULL);
    }
  else
    welcome (talk, answer);
}

static void
add_text (JsonObject *object, const char *name, const char *text)
{
  if (text != NULL && g_utf8_validate (text, -1, NULL))
    json_object_set_string_member (object, name, text);
}

/* What every request of this chat says. (transfer full) */
static JsonObject *
request_new (ObaTelegramTalk *talk)
{
  /* Not the customer's: the same update asks the same when it comes again, and then there is one. */
  const char *chosen = get_kept (talk, "language");
  const char *language = oba_language_get_code (oba_language_parse (chosen != NULL ? chosen : talk->update->language_code));
  g_autofree char *wording = g_strdup_printf (CONSENT_VERSION " %s: %s", language, CONSENT);
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "chat_id", talk->update->chat_id);
  json_object_set_string_member (object, "language", language);
  json_object_set_string_member (object, "version", CONSENT_VERSION);
  add_text (object, "wording", wording);
  add_text (object, "username", talk->update->username);
  add_text (object, "payload", get_kept (talk, "payload"));
  return object;
}

static void
send (ObaTelegramTalk *talk, const char *action, JsonObject *object, GAsyncReadyCallback callback)
{
  g_autoptr (JsonNode) request = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *key = oba_telegram_talk_key (talk, NULL);

  json_node_take_object (request, object);
  oba_db_request_async (talk->pool, action, request, key, NULL, callback, talk);
}

/* @birth: (nullable). @link: they have said that they are who has this number */
static void
register_sender (ObaTelegramTalk *talk, const char *birth, gboolean link)
{
  JsonObject *object = request_new (talk);

  add_text (object, "phone", get_kept (talk, "phone"));
  add_text (object, "given_name", get_kept (talk, "given_name"));
  add_text (object, "family_name", get_kept (talk, "family_name"));
  add_text (object, "birth_date", birth);
  json_object_set_boolean_member (object, "link", link);
  send (talk, "register_by_telegram", object, registered);
}

/* The answers. */

static void
phone_found (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ObaTelegramTalk *talk = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (OBA_DB_POOL (source), result, &error);
  g_autoptr (JsonNode) root = rows != NULL ? json_from_string (oba_db_result_get_text (rows, 0, 0), &error) : NULL;

  if (root == NULL)
    oba_telegram_talk_fail (talk, g_steal_pointer (&error));
  else if (json_object_get_boolean_member (json_node_get_object (root), "known"))
    {
      keep (talk, "masked", json_object_get_string_member (json_node_get_object (root), "name"));
      ask_confirm (talk, NULL);
    }
  else
    ask_name (talk, NULL);
}

static void
go_on_with_phone (ObaTelegramTalk *talk)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("ti", get_kept (talk, "phone"), talk->update->chat_id);

  oba_db_pool_read_async (talk->pool, oba_db_sql ("telegram/find-phone.sql"), params, NULL, phone_found, talk);
}

static void
answer_phone (ObaTelegramTalk *talk)
{
  if (says (talk, BACK))
    ask_consent (talk, NULL);
  else if (says (talk, NOT_NOW))
    {
      stop_asking (talk);
      say_and_end (talk, g_strdup (OBA_TELEGRAM_T (talk, "As you like. /start begins whenever you want.")), oba_telegram_keyboard_new_removal ());
    }
  else
    ask_phone (talk, OBA_TELEGRAM_T (talk, "I cannot take a typed number: only the button shows me that it is yours."));
}

static void
answer_confirm (ObaTelegramTalk *talk)
{
  if (says (talk, YES))
    register_sender (talk, NULL, TRUE);
  else if (says (talk, NO))
    {
      stop_asking (talk);
      say_and_end (talk, g_strdup (OBA_TELEGRAM_T (talk, "Then I change nothing. Perhaps somebody had this number before you: the staff of any OBA store put that right.")),
                   oba_telegram_keyboard_new_removal ());
    }
  else
    ask_confirm (talk, OBA_TELEGRAM_T (talk, "Please press one of the two buttons."));
}

static void
answer_name (ObaTelegramTalk *talk)
{
  g_autofree char *name = clean_name (talk->update->text);
  char *family;

  if (says (talk, BACK))
    ask_phone (talk, NULL);
  else if (name == NULL)
    ask_name (talk, OBA_TELEGRAM_T (talk, "I need your name in letters, up to a hundred of them."));
  else
    {
      family = strchr (name, ' ');
      keep (talk, "family_name", family != NULL ? family + 1 : NULL);
      if (family != NULL)
        *family = '\0';
      keep (talk, "given_name", name);
      ask_birth (talk, NULL);
    }
}

static void
answer_birth (ObaTelegramTalk *talk)
{
  g_autoptr (GTimeZone) baku = g_time_zone_new_offset (4 * 60 * 60);
  g_autoptr (GDateTime) now = g_date_time_new_now (baku);
  GDate today, birth;
  char day[11];

  g_date_clear (&today, 1);
  g_date_clear (&birth, 1);
  g_date_set_dmy (&today, (GDateDay) g_date_time_get_day_of_month (now), (GDateMonth) g_date_time_get_month (now), (GDateYear) g_date_time_get_year (now));
  if (says (talk, BACK))
    ask_name (talk, NULL);
  else if (says (talk, SKIP) && get_kept (talk, "young") == NULL)
    register_sender (talk, NULL, FALSE);
  else
    switch (oba_telegram_birth_parse (talk->update->text != NULL ? talk->update->text : "", &today, &birth))
      {
      case OBA_TELEGRAM_BIRTH_READ:
        g_snprintf (day, sizeof day, "%04u-%02u-%02u", g_date_get_year (&birth), (guint) g_date_get_month (&birth), g_date_get_day (&birth));
        register_sender (talk, day, FALSE);
        break;
      case OBA_TELEGRAM_BIRTH_IMPOSSIBLE:
        ask_birth (talk, OBA_TELEGRAM_T (talk, "There is no such day to be born on. First the day, then the month, then the year."));
        break;
      case OBA_TELEGRAM_BIRTH_UNREADABLE:
      default:
        ask_birth (talk, OBA_TELEGRAM_T (talk, "I cannot read this as a date."));
      }
}

static void
answer (ObaTelegramTalk *talk, const char *step)
{
  if (g_str_equal (step, "confirm"))
    answer_confirm (talk);
  else if (g_str_equal (step, "birth"))
    answer_birth (talk);
  else if (talk->customer_id != 0) /* linked by staff meanwhile */
    welcome_back (talk);
  else if (g_str_equal (step, "phone"))
    answer_phone (talk);
  else if (g_str_equal (step, "name"))
    answer_name (talk);
  else
    ask_consent (talk, OBA_TELEGRAM_T (talk, "Please press the button if you agree."));
}

/* Links. */

static void
link_used (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ObaTelegramTalk *talk = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) answer = oba_db_request_finish (OBA_DB_POOL (source), result, &error);

  if (answer != NULL)
    {
      welcome (talk, answer);
      return;
    }
  if (!g_error_matches (error, OBA_DB_ERROR, OBA_DB_ERROR_RULE))
    {
      oba_telegram_talk_fail (talk, g_steal_pointer (&error));
      return;
    }
  stop_asking (talk);
  if (oba_db_error_is_refusal (error, "OB004"))
    say_and_end (talk, g_strdup (OBA_TELEGRAM_T (talk, "This chat is linked to another OBA card. Press “This is not me” in /profile first, then open the link again.")), NULL);
  else
    say_and_end (talk, g_strdup (OBA_TELEGRAM_T (talk, "This link is not valid any more: each is for one use, within a day. The staff of the store make you a new one.")), NULL);
}

static void
use_link (ObaTelegramTalk *talk)
{
  send (talk, "use_staff_link", request_new (talk), link_used);
}

static void
begin (ObaTelegramTalk *talk, const char *payload, JsonObject *read)
{
  const char *kind = json_object_get_null_member (read, "kind") ? NULL : json_object_get_string_member (read, "kind");
  gboolean staff = g_strcmp0 (kind, "staff") == 0, open = staff && g_str_equal (json_object_get_string_member (read, "state"), "open");

  keep (talk, "payload", kind != NULL && (open || !staff) ? payload : NULL);
  keep (talk, "staff", open ? "true" : NULL);
  keep (talk, "masked", open ? json_object_get_string_member (read, "name") : NULL);
  if (talk->customer_id != 0 && staff)
    {
      keep (talk, "payload", payload);
      use_link (talk);
    }
  else if (talk->customer_id != 0)
    welcome_back (talk);
  else if (kind == NULL)
    ask_consent (talk, OBA_TELEGRAM_T (talk, "I do not know this link, but we do not need it."));
  else
    ask_consent (talk, staff && !open ? OBA_TELEGRAM_T (talk, "This link is not valid any more: each is for one use, within a day. The staff of the store make you a new one.") : NULL);
}

static void
payload_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ObaTelegramTalk *talk = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (OBA_DB_POOL (source), result, &error);
  g_autoptr (JsonNode) root = rows != NULL ? json_from_string (oba_db_result_get_text (rows, 0, 0), &error) : NULL;

  if (root == NULL)
    oba_telegram_talk_fail (talk, g_steal_pointer (&error));
  else
    begin (talk, talk->update->argument, json_node_get_object (root));
}

static void
command (ObaTelegramTalk *talk, const char *name, const char *argument)
{
  g_autofree char *payload = g_utf8_substring (argument, 0, MIN (g_utf8_strlen (argument, -1), MAX_PAYLOAD + 1));
  g_autoptr (ObaDbParams) params = oba_db_params_build ("t", payload);

  if (*argument != '\0')
    oba_db_pool_read_async (talk->pool, oba_db_sql ("telegram/start-payload.sql"), params, NULL, payload_read, talk);
  else if (talk->customer_id != 0)
    welcome_back (talk);
  else
    ask_again (talk, NULL);
}

static void
choose_language (ObaTelegramTalk *talk, const char *code)
{
  g_autofree char *text = NULL;

  keep (talk, "language", oba_language_get_code (oba_language_parse (code)));
  talk->catalogue = talk->catalogues[oba_language_parse (code)];
  if (talk->step != NULL && !g_str_equal (talk->step, "start:consent"))
    {
      ask_again (talk, NULL);
      return;
    }
  text = consent_text (talk);
  oba_telegram_talk_edit (talk, text, consent_buttons (talk));
  oba_telegram_talk_ask (talk, "start:consent", json_object_ref (talk->data));
  oba_telegram_talk_end (talk);
}

static void
button (ObaTelegramTalk *talk, const char *data)
{
  gboolean asked = talk->step == NULL || g_str_equal (talk->step, "start:consent");

  /* A link that was used before a crash is used again by the same update: it finds what it did. */
  if (g_str_equal (data, "agree") && asked && get_kept (talk, "staff") != NULL)
    use_link (talk);
  else if (talk->customer_id != 0)
    welcome_back (talk);
  else if (g_str_has_prefix (data, "language:"))
    choose_language (talk, data + strlen ("language:"));
  else if (!g_str_equal (data, "agree") || !asked)
    ask_again (talk, NULL);
  else
    {
      keep (talk, "agreed", CONSENT_VERSION);
      if (get_kept (talk, "phone") != NULL)
        go_on_with_phone (talk);
      else
        ask_phone (talk, NULL);
    }
}

/* A phone number that was shared: asked for or not. */

static gboolean
takes (ObaTelegramTalk *talk)
{
  return talk->update->phone != NULL;
}

static void
message (ObaTelegramTalk *talk)
{
  const ObaTelegramUpdate *update = talk->update;
  g_autofree char *international = NULL, *phone = NULL, *full = NULL, *name = NULL;

  if (talk->customer_id != 0)
    {
      welcome_back (talk);
      return;
    }
  if (!update->phone_is_own)
    {
      ask_phone (talk, OBA_TELEGRAM_T (talk, "This is not your own number. Please use the button below: it shares the number of your Telegram account."));
      return;
    }
  /* Telegram gives the country code always, and the plus sometimes. */
  international = g_strdup_printf ("+%s", update->phone + (update->phone[0] == '+'));
  phone = oba_phone_normalize (international, NULL);
  if (phone == NULL)
    {
      stop_asking (talk);
      say_and_end (talk, g_strdup (OBA_TELEGRAM_T (talk, "I cannot use this phone number. Please ask the staff of your OBA store.")), oba_telegram_keyboard_new_removal ());
      return;
    }
  full = g_strjoin (" ", update->first_name != NULL ? update->first_name : "", update->last_name != NULL ? update->last_name : "", NULL);
  name = clean_name (full);
  keep (talk, "phone", phone);
  keep (talk, "telegram_name", name);
  if (get_kept (talk, "agreed") != NULL)
    go_on_with_phone (talk);
  else
    ask_consent (talk, NULL);
}

const ObaTelegramTopic oba_telegram_topic_start = {
  .name = "start",
  .commands = (const char *const[]){ "start", NULL },
  .menu = OBA_TELEGRAM_MARK ("how to link your card"),
  .for_everybody = TRUE,
  .command = command,
  .button = button,
  .answer = answer,
  .takes = takes,
  .message = message,
};
