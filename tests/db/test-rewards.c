/* The rewards catalogue: who may have what and when, a hundred for the last piece, stock that is the sum of what happened to it, and who may change what. */
#include "schema-house.h"

#include <string.h>

#define N_TILLS 100

#define TEXTS "'name_az': 'Fincan', 'name_ru': 'Чашка', 'description_az': 'Ağ <b>fincan</b>'"
#define GIFT "'code': 'CUP', 'kind': 'gift', 'cost': 100, " TEXTS

/* Aygün has 500 points. */
static void
earn (House *house)
{
  sale (house->conn, 100, "earned", "2024-01-10T10:00:00+04:00", 50000);
}

static gint64
save (House *house, const char *format, ...) G_GNUC_PRINTF (2, 3);

static gint64
save (House *house, const char *format, ...)
{
  g_autofree char *request = NULL, *answer = NULL;
  va_list args;

  va_start (args, format);
  request = g_strdup_vprintf (format, args);
  va_end (args);
  answer = call (house->conn, "save_reward", NULL, "%s", request);
  return ask_int (house->conn, "select $r$%s$r$::jsonb ->> 'reward_id'", answer);
}

/* A redemption as it stands in the table: here only its number, its day and its state matter. */
static void
redeemed (House *house, int customer, gint64 reward, int quantity, const char *at, const char *state, const char *store)
{
  run (house->conn,
       "insert into oba.redemptions (customer_id, reward_id, quantity, points, state, store_id, entry_id, entry_at, requested_at, through, restore_id) "
       "values (%d, %" G_GINT64_FORMAT ", %d, 1, '%s', %s, 1, now(), '%s', 'staff', case when '%s' in ('cancelled', 'rejected', 'expired') then 1 end)",
       customer, reward, quantity, state, store, at, state);
}

#define assert_block(expected, customer, reward, store, quantity, at) \
  assert_ask (house->conn, expected, "select coalesce (oba.reward_block (%d, w, %s, %d, '%s'), '') from oba.rewards w where reward_id = %" G_GINT64_FORMAT, \
              customer, store, quantity, at, reward)

#define NOON "2024-02-14T12:00:00+04:00"     /* a Wednesday */

/* First day to last day, both of them, by the clock of Baku; nothing before it is live. */
static void
test_dates (House *house, gconstpointer unused)
{
  gint64 cup = save (house, "{" GIFT ", 'valid_from': '2024-02-29', 'valid_to': '2024-03-01'}");

  earn (house);
  assert_block ("retired", 100, cup, "null", 1, "2024-02-29T12:00:00+04:00");
  run (house->conn, "update oba.rewards set state = 'live'");
  assert_block ("dates", 100, cup, "null", 1, "2024-02-28T23:59:59+04:00");
  assert_block ("", 100, cup, "null", 1, "2024-02-29T00:00:00+04:00");
  assert_block ("", 100, cup, "null", 1, "2024-03-01T23:59:59+04:00");
  assert_block ("", 100, cup, "null", 1, "2024-02-28T20:00:00+00:00");
  assert_block ("dates", 100, cup, "null", 1, "2024-03-01T20:00:00+00:00");
  run (house->conn, "update oba.rewards set state = 'retired'");
  assert_block ("retired", 100, cup, "null", 1, "2024-02-29T12:00:00+04:00");
}

