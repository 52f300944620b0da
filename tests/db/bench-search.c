/*
 * The one search field at a million customers: every kind of key that a clerk may have on the phone, each with many different customers, as the window asks for it
 * (oba_customers_search_async(): the first 200 in their order); beside it, in turns, what a search without any of it would be: ILIKE over the same columns.
 * Ends with 1 when the 99th percentile of one kind of key is above the product's limit.
 *
 * Then a text together with other conditions, or in the order of another column, the first page as the list asks for it; beside it the plain way: all that the text
 * finds, then the rest of it.
 *
 * bench-search FILL.sql [CUSTOMERS [KIND]]; $OBA_BENCH_DATABASE: a database that was filled by an earlier run, instead of making one.
 */

#include "oba-test-postgres.h"
#include "oba-test-wait.h"

#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>

#include "customers/oba-customers.h"

#define N_CUSTOMERS 1000000
#define N_KEYS 100
#define N_PLAIN 1
#define PAGE 200

#define MAX_MS 100
#define MAX_MIXED_MS 200
#define N_MIXED_KEYS 40

typedef struct
{
  const char *what;
  const char *key;    /* of n (1, 2...), c (a customer), d (a card), e (somebody who has an e-mail address), r (a receipt) */
} Kind;

/* Of a customer chosen by chance: what somebody would type who looks for this one. */
static const Kind kinds[] = {
  { "name, as it is written", "c.family_name || ' ' || c.given_name" },
  { "name, Latin without diacritics", "translate (c.family_name || ' ' || c.given_name, 'ƏəĞğŞşÇçÖöÜüİı', 'AaGgSsCcOoUuIi')" },
  { "name, Cyrillic", "translate (replace (replace (c.family_name, 'ye', 'е'), 'ya', 'я'), 'AaƏəBbCcÇçDdEeFfGgĞğHhXxIıİiJjKkQqLlMmNnOoÖöPpRrSsŞşTtUuÜüVvYyZz',"
                      " 'АаАаБбДдЧчДдЕеФфГгГгГгХхИиИиЖжКкГгЛлМмНнОоОоПпРрСсШшТтУуУуВвЙйЗз')" },
  { "given name, then family name", "c.given_name || ' ' || c.family_name" },
  { "given name and patronymic", "c.given_name || ' ' || c.patronymic" },
  { "family name", "c.family_name" },
  { "given name", "c.given_name" },
  { "a very common family name", "(array['Məmmədov', 'memmedova', 'Мамедов', 'Əliyev', 'aliyeva'])[1 + n % 5]" },
  { "beginning of a name, 3 letters", "left (c.family_name, 3)" },
  { "beginnings of two words", "left (c.family_name, 2) || ' ' || left (c.given_name, 2)" },
  { "middle of a name", "substr (c.family_name, 2, 5)" },
  { "end of a name and another", "right (c.family_name, 4) || ' ' || c.given_name" },
  { "two letters, far apart", "left (c.given_name, 1) || ' ' || c.family_name" },
  { "one letter", "left (c.given_name, 1)" },
  { "patronymic's ending", "(array['oğlu', 'qızı', 'oglu', 'qizi', 'оглы'])[1 + n % 5]" },
  { "family name and 4 digits of the phone", "c.family_name || ' ' || right (c.phone, 4)" },
  { "phone, +994501234567", "c.phone" },
  { "phone, 0501234567", "'0' || substr (c.phone, 5)" },
  { "phone, (050) 123-45-67", "regexp_replace (c.phone, '.994(..)(...)(..)(..)', '(0\\1) \\2-\\3-\\4')" },
  { "phone, 00994 50 123 45 67", "regexp_replace (c.phone, '.994(..)(...)(..)(..)', '00994 \\1 \\2 \\3 \\4')" },
  { "phone, 50 123 4567", "regexp_replace (c.phone, '.994(..)(...)(....)', '\\1 \\2 \\3')" },
  { "phone, its beginning", "regexp_replace (c.phone, '.994(..)(...)(..)(..)', '0\\1 \\2')" },
  { "phone, the last 4", "right (c.phone, 4)" },
  { "phone, the last 7", "right (c.phone, 7)" },
  { "phone, 3 digits in the middle", "substr (c.phone, 8, 3)" },
  { "phone, operator only", "(array['050', '055', '+99477', '099'])[1 + n % 4]" },
  { "card number", "d.number" },
  { "card number, grouped by fours", "regexp_replace (d.number, '(....)(?=.)', '\\1 ', 'g')" },
  { "card number, its beginning", "left (d.number, 11)" },
  { "card number, the last 4", "right (d.number, 4)" },
  { "e-mail address", "e.email" },
  { "e-mail address, the name in it", "split_part (e.email, '@', 1)" },
  { "e-mail address, the middle", "substr (e.email, 4, 8)" },
  { "e-mail address, the host", "(array['@mail.example', 'post.example', 'inbox', 'example', 'mail'])[1 + n % 5]" },
  { "receipt number", "r.receipt_no" },
  { "receipt's fiscal number", "r.fiscal_id" },
  { "typing error, two letters changed places", "overlay (c.family_name placing reverse (substr (c.family_name, 3, 2)) from 3) || ' ' || c.given_name" },
  { "typing error, a letter missing", "overlay (c.family_name placing '' from 4 for 1)" },
  { "typing error, a wrong letter", "overlay (c.family_name placing 'w' from 3 for 1)" },
  { "nobody: a name", "'Xq' || left (md5 (n::text), 6)" },
  { "nobody: two words", "c.family_name || ' wwq'" },
  { "nobody: a phone number", "'060 ' || right (c.phone, 7)" },
  { "nobody: an e-mail address", "'q' || e.email" },
};

