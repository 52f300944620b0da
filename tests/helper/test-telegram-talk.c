/* What customers do with the bot: commands, buttons, pictures. */
#include <string.h>

#include "bot-run.h"
#include "telegram/oba-telegram-birth.h"

/* A person looks through the receipts with two buttons, opens one, and goes back; nobody sees another person's by making a button up. */
static void
test_purchases (void)
{
  g_autoptr (Bot) bot = bot_started ();
  g_autofree char *list = NULL, *keys = NULL, *older = NULL, *receipt = NULL, *method = NULL, *data = NULL, *stranger = NULL;

  bot_link (bot, 55, "Aysel", "ru");
  bot_link (bot, 56, "Rəşad", "az");
  bot_sql (bot, "insert into oba.stores (code, name) values ('S1', 'OBA <1>');"
                "insert into oba.products (code, name, price) values ('P1', 'Çörək', 500);"
                "select oba.record_receipt (jsonb_build_object ('store', 1, 'till', 1, 'receipt_no', 'R' || n, 'sold_at', now() - n * interval '1 hour', 'total', 500 * n,"
                " 'customer_id', (select customer_id from oba.telegram_links where chat_id = 55),"
                " 'lines', jsonb_build_array (jsonb_build_object ('code', 'P1', 'quantity', n, 'unit_price', 500, 'total', 500 * n)))) from generate_series (1, 7) n");
  oba_telegram_double_wait (bot->telegram, 7);
  list = oba_telegram_double_get_text (bot->telegram, 6);
  g_assert_nonnull (strstr (list, "🧾 OBA &lt;1&gt;: <b>"));
  g_assert_nonnull (strstr (list, "Вы получили "));
  g_free (list);
  list = bot_ask (bot, 55, "/purchases");
  g_assert_nonnull (strstr (list, "<b>Ваши покупки</b>"));
  g_assert_nonnull (strstr (list, "OBA &lt;1&gt;"));
  g_assert_nonnull (strstr (list, "<b>5,00\302\240₼</b> · +5 баллов"));
  g_assert_nonnull (strstr (list, "<b>5.</b>"));
  g_assert_null (strstr (list, "<b>6.</b>"));
  keys = bot_parameters (bot, -1);
  g_assert_null (strstr (keys, "◀ Позже"));

  older = bot_press (bot, 55, "purchases:p:1");
  g_assert_nonnull (strstr (older, "<b>35,00\302\240₼</b>"));
  g_assert_null (strstr (older, "<b>3.</b>"));
  method = bot_method (bot, -1);
  g_assert_cmpstr (method, ==, "editMessageText");

  data = bot_button (bot, -1, "1");
  receipt = bot_press (bot, 55, data);
  g_assert_nonnull (strstr (receipt, "Çörək"));
  g_assert_nonnull (strstr (receipt, "ИТОГО: <b>30,00"));
  bot_press_for_nothing (bot, 56, data);
  bot_press_for_nothing (bot, 55, "purchases:p:99999999999999999999");
  bot_press_for_nothing (bot, 55, "purchases:r:1:2");
  stranger = bot_ask (bot, 56, "/purchases");
  g_assert_nonnull (strstr (stranger, "hələ alış-veriş yoxdur"));
}

/* What comes back to the store is told, too, with the points that go with it. */
static void
test_return (void)
{
  g_autoptr (Bot) bot = bot_started ();
  g_autofree char *sale = NULL, *back = NULL, *button = NULL, *receipt = NULL;

  bot_link (bot, 55, "Aysel", "en");
  bot_sql (bot, "insert into oba.stores (code, name) values ('S1', 'OBA 1');"
                "insert into oba.products (code, name, price) values ('P1', 'Çörək', 500);"
                "select oba.record_receipt (jsonb_build_object ('store', 1, 'till', 1, 'receipt_no', 'R1', 'sold_at', now() - interval '1 hour', 'total', 1000,"
                " 'customer_id', (select customer_id from oba.telegram_links), 'lines', '[{\"code\": \"P1\", \"quantity\": 2, \"unit_price\": 500, \"total\": 1000}]'::jsonb))");
  oba_telegram_double_wait (bot->telegram, 1);
  sale = oba_telegram_double_get_text (bot->telegram, 0);
  g_assert_nonnull (strstr (sale, "You earned 10 points\nYou have 10 points"));
  button = bot_button (bot, 0, "🧾 Receipt");
  bot_sql (bot, "select oba.return_lines ('{\"store\": 1, \"till\": 1, \"receipt_no\": \"B1\", \"reason_code\": \"faulty\", \"original\": {\"store\": 1, \"till\": 1, \"receipt_no\": \"R1\"}, \"lines\": [{\"line\": 1, \"quantity\": 1}]}')");
  oba_telegram_double_wait (bot->telegram, 2);
  back = oba_telegram_double_get_text (bot->telegram, 1);
  g_assert_nonnull (strstr (back, "Return: OBA 1: <b>5.00"));
  g_assert_nonnull (strstr (back, "5 points were taken back\nYou have 5 points"));
  receipt = bot_press (bot, 55, button);
  g_assert_nonnull (strstr (receipt, "Çörək"));
}

