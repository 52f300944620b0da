/* What customers do with the bot: commands, buttons, pictures. */
#include <string.h>

#include "bot-run.h"

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
  g_autofree char *profile = NULL, *russian = NULL, *locked = NULL, *card = NULL, *again = NULL, *question = NULL, *left = NULL, *stranger = NULL;

  bot_link (bot, 55, "Aysel", "az");
  bot_link (bot, 56, "Rəşad", "az");
  profile = bot_ask (bot, 55, "/profile");
  g_assert_nonnull (strstr (profile, "Səviyyə:"));
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
  g_assert_nonnull (strstr (stranger, "<code>55</code>"));
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

  status = g_test_run ();
  bot_tear_down ();
  return status;
}