/* @key: as above; @filter: what else is asked for. */
typedef struct
{
  const char *what;
  const char *key;
  const char *filter;
  ObaCustomerSort sort;
  gboolean descending;
} Mixed;

#define COMMON "(array['Məmmədov', 'memmedova', 'Мамедов', 'Əliyev', 'aliyeva'])[1 + n % 5]"
#define ENDING "(array['oğlu', 'qızı', 'oglu', 'qizi', 'оглы'])[1 + n % 5]"

static const Mixed mixed[] = {
  { "name; city", "c.family_name || ' ' || c.given_name", "{\"cities\": [\"Bakı\"]}", OBA_CUSTOMER_SORT_RELEVANCE, FALSE },
  { "common name; city, status", COMMON, "{\"cities\": [\"Bakı\"], \"status\": [\"active\"]}", OBA_CUSTOMER_SORT_RELEVANCE, FALSE },
  { "common name; city and status of few", COMMON, "{\"cities\": [\"Quba\"], \"status\": [\"blocked\"]}", OBA_CUSTOMER_SORT_RELEVANCE, FALSE },
  { "common name; points of few", COMMON, "{\"points\": [4990, null]}", OBA_CUSTOMER_SORT_RELEVANCE, FALSE },
  { "common name; a segment", COMMON, "{\"segments\": [1]}", OBA_CUSTOMER_SORT_RELEVANCE, FALSE },
  { "common name; the segment of a rule, a city", COMMON, "{\"segments\": [2], \"cities\": [\"Bakı\"]}", OBA_CUSTOMER_SORT_RELEVANCE, FALSE },
  { "family name; tier, birth month", "c.family_name", "{\"tiers\": [3], \"birth_months\": [2]}", OBA_CUSTOMER_SORT_RELEVANCE, FALSE },
  { "beginning of a name; store", "left (c.family_name, 3)", "{\"stores\": [7]}", OBA_CUSTOMER_SORT_RELEVANCE, FALSE },
  { "one letter; spend", "left (c.given_name, 1)", "{\"spend\": [690000, null]}", OBA_CUSTOMER_SORT_RELEVANCE, FALSE },
  { "patronymic’s ending; store, birth month", ENDING, "{\"stores\": [7], \"birth_months\": [2]}", OBA_CUSTOMER_SORT_RELEVANCE, FALSE },
  { "patronymic’s ending; points of few", ENDING, "{\"points\": [4999, null]}", OBA_CUSTOMER_SORT_RELEVANCE, FALSE },
  { "operator only; city, tier", "(array['050', '055', '+99477', '099'])[1 + n % 4]", "{\"cities\": [\"Quba\"], \"tiers\": [1]}", OBA_CUSTOMER_SORT_RELEVANCE, FALSE },
  { "the last 4 of the phone; city", "right (c.phone, 4)", "{\"cities\": [\"Quba\"]}", OBA_CUSTOMER_SORT_RELEVANCE, FALSE },
  { "card; city", "d.number", "{\"cities\": [\"Bakı\"]}", OBA_CUSTOMER_SORT_RELEVANCE, FALSE },
  { "card, its beginning; tier", "left (d.number, 11)", "{\"tiers\": [4]}", OBA_CUSTOMER_SORT_RELEVANCE, FALSE },
  { "e-mail, the host; city, status", "(array['@mail.example', 'post.example', 'inbox', 'example', 'mail'])[1 + n % 5]",
    "{\"cities\": [\"Quba\"], \"status\": [\"active\"]}", OBA_CUSTOMER_SORT_RELEVANCE, FALSE },
  { "receipt number; status", "r.receipt_no", "{\"status\": [\"active\"]}", OBA_CUSTOMER_SORT_RELEVANCE, FALSE },
  { "typing error; city", "overlay (c.family_name placing 'w' from 3 for 1)", "{\"cities\": [\"Quba\"]}", OBA_CUSTOMER_SORT_RELEVANCE, FALSE },
  { "nobody; city", "'Xq' || left (md5 (n::text), 6)", "{\"cities\": [\"Bakı\"]}", OBA_CUSTOMER_SORT_RELEVANCE, FALSE },
  { "common name, by points", COMMON, "{}", OBA_CUSTOMER_SORT_POINTS, TRUE },
  { "common name, by name", COMMON, "{}", OBA_CUSTOMER_SORT_NAME, FALSE },
  { "common name, by phone", COMMON, "{}", OBA_CUSTOMER_SORT_PHONE, FALSE },
  { "common name, by last purchase", COMMON, "{}", OBA_CUSTOMER_SORT_LAST_PURCHASE, TRUE },
  { "common name, by store", COMMON, "{}", OBA_CUSTOMER_SORT_STORE, TRUE },
  { "common name, by segments", COMMON, "{}", OBA_CUSTOMER_SORT_SEGMENTS, FALSE },
  { "common name, by e-mail; city", COMMON, "{\"cities\": [\"Quba\"]}", OBA_CUSTOMER_SORT_EMAIL, FALSE },
  { "name, by spend", "c.family_name || ' ' || c.given_name", "{}", OBA_CUSTOMER_SORT_SPEND, TRUE },
  { "family name, by registration; tier", "c.family_name", "{\"tiers\": [3]}", OBA_CUSTOMER_SORT_REGISTERED, TRUE },
  { "one letter, by birth date", "left (c.given_name, 1)", "{}", OBA_CUSTOMER_SORT_BIRTH_DATE, FALSE },
  { "patronymic’s ending, by lifecycle", ENDING, "{}", OBA_CUSTOMER_SORT_LIFECYCLE, FALSE },
  { "operator only, by phone", "(array['050', '055', '+99477', '099'])[1 + n % 4]", "{}", OBA_CUSTOMER_SORT_PHONE, FALSE },
  { "what all cards share, by points", "'9994'", "{}", OBA_CUSTOMER_SORT_POINTS, TRUE },
};