/* The code that the bot shows pays at the till, once; its digits are in no table; a new one ends the old one; who has locked the points gets none. */
static void
test_code (void)
{
  g_autoptr (Bot) bot = bot_started ();
  g_autofree char *none = NULL, *first = NULL, *second = NULL, *locked = NULL, *digits = NULL, *sql = NULL, *paid = NULL, *seen = NULL;
  guint used = 0, over = 0;
  const char *at;

  bot_link (bot, 55, "Aysel", "en");
  bot_sql (bot, "insert into oba.stores (code, name) values ('S1', 'OBA 1');"
                "insert into oba.products (code, name, price) values ('P1', 'Çörək', 500);");
  none = bot_ask (bot, 55, "/code");
  g_assert_nonnull (strstr (none, "no points to spend"));
  bot_sql (bot, "select oba.do_adjust_points (jsonb_build_object ('customer_id', (select customer_id from oba.telegram_links), 'points', 900, 'reason_code', 'goodwill', 'reason', 'x'))");
  first = bot_ask (bot, 55, "/code");
  second = bot_ask (bot, 55, "/code");
  g_assert_nonnull (strstr (first, "90 seconds left"));
  g_assert_cmpstr (first, !=, second);
  at = strstr (second, "<code>") + strlen ("<code>");
  digits = g_strdup_printf ("%.4s%.4s", at, at + 5);
  sql = g_strdup_printf ("select oba.record_receipt (jsonb_build_object ('store', 1, 'till', 1, 'receipt_no', 'R1', 'sold_at', now(), 'total', 500, 'spend_code', '%s',"
                         " 'payments', '{\"points\": 500}'::jsonb, 'customer_id', (select customer_id from oba.telegram_links),"
                         " 'lines', '[{\"code\": \"P1\", \"quantity\": 1, \"unit_price\": 500, \"total\": 500}]'::jsonb)) ->> 'spent'", digits);
  paid = oba_test_postgres_exec (bot->conninfo, sql);
  g_assert_cmpstr (paid, ==, "500");
  seen = g_strdup_printf ("select count (*) from oba.outbox o where o::text like '%%%s%%' or o::text like '%%%.4s %s%%'", digits, digits, digits + 4);
  g_assert_cmpint (serve_sql_number (bot->conninfo, seen), ==, 0);
  bot_sql (bot, "select oba.do_lock_spending (jsonb_build_object ('customer_id', (select customer_id from oba.telegram_links), 'locked', true, 'reason', 'x'))");
  oba_telegram_double_wait (bot->telegram, 4); /* of the receipt */
  locked = bot_ask (bot, 55, "/code");
  g_assert_nonnull (strstr (locked, "locked"));
  /* Both messages say what became of their codes. */
  oba_telegram_double_wait (bot->telegram, 7);
  for (guint i = 5; i < 7; i++)
    {
      g_autofree char *method = bot_method (bot, (int) i), *text = oba_telegram_double_get_text (bot->telegram, i);

      g_assert_cmpstr (method, ==, "editMessageText");
      used += strstr (text, "✅") != NULL;
      over += strstr (text, "⌛") != NULL;
    }
  g_assert_cmpuint (used, ==, 1);
  g_assert_cmpuint (over, ==, 1);
}

/* Points buy a reward with two presses and a question between; a second press of the same button buys nothing more; what somebody else has is not shown. */
static void
test_rewards (void)
{
  g_autoptr (Bot) bot = bot_started ();
  g_autofree char *list = NULL, *poor = NULL, *one = NULL, *question = NULL, *yes = NULL, *done = NULL, *letter = NULL, *again = NULL, *history = NULL, *voucher = NULL, *photo = NULL;
  g_autofree char *redeem = NULL, *button = NULL, *n = NULL;

  bot_link (bot, 55, "Aysel", "en");
  bot_link (bot, 56, "Rəşad", "az");
  bot_sql (bot, "insert into oba.rewards (code, kind, name_az, name_en, description_en, cost, stock, state) values"
                " ('cup', 'gift', 'Fincan <1>', 'Cup <1>', 'A <b>fine</b> cup', 300, 5, 'live'), ('tv', 'gift', 'Televizor', 'TV', '', 90000, null, 'live');"
                "select oba.do_adjust_points (jsonb_build_object ('customer_id', (select customer_id from oba.telegram_links where chat_id = 55), 'points', 900, 'reason_code', 'goodwill', 'reason', 'x'))");
  list = bot_ask (bot, 55, "/rewards");
  g_assert_nonnull (strstr (list, "<b>1.</b> Cup &lt;1&gt; – 300 points"));
  g_assert_nonnull (strstr (list, "still missing: 89,100 points"));
  button = bot_button (bot, -1, "1");
  one = bot_press (bot, 55, button);
  g_assert_nonnull (strstr (one, "A <b>fine</b> cup"));
  redeem = bot_button (bot, -1, "Redeem");
  question = bot_press (bot, 55, redeem);
  g_assert_nonnull (strstr (question, "<b>Cup &lt;1&gt;</b> for 300 points."));
  yes = bot_button (bot, -1, "✅ Yes");
  done = bot_press (bot, 55, yes);
  g_assert_nonnull (strstr (done, "Left: 600 points"));
  oba_telegram_double_wait (bot->telegram, 5);
  letter = oba_telegram_double_get_text (bot->telegram, 4);
  g_assert_nonnull (strstr (letter, "<code>"));
  again = bot_press (bot, 55, yes);
  g_assert_nonnull (strstr (again, "Left: 600 points"));
  g_assert_cmpint (serve_sql_number (bot->conninfo, "select count (*) from oba.redemptions"), ==, 1);

  history = bot_press (bot, 55, "rewards:h:0");
  g_assert_nonnull (strstr (history, "<b>1.</b> Cup &lt;1&gt;"));
  g_assert_nonnull (strstr (history, "ready"));
  n = bot_button (bot, -1, "🎟 1");
  voucher = bot_press (bot, 55, n);
  g_assert_nonnull (strstr (voucher, "🎟 <b>Cup &lt;1&gt;</b>"));
  photo = bot_method (bot, -1);
  g_assert_cmpstr (photo, ==, "sendPhoto");
  poor = bot_press (bot, 56, redeem);
  g_assert_nonnull (strstr (poor, "hələ çatmır: 300 bal"));
  bot_press_for_nothing (bot, 56, n);
}

