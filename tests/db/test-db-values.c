/* What goes to the server as a parameter and comes back in a row must be the same value. */

#include "oba-test-postgres.h"

#include <math.h>

#include "db/oba-db-connection.h"
#include "db/oba-db-sql.h"

typedef struct
{
  ObaDbConnection *connection;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer server)
{
  g_autofree char *conninfo = oba_test_postgres_new_empty_database ((ObaTestPostgres *) server);
  g_autoptr (GError) error = NULL;

  fixture->connection = oba_db_connection_open_sync (conninfo, OBA_DB_CONNECTION_DEFAULT, NULL, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer server)
{
  g_object_unref (fixture->connection);
}

static ObaDbResult *
query (Fixture *fixture, const char *sql, ObaDbParams *params)
{
  g_autoptr (GError) error = NULL;
  ObaDbResult *result = oba_db_connection_query_sync (fixture->connection, sql, params, NULL, &error);

  g_assert_no_error (error);
  return result;
}

/* Amounts in qəpik and ids are int64: nothing of them may be lost on the way. */
static void
test_integers (Fixture *fixture, gconstpointer server)
{
  const gint64 values[] = { 0, -1, 1, G_MAXINT64, G_MININT64, 123456789012345 };

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autoptr (ObaDbParams) params = oba_db_params_build ("i", values[i]);
      g_autoptr (ObaDbResult) result = query (fixture, "SELECT $1, pg_typeof ($1)", params);

      g_assert_cmpint (oba_db_result_get_int64 (result, 0, 0), ==, values[i]);
      g_assert_cmpstr (oba_db_result_get_text (result, 0, 1), ==, "bigint");
    }
}

static void
test_doubles (Fixture *fixture, gconstpointer server)
{
  const double values[] = { 0.1, -2.5e300, 5e-324, INFINITY };

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autoptr (ObaDbParams) params = oba_db_params_build ("d", values[i]);
      g_autoptr (ObaDbResult) result = query (fixture, "SELECT $1, $1 = 'NaN'", params);

      g_assert_true (oba_db_result_get_double (result, 0, 0) == values[i]);
      g_assert_false (oba_db_result_get_bool (result, 0, 1));
    }
}

/* A name with quotes, backslashes or emoji must neither break a statement nor change. */
static void
test_texts (Fixture *fixture, gconstpointer server)
{
  const char *values[] = { "",    "O'Brien; DROP TABLE x --", "a\\b\"c", "Şəhriyar Əliyev 🛒", "line\nnext\ttab",
                           "NULL" };

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autoptr (ObaDbParams) params = oba_db_params_build ("t", values[i]);
      g_autoptr (ObaDbResult) result = query (fixture, "SELECT $1::text", params);

      g_assert_cmpstr (oba_db_result_get_text (result, 0, 0), ==, values[i]);
      g_assert_false (oba_db_result_is_null (result, 0, 0));
    }
}

static void
test_null (Fixture *fixture, gconstpointer server)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("t", NULL);
  g_autoptr (ObaDbResult) result = NULL;

  oba_db_params_add_null (params);
  oba_db_params_add_text_array (params, NULL);
  oba_db_params_add_bytes (params, NULL);
  result = query (fixture, "SELECT $1::text, $2::bigint, $3, $4", params);
  for (guint i = 0; i < 4; i++)
    g_assert_true (oba_db_result_is_null (result, 0, i));
  g_assert_cmpstr (oba_db_result_get_text (result, 0, 0), ==, "");
  g_assert_cmpint (oba_db_result_get_int64 (result, 0, 1), ==, 0);
}

static void
test_booleans (Fixture *fixture, gconstpointer server)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("bb", TRUE, FALSE);
  g_autoptr (ObaDbResult) result = query (fixture, "SELECT $1, $2, $1 AND NOT $2", params);

  g_assert_true (oba_db_result_get_bool (result, 0, 0));
  g_assert_false (oba_db_result_get_bool (result, 0, 1));
  g_assert_true (oba_db_result_get_bool (result, 0, 2));
}

static void
test_bytes (Fixture *fixture, gconstpointer server)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("\0\1\\'\xff", 5);
  g_autoptr (GBytes) none = g_bytes_new_static ("", 0);
  g_autoptr (ObaDbParams) params = oba_db_params_new ();
  g_autoptr (ObaDbResult) result = NULL;

  oba_db_params_add_bytes (oba_db_params_add_bytes (params, bytes), none);
  result = query (fixture, "SELECT encode ($1, 'hex'), length ($2)", params);
  g_assert_cmpstr (oba_db_result_get_text (result, 0, 0), ==, "00015c27ff");
  g_assert_cmpint (oba_db_result_get_int64 (result, 0, 1), ==, 0);
}

