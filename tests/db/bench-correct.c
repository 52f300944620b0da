/*
 * A correction of each kind, looked at and posted, among 4,000,000 receipts: how long the clerk waits, warm and in a connection that has done nothing yet; beside them, in the same run,
 * the bare statements that write the rows of a void.
 * Ends with 1 when one of a hundred takes longer than the product allows, warm. Argument: the script that fills an empty database;
 * OBA_BENCH_DATABASE: one that it has filled before.
 */

#include "oba-test-postgres.h"

#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>

#define TURNS 100
#define NEW_CONNECTIONS 5
#define MAX_POST_MS 100
#define REASON "\"reason_code\": \"cashier_error\", \"reason\": \"as the customer says\""
#define LINE "{\"product\": %d, \"quantity\": 1, \"unit_price\": 250, \"vat\": 38, \"total\": 250}"

/* What the clerk asks for, of RECEIPT, OTHER (a customer) and what was typed from PAPER. */
typedef struct
{
  const char *what;
  const char *request;
  gboolean    of_nobody; /* the receipt has no card */
} Kind;

static const Kind kinds[] = {
  { "return", "{\"kind\": \"return\", \"receipt\": RECEIPT, \"lines\": [{\"line\": 1, \"quantity\": 1}], " REASON "}", FALSE },
  { "void", "{\"kind\": \"void\", \"receipt\": RECEIPT, " REASON "}", FALSE },
  { "change", "{\"kind\": \"change\", \"receipt\": RECEIPT, \"total\": 500, \"lines\": [{\"product\": 1, \"quantity\": 2, \"unit_price\": 250, \"total\": 500}], " REASON "}", FALSE },
  { "move", "{\"kind\": \"move\", \"receipt\": RECEIPT, \"customer_id\": OTHER, " REASON "}", FALSE },
  { "attach", "{\"kind\": \"move\", \"receipt\": RECEIPT, \"customer_id\": OTHER, " REASON "}", TRUE },
  { "missed", "{\"kind\": \"missed\", \"data\": PAPER, " REASON "}", FALSE },
};

static double
milliseconds_since (gint64 start)
{
  return (double) (g_get_monotonic_time () - start) / 1000.0;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return x < y ? -1 : x > y;
}

/* One value; how long it took. */
static char *
ask (PGconn *conn, const char *sql, const char *one, const char *two, double *ms)
{
  const char *values[] = { one, two };
  gint64 start = g_get_monotonic_time ();
  PGresult *result = PQexecParams (conn, sql, two != NULL ? 2 : one != NULL ? 1 : 0, NULL, values, NULL, NULL, 0);
  char *answer;

  if (ms != NULL)
    *ms = milliseconds_since (start);
  if (PQresultStatus (result) != PGRES_TUPLES_OK)
    g_error ("%s", PQerrorMessage (conn));
  answer = g_strdup (PQgetvalue (result, 0, 0));
  PQclear (result);
  return answer;
}

static char *
make_receipt (int customer)
{
  static guint n;
  g_autofree char *number = g_strdup_printf ("B%" G_GINT64_FORMAT "-%u", g_get_real_time (), n++);
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr (GDateTime) at = g_date_time_add_hours (now, -30);
  g_autofree char *sold_at = g_date_time_format_iso8601 (at);
  g_autofree char *whose = customer > 0 ? g_strdup_printf ("\"customer_id\": %d, ", customer) : g_strdup ("");

  return g_strdup_printf ("{\"store\": 7, \"till\": 1, \"receipt_no\": \"%s\", \"sold_at\": \"%s\", %s\"total\": 1250, \"lines\": [" LINE ", " LINE ", " LINE ", " LINE ", " LINE "]}", number,
                          sold_at, whose, g_random_int_range (1, 9000), g_random_int_range (1, 9000), g_random_int_range (1, 9000), g_random_int_range (1, 9000),
                          g_random_int_range (1, 9000));
}

/* What the window does: look, then post exactly that. Returns the correction's number. */
static char *
correct (PGconn *conn, const char *request, double *look, double *post)
{
  g_autofree char *preview = ask (conn, "select oba.preview_correction ($1::jsonb)", request, NULL, look);
  g_autofree char *posted = ask (conn, "select $1::jsonb || jsonb_build_object ('seen', $2::jsonb -> 'seen')", request, preview, NULL);
  g_autofree char *key = g_uuid_string_random ();
  g_autofree char *answer = ask (conn, "select oba.correct_receipt ($1::jsonb, 'app:bench', $2)", posted, key, post);
  char *number = ask (conn, "select coalesce ($1::jsonb ->> 'correction_id', '')", answer, NULL, NULL);

  if (*number == '\0')
    g_error ("%s: %s", request, answer);
  return number;
}

