/* The ways in from Telegram, what the bot tells Telegram of itself, and what people send it to look at. */
#include <string.h>

#include "bot-run.h"
#include "cards/oba-qr.h"
#include "helper-run.h"
#include "kill-run.h"
#include "oba-telegram-specification.h"
#include "telegram-corpus.h"
#include "telegram/oba-telegram-picture.h"

#define assert_says(answer, expected) \
  G_STMT_START { \
    g_autofree char *answer_ = (answer); \
    if (strstr (answer_, expected) == NULL) \
      g_error ("“%s” is not in: %s", expected, answer_); \
  } G_STMT_END

static Bot *
bot_with (const char *settings)
{
  Bot *bot = bot_new ();

  serve_configure (bot->serve, "telegram", settings);
  return bot;
}

static char *
help (gint64 update_id, gint64 chat_id)
{
  return g_strdup_printf ("{\"update_id\":%" G_GINT64_FORMAT ",\"message\":{\"message_id\":1,\"date\":1,\"from\":{\"id\":%" G_GINT64_FORMAT
                          ",\"is_bot\":false,\"first_name\":\"X\"},\"chat\":{\"id\":%" G_GINT64_FORMAT ",\"type\":\"private\"},\"text\":\"/help\"}}",
                          update_id, chat_id, chat_id);
}

static void
add_help (Bot *bot, gint64 update_id, gint64 chat_id)
{
  g_autofree char *update = help (update_id, chat_id);

  oba_telegram_double_add_update (bot->telegram, update);
}

/* A helper that Telegram cannot reach fetches its updates: each is answered once, also those that come again after the power went. */
static void
test_polling (void)
{
  g_autoptr (Bot) bot = bot_with ("transport=polling");

  oba_telegram_double_set_disorder (bot->telegram, TRUE);
  add_help (bot, 7000000002, 11);
  add_help (bot, 7000000001, 12);
  serve_start (bot->serve);
  oba_telegram_double_wait (bot->telegram, 2);
  add_help (bot, 7000000003, 13);
  oba_telegram_double_wait (bot->telegram, 3);
  serve_wait_sql (bot->conninfo, "select next_update from oba.telegram_polling", "7000000004", 10);
  serve_wait_sql (bot->conninfo, "select count (*) from oba.outbox where state = 'sent'", "3", 10);
  serve_kill (bot->serve);

  bot_sql (bot, "update oba.telegram_polling set next_update = 7000000001");
  add_help (bot, 7000000004, 14);
  serve_start (bot->serve);
  oba_telegram_double_wait (bot->telegram, 4);
  serve_wait_sql (bot->conninfo, "select count (*) from oba.telegram_updates where state = 'done'", "4", 10);
  g_assert_cmpint (serve_sql_number (bot->conninfo, "select count (*) from oba.outbox"), ==, 4);
  g_assert_cmpint (serve_stop (bot->serve), ==, 0);
  g_assert_cmpint (serve_sql_number (bot->conninfo, "select count (*) from oba.telegram_polling where holder is null"), ==, 1);
}

/* Telegram gives updates to one at a time: a helper does not ask while another one does, and takes over when that one is gone. */
static void
test_polling_alone (void)
{
  g_autoptr (Bot) bot = bot_with ("transport=polling");

  bot_sql (bot, "update oba.telegram_polling set holder = 'another', held_until = now() + interval '1 hour'");
  add_help (bot, 1, 11);
  serve_start (bot->serve);
  oba_telegram_double_wait_other (bot->telegram, "setMyCommands", 4);
  g_assert_cmpint (serve_sql_number (bot->conninfo, "select count (*) from oba.telegram_updates"), ==, 0);
  bot_sql (bot, "update oba.telegram_polling set held_until = now()");
  oba_telegram_double_wait (bot->telegram, 1);
  serve_wait_sql (bot->conninfo, "select holder <> 'another' from oba.telegram_polling", "t", 10);
}

/* One that nobody can read takes none of the others with it, and does not come for ever. */
static void
test_polling_poison (void)
{
  g_autoptr (Bot) bot = bot_with ("transport=polling");
  g_autofree char *deep = g_strnfill (1000, '['), *nested = g_strdup_printf ("{\"update_id\":2,\"x\":%s}", deep);

  add_help (bot, 1, 11);
  oba_telegram_double_add_update (bot->telegram, nested);
  oba_telegram_double_add_update (bot->telegram, "{\"update_id\":3,\"x\":\"\xff\xfe\"}");
  oba_telegram_double_add_update (bot->telegram, "{\"update_id\":4,\"x\":\"\\ud800\\u0000\"}");
  add_help (bot, 5, 12);
  serve_start (bot->serve);
  oba_telegram_double_wait (bot->telegram, 2);
  serve_wait_sql (bot->conninfo, "select next_update from oba.telegram_polling", "6", 10);
  serve_wait_sql (bot->conninfo, "select string_agg (update_id || state, ' ' order by update_id) from oba.telegram_updates", "1done 2poison 3poison 4done 5done", 10);
  g_assert_cmpint (serve_sql_number (bot->conninfo, "select count (*) from oba.telegram_updates where state = 'poison' and raw is not null and error <> ''"), ==, 2);

  /* JSON, but none that PostgreSQL takes; and one that cannot be confirmed, as it has no number. */
  oba_telegram_double_add_update (bot->telegram, "{\"update_id\":6,\"x\":1e999999}");
  oba_telegram_double_add_update (bot->telegram, "{\"x\":6}");
  add_help (bot, 7, 13);
  oba_telegram_double_wait (bot->telegram, 3);
  serve_wait_sql (bot->conninfo, "select count (*) from oba.telegram_updates where state = 'poison'", "4", 10);
  serve_wait_sql (bot->conninfo, "select next_update from oba.telegram_polling", "8", 10);
}

/* Whatever kinds of update there are, and whatever is in them: each is taken and done, and the bot goes on. */
static void
test_kinds (void)
{
  g_autoptr (ObaTelegramSpecification) specification = oba_telegram_specification_load ();
  g_autoptr (Bot) bot = NULL;
  g_auto (GStrv) kinds = NULL;
  guint n = 0;

  if (specification == NULL)
    {
      g_test_skip ("the specification of the Bot API is not at hand");
      return;
    }
  bot = bot_started ();
  kinds = oba_telegram_specification_kinds (specification);
  g_assert_cmpuint (g_strv_length (kinds), >, 15);
  for (guint i = 0; kinds[i] != NULL; i++)
    for (guint depth = 0; depth < 3; depth += 2)
      {
        g_autoptr (JsonNode) part = oba_telegram_specification_make (specification, kinds[i], depth, 1000 + n++);
        g_autofree char *text = json_to_string (part, FALSE), *update = g_strdup_printf ("{%%s\"%s\":%s}", kinds[i], text);

        bot_update (bot, update);
      }
  bot_update (bot, "{%s\"kind_of_tomorrow\":{\"chat\":{\"id\":-9007199254740993,\"type\":\"hologram\"},\"text\":\"/profile\"}}");
  serve_wait_sql (bot->conninfo, "select count (*) from oba.telegram_updates where state <> 'done'", "0", 60);
  g_assert_cmpint (serve_sql_number (bot->conninfo, "select count (*) from oba.telegram_updates"), ==, n + 1);
  assert_says (bot_ask (bot, 77, "/help"), "/scan");
}

