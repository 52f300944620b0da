/* Finding receipts: what a filter gives must be what was meant, each receipt once, in order, to the end; totals to the qəpik; a page by an index. */
#include "schema-house.h"
#include "oba-test-wait.h"

#include <string.h>

#include "db/oba-db-pool.h"
#include "db/oba-db-sql.h"
#include "sales/oba-receipts.h"

typedef struct
{
  House      house;
  ObaDbPool *pool;
} Fixture;

/* 600 receipts of two years, four stores, six tills, three cashiers, five persons and the walk-ins; some moments twice, some receipts answered. */
static const char chain[] =
  "insert into oba.stores (code, name) values ('S3', 'Üçüncü'), ('S4', 'Dördüncü');"
  "insert into oba.customers (customer_id, given_name, family_name) select 300 + n, 'Ad' || n, 'Soyad' from generate_series (1, 3) n;"
  "insert into oba.cards (token_hash, number, customer_id) values (sha256 ('a'), 'OBA-0001', 100), (sha256 ('b'), 'OBA-0002', 301);"
  "insert into oba.receipts (customer_id, sold_at, receipt_id, store_id, till_no, receipt_no, cashier, fiscal_id, total, discount, vat, paid_cash, line_count, source)"
  " select case n % 3 when 0 then (select customer_id from oba.walk_ins where store_id = 1 + n % 4) else (array[100, 200, 301, 302, 303])[1 + n % 5] end,"
  "  timestamptz '2023-01-05 10:00+04' + (n / 2) * interval '29 hours', n, 1 + n % 4, 1 + n % 2, 'N' || n, (array['Aysel', 'Leyla', null])[1 + n % 3],"
  "  'F' || n, n * 37 % 5000, n % 7, n % 11, n * 37 % 5000, 2, 'import' from generate_series (1, 600) n;"
  "insert into oba.receipt_lines (customer_id, sold_at, receipt_id, line_no, product_id, quantity, unit_price, total)"
  " select customer_id, sold_at, receipt_id, l, 1 + (receipt_id * l) % 3, 1000, 100, total / 2 from oba.receipts, generate_series (1, 2) l;"
  "insert into oba.receipt_keys (store_id, till_no, receipt_no, customer_id, sold_at, receipt_id) select store_id, till_no, receipt_no, customer_id, sold_at, receipt_id from oba.receipts;"
  "insert into oba.points_ledger (customer_id, occurred_at, entry_id, kind, points, rule_id, rule_version, receipt_id, receipt_sold_at, source)"
  " select customer_id, sold_at, receipt_id, 'earn', total / 100, 1, 1, receipt_id, sold_at, 'import' from oba.receipts where customer_id in (100, 200, 301, 302, 303);"
  "insert into oba.receipts (customer_id, sold_at, receipt_id, kind, store_id, till_no, receipt_no, total, paid_cash, line_count, original_customer_id, original_sold_at,"
  "  original_receipt_id, reason_code, source)"
  " select customer_id, sold_at + interval '3 days', 10000 + receipt_id, case when receipt_id % 2 = 0 then 'return' else 'void' end, store_id, till_no, 'R' || receipt_id,"
  "  - total, - total, 1, customer_id, sold_at, receipt_id, 'damaged', 'till' from oba.receipts where receipt_id % 9 = 0;"
  "select setval ('oba.receipt_ids', 100000);"
  "analyze oba.receipts, oba.receipt_lines, oba.points_ledger;";

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  house_setup (&fixture->house, NULL);
  run (fixture->house.conn, "%s", chain);
  fixture->pool = oba_db_pool_new (fixture->house.conninfo, 2, OBA_DB_CONNECTION_DEFAULT);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  oba_db_pool_close (fixture->pool);
  g_object_unref (fixture->pool);
  house_teardown (&fixture->house, NULL);
}

static ObaReceiptQuery *
query_new (const char     *json,
           ObaReceiptSort  sort,
           gboolean        descending)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaFilter) filter = oba_receipt_filter_from_json (json, &error);

  g_assert_no_error (error);
  return oba_receipt_query_new (filter, sort, descending);
}

