#include "db/oba-db-request.h"
#include "db/oba-db-sql.h"
#include "telegram/oba-telegram-texts.h"
#include "oba-telegram-topics.h"

/* The columns of profile.sql. */
enum
{
  GIVEN_NAME,
  FAMILY_NAME,
  BALANCE,
  SPENT,
  TIER, /* in each language */
  TIER_FROM = TIER + OBA_N_LANGUAGES,
  NEXT_TIER,
  NEXT_FROM = NEXT_TIER + OBA_N_LANGUAGES,
  EXPIRES_ON,
  EXPIRING,
  LOCKED,
  BY_POINTS,
  N_DATES,
};

/* As many lines as a phone still reads. */
#define MAX_DATES 40

static char *
write_profile (ObaTelegramTalk *talk, ObaDbResult *result)
{
  ObaLanguage language = oba_catalogue_get_language (talk->catalogue);
  g_autoptr (GDate) expires_on = oba_db_result_get_date (result, 0, EXPIRES_ON);
  const ObaTelegramProfile profile = {
    .given_name = oba_db_result_get_text (result, 0, GIVEN_NAME),
    .family_name = oba_db_result_get_text (result, 0, FAMILY_NAME),
    .tier = oba_db_result_get_text (result, 0, TIER + language),
    .next_tier =
        oba_db_result_is_null (result, 0, NEXT_TIER) ? NULL : oba_db_result_get_text (result, 0, NEXT_TIER + language),
    .spent = oba_db_result_get_int64 (result, 0, SPENT),
    .tier_from = oba_db_result_get_int64 (result, 0, TIER_FROM),
    .next_from = oba_db_result_get_int64 (result, 0, NEXT_FROM),
    .points = oba_db_result_get_int64 (result, 0, BALANCE),
    .expires_on = expires_on,
    .expiring = oba_db_result_get_int64 (result, 0, EXPIRING),
    .by_points = oba_db_result_get_bool (result, 0, BY_POINTS),
    .number = talk->customer_id,
  };

  return oba_telegram_text_profile (talk->catalogue, &profile);
}

static ObaTelegramKeyboard *
settings (ObaTelegramTalk *talk, ObaDbResult *rows)
{
  ObaTelegramKeyboard *keyboard = oba_telegram_keyboard_new ();
  gboolean locked = oba_db_result_get_bool (rows, 0, LOCKED);

  oba_telegram_keyboard_add (keyboard, OBA_TELEGRAM_T (talk, "💳 My card"), "profile:card");
  oba_telegram_keyboard_add (keyboard, "🌐 Dil · Язык · Language", "profile:languages");
  oba_telegram_keyboard_next_row (keyboard);
  if (oba_db_result_get_int64 (rows, 0, N_DATES) > 1)
    {
      oba_telegram_keyboard_add (keyboard, OBA_TELEGRAM_T (talk, "📅 How long my points are good"), "profile:dates");
      oba_telegram_keyboard_next_row (keyboard);
    }
  oba_telegram_keyboard_add (keyboard, locked ? OBA_TELEGRAM_T (talk, "🔓 Unlock my points") : OBA_TELEGRAM_T (talk, "🔒 Lock my points"),
                             locked ? "profile:lock:false" : "profile:lock:true");
  oba_telegram_keyboard_next_row (keyboard);
  oba_telegram_keyboard_add (keyboard, OBA_TELEGRAM_T (talk, "🏪 My store"), "wishes:stores");
  oba_telegram_keyboard_add (keyboard, OBA_TELEGRAM_T (talk, "🧺 What I like"), "wishes:categories");
  oba_telegram_keyboard_next_row (keyboard);
  oba_telegram_keyboard_add (keyboard, OBA_TELEGRAM_T (talk, "🔔 News and consents"), "wishes:consents");
  oba_telegram_keyboard_next_row (keyboard);
  oba_telegram_keyboard_add (keyboard, OBA_TELEGRAM_T (talk, "This is not me"), "profile:leave");
  return keyboard;
}

static void
profile_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ObaTelegramTalk *talk = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (OBA_DB_POOL (source), result, &error);
  g_autofree char *text = NULL;

  if (rows == NULL)
    {
      oba_telegram_talk_fail (talk, g_steal_pointer (&error));
      return;
    }
  if (oba_db_result_get_n_rows (rows) == 0) /* erased between the claim and now */
    {
      oba_telegram_topic_start.command (talk, "start", "");
      return;
    }
  text = write_profile (talk, rows);
  oba_telegram_talk_edit (talk, text, settings (talk, rows));
  oba_telegram_talk_end (talk);
}

static void
command (ObaTelegramTalk *talk, const char *name, const char *argument)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("i", talk->customer_id);

  oba_db_pool_read_async (talk->pool, oba_db_sql ("telegram/profile.sql"), params, NULL, profile_read, talk);
}

/* The whole schedule: what can be used until when. */

