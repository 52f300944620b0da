/* The overview's figures: compared like with like, to the qəpik, with the edges of days and periods where people expect them. */
#include "oba-test-postgres.h"

#include "db/oba-db-connection.h"
#include "db/oba-db-conninfo.h"
#include "db/oba-db-sql.h"

#include <libpq-fe.h>

/* A Tuesday afternoon in Baku. */
#define NOW "2026-03-10 15:30:00+04"

typedef struct
{
  char            *conninfo;
  ObaDbConnection *connection;
} Fixture;

/* Every hour of the last 70 days sells one receipt of 1 manat, half of them with a card; today until half past three. */
static const char chain[] =
  "insert into oba.stores (code, name) values ('S1', 'Nərimanov'), ('S2', 'Gəncə');"
  "insert into oba.rollup_hours (day, hour, receipts, revenue)"
  " select date '2026-03-10' - n, h, 1, 100 from generate_series (0, 69) n, generate_series (0, 23) h where n > 0 or h <= 15;"
  "insert into oba.rollup_days (day, receipts, card_receipts, revenue)"
  " select day, sum (receipts), sum (receipts) / 2, sum (revenue) from oba.rollup_hours group by day;"
  "insert into oba.rollup_store_days (day, store_id, receipts, revenue)"
  " select d.day, s.store_id, 1, case s.code when 'S2' then 900 else 100 end from oba.rollup_days d, oba.stores s;";