/* A person changes the language, locks the points, shows the card, and says that it is somebody else's; two chats do not set each other's. */
static void
test_settings (void)
{
  g_autoptr (Bot) bot = bot_started ();
  g_autofree char *profile = NULL, *russian = NULL, *locked = NULL, *card = NULL, *again = NULL, *question = NULL, *left = NULL, *stranger = NULL, *dates = NULL;

  bot_link (bot, 55, "Aysel", "az");
  bot_link (bot, 56, "Rəşad", "az");
  profile = bot_ask (bot, 55, "/profile");
  g_assert_nonnull (strstr (profile, "Səviyyə:"));
  /* All the days on which points end, not the next one alone. */
  bot_sql (bot, "select oba.credit (l.customer_id, now(), 'adjust', d.n, d.day, null, null, null, null, null, 'x', 'staff')"
                            " from oba.telegram_links l, (values (30, '2041-03-31'::date), (1200, '2040-12-31')) d (n, day) where l.chat_id = 55");
  dates = bot_press (bot, 55, "profile:dates");
  g_assert_nonnull (strstr (dates, "31.12.2040: <b>1\302\240200</b>\n31.03.2041: <b>30</b>"));
  russian = bot_press (bot, 55, "profile:language:ru");
  g_assert_nonnull (strstr (russian, "Уровень:"));
  locked = bot_press (bot, 55, "profile:lock:true");
  g_free (bot_button (bot, -1, "🔓 Разблокировать мои баллы"));
  serve_wait_sql (bot->conninfo, "select string_agg (format ('%s %s %s', k.language, a.spending_locked_at is not null, a.spending_lock_reason), ', ' order by l.chat_id)"
                                 " from oba.telegram_links l join oba.customers k using (customer_id) join oba.points_accounts a using (customer_id)", "ru t customer, az f ", 5);
  card = bot_press (bot, 55, "profile:card");
  g_assert_nonnull (strstr (card, "💳"));
  again = bot_press (bot, 55, "profile:card");
  g_assert_cmpint (serve_sql_number (bot->conninfo, "select count (*) from oba.cards"), ==, 1);
  bot_press_for_nothing (bot, 55, "profile:tier:gold");
  question = bot_press (bot, 55, "profile:leave");
  left = bot_press (bot, 55, "profile:leave:true");
  stranger = bot_ask (bot, 55, "/profile");
  g_assert_nonnull (strstr (stranger, "/forget"));
  g_assert_cmpint (serve_sql_number (bot->conninfo, "select count (*) from oba.telegram_links"), ==, 1);
}

/* A year of purchases as a picture. */
static void
test_months (void)
{
  g_autoptr (Bot) bot = bot_started ();
  g_autofree char *caption = NULL, *method = NULL, *parameters = NULL;

  bot_link (bot, 55, "Aysel", "en");
  caption = bot_press (bot, 55, "purchases:m");
  g_assert_nonnull (strstr (caption, "In twelve months: 0.00"));
  method = bot_method (bot, -1);
  g_assert_cmpstr (method, ==, "sendPhoto");
  parameters = bot_parameters (bot, -1);
  g_assert_nonnull (strstr (parameters, " bytes\""));
}

static Bot *
bot_open (void)
{
  Bot *bot = bot_new ();

  bot_quicken (bot);
  serve_start (bot->serve);
  return bot;
}

static void
press (Bot *bot, gint64 chat_id, const char *data, const char *expected)
{
  g_autofree char *text = bot_press (bot, chat_id, data);

  if (strstr (text, expected) == NULL)
    g_error ("“%s” is not in: %s", expected, text);
}

static void
ask (Bot *bot, gint64 chat_id, const char *said, const char *expected)
{
  g_autofree char *text = bot_ask (bot, chat_id, said);

  if (strstr (text, expected) == NULL)
    g_error ("“%s” is not in: %s", expected, text);
}

static void
share (Bot *bot, gint64 chat_id, gint64 owner_id, const char *name, const char *phone, const char *expected)
{
  g_autofree char *text = bot_share (bot, chat_id, owner_id, name, phone);

  if (strstr (text, expected) == NULL)
    g_error ("“%s” is not in: %s", expected, text);
}

/* To the question for the name. */
static void
agree (Bot *bot, gint64 chat_id, const char *start, const char *name, const char *phone, const char *expected)
{
  g_free (bot_ask (bot, chat_id, start));
  press (bot, chat_id, "start:language:en", "You agree that OBA keeps");
  press (bot, chat_id, "start:agree", "share your phone number");
  share (bot, chat_id, chat_id, name, phone, expected);
}

static void
again_after_a_crash (Bot *bot)
{
  serve_kill (bot->serve);
  serve_start (bot->serve);
  /* An answer that was not noted in time comes once more: before the next question, or it would be taken for that one's answer. */
  bot_settle (bot);
}

/* Somebody comes from a poster, and the power goes at each step: one customer of the poster's store, one bonus; the last answer comes again when it is not known whether it went out. */
static void
test_start (void)
{
  g_autoptr (Bot) bot = bot_open ();
  g_autofree char *payload = NULL, *start = NULL, *hello = NULL;
  const gint64 chat = 5000000000071;

  payload = oba_test_postgres_exec (bot->conninfo, "select oba.make_start_link (1, 'autumn') ->> 'payload'");
  start = g_strdup_printf ("/start %s", payload);
  hello = bot_ask (bot, chat, start);
  again_after_a_crash (bot);
  press (bot, chat, "start:language:en", "You agree that OBA keeps");
  ask (bot, chat, "?", "press the button");
  press (bot, chat, "start:agree", "share your phone number");
  again_after_a_crash (bot);
  ask (bot, chat, "+994501234567", "I cannot take a typed number");
  share (bot, chat, chat, "Aysel <i>\\u202e", "994501234567", "What is your name?");
  g_free (bot_ask (bot, chat, "/help"));
  ask (bot, chat, "/start", "What is your name?");
  ask (bot, chat, "◀ Back", "share your phone number");
  share (bot, chat, chat, "Aysel <i>\\u202e", "+994501234567", "What is your name?");
  again_after_a_crash (bot);
  ask (bot, chat, "Aysel <i> Məmmədova", "When were you born?");
  again_after_a_crash (bot);
  ask (bot, chat, "31.02.1970", "There is no such day");
  ask (bot, chat, "tomorrow", "I cannot read this");
  ask (bot, chat, "5 may 2020", "from 14 years of age on");
  ask (bot, chat, "skip", "I cannot read this"); /* who has said that they are a child is not taken without a date */
  bot_sql (bot, "create table oba.before as select * from oba.telegram_steps");
  ask (bot, chat, "31 Dekabr 1970", "");
  bot_settle (bot);
  serve_kill (bot->serve);
  bot_sql (bot, "insert into oba.telegram_steps select * from oba.before; update oba.telegram_updates set state = 'new', done_at = null where update_id = (select max (update_id) from oba.telegram_updates)");
  serve_start (bot->serve);
  serve_wait_sql (bot->conninfo, "select count (*) from oba.outbox where payload ->> 'text' like 'Welcome, Aysel!%25 points are our welcome.%' and state = 'sent'", "2", 10);
  serve_wait_sql (bot->conninfo,
                  "select concat_ws (' ', given_name, family_name, phone, birth_date, registered_store_id, registered_through, language, chat_id, campaign, agreed_to, balance, granted, through, store_id) "
                  "from oba.customers join oba.telegram_links using (customer_id) join oba.telegram_starts using (customer_id) join oba.points_accounts using (customer_id)"
                  " join oba.consent_history using (customer_id, store_id)",
                  "Aysel <i> Məmmədova +994501234567 1970-12-31 1 telegram en 5000000000071 autumn telegram-1 25 t telegram 1", 5);
  g_assert_cmpint (serve_sql_number (bot->conninfo, "select count (*) from oba.telegram_steps"), ==, 0);
  bot_settle (bot);
  ask (bot, chat, start, "Hello, Aysel!");
  ask (bot, chat, "/start", "/profile");
}