/* In a channel, as in a group, the bot answers who calls it by its name, and tells nothing of anybody. */
static void
test_channel (void)
{
  g_autoptr (Bot) bot = bot_started ();
  static const char post[] = "{%%s\"%s\":{\"message_id\":3,\"date\":1,\"sender_chat\":{\"id\":-1001,\"type\":\"channel\"},\"chat\":{\"id\":-1001,\"type\":\"channel\",\"title\":\"OBA\"},\"text\":\"%s\"}}";
  g_autofree char *plain = g_strdup_printf (post, "channel_post", "/profile"), *other = g_strdup_printf (post, "channel_post", "/help@OtherBot");
  g_autofree char *called = g_strdup_printf (post, "channel_post", "/profile@OBABot"), *edited = g_strdup_printf (post, "edited_channel_post", "/help@obabot");

  bot_link (bot, -1001, "Aysel", "en");
  bot_update (bot, plain);
  bot_update (bot, other);
  assert_says (bot_send (bot, called), "only in a private chat");
  assert_says (bot_send (bot, edited), "What I can do");
  g_assert_cmpint (serve_sql_number (bot->conninfo, "select count (*) from oba.outbox"), ==, 2);
}

/* Updates that nobody would send: the helper lives, each is done or kept as poison, and who asks meanwhile is answered. */
static void
test_mutated (void)
{
  g_autoptr (Bot) bot = bot_started ();
  g_autoptr (GRand) rand = telegram_corpus_rand ();
  gint64 told;

  for (guint i = 0; i < 400; i++)
    {
      gsize length;
      g_autofree char *update = telegram_corpus_mutate (rand, &length);

      g_assert_cmpuint (serve_update (bot->serve, update, (gssize) length), ==, 200);
    }
  bot->update_id = 2000000;
  told = g_get_monotonic_time ();
  bot_say (bot, 2000000, "/help");
  while (oba_telegram_double_count_chat (bot->telegram, 2000000) == 0)
    {
      g_assert_cmpint (g_get_monotonic_time () - told, <, 60 * G_TIME_SPAN_SECOND);
      oba_telegram_double_wait (bot->telegram, oba_telegram_double_get_n_calls (bot->telegram) + 1);
    }
  serve_wait_sql (bot->conninfo, "select count (*) from oba.telegram_updates where state in ('new', 'working')", "0", 60);
  g_assert_cmpint (serve_sql_number (bot->conninfo, "select count (*) from oba.telegram_updates where state = 'done'"), >, 50);
  g_assert_cmpint (serve_sql_number (bot->conninfo, "select count (*) from oba.telegram_updates where state = 'poison' and raw is null"), ==, 0);
}

/* A button turns until it is answered, also one of an older version of ours, or made up. */
static void
test_buttons (void)
{
  g_autoptr (Bot) bot = bot_new ();
  static const char *const others[] = { "profile:card", "profile:lock:true", "profile:lock:true" };
  static const char *const data[] = { "\"gone:1\"", "\"help:7\"", "\"\"", "7", "\"profile\\u0000:x\"" };

  serve_start (bot->serve);
  for (guint i = 0; i < G_N_ELEMENTS (data); i++)
    {
      g_autofree char *update = g_strdup_printf (
          "{\"update_id\":%u,\"callback_query\":{\"id\":\"q%u\",\"from\":{\"id\":5,\"is_bot\":false,\"first_name\":\"X\"},\"chat_instance\":\"c\",\"message\":"
          "{\"message_id\":9,\"date\":1,\"chat\":{\"id\":5,\"type\":\"private\"},\"text\":\"x\"},\"data\":%s}}", i + 1, i, data[i]);

      g_assert_cmpuint (serve_update (bot->serve, update, -1), ==, 200);
    }
  oba_telegram_double_wait_other (bot->telegram, "answerCallbackQuery", G_N_ELEMENTS (data));

  /* A customer presses what is theirs where others read along, or below a message that is nobody's: nothing is shown, and nothing done. */
  bot_link (bot, 5, "Aysel", "en");
  bot->update_id = G_N_ELEMENTS (data);
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autofree char *update = g_strdup_printf ("{%%s\"callback_query\":{\"id\":\"g%u\",\"from\":{\"id\":5,\"is_bot\":false,\"first_name\":\"X\"},\"chat_instance\":\"c\",%s\"data\":\"%s\"}}", i,
                                                 i < 2 ? "\"message\":{\"message_id\":9,\"date\":1,\"chat\":{\"id\":-1005,\"type\":\"supergroup\"},\"text\":\"x\"}," : "\"inline_message_id\":\"x\",", others[i]);

      bot_update (bot, update);
    }
  serve_wait_sql (bot->conninfo, "select count (*) from oba.telegram_updates where state <> 'done'", "0", 10);
  serve_wait_sql (bot->conninfo, "select count (*) from oba.outbox where state in ('queued', 'sending')", "0", 10);
  g_assert_cmpuint (oba_telegram_double_get_n_calls (bot->telegram), ==, 0);
  g_assert_cmpint (serve_sql_number (bot->conninfo, "select count (*) from oba.points_accounts where spending_locked_at is not null"), ==, 0);
}

/* Whoever stops the bot is not written to; whoever comes back is. */
static void
test_stopped (void)
{
  g_autoptr (Bot) bot = bot_new ();
  g_autofree char *back = help (2, 5);
  const char *stopped = "{\"update_id\":1,\"my_chat_member\":{\"chat\":{\"id\":5,\"type\":\"private\"},\"from\":{\"id\":5},\"date\":1,"
                        "\"old_chat_member\":{\"status\":\"member\"},\"new_chat_member\":{\"status\":\"kicked\"}}}";

  bot_sql (bot, "select oba.do_link_telegram (jsonb_build_object ('chat_id', 5, 'customer_id', oba.do_register_customer ('{\"given_name\": \"A\"}') -> 'customer_id'))");
  serve_start (bot->serve);
  g_assert_cmpuint (serve_update (bot->serve, stopped, -1), ==, 200);
  serve_wait_sql (bot->conninfo, "select unreachable_at is not null from oba.telegram_links", "t", 10);
  g_assert_cmpuint (serve_update (bot->serve, back, -1), ==, 200);
  serve_wait_sql (bot->conninfo, "select unreachable_at is null from oba.telegram_links", "t", 10);
}

