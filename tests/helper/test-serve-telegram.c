/* The bot as customers and Telegram meet it: the real program, a real database, and a double of the Bot API. */
#include <string.h>

#include "oba-telegram-double.h"
#include "oba-test-postgres.h"
#include "serve-run.h"

static ObaTestPostgres *postgres;

/* What each test begins with. */
typedef struct
{
  char *conninfo;
  ObaTelegramDouble *telegram;
  Serve *serve;
} Bot;

static void
bot_free (Bot *bot)
{
  serve_free (bot->serve);
  oba_telegram_double_free (bot->telegram);
  g_free (bot->conninfo);
  g_free (bot);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Bot, bot_free)

static Bot *
bot_new (void)
{
  Bot *bot = g_new0 (Bot, 1);

  bot->conninfo = oba_test_postgres_new_database (postgres);
  bot->telegram = oba_telegram_double_new ();
  bot->serve = serve_new (bot->conninfo, oba_telegram_double_get_url (bot->telegram));
  return bot;
}

static Bot *
bot_started (void)
{
  Bot *bot = bot_new ();

  serve_start (bot->serve);
  return bot;
}

static void
run_sql (Bot *bot, const char *sql)
{
  g_free (oba_test_postgres_exec (bot->conninfo, sql));
}

static char *
message (gint64 update_id, gint64 chat_id, const char *type, const char *text)
{
  return g_strdup_printf ("{\"update_id\":%" G_GINT64_FORMAT
                          ",\"message\":{\"message_id\":1,\"date\":1,\"from\":{\"id\":%" G_GINT64_FORMAT
                          ",\"is_bot\":false,"
                          "\"first_name\":\"X\",\"language_code\":\"ru\"},\"chat\":{\"id\":%" G_GINT64_FORMAT
                          ",\"type\":\"%s\"},\"text\":\"%s\"}}",
                          update_id, chat_id, chat_id, type, text);
}

static void
say (Bot *bot, gint64 update_id, gint64 chat_id, const char *text)
{
  g_autofree char *body = message (update_id, chat_id, "private", text);

  g_assert_cmpuint (serve_update (bot->serve, body, -1), ==, 200);
}

/* The bot's answer to @text. */
static char *
ask (Bot *bot, gint64 update_id, gint64 chat_id, const char *text)
{
  guint before = oba_telegram_double_get_n_calls (bot->telegram);

  say (bot, update_id, chat_id, text);
  oba_telegram_double_wait (bot->telegram, before + 1);
  return oba_telegram_double_get_text (bot->telegram, before);
}

static void
link_customer (Bot *bot, gint64 chat_id, const char *given_name, const char *language)
{
  g_autofree char *sql = g_strdup_printf (
      "select oba.do_link_telegram (jsonb_build_object ('chat_id', %" G_GINT64_FORMAT ", 'customer_id', "
      "oba.do_register_customer ('{\"given_name\": \"%s\", \"family_name\": \"Məmmədova\", \"language\": \"%s\"}') -> "
      "'customer_id'))",
      chat_id, given_name, language);

  run_sql (bot, sql);
}

static void
earn_points (Bot *bot)
{
  run_sql (bot, "insert into oba.stores (code, name) values ('S1', 'OBA 1');"
                "insert into oba.products (code, name, price) values ('P1', 'Çörək', 123456);"
                "select oba.do_record_receipt (jsonb_build_object ('store', 1, 'till', 1, 'receipt_no', 'R1', "
                "'sold_at', now(), 'total', 123456, "
                "'customer_id', (select customer_id from oba.telegram_links limit 1), "
                "'lines', '[{\"code\": \"P1\", \"quantity\": 1, \"unit_price\": 123456, \"total\": 123456}]'::jsonb))");
}