/* Weekdays and hours: to the minute; over midnight the early hours belong to the day before. */
static void
test_schedule (House *house, gconstpointer unused)
{
  gint64 cup = save (house, "{" GIFT ", 'state': 'live', 'weekdays': [3, 1, 3], 'from_minute': 540, 'to_minute': 1080}");

  earn (house);
  assert_ask (house->conn, "{1,3}", "select weekdays from oba.rewards");
  assert_block ("schedule", 100, cup, "null", 1, "2024-02-14T08:59:59+04:00");
  assert_block ("", 100, cup, "null", 1, "2024-02-14T09:00:00+04:00");
  assert_block ("", 100, cup, "null", 1, "2024-02-14T17:59:59+04:00");
  assert_block ("schedule", 100, cup, "null", 1, "2024-02-14T18:00:00+04:00");
  assert_block ("schedule", 100, cup, "null", 1, "2024-02-13T12:00:00+04:00");
  /* Monday's night, from 22 to 2. */
  run (house->conn, "update oba.rewards set weekdays = '{1}', from_minute = 1320, to_minute = 120");
  assert_block ("schedule", 100, cup, "null", 1, "2024-02-12T01:00:00+04:00");
  assert_block ("schedule", 100, cup, "null", 1, "2024-02-12T21:59:00+04:00");
  assert_block ("", 100, cup, "null", 1, "2024-02-12T22:00:00+04:00");
  assert_block ("", 100, cup, "null", 1, "2024-02-13T01:59:00+04:00");
  assert_block ("schedule", 100, cup, "null", 1, "2024-02-13T02:00:00+04:00");
  /* Sunday's night ends on Monday; when Baku still changed its clocks, they are the clocks that count. */
  run (house->conn, "update oba.rewards set weekdays = '{7}'");
  assert_block ("", 100, cup, "null", 1, "2024-02-12T01:00:00+04:00");
  run (house->conn, "update oba.rewards set weekdays = null, from_minute = 600, to_minute = 660");
  assert_block ("", 100, cup, "null", 1, "2015-07-01T05:30:00+00:00");
  assert_block ("schedule", 100, cup, "null", 1, "2015-01-01T05:30:00+00:00");
}

/* Ever, in a day, in a month; what came back does not count; one person is whoever was merged into them. */
static void
test_limits (House *house, gconstpointer unused)
{
  gint64 cup = save (house, "{" GIFT ", 'state': 'live', 'per_customer': 4, 'per_month': 3, 'per_day': 2}");

  earn (house);
  assert_block ("limit", 100, cup, "null", 3, NOON);
  assert_block ("", 100, cup, "null", 2, NOON);
  redeemed (house, 100, cup, 2, "2024-02-14T00:00:00+04:00", "handed_out", "null");
  assert_block ("limit", 100, cup, "null", 1, "2024-02-14T23:59:59+04:00");
  assert_block ("", 100, cup, "null", 1, "2024-02-15T00:00:00+04:00");
  redeemed (house, 100, cup, 1, "2024-02-29T23:59:59+04:00", "approved", "null");
  assert_block ("limit", 100, cup, "null", 1, "2024-02-29T23:59:59.5+04:00");
  assert_block ("", 100, cup, "null", 1, "2024-03-01T00:00:00+04:00");
  redeemed (house, 100, cup, 3, "2024-03-01T08:00:00+04:00", "cancelled", "null");
  assert_block ("", 100, cup, "null", 1, "2024-03-01T12:00:00+04:00");
  redeemed (house, 100, cup, 1, "2024-03-01T08:00:00+04:00", "requested", "null");
  assert_block ("limit", 100, cup, "null", 1, "2025-01-01T12:00:00+04:00");
}

/* Tier, segment (of members and by rule), a blocked customer, locked spending, too few points. */
static void
test_who (House *house, gconstpointer unused)
{
  gint64 cup = save (house, "{" GIFT ", 'state': 'live'}");

  earn (house);
  assert_block ("points", 200, cup, "null", 1, NOON);
  assert_block ("", 100, cup, "null", 5, NOON);
  assert_block ("points", 100, cup, "null", 6, NOON);
  run (house->conn, "update oba.rewards set min_tier = (select max (tier_id) from oba.tiers)");
  assert_block ("tier", 100, cup, "null", 1, NOON);
  run (house->conn, "update oba.rewards set min_tier = null");
  g_free (call (house->conn, "save_segment", NULL, "{'name': 'Named', 'kind': 'static'}"));
  g_free (call (house->conn, "save_segment", NULL, "{'name': 'Rule', 'kind': 'rule', 'filter': {'cities': ['Şəki']}}"));
  run (house->conn, "update oba.rewards set segment_id = 1");
  assert_block ("segment", 100, cup, "null", 1, NOON);
  g_free (call (house->conn, "change_segment_members", NULL, "{'segment_id': 1, 'add': [100]}"));
  assert_block ("", 100, cup, "null", 1, NOON);
  run (house->conn, "update oba.rewards set segment_id = 2");
  assert_block ("segment", 100, cup, "null", 1, NOON);
  run (house->conn, "update oba.customers set city = 'Şəki' where customer_id = 100");
  assert_block ("", 100, cup, "null", 1, NOON);
  g_free (call (house->conn, "lock_spending", NULL, "{'customer_id': 100, 'locked': true}"));
  assert_block ("locked", 100, cup, "null", 1, NOON);
  g_free (call (house->conn, "lock_spending", NULL, "{'customer_id': 100, 'locked': false}"));
  g_free (call (house->conn, "block_customer", NULL, "{'customer_id': 100, 'blocked': true, 'reason': 'asked'}"));
  assert_block ("locked", 100, cup, "null", 1, NOON);
}