static void
set_up (Fixture *fixture, gconstpointer server)
{
  g_autoptr (GError) error = NULL;

  fixture->conninfo = oba_test_postgres_new_database ((ObaTestPostgres *) server);
  fixture->connection = oba_db_connection_open_sync (fixture->conninfo, OBA_DB_CONNECTION_DEFAULT, NULL, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer server)
{
  oba_db_connection_close (fixture->connection);
  g_clear_object (&fixture->connection);
  g_free (fixture->conninfo);
}

static void
run (Fixture *fixture, const char *sql)
{
  g_free (oba_test_postgres_exec (fixture->conninfo, sql));
}

static ObaDbResult *
ask (Fixture *fixture, const char *name, ObaDbParams *params)
{
  g_autoptr (GError) error = NULL;
  ObaDbResult *rows = oba_db_connection_query_sync (fixture->connection, oba_db_sql (name), params, NULL, &error);

  oba_db_params_unref (params);
  g_assert_no_error (error);
  return rows;
}

/* Half a day is compared with half a day: otherwise every morning would look like a disaster. */
static void
test_periods (Fixture *fixture, gconstpointer server)
{
  static const gint64 days[] = { 1, 7, 30 };
  g_autoptr (ObaDbResult) rows = NULL;

  run (fixture, chain);
  rows = ask (fixture, "sales/periods.sql", oba_db_params_build ("t", NOW));
  g_assert_cmpuint (oba_db_result_get_n_rows (rows), ==, 3);
  for (guint i = 0; i < 3; i++)
    {
      gint64 whole = (days[i] - 1) * 24;

      g_assert_cmpint (oba_db_result_get_int64 (rows, i, 0), ==, days[i]);
      g_assert_cmpint (oba_db_result_get_int64 (rows, i, 1), ==, (whole + 16) * 100);
      g_assert_cmpint (oba_db_result_get_int64 (rows, i, 2), ==, whole + 16);
      g_assert_cmpfloat_with_epsilon (oba_db_result_get_double (rows, i, 3), 0.5, 1e-9);
      /* Before: 15 whole hours and half of the running one on the last day. */
      g_assert_cmpint (oba_db_result_get_int64 (rows, i, 4), ==, whole * 100 + 1550);
      g_assert_cmpint (oba_db_result_get_int64 (rows, i, 5), ==, whole + 16);
      g_assert_cmpfloat_with_epsilon (oba_db_result_get_double (rows, i, 6), 0.5, 1e-9);
    }
}

/* Somebody who registers at midnight belongs to the new day, and is counted in one period only. */
static void
test_new_customers (Fixture *fixture, gconstpointer server)
{
  g_autoptr (ObaDbResult) rows = NULL;

  run (fixture, "insert into oba.stores (code, name) values ('S1', 'Nərimanov');"
                "insert into oba.customers (given_name, registered_at) values"
                " ('midnight', '2026-03-10 00:00:00+04'), ('later', '2026-03-10 15:31:00+04'), ('yesterday', '2026-03-09 23:59:59+04'),"
                " ('by now', '2026-03-09 15:30:00+04'), ('month', '2026-02-09 00:00:00+04'), ('before', '2026-02-08 12:00:00+04');"
                "update oba.customers set registered_at = '2026-03-10 10:00+04' where kind = 'walk_in'");
  rows = ask (fixture, "sales/new-customers.sql", oba_db_params_build ("t", NOW));
  g_assert_cmpint (oba_db_result_get_int64 (rows, 0, 1), ==, 1);   /* midnight */
  g_assert_cmpint (oba_db_result_get_int64 (rows, 0, 2), ==, 1);   /* by now */
  g_assert_cmpint (oba_db_result_get_int64 (rows, 1, 1), ==, 3);
  g_assert_cmpint (oba_db_result_get_int64 (rows, 2, 1), ==, 4);   /* with month, the first of the 30 days */
  g_assert_cmpint (oba_db_result_get_int64 (rows, 2, 2), ==, 1);   /* before */
}

/* A young chain's chart begins with its first sale, and its mean only when there is a week to take it of. */
static void
test_days (Fixture *fixture, gconstpointer server)
{
  g_autoptr (ObaDbResult) rows = NULL;

  run (fixture, "insert into oba.rollup_days (day, receipts, revenue)"
                " select date '2026-03-10' - n, 1, 1000 * (n + 1) from generate_series (0, 9) n where n <> 4");
  rows = ask (fixture, "sales/days.sql", oba_db_params_build ("ti", NOW, (gint64) 90));
  g_assert_cmpuint (oba_db_result_get_n_rows (rows), ==, 90);
  g_assert_cmpstr (oba_db_result_get_text (rows, 89, 0), ==, "2026-03-10");
  g_assert_true (oba_db_result_is_null (rows, 79, 1));
  g_assert_cmpint (oba_db_result_get_int64 (rows, 80, 1), ==, 10000);
  g_assert_cmpint (oba_db_result_get_int64 (rows, 85, 1), ==, 0);          /* a day without a sale is a day */
  g_assert_false (oba_db_result_is_null (rows, 85, 1));
  g_assert_true (oba_db_result_is_null (rows, 85, 3));
  g_assert_cmpint (oba_db_result_get_int64 (rows, 86, 3), ==, 6286);         /* 44 000 / 7 */
  g_assert_cmpint (oba_db_result_get_int64 (rows, 89, 1), ==, 1000);
  g_assert_true (oba_db_result_is_null (rows, 89, 3));                     /* today is not over */
}

static void
test_top (Fixture *fixture, gconstpointer server)
{
  g_autoptr (ObaDbResult) stores = NULL;
  g_autoptr (ObaDbResult) categories = NULL;

  run (fixture, chain);
  run (fixture, "insert into oba.categories (category_id, code, name_az, name_ru) values (901, 'food', 'Ərzaq', 'Продукты');"
                "insert into oba.categories (category_id, parent_id, code, name_az) values (902, 901, 'tea', 'Çay'), (903, 902, 'green', 'Yaşıl çay');"
                "insert into oba.products (product_id, code, name, category_id) values (901, 'P1', 'Çay', 902), (902, 'P2', 'Yaşıl', 903), (903, 'P3', 'Nə isə', null);"
                "insert into oba.rollup_product_days (day, product_id, sales, revenue) values"
                " ('2026-03-10', 901, 2, 500), ('2026-03-04', 902, 1, 300), ('2026-03-03', 902, 9, 9999), ('2026-03-09', 903, 1, 70)");
  stores = ask (fixture, "sales/top-stores.sql", oba_db_params_build ("ti", NOW, (gint64) 1));
  g_assert_cmpuint (oba_db_result_get_n_rows (stores), ==, 1);
  g_assert_cmpstr (oba_db_result_get_text (stores, 0, 0), ==, "Gəncə");
  g_assert_cmpint (oba_db_result_get_int64 (stores, 0, 1), ==, 7 * 900);

  categories = ask (fixture, "sales/top-categories.sql", oba_db_params_build ("tit", NOW, (gint64) 6, "ru"));
  g_assert_cmpuint (oba_db_result_get_n_rows (categories), ==, 1);
  g_assert_cmpstr (oba_db_result_get_text (categories, 0, 0), ==, "Продукты");
  g_assert_cmpint (oba_db_result_get_int64 (categories, 0, 1), ==, 800);
}

/* Whoever may open the program may see how the chain sells. */
static void
test_roles (Fixture *fixture, gconstpointer server)
{
  static const char *const roles[] = { "oba_clerk", "oba_marketing", "oba_supervisor", "oba_admin", "oba_auditor" };

  run (fixture, chain);
  for (guint i = 0; i < G_N_ELEMENTS (roles); i++)
    {
      g_autofree char *become = g_strdup_printf ("set role %s", roles[i]);
      g_autoptr (GError) error = NULL;

      g_assert_true (oba_db_connection_script_sync (fixture->connection, become, NULL, &error));
      oba_db_result_unref (ask (fixture, "sales/state.sql", oba_db_params_build ("t", NOW)));
      oba_db_result_unref (ask (fixture, "sales/periods.sql", oba_db_params_build ("t", NOW)));
      oba_db_result_unref (ask (fixture, "sales/new-customers.sql", oba_db_params_build ("t", NOW)));
      oba_db_result_unref (ask (fixture, "sales/days.sql", oba_db_params_build ("ti", NOW, (gint64) 90)));
      oba_db_result_unref (ask (fixture, "sales/top-stores.sql", oba_db_params_build ("ti", NOW, (gint64) 6)));
      oba_db_result_unref (ask (fixture, "sales/top-categories.sql", oba_db_params_build ("tit", NOW, (gint64) 6, "az")));
      oba_db_result_unref (ask (fixture, "staff/whoami.sql", oba_db_params_build ("")));
    }
}

/* What people type into the connection window stays a value, whatever it contains. */
static void
test_conninfo (void)
{
  static const char *const values[] = { "plain", "it's", "back\\slash", "a b", "x' sslmode='disable", "ə\tñ\\'\\", "=" };

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autofree char *conninfo = oba_db_conninfo_build ("host", "h", "user", NULL, "dbname", "", "password", values[i], "sslmode", "verify-full", NULL);
      PQconninfoOption *options = PQconninfoParse (conninfo, NULL);

      g_assert_nonnull (options);
      for (PQconninfoOption *option = options; option->keyword != NULL; option++)
        {
          if (g_str_equal (option->keyword, "password"))
            g_assert_cmpstr (option->val, ==, values[i]);
          else if (g_str_equal (option->keyword, "sslmode"))
            g_assert_cmpstr (option->val, ==, "verify-full");
          else if (g_str_equal (option->keyword, "user") || g_str_equal (option->keyword, "dbname"))
            g_assert_null (option->val);
        }
      PQconninfoFree (options);
    }
}

int
main (int argc, char *argv[])
{
  g_autoptr (ObaTestPostgres) server = NULL;

  g_test_init (&argc, &argv, NULL);
  server = oba_test_postgres_new (OBA_TEST_POSTGRES_MIGRATED);

#define ADD(path, function) g_test_add ("/sales/" path, Fixture, server, set_up, function, tear_down)
  ADD ("periods", test_periods);
  ADD ("new-customers", test_new_customers);
  ADD ("days", test_days);
  ADD ("top", test_top);
  ADD ("roles", test_roles);
  g_test_add_func ("/sales/conninfo", test_conninfo);

  return g_test_run ();
}