static GArray *
read_page (Fixture          *fixture,
           ObaReceiptQuery  *query,
           ObaReceiptPlace **place,
           guint             limit)
{
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  ObaReceiptPlace *after = g_steal_pointer (place);
  GArray *keys;

  oba_receipts_page_async (fixture->pool, query, after, limit, NULL, oba_test_keep_result, &pending);
  result = oba_test_await (&pending);
  keys = oba_receipts_page_finish (result, place, &error);
  g_assert_no_error (error);
  g_clear_pointer (&after, oba_receipt_place_free);
  return keys;
}

/* Every id of a filter, page by page. */
static char *
read_all (Fixture         *fixture,
          ObaReceiptQuery *query,
          guint            limit)
{
  ObaReceiptPlace *place = NULL;
  GString *ids = g_string_new (NULL);

  do
    {
      g_autoptr (GArray) keys = read_page (fixture, query, &place, limit);

      for (guint i = 0; i < keys->len; i++)
        g_string_append_printf (ids, "%s%" G_GINT64_FORMAT, ids->len > 0 ? "," : "", g_array_index (keys, ObaReceiptKey, i).receipt_id);
    }
  while (place != NULL);
  return g_string_free (ids, FALSE);
}

/* The same asked by hand: each filter with the condition that it means. */
static const struct
{
  const char *filter;
  const char *where;
} cases[] = {
  { "{}", "true" },
  { "{\"text\":\"N17\"}", "receipt_no = 'N17' or fiscal_id = 'N17'" },
  { "{\"text\":\" F25 \"}", "fiscal_id = 'F25'" },
  { "{\"text\":\"N17' or true --\"}", "false" },
  { "{\"receipt_no\":\"N18\",\"stores\":[3]}", "receipt_no = 'N18' and store_id = 3" },
  { "{\"fiscal_id\":\"F44\"}", "fiscal_id = 'F44'" },
  { "{\"time\":[\"2023-02-01\",\"2023-03-02\"]}", "sold_at >= '2023-02-01 00:00+04' and sold_at < '2023-03-03 00:00+04'" },
  { "{\"time\":[\"2023-02-03T15:00\",\"2023-02-03T15:00\"]}", "sold_at >= '2023-02-03 15:00+04' and sold_at < '2023-02-03 15:01+04'" },
  { "{\"time\":[null,\"2023-01-20T11:59\"]}", "sold_at < '2023-01-20 12:00+04'" },
  { "{\"stores\":[2]}", "store_id = 2" },
  { "{\"stores\":[2,4],\"tills\":[1]}", "store_id in (2, 4) and till_no = 1" },
  { "{\"cashiers\":[\"Aysel\"]}", "cashier = 'Aysel'" },
  { "{\"cashiers\":[\"Aysel\",\"Leyla\"],\"stores\":[1],\"amount\":[1000,2000]}", "cashier is not null and store_id = 1 and total between 1000 and 2000" },
  { "{\"customers\":[100,302]}", "customer_id in (100, 302)" },
  { "{\"cards\":[\"OBA-0002\"]}", "customer_id = 301" },
  { "{\"cards\":[\"nobody\"]}", "false" },
  { "{\"products\":[2]}", "exists (select from oba.receipt_lines l where l.receipt_id = r.receipt_id and l.product_id = 2)" },
  { "{\"products\":[1,3],\"amount\":[null,900]}", "total <= 900 and exists (select from oba.receipt_lines l where l.receipt_id = r.receipt_id and l.product_id in (1, 3))" },
  { "{\"products\":[2],\"stores\":[1]}", "store_id = 1 and exists (select from oba.receipt_lines l where l.receipt_id = r.receipt_id and l.product_id = 2)" },
  { "{\"amount\":[4000,null]}", "total >= 4000" },
  { "{\"amount\":[-800,-1]}", "total between -800 and -1" },
  { "{\"kinds\":[\"return\"]}", "kind = 'return'" },
  { "{\"kinds\":[\"return\",\"void\"]}", "kind in ('return', 'void')" },
  { "{\"kinds\":[\"sale\",\"void\"],\"stores\":[3]}", "kind in ('sale', 'void') and store_id = 3" },
  { "{\"corrected\":true}", "exists (select from oba.receipts a where a.original_receipt_id = r.receipt_id)" },
  { "{\"corrected\":true,\"time\":[\"2023-06-01\",null]}", "sold_at >= '2023-06-01 00:00+04' and exists (select from oba.receipts a where a.original_receipt_id = r.receipt_id)" },
  { "{\"corrected\":true,\"products\":[3]}", "exists (select from oba.receipts a where a.original_receipt_id = r.receipt_id) and exists (select from oba.receipt_lines l where l.receipt_id = r.receipt_id and l.product_id = 3)" },
  { "{\"corrected\":false,\"stores\":[1]}", "store_id = 1 and not exists (select from oba.receipts a where a.original_receipt_id = r.receipt_id)" },
  { "{\"time\":[\"2023-02-01\",\"2023-06-02\"],\"stores\":[1,3],\"kinds\":[\"return\",\"sale\"]}",
    "sold_at >= '2023-02-01 00:00+04' and sold_at < '2023-06-03 00:00+04' and store_id in (1, 3) and kind in ('return', 'sale')" },
  { "{\"unmatched\":true}", "exists (select from oba.walk_ins w where w.customer_id = r.customer_id)" },
  { "{\"unmatched\":false,\"kinds\":[\"void\"]}", "kind = 'void' and not exists (select from oba.walk_ins w where w.customer_id = r.customer_id)" },
};

