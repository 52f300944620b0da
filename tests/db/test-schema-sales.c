/* Money and points: receipts, returns, lots, tiers, redemptions, rollups, and many tills at once. */
#include "schema-house.h"

#include <string.h>

#define TWO_LINES                                                                                                      \
  "{'store': 1, 'till': 1, 'receipt_no': '%s', 'sold_at': '2024-01-10T10:00:00+04:00', 'customer_id': 100, 'total': "  \
  "%d, 'lines': ["                                                                                                     \
  "{'barcode': '4760000000011', 'quantity': 3, 'unit_price': 100, 'discount': 1, 'vat': 45, 'total': 299},"            \
  "{'code': 'P3', 'quantity': 1.235, 'unit_price': 333, 'total': 411}]}"

/* A till that repeats itself is told what it was told first, and nothing happens twice. */
static void
test_recorded_once (House *house, gconstpointer unused)
{
  g_autofree char *first = call (house->conn, "record_receipt", "k1", TWO_LINES, "1", 710);
  g_autofree char *again = call (house->conn, "record_receipt", "k1", TWO_LINES, "1", 710);
  g_autofree char *keyless = call (house->conn, "record_receipt", NULL, TWO_LINES, "1", 710);
  g_autofree char *refusal = NULL;
  g_autofree char *refusal_again = NULL;

  assert_ask (house->conn, "7", "select $r$%s$r$::jsonb ->> 'points'", first);
  assert_ask (house->conn, "true", "select ($r$%s$r$::jsonb || '{\"replayed\": true}' = $r$%s$r$::jsonb)::text", first,
              again);
  assert_ask (house->conn, "true", "select ($r$%s$r$::jsonb = $r$%s$r$::jsonb)::text", again, keyless);
  assert_ask (
      house->conn, "1 2 1 7",
      "select concat_ws (' ', (select count (*) from oba.receipts), (select count (*) from oba.receipt_lines),"
      " (select count (*) from oba.points_ledger), (select balance from oba.points_accounts where customer_id = 100))");
  assert_ask (house->conn, "1235", "select quantity from oba.receipt_lines where line_no = 2");

  /* The same key or number for something else. */
  refused (house->conn, "OB005", "select oba.record_receipt ('{\"store\": 1}', 'test', 'k1')");
  call_refused (house->conn, "OB004", "record_receipt",
                "{'store': 1, 'till': 1, 'receipt_no': '1', 'sold_at': '2024-01-10T10:00:00+04:00', 'total': 100,"
                " 'lines': [{'product': 1, 'quantity': 1, 'unit_price': 100, 'total': 100}]}");

  /* A refusal is as lasting as a success, even when its cause is gone. */
  refusal = call (house->conn, "record_receipt", "k2",
                  "{'store': 3, 'till': 1, 'receipt_no': '9', 'sold_at': '2024-01-10T10:00:00+04:00', 'total': 100,"
                  " 'lines': [{'product': 1, 'quantity': 1, 'unit_price': 100, 'total': 100}]}");
  run (house->conn, "insert into oba.stores (store_id, code, name) values (3, 'S3', 'new')");
  refusal_again =
      call (house->conn, "record_receipt", "k2",
            "{'store': 3, 'till': 1, 'receipt_no': '9', 'sold_at': '2024-01-10T10:00:00+04:00', 'total': 100,"
            " 'lines': [{'product': 1, 'quantity': 1, 'unit_price': 100, 'total': 100}]}");
  assert_ask (house->conn, "OB002", "select $r$%s$r$::jsonb ->> 'code'", refusal);
  assert_ask (house->conn, "true", "select ($r$%s$r$::jsonb || '{\"replayed\": true}' = $r$%s$r$::jsonb)::text",
              refusal, refusal_again);
  all_is_well (house);
}