typedef struct
{
  ObaDbPool *pool;
  PGconn *plain;
} Bench;

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

static double
quantile (GArray *times, double q)
{
  g_array_sort (times, compare);
  return times->len > 0 ? g_array_index (times, double, MIN ((guint) (q *times->len), times->len - 1)) : 0;
}

static PGresult *
query (PGconn *conn, const char *sql, const char *value)
{
  PGresult *result = PQexecParams (conn, sql, value != NULL ? 1 : 0, NULL, &value, NULL, NULL, 0);

  if (PQresultStatus (result) != PGRES_COMMAND_OK && PQresultStatus (result) != PGRES_TUPLES_OK)
    g_error ("%s\n%s", sql, PQerrorMessage (conn));
  return result;
}

static void
run (PGconn *conn, const char *sql)
{
  PGresult *result = PQexec (conn, sql);

  if (PQresultStatus (result) != PGRES_COMMAND_OK && PQresultStatus (result) != PGRES_TUPLES_OK)
    g_error ("%s", PQerrorMessage (conn));
  PQclear (result);
}

/* --- the database */

static void
fill (PGconn *conn, const char *file, const char *customers)
{
  g_autofree char *sql = NULL;
  g_autofree char *set = g_strdup_printf ("set bench.customers = %s", customers);
  g_autoptr (GError) error = NULL;
  gint64 start = g_get_monotonic_time ();

  g_file_get_contents (file, &sql, NULL, &error);
  g_assert_no_error (error);
  run (conn, set);
  run (conn, sql);
  run (conn, "vacuum analyze");
  g_print ("%s customers, filled in %.0f s\n", customers, milliseconds_since (start) / 1000);
}

