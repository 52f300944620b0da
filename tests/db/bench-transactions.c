/*
 * Browsing 4,000,000 receipts with 20,000,000 lines through core/sales as the window does: the first page (its keys and the rows of it), and the page
 * behind it, of every filter, of every order both ways, and of all pairs of conditions; the exact totals, which the window asks for beside the list;
 * and of a handful of filters the plain statements for the same, in the same run.
 * Ends with 1 when one in twenty first pages of any of them takes longer than the product allows.
 * OBA_BENCH_DATABASE: one that the script of the argument has filled before.
 */

#include "oba-test-postgres.h"
#include "oba-test-wait.h"

#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>

#include "sales/oba-receipts.h"

#define PAGE 128
#define NEXT_PAGE 1024
#define ROWS 128
#define TURNS 3
#define MANY_TURNS 20
#define MAX_PAGE_MS 200
#define SLOW_TOTALS_MS 2000

/* W0, W1: a week; M0, M1: a month; Q0, Q1: three months; all of the last year. */
static const char *const filters[] = {
  "{}",
  "{'text':'1234567'}",
  "{'text':'F1234567'}",
  "{'receipt_no':'R134'}",
  "{'fiscal_id':'F1234567'}",
  "{'text':'nothing'}",
  "{'time':['Q0','Q1']}",
  "{'time':[null,'Q0']}",
  "{'stores':[7]}",
  "{'stores':[1600]}",
  "{'stores':[7,8,9,10,11,12,13,14,15,16]}",
  "{'stores':[7],'tills':[3],'amount':[2000,null]}",
  "{'cashiers':['Kassir 4000']}",
  "{'cashiers':['nobody']}",
  "{'customers':[10001]}",
  "{'customers':[200000]}",
  "{'products':[1]}",
  "{'products':[5000]}",
  "{'products':[9999]}",
  "{'products':[1,2,3],'amount':[200000,null]}",
  "{'products':[1],'kinds':['sale'],'corrected':true}",
  "{'amount':[200000,null]}",
  "{'amount':[1000,1100]}",
  "{'amount':[null,-2500]}",
  "{'kinds':['return']}",
  "{'kinds':['correction']}",
  "{'corrected':true}",
  "{'corrected':false,'amount':[200000,null]}",
  "{'unmatched':true}",
  "{'unmatched':true,'cashiers':['Kassir 4000'],'time':[null,'Q0']}",
};

/*
 * Conditions that are tried two at a time, in every order that the window offers: of each kind what very many receipts meet, what some tens of thousands do, what some hundreds do, and
 * what none does; and what only old receipts meet. Products: one in five receipts has the first, 0.6 % have 50, 0.1 % have 500, 100 receipts have 9999.
 */
static const char *const parts[] = {
  "'time':['Q0','Q1']", "'time':['M0T10:00','M0T10:59']", "'time':[null,'Q0']", "'stores':[7]", "'stores':[7,8,9,10,11,12,13,14,15,16]", "'stores':[1600]", "'stores':[7],'tills':[3]",
  "'stores':[SIXTY]", "'stores':[HUNDRED]", "'cashiers':['Kassir 4000']", "'cashiers':['nobody']", "'customers':[10001]", "'customers':[200000]", "'products':[1]", "'products':[2]",
  "'products':[50]", "'products':[500]", "'products':[9999]", "'products':[SIXTY]", "'amount':[200000,null]", "'amount':[1000,1100]", "'amount':[1500,1510]", "'amount':[100,null]",
  "'amount':[null,-2500]", "'kinds':['return','void']", "'kinds':['sale']", "'kinds':['correction']", "'corrected':true", "'corrected':false", "'unmatched':true", "'unmatched':false",
};

/* What is put in another order than that of time: by the total anything but products and corrections, the rest within a week, or a month of a store. */
static const char *const ordered[] = {
  "{}", "{'stores':[7]}", "{'cashiers':['Kassir 4000']}", "{'customers':[10001]}", "{'kinds':['return']}", "{'amount':[1000,1100]}", "{'unmatched':true}", "{'time':['Q0','Q1']}",
  "{'time':['W0','W1']}", "{'time':['M0','M1'],'stores':[7]}", "{'time':['W0','W1'],'products':[1]}", "{'time':['W0','W1'],'corrected':true}", "{'time':['W0','W1'],'unmatched':true}",
  "{'time':['W0','W1'],'kinds':['return']}", "{'customers':[10001],'products':[1]}",
};

/* What the same would be in plain SQL. */
static const struct { const char *filter, *condition; } plain[] = {
  { "{}", "true" },
  { "{'receipt_no':'R134'}", "r.receipt_no = 'R134'" },
  { "{'stores':[7]}", "r.store_id = 7" },
  { "{'cashiers':['Kassir 4000']}", "r.cashier = 'Kassir 4000'" },
  { "{'customers':[10001]}", "r.customer_id = 10001" },
  { "{'amount':[200000,null]}", "r.total >= 200000" },
  { "{'kinds':['return']}", "r.kind = 'return'" },
  { "{'products':[1]}", "exists (select from oba.receipt_lines l where l.customer_id = r.customer_id and l.sold_at = r.sold_at and l.receipt_id = r.receipt_id and l.product_id = 1)" },
  { "{'products':[9999]}", "exists (select from oba.receipt_lines l where l.customer_id = r.customer_id and l.sold_at = r.sold_at and l.receipt_id = r.receipt_id and l.product_id = 9999)" },
};