/* Anybody can find the address of a webhook; only Telegram knows the secret. */
static void
test_secret (void)
{
  g_autoptr (Bot) bot = bot_started ();
  g_autofree char *body = message (1, 5, "private", "/start");
  g_autoptr (Answer) missing =
      serve_request (bot->serve, "POST", "/telegram/webhook", "Content-Type: application/json\r\n", body, -1);
  g_autoptr (Answer) wrong =
      serve_request (bot->serve, "POST", "/telegram/webhook",
                     "Content-Type: application/json\r\nX-Telegram-Bot-Api-Secret-Token: right-secret_2\r\n", body, -1);
  g_autoptr (Answer) twice = serve_request (
      bot->serve, "POST", "/telegram/webhook",
      "Content-Type: application/json\r\nX-Telegram-Bot-Api-Secret-Token: " SERVE_SECRET "x\r\n", body, -1);
  g_autofree char *megabyte = g_strnfill (1024 * 1024, ' ');
  g_autoptr (Answer) stranger =
      serve_request (bot->serve, "POST", "/telegram/webhook", "Content-Type: application/json\r\n", megabyte, -1);
  g_autoptr (Answer) form = serve_request (bot->serve, "POST", "/telegram/webhook",
                                           "X-Telegram-Bot-Api-Secret-Token: " SERVE_SECRET "\r\n", body, -1);

  g_assert_cmpuint (missing->status, ==, 401);
  g_assert_cmpuint (wrong->status, ==, 401);
  g_assert_cmpuint (twice->status, ==, 401);
  g_assert_cmpuint (stranger->status, ==, 401);
  g_assert_cmpuint (form->status, ==, 415);
  g_assert_cmpint (serve_sql_number (bot->conninfo, "select count (*) from oba.telegram_updates"), ==, 0);
}

/* Telegram sends an update again when our answer was late: the customer must not get two answers. */
static void
test_once (void)
{
  g_autoptr (Bot) bot = bot_started ();

  for (int i = 0; i < 5; i++)
    say (bot, 7000000001, 5000000000001, "/help");
  oba_telegram_double_wait (bot->telegram, 1);
  say (bot, 7000000001, 5000000000001, "/help");
  serve_wait_sql (bot->conninfo, "select count (*) from oba.outbox where state = 'sent'", "1", 10);
  g_assert_cmpint (serve_sql_number (bot->conninfo, "select count (*) from oba.telegram_updates where state = 'done'"),
                   ==, 1);
  g_assert_cmpuint (oba_telegram_double_get_n_calls (bot->telegram), ==, 1);
  g_assert_cmpint (oba_telegram_double_get_chat (bot->telegram, 0), ==, 5000000000001);
}

static void
test_profile (void)
{
  g_autoptr (Bot) bot = bot_new ();
  g_autofree char *profile = NULL, *start = NULL;

  link_customer (bot, 55, "Aysel <b>&", "az");
  earn_points (bot);
  run_sql (bot, "delete from oba.outbox"); /* the receipt is told, too, sooner or later than the answer */
  serve_start (bot->serve);
  profile = ask (bot, 1, 55, "/profile");
  g_assert_nonnull (strstr (profile, "<b>Aysel &lt;b&gt;&amp; Məmmədova</b>"));
  g_assert_nonnull (strstr (profile, "Səviyyə: <b>Gümüş</b>")); /* 1,234.56 AZN in a year is silver */
  g_assert_nonnull (strstr (profile, "▰▱▱▱▱▱▱▱▱▱"));
  g_assert_nonnull (strstr (profile, "“Qızıl” səviyyəsinə 1\302\240765,44\302\240₼ qalıb"));
  g_assert_nonnull (strstr (profile, "Bal: <b>1\302\240234</b>"));
  g_assert_nonnull (strstr (profile, "1\302\240234 bal "));
  g_assert_nonnull (strstr (profile, " tarixinədək istifadə oluna bilər"));
  start = ask (bot, 2, 55, "/start");
  g_assert_true (g_str_has_prefix (start, "Salam, Aysel &lt;b&gt;&amp;!"));
}

/* Somebody whom nobody has linked is told how, in the language of his Telegram, and nothing else. */
static void
test_unlinked (void)
{
  g_autoptr (Bot) bot = bot_started ();
  g_autofree char *start = ask (bot, 1, 5000000000055, "/start");
  g_autofree char *profile = ask (bot, 2, 5000000000055, "/profile");
  g_autofree char *other = ask (bot, 3, 6000000000056, "salam");

  g_assert_true (g_str_has_prefix (start, "Здравствуйте!"));
  g_assert_cmpstr (profile, ==, start);
  g_assert_nonnull (strstr (other, "/help"));
}