/* What is on offer, as the bot lists it: what one can have first, then what points are short for; the language it is told in is said. */
static void
test_offer (House *house, gconstpointer unused)
{
  earn (house);
  save (house, "{" GIFT ", 'state': 'live', 'per_customer': 1}");
  save (house, "{'code': 'BIG', 'kind': 'service', 'cost': 900, 'name_az': 'Böyük', 'name_ru': 'Большой', 'description_az': 'Uzun', 'state': 'live'}");
  save (house, "{'code': 'SMALL', 'kind': 'gift', 'cost': 50, 'name_az': 'Kiçik', 'description_ru': 'без имени', 'state': 'live', 'stock_by_store': true}");
  save (house, "{'code': 'GONE', 'kind': 'gift', 'cost': 10, 'name_az': 'Keçmiş', 'valid_to': '2020-01-01', 'state': 'live'}");
  save (house, "{'code': 'DRAFT', 'kind': 'gift', 'cost': 10, 'name_az': 'Qaralama'}");
  assert_ask (house->conn, "CUP ru Чашка -, BIG ru Большой 400, GONE az Keçmiş dates, SMALL az Kiçik stock",
              "select string_agg (concat_ws (' ', code, language, name, coalesce (missing::text, block, '-')), ', ') from oba.customer_rewards (100, 'ru')");
  g_free (call (house->conn, "change_stock", NULL, "{'reward_id': 3, 'kind': 'receipt', 'stores': [{'store': 2, 'quantity': 7}]}"));
  assert_ask (house->conn, "SMALL 7 -, CUP -, BIG points, GONE dates",
              "select string_agg (concat_ws (' ', code, stock, coalesce (block, '-')), ', ') from oba.customer_rewards (100, 'az')");
  assert_ask (house->conn, "0 stock", "select concat_ws (' ', stock, block) from oba.customer_rewards (100, 'az', 1) where code = 'SMALL'");
  assert_ask (house->conn, "", "select description from oba.customer_rewards (100, 'ru') where code = 'BIG'");
}

static void
race (House *house, const char *sql, guint n_winners)
{
  PGconn *tills[N_TILLS];
  guint won = 0, told = 0;

  for (guint i = 0; i < N_TILLS; i++)
    tills[i] = house_connect (house);
  for (guint i = 0; i < N_TILLS; i++)
    g_assert_cmpint (PQsendQuery (tills[i], sql), ==, 1);
  for (guint i = 0; i < N_TILLS; i++)
    {
      PGresult *result = PQgetResult (tills[i]);

      if (PQresultStatus (result) == PGRES_TUPLES_OK)
        won++;
      else if (g_strcmp0 (PQresultErrorField (result, PG_DIAG_SQLSTATE), "OB012") == 0)
        told++;
      else
        g_error ("%s", PQresultErrorMessage (result));
      PQclear (result);
      PQfinish (tills[i]);
    }
  g_assert_cmpuint (won, ==, n_winners);
  g_assert_cmpuint (told, ==, N_TILLS - n_winners);
}

/* A hundred at once for the last piece, of all or of a store: one has it, ninety-nine are told. */
static void
test_last_piece (House *house, gconstpointer unused)
{
  save (house, "{" GIFT ", 'state': 'live'}");
  g_free (call (house->conn, "change_stock", NULL, "{'reward_id': 1, 'kind': 'count', 'quantity': 1, 'reason': 'one left'}"));
  race (house, "select oba.reserve_stock (1, 1, 1)", 1);
  assert_ask (house->conn, "0", "select stock from oba.rewards");
  all_is_well (house);
  save (house, "{'reward_id': 1, 'version': 1, 'stock_by_store': true}");
  g_free (call (house->conn, "change_stock", NULL, "{'reward_id': 1, 'kind': 'receipt', 'stores': [{'store': 1, 'quantity': 1}, {'store': 2, 'quantity': 5}]}"));
  race (house, "select oba.reserve_stock (1, 1, 1)", 1);
  race (house, "select oba.reserve_stock (1, 2, 2)", 2);
  assert_ask (house->conn, "0 1", "select string_agg (stock::text, ' ' order by store_id) from oba.reward_stock");
  all_is_well (house);
}