/* "101,102,103…" for @name. */
static void
write_numbers (GString *json, const char *name, int n)
{
  g_autoptr (GString) numbers = g_string_new ("101");

  for (int i = 1; i < n; i++)
    g_string_append_printf (numbers, ",%d", 101 + i);
  g_string_replace (json, name, numbers->str, 0);
}

/* JSON with its quotation marks, days and long lists. */
static char *
write_out (const char *text)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  const struct { const char *name; int days; } days[] = { { "W0", 90 }, { "W1", 84 }, { "M0", 90 }, { "M1", 60 }, { "Q0", 300 }, { "Q1", 210 } };
  GString *json = g_string_new (text);

  g_string_replace (json, "'", "\"", 0);
  write_numbers (json, "SIXTY", 60);
  write_numbers (json, "HUNDRED", 100);
  for (guint i = 0; i < G_N_ELEMENTS (days); i++)
    {
      g_autoptr (GDateTime) day = g_date_time_add_days (now, - days[i].days);
      g_autofree char *written = g_date_time_format (day, "%Y-%m-%d");

      g_string_replace (json, days[i].name, written, 0);
    }
  return g_string_free (json, FALSE);
}

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

  oba_receipts_page_async (pool, query, after, after == NULL ? PAGE : NEXT_PAGE, NULL, oba_test_keep_result, &pending);
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

typedef struct
{
  double page, p95, longest, next, totals;
  guint  keys;
  gint64 receipts;
} Measured;

/* A few times; where one of these took long, often enough to know what one of twenty takes. */
static Measured
measure (ObaDbPool *pool, ObaReceiptQuery *query, gboolean totals)
{
  double times[MANY_TURNS];
  guint turns = 0, most = TURNS;
  Measured m = { 0 };

  while (turns < most)
    {
      ObaReceiptPlace *place = NULL;
      gint64 start = g_get_monotonic_time ();

      m.keys = read_page (pool, query, &place);
      times[turns] = milliseconds_since (start);
      if (place != NULL && turns < TURNS)
        {
          start = g_get_monotonic_time ();
          read_page (pool, query, &place);
          m.next = MAX (m.next, milliseconds_since (start));
        }
      g_clear_pointer (&place, oba_receipt_place_free);
      if (times[turns++] > MAX_PAGE_MS / 2.0)
        most = MANY_TURNS;
    }
  if (totals)
    m.totals = count (pool, query, &m.receipts);
  qsort (times, turns, sizeof times[0], compare);
  m.page = times[turns / 2];
  m.p95 = times[(turns * 19 - 1) / 20]; /* of twenty the nineteenth: one in twenty may take longer */
  m.longest = times[turns - 1];
  return m;
}

static void
show (ObaReceiptQuery *query, const Measured *m)
{
  g_print ("%-72s %-8s %-4s p50 %7.1f ms  p95 %7.1f  longest %7.1f  next page %7.1f  keys %4u", oba_receipt_query_get_json (query),
           oba_receipt_sort_get_id (oba_receipt_query_get_sort (query)), oba_receipt_query_is_descending (query) ? "desc" : "asc", m->page, m->p95, m->longest, m->next, m->keys);
  if (m->totals > 0)
    g_print ("  totals of %8ld: %7.0f ms", (long) m->receipts, m->totals);
  g_print ("%s\n", m->p95 > MAX_PAGE_MS ? "  TOO SLOW" : "");
}

/* What all pages of a part of the run took. */
typedef struct
{
  GArray *p95; /* of each */
  guint   slow;
} Sum;

static Sum
sum_new (void)
{
  return (Sum) { g_array_new (FALSE, FALSE, sizeof (double)), 0 };
}

static gboolean
sum_end (Sum *sum, const char *of)
{
  g_array_sort (sum->p95, compare);
  g_print ("%s: %u, p95 of the first page: median %.1f ms, of one in a hundred %.1f ms, longest %.1f ms; %u too slow\n", of, sum->p95->len,
           g_array_index (sum->p95, double, sum->p95->len / 2), g_array_index (sum->p95, double, sum->p95->len * 99 / 100),
           g_array_index (sum->p95, double, sum->p95->len - 1), sum->slow);
  g_array_unref (sum->p95);
  return sum->slow == 0;
}