/* What a till or a clerk can send wrong: a precise refusal, nothing stored. */
static void
test_bad_receipts (House *house, gconstpointer unused)
{
#define AT "'sold_at': '2024-01-10T10:00:00+04:00'"
#define LINE "{'product': 1, 'quantity': 1, 'unit_price': 100, 'total': 100}"
  static const struct
  {
    const char *state;
    const char *request;
  } cases[] = {
    { "OB001", "{'till': 1}" },
    { "OB001", "'text'" },
    { "OB001", "{'store': 'one', 'receipt_no': '1', " AT ", 'total': 100, 'lines': [" LINE "]}" },
    { "OB001", "{'store': 1, 'receipt_no': '', " AT ", 'total': 100, 'lines': [" LINE "]}" },
    { "OB001", "{'store': 1, 'receipt_no': '1', 'sold_at': 'yesterday noon', 'total': 100, 'lines': [" LINE "]}" },
    { "OB011",
      "{'store': 1, 'receipt_no': '1', 'sold_at': '2999-01-01T00:00:00Z', 'total': 100, 'lines': [" LINE "]}" },
    { "OB011",
      "{'store': 1, 'receipt_no': '1', 'sold_at': '2001-01-01T00:00:00Z', 'total': 100, 'lines': [" LINE "]}" },
    { "OB002", "{'store': 9, 'receipt_no': '1', " AT ", 'total': 100, 'lines': [" LINE "]}" },
    { "OB002", "{'store': 9, 'receipt_no': '1', 'customer_id': 100, " AT ", 'total': 100, 'lines': [" LINE "]}" },
    { "OB002", "{'store': 1, 'receipt_no': '1', 'customer_id': 1, " AT ", 'total': 100, 'lines': [" LINE "]}" },
    { "OB002", "{'store': 1, 'receipt_no': '1', 'card': 'unknown', " AT ", 'total': 100, 'lines': [" LINE "]}" },
    { "OB001", "{'store': 1, 'receipt_no': '1', " AT ", 'total': 100, 'lines': []}" },
    { "OB001", "{'store': 1, 'receipt_no': '1', " AT ", 'total': 100, 'lines': {}}" },
    { "OB001", "{'store': 1, 'receipt_no': '1', " AT ", 'total': 100, 'currency': 'USD', 'lines': [" LINE "]}" },
    { "OB001", "{'store': 1, 'receipt_no': '1', " AT ", 'total': -100, 'lines': [" LINE "]}" },
    { "OB010", "{'store': 1, 'receipt_no': '1', " AT ", 'total': 200, 'lines': [" LINE "]}" },
    { "OB010", "{'store': 1, 'receipt_no': '1', " AT ", 'total': 100, 'payments': {'cash': 90}, 'lines': [" LINE "]}" },
    { "OB014",
      "{'store': 1, 'receipt_no': '1', " AT ", 'total': 100, 'payments': {'points': 100}, 'lines': [" LINE "]}" },
    { "OB010", "{'store': 1, 'receipt_no': '1', " AT
               ", 'total': 100, 'payments': {'cash': 200, 'card': -100}, 'lines': [" LINE "]}" },
    { "OB002", "{'store': 1, 'receipt_no': '1', " AT
               ", 'total': 100, 'lines': [{'product': 77, 'quantity': 1, 'unit_price': 100, 'total': 100}]}" },
    { "OB001", "{'store': 1, 'receipt_no': '1', " AT
               ", 'total': 100, 'lines': [{'product': 1, 'quantity': -1, 'unit_price': 100, 'total': 100}]}" },
    { "OB001", "{'store': 1, 'receipt_no': '1', " AT
               ", 'total': 100, 'lines': [{'product': 1, 'quantity': 0.0001, 'unit_price': 100, 'total': 100}]}" },
    { "OB001", "{'store': 1, 'receipt_no': '1', " AT
               ", 'total': 100, 'lines': [{'product': 1, 'quantity': 'NaN', 'unit_price': 100, 'total': 100}]}" },
    { "OB001",
      "{'store': 1, 'receipt_no': '1', " AT ", 'total': 100, 'lines': [{'product': 1, 'quantity': 1, 'total': 100}]}" },
    { "OB010", "{'store': 1, 'receipt_no': '1', " AT
               ", 'total': 100, 'lines': [{'product': 1, 'quantity': 2, 'unit_price': 100, 'total': 100}]}" },
    { "OB001", "{'store': 1, 'receipt_no': '1', " AT ", 'total': 99999999999999999999, 'lines': [" LINE "]}" },
    { "OB001", "{'store': 1, 'receipt_no': '1', " AT ", 'total': 1e308, 'lines': [" LINE "]}" },
  };
  g_autoptr (GString) many = g_string_new (LINE);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    call_refused (house->conn, cases[i].state, "record_receipt", "%s", cases[i].request);
  for (guint i = 0; i < 10000; i++)
    g_string_append (many, "," LINE);
  call_refused (house->conn, "OB001", "record_receipt",
                "{'store': 1, 'receipt_no': '1', " AT ", 'total': 1000100, 'lines': [%s]}", many->str);
  assert_ask (house->conn, "0",
              "select (select count (*) from oba.receipts) + (select count (*) from oba.receipt_lines) + (select count "
              "(*) from oba.receipt_keys)");
}