/* Received, counted (with what customers have reserved among it), given back, moved from one stock to each store's and back: always the sum of its movements. */
static void
test_stock (House *house, gconstpointer unused)
{
  gint64 cup = save (house, "{" GIFT ", 'state': 'live'}");

  run (house->conn, "select oba.reserve_stock (1, null, 1000); select oba.release_stock (1, null, 1000)");
  assert_ask (house->conn, "0", "select count (*) from oba.stock_movements");
  call_refused (house->conn, "OB013", "change_stock", "{'reward_id': 1, 'kind': 'receipt', 'quantity': 5}");
  call_refused (house->conn, "OB001", "change_stock", "{'reward_id': 1, 'kind': 'count', 'quantity': 5}");
  redeemed (house, 100, cup, 2, NOON, "approved", "2");
  redeemed (house, 100, cup, 7, NOON, "handed_out", "2");
  g_free (call (house->conn, "change_stock", NULL, "{'reward_id': 1, 'kind': 'count', 'quantity': 10, 'reason': 'shelf'}"));
  assert_ask (house->conn, "8", "select stock from oba.rewards");
  g_free (call (house->conn, "change_stock", NULL, "{'reward_id': 1, 'kind': 'receipt', 'quantity': 5}"));
  call_refused (house->conn, "OB012", "change_stock", "{'reward_id': 1, 'kind': 'count', 'quantity': 1, 'reason': 'shelf'}");
  run (house->conn, "select oba.reserve_stock (1, null, 13)");
  refused (house->conn, "OB012", "select oba.reserve_stock (1, 1, 1)");
  run (house->conn, "select oba.release_stock (1, null, 4)");
  assert_ask (house->conn, "4 count 8, receipt 5, reserve -13, release 4",
              "select (select stock from oba.rewards) || ' ' || string_agg (kind || ' ' || quantity, ', ' order by movement_id) from oba.stock_movements");
  call_refused (house->conn, "OB013", "change_stock", "{'reward_id': 1, 'kind': 'receipt', 'stores': [{'store': 1, 'quantity': 1}]}");

  save (house, "{'reward_id': 1, 'version': 1, 'stock_by_store': true}");
  assert_ask (house->conn, "0", "select sum (quantity) from oba.stock_movements");
  call_refused (house->conn, "OB013", "change_stock", "{'reward_id': 1, 'kind': 'unlimited', 'reason': 'x'}");
  call_refused (house->conn, "OB002", "change_stock", "{'reward_id': 1, 'kind': 'receipt', 'stores': [{'store': 77, 'quantity': 1}]}");
  call_refused (house->conn, "OB001", "change_stock", "{'reward_id': 1, 'kind': 'receipt', 'stores': [{'store': 1, 'quantity': 1}, {'store': 1, 'quantity': 2}]}");
  call_refused (house->conn, "OB001", "change_stock", "{'reward_id': 1, 'kind': 'receipt', 'stores': [{'store': 1}]}");
  call_refused (house->conn, "OB001", "change_stock", "{'reward_id': 1, 'kind': 'receipt', 'stores': [{'store': 1, 'quantity': -1}]}");
  g_free (call (house->conn, "change_stock", "again", "{'reward_id': 1, 'kind': 'count', 'stores': [{'store': 1, 'quantity': 3}, {'store': 2, 'quantity': 3}], 'reason': 'opened'}"));
  g_free (call (house->conn, "change_stock", "again", "{'reward_id': 1, 'kind': 'count', 'stores': [{'store': 1, 'quantity': 3}, {'store': 2, 'quantity': 3}], 'reason': 'opened'}"));
  assert_ask (house->conn, "3 1", "select string_agg (stock::text, ' ' order by store_id) from oba.reward_stock");
  refused (house->conn, "OB012", "select oba.reserve_stock (1, null, 1)");
  run (house->conn, "select oba.release_stock (1, 2, 2); select oba.release_stock (1, null, 9)");
  save (house, "{'reward_id': 1, 'version': 2, 'stock_by_store': false}");
  assert_ask (house->conn, "6 6", "select concat_ws (' ', (select stock from oba.rewards), (select sum (quantity) from oba.stock_movements where store_id is null))");
  g_free (call (house->conn, "change_stock", NULL, "{'reward_id': 1, 'kind': 'unlimited', 'reason': 'printed when wanted'}"));
  run (house->conn, "delete from oba.redemptions");
  all_is_well (house);
  refused (house->conn, "OB009", "update oba.stock_movements set quantity = 1");
}