/* In every order that the window offers for it, or newest first only. With @all every line is shown, else those that take long. */
static void
measure_filter (ObaDbPool *pool, const char *text, gboolean orders, gboolean all, Sum *sum)
{
  g_autofree char *json = write_out (text);
  g_autoptr (ObaFilter) filter = oba_receipt_filter_from_json (json, NULL);

  g_assert_nonnull (filter);
  for (guint sort = 0; sort < (orders ? OBA_RECEIPT_N_SORTS : 1); sort++)
    for (int descending = 1; descending >= (orders ? 0 : 1); descending--)
      {
        g_autoptr (ObaReceiptQuery) query = oba_receipt_query_new (filter, sort, descending == 1);
        Measured m;

        if (!oba_receipt_sort_can (sort, filter))
          continue;
        m = measure (pool, query, sort == OBA_RECEIPT_SORT_TIME && descending == 1);
        g_array_append_val (sum->p95, m.p95);
        sum->slow += m.p95 > MAX_PAGE_MS;
        if (all || m.p95 > MAX_PAGE_MS / 2.0 || m.totals > SLOW_TOTALS_MS)
          show (query, &m);
      }
}

static gboolean
measure_filters (ObaDbPool *pool)
{
  Sum sum = sum_new ();

  for (guint i = 0; i < G_N_ELEMENTS (filters); i++)
    measure_filter (pool, filters[i], FALSE, TRUE, &sum);
  return sum_end (&sum, "Filters");
}

static gboolean
measure_orders (ObaDbPool *pool)
{
  Sum sum = sum_new ();

  for (guint i = 0; i < G_N_ELEMENTS (ordered); i++)
    measure_filter (pool, ordered[i], TRUE, TRUE, &sum);
  return sum_end (&sum, "Filters in every order");
}

static gboolean
measure_pairs (ObaDbPool *pool)
{
  Sum sum = sum_new ();

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    for (guint j = i + 1; j < G_N_ELEMENTS (parts); j++)
      {
        g_autofree char *both = g_strdup_printf ("{%s,%s}", parts[i], parts[j]);

        /* The same condition twice says nothing. */
        if (strncmp (parts[i], parts[j], (gsize) (strchr (parts[i], ':') - parts[i])) != 0)
          measure_filter (pool, both, TRUE, FALSE, &sum);
      }
  return sum_end (&sum, "Pairs of conditions in every order");
}

/* Milliseconds, the median of a few. */
static double
time_plain (PGconn *conn, const char *what, const char *condition, const char *order)
{
  g_autofree char *sql = g_strdup_printf ("select %s from oba.receipts r where %s%s", what, condition, order);
  double times[TURNS];

  for (guint i = 0; i < TURNS; i++)
    {
      gint64 start = g_get_monotonic_time ();
      PGresult *result = PQexec (conn, sql);

      if (PQresultStatus (result) != PGRES_TUPLES_OK)
        g_error ("%s: %s", sql, PQerrorMessage (conn));
      PQclear (result);
      times[i] = milliseconds_since (start);
    }
  qsort (times, TURNS, sizeof times[0], compare);
  return times[TURNS / 2];
}

static void
measure_plain (ObaDbPool *pool, const char *conninfo)
{
  PGconn *conn = PQconnectdb (conninfo);

  for (guint i = 0; i < G_N_ELEMENTS (plain); i++)
    {
      g_autofree char *json = write_out (plain[i].filter);
      g_autoptr (ObaFilter) filter = oba_receipt_filter_from_json (json, NULL);
      g_autoptr (ObaReceiptQuery) query = oba_receipt_query_new (filter, OBA_RECEIPT_SORT_TIME, TRUE);
      Measured m = measure (pool, query, TRUE);
      double page = time_plain (conn, "r.*", plain[i].condition, " order by r.sold_at desc, r.receipt_id desc limit " G_STRINGIFY (PAGE));
      double totals = time_plain (conn, "count (*), sum (r.total)", plain[i].condition, "");

      g_print ("%-36s first page %7.1f ms, plain statement %8.1f ms   totals %7.0f ms, plain statement %7.0f ms\n", json, m.page, page, m.totals, totals);
    }
  PQfinish (conn);
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
  /* As the helper's job does; only a later transaction sees these as finished. */
  PQclear (PQexec (conn, "select oba.fold_receipt_totals ()"));
  PQfinish (conn);
  g_print ("Filled in %.0f s\n", milliseconds_since (start) / 1000);
}

int
main (int argc, char *argv[])
{
  g_autoptr (ObaTestPostgres) server = NULL;
  g_autofree char *conninfo = g_strdup (g_getenv ("OBA_BENCH_DATABASE"));
  g_autoptr (ObaDbPool) pool = NULL;
  gboolean well;

  if (conninfo == NULL)
    {
      server = oba_test_postgres_new (OBA_TEST_POSTGRES_MIGRATED);
      conninfo = oba_test_postgres_new_database (server);
      fill (conninfo, argv[argc - 1]);
    }
  pool = oba_db_pool_new (conninfo, 2, OBA_DB_CONNECTION_DEFAULT);
  well = measure_filters (pool);
  measure_plain (pool, conninfo);
  well = measure_orders (pool) && well;
  well = measure_pairs (pool) && well;
  oba_db_pool_close (pool);
  return well ? EXIT_SUCCESS : EXIT_FAILURE;
}