static void
assert_order (Fixture         *fixture,
              guint            i,
              ObaReceiptQuery *query,
              const char      *order)
{
  g_autofree char *expected = ask (fixture->house.conn, "select coalesce (string_agg (receipt_id::text, ',' order by %s), '') from oba.receipts r where %s", order, cases[i].where);
  g_autofree char *found = read_all (fixture, query, 7);
  g_autofree char *at_once = read_all (fixture, query, 1000);

  if (!g_str_equal (found, expected) || !g_str_equal (at_once, expected))
    g_error ("%s by %s:\n%s\ninstead of\n%s", cases[i].filter, order, found, expected);
}

/* A receipt that a page leaves out or gives twice is one that a clerk does not find, or corrects twice. */
static void
test_pages (Fixture       *fixture,
            gconstpointer  unused)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (ObaReceiptQuery) newest = query_new (cases[i].filter, OBA_RECEIPT_SORT_TIME, TRUE);
      g_autoptr (ObaReceiptQuery) oldest = query_new (cases[i].filter, OBA_RECEIPT_SORT_TIME, FALSE);

      assert_order (fixture, i, newest, "sold_at desc, receipt_id desc");
      assert_order (fixture, i, oldest, "sold_at, receipt_id");
      if (oba_receipt_sort_can (OBA_RECEIPT_SORT_TOTAL, oba_receipt_query_get_filter (newest)))
        {
          g_autoptr (ObaReceiptQuery) dearest = query_new (cases[i].filter, OBA_RECEIPT_SORT_TOTAL, TRUE);
          g_autoptr (ObaReceiptQuery) cheapest = query_new (cases[i].filter, OBA_RECEIPT_SORT_TOTAL, FALSE);

          assert_order (fixture, i, dearest, "total desc, sold_at desc, receipt_id desc");
          assert_order (fixture, i, cheapest, "total, sold_at, receipt_id");
        }
    }
}

/* As if no condition had few receipts. */
static void
expect_many (Fixture *fixture)
{
  run (fixture->house.conn, "do $$ begin execute replace (replace (pg_get_functiondef ('oba.receipt_plan'::regproc), '40000', '0'), '5000', '0'); end $$");
}

/* The same among so many receipts that no condition has few: on in an index, and window by window. */
static void
test_pages_of_many (Fixture       *fixture,
                    gconstpointer  unused)
{
  expect_many (fixture);
  assert_ask (fixture->house.conn, "windows", "select plan from oba.receipt_plan ('{\"stores\": [2], \"products\": [1]}', 'time')");
  assert_ask (fixture->house.conn, "index", "select plan from oba.receipt_plan ('{\"stores\": [2]}', 'time')");
  test_pages (fixture, NULL);
}