/* The owner of a receipt: the card that was read, its printed number, or the store's walk-in, who earns nothing. */
static void
test_whose (House *house, gconstpointer unused)
{
  g_autofree char *answer = NULL;

  g_free (call (house->conn, "issue_card", NULL, "{'customer_id': 200, 'token': 'OBA1.secret', 'number': '7700-1'}"));
  call_refused (house->conn, "OB004", "issue_card", "{'customer_id': 100, 'token': 'OBA1.secret', 'number': '7700-2'}");
  call_refused (house->conn, "OB004", "issue_card",
                "{'customer_id': 100, 'token': 'OBA1.other.secret', 'number': '7700-1'}");
  answer = call (house->conn, "record_receipt", NULL,
                 "{'store': 1, 'receipt_no': '1', 'card': 'OBA1.secret', " AT ", 'total': 100, 'lines': [" LINE "]}");
  g_free (call (house->conn, "record_receipt", NULL,
                "{'store': 1, 'receipt_no': '2', 'card': '7700-1', " AT ", 'total': 100, 'lines': [" LINE "]}"));
  g_free (call (house->conn, "record_receipt", NULL,
                "{'store_code': 'S2', 'receipt_no': '3', " AT ", 'total': 100, 'lines': [" LINE "]}"));
  assert_ask (
      house->conn, "200 200 walk_in",
      "select string_agg (case c.kind when 'person' then c.customer_id::text else c.kind end, ' ' order by receipt_no)"
      " from oba.receipts join oba.customers c using (customer_id)");
  assert_ask (house->conn, "2", "select balance from oba.points_accounts where customer_id = 200");
  run (house->conn, "update oba.cards set state = 'lost'");
  call_refused (house->conn, "OB006", "record_receipt",
                "{'store': 1, 'receipt_no': '4', 'card': '7700-1', " AT ", 'total': 100, 'lines': [" LINE "]}");
  all_is_well (house);
}

static char *
give_back (House *house, const char *no, const char *lines)
{
  return call (house->conn, "return_lines", NULL,
               "{'original': {'store': 1, 'till': 1, 'receipt_no': '%s'}, 'sold_at': '2024-01-12T10:00:00+04:00', "
               "'lines': [%s], 'reason_code': 'damaged'}",
               no, lines);
}

/* Piece by piece or at once: a customer gets back what was paid and gives back what was earned, no qəpik and no point
 * more. */
