/*
 * Browsing 4,000,000 receipts with 20,000,000 lines through core/sales as the window does: the first page of every filter (its keys and the rows of it), and the
 * page behind it; the totals of each as they are, for comparison; one receipt with its family.
 * Ends with 1 when the first page of a filter takes longer than the product allows, by the median of several.
 */

#include "oba-test-postgres.h"
#include "oba-test-wait.h"

#include <libpq-fe.h>
#include <stdlib.h>

#include "sales/oba-receipts.h"

#define PAGE 512
#define ROWS 128
#define TURNS 5
#define MAX_PAGE_MS 200

static const char *const filters[] = {
  "{}",
  "{\"text\":\"1234567\"}",
  "{\"text\":\"F1234567\"}",
  "{\"time\":[\"2026-01-01\",\"2026-03-31\"]}",
  "{\"stores\":[7]}",
  "{\"stores\":[1600]}",
  "{\"stores\":[7,8,9,10,11,12,13,14,15,16]}",
  "{\"stores\":[7],\"tills\":[3],\"amount\":[2000,null]}",
  "{\"cashiers\":[\"Kassir 4000\"]}",
  "{\"customers\":[10001]}",
  "{\"customers\":[200000]}",
  "{\"products\":[1]}",
  "{\"products\":[5000]}",
  "{\"products\":[9999]}",
  "{\"products\":[1,2,3],\"amount\":[200000,null]}",
  "{\"products\":[9999],\"stores\":[7]}",
  "{\"products\":[1],\"kinds\":[\"sale\"],\"corrected\":true}",
  "{\"amount\":[200000,null]}",
  "{\"amount\":[1000,1100]}",
  "{\"amount\":[null,-2500]}",
  "{\"kinds\":[\"return\"]}",
  "{\"kinds\":[\"correction\"]}",
  "{\"kinds\":[\"return\",\"void\"],\"stores\":[7]}",
  "{\"corrected\":true}",
  "{\"corrected\":false,\"amount\":[200000,null]}",
  "{\"unmatched\":true}",
  "{\"unmatched\":true,\"cashiers\":[\"Kassir 4000\"],\"time\":[null,\"2026-06-30T12:00\"]}",
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

/* A page as the list asks for it. Returns how many keys. */
static guint
read_page (ObaDbPool *pool, ObaReceiptQuery *query, ObaReceiptPlace **place)
{
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) found = NULL, read = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaReceiptPlace) after = g_steal_pointer (place);
  g_autoptr (GArray) keys = NULL, first = g_array_new (FALSE, FALSE, sizeof (ObaReceiptKey));
  g_autoptr (GPtrArray) rows = NULL;

  oba_receipts_page_async (pool, query, after, PAGE, NULL, oba_test_keep_result, &pending);
  found = oba_test_await (&pending);
  keys = oba_receipts_page_finish (found, place, &error);
  g_assert_no_error (error);
  g_array_append_vals (first, keys->data, MIN (keys->len, ROWS));
  oba_receipts_rows_async (pool, first, NULL, oba_test_keep_result, &pending);
  read = oba_test_await (&pending);
  rows = oba_receipts_rows_finish (read, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (rows->len, ==, first->len);
  return keys->len;
}

static double
count (ObaDbPool *pool, ObaReceiptQuery *query, gint64 *receipts)
{
  gint64 start = g_get_monotonic_time ();
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  ObaReceiptTotals totals;

  oba_receipts_totals_async (pool, query, NULL, oba_test_keep_result, &pending);
  result = oba_test_await (&pending);
  g_assert_true (oba_receipts_totals_finish (result, &totals, NULL));
  *receipts = totals.receipts;
  return milliseconds_since (start);
}

static gboolean
measure (ObaDbPool *pool, const char *json, ObaReceiptSort sort)
{
  g_autoptr (ObaFilter) filter = oba_receipt_filter_from_json (json, NULL);
  g_autoptr (ObaReceiptQuery) query = oba_receipt_query_new (filter, sort, TRUE);
  double times[TURNS], next = 0, first = 0, totals;
  gint64 receipts;
  guint n = 0;

  for (guint i = 0; i < TURNS; i++)
    {
      ObaReceiptPlace *place = NULL;
      gint64 start = g_get_monotonic_time ();

      n = read_page (pool, query, &place);
      times[i] = milliseconds_since (start);
      if (i == 0)
        first = times[i];
      if (place != NULL)
        {
          start = g_get_monotonic_time ();
          read_page (pool, query, &place);
          next = MAX (next, milliseconds_since (start));
        }
      g_clear_pointer (&place, oba_receipt_place_free);
    }
  totals = count (pool, query, &receipts);
  qsort (times, TURNS, sizeof times[0], compare);
  g_print ("%-62s %-6s p50 %7.1f ms  first time %7.1f  longest %7.1f  next page %7.1f  keys %4u  totals of %8ld: %7.0f ms%s\n", json, oba_receipt_sort_get_id (sort),
           times[TURNS / 2], first, times[TURNS - 1], next, n, (long) receipts, totals, times[TURNS / 2] > MAX_PAGE_MS ? "  TOO SLOW" : "");
  return times[TURNS / 2] <= MAX_PAGE_MS;
}

static void
fill (const char *conninfo, const char *file)
{
  g_autofree char *sql = NULL;
  PGconn *conn = PQconnectdb (conninfo);
  gint64 start = g_get_monotonic_time ();
  PGresult *result;

  g_file_get_contents (file, &sql, NULL, NULL);
  result = PQexec (conn, sql);
  if (PQresultStatus (result) != PGRES_TUPLES_OK)
    g_error ("%s", PQerrorMessage (conn));
  PQclear (result);
  PQclear (PQexec (conn, "vacuum analyze"));
  PQfinish (conn);
  g_print ("Filled in %.0f s\n", milliseconds_since (start) / 1000);
}

int
main (int argc, char *argv[])
{
  g_autoptr (ObaTestPostgres) server = NULL;
  g_autofree char *conninfo = g_strdup (g_getenv ("OBA_BENCH_DATABASE"));
  g_autoptr (ObaDbPool) pool = NULL;
  gboolean well = TRUE;

  if (conninfo == NULL)
    {
      server = oba_test_postgres_new (OBA_TEST_POSTGRES_MIGRATED);
      conninfo = oba_test_postgres_new_database (server);
      fill (conninfo, argv[1]);
    }
  pool = oba_db_pool_new (conninfo, 2, OBA_DB_CONNECTION_DEFAULT);
  for (guint i = 0; i < G_N_ELEMENTS (filters); i++)
    well = measure (pool, filters[i], OBA_RECEIPT_SORT_TIME) && well;
  well = measure (pool, "{}", OBA_RECEIPT_SORT_TOTAL) && well;
  well = measure (pool, "{\"stores\":[7]}", OBA_RECEIPT_SORT_TOTAL) && well;
  well = measure (pool, "{\"time\":[\"2026-10-01\",\"2026-10-31\"],\"stores\":[7]}", OBA_RECEIPT_SORT_CASHIER) && well;
  oba_db_pool_close (pool);
  return well ? 0 : 1;
}