/* Any other order goes within a week, or a month of some stores; outside of that it stays by time instead of reading everything. */
static void
test_sorts (Fixture       *fixture,
            gconstpointer  unused)
{
  static const char *const keys[OBA_RECEIPT_N_SORTS] = {
    NULL, "total", "discount", "receipt_no collate \"C\"", "coalesce (cashier, '') collate \"C\"",
    "(select name from oba.stores s where s.store_id = r.store_id) collate \"C\"", "kind collate \"C\"",
  };
  static const struct { const char *filter, *where; } within[] = {
    { "{\"time\":[\"2023-02-01\",\"2023-02-07\"]}", "sold_at < '2023-02-08 00:00+04'" },
    { "{\"time\":[\"2023-02-01\",\"2023-03-03\"],\"stores\":[1,2]}", "sold_at < '2023-03-04 00:00+04' and store_id in (1, 2)" },
    { "{\"time\":[\"2023-02-01\",\"2023-03-03\"],\"stores\":[1,2],\"products\":[1,3]}",
      "sold_at < '2023-03-04 00:00+04' and store_id in (1, 2) and exists (select from oba.receipt_lines l where l.receipt_id = r.receipt_id and l.product_id in (1, 3))" },
    { "{\"time\":[\"2023-02-01\",\"2023-03-03\"],\"stores\":[1,2],\"products\":[1],\"corrected\":false}",
      "sold_at < '2023-03-04 00:00+04' and store_id in (1, 2) and exists (select from oba.receipt_lines l where l.receipt_id = r.receipt_id and l.product_id = 1)"
      " and not exists (select from oba.receipts a where a.original_receipt_id = r.receipt_id)" },
    { "{\"time\":[\"2023-02-01\",\"2023-03-03\"],\"cashiers\":[\"Aysel\",\"Leyla\"],\"corrected\":true}",
      "sold_at < '2023-03-04 00:00+04' and cashier is not null and exists (select from oba.receipts a where a.original_receipt_id = r.receipt_id)" },
    { "{\"time\":[\"2023-02-01\",\"2023-03-03\"],\"stores\":[1,2,3,4],\"kinds\":[\"return\",\"void\"]}", "sold_at < '2023-03-04 00:00+04' and kind in ('return', 'void')" },
  };
  g_autoptr (ObaReceiptQuery) everything = query_new ("{}", OBA_RECEIPT_SORT_CASHIER, FALSE);

  g_assert_cmpint (oba_receipt_query_get_sort (everything), ==, OBA_RECEIPT_SORT_TIME);
  g_assert_true (oba_receipt_query_is_descending (everything));
  for (ObaReceiptSort sort = OBA_RECEIPT_SORT_TOTAL; sort < OBA_RECEIPT_N_SORTS; sort++)
    for (guint way = 0; way < 2 * G_N_ELEMENTS (within); way++)
      {
        gboolean descending = way % 2;
        g_autoptr (ObaReceiptQuery) query = query_new (within[way / 2].filter, sort, descending);
        const char *dir = descending ? "desc" : "asc";
        g_autofree char *found = read_all (fixture, query, 5);
        g_autofree char *expected = ask (fixture->house.conn, "select string_agg (receipt_id::text, ',' order by %s %s, sold_at %s, receipt_id %s) from oba.receipts r"
                                                              " where sold_at >= '2023-02-01 00:00+04' and %s", keys[sort], dir, dir, dir, within[way / 2].where);

        g_assert_cmpint (oba_receipt_query_get_sort (query), ==, sort);
        g_assert_cmpstr (found, ==, expected);
      }
}

/* The same where the order's own index is read on, and beside it what other tables list. */
static void
test_sorts_of_many (Fixture       *fixture,
                    gconstpointer  unused)
{
  expect_many (fixture);
  assert_ask (fixture->house.conn, "walk {product,corrected}", "select plan || ' ' || listed::text from oba.receipt_plan ('{\"products\": [1], \"corrected\": true}', 'total')");
  test_sorts (fixture, NULL);
}

