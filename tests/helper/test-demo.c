/* The demo chain: what somebody sees who tries the product on it, and what remains when the trial is broken off. */
#include <locale.h>
#include <signal.h>
#include <string.h>

#include <glib.h>

#include "base/oba-error.h"
#include "demo/oba-demo-fill.h"
#include "helper-run.h"
#include "oba-test-postgres.h"
#include "verify/oba-verify.h"

#define POLL 20000 /* microseconds between looks at a condition that another process makes true */

static ObaTestPostgres *postgres;
static HelperHome *home;
static char *shared; /* conninfo of a filled chain that nobody changes */

static void
ignore_stage (const char *label, gint64 total, gpointer user_data)
{
}

static void
ignore_progress (gint64 done, gpointer user_data)
{
}

static ObaDbConnection *
open_database (const char *conninfo)
{
  g_autoptr (GError) error = NULL;
  ObaDbConnection *connection = oba_db_connection_open_sync (conninfo, OBA_DB_CONNECTION_DEFAULT, NULL, &error);

  g_assert_no_error (error);
  return connection;
}

/* Winter to spring: New Year, Ramazan and Novruz are in it. */
static gint64
fill_days (const char *conninfo, guint64 seed, guint n_days, GError **error)
{
  static const ObaDemoReporter reporter = { ignore_stage, ignore_progress };
  g_autoptr (ObaDbConnection) connection = open_database (conninfo);
  ObaDemoOptions options = {
    .seed = seed, .n_stores = 40, .n_customers = 300, .n_sales = 5000, .n_days = n_days, .last_second = 86400
  };

  g_date_clear (&options.until, 1);
  g_date_set_dmy (&options.until, 30, 4, 2026);
  return oba_demo_fill (connection, &options, &reporter, NULL, NULL, error);
}

static gint64
fill (const char *conninfo, guint64 seed, GError **error)
{
  return fill_days (conninfo, seed, 150, error);
}

static double
number_of (const char *conninfo, const char *sql)
{
  g_autofree char *text = oba_test_postgres_exec (conninfo, sql);

  g_assert_nonnull (text);
  return g_ascii_strtod (text, NULL);
}

/* ---- the data ---- */

/* All tables but the clock's own columns; the walk-ins are the schema's. */
static char *
checksum (const char *conninfo)
{
  static const char *const tables[] = {
    "stores",
    "categories",
    "products",
    "customers",
    "customer_categories",
    "cards",
    "consents",
    "consent_history",
    "receipts",
    "receipt_lines",
    "receipt_keys",
    "points_ledger",
    "points_lots",
    "ledger_allocations",
    "points_accounts",
    "tiers",
    "tier_changes",
    "rewards",
    "redemptions",
    "redemption_events",
    "rollup_days",
    "rollup_store_days",
    "rollup_hours",
    "rollup_product_days",
    "customer_stats",
    "lifecycle_changes",
  };
  g_autoptr (GString) sums = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      g_autofree char *sql =
          g_strdup_printf ("select md5 (string_agg (r, e'\\n' order by r collate \"C\")) from (select (to_jsonb (t) - "
                           "array['xid', 'posted_at', 'updated_at', "
                           "'allocated_at', 'registered_by', 'created_at', 'recorded_at', 'voucher_hash'])::text as r from oba.%s t%s) x",
                           tables[i], g_str_equal (tables[i], "customers") ? " where kind = 'person'" : "");
      g_autofree char *sum = oba_test_postgres_exec (conninfo, sql);

      g_string_append_printf (sums, "%s %s\n", tables[i], sum);
    }
  return g_string_free (g_steal_pointer (&sums), FALSE);
}

/* A bug report says "seed 7": the one who reads it must get the same chain, also in a database where a fill was broken
 * off. */