static void
test_returns (House *house, gconstpointer unused)
{
  g_free (call (house->conn, "record_receipt", NULL, TWO_LINES, "1", 710));
  for (guint i = 0; i < 3; i++)
    g_free (give_back (house, "1", "{'line': 1, 'quantity': 1}"));
  assert_ask (house->conn, "-99 -100 -100",
              "select string_agg (total::text, ' ' order by receipt_id) from oba.receipts where kind = 'return'");
  call_refused (house->conn, "OB008", "return_lines",
                "{'original': {'store': 1, 'till': 1, 'receipt_no': '1'}, 'sold_at': '2024-01-12T10:00:00+04:00', "
                "'lines': [{'line': 1, 'quantity': 0.001}], 'reason_code': 'x'}");
  call_refused (house->conn, "OB002", "return_lines",
                "{'original': {'store': 1, 'till': 1, 'receipt_no': '1'}, 'sold_at': '2024-01-12T10:00:00+04:00', "
                "'lines': [{'line': 9, 'quantity': 1}], 'reason_code': 'x'}");
  call_refused (house->conn, "OB008", "return_lines",
                "{'original': {'store': 1, 'till': 1, 'receipt_no': '1'}, 'sold_at': '2024-01-12T10:00:00+04:00',"
                " 'lines': [{'line': 2, 'quantity': 1}, {'line': 2, 'quantity': 1}], 'reason_code': 'x'}");
  call_refused (house->conn, "OB001", "return_lines",
                "{'original': {'store': 1, 'till': 1, 'receipt_no': '1'}, 'lines': [{'line': 2, 'quantity': 1}]}");
  call_refused (house->conn, "OB002", "return_lines",
                "{'original': {'store': 1, 'till': 1, 'receipt_no': '77'}, 'lines': [{'line': 2, 'quantity': 1}], "
                "'reason_code': 'x'}");
  call_refused (house->conn, "OB011", "return_lines",
                "{'original': {'store': 1, 'till': 1, 'receipt_no': '1'}, 'sold_at': '2024-01-09T10:00:00+04:00', "
                "'lines': [{'line': 2, 'quantity': 1}], 'reason_code': 'x'}");
  /* 710 earned 7; 611, 511, 411 left earn 6, 5, 4. */
  assert_ask (house->conn, "4", "select balance from oba.points_accounts where customer_id = 100");
  g_free (call (house->conn, "return_lines", NULL,
                "{'original': {'store': 1, 'till': 1, 'receipt_no': '1'}, 'sold_at': '2024-01-13T10:00:00+04:00', "
                "'kind': 'void', 'reason_code': 'x'}"));
  assert_ask (house->conn, "0 0 0 0 0",
              "select concat_ws (' ', (select sum (total) from oba.receipts), (select sum (vat) from oba.receipts), "
              "(select sum (quantity) from oba.receipt_lines),"
              " (select balance from oba.points_accounts where customer_id = 100), (select owed from "
              "oba.points_accounts where customer_id = 100))");
  call_refused (house->conn, "OB008", "return_lines",
                "{'original': {'store': 1, 'till': 1, 'receipt_no': '1'}, 'sold_at': '2024-01-13T10:00:00+04:00', "
                "'reason_code': 'x'}");
  all_is_well (house);
}

/* Points that were spent before their purchase was returned are owed, and what is earned next pays them. */
static void
test_owed (House *house, gconstpointer unused)
{
  sale (house->conn, 100, "1", "2024-01-10T10:00:00+04:00", 10000);
  g_free (call (house->conn, "adjust_points", NULL, "{'customer_id': 100, 'points': -80, 'reason': 'spent'}"));
  g_free (give_back (house, "1", "{'line': 1, 'quantity': 1}"));
  assert_ask (house->conn, "-80 80", "select balance || ' ' || owed from oba.points_accounts where customer_id = 100");
  call_refused (house->conn, "OB007", "redeem_points", "{'customer_id': 100, 'points': 1}");
  sale (house->conn, 100, "2", "2024-01-14T10:00:00+04:00", 5000);
  assert_ask (house->conn, "-30 30", "select balance || ' ' || owed from oba.points_accounts where customer_id = 100");
  sale (house->conn, 100, "3", "2024-01-15T10:00:00+04:00", 5000);
  assert_ask (house->conn, "20 0", "select balance || ' ' || owed from oba.points_accounts where customer_id = 100");
  all_is_well (house);
}

static const char lots_left[] =
    "select string_agg (remaining::text, ' ' order by expires_on) from oba.points_lots where customer_id = 100";

/* The points that expire soonest go first, and come back to where they were, with their expiry. */
static void
test_lots (House *house, gconstpointer unused)
{
  run (house->conn, "insert into oba.rewards (code, kind, name_az, cost, state, stock) values ('R1', 'gift', 'Fincan', "
                    "120, 'live', 1)");
  sale (house->conn, 100, "1", "2024-03-01T10:00:00+04:00", 10000);
  sale (house->conn, 100, "2", "2024-01-10T10:00:00+04:00", 5000);
  assert_ask (house->conn, "50 100", lots_left);
  call_refused (house->conn, "OB007", "redeem_points", "{'customer_id': 100, 'points': 151}");
  g_free (call (house->conn, "redeem_points", NULL, "{'customer_id': 100, 'reward_id': 1}"));
  assert_ask (house->conn, "0 30", lots_left);
  call_refused (house->conn, "OB012", "redeem_points", "{'customer_id': 100, 'reward_id': 1}");
  g_free (call (house->conn, "move_redemption", NULL,
                "{'customer_id': 100, 'redemption_id': 2, 'state': 'cancelled', 'reason': 'changed mind'}"));
  assert_ask (house->conn, "50 100", lots_left);
  call_refused (house->conn, "OB013", "move_redemption",
                "{'customer_id': 100, 'redemption_id': 2, 'state': 'handed_out'}");
  assert_ask (house->conn, "1", "select stock from oba.rewards");
  g_free (call (house->conn, "lock_spending", NULL, "{'customer_id': 100, 'locked': true}"));
  call_refused (house->conn, "OB006", "redeem_points", "{'customer_id': 100, 'points': 1}");
  all_is_well (house);
}