/* A sample of what was filled in is what the database itself would have made of it; else the figures are about nothing. */
static void
check_fill (PGconn *conn)
{
  PGresult *result = query (conn, "select count(*) from oba.customers c where c.kind = 'person' and c.customer_id % 997 = 0"
                                  " and c.search_text <> oba.search_text (c.family_name, c.given_name, c.patronymic, c.phone, c.email)", NULL);

  g_assert_cmpstr (PQgetvalue (result, 0, 0), ==, "0");
  PQclear (result);
}

/* @n keys of a kind, of customers all over the table. */
static GPtrArray *
make_keys (Bench *bench, const char *key, int n)
{
  g_autofree char *sql = g_strdup_printf (
    "with top as (select max (customer_id) as id from oba.customers), p as (select n, (n * 7368787 %% top.id / 10 * 10)::bigint as id from generate_series (1, %d) n, top)"
    " select %s from p join lateral (select * from oba.customers where kind = 'person' and customer_id > p.id and patronymic <> '' order by customer_id limit 1) c on true"
    " join lateral (select * from oba.cards where customer_id > p.id order by customer_id limit 1) d on true"
    " join lateral (select * from oba.customers where customer_id = p.id + 10) e on true"
    " join lateral (select * from oba.receipts where customer_id = c.customer_id limit 1) r on true", n, key);
  PGresult *result = query (bench->plain, sql, NULL);
  GPtrArray *keys = g_ptr_array_new_with_free_func (g_free);

  for (int i = 0; i < PQntuples (result); i++)
    g_ptr_array_add (keys, g_strdup (PQgetvalue (result, i, 0)));
  PQclear (result);
  g_assert_cmpuint (keys->len, >, (guint) n / 2);
  return keys;
}

/* --- one search */

static double
search (Bench *bench, const char *key, guint *n_found)
{
  g_autoptr (ObaCustomerQuery) asked = oba_customer_query_new_text (key, OBA_CUSTOMER_SORT_RELEVANCE, FALSE);
  g_auto (ObaCustomersFound) found = { 0 };
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  gint64 start = g_get_monotonic_time ();

  g_assert_true (oba_customer_query_is_ranked (asked));
  oba_customers_search_async (bench->pool, asked, PAGE, NULL, oba_test_keep_result, &pending);
  result = oba_test_await (&pending);
  oba_customers_search_finish (result, &found, &error);
  g_assert_no_error (error);
  *n_found += found.ids->len;
  return milliseconds_since (start);
}

