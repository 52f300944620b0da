/* A finished import is taken back as a whole, whatever has happened with what it brought. */
#include "schema-house.h"

#include <string.h>

/* As the importer does it, by the owner: rows of a file staged, checked, merged, posted. */
static gint64
import_customers (House *house, const char *values)
{
  g_autofree char *batch = ask (house->conn, "begin; select oba.import_stage ('customers');"
                                             "insert into pg_temp.import_rows (line, phone, external_id, given_name, family_name) values %s;"
                                             "select oba.import_check ('customers', '{}'); select oba.import_merge ('customers', '{\"file\": \"people.csv\"}')", values);

  run (house->conn, "commit");
  return g_ascii_strtoll (batch, NULL, 10);
}

static gint64
import_sales (House *house, const char *values)
{
  static const char options[] = "{\"file\": \"sales.csv\", \"create\": [\"stores\", \"customers\", \"products\"]}";
  g_autofree char *batch = ask (house->conn, "begin; select oba.import_stage ('sales');"
                                             "insert into pg_temp.import_rows (line, store, till, receipt_no, sold_at, customer, product, quantity, total, discount, vat) values %s;"
                                             "select oba.import_check ('sales', '%s'); select oba.import_merge ('sales', '%s')", values, options, options);

  run (house->conn, "select oba.import_post (%s); commit; select oba.fold_rollups ()", batch);
  return g_ascii_strtoll (batch, NULL, 10);
}

/* Steps of @most rows until it is done. Returns how many. */
static guint
reverse (PGconn *conn, gint64 batch, int most)
{
  for (guint i = 1;; i++)
    {
      g_autofree char *answer = call (conn, "reverse_batch", NULL, "{'batch_id': %" G_GINT64_FORMAT ", 'most': %d}", batch, most);

      if (strstr (answer, "\"done\": true") != NULL)
        return i;
      g_assert_cmpuint (i, <, 100);
    }
}

#define PEOPLE "(1, '+994501110001', 'x1', 'Aysel', 'One'), (2, '+994501110002', 'x2', 'Leyla', 'Two'), (3, '+994501110003', 'x3', 'Nigar', 'Three'), " \
               "(4, '+994501110004', 'x4', 'Murad', 'Four'), (5, null, 'x5', 'Elçin', 'Five')"

/* Who was not touched since goes, and the phone is free; who was changed, bought or got a card stays, and is listed with the reason. */
static void
test_customers (House *house, gconstpointer data)
{
  gint64 batch = import_customers (house, PEOPLE);
  gint64 first = ask_int (house->conn, "select min (customer_id) from oba.customers where batch_id = %" G_GINT64_FORMAT, batch);

  g_free (call (house->conn, "update_customer", NULL, "{'customer_id': %" G_GINT64_FORMAT ", 'version': 1, 'changes': {'city': 'Bakı'}}", first));
  sale (house->conn, first + 1, "K-1", "now", 500);
  run (house->conn, "insert into oba.cards (token_hash, number, customer_id) values (sha256 ('t'), 'C-0001', %" G_GINT64_FORMAT ")", first + 2);
  assert_ask (house->conn, "2 3", "select (p ->> 'customers') || ' ' || (p ->> 'kept') from oba.preview_reversal (%" G_GINT64_FORMAT ") p", batch);
  reverse (house->conn, batch, 2);
  assert_ask (house->conn, "changed bought card", "select string_agg (reason, ' ' order by customer_id) from oba.batch_kept (%" G_GINT64_FORMAT ")", batch);
  assert_ask (house->conn, "active active active erased erased", "select string_agg (status, ' ' order by customer_id) from oba.customers where batch_id = %" G_GINT64_FORMAT, batch);
  assert_ask (house->conn, "reversed t 2 3", "select concat_ws (' ', state, reversed_by = session_user, reversal ->> 'customers', reversal ->> 'kept') from oba.import_batches where batch_id = %" G_GINT64_FORMAT, batch);
  assert_ask (house->conn, "0", "select count (*) from oba.customer_phones where phone in ('+994501110004')");
  all_is_well (house);
  /* The mended file: those who stayed are known, the others come anew under their phones. */
  import_customers (house, PEOPLE);
  assert_ask (house->conn, "1", "select count (*) from oba.customers where phone = '+994501110004' and status = 'active'");
  assert_ask (house->conn, "5", "select count (*) from oba.customers where status = 'active' and customer_id >= %" G_GINT64_FORMAT, first);
  all_is_well (house);
}

