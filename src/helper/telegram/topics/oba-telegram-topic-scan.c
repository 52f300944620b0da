#include "db/oba-db-request.h"
#include "db/oba-db-sql.h"
#include "oba-telegram-topics.h"
#include "scan/oba-scan-code.h"
#include "scan/oba-scan.h"
#include "telegram/oba-telegram-html.h"

#define SECONDS 15 /* for fetching and reading a picture; the claim on its update lasts longer */

static void
say_and_end (ObaTelegramTalk *talk, const char *html)
{
  oba_telegram_talk_say (talk, html, NULL);
  oba_telegram_talk_end (talk);
}

#define NOTHING OBA_TELEGRAM_MARK ("❔ This is no code of ours, or I do not know it yet. A receipt of today may need a few hours.")

/* What came of it. */

static void
say_wait (ObaTelegramTalk *talk, gint64 minutes)
{
  g_autofree char *number = oba_catalogue_number (talk->catalogue, minutes);
  g_autofree char *text = g_strdup_printf (oba_catalogue_get_plural (talk->catalogue, "That was a lot of codes. Please try again in %s minute.",
                                                                     "That was a lot of codes. Please try again in %s minutes.", minutes), number);

  say_and_end (talk, text);
}

static const char *
card_text (ObaTelegramTalk *talk, const char *state, gboolean yours)
{
  if (g_str_equal (state, "blank"))
    return OBA_TELEGRAM_T (talk, "💳 An OBA card that nobody has yet.");
  if (!g_str_equal (state, "active"))
    return yours ? OBA_TELEGRAM_T (talk, "💳 Your OBA card. It is not valid any more.") : OBA_TELEGRAM_T (talk, "💳 An OBA card. It is not valid any more.");
  return yours ? OBA_TELEGRAM_T (talk, "💳 Your OBA card. It is valid.") : OBA_TELEGRAM_T (talk, "💳 A valid OBA card of another customer.");
}

static char *
voucher_text (ObaTelegramTalk *talk, JsonObject *code, const char *state)
{
  g_autofree char *name = oba_telegram_html_escape (json_object_get_string_member_with_default (code, "name", ""));
  const char *until = json_object_get_string_member_with_default (code, "until", NULL);
  const char *what = json_object_get_boolean_member_with_default (code, "yours", FALSE) ? OBA_TELEGRAM_T (talk, "🎟 Your voucher") : OBA_TELEGRAM_T (talk, "🎟 A voucher");
  const char *worth = OBA_TELEGRAM_T (talk, "It is not valid any more.");
  GString *text = g_string_new (what);

  if (g_str_equal (state, "valid"))
    worth = OBA_TELEGRAM_T (talk, "It is valid.");
  else if (g_str_equal (state, "used"))
    worth = OBA_TELEGRAM_T (talk, "It was used already.");
  else if (g_str_equal (state, "expired"))
    worth = OBA_TELEGRAM_T (talk, "It has expired.");
  if (*name != '\0')
    g_string_append_printf (text, ": <b>%s</b>", name);
  g_string_append_printf (text, "\n%s", worth);
  if (g_str_equal (state, "valid") && until != NULL)
    {
      g_autoptr (GDate) date = g_date_new ();
      g_autofree char *day = NULL;

      g_date_set_parse (date, until);
      day = g_date_valid (date) ? oba_catalogue_day (talk->catalogue, date) : g_strdup (until);
      g_string_append_c (text, '\n');
      g_string_append_printf (text, OBA_TELEGRAM_T (talk, "It can be used once, until %s."), day);
    }
  return g_string_free (text, FALSE);
}

static char *
claimed_text (ObaTelegramTalk *talk, JsonObject *code)
{
  g_autofree char *money = oba_catalogue_money (talk->catalogue, json_object_get_int_member_with_default (code, "total", 0));
  gint64 points = json_object_get_int_member_with_default (code, "points", 0);
  g_autofree char *number = oba_catalogue_number (talk->catalogue, points);
  g_autofree char *done = g_strdup_printf (OBA_TELEGRAM_T (talk, "✅ This receipt of %s is yours now."), money);
  g_autofree char *got = NULL;

  if (points <= 0)
    return g_steal_pointer (&done);
  got = g_strdup_printf (oba_catalogue_get_plural (talk->catalogue, "You earned %s point", "You earned %s points", points), number);
  return g_strdup_printf ("%s\n%s", done, got);
}