/* Who leaves and comes again, with the same number, the same Telegram account, or after everything was erased, is welcomed with points once. */
static void
test_welcome_once (void)
{
  g_autoptr (Bot) bot = bot_open ();

  agree (bot, 70, "/start", "Aysel", "994501234567", "What is your name?");
  ask (bot, 70, "Aysel", "When were you born?");
  ask (bot, 70, "Skip ▶", "");
  bot_settle (bot);
  serve_wait_sql (bot->conninfo, "select sum (points) from oba.points_ledger", "25", 10);

  /* The same number in another chat is the same person. */
  agree (bot, 71, "/start", "Aysel", "994501234567", "<b>A•••</b>. Is it you?");
  ask (bot, 71, "?", "one of the two buttons");
  bot_say (bot, 71, "Yes"); /* both chats are told, whichever first */
  serve_wait_sql (bot->conninfo, "select string_agg (chat_id::text, ' ') from oba.telegram_links", "71", 10);
  bot_settle (bot);
  /* The same account with another number is another customer, and was welcomed. */
  press (bot, 71, "profile:leave:true", "");
  agree (bot, 71, "/start", "Aysel", "994701112233", "What is your name?");
  ask (bot, 71, "Aysel B", "When were you born?");
  ask (bot, 71, "1.1.70", "Welcome, Aysel!");
  bot_settle (bot);
  /* Two chats with the same number answer the last question at once: one is a new customer, the other is asked whether they are that one. */
  for (gint64 chat = 75; chat < 77; chat++)
    {
      agree (bot, chat, "/start", "Nigar", "994551112233", "What is your name?");
      ask (bot, chat, "Nigar", "When were you born?");
    }
  bot_say (bot, 75, "skip");
  bot_say (bot, 76, "skip");
  serve_wait_sql (bot->conninfo, "select concat_ws (' ', count (*), (select count (*) from oba.telegram_links where chat_id in (75, 76)), (select count (*) from oba.telegram_steps where step = 'start:confirm'))"
                                 " from oba.customers where phone = '+994551112233'", "1 1 1", 10);
  bot_settle (bot);
  bot_sql (bot, "delete from oba.telegram_steps");
  /* All are erased, and come again. */
  bot_sql (bot, "select oba.do_erase_customer (jsonb_build_object ('customer_id', customer_id, 'confirm', customer_id::text, 'reason', 'request')) from oba.customers where kind = 'person'");
  agree (bot, 72, "/start", "Aysel", "994501234567", "What is your name?");
  ask (bot, 72, "Aysel", "When were you born?");
  ask (bot, 72, "skip", "Welcome, Aysel!");
  bot_settle (bot);
  agree (bot, 71, "/start", "Aysel", "994709998877", "What is your name?");
  ask (bot, 71, "Aysel", "When were you born?");
  ask (bot, 71, "19700101", "Welcome, Aysel!");
  serve_wait_sql (bot->conninfo, "select concat_ws (' ', (select count (*) from oba.points_ledger where kind = 'bonus'), (select count (*) from oba.customers where kind = 'person'))", "2 5", 10);
}

/* Staff's link: linked after the person has agreed, in one chat, once, for a day; anybody else learns nothing by it. */
static void
test_staff_link (void)
{
  g_autoptr (Bot) bot = bot_open ();
  g_autofree char *payload = NULL, *old = NULL, *start = NULL, *late = NULL;

  bot_sql (bot, "select oba.do_register_customer ('{\"given_name\": \"Rəşad\", \"family_name\": \"Əliyev\"}')");
  serve_wait_sql (bot->conninfo, "select username from oba.telegram_house", "ObaTestBot", 10); /* as Telegram has said */
  old = oba_test_postgres_exec (bot->conninfo, "select oba.make_staff_link (max (customer_id)) ->> 'payload' from oba.customers where kind = 'person'");
  payload = oba_test_postgres_exec (bot->conninfo, "select oba.make_staff_link (max (customer_id)) ->> 'payload' from oba.customers where kind = 'person'");
  start = g_strdup_printf ("/start %s", payload);
  late = g_strdup_printf ("/start %s", old);
  g_free (bot_ask (bot, 70, late));
  press (bot, 70, "start:language:en", "You agree that OBA keeps");
  ask (bot, 70, late, "not valid any more");
  ask (bot, 70, start, "<b>R••• Ə•••</b>");
  press (bot, 70, "start:agree", "Hello, Rəşad!");
  press (bot, 70, "start:agree", "Salam, Rəşad!");
  g_free (bot_ask (bot, 71, start));
  press (bot, 71, "start:language:en", "You agree that OBA keeps");
  ask (bot, 71, start, "not valid any more");
  ask (bot, 70, start, "Salam, Rəşad!");
  bot_link (bot, 72, "Nigar", "en");
  g_free (payload);
  payload = oba_test_postgres_exec (bot->conninfo, "select oba.make_staff_link (min (customer_id)) ->> 'payload' from oba.customers where kind = 'person'");
  g_free (start);
  start = g_strdup_printf ("/start %s", payload);
  ask (bot, 72, start, "linked to another OBA card");
  serve_wait_sql (bot->conninfo, "select string_agg (chat_id || ' ' || given_name, ', ' order by chat_id) from oba.telegram_links join oba.customers using (customer_id)", "70 Rəşad, 72 Nigar", 10);
}