#define SALES "(1, 'S9', 1, 'A1', '2024-05-01 10:00+04', 'i:e1', 'c:P9', 2000, 1000, 0, 0), (2, 'S9', 1, 'A2', '2024-05-02 10:00+04', 'i:e1', 'c:P9', 1000, 550, 0, 0), " \
              "(3, 'S9', 1, 'A3', '2024-05-02 11:00+04', null, 'c:P9', 1000, 300, 0, 0), (4, 'S9', 1, 'A4', '2024-05-03 10:00+04', 'i:e2', 'c:P8', 3000, 999, 0, 0)"

/* Some of it was returned at the till meanwhile: only the rest is reversed, points are never taken twice, and the money is back to what it was. */
static void
test_sales (House *house, gconstpointer data)
{
  gint64 before = ask_int (house->conn, "select coalesce (sum (total), 0) from oba.receipts");
  gint64 batch = import_sales (house, SALES);
  gint64 store = ask_int (house->conn, "select store_id from oba.stores where code = 'S9'");

  assert_ask (house->conn, "10 5 9", "select string_agg (points::text, ' ' order by occurred_at) from oba.points_ledger where batch_id = %" G_GINT64_FORMAT, batch);
  g_free (call (house->conn, "return_lines", NULL, "{'original': {'store': %" G_GINT64_FORMAT ", 'till': 1, 'receipt_no': 'A1'}, 'lines': [{'line': 1, 'quantity': 1}], 'reason_code': 'x', 'source': 'staff'}", store));
  assert_ask (house->conn, "4 2349 24", "select concat_ws (' ', p ->> 'receipts', p ->> 'money', p ->> 'points') from oba.preview_reversal (%" G_GINT64_FORMAT ") p", batch);
  reverse (house->conn, batch, 1);
  g_assert_cmpint (ask_int (house->conn, "select sum (total) from oba.receipts"), ==, before);
  assert_ask (house->conn, "0", "select sum (balance) from oba.points_accounts where customer_id in (select customer_id from oba.customers where batch_id = %" G_GINT64_FORMAT ")", batch);
  assert_ask (house->conn, "import-reversed 4", "select min (reason_code) || ' ' || count (*) from oba.receipts where kind = 'void'");
  /* Nobody is written to about it, and the customers who were made for it go; e1 came back to return something and stays. */
  assert_ask (house->conn, "0", "select count (*) from oba.outbox");
  assert_ask (house->conn, "active erased", "select string_agg (status, ' ' order by customer_id) from oba.customers where batch_id = %" G_GINT64_FORMAT, batch);
  assert_ask (house->conn, "2 1", "select (reversal ->> 'products') || ' ' || (reversal ->> 'stores') from oba.import_batches where batch_id = %" G_GINT64_FORMAT, batch);
  run (house->conn, "select oba.fold_rollups ()");
  all_is_well (house);
  /* Once more is nothing more. */
  g_assert_cmpuint (reverse (house->conn, batch, 100), ==, 1);
  g_assert_cmpint (ask_int (house->conn, "select sum (total) from oba.receipts"), ==, before);
}

static void
assert_points (House *house, const char *external_id, const char *expected)
{
  assert_ask (house->conn, expected, "select concat_ws (' ', balance, owed) from oba.points_accounts where customer_id = (select oba.customer_root (customer_id) from oba.customer_external_ids where external_id = '%s')",
              external_id);
}

/*
 * What the rules gave for it goes, too, also after its customer was merged with another and has spent some; what the file gives when it comes again is what it gave, gifts of the first purchase
 * included, since nothing of it ever happened. Taken apart after that, each has what their own receipts say.
 */