/* Who says what: marketing drafts and mends texts, a supervisor puts live, sets the price, counts; staff of one store, clerks and auditors do not; nor does anybody by hand. */
static void
test_rights (House *house, gconstpointer unused)
{
  PGconn *marketing, *boss, *shop;

  run (house->conn, "select oba.staff_add ('r.market', 'Səbinə', 'marketing'); select oba.staff_add ('r.boss', 'Nigar', 'supervisor'); select oba.staff_add ('r.shop', 'Rauf', 'supervisor', 1)");
  marketing = house_connect (house);
  boss = house_connect (house);
  shop = house_connect (house);
  run (marketing, "set session authorization \"r.market\"");
  run (boss, "set session authorization \"r.boss\"");
  run (shop, "set session authorization \"r.shop\"");

  call_refused (marketing, "OB006", "save_reward", "{" GIFT ", 'state': 'live'}");
  g_free (call (marketing, "save_reward", NULL, "{" GIFT "}"));
  g_free (call (marketing, "change_stock", NULL, "{'reward_id': 1, 'kind': 'count', 'quantity': 10, 'reason': 'ordered'}"));
  g_free (call (marketing, "save_reward", NULL, "{'reward_id': 1, 'version': 1, 'cost': 120}"));
  call_refused (marketing, "OB006", "save_reward", "{'reward_id': 1, 'version': 2, 'state': 'live'}");
  g_free (call (boss, "save_reward", NULL, "{'reward_id': 1, 'version': 2, 'state': 'live'}"));
  call_refused (marketing, "OB006", "save_reward", "{'reward_id': 1, 'version': 3, 'cost': 1}");
  call_refused (marketing, "OB006", "save_reward", "{'reward_id': 1, 'version': 3, 'per_day': 1}");
  call_refused (marketing, "OB006", "save_reward", "{'reward_id': 1, 'version': 3, 'stock_by_store': true}");
  call_refused (marketing, "OB006", "change_stock", "{'reward_id': 1, 'kind': 'receipt', 'quantity': 1}");
  g_free (call (marketing, "save_reward", NULL, "{'reward_id': 1, 'version': 3, 'name_en': 'Cup', 'cost': 120, 'state': 'live'}"));
  call_refused (shop, "OB006", "save_reward", "{'reward_id': 1, 'version': 4, 'cost': 1}");
  call_refused (shop, "OB006", "change_stock", "{'reward_id': 1, 'kind': 'receipt', 'quantity': 1}");
  g_free (call (boss, "save_reward", NULL, "{'reward_id': 1, 'version': 4, 'stock_by_store': true}"));
  call_refused (shop, "OB006", "change_stock", "{'reward_id': 1, 'kind': 'receipt', 'stores': [{'store': 2, 'quantity': 1}]}");
  g_free (call (shop, "change_stock", NULL, "{'reward_id': 1, 'kind': 'receipt', 'stores': [{'store': 1, 'quantity': 1}]}"));
  refused (boss, "42501", "update oba.rewards set cost = 1");
  /* Nor does the owner make what no function would. */
  refused (house->conn, "23514", "update oba.rewards set cost = 0");
  refused (house->conn, "23514", "update oba.rewards set from_minute = 600");
  refused (house->conn, "23514", "update oba.rewards set weekdays = '{8}'");
  refused (house->conn, "23514", "update oba.rewards set valid_from = '2024-02-02', valid_to = '2024-02-01'");
  refused (house->conn, "23514", "update oba.reward_stock set stock = -1");
  refused (house->conn, "23514", "insert into oba.rewards (code, kind, name_az, cost) values ('x', 'present', 'X', 1)");
  refused (boss, "42501", "insert into oba.stock_movements (reward_id, kind, quantity) values (1, 'receipt', 1000)");
  assert_ask (house->conn, "r.market r.boss r.shop", "select string_agg (by_whom, ' ' order by n) from (select by_whom, min (movement_id) as n from oba.stock_movements group by 1) x");
  all_is_well (house);
  PQfinish (marketing);
  PQfinish (boss);
  PQfinish (shop);
}