static char *
receipt_text (ObaTelegramTalk *talk, JsonObject *code, const char *state)
{
  static const struct
  {
    const char *state;
    const char *text;
  } texts[] = {
    { "waits", OBA_TELEGRAM_MARK ("🧾 This receipt will be looked at by our staff. When it is accepted, its points are yours.") },
    { "yours", OBA_TELEGRAM_MARK ("🧾 This receipt is yours already: its points are counted.") },
    { "taken", OBA_TELEGRAM_MARK ("🧾 This receipt was counted already.") },
    { "returned", OBA_TELEGRAM_MARK ("🧾 All that is on this receipt was given back.") },
    { "unlinked", OBA_TELEGRAM_MARK ("🧾 This receipt can still be counted. Link your card with /start, then send it again.") },
    { "blocked", OBA_TELEGRAM_MARK ("🧾 This receipt cannot be counted for your card at the moment. Please ask the staff of your OBA store.") },
    { "enough", OBA_TELEGRAM_MARK ("🧾 You have sent as many receipts today as one may. Please send this one tomorrow.") },
    { "refused", OBA_TELEGRAM_MARK ("🧾 This receipt cannot be counted here. Please show it to the staff of your OBA store.") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (g_str_equal (texts[i].state, state))
      return g_strdup (OBA_TELEGRAM_T (talk, texts[i].text));
  return claimed_text (talk, code);
}

/* Somebody who is no customer yet becomes one by the same link that the poster has. */
static char *
poster_text (ObaTelegramTalk *talk, JsonObject *code, ObaTelegramKeyboard **keyboard)
{
  g_autofree char *store = oba_telegram_html_escape (json_object_get_string_member_with_default (code, "store", ""));
  g_autofree char *bold = g_strdup_printf ("<b>%s</b>", store);

  if (talk->customer_id == 0 && talk->bot_username != NULL)
    {
      g_autofree char *url = g_strdup_printf ("https://t.me/%s?start=%s", talk->bot_username, json_object_get_string_member (code, "payload"));

      if (*keyboard == NULL)
        *keyboard = oba_telegram_keyboard_new ();
      oba_telegram_keyboard_add_url (*keyboard, OBA_TELEGRAM_T (talk, "Become a customer"), url);
      oba_telegram_keyboard_next_row (*keyboard);
    }
  return g_strdup_printf (OBA_TELEGRAM_T (talk, "🏪 The poster of the store %s. It is genuine."), bold);
}

static char *
code_text (ObaTelegramTalk *talk, JsonObject *code, ObaTelegramKeyboard **keyboard)
{
  const char *kind = json_object_get_string_member (code, "kind");
  const char *state = json_object_get_string_member_with_default (code, "state", "");

  if (g_str_equal (kind, "card"))
    return g_strdup (card_text (talk, state, json_object_get_boolean_member_with_default (code, "yours", FALSE)));
  if (g_str_equal (kind, "voucher"))
    return voucher_text (talk, code, state);
  if (g_str_equal (kind, "receipt"))
    return receipt_text (talk, code, state);
  if (g_str_equal (kind, "poster"))
    return poster_text (talk, code, keyboard);
  if (g_str_equal (kind, "link"))
    return g_strdup (g_str_equal (state, "open") ? OBA_TELEGRAM_T (talk, "🔗 A link that our staff made for one customer. It works once: open it if it was given to you.")
                                                 : OBA_TELEGRAM_T (talk, "🔗 A link that our staff made. It is not valid any more."));
  return g_strdup (OBA_TELEGRAM_T (talk, NOTHING));
}

static void
scanned (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ObaTelegramTalk *talk = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) answer = oba_db_request_finish (OBA_DB_POOL (source), result, &error);
  g_autoptr (GString) text = g_string_new (NULL);
  ObaTelegramKeyboard *keyboard = NULL;
  JsonArray *codes;

  if (answer == NULL && g_error_matches (error, OBA_DB_ERROR, OBA_DB_ERROR_RULE))
    {
      say_and_end (talk, OBA_TELEGRAM_T (talk, NOTHING));
      return;
    }
  if (answer == NULL)
    {
      oba_telegram_talk_fail (talk, g_steal_pointer (&error));
      return;
    }
  if (json_object_has_member (answer, "wait"))
    {
      say_wait (talk, json_object_get_int_member (answer, "wait"));
      return;
    }
  codes = json_object_get_array_member (answer, "codes");
  for (guint i = 0; i < json_array_get_length (codes); i++)
    {
      g_autofree char *one = code_text (talk, json_array_get_object_element (codes, i), &keyboard);

      g_string_append_printf (text, "%s%s", i > 0 ? "\n\n" : "", one);
    }
  oba_telegram_talk_say (talk, text->str, keyboard);
  oba_telegram_talk_end (talk);
}

/* @codes: 1 to OBA_SCAN_MAX_CODES, as they were read or typed */
static void
ask_database (ObaTelegramTalk *talk, const char *const *codes)
{
  g_autoptr (JsonNode) request = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *key = oba_telegram_talk_key (talk, "scan");
  JsonObject *object = json_object_new ();
  JsonArray *array = json_array_new ();

  for (guint i = 0; codes[i] != NULL; i++)
    {
      g_autoptr (ObaScanCode) code = oba_scan_code_parse (codes[i]);
      JsonObject *one = json_object_new ();
      /* The link of another bot is no code of ours, whatever it carries. */
      gboolean foreign = code->bot != NULL && talk->bot_username != NULL && g_ascii_strcasecmp (code->bot, talk->bot_username) != 0;

      json_object_set_string_member (one, "kind", foreign ? "plain" : oba_scan_code_get_kind (code));
      json_object_set_string_member (one, "code", foreign ? codes[i] : code->value);
      json_array_add_object_element (array, one);
    }
  json_object_set_int_member (object, "chat_id", talk->update->chat_id);
  json_object_set_string_member (object, "language", oba_language_get_code (oba_catalogue_get_language (talk->catalogue)));
  json_object_set_array_member (object, "codes", array);
  json_node_take_object (request, object);
  oba_db_request_async (talk->pool, "scan", request, key, NULL, scanned, talk);
}

/* A picture. */

static void
say_trouble (ObaTelegramTalk *talk, const GError *error)
{
  const char *text = OBA_TELEGRAM_T (talk, "I could not get this picture. Please send it once more.");

  if (g_error_matches (error, OBA_SCAN_ERROR, OBA_SCAN_ERROR_NOT_A_PICTURE))
    text = OBA_TELEGRAM_T (talk, "I can read photos only. Please send the code as a photo, not as a file.");
  else if (g_error_matches (error, OBA_SCAN_ERROR, OBA_SCAN_ERROR_TOO_LARGE))
    text = OBA_TELEGRAM_T (talk, "This picture is too large for me. Please send it as a photo, not as a file.");
  else if (g_error_matches (error, OBA_SCAN_ERROR, OBA_SCAN_ERROR_BROKEN))
    text = OBA_TELEGRAM_T (talk, "This picture is broken. Please take another one.");
  say_and_end (talk, text);
}

static void
picture_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ObaTelegramTalk *talk = user_data;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) codes = oba_telegram_scanner_scan_finish (OBA_TELEGRAM_SCANNER (source), result, &error);

  if (codes == NULL)
    say_trouble (talk, error);
  else if (codes[0] == NULL)
    say_and_end (talk, OBA_TELEGRAM_T (talk, "I see no code on this picture. Hold the phone straight above the code, close enough that it fills half of the picture, in good light and "
                                             "without a reflection. Or type what is printed under the code: /scan and the code."));
  else
    ask_database (talk, (const char *const *) codes);
}