static void
test_rules_and_merge (House *house, gconstpointer data)
{
  gint64 batch;
  g_autofree char *merged = NULL;

  run (house->conn, "insert into oba.earning_rules (rule_id, version, kind, name, state, parameters) values (10, 1, 'multiplier', 'Twice', 'live', '{\"factor\": 2000, \"valid_months\": 600}'),"
                    " (11, 1, 'bonus', 'First', 'live', '{\"points\": 500, \"per\": \"receipt\", \"first_purchase\": true, \"once\": \"ever\"}'),"
                    " (12, 1, 'cap', 'Eight a day', 'live', '{\"points\": 8}')");
  batch = import_sales (house, SALES);
  assert_points (house, "e1", "528 0"); /* 10 and 8, 5 and 5, and the gift */
  assert_points (house, "e2", "517 0"); /* 9 and 8, and the gift */
  merged = ask (house->conn, "select oba.merge_customers (jsonb_build_object ('source', customer_id, 'survivor', 100), null) from oba.customer_external_ids where external_id = 'e1'");
  g_free (call (house->conn, "redeem_points", NULL, "{'customer_id': 100, 'points': 30}"));
  all_is_well (house);
  assert_ask (house->conn, "4 2849 1045", "select concat_ws (' ', p ->> 'receipts', p ->> 'money', p ->> 'points') from oba.preview_reversal (%" G_GINT64_FORMAT ") p", batch);
  reverse (house->conn, batch, 1);
  assert_points (house, "e1", "-30 30");
  assert_ask (house->conn, "0", "select sum (points) from oba.points_ledger where kind in ('earn', 'bonus', 'clawback')");
  run (house->conn, "select oba.fold_rollups ()");
  all_is_well (house);

  import_sales (house, SALES);
  assert_points (house, "e1", "498 0");
  assert_points (house, "e2", "517 0");
  run (house->conn, "select oba.fold_rollups ()");
  all_is_well (house);
  run (house->conn, "select oba.unmerge_customers ('{\"merge_id\": %s}', null)", merged);
  all_is_well (house);
}

/* Rejected lines of a file, "line reason". Nothing is kept. */
static char *
check_sales (House *house, const char *values)
{
  char *rejects = ask (house->conn, "begin; select oba.import_stage ('sales');"
                                    "insert into pg_temp.import_rows (line, store, till, receipt_no, sold_at, customer, product, quantity, total, discount, vat) values %s;"
                                    "select oba.import_check ('sales', '{\"create\": [\"stores\", \"customers\", \"products\"]}');"
                                    "select coalesce (string_agg (line || ' ' || reason, ', ' order by line), '') from pg_temp.import_rejects", values);

  run (house->conn, "rollback");
  return rejects;
}

/* The mended file, or the same one, can be booked: the numbers of what was taken back are free, for tills, too. Only what a customer had
   brought back meanwhile is left to a person: booked again, that return would count for nothing. */
static void
test_sales_again (House *house, gconstpointer data)
{
  gint64 before = ask_int (house->conn, "select coalesce (sum (total), 0) from oba.receipts");
  gint64 batch = import_sales (house, SALES);
  gint64 store = ask_int (house->conn, "select store_id from oba.stores where code = 'S9'");
  g_autofree char *again = NULL;

  g_free (call (house->conn, "return_lines", NULL, "{'original': {'store': %" G_GINT64_FORMAT ", 'till': 1, 'receipt_no': 'A1'}, 'lines': [{'line': 1, 'quantity': 1}], 'reason_code': 'x', 'source': 'staff'}", store));
  g_free (call (house->conn, "reverse_batch", NULL, "{'batch_id': %" G_GINT64_FORMAT ", 'most': 2}", batch));
  again = check_sales (house, SALES);
  g_assert_true (g_str_has_prefix (again, "1 reversing, "));
  reverse (house->conn, batch, 1);
  g_assert_cmpint (ask_int (house->conn, "select sum (total) from oba.receipts"), ==, before);
  g_free (again);
  again = check_sales (house, SALES);
  g_assert_cmpstr (again, ==, "1 returned");

  g_assert_cmpint (import_sales (house, SALES), >, batch);
  g_assert_cmpint (ask_int (house->conn, "select sum (total) from oba.receipts"), ==, before + 550 + 300 + 999);
  assert_ask (house->conn, "A1 1, A2 2, A3 2, A4 2", "select string_agg (no, ', ') from (select receipt_no || ' ' || count (*) as no from oba.receipts where kind = 'sale' and store_id = %" G_GINT64_FORMAT
              " group by receipt_no order by 1) x", store);
  assert_ask (house->conn, "9", "select sum (balance) from oba.points_accounts a join oba.customer_external_ids x using (customer_id) where external_id = 'e2'");
  /* The store was closed and its products withdrawn; the sales name them again. */
  assert_ask (house->conn, "t", "select closed_on is null and withdrawn_at is null from oba.stores where code = 'S9'");
  assert_ask (house->conn, "2", "select count (*) from oba.products where code in ('P8', 'P9') and withdrawn_at is null");
  run (house->conn, "select oba.fold_rollups ()");
  all_is_well (house);

  /* A return at the till finds the booking that stands. */
  g_free (call (house->conn, "return_lines", NULL, "{'original': {'store': %" G_GINT64_FORMAT ", 'till': 1, 'receipt_no': 'A4'}, 'lines': [{'line': 1, 'quantity': 1}], 'reason_code': 'x', 'source': 'staff'}", store));
  again = (g_free (again), check_sales (house, SALES));
  g_assert_cmpstr (again, ==, "1 returned");
  all_is_well (house);
}