static void
test_same_seed (void)
{
  g_autofree char *other = oba_test_postgres_new_database (postgres);
  g_autofree char *third = oba_test_postgres_new_database (postgres);
  g_autofree char *first_sum = checksum (shared);
  g_autofree char *other_sum = NULL, *third_sum = NULL;
  g_autoptr (GError) error = NULL;

  g_free (oba_test_postgres_exec (
      other,
      "select nextval ('oba.entry_ids'), nextval ('oba.customers_customer_id_seq'), nextval ('oba.receipt_ids')"));
  g_assert_cmpint (fill (other, 7, &error), >, 5000);
  g_assert_no_error (error);
  other_sum = checksum (other);
  g_assert_cmpstr (first_sum, ==, other_sum);

  fill (third, 8, &error);
  g_assert_no_error (error);
  third_sum = checksum (third);
  g_assert_cmpstr (first_sum, !=, third_sum);
}

static void
assert_verified (const char *conninfo)
{
  g_autoptr (ObaDbConnection) connection = open_database (conninfo);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) invariants = oba_verify_run_sync (connection, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < invariants->len; i++)
    {
      const ObaInvariant *invariant = g_ptr_array_index (invariants, i);

      if (invariant->n_broken > 0)
        g_error ("%s: %s", invariant->name, (char *) g_ptr_array_index (invariant->broken, 0));
    }
}

/* Points, lots, tiers, rollups: what the product itself would have written. */
static void
test_verify (void)
{
  assert_verified (shared);
  g_assert_cmpfloat (number_of (shared, "select count (*) from oba.receipts where kind = 'sale'"), ==, 5000);
  g_assert_cmpfloat (number_of (shared, "select count (*) from oba.receipts where kind = 'return'"), >, 30);
  g_assert_cmpfloat (number_of (shared, "select count (*) from oba.redemptions"), >, 5);
  g_assert_cmpfloat (number_of (shared, "select count (distinct tier_id) from oba.points_accounts"), >=, 2);
  g_assert_cmpfloat (number_of (shared, "select sum (receipts) from oba.rollup_days"), ==, 5000);
}

/* Everybody who bought is somewhere between new and lost, and became it on a day of the demo, not on the day it was made. */
static void
test_lifecycle (void)
{
  g_assert_cmpfloat (number_of (shared, "select count (*) from oba.customer_stats where (receipts > 0) <> (lifecycle is not null)"), ==, 0);
  g_assert_cmpfloat (number_of (shared, "select count (distinct lifecycle) from oba.customer_stats"), >=, 4);
  g_assert_cmpfloat (number_of (shared, "select count (*) from oba.lifecycle_changes where at not between '2025-12-01 00:00+04' and '2026-04-30 00:00+04'"), ==, 0);
  g_assert_cmpfloat (number_of (shared, "select count (*) from oba.customer_stats where lifecycle_due <= '2026-04-30'"), ==, 0);
}

/* Three years hold points that nobody spent in time: the liability must not show them. */
static void
test_expired_points (void)
{
  g_autofree char *conninfo = oba_test_postgres_new_database (postgres);
  g_autoptr (GError) error = NULL;

  fill_days (conninfo, 7, 1000, &error);
  g_assert_no_error (error);
  assert_verified (conninfo);
  g_assert_cmpfloat (number_of (conninfo, "select count (*) from oba.points_ledger where kind = 'expire'"), >, 100);
  g_assert_cmpfloat (
      number_of (conninfo, "select count (*) from oba.points_lots where remaining > 0 and expires_on < '2026-04-30'"),
      ==, 0);
}

/* What is added after the demo must not meet the demo's ids. */
static void
test_life_goes_on (void)
{
  g_autofree char *conninfo = oba_test_postgres_new_database (postgres);
  g_autofree char *answer = NULL;
  g_autoptr (GError) error = NULL;

  fill (conninfo, 7, &error);
  g_assert_no_error (error);
  g_free (oba_test_postgres_exec (
      conninfo, "select oba.register_customer ('{\"given_name\": \"Aysel\", \"phone\": \"+994121234567\"}')"));
  answer = oba_test_postgres_exec (
      conninfo,
      "select oba.record_receipt (jsonb_build_object ('store', 1, 'till', 1, 'receipt_no', 'after', 'sold_at', now(), "
      "'total', 100, "
      "'customer_id', (select max (customer_id) from oba.customers), 'lines', "
      "jsonb_build_array (jsonb_build_object ('product', 1, 'quantity', 1, 'unit_price', 100, 'total', 100))))");
  g_assert_nonnull (strstr (answer, "\"points\": 1"));
}