static void
assert_totals (Fixture *fixture)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (ObaReceiptQuery) query = query_new (cases[i].filter, OBA_RECEIPT_SORT_TIME, TRUE);
      GAsyncResult *pending[2] = { NULL, NULL };
      g_autoptr (GAsyncResult) first = NULL;
      g_autoptr (GAsyncResult) second = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree char *said = NULL;
      g_autofree char *expected = NULL;
      ObaReceiptTotals totals;
      gint64 points;

      oba_receipts_totals_async (fixture->pool, query, NULL, oba_test_keep_result, &pending[0]);
      oba_receipts_points_async (fixture->pool, query, NULL, oba_test_keep_result, &pending[1]);
      first = oba_test_await (&pending[0]);
      second = oba_test_await (&pending[1]);
      g_assert_true (oba_receipts_totals_finish (first, &totals, &error));
      g_assert_true (oba_receipts_points_finish (second, &points, &error));
      said = g_strdup_printf ("%ld/%ld/%ld/%ld/%ld/%ld", (long) totals.receipts, (long) totals.sales, (long) totals.revenue, (long) totals.discount, (long) totals.vat, (long) points);
      expected = ask (fixture->house.conn,
                      "select concat_ws ('/', count(*), count(*) filter (where kind = 'sale'), coalesce (sum (total), 0), coalesce (sum (discount), 0), coalesce (sum (vat), 0),"
                      " (select coalesce (sum (points), 0) from oba.points_ledger l where l.receipt_id in (select r.receipt_id from oba.receipts r where %s)))"
                      " from oba.receipts r where %s", cases[i].where, cases[i].where);
      if (!g_str_equal (said, expected))
        g_error ("%s: %s instead of %s", cases[i].filter, said, expected);
    }
}

/*
 * What the bar below the list says is what is in the list, to the qəpik: as long as nothing is added up ahead, when everything is, when something came
 * since, and in another cluster, where the transactions of the old one mean nothing.
 */
static void
test_totals (Fixture       *fixture,
             gconstpointer  unused)
{
  PGconn *conn = fixture->house.conn;

  assert_totals (fixture);
  g_assert_cmpint (ask_int (conn, "select oba.fold_receipt_totals ()"), >, 600);
  g_assert_cmpint (ask_int (conn, "select oba.fold_receipt_totals ()"), ==, 0);
  assert_ask (conn, "t", "select oba.receipt_is_rolled_up ('{\"stores\": [2], \"time\": [\"2023-02-01T00:00\", null], \"kinds\": [\"void\"]}')");
  assert_ask (conn, "f", "select oba.receipt_is_rolled_up ('{\"time\": [\"2023-02-01T00:01\", null]}')");
  assert_totals (fixture);
  sale (conn, 100, "A-1", "2023-02-02 12:00+04", 1000);
  g_free (call (conn, "return_lines", NULL, "{'original': {'store': 1, 'till': 1, 'receipt_no': 'A-1'}, 'lines': [{'line': 1, 'quantity': 0.4}],"
                                            " 'reason_code': 'damaged', 'sold_at': '2023-02-03 12:00+04'}"));
  assert_totals (fixture);
  g_assert_cmpint (ask_int (conn, "select oba.fold_receipt_totals ()"), ==, 2);
  assert_totals (fixture);
  assert_ask (conn, "", "%s", oba_db_sql ("verify/rollup_receipts.sql"));
  run (conn, "update oba.rollup_receipts_state set system_identifier = 1");
  assert_totals (fixture);
  g_assert_cmpint (ask_int (conn, "select oba.fold_receipt_totals ()"), >, 600);
  assert_totals (fixture);
  assert_ask (conn, "", "%s", oba_db_sql ("verify/rollup_receipts.sql"));
  run (conn, "update oba.rollup_receipts set points = points + 1 where store_id = 0 and kind = 'void'");
  g_assert_cmpint (ask_int (conn, "select count (*) from (%s) x", oba_db_sql ("verify/rollup_receipts.sql")), >, 1);
}