/* @kind of a receipt that was just recorded for @customer, and, with @undone, takes that back: then the undo is timed. */
static void
turn (PGconn *conn, const Kind *kind, int customer, gboolean undone, double *look, double *post)
{
  g_autofree char *sale = make_receipt (kind->of_nobody ? 0 : customer);
  g_autofree char *paper = make_receipt (customer);
  g_autofree char *receipt = ask (conn, "select oba.record_receipt ($1::jsonb)", sale, NULL, NULL);
  g_autofree char *other = g_strdup_printf ("%d", kind->of_nobody ? customer : customer + 1);
  g_autofree char *number = NULL;
  g_autoptr (GString) request = g_string_new (kind->request);

  g_string_replace (request, "RECEIPT", receipt, 0);
  g_string_replace (request, "OTHER", other, 0);
  g_string_replace (request, "PAPER", paper, 0);

  number = correct (conn, request->str, look, post);
  if (undone)
    {
      g_autofree char *undo = g_strdup_printf ("{\"kind\": \"undo\", \"correction_id\": %s, " REASON "}", number);

      g_free (correct (conn, undo, look, post));
    }
}

static gboolean
measure (PGconn *conn, const char *whose, const Kind *kind, int customer, gboolean undone)
{
  double look[TURNS], post[TURNS];

  for (guint i = 0; i < TURNS; i++)
    turn (conn, kind, customer > 0 ? customer : g_random_int_range (10010, 300000), undone, &look[i], &post[i]);
  qsort (look, TURNS, sizeof look[0], compare);
  qsort (post, TURNS, sizeof post[0], compare);
  g_print ("%-30s %-7s%-8s preview p50 %6.1f  p99 %6.1f ms   post p50 %6.1f  p99 %6.1f ms%s\n", whose, undone ? "undo of" : "", kind->what, look[TURNS / 2], look[TURNS - 2],
           post[TURNS / 2], post[TURNS - 2], post[TURNS - 2] > MAX_POST_MS ? "  TOO SLOW" : "");
  return post[TURNS - 2] <= MAX_POST_MS;
}

#define OF_RECEIPT " where r.customer_id = ($1::jsonb ->> 'customer_id')::bigint and r.sold_at = ($1::jsonb ->> 'sold_at')::timestamptz and r.receipt_id = ($1::jsonb ->> 'receipt_id')::bigint"
#define LOT_OF_RECEIPT " where l.customer_id = ($1::jsonb ->> 'customer_id')::bigint and l.receipt_id = ($1::jsonb ->> 'receipt_id')::bigint and l.remaining > 0"

/* The rows of a void, a statement each, with what was recorded as $1. */
static const char *const bare[] = {
  "insert into oba.receipts (customer_id, sold_at, receipt_id, kind, store_id, till_no, receipt_no, total, vat, paid_cash, line_count, original_customer_id, original_sold_at,"
  " original_receipt_id, reason_code, source)"
  " select r.customer_id, now(), nextval ('oba.receipt_ids'), 'void', r.store_id, r.till_no, 'C' || currval ('oba.receipt_ids'), - r.total, - r.vat, - r.paid_cash, r.line_count, r.customer_id,"
  " r.sold_at, r.receipt_id, 'cashier_error', 'staff' from oba.receipts r" OF_RECEIPT " returning receipt_id",
  "insert into oba.receipt_lines (customer_id, sold_at, receipt_id, line_no, product_id, quantity, unit_price, vat, total, original_line_no)"
  " select r.customer_id, now(), currval ('oba.receipt_ids'), r.line_no, r.product_id, - r.quantity, r.unit_price, - r.vat, - r.total, r.line_no from oba.receipt_lines r" OF_RECEIPT
  " returning line_no",
  "insert into oba.ledger_allocations (customer_id, entry_id, lot_id, points) select l.customer_id, nextval ('oba.entry_ids'), l.lot_id, l.remaining from oba.points_lots l" LOT_OF_RECEIPT
  " returning points",
  "insert into oba.points_ledger (customer_id, occurred_at, entry_id, kind, points, receipt_id, receipt_sold_at, source)"
  " select l.customer_id, now(), currval ('oba.entry_ids'), 'clawback', - l.remaining, currval ('oba.receipt_ids'), now(), 'staff' from oba.points_lots l" LOT_OF_RECEIPT " returning points",
  "update oba.points_accounts a set balance = a.balance - 12, updated_at = now() where a.customer_id = ($1::jsonb ->> 'customer_id')::bigint returning balance",
  "update oba.points_lots l set remaining = 0" LOT_OF_RECEIPT " returning lot_id",
  "insert into oba.corrections (kind, reason_code, original_customer_id, original_sold_at, original_receipt_id, reversal_customer_id, reversal_sold_at, reversal_receipt_id, made_by)"
  " select 'void', 'cashier_error', r.customer_id, r.sold_at, r.receipt_id, r.customer_id, now(), currval ('oba.receipt_ids'), session_user from oba.receipts r" OF_RECEIPT
  " returning correction_id",
};