/* ---- is it believable? ---- */

/* Analytics shows what goes together; on noise it would show nothing. */
static void
test_affinities (void)
{
  const char *lift =
      "with baskets as (select l.receipt_id, bool_or (p.name like '%s %%') as a, bool_or (p.name like '%s %%') as b "
      "from oba.receipt_lines l join oba.products p using (product_id) where l.quantity > 0 group by 1) "
      "select count (*) filter (where a and b)::float * count (*) / nullif (count (*) filter (where a) * count (*) "
      "filter (where b), 0) from baskets";
  static const char *const pairs[][2] = {
    { "Qara çay", "Şəkər tozu" },
    { "Makaron", "Tomat pastası" },
    { "Pivə", "Yer fındığı" },
    { "Pomidor", "Xiyar" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autoptr (GString) sql = g_string_new (lift);

      g_string_replace (sql, "%s", pairs[i][0], 1);
      g_string_replace (sql, "%s", pairs[i][1], 1);
      g_string_replace (sql, "%%", "%", 0);
      g_assert_cmpfloat (number_of (shared, sql->str), >, 2.0);
    }
}

/* The dashboards' charts must look like a chain of shops: full evenings and weekends, the eve of Novruz, an empty 1
 * January. */
static void
test_rhythm (void)
{
  double weekend = number_of (shared, "select avg (receipts) from oba.rollup_days where extract (isodow from day) >= 6 "
                                      "and day not between '2026-03-10' and '2026-03-26'");
  double weekday = number_of (shared, "select avg (receipts) from oba.rollup_days where extract (isodow from day) < 5 "
                                      "and day not between '2026-03-10' and '2026-03-26'");
  double february =
      number_of (shared, "select avg (revenue) from oba.rollup_days where day between '2026-02-02' and '2026-02-15'");
  double novruz =
      number_of (shared, "select avg (revenue) from oba.rollup_days where day between '2026-03-14' and '2026-03-19'");
  double eve = number_of (shared, "select revenue from oba.rollup_days where day = '2025-12-31'");
  double first = number_of (shared, "select revenue from oba.rollup_days where day = '2026-01-01'");
  double evening = number_of (
      shared, "select sum (receipts) from oba.rollup_hours where hour between 18 and 20 and day < '2026-02-15'");
  double morning = number_of (
      shared, "select sum (receipts) from oba.rollup_hours where hour between 8 and 10 and day < '2026-02-15'");
  double iftar = number_of (shared, "select sum (receipts) from oba.rollup_hours where hour in (18, 19) and day "
                                    "between '2026-02-21' and '2026-03-14'");
  double before = number_of (shared, "select sum (receipts) from oba.rollup_hours where hour in (16, 17) and day "
                                     "between '2026-02-21' and '2026-03-14'");

  g_assert_cmpfloat (weekend, >, 1.1 * weekday);
  g_assert_cmpfloat (novruz, >, 1.4 * february);
  g_assert_cmpfloat (eve, >, 2.0 * first);
  g_assert_cmpfloat (evening, >, 2.0 * morning);
  g_assert_cmpfloat (before, >, 1.4 * iftar);
}

typedef struct
{
  const ObaDemoCatalogue *catalogue;
  guint watermelon, ice_cream, tangerine;
  gint64 sold[3][13]; /* lines, by month */
} Seasons;

static gboolean
count_seasons (const ObaDemoReceipt *receipt, gpointer user_data, GError **error)
{
  Seasons *seasons = user_data;
  guint month = MIN (receipt->day / 30 + 1, 12);

  for (guint i = 0; i < receipt->n_lines; i++)
    {
      guint noun = oba_demo_catalogue_product (seasons->catalogue, receipt->lines[i].product)->noun;

      seasons->sold[0][month] += noun == seasons->watermelon;
      seasons->sold[1][month] += noun == seasons->ice_cream;
      seasons->sold[2][month] += noun == seasons->tangerine;
    }
  return TRUE;
}

static gboolean
count_nothing (const ObaDemoRedemption *redemption, gpointer user_data, GError **error)
{
  return TRUE;
}

/* A product's yearly chart: no watermelons in January, ice cream in July, tangerines for New Year. */
static void
test_seasons (void)
{
  static const ObaDemoSink sink = { count_seasons, count_nothing };
  ObaDemoOptions options = {
    .seed = 3, .n_stores = 20, .n_customers = 400, .n_sales = 40000, .n_days = 365, .last_second = 86400
  };
  g_autoptr (ObaDemoChain) chain = NULL;
  Seasons s = { 0 };

  g_date_clear (&options.until, 1);
  g_date_set_dmy (&options.until, 31, 12, 2025);
  chain = oba_demo_chain_new (&options);
  s.catalogue = oba_demo_chain_get_catalogue (chain);
  s.watermelon = oba_demo_catalogue_find_noun (s.catalogue, "Qarpız");
  s.ice_cream = oba_demo_catalogue_find_noun (s.catalogue, "Dondurma");
  s.tangerine = oba_demo_catalogue_find_noun (s.catalogue, "Naringi");
  g_assert_true (oba_demo_chain_run (chain, &sink, &s, NULL, NULL));

  g_assert_cmpint (s.sold[0][1] + s.sold[0][2] + s.sold[0][12], ==, 0);
  g_assert_cmpint (s.sold[0][7], >, 100);
  g_assert_cmpint (s.sold[1][7] + s.sold[1][8], >, 2 * (s.sold[1][1] + s.sold[1][2]));
  g_assert_cmpint (s.sold[2][12], >, 3 * s.sold[2][7]);
}

/* No day is sold in the future of the demo or before it, and the regulars of a shop are found again. */
static void
test_customers_come_back (void)
{
  double with_card = number_of (shared, "select sum (card_receipts) / sum (receipts) from oba.rollup_days");

  g_assert_cmpfloat (with_card, >, 0.6);
  g_assert_cmpfloat (with_card, <, 0.8);
  g_assert_cmpfloat (
      number_of (shared,
                 "select count (*) from oba.receipts where sold_at < '2025-12-02+04' or sold_at >= '2026-05-01+04'"),
      ==, 0);
  g_assert_cmpfloat (number_of (shared, "select count (*) from oba.receipts r join oba.customers c using (customer_id) "
                                        "where r.sold_at < c.registered_at and c.kind = 'person'"),
                     ==, 0);
  g_assert_cmpfloat (number_of (shared, "select count (*) from oba.receipts r join oba.stores s using (store_id) "
                                        "where r.business_day < s.opened_on or r.business_day >= s.closed_on"),
                     ==, 0);
  g_assert_cmpfloat (number_of (shared, "select avg ((r.store_id = c.preferred_store_id)::int) from oba.receipts r "
                                        "join oba.customers c using (customer_id) where c.kind = 'person'"),
                     >, 0.5);
  g_assert_cmpfloat (number_of (shared, "select count (*) from oba.customer_stats where receipts > 30"), >, 10);
  g_assert_cmpfloat (number_of (shared, "select count (*) from oba.customer_stats where receipts <= 1"), >, 10);
}

static void
test_names_and_numbers (void)
{
  g_assert_cmpfloat (number_of (shared, "select count (*) from oba.customers where kind = 'person' and phone ~ "
                                        "'^\\+994(50|51|55|70|77|99|10|60)[2-9][0-9]{6}$'"),
                     ==, 300);
  /* His son's name ends otherwise than her daughter's. */
  g_assert_cmpfloat (
      number_of (shared,
                 "select count (*) from oba.customers where patronymic like '% qızı' and family_name ~ '(ov|ev)$'"),
      ==, 0);
  g_assert_cmpfloat (
      number_of (shared,
                 "select count (*) from oba.customers where patronymic like '% oğlu' and family_name ~ '(ova|eva)$'"),
      ==, 0);
  g_assert_cmpfloat (number_of (shared, "select count (*) from oba.customers where patronymic like '% qızı'"), >, 50);
  g_assert_cmpfloat (number_of (shared, "select avg ((language = 'az')::int) from oba.customers where kind = 'person'"),
                     >, 0.75);
  g_assert_cmpfloat (number_of (shared, "select count (distinct phone) from oba.customers where kind = 'person'"), ==,
                     300);
  g_assert_cmpfloat (number_of (shared, "select avg ((city = 'Bakı')::int) from oba.stores"), >, 0.25);
}

static void
test_catalogue (void)
{
  g_assert_cmpfloat (number_of (shared, "select count (*) from oba.products"), >, 4500);
  /* EAN-13: a scanner in the shop refuses a wrong check digit. */
  g_assert_cmpfloat (number_of (shared, "select count (*) from oba.products where barcode !~ '^476[0-9]{10}$' or "
                                        "(select sum (substr (barcode, i, 1)::int * case when i % 2 = 0 then 3 else 1 "
                                        "end) from generate_series (1, 13) i) % 10 <> 0"),
                     ==, 0);
  g_assert_cmpfloat (
      number_of (
          shared,
          "select count (*) from oba.products p join oba.categories c using (category_id) "
          "join oba.categories b on b.category_id = c.parent_id join oba.categories a on a.category_id = b.parent_id "
          "where a.parent_id is null and a.name_ru <> '' and a.name_en <> ''"),
      ==, number_of (shared, "select count (*) from oba.products"));
  g_assert_cmpfloat (number_of (shared, "select count (*) from oba.receipt_lines where quantity % 1000 <> 0"), >, 500);
  g_assert_cmpfloat (number_of (shared, "select count (*) from oba.receipt_lines l join oba.products p using "
                                        "(product_id) where l.quantity % 1000 <> 0 and p.unit <> 'kg'"),
                     ==, 0);
}

/* ---- when it must not, and when it is broken off ---- */

/* A demo over somebody's real customers would be a catastrophe. */
static void
test_refuses_occupied (void)
{
  g_autofree char *conninfo = oba_test_postgres_new_database (postgres);
  g_autoptr (HelperRun) run = NULL;
  g_autoptr (GError) error = NULL;

  g_free (oba_test_postgres_exec (
      conninfo, "select oba.register_customer ('{\"given_name\": \"Aysel\", \"phone\": \"+994501234567\"}')"));
  run = helper_run (home, "demo", "--database", conninfo, "--sales", "100", NULL);
  helper_assert_run (run, 1, "", "has customers already. The demo chain fills an empty one only; nothing was changed.");
  g_assert_cmpfloat (number_of (conninfo, "select count (*) from oba.stores"), ==, 0);

  g_assert_cmpint (fill (shared, 7, &error), ==, -1);
  g_assert_error (error, OBA_ERROR, OBA_ERROR_REFUSED);
}

static gboolean
is_copying (const char *conninfo)
{
  return number_of (conninfo, "select count (*) from pg_stat_activity where datname = current_database () and query "
                              "like 'copy oba.receipt\\_lines%'") > 0;
}

static void
start_and_signal (const char *conninfo, int signal_number, int expected_status, const char *expected_sentence)
{
  g_autoptr (GSubprocess) process = helper_spawn (home, "demo", "--database", conninfo, "--stores", "20", "--customers",
                                                  "500", "--sales", "400000", NULL);
  g_autoptr (HelperRun) run = NULL;

  while (!is_copying (conninfo))
    g_usleep (POLL);
  g_subprocess_send_signal (process, signal_number);
  run = helper_wait (process);
  helper_assert_run (run, expected_status, "", expected_sentence);
  /* The server may need a moment to see that nobody is there any more. */
  while (
      number_of (
          conninfo,
          "select count (*) from pg_stat_activity where datname = current_database () and pid <> pg_backend_pid ()") >
      0)
    g_usleep (POLL);
  g_assert_cmpfloat (number_of (conninfo, "select (select count (*) from oba.stores) + (select count (*) from "
                                          "oba.customers) + (select count (*) from oba.receipts)"),
                     ==, 0);
}

/* Ctrl+C, then the power fails, then patience: nothing is half-written and the last try works. */
static void
test_broken_off (void)
{
  g_autofree char *conninfo = oba_test_postgres_new_database (postgres);
  g_autofree char *sum = NULL;
  g_autofree char *expected = checksum (shared);
  g_autoptr (GError) error = NULL;

  start_and_signal (conninfo, SIGINT, 1, "stopped, as you asked");
  start_and_signal (conninfo, SIGKILL, 128 + SIGKILL, "");
  g_assert_cmpint (fill (conninfo, 7, &error), >, 5000);
  g_assert_no_error (error);
  sum = checksum (conninfo);
  g_assert_cmpstr (sum, ==, expected);
}

static void
test_usage (void)
{
  static const struct
  {
    const char *option, *value, *sentence;
  } cases[] = {
    { "--stores", "0", "--stores is a number between 1 and" },
    { "--days", "100000", "--days is a number between 1 and" },
    { "--sales", "-5", "--sales" },
    { "--until", "tomorrow", "not a date like" },
    { "--until", "2999-01-01", "--until is a day between" },
    { "--until", "2025-02-30", "not a date like" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HelperRun) run = helper_run (home, "demo", cases[i].option, cases[i].value, NULL);

      helper_assert_run (run, 2, "", cases[i].sentence);
    }
}

/* What a person sees: the end in a sentence. Today's demo ends today, not in the future. */
static void
test_command (void)
{
  g_autofree char *conninfo = oba_test_postgres_new_database (postgres);
  g_autoptr (HelperRun) run = helper_run (home, "demo", "--database", conninfo, "--stores", "1", "--customers", "1",
                                          "--sales", "300", "--days", "3", NULL);

  helper_assert_run (run, 0, "The demo chain is ready: ", "Receipts");
  g_assert_cmpfloat (number_of (conninfo, "select count (*) from oba.receipts where kind = 'sale'"), ==, 300);
  g_assert_cmpfloat (number_of (conninfo, "select count (*) from oba.receipts where sold_at > now()"), ==, 0);
  g_assert_cmpfloat (
      number_of (conninfo, "select (mapping ->> 'sales')::int from oba.import_batches where state = 'posted'"), ==,
      300);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  int status;

  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  postgres = oba_test_postgres_new (OBA_TEST_POSTGRES_MIGRATED);
  home = helper_home_new (FALSE, "data");
  shared = oba_test_postgres_new_database (postgres);
  fill (shared, 7, &error);
  g_assert_no_error (error);

  g_test_add_func ("/demo/same-seed", test_same_seed);
  g_test_add_func ("/demo/verify", test_verify);
  g_test_add_func ("/demo/lifecycle", test_lifecycle);
  g_test_add_func ("/demo/expired-points", test_expired_points);
  g_test_add_func ("/demo/life-goes-on", test_life_goes_on);
  g_test_add_func ("/demo/affinities", test_affinities);
  g_test_add_func ("/demo/rhythm", test_rhythm);
  g_test_add_func ("/demo/seasons", test_seasons);
  g_test_add_func ("/demo/customers-come-back", test_customers_come_back);
  g_test_add_func ("/demo/names-and-numbers", test_names_and_numbers);
  g_test_add_func ("/demo/catalogue", test_catalogue);
  g_test_add_func ("/demo/refuses-occupied", test_refuses_occupied);
  g_test_add_func ("/demo/broken-off", test_broken_off);
  g_test_add_func ("/demo/usage", test_usage);
  g_test_add_func ("/demo/command", test_command);
  status = g_test_run ();

  helper_home_free (home);
  oba_test_postgres_free (postgres);
  g_free (shared);
  return status;
}