/* A lot can be spent on its last day and is gone the day after; 29 February's too. */
static void
test_expiry (House *house, gconstpointer unused)
{
  run (house->conn, "alter table oba.earning_rules disable trigger keep; update oba.earning_rules set parameters = '{\"qepik_per_point\": 100, \"valid_months\": 6}'");
  sale (house->conn, 100, "1", "2023-08-31T23:30:00+04:00", 1000);
  sale (house->conn, 100, "2", "2024-01-10T10:00:00+04:00", 700);
  assert_ask (house->conn, "2024-02-29 2024-07-10",
              "select string_agg (expires_on::text, ' ' order by lot_id) from oba.points_lots");
  g_assert_cmpint (ask_int (house->conn, "select oba.expire_points (100, '2024-02-29')"), ==, 0);
  g_assert_cmpint (ask_int (house->conn, "select oba.expire_points (100, '2024-03-01')"), ==, 1);
  g_assert_cmpint (ask_int (house->conn, "select oba.expire_points (100, '2024-03-01')"), ==, 0);
  assert_ask (house->conn, "-10 2024-03-01 00:00:00+04",
              "select points || ' ' || occurred_at from oba.points_ledger where kind = 'expire'");
  assert_ask (house->conn, "7", "select balance from oba.points_accounts where customer_id = 100");
  /* What is past its day but not yet expired by the job cannot be spent either. */
  call_refused (house->conn, "OB007", "redeem_points", "{'customer_id': 100, 'points': 1}");
  all_is_well (house);
}

/* A tier is reached to the qəpik, kept for twelve months to the day, and its reason is stored. */
static void
test_tiers (House *house, gconstpointer unused)
{
  sale (house->conn, 100, "1", "2023-01-15T10:00:00+04:00", 99999);
  assert_ask (house->conn, "1", "select tier_id from oba.points_accounts where customer_id = 100");
  sale (house->conn, 100, "2", "2023-01-15T11:00:00+04:00", 1);
  assert_ask (house->conn, "2", "select tier_id from oba.points_accounts where customer_id = 100");
  /* 2023-01-15 still counts on 2024-01-14 and no more on 2024-01-15. */
  sale (house->conn, 200, "3", "2023-01-15T10:00:00+04:00", 60000);
  sale (house->conn, 200, "4", "2024-01-14T23:59:59+04:00", 40000);
  assert_ask (
      house->conn, "2 100000 2024-01-14",
      "select tier_id || ' ' || tier_spend || ' ' || tier_day from oba.points_accounts where customer_id = 200");
  g_assert_cmpint (ask_int (house->conn, "select oba.refresh_tiers (100, '2024-01-14')"), ==, 1);
  assert_ask (house->conn, "2", "select tier_id from oba.points_accounts where customer_id = 100");
  g_assert_cmpint (ask_int (house->conn, "select oba.refresh_tiers (100, '2024-01-15')"), ==, 2);
  g_assert_cmpint (ask_int (house->conn, "select oba.refresh_tiers (100, '2024-01-15')"), ==, 0);
  assert_ask (house->conn, "1 0 1 40000",
              "select string_agg (tier_id || ' ' || tier_spend, ' ' order by customer_id) from oba.points_accounts");
  assert_ask (house->conn, "spend 1 2 100000 2023-01-15, downgrade 2 1 0 2024-01-15",
              "select string_agg (concat_ws (' ', why, from_tier, to_tier, spend, spend_day), ', ' order by change_id) "
              "from oba.tier_changes where customer_id = 100");
  all_is_well (house);
}