/* Taken back: what is in the database stays whole. */
static void
measure_bare_rows (PGconn *conn)
{
  double times[TURNS];

  for (guint i = 0; i < TURNS; i++)
    {
      g_autofree char *sale = make_receipt (g_random_int_range (10010, 300000));
      g_autofree char *receipt = ask (conn, "select oba.record_receipt ($1::jsonb)", sale, NULL, NULL);
      gint64 start = g_get_monotonic_time ();

      PQclear (PQexec (conn, "begin"));
      for (guint k = 0; k < G_N_ELEMENTS (bare); k++)
        g_free (ask (conn, bare[k], receipt, NULL, NULL));
      times[i] = milliseconds_since (start);
      PQclear (PQexec (conn, "rollback"));
    }
  qsort (times, TURNS, sizeof times[0], compare);
  g_print ("%-30s %-43s post p50 %6.1f  p99 %6.1f ms\n", "its rows in bare statements", "void", times[TURNS / 2], times[TURNS - 2]);
}

static void
measure_new_connections (const char *conninfo)
{
  for (guint k = 0; k < G_N_ELEMENTS (kinds); k++)
    {
      double look[NEW_CONNECTIONS], post[NEW_CONNECTIONS];

      for (guint i = 0; i < NEW_CONNECTIONS; i++)
        {
          PGconn *conn = PQconnectdb (conninfo);

          turn (conn, &kinds[k], g_random_int_range (10010, 300000), FALSE, &look[i], &post[i]);
          PQfinish (conn);
        }
      qsort (look, NEW_CONNECTIONS, sizeof look[0], compare);
      qsort (post, NEW_CONNECTIONS, sizeof post[0], compare);
      g_print ("%-30s %-15s preview p50 %6.1f  longest %6.1f ms   post p50 %6.1f  longest %6.1f ms\n", "first of a new connection", kinds[k].what, look[NEW_CONNECTIONS / 2],
               look[NEW_CONNECTIONS - 1], post[NEW_CONNECTIONS / 2], post[NEW_CONNECTIONS - 1]);
    }
}

static void
fill (const char *conninfo, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) psql =
    g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE, &error, "psql", "-X", "-v", "ON_ERROR_STOP=1", "-1", "-f", path, conninfo, NULL);

  g_assert_no_error (error);
  g_subprocess_wait_check (psql, NULL, &error);
  g_assert_no_error (error);
}

int
main (int argc, char **argv)
{
  g_autoptr (ObaTestPostgres) server = NULL;
  g_autofree char *conninfo = g_strdup (g_getenv ("OBA_BENCH_DATABASE"));
  gboolean well = TRUE;
  PGconn *conn;

  if (conninfo == NULL)
    {
      server = oba_test_postgres_new (OBA_TEST_POSTGRES_MIGRATED);
      conninfo = oba_test_postgres_new_database (server);
      fill (conninfo, argv[argc - 1]);
    }
  conn = PQconnectdb (conninfo);
  if (server != NULL)
    PQclear (PQexec (conn, "vacuum analyze"));
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    well = measure (conn, "anybody", &kinds[i], 0, FALSE) && well;
  measure_bare_rows (conn);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    well = measure (conn, "anybody", &kinds[i], 0, TRUE) && well;
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    well = measure (conn, "who has 5,000 receipts", &kinds[i], 10001, FALSE) && well;
  PQfinish (conn);
  measure_new_connections (conninfo);
  return well ? EXIT_SUCCESS : EXIT_FAILURE;
}