/* No folding, no order, no typing errors: what it costs to look for the same letters in the same columns, with the same indexes at hand. */
static double
search_plainly (Bench *bench, const char *key)
{
  gint64 start = g_get_monotonic_time ();

  PQclear (query (bench->plain, "select customer_id from oba.customers where kind = 'person' and (family_name || ' ' || given_name || ' ' || patronymic ilike '%' || $1 || '%'"
                                " or phone ilike '%' || $1 || '%' or email ilike '%' || $1 || '%') order by sort_name, customer_id limit 200", key));
  return milliseconds_since (start);
}

static gboolean
measure (Bench *bench, const Kind *kind)
{
  g_autoptr (GPtrArray) keys = make_keys (bench, kind->key, N_KEYS);
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (double)), plain = g_array_new (FALSE, FALSE, sizeof (double));
  guint n_found = 0;
  double value;

  for (guint i = 0; i < keys->len; i++)
    {
      value = search (bench, keys->pdata[i], &n_found);
      g_array_append_val (times, value);
      if (i < N_PLAIN)
        {
          value = search_plainly (bench, keys->pdata[i]);
          g_array_append_val (plain, value);
        }
    }
  g_print ("%-42s %7.1f %7.1f %7.1f %7.1f %8.1f %9.0f%s\n", kind->what, quantile (times, 0.5), quantile (times, 0.95), quantile (times, 0.99), quantile (times, 1),
           (double) n_found / keys->len, quantile (plain, 0.5), quantile (times, 0.99) > MAX_MS ? "   TOO SLOW" : "");
  return quantile (times, 0.99) <= MAX_MS;
}

static gboolean
measure_all (Bench *bench, const char *only)
{
  gboolean well = TRUE;
  guint n_found = 0;

  g_print ("%-42s %7s %7s %7s %7s %8s %9s\n", "milliseconds, the first 200", "p50", "p95", "p99", "longest", "found", "by ILIKE");
  for (guint i = 0; i < 20; i++)
    search (bench, "Əliyeva Leyla", &n_found);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (only == NULL || strstr (kinds[i].what, only) != NULL)
      well = measure (bench, &kinds[i]) && well;
  return well;
}

/* --- a text among other things */

static ObaCustomerQuery *
make_mixed (const Mixed *kind, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaCustomerFilter) filter = oba_customer_filter_from_json (kind->filter, &error);

  g_assert_no_error (error);
  oba_customer_filter_set_text (filter, text);
  return oba_customer_query_new (filter, kind->sort, kind->descending);
}

static double
find_mixed (Bench *bench, const Mixed *kind, const char *key, guint *n_found)
{
  g_autoptr (ObaCustomerQuery) asked = make_mixed (kind, key);
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GArray) ids = NULL;
  g_autoptr (GError) error = NULL;
  gint64 start = g_get_monotonic_time ();

  oba_customers_find_async (bench->pool, asked, PAGE + 1, NULL, oba_test_keep_result, &pending);
  result = oba_test_await (&pending);
  ids = oba_customers_find_finish (result, &error);
  g_assert_no_error (error);
  *n_found += ids->len;
  return milliseconds_since (start);
}