/* Late batches of a till that was offline count where they belong. */
static void
test_late_receipts (House *house, gconstpointer unused)
{
  sale (house->conn, 100, "1", "2024-06-01T10:00:00+04:00", 50000);
  sale (house->conn, 100, "2", "2023-06-02T10:00:00+04:00", 49999); /* the window's first day */
  sale (house->conn, 100, "3", "2023-06-01T10:00:00+04:00", 90000); /* the day before it */
  assert_ask (house->conn, "1 99999",
              "select tier_id || ' ' || tier_spend from oba.points_accounts where customer_id = 100");
  sale (house->conn, 100, "4", "2024-06-02T10:00:00+04:00", 50001); /* moves the window by a day: 49,999 leaves */
  assert_ask (house->conn, "2 100001",
              "select tier_id || ' ' || tier_spend from oba.points_accounts where customer_id = 100");
  all_is_well (house);
}

/* Dashboards count every receipt once, also those whose transaction ends late; corrections come as differences. */
static void
test_rollups (House *house, gconstpointer unused)
{
  PGconn *slow = house_connect (house);

  run (slow, "begin");
  sale (slow, 100, "1", "2024-01-10T10:00:00+04:00", 1000);
  sale (house->conn, 200, "2", "2024-01-10T10:30:00+04:00", 2000);
  g_assert_cmpint (ask_int (house->conn, "select oba.fold_rollups ()"), ==, 0);
  run (slow, "commit");
  job_does (house, "fold_rollups", 2);
  g_assert_cmpint (ask_int (house->conn, "select oba.fold_rollups ()"), ==, 0);
  g_free (give_back (house, "1", "{'line': 1, 'quantity': 1}"));
  g_free (call (house->conn, "record_receipt", NULL,
                "{'store': 2, 'receipt_no': '3', " AT ", 'total': 100, 'lines': [" LINE "]}"));
  all_is_well (house);
  job_does (house, "fold_rollups", 2);
  assert_ask (house->conn, "2024-01-10 3 0 2 3100, 2024-01-12 0 1 0 -1000",
              "select string_agg (concat_ws (' ', day, receipts, returns, card_receipts, revenue), ', ' order by day) "
              "from oba.rollup_days");
  assert_ask (house->conn, "3100", "select revenue from oba.rollup_hours where day = '2024-01-10' and hour = 10");
  all_is_well (house);

  /* A dump restored into another cluster: what its rows say of transactions is void. */
  run (house->conn, "update oba.rollup_state set system_identifier = 1; update oba.rollup_days set revenue = 0");
  job_does (house, "fold_rollups", 4);
  sale (house->conn, 100, "5", "2024-01-10T10:00:00+04:00", 1000);
  job_does (house, "fold_rollups", 1);
  g_assert_cmpint (ask_int (house->conn, "select oba.rebuild_rollups ()"), ==, 5);
  all_is_well (house);

  /* Totals made anew inside a sale's own transaction would hold that sale twice after the next fold. */
  run (house->conn, "begin");
  sale (house->conn, 100, "6", "2024-01-10T10:00:00+04:00", 1000);
  refused (house->conn, "OB013", "select oba.rebuild_rollups ()");
  run (house->conn, "rollback");
  all_is_well (house);
  PQfinish (slow);
}

/* All connections are given their statement before anyone waits for an answer. Returns how many were not refused. */
static guint
at_once (House *house, guint n, const char *format, gboolean numbered)
{
  g_autofree PGconn **conns = g_new0 (PGconn *, n);
  guint done = 0;

  for (guint i = 0; i < n; i++)
    conns[i] = house_connect (house);
  run (house->conn, "begin; select from oba.points_accounts where customer_id = 100 for update");
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *number = g_strdup_printf ("%u", i);
      g_auto (GStrv) parts = g_strsplit (format, "#", -1);
      g_autofree char *sql = g_strjoinv (numbered ? number : "#", parts);

      g_assert_cmpint (PQsendQuery (conns[i], sql), ==, 1);
    }
  run (house->conn, "commit");
  for (guint i = 0; i < n; i++)
    {
      PGresult *result;

      while ((result = PQgetResult (conns[i])) != NULL)
        {
          if (PQresultStatus (result) == PGRES_TUPLES_OK)
            done++;
          else
            g_assert_cmpint (strncmp (PQresultErrorField (result, PG_DIAG_SQLSTATE), "OB", 2), ==, 0);
          PQclear (result);
        }
      PQfinish (conns[i]);
    }
  return done;
}