/* An administrator sets the webhook, sees what Telegram says of it, and takes it away. */
static void
test_webhook_command (void)
{
  g_autoptr (Bot) bot = bot_new ();
  g_autoptr (HelperHome) home = helper_home_new (FALSE, "data");
  g_autoptr (HelperRun) set = NULL, info = NULL, gone = NULL, wrong = NULL;

  g_assert_true (g_file_set_contents (bot->serve->config, bot->serve->sections->str, -1, NULL));
  wrong = helper_run (home, "webhook", "set", "ftp://x", "--config", bot->serve->config, NULL);
  helper_assert_run (wrong, 2, "", "“ftp://x”");
  set = helper_run (home, "webhook", "set", "https://bot.example.az/telegram/webhook", "--config", bot->serve->config, NULL);
  helper_assert_run (set, 0, "https://bot.example.az/telegram/webhook", "");
  info = helper_run (home, "webhook", "info", "--format", "json", "--config", bot->serve->config, NULL);
  helper_assert_run (info, 0, "https://bot.example.az/telegram/webhook", "");
  g_assert_nonnull (strstr (info->out, "Connection timed out"));
  gone = helper_run (home, "webhook", "delete", "--config", bot->serve->config, NULL);
  helper_assert_run (gone, 0, "", "");
  oba_telegram_double_wait_other (bot->telegram, "deleteWebhook", 1);
}

/* Somebody lets a machine write: what is beyond a hundred at once is not looked at, no more than thirty answers wait, and whoever asks meanwhile is answered before them. */
static void
test_flood (void)
{
  g_autoptr (Bot) bot = bot_new ();
  g_autofree char *flood = help (70000, 5), *other = help (71000, 6);
  g_autofree char *sql = g_strdup_printf ("select oba.telegram_store_update (n, 5, replace ('%s', '70000', n::text)::jsonb, null, null) from generate_series (70001, 70130) n;"
                                          "select oba.telegram_store_update (71000, 6, '%s', null, null)", flood, other);

  bot_sql (bot, sql);
  g_assert_cmpint (serve_sql_number (bot->conninfo, "select count (*) from oba.telegram_updates where state = 'done' and error <> '' and update_id > 70100"), ==, 30);
  serve_start (bot->serve);
  serve_wait_sql (bot->conninfo, "select state from oba.outbox where chat_id = 6", "sent", 10);
  g_assert_cmpuint (oba_telegram_double_count_chat (bot->telegram, 5), <, 5);
  serve_wait_sql (bot->conninfo, "select count (*) from oba.telegram_updates where state <> 'done'", "0", 30);
  g_assert_cmpint (serve_sql_number (bot->conninfo, "select count (*) from oba.outbox where chat_id = 5 and state in ('queued', 'sending')"), <=, 30);
  g_assert_cmpint (serve_sql_number (bot->conninfo, "select count (*) from oba.outbox where chat_id = 5 and state = 'skipped'"), >, 50);
}

/* What people send to be looked at. */

static char *
file_update (gint64 chat_id, const char *file_id, gboolean document, gsize size)
{
  g_autofree char *file = g_strdup_printf ("{\"file_id\":\"%s\",\"file_unique_id\":\"u\",\"width\":90,\"height\":90,\"file_size\":%" G_GSIZE_FORMAT "}", file_id, size);

  return g_strdup_printf ("{%%s\"message\":{\"message_id\":1,\"date\":1,\"from\":{\"id\":%" G_GINT64_FORMAT ",\"is_bot\":false,\"first_name\":\"X\",\"language_code\":\"en\"},"
                          "\"chat\":{\"id\":%" G_GINT64_FORMAT ",\"type\":\"private\"},\"%s\":%s%s%s}}",
                          chat_id, chat_id, document ? "document" : "photo", document ? "" : "[{\"file_id\":\"small\"},", file, document ? "" : "]");
}

/* The bot's answer to a file. */
static char *
send_file (Bot *bot, gint64 chat_id, GBytes *file, gboolean document)
{
  static guint n;
  g_autofree char *id = g_strdup_printf ("F%u", ++n);
  g_autofree char *update = file_update (chat_id, id, document, g_bytes_get_size (file));

  oba_telegram_double_add_file (bot->telegram, id, file);
  return bot_send (bot, update);
}

static char *
send_code (Bot *bot, gint64 chat_id, const char *text)
{
  g_autoptr (GBytes) picture = oba_telegram_picture_qr (text, "");

  return send_file (bot, chat_id, picture, FALSE);
}

#define CUSTOMER(chat) "(select customer_id from oba.telegram_links where chat_id = " chat ")"