/* No other key goes, whoever asks. */
static void
test_keys_stay (House *house, gconstpointer data)
{
  import_sales (house, SALES);
  refused (house->conn, "OB009", "delete from oba.receipt_keys where receipt_no = 'A2'");
  refused (house->conn, "OB009", "update oba.receipt_keys set till_no = 2 where receipt_no = 'A2'");
  refused (house->conn, "OB009", "truncate oba.receipt_keys");
}

/* A step waits for no import, and takes nothing away from one that is about to use it. */
static void
test_while_importing (House *house, gconstpointer data)
{
  gint64 batch = import_sales (house, SALES);
  PGconn *importer = house_connect (house);

  run (importer, "begin; select pg_advisory_xact_lock (hashtext ('oba.import'))");
  call_refused (house->conn, "OB013", "reverse_batch", "{'batch_id': %" G_GINT64_FORMAT "}", batch);
  run (importer, "rollback");
  PQfinish (importer);
  reverse (house->conn, batch, 100);
}

/* Stores and products that went come back with the next file. */
static void
test_stores_again (House *house, gconstpointer data)
{
  static const char stage[] = "begin; select oba.import_stage ('stores'); insert into pg_temp.import_rows (line, code, name) values (1, 'N1', 'Nizami');"
                              "select oba.import_check ('stores', '{}') ->> 'updated'";
  g_autofree char *first = ask (house->conn, "%s; select oba.import_merge ('stores', '{}')", stage), *second = NULL;

  run (house->conn, "commit");
  reverse (house->conn, g_ascii_strtoll (first, NULL, 10), 100);
  assert_ask (house->conn, "t", "select closed_on is not null from oba.stores where code = 'N1'");
  assert_ask (house->conn, "1", stage);
  second = ask (house->conn, "select oba.import_merge ('stores', '{}')");
  run (house->conn, "commit");
  assert_ask (house->conn, "t", "select closed_on is null from oba.stores where code = 'N1'");
  /* It is the second file's now. */
  reverse (house->conn, g_ascii_strtoll (second, NULL, 10), 100);
  assert_ask (house->conn, "t", "select closed_on is not null from oba.stores where code = 'N1'");
  all_is_well (house);
}

/* Points that were spent meanwhile are owed; nothing is taken from what others gave. */
static void
test_spent (House *house, gconstpointer data)
{
  gint64 batch = import_sales (house, "(1, 'S9', 1, 'A1', now() - interval '3 days', 'i:e1', 'c:P9', 1000, 100000, 0, 0)");
  gint64 customer = ask_int (house->conn, "select customer_id from oba.customers where batch_id = %" G_GINT64_FORMAT, batch);

  g_free (call (house->conn, "redeem_points", NULL, "{'customer_id': %" G_GINT64_FORMAT ", 'points': 800}", customer));
  reverse (house->conn, batch, 10);
  assert_ask (house->conn, "-800 800", "select balance || ' ' || owed from oba.points_accounts where customer_id = %" G_GINT64_FORMAT, customer);
  assert_ask (house->conn, "points", "select string_agg (reason, '') from oba.batch_kept (%" G_GINT64_FORMAT ")", batch);
  run (house->conn, "select oba.fold_rollups ()");
  all_is_well (house);
}

typedef struct
{
  House  *house;
  gint64  batch;
} Worker;

static gpointer
reverse_thread (gpointer data)
{
  Worker *worker = data;
  PGconn *conn = house_connect (worker->house);

  reverse (conn, worker->batch, 7);
  PQfinish (conn);
  return NULL;
}

static gpointer
sell_thread (gpointer data)
{
  Worker *worker = data;
  PGconn *conn = house_connect (worker->house);

  for (guint i = 0; i < 40; i++)
    {
      g_autofree char *no = g_strdup_printf ("N-%u", i);
      g_autofree char *id = ask (conn, "select customer_id from oba.customers where batch_id = %" G_GINT64_FORMAT " and status = 'active' order by md5 (customer_id::text || %u) limit 1",
                                 worker->batch, i);

      /* Whoever is erased at this very moment buys as a walk-in, or is refused. */
      if (*id != '\0')
        g_free (ask (conn, "select oba.record_receipt ('{\"store\": 1, \"till\": 1, \"receipt_no\": \"%s\", \"sold_at\": \"%s\", \"customer_id\": %s, \"source\": \"till\", \"total\": 300,"
                           " \"lines\": [{\"product\": 1, \"quantity\": 3, \"unit_price\": 100, \"total\": 300}]}', 'test', '%s')", no, "2024-06-01T10:00:00+04", id, no));
    }
  PQfinish (conn);
  return NULL;
}