/* Twenty tills, one balance: what is there is spent once. */
static void
test_one_balance (House *house, gconstpointer unused)
{
  g_free (call (house->conn, "adjust_points", NULL, "{'customer_id': 100, 'points': 100, 'reason': 'x'}"));
  g_assert_cmpuint (at_once (house, 20, "select oba.redeem_points ('{\"customer_id\": 100, \"points\": 60}')", FALSE),
                    ==, 1);
  assert_ask (house->conn, "40", "select balance from oba.points_accounts where customer_id = 100");
  run (house->conn, "insert into oba.rewards (code, kind, name_az, cost, state, stock) values ('R1', 'gift', 'Fincan', "
                    "1, 'live', 3)");
  g_assert_cmpuint (at_once (house, 20, "select oba.redeem_points ('{\"customer_id\": 100, \"reward_id\": 1}')", FALSE),
                    ==, 3);
  assert_ask (house->conn, "0", "select stock from oba.rewards");
  all_is_well (house);
}

/* One key from twenty connections: one receipt, twenty answers that agree. */
static void
test_one_key (House *house, gconstpointer unused)
{
  const char *sql =
      "select oba.record_receipt ('{\"store\": 1, \"till\": 1, \"receipt_no\": \"1\", \"sold_at\": "
      "\"2024-01-10T10:00:00+04:00\", \"customer_id\": 100, \"total\": 100,"
      " \"lines\": [{\"product\": 1, \"quantity\": 1, \"unit_price\": 100, \"total\": 100}]}', 'till', 'one')";

  g_assert_cmpuint (at_once (house, 20, sql, FALSE), ==, 20);
  assert_ask (house->conn, "1 1",
              "select (select count (*) from oba.receipts) || ' ' || (select balance from oba.points_accounts where "
              "customer_id = 100)");
  /* The same till receipt under twenty different keys. */
  sql = "select oba.record_receipt ('{\"store\": 1, \"till\": 1, \"receipt_no\": \"2\", \"sold_at\": "
        "\"2024-01-10T10:00:00+04:00\", \"customer_id\": 100, \"total\": 100,"
        " \"lines\": [{\"product\": 1, \"quantity\": 1, \"unit_price\": 100, \"total\": 100}]}', 'till', 'k#')";
  g_assert_cmpuint (at_once (house, 20, sql, TRUE), ==, 20);
  assert_ask (house->conn, "2 2",
              "select (select count (*) from oba.receipts) || ' ' || (select balance from oba.points_accounts where "
              "customer_id = 100)");
  all_is_well (house);
}

/* Ten clerks take back the same line: one does. */
static void
test_one_return (House *house, gconstpointer unused)
{
  sale (house->conn, 100, "1", "2024-01-10T10:00:00+04:00", 5000);
  g_assert_cmpuint (at_once (house, 10,
                             "select oba.return_lines ('{\"original\": {\"store\": 1, \"till\": 1, \"receipt_no\": "
                             "\"1\"}, \"lines\": [{\"line\": 1, \"quantity\": 1}],"
                             " \"reason_code\": \"x\"}')",
                             FALSE),
                    ==, 1);
  assert_ask (house->conn, "0", "select balance from oba.points_accounts where customer_id = 100");
  all_is_well (house);
}

/* Receipts of many tills for one customer do not lose one another's points. */
static void
test_many_tills (House *house, gconstpointer unused)
{
  g_assert_cmpuint (
      at_once (
          house, 20,
          "select oba.record_receipt ('{\"store\": 1, \"till\": #, \"receipt_no\": \"1\", \"sold_at\": "
          "\"2024-01-10T10:00:00+04:00\", \"customer_id\": 100,"
          " \"total\": 6000, \"lines\": [{\"product\": 1, \"quantity\": 1, \"unit_price\": 6000, \"total\": 6000}]}')",
          TRUE),
      ==, 20);
  assert_ask (house->conn, "1200 2 120000",
              "select balance || ' ' || tier_id || ' ' || tier_spend from oba.points_accounts where customer_id = 100");
  all_is_well (house);
}