/* A page of the customer list is asked for by an array of ids. */
static void
test_integer_array (Fixture *fixture, gconstpointer server)
{
  gint64 values[1000];
  g_autoptr (ObaDbParams) params = oba_db_params_new ();
  g_autoptr (ObaDbResult) result = NULL;

  for (gint64 i = 0; i < 1000; i++)
    values[i] = i - 500;
  oba_db_params_add_int64_array (params, values, 1000);
  oba_db_params_add_int64_array (params, NULL, 0);
  result =
      query (fixture,
             "SELECT (SELECT count (*) FROM generate_series (-1000, 1000) AS n WHERE n = ANY ($1)), $1[1], $1[1000],"
             " cardinality ($2), (SELECT sum (v) FROM unnest ($1) AS v)",
             params);
  g_assert_cmpint (oba_db_result_get_int64 (result, 0, 0), ==, 1000);
  g_assert_cmpint (oba_db_result_get_int64 (result, 0, 1), ==, -500);
  g_assert_cmpint (oba_db_result_get_int64 (result, 0, 2), ==, 499);
  g_assert_cmpint (oba_db_result_get_int64 (result, 0, 3), ==, 0);
  g_assert_cmpint (oba_db_result_get_int64 (result, 0, 4), ==, -500);
}

/* Elements that look like the syntax of an array are still only text. */
static void
test_text_array (Fixture *fixture, gconstpointer server)
{
  const char *const values[] = { "NULL", "a\"b", "back\\slash", "{1,2}", "", " two words ", "ə,ı", NULL };
  const char *const none[] = { NULL };
  g_autoptr (ObaDbParams) params = oba_db_params_new ();
  g_autoptr (ObaDbResult) result = NULL;

  oba_db_params_add_text_array (oba_db_params_add_text_array (params, values), none);
  result =
      query (fixture, "SELECT v, cardinality ($2) FROM unnest ($1) WITH ORDINALITY AS u (v, n) ORDER BY n", params);
  g_assert_cmpint (oba_db_result_get_n_rows (result), ==, G_N_ELEMENTS (values) - 1);
  for (guint i = 0; values[i] != NULL; i++)
    g_assert_cmpstr (oba_db_result_get_text (result, i, 0), ==, values[i]);
  g_assert_cmpint (oba_db_result_get_int64 (result, 0, 1), ==, 0);
}

/* Receipts are stamped in Baku, whatever the server's and the client's own zones and date styles are. */
static void
test_times (Fixture *fixture, gconstpointer server)
{
  g_autoptr (ObaDbResult) result =
      query (fixture,
             "SELECT timestamptz '2024-02-29 21:30:00.25+00', date '2024-02-29', timestamptz 'infinity',"
             " date 'infinity', NULL::timestamptz, NULL::date, timestamp '2024-03-01 10:00', date '0044-03-15 BC'",
             NULL);
  g_autoptr (GDateTime) time = oba_db_result_get_time (result, 0, 0);
  g_autofree char *shown = g_date_time_format (time, "%F %T.%f %:z");
  g_autoptr (GDate) date = oba_db_result_get_date (result, 0, 1);
  g_autoptr (GDate) day = oba_db_result_get_date (result, 0, 6);

  g_assert_cmpstr (shown, ==, "2024-03-01 01:30:00.250000 +04:00");
  g_assert_cmpint (g_date_get_year (date), ==, 2024);
  g_assert_cmpint (g_date_get_month (date), ==, G_DATE_FEBRUARY);
  g_assert_cmpint (g_date_get_day (date), ==, 29);
  g_assert_cmpint (g_date_get_day (day), ==, 1);
  g_assert_null (oba_db_result_get_time (result, 0, 2));
  g_assert_null (oba_db_result_get_date (result, 0, 3));
  g_assert_null (oba_db_result_get_time (result, 0, 4));
  g_assert_null (oba_db_result_get_date (result, 0, 5));
}