/* A card, a voucher, a poster and a link are known by their codes, to whomever they belong; and nobody learns to whom. */
static void
test_scan (void)
{
  g_autoptr (Bot) bot = bot_started ();
  g_autofree char *poster = NULL, *voucher = NULL, *link = NULL, *staff = NULL, *typed = NULL, *used = NULL;

  bot_link (bot, 55, "Aysel", "en");
  bot_link (bot, 56, "Rəşad", "en");
  bot_sql (bot, "insert into oba.stores (code, name) values ('S1', 'OBA <1>'); update oba.telegram_house set username = 'obabot';"
                "insert into oba.rewards (code, kind, name_az, name_en, cost, state) values ('cup', 'gift', 'Fincan', 'Cup <1>', 300, 'live');"
                "select oba.do_adjust_points (jsonb_build_object ('customer_id', " CUSTOMER ("55") ", 'points', 900, 'reason_code', 'goodwill', 'reason', 'x'));"
                "select oba.do_redeem_points (jsonb_build_object ('customer_id', " CUSTOMER ("55") ", 'reward_id', 1, 'through', 'telegram'));"
                "insert into oba.cards (token_hash, number, customer_id, state) values (sha256 ('token-1'), '9000000000000001', " CUSTOMER ("55") ", 'active'),"
                " (sha256 ('token-2'), '9000000000000002', " CUSTOMER ("55") ", 'lost'), (sha256 ('token-3'), '9000000000000003', null, 'blank')");
  oba_telegram_double_wait (bot->telegram, 1);
  assert_says (send_code (bot, 55, "token-1"), "Your OBA card. It is valid.");
  assert_says (send_code (bot, 56, "token-1"), "A valid OBA card of another customer.");
  assert_says (send_code (bot, 57, "9000000000000001"), "A valid OBA card of another customer.");
  assert_says (bot_ask (bot, 56, "/scan 9000000000000002"), "It is not valid any more.");
  assert_says (bot_ask (bot, 56, "/scan token-3"), "nobody has yet");
  assert_says (bot_ask (bot, 56, "/scan"), "📷");
  assert_says (bot_ask (bot, 56, "9000000000000001"), "of another customer");

  voucher = oba_test_postgres_exec (bot->conninfo, "select oba.voucher (customer_id, redemption_id) from oba.redemptions");
  assert_says (send_code (bot, 55, voucher), "Your voucher: <b>Cup &lt;1&gt;</b>\nIt is valid.\nIt can be used once, until");
  assert_says (send_code (bot, 56, voucher), "A voucher: <b>Cup &lt;1&gt;</b>\nIt is valid.");
  typed = g_ascii_strdown (voucher, -1);
  used = g_strdup_printf ("select oba.do_use_voucher ('{\"code\": \"%s\"}')", typed);
  bot_sql (bot, used);
  oba_telegram_double_wait (bot->telegram, 11);
  g_free (used);
  used = g_strdup_printf ("/scan %s", typed);
  assert_says (bot_ask (bot, 56, used), "It was used already.");

  poster = oba_test_postgres_exec (bot->conninfo, "select oba.make_start_link (1, 'summer') ->> 'payload'");
  link = g_strconcat ("https://t.me/obabot?start=", poster, NULL);
  assert_says (send_code (bot, 57, link), "store <b>OBA &lt;1&gt;</b>");
  g_clear_pointer (&link, g_free);
  link = bot_parameters (bot, -1);
  g_assert_nonnull (strstr (link, "OBABot?start=p1-summer-"));
  g_clear_pointer (&link, g_free);
  poster[strlen (poster) - 2] ^= 1; /* tampered with */
  link = g_strconcat ("https://t.me/obabot?start=", poster, NULL);
  assert_says (send_code (bot, 57, link), "no code of ours");
  staff = oba_test_postgres_exec (bot->conninfo, "select oba.make_staff_link (" CUSTOMER ("55") ") ->> 'payload'");
  g_clear_pointer (&link, g_free);
  link = g_strconcat ("https://t.me/obabot?start=", staff, NULL);
  assert_says (send_code (bot, 57, link), "It works once");
  bot_sql (bot, "update oba.staff_links set used_at = now(), used_chat = 55");
  assert_says (send_code (bot, 58, link), "not valid any more");
  g_assert_cmpint (serve_sql_number (bot->conninfo, "select count (*) from oba.outbox where chat_id <> 55 and (payload::text like '%Aysel%' or payload::text like '%Məmmədova%')"), ==, 0);
}

static cairo_status_t
append (void *closure, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

/* Beside each other. */
static GBytes *
several_codes (guint n)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 200 * (int) n, 200);
  cairo_t *cr = cairo_create (surface);
  GByteArray *bytes = g_byte_array_new ();

  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  cairo_set_source_rgb (cr, 0, 0, 0);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *text = g_strdup_printf ("nothing %u", i);
      g_autoptr (ObaQr) qr = oba_qr_new (text);

      oba_qr_draw (qr, cr, 200 * i, 0, 200);
    }
  cairo_destroy (cr);
  cairo_surface_write_to_png_stream (surface, append, bytes);
  cairo_surface_destroy (surface);
  return g_byte_array_free_to_bytes (bytes);
}

/* What is no photo, too large, or broken is told so kindly, and stops nobody; ten codes of nothing are enough for an hour. */
static void
test_scan_refused (void)
{
  g_autoptr (Bot) bot = bot_started ();
  static const char cut_off[] = "GIF89a\1\0\1\0\200\0\0\0\0\0\377\377\377!\371";
  g_autoptr (GBytes) gif = g_bytes_new_static (cut_off, sizeof cut_off), code = oba_telegram_picture_qr ("nothing", "");
  g_autoptr (GBytes) five = several_codes (5), head = g_bytes_new (g_bytes_get_data (code, NULL), 40), blank = oba_telegram_picture_qr ("", "-"), large = g_bytes_new_take (g_malloc0 (6000000), 6000000);
  g_autofree char *missing = file_update (66, "missing", FALSE, 10), *liar = file_update (65, "liar", TRUE, 10);

  bot_link (bot, 55, "Aysel", "en");
  bot_link (bot, 56, "Rəşad", "en");
  assert_says (send_file (bot, 61, gif, TRUE), "I can read photos only"); /* each from a chat of its own: one is written to once a second */
  assert_says (send_file (bot, 62, head, TRUE), "is broken");
  assert_says (send_file (bot, 64, large, TRUE), "too large");
  oba_telegram_double_add_file (bot->telegram, "liar", large);
  assert_says (bot_send (bot, liar), "too large");
  assert_says (bot_send (bot, missing), "once more");
  assert_says (send_file (bot, 67, blank, FALSE), "I see no code");
  bot_sql (bot, "update oba.scan_tries set pictures = pictures + 59 where chat_id = 67");
  assert_says (send_file (bot, 67, blank, FALSE), "try again in 60 minutes");
  for (guint i = 0; i < 2; i++)
    assert_says (send_file (bot, 55, five, i == 0), "no code of ours");
  assert_says (send_file (bot, 55, five, FALSE), "try again in 60 minutes");
  assert_says (bot_ask (bot, 55, "/scan 9000000000000001"), "try again in 60 minutes");
  assert_says (bot_ask (bot, 56, "/scan 9000000000000001"), "no code of ours");
}

/* Telegram does not always give the file, nor in time: whoever sent it is told, and nothing hangs. */
static void
test_files_lost (void)
{
  static const ObaTelegramBehaviour troubles[] = { OBA_TELEGRAM_DOUBLE_TOO_MANY, OBA_TELEGRAM_DOUBLE_BAD_REQUEST, OBA_TELEGRAM_DOUBLE_ERROR, OBA_TELEGRAM_DOUBLE_GARBAGE, OBA_TELEGRAM_DOUBLE_CLOSE };
  g_autoptr (Bot) bot = bot_started ();
  g_autofree char *help = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (troubles); i++)
    {
      oba_telegram_double_plan_method (bot->telegram, "getFile", troubles[i], 1);
      assert_says (send_code (bot, 60 + i, "x"), "once more");
    }
  oba_telegram_double_plan (bot->telegram, OBA_TELEGRAM_DOUBLE_CLOSE, 0);
  bot_say (bot, 70, "/help");
  serve_wait_sql (bot->conninfo, "select state from oba.outbox where chat_id = 70", "unknown", 10);
  help = bot_ask (bot, 71, "/help");
}