/* Two people reverse the same import at once while its customers go on buying: it is reversed once, and every total holds. */
static void
test_two_at_once (House *house, gconstpointer data)
{
  g_autoptr (GString) rows = g_string_new (NULL);
  Worker worker = { house, 0 };
  GThread *threads[3];

  for (guint i = 0; i < 60; i++)
    g_string_append_printf (rows, "%s(%u, 'S9', 1, 'A%u', '2024-05-01 10:00+04', 'i:e%u', 'c:P9', 2000, %u, 0, 0)", i > 0 ? ", " : "", i + 1, i, i % 20, 500 + i);
  run (house->conn, "select oba.ensure_partitions ('2024-05-01', '2024-07-01')");
  worker.batch = import_sales (house, rows->str);
  threads[0] = g_thread_new ("one", reverse_thread, &worker);
  threads[1] = g_thread_new ("two", reverse_thread, &worker);
  threads[2] = g_thread_new ("till", sell_thread, &worker);
  for (guint i = 0; i < 3; i++)
    g_thread_join (threads[i]);
  assert_ask (house->conn, "60", "select reversal ->> 'receipts' from oba.import_batches where batch_id = %" G_GINT64_FORMAT, worker.batch);
  assert_ask (house->conn, "0", "select sum (total) from oba.receipts where batch_id = %" G_GINT64_FORMAT " or batch_id in (select batch_id from oba.import_batches where reverses = %" G_GINT64_FORMAT ")",
              worker.batch, worker.batch);
  run (house->conn, "select oba.fold_rollups ()");
  all_is_well (house);
}

/* Stopped after some steps, the rest is done by whoever goes on; the key makes a step happen once. */
static void
test_resumed (House *house, gconstpointer data)
{
  gint64 batch = import_sales (house, SALES);
  g_autofree char *one = call (house->conn, "reverse_batch", "k1", "{'batch_id': %" G_GINT64_FORMAT ", 'most': 2}", batch);
  g_autofree char *again = call (house->conn, "reverse_batch", "k1", "{'batch_id': %" G_GINT64_FORMAT ", 'most': 2}", batch);

  g_assert_nonnull (strstr (again, "\"replayed\": true"));
  assert_ask (house->conn, "reversing 2", "select state || ' ' || (reversal ->> 'receipts') from oba.import_batches where batch_id = %" G_GINT64_FORMAT, batch);
  run (house->conn, "select oba.fold_rollups ()");
  all_is_well (house);
  reverse (house->conn, batch, 100);
  assert_ask (house->conn, "reversed 4", "select state || ' ' || (reversal ->> 'receipts') from oba.import_batches where batch_id = %" G_GINT64_FORMAT, batch);
  run (house->conn, "select oba.fold_rollups ()");
  all_is_well (house);
}

static void
test_refusals (House *house, gconstpointer data)
{
  run (house->conn, "insert into oba.import_batches (batch_id, kind) values (900, 'demo'), (901, 'sales')");
  call_refused (house->conn, "OB002", "reverse_batch", "{'batch_id': 12345}");
  call_refused (house->conn, "OB006", "reverse_batch", "{'batch_id': 900}");
  call_refused (house->conn, "OB013", "reverse_batch", "{'batch_id': 901}");
  call_refused (house->conn, "OB001", "reverse_batch", "{'batch_id': 901, 'most': 0}");
  run (house->conn, "select oba.staff_add ('rev_clerk', 'C', 'clerk'); set session authorization rev_clerk");
  refused (house->conn, "42501", "select oba.reverse_batch ('{\"batch_id\": 900}')");
  refused (house->conn, "42501", "select oba.preview_reversal (900)");
  run (house->conn, "reset session authorization");
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/reversal/" name, House, NULL, house_setup, func, house_teardown)
  ADD ("customers", test_customers);
  ADD ("sales", test_sales);
  ADD ("rules-and-merge", test_rules_and_merge);
  ADD ("sales-again", test_sales_again);
  ADD ("keys-stay", test_keys_stay);
  ADD ("while-importing", test_while_importing);
  ADD ("stores-again", test_stores_again);
  ADD ("spent", test_spent);
  ADD ("two-at-once", test_two_at_once);
  ADD ("resumed", test_resumed);
  ADD ("refusals", test_refusals);
  status = g_test_run ();
  house_server_stop ();
  return status;
}