/* In a group everybody reads along. */
static void
test_group (void)
{
  g_autoptr (Bot) bot = bot_started ();
  g_autofree char *profile = message (1, -1001234567890, "supergroup", "/profile@obabot");
  g_autofree char *for_other = message (2, -1001234567890, "supergroup", "/profile@OtherBot");
  g_autofree char *bare = message (3, -1001234567890, "supergroup", "/profile");
  g_autofree char *talk = message (4, -1001234567890, "supergroup", "salam");
  g_autofree char *answer = NULL;

  link_customer (bot, -1001234567890, "Aysel", "ru");
  serve_update (bot->serve, profile, -1);
  serve_update (bot->serve, for_other, -1);
  serve_update (bot->serve, bare, -1);
  serve_update (bot->serve, talk, -1);
  serve_wait_sql (bot->conninfo, "select count (*) from oba.telegram_updates where state = 'done'", "4", 10);
  oba_telegram_double_wait (bot->telegram, 1);
  answer = oba_telegram_double_get_text (bot->telegram, 0);
  g_assert_null (strstr (answer, "Aysel"));
  g_assert_cmpint (serve_sql_number (bot->conninfo, "select count (*) from oba.outbox"), ==, 1);
}

/* Nothing that comes from outside may stop the bot for everybody else. */
static void
test_poison (void)
{
  g_autoptr (Bot) bot = bot_started ();
  g_autofree char *deep = g_strnfill (100000, '[');
  g_autofree char *deep_object = g_strdup_printf ("{\"update_id\":1,\"message\":%s", deep);
  g_autofree char *large = g_strnfill (1024 * 1024 + 1, ' ');
  g_autofree char *surrogate = message (20, 5, "private", "\\ud800 /help \\u0000");
  g_autofree char *answer = NULL;

  g_assert_cmpuint (serve_update (bot->serve, "", 0), ==, 200);
  g_assert_cmpuint (serve_update (bot->serve, "not JSON", -1), ==, 200);
  g_assert_cmpuint (serve_update (bot->serve, "not JSON", -1), ==, 200);
  g_assert_cmpuint (serve_update (bot->serve, "[1]", -1), ==, 200);
  g_assert_cmpuint (serve_update (bot->serve, "{\"message\":{}}", -1), ==, 200);
  g_assert_cmpuint (serve_update (bot->serve, "{\"update_id\":\"7\"}", -1), ==, 200);
  g_assert_cmpuint (serve_update (bot->serve, "{\"update_id\":10,\"message\":{\"chat\":7,\"text\":[]}}", -1), ==, 200);
  g_assert_cmpuint (
      serve_update (bot->serve, "{\"update_id\":11,\"new_kind\":{\"chat\":{\"id\":9007199254740993}}}", -1), ==, 200);
  g_assert_cmpuint (serve_update (bot->serve, "{\"update_id\":12,\"x\":1e999999}", -1), ==, 200);
  g_assert_cmpuint (serve_update (bot->serve, "{\"update_id\":99999999999999999999999}", -1), ==, 200);
  g_assert_cmpuint (serve_update (bot->serve, "{\"update_id\":13,\"x\":\"\xff\xfe\"}", -1), ==, 200);
  g_assert_cmpuint (serve_update (bot->serve, "{\"update_id\":14,\"x\":\"a\0b\"}", 26), ==, 200);
  g_assert_cmpuint (serve_update (bot->serve, deep_object, -1), ==, 200);
  g_assert_cmpuint (serve_update (bot->serve, surrogate, -1), ==, 200);
  g_assert_cmpuint (serve_update (bot->serve, large, -1), ==, 413);

  oba_telegram_double_wait (bot->telegram, 1); /* to the surrogate's */
  answer = ask (bot, 21, 6, "/help");
  g_assert_nonnull (strstr (answer, "/profile"));
  serve_wait_sql (bot->conninfo, "select count (*) from oba.telegram_updates where state in ('new', 'working')", "0",
                  10);
  g_assert_cmpint (serve_sql_number (bot->conninfo, "select count (*) from oba.telegram_updates where state = 'poison' "
                                                    "and raw is not null and error is not null"),
                   ==, 10);
  g_assert_cmpint (serve_sql_number (bot->conninfo, "select chat_id from oba.telegram_updates where update_id = 11"),
                   ==, 9007199254740993);
}