/* The photo of the call @index: what Telegram has is named, anything else is sent. */
static void
assert_photo (Bot *bot, guint index, const char *expected)
{
  g_autofree char *parameters = NULL;

  oba_telegram_double_wait (bot->telegram, index + 1);
  parameters = bot_parameters (bot, (int) index);
  if (strstr (parameters, expected) == NULL)
    g_error ("“%s” is not in: %s", expected, parameters);
}

/* A card's picture goes to Telegram once; where Telegram knows it no more, anew; what the house changes is seen at once. */
static void
test_file_ids (void)
{
  g_autoptr (Bot) bot = bot_started ();
  static const char reward[] = "update oba.rewards set picture = decode ('89504e470d0a1a0a', 'hex'), version = version + 1";
  guint n;

  bot_link (bot, 55, "Aysel", "en");
  bot_sql (bot, "insert into oba.rewards (code, kind, name_az, name_en, cost, state) values ('cup', 'gift', 'Fincan', 'Cup', 300, 'live')");
  bot_sql (bot, reward);
  g_free (bot_press (bot, 55, "profile:card"));
  assert_photo (bot, 0, " bytes\"");
  serve_wait_sql (bot->conninfo, "select string_agg (file_id, ' ') from oba.telegram_files", "photo-1", 20);
  g_free (bot_press (bot, 55, "profile:card"));
  assert_photo (bot, 1, "\"photo-1\"");
  oba_telegram_double_plan (bot->telegram, OBA_TELEGRAM_DOUBLE_BAD_REQUEST, 0);
  g_free (bot_press (bot, 55, "profile:card"));
  assert_photo (bot, 2, "\"photo-1\"");
  assert_photo (bot, 3, " bytes\"");
  serve_wait_sql (bot->conninfo, "select string_agg (file_id, ' ') from oba.telegram_files", "photo-4", 20);
  g_free (bot_press (bot, 55, "profile:card"));
  assert_photo (bot, 4, "\"photo-4\"");

  n = oba_telegram_double_get_n_calls (bot->telegram);
  g_free (bot_press (bot, 55, "rewards:w:1"));
  assert_photo (bot, n, " bytes\"");
  serve_wait_sql (bot->conninfo, "select count (*) from oba.telegram_files", "2", 20);
  g_free (bot_press (bot, 55, "rewards:w:1"));
  assert_photo (bot, n + 1, "\"photo-6\"");
  bot_sql (bot, reward);
  g_free (bot_press (bot, 55, "rewards:w:1"));
  assert_photo (bot, n + 2, " bytes\"");
}

/* Names from right to left, with markup or of the longest: every message is one that Telegram takes (the double refuses others), and they turn nothing around. */
static void
test_names (void)
{
  g_autoptr (Bot) bot = bot_started ();
  g_autofree char *profile = NULL, *purchases = NULL, *rewards = NULL;

  bot_link (bot, 55, "محمد <i>&", "en");
  bot_sql (bot, "insert into oba.stores (code, name) values ('S1', 'سوق <b>' || e'\\u202e' || repeat ('&', 150));"
                "insert into oba.products (code, name, price) values ('P1', 'Çörək', 500);"
                "insert into oba.rewards (code, kind, name_az, cost, state) select 'cup' || n, 'gift', 'שלום <b>' || repeat ('😀', 80), 300, 'live' from generate_series (1, 5) n;"
                "select oba.record_receipt (jsonb_build_object ('store', 1, 'till', 1, 'receipt_no', 'R' || n, 'sold_at', now() - n * interval '1 hour', 'total', 500, 'customer_id', " CUSTOMER ("55") ","
                " 'lines', '[{\"code\": \"P1\", \"quantity\": 1, \"unit_price\": 500, \"total\": 500}]'::jsonb)) from generate_series (1, 1) n");
  oba_telegram_double_wait (bot->telegram, 1);
  profile = bot_ask (bot, 55, "/profile");
  g_assert_nonnull (strstr (profile, "\u2068محمد &lt;i&gt;&amp;\u2069"));
  purchases = bot_ask (bot, 55, "/purchases");
  g_assert_nonnull (strstr (purchases, "\u2068سوق &lt;b&gt;&amp;&amp;"));
  g_assert_null (strstr (purchases, "\u202e"));
  rewards = bot_ask (bot, 55, "/rewards");
  g_assert_nonnull (strstr (rewards, "\u2068שלום &lt;b&gt;😀"));
}

/* Somebody sends FISCAL3, staff decide, and the bot tells. */
static void
assert_claim (Bot *bot, gint64 chat_id, const char *approve, const char *expected)
{
  g_autofree char *sql = g_strdup_printf ("update oba.approvals set requested_by = 'the helper';"
                                          "select oba.do_decide_approval (jsonb_build_object ('approval_id', approval_id, 'approve', %s, 'seen', previewed_at, 'reason', 'It was looked at.'))"
                                          " from oba.approvals where state = 'requested'", approve);
  gboolean told = FALSE;

  bot_sql (bot, "delete from oba.outbox where kind = 'claim'");
  g_free (bot_ask (bot, chat_id, "/scan FISCAL3"));
  bot_sql (bot, sql);
  serve_wait_sql (bot->conninfo, "select count (*) from oba.outbox where kind = 'claim' and state = 'sent'", "1", 20);
  /* Others may come between. */
  for (guint i = 0; i < oba_telegram_double_get_n_calls (bot->telegram); i++)
    {
      g_autofree char *call = bot_parameters (bot, (int) i);

      told = told || strstr (call, expected) != NULL;
    }
  g_assert_true (told);
}