/* A row says what the receipt says, its points, and whether something answers it. */
static void
test_rows (Fixture       *fixture,
           gconstpointer  unused)
{
  g_autoptr (ObaReceiptQuery) query = query_new ("{\"text\":\"N18\"}", OBA_RECEIPT_SORT_TIME, TRUE);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GArray) keys = NULL;
  GAsyncResult *pending = NULL;
  ObaReceiptPlace *place = NULL;
  const ObaReceiptFacts *facts;
  ObaReceiptKey gone = { 100, 1, 999999 };

  keys = read_page (fixture, query, &place, 100);
  g_assert_cmpuint (keys->len, ==, 1);
  g_assert_null (place);
  g_array_append_val (keys, gone);
  oba_receipts_rows_async (fixture->pool, keys, NULL, oba_test_keep_result, &pending);
  result = oba_test_await (&pending);
  rows = oba_receipts_rows_finish (result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (rows->len, ==, 1);
  facts = oba_receipt_record_get (rows->pdata[0]);
  g_assert_cmpint (facts->key.receipt_id, ==, 18);
  g_assert_cmpint (facts->kind, ==, OBA_RECEIPT_SALE);
  g_assert_cmpstr (facts->store, ==, "Üçüncü");
  g_assert_cmpint (facts->till, ==, 1);
  g_assert_cmpstr (facts->number, ==, "N18");
  g_assert_cmpstr (facts->cashier, ==, "Aysel");
  g_assert_cmpstr (facts->fiscal_id, ==, "F18");
  g_assert_cmpint (facts->total, ==, 666);
  g_assert_cmpint (facts->n_lines, ==, 2);
  g_assert_false (facts->person);
  g_assert_cmpstr (facts->name, ==, "");
  g_assert_true (facts->answered);
}

/* One in the middle of its family: sale, return, and a return of a second part; the points by lot, with the rule. */
static void
test_one (Fixture       *fixture,
          gconstpointer  unused)
{
  PGconn *conn = fixture->house.conn;
  gint64 id = sale (conn, 100, "A-1", "2024-03-01 12:00+04", 1000);
  g_autofree char *first = call (conn, "return_lines", NULL, "{'original': {'store': 1, 'till': 1, 'receipt_no': 'A-1'}, 'lines': [{'line': 1, 'quantity': 0.4}],"
                                                             " 'reason_code': 'damaged', 'reason': 'torn', 'sold_at': '2024-03-02 12:00+04'}");
  g_autofree char *second = call (conn, "return_lines", NULL, "{'original': {'store': 1, 'till': 1, 'receipt_no': 'A-1'}, 'lines': [{'line': 1, 'quantity': 0.6}],"
                                                              " 'reason_code': 'other', 'sold_at': '2024-03-03 12:00+04'}");
  gint64 at = ask_int (conn, "select (extract (epoch from sold_at) * 1000000)::bigint from oba.receipts where original_receipt_id = %ld order by sold_at limit 1", (long) id);
  gint64 return_id = ask_int (conn, "select receipt_id from oba.receipts where original_receipt_id = %ld order by sold_at limit 1", (long) id);
  ObaReceiptKey key = { 100, at, return_id };
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaReceipt) receipt = NULL;
  ObaReceiptRelative *relative;
  ObaReceiptPoints *points;

  oba_receipts_read_async (fixture->pool, &key, NULL, oba_test_keep_result, &pending);
  result = oba_test_await (&pending);
  receipt = oba_receipts_read_finish (result, &error);
  g_assert_no_error (error);
  g_assert_cmpint (receipt->kind, ==, OBA_RECEIPT_RETURN);
  g_assert_cmpint (receipt->total, ==, -400);
  g_assert_cmpint (receipt->points, ==, -4);
  g_assert_true (receipt->person);
  g_assert_cmpstr (receipt->name, ==, "Əliyeva Aygün");
  g_assert_cmpuint (receipt->lines->len, ==, 1);
  g_assert_cmpint (((ObaReceiptLine *) receipt->lines->pdata[0])->quantity, ==, -400);
  g_assert_cmpuint (receipt->family->len, ==, 3);
  relative = receipt->family->pdata[0];
  g_assert_cmpint (relative->key.receipt_id, ==, id);
  g_assert_cmpint (relative->points, ==, 10);
  relative = receipt->family->pdata[1];
  g_assert_cmpint (relative->key.receipt_id, ==, return_id);
  g_assert_cmpstr (relative->reason_code, ==, "damaged");
  g_assert_cmpstr (relative->reason, ==, "torn");
  relative = receipt->family->pdata[2];
  g_assert_cmpint (relative->points, ==, -6);
  points = receipt->entries->pdata[0];
  g_assert_cmpstr (points->kind, ==, "clawback");
  g_assert_cmpint (points->version, ==, 1);
  g_assert_cmpint (((ObaReceiptLot *) points->lots->pdata[0])->points, ==, -4);

  key.receipt_id = 1;
  g_clear_object (&result);
  g_clear_pointer (&receipt, oba_receipt_unref);
  oba_receipts_read_async (fixture->pool, &key, NULL, oba_test_keep_result, &pending);
  result = oba_test_await (&pending);
  receipt = oba_receipts_read_finish (result, &error);
  g_assert_null (receipt);
}