/* What strangers and broken programs send in the middle of it: each gets a kind answer, and nobody is made or linked by it. */
static void
test_start_refused (void)
{
  g_autoptr (Bot) bot = bot_open ();
  g_autofree char *long_name = g_strnfill (10000, 'x'), *long_start = g_strconcat ("/start ", long_name, NULL), *signed_one = NULL, *tampered = NULL;
  static const char *const names[] = { "\\u202e\\u200b", "12345", "", "🙂", "\\ud800", "' or 1=1 --\\u0000" };

  bot_sql (bot, "select oba.do_register_customer ('{\"given_name\": \"Rəşad\", \"phone\": \"+994551112233\"}')");
  signed_one = oba_test_postgres_exec (bot->conninfo, "select oba.make_start_link (1, 'autumn') ->> 'payload'");
  tampered = g_strdup_printf ("/start p2%s", signed_one + 2);
  g_free (bot_ask (bot, 70, "/start"));
  press (bot, 70, "start:language:en", "You agree that OBA keeps");
  ask (bot, 70, tampered, "I do not know this link");
  ask (bot, 70, long_start, "I do not know this link");
  share (bot, 70, 99, "Aysel", "+994551112233", "not your own number");
  share (bot, 70, 70, "Aysel", "12'; drop table x", "I cannot use this phone number");
  g_free (bot_send (bot, "{%s\"message\":{\"message_id\":1,\"date\":1,\"from\":{\"id\":73,\"is_bot\":false,\"first_name\":\"X\"},\"chat\":{\"id\":73,\"type\":\"private\"},"
                         "\"forward_origin\":{\"type\":\"user\"},\"contact\":{\"phone_number\":\"+994551112233\",\"first_name\":\"Y\",\"user_id\":73}}}"));
  agree (bot, 70, "/start", "\\u200b", "994551112233", "<b>R•••</b>. Is it you?");
  ask (bot, 70, "No", "Then I change nothing");
  agree (bot, 70, "/start", "\\u200b", "994551112244", "What is your name?");
  ask (bot, 70, long_name, "What is your name?");
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    ask (bot, 70, names[i], i < 4 ? "What is your name?" : "");
  bot_press_for_nothing (bot, 70, "nothing:1");
  g_assert_cmpint (serve_sql_number (bot->conninfo, "select count (*) from oba.telegram_links"), ==, 0);
  g_assert_cmpint (serve_sql_number (bot->conninfo, "select count (*) from oba.customers where kind = 'person'"), ==, 1);
}

/* A customer gets the file with everything, in their own chat and once a day; and is forgotten when somebody at OBA has agreed, or not after all. */
static void
test_privacy (void)
{
  g_autoptr (Bot) bot = bot_open ();
  g_autofree char *method = NULL, *parameters = NULL, *decided = NULL;

  bot_link (bot, 55, "Aysel", "en");
  ask (bot, 55, "/export", "everything that OBA has stored");
  press (bot, 55, "export:pdf", "send you the file");
  oba_telegram_double_wait (bot->telegram, 3);
  method = bot_method (bot, -1);
  parameters = bot_parameters (bot, -1);
  g_assert_cmpstr (method, ==, "sendDocument");
  g_assert_nonnull (strstr (parameters, " bytes\""));
  g_assert_cmpint (oba_telegram_double_get_chat (bot->telegram, 2), ==, 55);
  bot_settle (bot);
  press (bot, 55, "export:json", "today already");
  bot_press_for_nothing (bot, 55, "export:xlsx");
  g_assert_cmpint (serve_sql_number (bot->conninfo, "select count (*) from oba.audit where action = 'customer.access'"), ==, 1);

  bot_sql (bot, "select oba.do_block_customer (jsonb_build_object ('customer_id', customer_id, 'blocked', true, 'reason', 'x')) from oba.customers where kind = 'person'");
  ask (bot, 55, "/profile", "blocked");
  ask (bot, 55, "/forget", "Your 25 points are lost."); /* it is a blocked customer's right, too */
  press (bot, 55, "forget:sure", "Are you sure?");
  press (bot, 55, "forget:yes", "You have asked to be forgotten");
  ask (bot, 55, "/forget", "You have asked to be forgotten");
  press (bot, 55, "forget:keep", "nothing is erased");
  press (bot, 55, "forget:yes", "You have asked to be forgotten");
  press (bot, 55, "forget:yes", "You have asked to be forgotten");
  serve_wait_sql (bot->conninfo, "select string_agg (state, ' ' order by approval_id) from oba.approvals where kind = 'erasure'", "withdrawn requested", 5);
  bot_settle (bot);
  decided = oba_test_postgres_exec (bot->conninfo, "create role privacy_boss login; grant oba_supervisor to privacy_boss; insert into oba.staff (login, role, display_name) values ('privacy_boss', 'supervisor', 'Boss');"
                                                   "set session authorization privacy_boss; select oba.decide_approval (jsonb_build_object ('approval_id', approval_id, 'approve', true, 'seen', previewed_at, 'reason', 'Aysel came')) ->> 'state'"
                                                   " from oba.approvals where state = 'requested'");
  g_assert_cmpstr (decided, ==, "approved");
  serve_wait_sql (bot->conninfo, "select concat_ws (' ', status, given_name, (select count (*) from oba.telegram_links), (select count (*) from oba.audit_personal p where p.customer_id = c.customer_id),"
                                 " (select decision_reason from oba.approvals where state = 'approved')) from oba.customers c where kind = 'person'", "erased  0 0", 5);
  ask (bot, 55, "/profile", "/forget"); /* a stranger, who is asked to agree */
}