static void
dates_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ObaTelegramTalk *talk = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (OBA_DB_POOL (source), result, &error);
  ObaTelegramKeyboard *keyboard;
  g_autoptr (GString) text = NULL;

  if (rows == NULL)
    {
      oba_telegram_talk_fail (talk, g_steal_pointer (&error));
      return;
    }
  text = g_string_new (OBA_TELEGRAM_T (talk, "📅 So long your points can be used, the last day included:"));
  g_string_append_c (text, '\n');
  for (guint i = 0; i < MIN (oba_db_result_get_n_rows (rows), MAX_DATES); i++)
    {
      g_autoptr (GDate) day = oba_db_result_get_date (rows, i, 0);
      g_autofree char *until = oba_catalogue_day (talk->catalogue, day);
      g_autofree char *points = oba_catalogue_number (talk->catalogue, oba_db_result_get_int64 (rows, i, 1));

      g_string_append_printf (text, "\n%s: <b>%s</b>", until, points);
    }
  if (oba_db_result_get_n_rows (rows) == 0)
    g_string_append_printf (text, "\n%s", OBA_TELEGRAM_T (talk, "You have no points at the moment."));
  else if (oba_db_result_get_n_rows (rows) > MAX_DATES)
    g_string_append_printf (text, "\n\n%s", OBA_TELEGRAM_T (talk, "The rest are good for longer."));
  keyboard = oba_telegram_keyboard_new ();
  oba_telegram_keyboard_add (keyboard, OBA_TELEGRAM_T (talk, "◀ Back"), "profile:show");
  oba_telegram_talk_edit (talk, text->str, keyboard);
  oba_telegram_talk_end (talk);
}

static void
show_dates (ObaTelegramTalk *talk)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("ii", talk->customer_id, (gint64) MAX_DATES + 1);

  oba_db_pool_read_async (talk->pool, oba_db_sql ("telegram/expiries.sql"), params, NULL, dates_read, talk);
}

/* What one sets oneself. */

static void
choose_language (ObaTelegramTalk *talk)
{
  ObaTelegramKeyboard *keyboard = oba_telegram_keyboard_new ();

  oba_telegram_keyboard_add (keyboard, "Azərbaycanca", "profile:language:az");
  oba_telegram_keyboard_add (keyboard, "Русский", "profile:language:ru");
  oba_telegram_keyboard_add (keyboard, "English", "profile:language:en");
  oba_telegram_talk_edit (talk, "🌐 Dil · Язык · Language", keyboard);
  oba_telegram_talk_end (talk);
}

static void
ask_to_leave (ObaTelegramTalk *talk)
{
  ObaTelegramKeyboard *keyboard = oba_telegram_keyboard_new ();

  oba_telegram_keyboard_add (keyboard, OBA_TELEGRAM_T (talk, "Yes, it is not me"), "profile:leave:true");
  oba_telegram_keyboard_add (keyboard, OBA_TELEGRAM_T (talk, "✖ No"), "profile:show");
  oba_telegram_talk_edit (talk, OBA_TELEGRAM_T (talk, "I forget then that this chat is linked to this card. Nothing of the card is lost."), keyboard);
  oba_telegram_talk_end (talk);
}

static void
setting_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ObaTelegramTalk *talk = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) answer = oba_db_request_finish (OBA_DB_POOL (source), result, &error);

  if (answer == NULL && !g_error_matches (error, OBA_DB_ERROR, OBA_DB_ERROR_RULE))
    {
      oba_telegram_talk_fail (talk, g_steal_pointer (&error));
      return;
    }
  if (answer == NULL) /* locked on a suspicion: staff alone open that */
    oba_telegram_talk_toast (talk, OBA_TELEGRAM_T (talk, "Only the staff of an OBA store can do this now."), TRUE);
  else if (g_str_equal (json_object_get_string_member (answer, "what"), "language"))
    talk->catalogue = talk->catalogues[oba_language_parse (json_object_get_string_member (answer, "value"))];
  else if (g_str_equal (json_object_get_string_member (answer, "what"), "leave"))
    {
      oba_telegram_talk_edit (talk, OBA_TELEGRAM_T (talk, "Done: this chat is nobody's now. /start begins anew."), NULL);
      talk->customer_id = 0;
      oba_telegram_talk_end (talk);
      return;
    }
  command (talk, "profile", "");
}

static void
set (ObaTelegramTalk *talk, const char *what, const char *value)
{
  g_autoptr (JsonNode) request = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *key = oba_telegram_talk_key (talk, "setting");
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "chat_id", talk->update->chat_id);
  json_object_set_string_member (object, "what", what);
  json_object_set_string_member (object, "value", value);
  json_node_take_object (request, object);
  oba_db_request_async (talk->pool, "telegram_setting", request, key, NULL, setting_done, talk);
}

static void
button (ObaTelegramTalk *talk, const char *data)
{
  g_auto (GStrv) words = g_strsplit (data, ":", 2);

  if (g_str_equal (data, "card"))
    {
      oba_telegram_talk_order (talk, "card", json_object_new ());
      oba_telegram_talk_end (talk);
    }
  else if (g_str_equal (data, "dates"))
    show_dates (talk);
  else if (g_str_equal (data, "languages"))
    choose_language (talk);
  else if (g_str_equal (data, "leave"))
    ask_to_leave (talk);
  else if (g_str_equal (data, "show"))
    command (talk, "profile", "");
  else if (g_strv_length (words) == 2 && g_strv_contains ((const char *const[]){ "language", "lock", "messages", "leave", NULL }, words[0]))
    set (talk, words[0], words[1]);
  else
    oba_telegram_talk_end (talk);
}

const ObaTelegramTopic oba_telegram_topic_profile = {
  .name = "profile",
  .commands = (const char *const[]){ "profile", NULL },
  .menu = OBA_TELEGRAM_MARK ("your name, level and points"),
  .command = command,
  .button = button,
};