/* All that the text finds, then the other conditions and the order. */
static double
find_plainly (Bench *bench, const Mixed *kind, const char *key)
{
  g_autoptr (ObaCustomerQuery) others = make_mixed (kind, NULL);
  g_autofree char *sql = oba_customer_query_get_sql (others, 0);
  GPtrArray *values = oba_customer_query_get_values (others);
  g_autoptr (GPtrArray) all = g_ptr_array_new ();
  g_autofree char *whole = g_strdup_printf ("select q.customer_id from (%s) q (customer_id) where q.customer_id in (select oba.search_texts ($%u, '{}')) limit %d", sql, values->len + 1, PAGE + 1);
  gint64 start;
  PGresult *result;

  for (guint i = 0; i < values->len; i++)
    g_ptr_array_add (all, values->pdata[i]);
  g_ptr_array_add (all, (gpointer) key);
  start = g_get_monotonic_time ();
  result = PQexecParams (bench->plain, whole, (int) all->len, NULL, (const char *const *) all->pdata, NULL, NULL, 0);
  if (PQresultStatus (result) != PGRES_TUPLES_OK)
    g_error ("%s\n%s", whole, PQerrorMessage (bench->plain));
  PQclear (result);
  return milliseconds_since (start);
}

static gboolean
measure_mixed (Bench *bench, const Mixed *kind)
{
  g_autoptr (GPtrArray) keys = make_keys (bench, kind->key, N_MIXED_KEYS);
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (double)), plain = g_array_new (FALSE, FALSE, sizeof (double));
  guint n_found = 0;
  double value;

  for (guint i = 0; i < keys->len; i++)
    {
      value = find_mixed (bench, kind, keys->pdata[i], &n_found);
      g_array_append_val (times, value);
      if (i < N_PLAIN)
        {
          value = find_plainly (bench, kind, keys->pdata[i]);
          g_array_append_val (plain, value);
        }
    }
  g_print ("%-42s %7.1f %7.1f %7.1f %7.1f %8.1f %9.0f%s\n", kind->what, quantile (times, 0.5), quantile (times, 0.95), quantile (times, 0.99), quantile (times, 1),
           (double) n_found / keys->len, quantile (plain, 0.5), quantile (times, 0.95) > MAX_MIXED_MS ? "   TOO SLOW" : "");
  return quantile (times, 0.95) <= MAX_MIXED_MS;
}

static gboolean
measure_all_mixed (Bench *bench, const char *only)
{
  gboolean well = TRUE;

  g_print ("\n%-42s %7s %7s %7s %7s %8s %9s\n", "milliseconds, the first 201", "p50", "p95", "p99", "longest", "found", "text 1st");
  for (guint i = 0; i < G_N_ELEMENTS (mixed); i++)
    if (only == NULL || strstr (mixed[i].what, only) != NULL)
      well = measure_mixed (bench, &mixed[i]) && well;
  return well;
}

int
main (int argc, char **argv)
{
  const char *ready = g_getenv ("OBA_BENCH_DATABASE");
  g_autoptr (ObaTestPostgres) server = ready == NULL ? oba_test_postgres_new (OBA_TEST_POSTGRES_MIGRATED) : NULL;
  g_autofree char *conninfo = ready != NULL ? g_strdup (ready) : oba_test_postgres_new_database (server);
  g_autofree char *number = g_strdup_printf ("%d", N_CUSTOMERS);
  Bench bench = { .plain = PQconnectdb (conninfo) };
  gboolean well;

  if (argc < 2)
    g_error ("give bench-search.sql");
  if (PQstatus (bench.plain) != CONNECTION_OK)
    g_error ("%s", PQerrorMessage (bench.plain));
  if (ready == NULL)
    fill (bench.plain, argv[1], argc > 2 ? argv[2] : number);
  check_fill (bench.plain);
  bench.pool = oba_db_pool_new (conninfo, 2, OBA_DB_CONNECTION_DEFAULT);

  well = measure_all (&bench, argc > 3 ? argv[3] : NULL);
  well = measure_all_mixed (&bench, argc > 3 ? argv[3] : NULL) && well;

  PQfinish (bench.plain);
  oba_db_pool_close (bench.pool);
  g_clear_object (&bench.pool);
  return well ? EXIT_SUCCESS : EXIT_FAILURE;
}