/* A customer says which store is theirs, what they like and how they may be reached, with buttons; what is made up sets nothing. */
static void
test_wishes (void)
{
  g_autoptr (Bot) bot = bot_open ();
  g_autofree char *bread = NULL, *sms = NULL;

  bot_link (bot, 55, "Aysel", "en");
  bot_sql (bot, "insert into oba.stores (code, name, city, address, closed_on, opened_on) values ('S2', 'OBA <2>', 'Gəncə', 'Cavad xan 5', null, null), ('S3', 'OBA 3', 'Gəncə', '', '2020-01-01', '2019-01-01');"
                "insert into oba.categories (code, name_az, name_en) values ('b', 'Çörək', 'Bread'), ('m', 'Süd', 'Milk')");
  press (bot, 55, "wishes:stores", "not told me your store");
  g_free (bot_button (bot, -1, "Gəncə"));
  ask (bot, 55, "gence cavad", "Which store is yours?");
  g_free (bot_button (bot, -1, "OBA <2> · Gəncə, Cavad xan 5"));
  press (bot, 55, "wishes:city:2", "Which store is yours?");
  press (bot, 55, "wishes:store:2", "Aysel");
  press (bot, 55, "wishes:stores", "Your store: <b>OBA &lt;2&gt;</b>");
  ask (bot, 55, "'; drop table oba.stores; --", "no such store");
  press (bot, 55, "wishes:categories", "What do you like?");
  bread = bot_button (bot, -1, "▫️ Bread");
  press (bot, 55, bread, "What do you like?");
  g_free (bot_button (bot, -1, "✅ Bread"));
  press (bot, 55, "wishes:consents", "press to agree");
  sms = bot_button (bot, -1, "▫️ News by SMS");
  press (bot, 55, sms, "press to agree");
  press (bot, 55, "wishes:kinds", "Which messages do you want?");
  g_free (bot_button (bot, -1, "✅ Offers"));
  press (bot, 55, "wishes:kind:campaign:false", "Which messages do you want?");
  g_free (bot_button (bot, -1, "▫️ Offers"));
  bot_press_for_nothing (bot, 55, "wishes:kind:pigeon:true");
  bot_press_for_nothing (bot, 55, "wishes:store:3");
  bot_press_for_nothing (bot, 55, "wishes:store:999999999999999999999");
  bot_press_for_nothing (bot, 55, "wishes:consent:pigeon:true");
  press (bot, 55, "wishes:categories:9223372036854775807", "What do you like?");
  press (bot, 55, "wishes:city:1:9223372036854775807", "no such store");
  serve_wait_sql (bot->conninfo, "select concat_ws (' ', preferred_store_id, (select string_agg (category_id::text, ',') from oba.customer_categories), (select string_agg (channel || ':' || granted, ',') from oba.consents))"
                                 " from oba.customers where kind = 'person'", "2 1 sms:true", 5);
}

/* Whoever says in words what they want is told the command; what the house wants to be asked through is in the help. */
static void
test_words (void)
{
  g_autoptr (Bot) bot = bot_open ();
  static const char *const said[][2] = { { "Xallarım nə qədərdir?", "/profile" }, { "сколько у меня БАЛЛОВ", "/profile" }, { "my receipts", "/purchases" }, { "kartım", "/profile" },
                                         { "удалите меня", "/forget" }, { "hədiyyə istəyirəm", "/rewards" }, { "код", "/code" } };

  bot_link (bot, 55, "Aysel", "en");
  for (guint i = 0; i < G_N_ELEMENTS (said); i++)
    {
      g_autofree char *expected = g_strdup_printf ("Perhaps you want %s?", said[i][1]);

      ask (bot, 55, said[i][0], expected);
    }
  ask (bot, 55, "global", "I did not understand this");
  bot_sql (bot, "select oba.do_set_telegram_house ('{\"support\": \"012 <345>\"}')");
  ask (bot, 55, "/help", "012 &lt;345&gt;");
}

/* A birth date as people type it. */
static void
test_birth (void)
{
  static const struct
  {
    const char *text;
    const char *day;
  } table[] = {
    { "31.12.1970", "1970-12-31" }, { "31/12/70", "1970-12-31" }, { "31 12 1970", "1970-12-31" }, { "31121970", "1970-12-31" }, { "1970-12-31", "1970-12-31" }, { "19701231", "1970-12-31" },
    { "31 dekabr 1970-ci il", "1970-12-31" }, { "31 декабря 1970 г.", "1970-12-31" }, { "December 31st, 1970", "1970-12-31" }, { "5 MAY 05", "2005-05-05" }, { "5 мая 1999", "1999-05-05" },
    { "29.02.2000", "2000-02-29" }, { "29.02.1900", "impossible" }, { "31.04.1980", "impossible" }, { "12.31.1970", "impossible" }, { "1.1.1899", "impossible" }, { "0.0.0000", "impossible" },
    { "24.11.2026", "impossible" }, { "1.1.2199", "impossible" }, { "", "unreadable" }, { "1970", "unreadable" }, { "1.1", "unreadable" }, { "1.2.3.1970", "unreadable" },
    { "may june 1970", "unreadable" }, { "999999999999999999999", "unreadable" }, { "\u202e31.12.1970", "1970-12-31" }, { "٣١.١٢.١٩٧٠", "1970-12-31" },
    { "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx 31.12.1970", "unreadable" },
  };
  g_autoptr (GDate) today = g_date_new_dmy (23, G_DATE_NOVEMBER, 2026);

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      GDate birth;
      char day[11];
      ObaTelegramBirth result;

      g_date_clear (&birth, 1);
      result = oba_telegram_birth_parse (table[i].text, today, &birth);
      if (result == OBA_TELEGRAM_BIRTH_READ)
        g_date_strftime (day, sizeof day, "%Y-%m-%d", &birth);
      else
        g_strlcpy (day, result == OBA_TELEGRAM_BIRTH_IMPOSSIBLE ? "impossible" : "unreadable", sizeof day);
      g_test_message ("%s", table[i].text);
      g_assert_cmpstr (day, ==, table[i].day);
    }
}

#define QUIET_NOW "quiet_from = ((now() - interval '1 hour') at time zone 'Asia/Baku')::time, quiet_until = ((now() + interval '1 hour') at time zone 'Asia/Baku')::time"
#define TELL(kind, payload, chat) "insert into oba.outbox (customer_id, chat_id, kind, payload) select customer_id, chat_id, '" kind "', '" payload "' from oba.telegram_links where chat_id = " chat ";"