/* Marketing sees sales, but nobody: no name, and no looking up by card. A filter that is not ours does nothing but fail. */
static void
test_roles (Fixture       *fixture,
            gconstpointer  unused)
{
  PGconn *conn = house_connect (&fixture->house);

  run (conn, "select oba.staff_add ('browse_m', 'M', 'marketing') where not exists (select from oba.staff where login = 'browse_m')");
  run (conn, "set session authorization browse_m");
  assert_ask (conn, "0", "select count(*) from oba.receipt_page ('{}', 'time', true, null, null, null, 600) p,"
                         " oba.receipt_rows (array[p.customer_id], array[p.at], array[p.receipt_id]) r where r.name <> ''");
  assert_ask (conn, "600", "select count(*) from oba.receipt_page ('{\"kinds\": [\"sale\"]}', 'time', true, null, null, null, 1000) p");
  refused (conn, "42501", "select * from oba.receipt_page ('{\"cards\": [\"OBA-0001\"]}', 'time', true, null, null, null, 10)");
  assert_ask (conn, "0", "select count(*) from oba.receipt_page ('{\"unmatched\": \"true; drop table oba.receipts\", \"text\": \"x\"}', 'time; drop', true, null, null, null, 10)");
  assert_ask (conn, "", "select r -> 'customer' ->> 'name' from oba.receipt_page ('{\"customers\": [100]}', 'time', true, null, null, null, 1) p, oba.receipt (p.customer_id, p.at, p.receipt_id) r");
  PQfinish (conn);
}

/* 60,000 receipts over two years: enough for the planner to know what a whole table costs. */
static const char many[] =
  "insert into oba.receipts (customer_id, sold_at, receipt_id, store_id, till_no, receipt_no, cashier, fiscal_id, total, paid_cash, line_count, source)"
  " select case n % 3 when 0 then (select customer_id from oba.walk_ins where store_id = 1 + n % 4) else 100000 + n * 7919 % 9000 end,"
  "  timestamptz '2023-01-01 00:00+04' + n * interval '17 minutes', 20000 + n, 1 + n % 4, 1, 'M' || n, 'K' || n % 300, 'G' || n, n * 7919 % 20000, n * 7919 % 20000, 2, 'import'"
  " from generate_series (1, 60000) n;"
  "insert into oba.receipt_lines (customer_id, sold_at, receipt_id, line_no, product_id, quantity, unit_price, total)"
  " select customer_id, sold_at, receipt_id, l, 10 + (receipt_id * l) % 700, 1000, 100, 100 from oba.receipts, generate_series (1, 2) l where receipt_id > 20000;"
  "insert into oba.receipt_keys (store_id, till_no, receipt_no, customer_id, sold_at, receipt_id)"
  " select store_id, till_no, receipt_no, customer_id, sold_at, receipt_id from oba.receipts where receipt_id > 20000;"
  "analyze oba.receipts, oba.receipt_lines, oba.receipt_keys;";

/* Months without receipts do not count. */
static gboolean
reads_all (const char *step)
{
  const char *table = strstr (step, "Seq Scan on receipt");

  return table != NULL && (strstr (table, "_2023_") != NULL || strstr (table, "_2024_") != NULL);
}