/* Answers of one chat come in the order of its questions, and not faster than Telegram allows. */
static void
test_order (void)
{
  g_autoptr (Bot) bot = bot_new ();
  g_autofree char *first = NULL, *second = NULL, *third = NULL;

  /* They arrived while no helper ran, the later ones first. */
  for (int i = 3; i >= 1; i--)
    {
      g_autofree char *update = message (i, 5, "private", i == 1 ? "/help" : i == 2 ? "/start" : "?");
      g_autofree char *sql = g_strdup_printf ("select oba.telegram_store_update (%d, 5, '%s', null, null)", i, update);

      run_sql (bot, sql);
    }
  serve_start (bot->serve);
  oba_telegram_double_wait (bot->telegram, 3);
  first = oba_telegram_double_get_text (bot->telegram, 0);
  second = oba_telegram_double_get_text (bot->telegram, 1);
  third = oba_telegram_double_get_text (bot->telegram, 2);
  g_assert_nonnull (strstr (first, "Что я умею"));
  g_assert_nonnull (strstr (second, "/forget"));
  g_assert_nonnull (strstr (third, "/forget"));
  g_assert_cmpint (oba_telegram_double_get_time (bot->telegram, 2) - oba_telegram_double_get_time (bot->telegram, 0),
                   >=, 1900000);
}

/* A receipt that staff send, and the note of its correction, arrive once and in the customer's language; what became of them is known. */
static void
test_papers (void)
{
  g_autoptr (Bot) bot = bot_new ();
  static const char *const languages[] = { "az", "ru", "en" };
  static const char *const totals[] = { "CƏMİ: <b>1\302\240234,56", "ИТОГО: <b>1\302\240234,56", "TOTAL: <b>1,234.56" };
  static const char *const notes[] = { "Çek tam ləğv edilib", "Весь чек аннулирован", "The whole receipt is void" };

  for (guint i = 0; i < 3; i++)
    link_customer (bot, 55 + i, "Aysel", languages[i]);
  run_sql (bot, "insert into oba.stores (code, name) values ('S1', 'OBA <1>');"
                "insert into oba.products (code, name, price) values ('P1', 'Çörək & süd', 123456);"
                "update oba.correction_limits set amount = 100000000, points = 100000000, own_receipts = false;"
                "select oba.record_receipt (jsonb_build_object ('store', 1, 'till', 1, 'receipt_no', 'R' || chat_id, 'sold_at', now() - interval '1 hour', 'total', 123456, 'customer_id', customer_id,"
                " 'lines', '[{\"code\": \"P1\", \"quantity\": 1, \"unit_price\": 123456, \"total\": 123456}]'::jsonb)) from oba.telegram_links;"
                "delete from oba.outbox;" /* the purchase is told, too: a second after the paper, or sooner than the next one, as it happens */
                "select oba.send_paper (jsonb_build_object ('receipt', jsonb_build_array (customer_id, (extract (epoch from sold_at) * 1000000)::bigint, receipt_id)), 's', receipt_no) from oba.receipts;"
                "select oba.send_paper (jsonb_build_object ('receipt', jsonb_build_array (customer_id, (extract (epoch from sold_at) * 1000000)::bigint, receipt_id)), 's', receipt_no) from oba.receipts;");
  serve_start (bot->serve);
  oba_telegram_double_wait (bot->telegram, 3);
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *text = oba_telegram_double_get_text (bot->telegram, i);

      g_assert_nonnull (strstr (text, totals[oba_telegram_double_get_chat (bot->telegram, i) - 55]));
      g_assert_nonnull (strstr (text, "<b>OBA &lt;1&gt;</b>"));
      g_assert_nonnull (strstr (text, "Çörək &amp; süd"));
    }
  serve_wait_sql (bot->conninfo, "select count (*) from oba.outbox where kind = 'receipt-copy' and state = 'sent'", "3", 10);

  run_sql (bot, "select oba.correct_receipt (jsonb_build_object ('kind', 'void', 'seen', 0, 'reason_code', 'duplicate', 'reason', 'twice', 'receipt',"
                " jsonb_build_object ('store', 1, 'till', 1, 'receipt_no', receipt_no))) from (select receipt_no from oba.receipts where kind = 'sale') r;"
                "select oba.send_paper (jsonb_build_object ('correction_id', correction_id, 'receipt', jsonb_build_array (original_customer_id,"
                " (extract (epoch from original_sold_at) * 1000000)::bigint, original_receipt_id))) from oba.corrections;"
                "delete from oba.outbox where kind not in ('receipt-copy', 'correction-note')");
  oba_telegram_double_wait (bot->telegram, 6);
  for (guint i = 3; i < 6; i++)
    {
      g_autofree char *text = oba_telegram_double_get_text (bot->telegram, i);

      g_assert_nonnull (strstr (text, notes[oba_telegram_double_get_chat (bot->telegram, i) - 55]));
    }
  serve_wait_sql (bot->conninfo, "select count (*) from oba.outbox where kind = 'correction-note' and state = 'sent'", "3", 10);
  g_assert_cmpuint (oba_telegram_double_get_n_calls (bot->telegram), ==, 6);
}