/* The house is silent at night, about what one does not want, to whoever had enough, and to whom a chat no longer belongs; an answer comes at any hour, and so does a voucher. */
static void
test_telling (void)
{
  g_autoptr (Bot) bot = bot_new ();
  g_autofree char *answer = NULL, *told = NULL;

  for (gint64 chat = 51; chat <= 56; chat++)
    bot_link (bot, chat, "Aysel", "en");
  bot_sql (bot, "select oba.telegram_setting ('{\"chat_id\": 52, \"what\": \"kind\", \"kind\": \"receipt\", \"value\": \"false\"}');"
                "select oba.telegram_setting ('{\"chat_id\": 53, \"what\": \"messages\", \"value\": \"false\"}');"
                TELL ("receipt", "{}", "51") TELL ("receipt", "{}", "52") TELL ("receipt", "{}", "53") TELL ("redemption", "{\"state\": \"approved\"}", "54")
                "update oba.telegram_settings set " QUIET_NOW);
  serve_start (bot->serve);
  answer = bot_ask (bot, 51, "/help");
  g_assert_nonnull (answer);
  serve_wait_sql (bot->conninfo, "select string_agg (chat_id || ' ' || state, ', ' order by chat_id) from oba.outbox where kind <> 'reply'", "51 queued, 52 skipped, 53 skipped, 54 skipped", 10);
  g_assert_cmpint (serve_sql_number (bot->conninfo, "select count (*) from oba.outbox where state = 'queued' and not_before between now() + interval '50 minutes' and now() + interval '1 hour'"), ==, 1);

  /* In the morning, two a day: an advertisement more is dropped, a tier waits, a return is told. */
  bot_sql (bot, "update oba.telegram_settings set quiet_from = null, quiet_until = null, day_cap = 2;"
                "select oba.do_unlink_telegram ('{\"chat_id\": 56}'); select oba.do_unlink_telegram ('{\"chat_id\": 54}');"
                "insert into oba.outbox (customer_id, chat_id, kind, payload, state, sent_at) select customer_id, 55, 'receipt', '{}', 'sent', now() from oba.telegram_links, generate_series (1, 2) where chat_id = 55;"
                TELL ("receipt", "{}", "55") TELL ("tier", "{}", "55") TELL ("return", "{\"total\": 100, \"balance\": 0}", "55")
                "insert into oba.outbox (customer_id, chat_id, kind, payload) select customer_id, 54, 'receipt', '{}' from oba.telegram_links where chat_id = 55");
  serve_wait_sql (bot->conninfo, "select string_agg (chat_id || ' ' || kind || ' ' || state, ', ' order by message_id) from oba.outbox where chat_id in (54, 55) and message_id > 7",
                  "55 receipt skipped, 55 tier queued, 55 return sent, 54 receipt skipped", 10);
  told = oba_telegram_double_get_text (bot->telegram, 1);
  g_assert_nonnull (strstr (told, "Return: "));
  g_assert_cmpuint (oba_telegram_double_get_n_calls (bot->telegram), ==, 2);
}

/* A message to many speaks each one's language, reaches nobody who wants none, waits while it is paused, and knows its end; it goes after everything that somebody waits for. */
static void
test_broadcast (void)
{
  g_autoptr (Bot) bot = bot_new ();
  static const char *const languages[] = { "az", "ru", "en", "az", "en" };
  g_autofree char *keys = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (languages); i++)
    bot_link (bot, 60 + i, "Aysel", languages[i]);
  bot_sql (bot, "select oba.telegram_setting (jsonb_build_object ('chat_id', chat_id, 'what', 'messages', 'value', 'true')) from oba.telegram_links where chat_id < 64;"
                "select oba.telegram_setting ('{\"chat_id\": 63, \"what\": \"kind\", \"kind\": \"campaign\", \"value\": \"false\"}');"
                "select oba.save_broadcast ('{\"name\": \"Bread\", \"az\": \"Çörək <1 ₼>\", \"en\": \"Bread & butter\", \"button\": {\"az\": \"Bax\", \"url\": \"https://oba.az/x\"}}');"
                "select oba.move_broadcast ('{\"broadcast_id\": 1, \"what\": \"start\"}'); select oba.fill_broadcasts (2);"
                "select oba.move_broadcast ('{\"broadcast_id\": 1, \"what\": \"pause\"}')");
  g_assert_cmpint (serve_sql_number (bot->conninfo, "select total from oba.broadcasts"), ==, 3);
  g_assert_cmpint (serve_sql_number (bot->conninfo, "select count (*) from oba.outbox where state = 'queued' and not_before = 'infinity'"), ==, 2);
  serve_start (bot->serve);
  g_free (bot_ask (bot, 60, "/help"));
  bot_sql (bot, "select oba.move_broadcast ('{\"broadcast_id\": 1, \"what\": \"resume\"}')");
  serve_wait_sql (bot->conninfo, "select state || ' ' || filled from oba.broadcasts", "done 3", 20);
  g_assert_cmpuint (oba_telegram_double_get_n_calls (bot->telegram), ==, 4);
  for (guint i = 1; i < 4; i++)
    {
      g_autofree char *text = oba_telegram_double_get_text (bot->telegram, i);

      g_assert_nonnull (strstr (text, oba_telegram_double_get_chat (bot->telegram, i) == 62 ? "Bread &amp; butter" : "Çörək &lt;1 ₼&gt;"));
    }
  keys = bot_parameters (bot, -1);
  g_assert_nonnull (strstr (keys, "https://oba.az/x"));
}

/* Whose birthday is today is greeted once, with the present of the rules; who wants no messages is not, and who was born on another day neither. */
static void
test_birthday (void)
{
  g_autoptr (Bot) bot = bot_new ();
  g_autofree char *text = NULL;

  for (gint64 chat = 71; chat <= 73; chat++)
    bot_link (bot, chat, "<A>", "en");
  bot_sql (bot, "update oba.customers set birth_date = (oba.business_day (now()) - interval '30 years')::date from oba.telegram_links l where l.customer_id = customers.customer_id and l.chat_id <> 73;"
                "select oba.telegram_setting (jsonb_build_object ('chat_id', chat_id, 'what', 'messages', 'value', (chat_id <> 72)::text)) from oba.telegram_links;"
                "insert into oba.earning_rules (rule_id, version, kind, name, state, parameters) values (900, 1, 'multiplier', 'Birthday', 'live', '{\"factor\": 3000, \"birthday\": [0, 3]}');"
                "select oba.tell_birthdays (2); select oba.tell_birthdays (2); delete from oba.birthday_runs; select oba.tell_birthdays (9); update oba.outbox set not_before = now()");
  /* Born on 29 February: the 28th in other years. */
  g_assert_cmpint (serve_sql_number (bot->conninfo, "select count (*) from unnest (array['2025-02-28', '2025-03-01', '2028-02-28', '2028-02-29']::date[]) d where oba.birthday_near ('2000-02-29', d, 0, 0) = d"), ==, 2);
  serve_start (bot->serve);
  oba_telegram_double_wait (bot->telegram, 1);
  text = oba_telegram_double_get_text (bot->telegram, 0);
  g_assert_nonnull (strstr (text, "Happy birthday, &lt;A&gt;!"));
  g_assert_nonnull (strstr (text, "3 times the points"));
  serve_wait_sql (bot->conninfo, "select string_agg (chat_id || ' ' || state, ', ') from oba.outbox", "71 sent", 5);
}