/* Something that a till, a clerk, a supervisor or a job might do just now to one of two customers. */
static char *
anything (GRand *dice, guint n)
{
  int customer = g_rand_boolean (dice) ? 100 : 200;
  int no = g_rand_int_range (dice, 0, (int) n + 1);

  switch (g_rand_int_range (dice, 0, 10))
    {
    case 0:
    case 1:
    case 2:
    case 3:
      return g_strdup_printf (
          "select oba.record_receipt ('{\"store\": 1, \"till\": 1, \"receipt_no\": \"%u\", \"sold_at\": "
          "\"2024-01-10T10:00:00+04:00\", \"customer_id\": %d, \"total\": 9900,"
          " \"lines\": [{\"product\": 1, \"quantity\": 3, \"unit_price\": 3300, \"total\": 9900}]}', 'till', 'k%u')",
          n, customer, n);
    case 4:
    case 5:
      return g_strdup_printf ("select oba.return_lines ('{\"original\": {\"store\": 1, \"till\": 1, \"receipt_no\": "
                              "\"%d\"}, \"lines\": [{\"line\": 1, \"quantity\": 1}], \"reason_code\": \"x\"}')",
                              no);
    case 6:
      return g_strdup_printf ("select oba.redeem_points ('{\"customer_id\": %d, \"reward_id\": 1}')", customer);
    case 7:
      return g_strdup_printf ("select oba.move_redemption (jsonb_build_object ('customer_id', customer_id, "
                              "'redemption_id', redemption_id, 'state', 'cancelled'))"
                              " from oba.redemptions where state = 'approved' and customer_id = %d limit 1",
                              customer);
    case 8:
      return g_strdup_printf ("select oba.adjust_points ('{\"customer_id\": %d, \"points\": -40, \"reason\": \"x\"}')",
                              customer);
    default:
      return g_strdup (g_rand_boolean (dice) ? "select oba.fold_rollups ()" : "select oba.audit_seal ()");
    }
}

/* Whatever happens at the same time, in whatever order: no deadlock, and every rule holds afterwards. */
static void
test_any_interleaving (House *house, gconstpointer unused)
{
  guint32 seed = (guint32) g_test_rand_int ();
  g_autoptr (GRand) dice = g_rand_new_with_seed (seed);
  PGconn *conns[8];
  guint n = 0, done = 0;

  g_test_message ("seed %u", seed);
  run (house->conn, "insert into oba.rewards (code, kind, name_az, cost, state, stock) values ('R1', 'gift', 'Fincan', "
                    "150, 'live', 5)");
  for (guint i = 0; i < G_N_ELEMENTS (conns); i++)
    conns[i] = house_connect (house);
  for (guint round = 0; round < 40; round++)
    {
      for (guint i = 0; i < G_N_ELEMENTS (conns); i++)
        {
          g_autofree char *sql = anything (dice, n++);

          g_assert_cmpint (PQsendQuery (conns[i], sql), ==, 1);
        }
      for (guint i = 0; i < G_N_ELEMENTS (conns); i++)
        for (PGresult *result; (result = PQgetResult (conns[i])) != NULL; PQclear (result))
          if (PQresultStatus (result) == PGRES_TUPLES_OK)
            done++;
          else if (strncmp (PQresultErrorField (result, PG_DIAG_SQLSTATE), "OB", 2) != 0)
            g_error ("%s", PQresultErrorMessage (result));
    }
  for (guint i = 0; i < G_N_ELEMENTS (conns); i++)
    PQfinish (conns[i]);
  g_assert_cmpuint (done, >, n / 2);
  all_is_well (house);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add (path, House, NULL, house_setup, func, house_teardown)
  ADD ("/sales/recorded-once", test_recorded_once);
  ADD ("/sales/bad-receipts", test_bad_receipts);
  ADD ("/sales/whose", test_whose);
  ADD ("/sales/returns", test_returns);
  ADD ("/sales/owed", test_owed);
  ADD ("/sales/lots", test_lots);
  ADD ("/sales/expiry", test_expiry);
  ADD ("/sales/tiers", test_tiers);
  ADD ("/sales/late-receipts", test_late_receipts);
  ADD ("/sales/rollups", test_rollups);
  ADD ("/sales/one-balance", test_one_balance);
  ADD ("/sales/one-key", test_one_key);
  ADD ("/sales/one-return", test_one_return);
  ADD ("/sales/many-tills", test_many_tills);
  ADD ("/sales/any-interleaving", test_any_interleaving);
  status = g_test_run ();
  house_server_stop ();
  return status;
}