/* Points that are lost soon: the job finds whom to tell, and each is told in their language, with the day and the number as it writes them; what was spent meanwhile is not spoken of. */
static void
test_expiry_notice (void)
{
  g_autoptr (Bot) bot = bot_new ();
  static const char *const languages[] = { "az", "ru", "en" };

  for (guint i = 0; i < 3; i++)
    link_customer (bot, 55 + i, "Aysel", languages[i]);
  run_sql (bot, "insert into oba.points_lots (customer_id, entry_id, entry_at, points, remaining, expires_on)"
                " select customer_id, nextval ('oba.entry_ids'), now(), 1270, 1270, oba.business_day (now()) + 7 from oba.telegram_links;"
                "insert into oba.outbox (customer_id, chat_id, kind, payload, not_before) select customer_id, chat_id, 'expiry', '{\"expires_on\": \"2024-01-01\"}', now() from oba.telegram_links where chat_id = 57;"
                "select oba.warn_expiry ();"
                "update oba.outbox set not_before = now()");
  serve_start (bot->serve);
  oba_telegram_double_wait (bot->telegram, 3);
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *text = oba_telegram_double_get_text (bot->telegram, i);
      gboolean english = oba_telegram_double_get_chat (bot->telegram, i) == 57;

      g_assert_nonnull (strstr (text, english ? "⏳ 1,270 of your points can be used until" : "1\302\240270"));
    }
  serve_wait_sql (bot->conninfo, "select string_agg (state, ' ' order by message_id) from oba.outbox", "skipped sent sent sent", 10);
}

/* 429 stops everybody for as long as Telegram says; nothing is lost. */
static void
test_too_many (void)
{
  g_autoptr (Bot) bot = bot_started ();
  gint64 told;

  oba_telegram_double_plan (bot->telegram, OBA_TELEGRAM_DOUBLE_TOO_MANY, 2);
  say (bot, 1, 1, "/help");
  oba_telegram_double_wait (bot->telegram, 1);
  serve_wait_sql (bot->conninfo, "select stopped_until > now() from oba.telegram_pace", "t", 5);
  told = oba_telegram_double_get_time (bot->telegram, 0);
  say (bot, 2, 2, "/help");
  oba_telegram_double_wait (bot->telegram, 3);
  g_assert_cmpint (oba_telegram_double_get_time (bot->telegram, 1) - told, >=, 1900000);
  g_assert_cmpint (oba_telegram_double_get_time (bot->telegram, 2) - told, >=, 1900000);
  serve_wait_sql (bot->conninfo, "select count (*) from oba.outbox where state = 'sent'", "2", 5);
}