/* What people ask of the bot, and what it comes to, once: a number that is 1 for each chat for which it has happened once, whatever happened to the helper meanwhile. */
static const struct
{
  const char *data; /* of a button; "/…": said */
  const char *effect;
} conversations[] = {
  { "YES", "select (select count (*) from oba.redemptions r where r.customer_id = l.customer_id) * (a.balance = 600)::integer * (select count (*) from oba.points_ledger e where e.customer_id = l.customer_id and e.kind = 'redeem')"
           " from oba.telegram_links l join oba.points_accounts a using (customer_id) where l.chat_id = CHAT" },
  { "profile:lock:true", "select (a.spending_locked_at is not null)::integer from oba.telegram_links l join oba.points_accounts a using (customer_id) where l.chat_id = CHAT" },
  { "profile:messages:false", "select count (*) from oba.telegram_links l join oba.consent_history h using (customer_id) where l.chat_id = CHAT and not h.granted" },
  /* It is made when its picture goes out: no card where nobody knows whether that did. */
  { "profile:card", "select greatest (count (*), 1) from oba.telegram_links l join oba.cards k using (customer_id) where l.chat_id = CHAT" },
  { "profile:language:ru", "select count (*) from oba.telegram_links l join oba.customers k using (customer_id) where l.chat_id = CHAT and k.language = 'ru'" },
  { "/purchases", "select count (*) from oba.outbox o where o.chat_id = CHAT and o.kind = 'reply'" },
  { "/profile", "select count (*) from oba.outbox o where o.chat_id = CHAT and o.kind = 'reply'" },
};

#define KILL_ROUNDS 1

static void
talk_all (Bot *bot, guint first_chat, const char *yes)
{
  for (guint i = 0; i < G_N_ELEMENTS (conversations); i++)
    if (*conversations[i].data == '/')
      bot_say (bot, first_chat + i, conversations[i].data);
    else
      {
        /* The question's number is the button's last word: everybody was asked another one. */
        g_autofree char *own = g_strdup_printf ("%.*s:%u", (int) (strrchr (yes, ':') - yes), yes, 900000 + first_chat);

        bot_tap (bot, first_chat + i, g_str_equal (conversations[i].data, "YES") ? own : conversations[i].data);
      }
}

/* The power goes at any moment while people are talking; Telegram then sends again what it had no answer to. Everything has happened once, and every answer was sent, or is marked as one that nobody knows of. */
static void
test_killed (void)
{
  g_autoptr (Bot) bot = bot_started ();
  g_autofree char *list = NULL, *first = NULL, *one = NULL, *question = NULL, *yes = NULL, *redeem = NULL;

  bot_sql (bot, "insert into oba.rewards (code, kind, name_az, name_en, cost, stock, state) values ('cup', 'gift', 'Fincan', 'Cup', 300, 50, 'live')");
  for (guint chat = 500; chat < 500 + (KILL_ROUNDS + 1) * 10; chat++)
    bot_link (bot, chat, "Aysel", "en");
  bot_sql (bot, "select oba.do_adjust_points (jsonb_build_object ('customer_id', customer_id, 'points', 900, 'reason_code', 'goodwill', 'reason', 'x')) from oba.telegram_links");
  list = bot_ask (bot, 500 + KILL_ROUNDS * 10, "/rewards");
  first = bot_button (bot, -1, "1");
  one = bot_press (bot, 500 + KILL_ROUNDS * 10, first);
  redeem = bot_button (bot, -1, "Redeem");
  question = bot_press (bot, 500 + KILL_ROUNDS * 10, redeem);
  yes = bot_button (bot, -1, "✅ Yes");

  for (guint round = 0; round < KILL_ROUNDS; round++)
    {
      guint chat = 500 + round * 10;
      gint64 before = bot->update_id;

      talk_all (bot, chat, yes);
      g_usleep ((gulong) g_test_rand_int_range (0, 60000));
      serve_kill (bot->serve);
      serve_start (bot->serve);
      bot->update_id = before;
      talk_all (bot, chat, yes);
      serve_wait_sql (bot->conninfo, "select count (*) from oba.telegram_updates where state <> 'done'", "0", 20);
      serve_wait_sql (bot->conninfo, "select count (*) from oba.outbox where state in ('queued', 'sending')", "0", 20);
      for (guint i = 0; i < G_N_ELEMENTS (conversations); i++)
        {
          g_autofree char *number = g_strdup_printf ("%u", chat + i);
          g_auto (GStrv) parts = g_strsplit (conversations[i].effect, "CHAT", 2);
          g_autofree char *sql = g_strjoinv (number, parts);
          g_autofree char *known = g_strdup_printf ("select count (*) from oba.outbox where chat_id = %u and kind = 'reply' and state = 'sent'", chat + i);

          g_test_message ("%s", conversations[i].data);
          g_assert_cmpint (serve_sql_number (bot->conninfo, sql), ==, 1);
          g_assert_cmpint (oba_telegram_double_count_chat (bot->telegram, chat + i), >=, serve_sql_number (bot->conninfo, known));
        }
    }
  g_assert_cmpint (serve_sql_number (bot->conninfo, "select count (*) from oba.outbox where state not in ('sent', 'unknown')"), ==, 0);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  bot_set_up ();

  g_test_add_func ("/telegram-talk/purchases", test_purchases);
  g_test_add_func ("/telegram-talk/return", test_return);
  g_test_add_func ("/telegram-talk/code", test_code);
  g_test_add_func ("/telegram-talk/rewards", test_rewards);
  g_test_add_func ("/telegram-talk/settings", test_settings);
  g_test_add_func ("/telegram-talk/months", test_months);
  g_test_add_func ("/telegram-talk/start", test_start);
  g_test_add_func ("/telegram-talk/welcome-once", test_welcome_once);
  g_test_add_func ("/telegram-talk/staff-link", test_staff_link);
  g_test_add_func ("/telegram-talk/start-refused", test_start_refused);
  g_test_add_func ("/telegram-talk/privacy", test_privacy);
  g_test_add_func ("/telegram-talk/wishes", test_wishes);
  g_test_add_func ("/telegram-talk/words", test_words);
  g_test_add_func ("/telegram-talk/birth", test_birth);
  g_test_add_func ("/telegram-talk/telling", test_telling);
  g_test_add_func ("/telegram-talk/broadcast", test_broadcast);
  g_test_add_func ("/telegram-talk/birthday", test_birthday);
  g_test_add_func ("/telegram-talk/killed", test_killed);

  status = g_test_run ();
  bot_tear_down ();
  return status;
}