/* A receipt without a card is whose who sends it first, once, whatever crashes; above the limits a supervisor looks at it. */
static void
test_claim (void)
{
  g_autoptr (Bot) bot = bot_started ();
  static const char receipt[] = "select oba.do_record_receipt (jsonb_build_object ('store', 1, 'till', 1, 'receipt_no', 'R%u', 'sold_at', now() - interval '1 hour', 'total', %u, 'fiscal_id', 'FISCAL%u',"
                                " 'lines', '[{\"code\": \"P1\", \"quantity\": 1, \"unit_price\": %u, \"total\": %u}]'::jsonb))";

  bot_link (bot, 55, "Aysel", "en");
  bot_link (bot, 56, "Rəşad", "en");
  bot_sql (bot, "insert into oba.stores (code, name) values ('S1', 'OBA 1'); insert into oba.products (code, name, price) values ('P1', 'Çörək', 500);");
  for (guint i = 1; i <= 3; i++)
    {
      g_autofree char *sql = g_strdup_printf (receipt, i, i * i * 2000, i, i * i * 2000, i * i * 2000);

      bot_sql (bot, sql);
    }
  assert_says (send_code (bot, 57, "https://monitoring.e-kassa.gov.az/#/index?doc=FISCAL1"), "/start");
  assert_says (send_code (bot, 55, "https://monitoring.e-kassa.gov.az/#/index?doc=FISCAL1"), "This receipt of 20.00");
  serve_wait_sql (bot->conninfo, "select balance from oba.points_accounts where customer_id = " CUSTOMER ("55"), "20", 5);
  oba_telegram_double_wait (bot->telegram, 3); /* the letter */
  /* As if the power had gone before the end of the update was written. */
  bot_sql (bot, "update oba.telegram_updates set state = 'new', done_at = null where update_id = 2");
  oba_telegram_double_wait (bot->telegram, 4);
  g_assert_cmpint (serve_sql_number (bot->conninfo, "select count (*) from oba.corrections"), ==, 1);
  assert_says (bot_ask (bot, 55, "/scan FISCAL1"), "yours already");
  assert_says (bot_ask (bot, 56, "/scan FISCAL1"), "counted already");
  assert_says (bot_ask (bot, 56, "/scan FISCAL2"), "looked at by our staff");
  assert_says (bot_ask (bot, 56, "/scan FISCAL2"), "looked at by our staff");
  assert_says (bot_ask (bot, 55, "/scan FISCAL2"), "cannot be counted here");
  assert_says (bot_ask (bot, 55, "/scan FISCAL9"), "no code of ours");
  g_assert_cmpint (serve_sql_number (bot->conninfo, "select count (*) from oba.approvals where state = 'requested'"), ==, 1);
  bot_sql (bot, "update oba.approvals set requested_by = 'the helper'");   /* who has a login of its own */
  bot_sql (bot, "select oba.do_decide_approval (jsonb_build_object ('approval_id', approval_id, 'approve', true, 'seen', previewed_at)) from oba.approvals");
  serve_wait_sql (bot->conninfo, "select balance from oba.points_accounts where customer_id = " CUSTOMER ("56"), "80", 5);
  g_assert_cmpint (serve_sql_number (bot->conninfo, "select count (*) from oba.receipt_claims"), ==, 2);
  /* Approved, it tells of itself as a purchase; rejected, it is told in the customer's language, once; and that it counts now also to whoever wants no messages about purchases. */
  g_assert_cmpint (serve_sql_number (bot->conninfo, "select count (*) from oba.outbox where kind = 'claim'"), ==, 0);
  bot_sql (bot, "update oba.customers set language = 'ru' where customer_id = " CUSTOMER ("55"));
  assert_claim (bot, 55, "false", "180,00");
  bot_sql (bot, "insert into oba.message_optouts (customer_id, kind) select customer_id, 'receipt' from oba.telegram_links");
  assert_claim (bot, 56, "true", "is counted now");
}

/* Nobody is answered who has said nothing: a message was pinned, a timer set. Whoever is no customer has nothing kept, and what was answered while registering goes at once. */
static void
test_nothing (void)
{
  g_autoptr (Bot) bot = bot_started ();

  bot_link (bot, 55, "Aysel", "en");
  bot_update (bot, "{%s\"message\":{\"message_id\":7,\"date\":1,\"chat\":{\"id\":55,\"type\":\"private\"},\"from\":{\"id\":55,\"first_name\":\"A\"},\"pinned_message\":{\"message_id\":3,\"date\":1,\"chat\":{\"id\":55,\"type\":\"private\"}}}}");
  bot_update (bot, "{%s\"message\":{\"message_id\":8,\"date\":1,\"chat\":{\"id\":55,\"type\":\"private\"},\"from\":{\"id\":55,\"first_name\":\"A\"},\"message_auto_delete_timer_changed\":{\"message_auto_delete_time\":60}}}");
  assert_says (bot_ask (bot, 55, "/rewards"), "You have 0 points");
  g_assert_cmpuint (oba_telegram_double_get_n_calls (bot->telegram), ==, 1);
  assert_says (bot_ask (bot, 55, "/profile"), "Customer number: 1");
  g_free (bot_ask (bot, 66, "/start"));
  g_free (bot_press (bot, 66, "start:agree"));
  g_assert_cmpint (serve_sql_number (bot->conninfo, "select count (*) from oba.telegram_steps where chat_id = 66"), ==, 1);
  assert_says (bot_ask (bot, 66, "/forget"), "о вас ничего не хранится");
  serve_wait_sql (bot->conninfo, "select count (*) from oba.telegram_steps where chat_id = 66", "0", 20);
}

/* The chat that is left for another one learns of it, in its language, and once. */
static void
test_moved (void)
{
  g_autoptr (Bot) bot = bot_started ();
  static const char move[] = "select oba.do_link_telegram (jsonb_build_object ('customer_id', customer_id, 'chat_id', 77)) from oba.telegram_links";
  g_autofree char *told = NULL;

  bot_link (bot, 55, "Aysel", "en");
  bot_sql (bot, move);
  oba_telegram_double_wait (bot->telegram, 1);
  told = bot_parameters (bot, -1);
  g_assert_nonnull (strstr (told, "\"chat_id\":55"));
  g_assert_nonnull (strstr (told, "linked to another Telegram account now"));
  bot_sql (bot, move);
  g_assert_cmpint (serve_sql_number (bot->conninfo, "select count (*) from oba.outbox where kind = 'moved'"), ==, 1);
}