/* What each kind of failure leaves behind, where the Administration page shows it. */
static void
test_failures (void)
{
  g_autoptr (Bot) bot = bot_started ();

  link_customer (bot, 1, "Aysel", "az");
  oba_telegram_double_plan (bot->telegram, OBA_TELEGRAM_DOUBLE_FORBIDDEN, 0);
  say (bot, 1, 1, "/help");
  serve_wait_sql (bot->conninfo, "select state from oba.outbox where chat_id = 1", "blocked", 10);
  serve_wait_sql (bot->conninfo, "select unreachable_at is not null from oba.telegram_links where chat_id = 1", "t",
                  10);

  oba_telegram_double_plan (bot->telegram, OBA_TELEGRAM_DOUBLE_BAD_REQUEST, 0);
  say (bot, 2, 2, "/help");
  serve_wait_sql (bot->conninfo, "select state || ' ' || error from oba.outbox where chat_id = 2",
                  "failed 400 Bad Request: can't parse entities", 10);

  oba_telegram_double_plan (bot->telegram, OBA_TELEGRAM_DOUBLE_GARBAGE, 0);
  say (bot, 3, 3, "/help");
  serve_wait_sql (bot->conninfo, "select state from oba.outbox where chat_id = 3", "unknown", 10);

  oba_telegram_double_plan (bot->telegram, OBA_TELEGRAM_DOUBLE_ERROR, 0);
  say (bot, 4, 4, "/help");
  serve_wait_sql (bot->conninfo, "select state || attempts from oba.outbox where chat_id = 4", "sent2", 10);

  say (bot, 5, 1, "/start"); /* whoever blocked us and comes back is reachable again */
  serve_wait_sql (bot->conninfo, "select unreachable_at is null from oba.telegram_links where chat_id = 1", "t", 10);
  g_assert_cmpfloat (serve_metric (bot->serve, "oba_outbox_messages{state=\"dead\"}"), ==, 3);
}

/* The power goes after the update was stored and before the answer: after the restart it is answered, once. */
static void
test_killed_before_answer (void)
{
  g_autoptr (Bot) bot = bot_started ();
  const guint n = 30;

  for (guint i = 1; i <= n; i++)
    say (bot, i, 100 + i, "/help");
  serve_kill (bot->serve);
  g_assert_cmpint (serve_sql_number (bot->conninfo, "select count (*) from oba.telegram_updates"), ==, n);

  serve_start (bot->serve);
  serve_wait_sql (bot->conninfo, "select count (*) from oba.telegram_updates where state = 'done'", "30", 20);
  serve_wait_sql (bot->conninfo, "select count (*) from oba.outbox where state in ('sent', 'unknown')", "30", 20);
  g_assert_cmpint (serve_sql_number (bot->conninfo, "select count (*) from oba.outbox"), ==, n);
  for (guint i = 1; i <= n; i++)
    {
      g_autofree char *sql = g_strdup_printf ("select state from oba.outbox where chat_id = %u", 100 + i);
      g_autofree char *state = oba_test_postgres_exec (bot->conninfo, sql);
      guint calls = oba_telegram_double_count_chat (bot->telegram, 100 + i);

      g_assert_cmpuint (calls, <=, 1);
      g_assert_true (calls == 1 || g_str_equal (state, "unknown"));
    }
}

/* The power goes between sending and noting it: nobody can know whether it arrived, so it is marked and not sent twice.
 */
static void
test_killed_while_sending (void)
{
  g_autoptr (Bot) bot = bot_started ();
  g_autofree char *answer = NULL;

  oba_telegram_double_plan (bot->telegram, OBA_TELEGRAM_DOUBLE_STALL, 0);
  say (bot, 1, 77, "/help");
  oba_telegram_double_wait (bot->telegram, 1);
  serve_kill (bot->serve);
  g_assert_cmpint (serve_sql_number (bot->conninfo, "select count (*) from oba.outbox where state = 'sending'"), ==, 1);

  serve_start (bot->serve);
  serve_wait_sql (bot->conninfo, "select state from oba.outbox where chat_id = 77", "unknown", 10);
  answer = ask (bot, 2, 77, "/help");
  g_assert_cmpuint (oba_telegram_double_count_chat (bot->telegram, 77), ==, 2);
}

/* Another helper died for good: what it held comes free when its lease is over; what killed five in a row is set aside.
 */