/* Two at one reward: the second is told, and nothing of theirs is half written. Retired stays for those who have it, and can be brought back; a draft it is no more. */
static void
test_versions (House *house, gconstpointer unused)
{
  save (house, "{" GIFT ", 'state': 'live'}");
  save (house, "{'reward_id': 1, 'version': 1, 'cost': 110}");
  call_refused (house->conn, "OB003", "save_reward", "{'reward_id': 1, 'version': 1, 'cost': 120}");
  call_refused (house->conn, "OB003", "save_reward", "{'reward_id': 1, 'cost': 120}");
  call_refused (house->conn, "OB003", "retire_reward", "{'reward_id': 1, 'version': 1}");
  call_refused (house->conn, "OB013", "save_reward", "{'reward_id': 1, 'version': 2, 'state': 'draft'}");
  call_refused (house->conn, "OB013", "save_reward", "{'reward_id': 1, 'version': 2, 'state': 'retired'}");
  call_refused (house->conn, "OB004", "save_reward", "{'code': 'cup', 'kind': 'gift', 'name_az': 'A', 'cost': 1}");
  g_free (call (house->conn, "retire_reward", NULL, "{'reward_id': 1, 'version': 2, 'reason': 'gone'}"));
  call_refused (house->conn, "OB013", "retire_reward", "{'reward_id': 1, 'version': 3}");
  save (house, "{'reward_id': 1, 'version': 3, 'state': 'live'}");
  assert_ask (house->conn, "110 live 4", "select concat_ws (' ', cost, state, version) from oba.rewards");
  assert_ask (house->conn, "[100, 110]", "select changes -> 'cost' from oba.audit where subject = 'reward' and changes ? 'cost' order by audit_id desc limit 1");
}