/* A broadcast calls each by their first name, whatever is in it, and says something kind to whom nobody knows by name. */
static void
test_first_name (void)
{
  g_autoptr (Bot) bot = bot_started ();
  static const char try[] = "select oba.do_try_broadcast (jsonb_build_object ('broadcast_id', broadcast_id, 'customer_id', " CUSTOMER ("55") ")) from oba.broadcasts";
  g_autofree char *named = NULL, *unnamed = NULL;

  bot_link (bot, 55, "Aysel <b>&", "en");
  bot_sql (bot, "insert into oba.consents (customer_id, channel, granted, since) select customer_id, 'telegram', true, now() from oba.telegram_links on conflict (customer_id, channel) do update set granted = true;"
                "select oba.do_save_broadcast ('{\"name\": \"Tea\", \"az\": \"Hello, {name}! {name}, 1 < 2.\"}')");
  bot_sql (bot, try);
  oba_telegram_double_wait (bot->telegram, 1);
  named = bot_parameters (bot, -1);
  g_assert_nonnull (strstr (named, "Hello, Aysel &lt;b&gt;&amp;! Aysel &lt;b&gt;&amp;, 1 &lt; 2."));
  bot_sql (bot, "update oba.customers set given_name = '' where customer_id = " CUSTOMER ("55"));
  bot_sql (bot, try);
  oba_telegram_double_wait (bot->telegram, 2);
  unnamed = bot_parameters (bot, -1);
  g_assert_nonnull (strstr (unnamed, "Hello, dear customer! dear customer, 1"));
  /* The longest name, said sixty times, would be longer than a message may be. */
  bot_sql (bot, "update oba.customers set given_name = repeat ('ə', 100) where customer_id = " CUSTOMER ("55") "; update oba.broadcasts set text_az = repeat ('{name} ', 60)");
  bot_sql (bot, try);
  oba_telegram_double_wait (bot->telegram, 3);
  g_free (unnamed);
  unnamed = bot_parameters (bot, -1);
  g_assert_nonnull (strstr (unnamed, "\"text\":\"dear customer dear customer "));
}

/* Nobody has configured what the bot is called: it asks Telegram, and answers to that name in groups, and to no other. */
static void
test_name (void)
{
  g_autoptr (Bot) bot = bot_new ();

  g_string_replace (bot->serve->sections, "bot_username=OBABot\n", "", 0);
  serve_start (bot->serve);
  serve_wait_sql (bot->conninfo, "select username from oba.telegram_house", "ObaTestBot", 20);
  bot_update (bot, "{%s\"message\":{\"message_id\":1,\"date\":1,\"chat\":{\"id\":-100,\"type\":\"group\"},\"from\":{\"id\":55,\"first_name\":\"A\"},\"text\":\"/help@SomebodysBot\"}}");
  assert_says (bot_send (bot, "{%s\"message\":{\"message_id\":2,\"date\":1,\"chat\":{\"id\":-100,\"type\":\"group\"},\"from\":{\"id\":55,\"first_name\":\"A\"},\"text\":\"/help@obatestbot\"}}"), "/profile");
  g_assert_cmpuint (oba_telegram_double_get_n_calls (bot->telegram), ==, 1);
}

/* What people say or press, and the number that is 1 when it has happened once. The chats are those of EACH. */
#define EACH 30
static const struct
{
  const char *said;   /* "TOPIC:…": a button; CHAT: the chat's number */
  const char *effect;
} lives[] = {
  { "rewards:y:1:0:300:77", "select (select count (*) from oba.redemptions r where r.customer_id = l.customer_id) * (a.balance = 600)::integer * (select count (*) from oba.points_ledger e where e.customer_id = l.customer_id and e.kind = 'redeem')"
                            " from oba.telegram_links l join oba.points_accounts a using (customer_id) where l.chat_id = CHAT" },
  { "/scan FISCALCHAT", "select (select count (*) from oba.receipt_claims r where r.customer_id = l.customer_id and r.correction_id is not null) * (a.balance = 920)::integer"
                        " from oba.telegram_links l join oba.points_accounts a using (customer_id) where l.chat_id = CHAT" },
  { "profile:lock:true", "select (a.spending_locked_at is not null)::integer from oba.telegram_links l join oba.points_accounts a using (customer_id) where l.chat_id = CHAT" },
  { "Skip ▶", "select (select count (*) from oba.points_ledger e where e.customer_id = l.customer_id and e.kind = 'bonus') * (a.balance = 25)::integer * (select count (*) from oba.customers k where k.phone = '+99450' || (1000000 + CHAT))"
              " from oba.telegram_links l join oba.points_accounts a using (customer_id) where l.chat_id = CHAT" },
};
#define N_LIVES G_N_ELEMENTS (lives)

/* A reward, and a receipt without a card for everybody who will send one; the last ones are asked for their birthday, and everybody else is a customer with 900 points, 25 of them for registering. */
static Bot *
bot_for_lives (void)
{
  Bot *bot = bot_new ();
  g_autofree char *people = g_strdup_printf ("select oba.do_link_telegram (jsonb_build_object ('chat_id', n, 'customer_id', oba.do_register_customer ('{\"given_name\": \"Aysel\", \"language\": \"en\"}') -> 'customer_id')) from generate_series (%u, %u) n;"
                                             "insert into oba.telegram_steps (chat_id, step, data) select n, 'start:birth', jsonb_build_object ('language', 'en', 'agreed', 'telegram-1', 'phone', '+99450' || (1000000 + n), 'given_name', 'Aysel') from generate_series (%u, %u) n;"
                                             "select oba.do_record_receipt (jsonb_build_object ('store', 1, 'till', 1, 'receipt_no', 'R' || n, 'sold_at', now() - interval '1 minute', 'total', 2000, 'fiscal_id', 'FISCAL' || n,"
                                             " 'lines', '[{\"code\": \"P1\", \"quantity\": 1, \"unit_price\": 2000, \"total\": 2000}]'::jsonb)) from generate_series (%u, %u) n;",
                                             1000, (guint) (1000 + (N_LIVES - 1) * EACH - 1), (guint) (1000 + (N_LIVES - 1) * EACH), (guint) (1000 + N_LIVES * EACH - 1), 1000 + EACH, 1000 + 2 * EACH - 1);

  bot_quicken (bot);
  bot_sql (bot, "insert into oba.rewards (code, kind, name_az, name_en, cost, stock, state) values ('cup', 'gift', 'Fincan', 'Cup', 300, 50, 'live'); insert into oba.products (code, name, price) values ('P1', 'Çörək', 500)");
  bot_sql (bot, people);
  bot_sql (bot, "select oba.do_adjust_points (jsonb_build_object ('customer_id', customer_id, 'points', 875, 'reason_code', 'goodwill', 'reason', 'x')) from oba.telegram_links");
  return bot;
}

static char *
with_chat (const char *text, guint chat)
{
  g_autoptr (GString) string = g_string_new (text);
  g_autofree char *number = g_strdup_printf ("%u", chat);

  g_string_replace (string, "CHAT", number, 0);
  return g_string_free (g_steal_pointer (&string), FALSE);
}