static void
test_left_by_another (void)
{
  g_autoptr (Bot) bot = bot_new ();
  g_autofree char *update = message (1, 5, "private", "/help");
  g_autofree char *sql = g_strdup_printf (
      "insert into oba.telegram_updates (update_id, chat_id, payload, state, leased_by, leased_until, attempts) values "
      "(1, 5, '%s', 'working', 'another', now() - interval '1 s', 1), (2, 6, '%s', 'working', 'another', now() - "
      "interval '1 s', 5), "
      "(3, 7, '%s', 'working', 'another', now() + interval '1 hour', 1);"
      "insert into oba.outbox (customer_id, chat_id, kind, payload, state, leased_by, leased_until, repeatable, "
      "attempts) values "
      "(0, 11, 'reply', '{\"text\": \"x\"}', 'sending', 'another', now() - interval '1 s', true, 1), "
      "(0, 12, 'reply', '{\"text\": \"x\"}', 'sending', 'another', now() - interval '1 s', false, 1), "
      "(0, 13, 'reply', '{\"text\": \"x\"}', 'sending', 'another', now() + interval '1 hour', true, 1), "
      "(0, 14, 'something new', '{}', 'queued', null, null, true, 0)",
      update, update, update);

  run_sql (bot, sql);
  serve_start (bot->serve);
  oba_telegram_double_wait (bot->telegram, 2);
  serve_wait_sql (bot->conninfo, "select string_agg (state, ' ' order by update_id) from oba.telegram_updates",
                  "done poison working", 10);
  serve_wait_sql (bot->conninfo, "select string_agg (state, ' ' order by chat_id) from oba.outbox where chat_id > 10",
                  "sent unknown sending queued", 10);
  g_assert_cmpuint (oba_telegram_double_count_chat (bot->telegram, 5), ==, 1);
  g_assert_cmpuint (oba_telegram_double_count_chat (bot->telegram, 12), ==, 0);
}

/* A deployment waits for the message that is under way. */
static void
test_stop_while_sending (void)
{
  g_autoptr (Bot) bot = bot_started ();

  oba_telegram_double_plan (bot->telegram, OBA_TELEGRAM_DOUBLE_DELAY, 500);
  say (bot, 1, 77, "/help");
  oba_telegram_double_wait (bot->telegram, 1);
  g_assert_cmpint (serve_stop (bot->serve), ==, 0);
  g_assert_cmpint (serve_sql_number (bot->conninfo, "select count (*) from oba.outbox where state = 'sent'"), ==, 1);
}

/* 30 a second over all, kept also when many wait. */
static void
test_pace (void)
{
  g_autoptr (Bot) bot = bot_new ();
  gint64 first, last;

  run_sql (bot, "insert into oba.outbox (customer_id, chat_id, kind, payload, repeatable) "
                "select 0, n, 'reply', '{\"text\": \"x\"}', false from generate_series (1, 90) n");
  serve_start (bot->serve);
  oba_telegram_double_wait (bot->telegram, 90);
  first = oba_telegram_double_get_time (bot->telegram, 0);
  last = oba_telegram_double_get_time (bot->telegram, 89);
  g_assert_cmpint (last - first, >=, 1500000); /* a burst of 30, then 60 more in two seconds; the first may be seen late */
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  postgres = oba_test_postgres_new (OBA_TEST_POSTGRES_MIGRATED);

  g_test_add_func ("/telegram/secret", test_secret);
  g_test_add_func ("/telegram/once", test_once);
  g_test_add_func ("/telegram/profile", test_profile);
  g_test_add_func ("/telegram/unlinked", test_unlinked);
  g_test_add_func ("/telegram/group", test_group);
  g_test_add_func ("/telegram/poison", test_poison);
  g_test_add_func ("/telegram/order", test_order);
  g_test_add_func ("/telegram/papers", test_papers);
  g_test_add_func ("/telegram/expiry-notice", test_expiry_notice);
  g_test_add_func ("/telegram/too-many", test_too_many);
  g_test_add_func ("/telegram/failures", test_failures);
  g_test_add_func ("/telegram/killed-before-answer", test_killed_before_answer);
  g_test_add_func ("/telegram/killed-while-sending", test_killed_while_sending);
  g_test_add_func ("/telegram/left-by-another", test_left_by_another);
  g_test_add_func ("/telegram/stop-while-sending", test_stop_while_sending);
  g_test_add_func ("/telegram/pace", test_pace);

  status = g_test_run ();
  oba_test_postgres_free (postgres);
  return status;
}