static void
assert_indexed (PGconn     *conn,
                const char *filter,
                const char *sort,
                gboolean    further)
{
  g_autofree char *sql = ask (conn, "select case plan when 'few' then oba.receipt_few_sql (f, s, true, %s, way) else oba.receipt_page_sql (f, s, true, %s, way) end"
                                    " from (values ($j$%s$j$::jsonb, '%s')) v (f, s), oba.receipt_plan (f, s)", further ? "true" : "false", further ? "true" : "false", filter, sort);
  GString *explain = g_string_new (sql);
  g_autofree char *json = g_strdup_printf ("$j$%s$j$::jsonb", filter);
  g_autofree char *from = g_strdup_printf ("oba.receipt_moment (%s #>> '{time,0}', false)", json);
  g_autofree char *before = g_strdup_printf ("oba.receipt_moment (%s #>> '{time,1}', true)", json);
  const char *const values[] = { json, "timestamptz '2024-06-01'", "30000", "128", from, before, "'500'" };
  PGresult *result;

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autofree char *name = g_strdup_printf ("$%u", i + 1);

      g_string_replace (explain, name, values[i], 0);
    }
  g_string_prepend (explain, "explain ");
  result = PQexec (conn, explain->str);
  if (PQresultStatus (result) != PGRES_TUPLES_OK)
    g_error ("%s\n%s", explain->str, PQerrorMessage (conn));
  for (int i = 0; i < PQntuples (result); i++)
    if (reads_all (PQgetvalue (result, i, 0)))
      {
        for (int n = 0; n < PQntuples (result); n++)
          g_printerr ("%s\n", PQgetvalue (result, n, 0));
        g_error ("%s by %s reads a whole table", filter, sort);
      }
  PQclear (result);
  g_string_free (explain, TRUE);
}

/* A filter that reads whole months is one that a clerk waits for. */
static void
test_plans (Fixture       *fixture,
            gconstpointer  unused)
{
  static const char *const filters[] = {
    "{}", "{\"text\":\"M77\"}", "{\"stores\":[2]}", "{\"stores\":[1,2,3]}", "{\"stores\":[2],\"tills\":[1]}", "{\"cashiers\":[\"K7\"]}", "{\"customers\":[100007]}",
    "{\"cards\":[\"OBA-0002\"]}", "{\"products\":[77]}", "{\"products\":[77,78],\"stores\":[1]}", "{\"amount\":[19999,null]}", "{\"amount\":[100,12000]}",
    "{\"kinds\":[\"return\",\"void\"]}", "{\"corrected\":true}", "{\"corrected\":false}", "{\"unmatched\":true}", "{\"time\":[\"2023-05-01\",\"2023-05-02\"]}",
    "{\"products\":[77],\"time\":[\"2023-05-01\",null]}",
  };

  run (fixture->house.conn, "%s", many);
  for (guint i = 0; i < G_N_ELEMENTS (filters); i++)
    {
      assert_indexed (fixture->house.conn, filters[i], "time", FALSE);
      assert_indexed (fixture->house.conn, filters[i], "time", TRUE);
    }
  assert_indexed (fixture->house.conn, "{}", "total", FALSE);
  assert_indexed (fixture->house.conn, "{\"stores\":[2]}", "total", TRUE);
}

int
main (int   argc,
      char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_test_add ("/db/receipts/pages", Fixture, NULL, set_up, test_pages, tear_down);
  g_test_add ("/db/receipts/pages-of-many", Fixture, NULL, set_up, test_pages_of_many, tear_down);
  g_test_add ("/db/receipts/sorts", Fixture, NULL, set_up, test_sorts, tear_down);
  g_test_add ("/db/receipts/sorts-of-many", Fixture, NULL, set_up, test_sorts_of_many, tear_down);
  g_test_add ("/db/receipts/totals", Fixture, NULL, set_up, test_totals, tear_down);
  g_test_add ("/db/receipts/rows", Fixture, NULL, set_up, test_rows, tear_down);
  g_test_add ("/db/receipts/one", Fixture, NULL, set_up, test_one, tear_down);
  g_test_add ("/db/receipts/plans", Fixture, NULL, set_up, test_plans, tear_down);
  g_test_add ("/db/receipts/roles", Fixture, NULL, set_up, test_roles, tear_down);
  status = g_test_run ();
  house_server_stop ();
  return status;
}