/* Texts and pictures from anywhere: too long, invisible, markup that stays text, what is no picture. */
static void
test_bad_input (House *house, gconstpointer unused)
{
  g_autofree char *long_text = g_strnfill (10000, 'a');

  call_refused (house->conn, "OB001", "save_reward", "{'code': 'X', 'kind': 'gift', 'name_az': '%s', 'cost': 1}", long_text);
  call_refused (house->conn, "OB001", "save_reward", "{'code': 'X', 'kind': 'gift', 'name_az': 'A', 'description_ru': '%s', 'cost': 1}", long_text);
  call_refused (house->conn, "OB001", "save_reward", "{'code': 'X', 'kind': 'gift', 'name_az': '\u202eA', 'cost': 1}");
  call_refused (house->conn, "OB001", "save_reward", "{'code': 'X', 'kind': 'gift', 'name_az': 'A\\nB', 'cost': 1}");
  call_refused (house->conn, "OB001", "save_reward", "{'code': 'X', 'kind': 'gift', 'name_az': '   ', 'cost': 1}");
  call_refused (house->conn, "OB001", "save_reward", "{'code': 'a b', 'kind': 'gift', 'name_az': 'A', 'cost': 1}");
  call_refused (house->conn, "OB001", "save_reward", "{'code': 'X', 'kind': 'bribe', 'name_az': 'A', 'cost': 1}");
  call_refused (house->conn, "OB001", "save_reward", "{'code': 'X', 'kind': 'gift', 'name_az': 'A', 'cost': 0}");
  call_refused (house->conn, "OB001", "save_reward", "{'code': 'X', 'kind': 'gift', 'name_az': 'A', 'cost': 1e30}");
  call_refused (house->conn, "OB001", "save_reward", "{'code': 'X', 'kind': 'voucher', 'name_az': 'A', 'cost': 1, 'state': 'live'}");
  call_refused (house->conn, "OB001", "save_reward", "{'code': 'X', 'kind': 'gift', 'name_az': 'A', 'cost': 1, 'from_minute': 60}");
  call_refused (house->conn, "OB001", "save_reward", "{'code': 'X', 'kind': 'gift', 'name_az': 'A', 'cost': 1, 'weekdays': [8]}");
  call_refused (house->conn, "OB001", "save_reward", "{'code': 'X', 'kind': 'gift', 'name_az': 'A', 'cost': 1, 'valid_from': '2024-02-30'}");
  call_refused (house->conn, "OB001", "save_reward", "{'code': 'X', 'kind': 'gift', 'name_az': 'A', 'cost': 1, 'valid_from': '2024-03-02', 'valid_to': '2024-03-01'}");
  call_refused (house->conn, "OB001", "save_reward", "{'code': 'X', 'kind': 'gift', 'name_az': 'A', 'cost': 1, 'picture': 'R0lGODlh', 'thumbnail': null}");
  call_refused (house->conn, "OB001", "save_reward", "{'code': 'X', 'kind': 'gift', 'name_az': 'A', 'cost': 1, 'picture': 'not base64!'}");
  call_refused (house->conn, "OB002", "save_reward", "{'code': 'X', 'kind': 'gift', 'name_az': 'A', 'cost': 1, 'segment_id': 77}");
  refused (house->conn, "OB001", "select oba.save_reward (jsonb_build_object ('code', 'X', 'kind', 'gift', 'name_az', 'A', 'cost', 1, 'picture', "
                                 "encode ('\\xffd8ff' || convert_to (repeat ('x', 1048576), 'UTF8'), 'base64')))");
  save (house, "{'code': 'x.1', 'kind': 'gift', 'name_az': '  <b>A</b>  ', 'description_az': 'bir\\r\\niki', 'cost': 1, 'stock': 99, 'picture': '/9j/4A==', 'version': 9, 'created_by': 'x'}");
  assert_ask (house->conn, "X.1 <b>A</b> 1 -", "select concat_ws (' ', code, name_az, version, coalesce (stock::text, '-')) from oba.rewards");
  assert_ask (house->conn, "7", "select length (description_az) from oba.rewards");
  all_is_well (house);
}

/* Through redeeming: the stock goes and comes back, the reward's own days are the voucher's, and retiring tells what is open. */
static void
test_redeemed (House *house, gconstpointer unused)
{
  earn (house);
  save (house, "{" GIFT ", 'state': 'live', 'voucher_days': 3, 'per_customer': 2}");
  g_free (call (house->conn, "change_stock", NULL, "{'reward_id': 1, 'kind': 'count', 'quantity': 2, 'reason': 'shelf'}"));
  g_free (call (house->conn, "redeem_points", NULL, "{'customer_id': 100, 'reward_id': 1}"));
  g_free (call (house->conn, "redeem_points", NULL, "{'customer_id': 100, 'reward_id': 1}"));
  call_refused (house->conn, "OB012", "redeem_points", "{'customer_id': 100, 'reward_id': 1}");
  assert_ask (house->conn, "0 3 days", "select concat_ws (' ', (select stock from oba.rewards), max (expires_at - requested_at)) from oba.redemptions where state = 'approved'");
  all_is_well (house);
  assert_ask (house->conn, "2", "select oba.retire_reward ('{\"reward_id\": 1, \"version\": 1}') ->> 'open'");
  g_free (call (house->conn, "move_redemption", NULL, "{'customer_id': 100, 'redemption_id': 1, 'state': 'cancelled', 'reason': 'retired'}"));
  assert_ask (house->conn, "1", "select stock from oba.rewards");
  all_is_well (house);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
#define TEST(path, function) g_test_add ("/rewards/" path, House, NULL, house_setup, function, house_teardown)
  TEST ("dates", test_dates);
  TEST ("schedule", test_schedule);
  TEST ("limits", test_limits);
  TEST ("who", test_who);
  TEST ("offer", test_offer);
  TEST ("last-piece", test_last_piece);
  TEST ("stock", test_stock);
  TEST ("rights", test_rights);
  TEST ("versions", test_versions);
  TEST ("bad-input", test_bad_input);
  TEST ("redeemed", test_redeemed);
#undef TEST
  status = g_test_run ();
  house_server_stop ();
  return status;
}