static void
may_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ObaTelegramTalk *talk = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_write_finish (OBA_DB_POOL (source), result, &error);

  if (rows == NULL)
    oba_telegram_talk_fail (talk, g_steal_pointer (&error));
  else if (!oba_db_result_is_null (rows, 0, 0))
    say_wait (talk, oba_db_result_get_int64 (rows, 0, 0));
  else
    oba_telegram_scanner_scan_async (talk->scanner, talk->update->file_id, talk->update->file_size, SECONDS, picture_read, talk);
}

static gboolean
takes (ObaTelegramTalk *talk)
{
  return talk->update->file_id != NULL;
}

static void
message (ObaTelegramTalk *talk)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("i", talk->update->chat_id);

  if (talk->scanner == NULL)
    say_trouble (talk, NULL);
  else
    oba_db_pool_write_async (talk->pool, oba_db_sql ("telegram/may-scan.sql"), params, NULL, may_read, talk);
}

/* A typed code. */

static void
look_up (ObaTelegramTalk *talk, const char *typed)
{
  g_autofree char *code = g_strstrip (g_strdup (typed));

  if (*code == '\0' || g_utf8_strlen (code, -1) > OBA_SCAN_MAX_CODE)
    say_and_end (talk, OBA_TELEGRAM_T (talk, NOTHING));
  else
    ask_database (talk, (const char *const[]){ code, NULL });
}

static void
command (ObaTelegramTalk *talk, const char *name, const char *argument)
{
  if (*argument != '\0')
    {
      look_up (talk, argument);
      return;
    }
  oba_telegram_talk_ask (talk, "scan:code", NULL);
  say_and_end (talk, OBA_TELEGRAM_T (talk, "📷 Send me a photo of a card, a voucher, a receipt or a poster, or type what is printed under its code. I say what it is and whether it is valid; "
                                           "a receipt that nobody has collected yet becomes yours."));
}

static void
answer (ObaTelegramTalk *talk, const char *step)
{
  look_up (talk, talk->update->text != NULL ? talk->update->text : "");
}

const ObaTelegramTopic oba_telegram_topic_scan = {
  .name = "scan",
  .commands = (const char *const[]){ "scan", NULL },
  .menu = OBA_TELEGRAM_MARK ("what a code is; add a receipt"),
  .for_everybody = TRUE,
  .command = command,
  .answer = answer,
  .takes = takes,
  .message = message,
};