static void
test_session (Fixture *fixture, gconstpointer server)
{
  g_autoptr (ObaDbResult) result = query (fixture,
                                          "SELECT current_setting ('TimeZone'), current_setting ('client_encoding'), "
                                          "current_setting ('application_name') <> ''",
                                          NULL);

  g_assert_cmpstr (oba_db_result_get_text (result, 0, 0), ==, "Asia/Baku");
  g_assert_cmpstr (oba_db_result_get_text (result, 0, 1), ==, "UTF8");
  g_assert_true (oba_db_result_get_bool (result, 0, 2));
}

static void
test_shape (Fixture *fixture, gconstpointer server)
{
  g_autoptr (ObaDbResult) rows = query (fixture, "SELECT 1 AS one, 2 AS \"Two\" UNION ALL SELECT 3, 4", NULL);
  g_autoptr (ObaDbResult) none = query (fixture, "SELECT 1 AS one WHERE false", NULL);
  g_autoptr (ObaDbResult) table = query (fixture, "CREATE TEMPORARY TABLE t (a int)", NULL);
  g_autoptr (ObaDbResult) insert = query (fixture, "INSERT INTO t SELECT generate_series (1, 7)", NULL);
  g_autoptr (ObaDbResult) update = query (fixture, "UPDATE t SET a = 0 WHERE a > 2 RETURNING a", NULL);

  g_assert_cmpint (oba_db_result_get_n_rows (rows), ==, 2);
  g_assert_cmpint (oba_db_result_get_n_columns (rows), ==, 2);
  g_assert_cmpint (oba_db_result_find_column (rows, "Two"), ==, 1);
  g_assert_cmpint (oba_db_result_find_column (rows, "two"), ==, -1);
  g_assert_cmpstr (oba_db_result_get_column_name (rows, 0), ==, "one");
  g_assert_cmpint (oba_db_result_get_n_rows (none), ==, 0);
  g_assert_cmpint (oba_db_result_get_n_columns (none), ==, 1);
  g_assert_cmpint (oba_db_result_get_affected (table), ==, 0);
  g_assert_cmpint (oba_db_result_get_affected (insert), ==, 7);
  g_assert_cmpint (oba_db_result_get_affected (update), ==, 5);
  g_assert_cmpint (oba_db_result_get_n_rows (update), ==, 5);
}

/* The same text with other types is another statement on the server: a NULL first must not spoil the number after it.
 */
static void
test_types_change (Fixture *fixture, gconstpointer server)
{
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (ObaDbParams) null = oba_db_params_add_null (oba_db_params_new ());
      g_autoptr (ObaDbParams) text = oba_db_params_build ("t", "7");
      g_autoptr (ObaDbParams) number = oba_db_params_build ("i", (gint64) 7);
      g_autoptr (ObaDbResult) one = query (fixture, "SELECT $1::bigint + 1", null);
      g_autoptr (ObaDbResult) two = query (fixture, "SELECT $1::bigint + 1", number);
      g_autoptr (ObaDbResult) three = query (fixture, "SELECT $1::bigint + 1", text);

      g_assert_true (oba_db_result_is_null (one, 0, 0));
      g_assert_cmpint (oba_db_result_get_int64 (two, 0, 0), ==, 8);
      g_assert_cmpint (oba_db_result_get_int64 (three, 0, 0), ==, 8);
    }
}

static void
test_sql (Fixture *fixture, gconstpointer server)
{
  const char *sql = oba_db_sql ("db/migrator-history.sql");

  g_assert_true (sql == oba_db_sql ("db/migrator-history.sql"));
  g_assert_nonnull (strstr (sql, "SELECT"));
  g_assert_true (g_utf8_validate (sql, -1, NULL));
}

int
main (int argc, char **argv)
{
  g_autoptr (ObaTestPostgres) server = NULL;

  g_test_init (&argc, &argv, NULL);
  server = oba_test_postgres_new (OBA_TEST_POSTGRES_EMPTY);

#define ADD(path, func) g_test_add ("/db/values/" path, Fixture, server, set_up, func, tear_down)
  ADD ("integers", test_integers);
  ADD ("doubles", test_doubles);
  ADD ("texts", test_texts);
  ADD ("null", test_null);
  ADD ("booleans", test_booleans);
  ADD ("bytes", test_bytes);
  ADD ("integer-array", test_integer_array);
  ADD ("text-array", test_text_array);
  ADD ("times", test_times);
  ADD ("session", test_session);
  ADD ("shape", test_shape);
  ADD ("types-change", test_types_change);
  ADD ("sql", test_sql);
#undef ADD

  return g_test_run ();
}