/* Returns: whether it was taken: by somebody who is killed it may not be, and then Telegram sends it again. Whoever polls fetches it. */
static gboolean
live (Bot *bot, guint which, guint chat, gboolean polls)
{
  g_autofree char *said = with_chat (lives[which].said, chat), *update = strchr (said, ':') != NULL ? bot_callback (chat, said) : bot_message (chat, said);
  g_autofree char *number = g_strdup_printf ("\"update_id\":%u,", chat);
  g_autoptr (GString) body = g_string_new (update);

  g_string_replace (body, "%s", number, 1);
  if (polls)
    oba_telegram_double_add_update (bot->telegram, body->str);
  return polls || serve_update (bot->serve, body->str, (gssize) body->len) == 200;
}

/* It has happened once; every message was sent, or is one that nobody knows of; and no more messages came than there are, but for one that may be repeated. */
static void
assert_lived (Bot *bot, guint which, guint chat, const char *step)
{
  g_autofree char *effect = with_chat (lives[which].effect, chat), *rows = with_chat ("select count (*) from oba.outbox where chat_id = CHAT and payload ->> 'method' is distinct from 'answerCallbackQuery'", chat);
  g_autofree char *sent = g_strconcat (rows, " and state = 'sent'", NULL), *known = g_strconcat (rows, " and state in ('sent', 'unknown')", NULL);
  g_autofree char *done = with_chat ("select count (*) from oba.telegram_updates where update_id = CHAT and state = 'done'", chat);
  guint calls;

  g_test_message ("%s: %s", lives[which].said, step);
  serve_wait_sql (bot->conninfo, done, "1", 20);
  bot_settle (bot);
  calls = oba_telegram_double_count_chat (bot->telegram, chat);
  g_assert_cmpint (serve_sql_number (bot->conninfo, effect), ==, 1);
  g_assert_cmpint (serve_sql_number (bot->conninfo, rows), ==, serve_sql_number (bot->conninfo, known));
  g_assert_cmpuint (calls, >=, serve_sql_number (bot->conninfo, sent));
  g_assert_cmpuint (calls, <=, serve_sql_number (bot->conninfo, rows) + 1);
}

static void
again (Bot *bot, guint which, guint chat, gboolean polls, const char *step)
{
  serve_start (bot->serve);
  if (!polls)
    g_assert_true (live (bot, which, chat, FALSE));
  assert_lived (bot, which, chat, step);
}

static guint
count_before (char **steps, guint index)
{
  guint n = 0;

  for (guint i = 0; i < index; i++)
    n += g_str_equal (steps[i], steps[index]);
  return n;
}

typedef struct
{
  Bot *bot;
  guint chat;
  guint calls;
} Expected;

static gboolean
has_called (gpointer user_data)
{
  Expected *expected = user_data;

  return oba_telegram_double_count_chat (expected->bot->telegram, expected->chat) >= expected->calls;
}

/* The power goes between any two steps: before and after each statement that changes something, and after each call that Telegram took; and the helper is started again. It has happened once. */
static void
kill_everywhere (Bot *bot, KillRun *wire, guint which, guint chat, gboolean polls)
{
  g_auto (GStrv) steps = NULL;
  guint calls;

  kill_run_note (wire);
  g_assert_true (live (bot, which, chat, polls));
  assert_lived (bot, which, chat, "nobody is killed");
  steps = kill_run_steps (wire);
  calls = oba_telegram_double_count_chat (bot->telegram, chat);
  g_assert_cmpuint (g_strv_length (steps), >=, 10);
  g_assert_cmpuint (g_strv_length (steps) + calls, <, EACH);
  for (guint i = 0; steps[i] != NULL; i++)
    {
      kill_run_arm (wire, steps[i], count_before (steps, i) + 1);
      live (bot, which, ++chat, polls);
      kill_run_wait (wire);
      again (bot, which, chat, polls, steps[i]);
    }
  for (guint call = 0; call < calls; call++)
    {
      for (guint i = 0; i < call; i++)
        oba_telegram_double_plan (bot->telegram, OBA_TELEGRAM_DOUBLE_OK, 0);
      oba_telegram_double_plan (bot->telegram, OBA_TELEGRAM_DOUBLE_STALL, 0);
      g_assert_true (live (bot, which, ++chat, polls));
      serve_wait (has_called, &(Expected){ bot, chat, call + 1 }, 10, "a call");
      serve_kill (bot->serve);
      again (bot, which, chat, polls, "a call");
    }
}

static void
test_killed_everywhere (void)
{
  g_autoptr (Bot) bot = bot_for_lives ();
  g_autoptr (KillRun) wire = kill_run_new (bot);

  serve_start (bot->serve);
  for (guint which = 0; which < N_LIVES; which++)
    kill_everywhere (bot, wire, which, 1000 + which * EACH, FALSE);
}

/* The same where the helper fetches its updates. */
static void
test_killed_everywhere_polling (void)
{
  g_autoptr (Bot) bot = bot_for_lives ();
  g_autoptr (KillRun) wire = kill_run_new (bot);

  serve_configure (bot->serve, "telegram", "transport=polling");
  serve_start (bot->serve);
  kill_everywhere (bot, wire, 1, 1000 + EACH, TRUE);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  bot_set_up ();

  g_test_add_func ("/telegram-ways/polling", test_polling);
  g_test_add_func ("/telegram-ways/polling-alone", test_polling_alone);
  g_test_add_func ("/telegram-ways/polling-poison", test_polling_poison);
  g_test_add_func ("/telegram-ways/kinds", test_kinds);
  g_test_add_func ("/telegram-ways/channel", test_channel);
  g_test_add_func ("/telegram-ways/mutated", test_mutated);
  g_test_add_func ("/telegram-ways/buttons", test_buttons);
  g_test_add_func ("/telegram-ways/stopped", test_stopped);
  g_test_add_func ("/telegram-ways/flood", test_flood);
  g_test_add_func ("/telegram-ways/webhook-command", test_webhook_command);
  g_test_add_func ("/telegram-ways/scan", test_scan);
  g_test_add_func ("/telegram-ways/scan-refused", test_scan_refused);
  g_test_add_func ("/telegram-ways/files-lost", test_files_lost);
  g_test_add_func ("/telegram-ways/file-ids", test_file_ids);
  g_test_add_func ("/telegram-ways/names", test_names);
  g_test_add_func ("/telegram-ways/claim", test_claim);
  g_test_add_func ("/telegram-ways/nothing", test_nothing);
  g_test_add_func ("/telegram-ways/moved", test_moved);
  g_test_add_func ("/telegram-ways/first-name", test_first_name);
  g_test_add_func ("/telegram-ways/name", test_name);
  g_test_add_func ("/telegram-ways/killed-everywhere", test_killed_everywhere);
  g_test_add_func ("/telegram-ways/killed-everywhere-polling", test_killed_everywhere_polling);

  status = g_test_run ();
  bot_tear_down ();
  return status;
}
