#include "schema-house.h"

#include <string.h>

#include "verify/oba-verify.h"

/* The furnished house that every test gets a copy of. */
static ObaTestPostgres *server;
static char *model;

static const char furniture[] =
    "insert into oba.stores (code, name, city) values ('S1', 'OBA Nizami', 'Bakı'), ('S2', 'OBA Gəncə', 'Gəncə');"
    "insert into oba.categories (code, name_az) values ('C1', 'Çay və şəkər');"
    "insert into oba.products (code, barcode, name, category_id, unit, price) values"
    " ('P1', '4760000000011', 'Çay', 1, 'pcs', 100), ('P2', '4760000000028', 'Şəkər', 1, 'pcs', 250), ('P3', null, "
    "'Alma', 1, 'kg', 333);"
    "insert into oba.customers (customer_id, given_name, family_name, phone) values"
    " (100, 'Aygün', 'Əliyeva', '+994501234567'), (200, 'Elçin', 'Hüseynov', '+994701112233');"
    "select setval (pg_get_serial_sequence ('oba.customers', 'customer_id'), 1000);"
    /* Tests live in the past, where no clock can catch them; their points must not expire today. */
    "alter table oba.earning_rules disable trigger keep;"
    "update oba.earning_rules set parameters = '{\"qepik_per_point\": 100, \"valid_months\": 1200}';"
    "alter table oba.earning_rules enable trigger keep;"
    "select oba.ensure_partitions ('2022-12-01', '2024-12-31');";

PGconn *
house_connect (House *house)
{
  PGconn *conn = PQconnectdb (house->conninfo);

  if (PQstatus (conn) != CONNECTION_OK)
    g_error ("%s: %s", house->conninfo, PQerrorMessage (conn));
  PQsetErrorVerbosity (conn, PQERRORS_VERBOSE);
  g_free (ask (conn, "set client_min_messages = warning; set timezone = 'Asia/Baku'"));
  return conn;
}

static char *
name_of (const char *conninfo)
{
  PQconninfoOption *options = PQconninfoParse (conninfo, NULL);
  char *name = NULL;

  for (PQconninfoOption *option = options; option->keyword != NULL; option++)
    if (strcmp (option->keyword, "dbname") == 0)
      name = g_strdup (option->val);
  PQconninfoFree (options);
  return name;
}

static void
furnish (void)
{
  House house = { NULL, NULL };

  server = oba_test_postgres_new (OBA_TEST_POSTGRES_MIGRATED);
  house.conninfo = oba_test_postgres_new_database (server);
  house.conn = house_connect (&house);
  run (house.conn, "%s", furniture);
  PQfinish (house.conn);
  model = house.conninfo;
}

void
house_setup (House *house, gconstpointer unused)
{
  static guint n;
  g_autofree char *name = g_strdup_printf ("house_%u", n++);
  g_autofree char *model_name = NULL;
  g_autofree char *sql = NULL;
  g_autofree char *elsewhere = NULL;

  if (server == NULL)
    furnish ();
  model_name = name_of (model);
  elsewhere = g_strdup_printf ("%s dbname=postgres", model);
  sql = g_strdup_printf ("create database %s template %s", name, model_name);
  g_free (oba_test_postgres_exec (elsewhere, sql));
  house->conninfo = g_strdup_printf ("%s dbname=%s", model, name);
  house->conn = house_connect (house);
}

void
house_teardown (House *house, gconstpointer unused)
{
  g_autofree char *name = name_of (house->conninfo);
  g_autofree char *elsewhere = g_strdup_printf ("%s dbname=postgres", model);
  g_autofree char *sql = g_strdup_printf ("drop database %s with (force)", name);

  PQfinish (house->conn);
  g_free (oba_test_postgres_exec (elsewhere, sql));
  g_free (house->conninfo);
}

char *
house_empty (void)
{
  return oba_test_postgres_new_empty_database (server);
}

void
house_server_stop (void)
{
  g_clear_pointer (&server, oba_test_postgres_free);
  g_clear_pointer (&model, g_free);
}

static char *
value_of (PGresult *result)
{
  if (PQntuples (result) > 0 && PQnfields (result) > 0)
    return g_strdup (PQgetvalue (result, 0, 0));
  return g_strdup ("");
}

static char *
ask_text (PGconn *conn, const char *sql)
{
  PGresult *result = PQexec (conn, sql);
  char *value;

  if (PQresultStatus (result) != PGRES_COMMAND_OK && PQresultStatus (result) != PGRES_TUPLES_OK)
    g_error ("%s\n%s", sql, PQerrorMessage (conn));
  value = value_of (result);
  PQclear (result);
  return value;
}

static void
refused_text (PGconn *conn, const char *state, const char *sql)
{
  PGresult *result = PQexec (conn, sql);
  const char *was = PQresultErrorField (result, PG_DIAG_SQLSTATE);

  if (g_strcmp0 (was, state) != 0)
    g_error ("%s\nshould be refused with %s, but: %s %s", sql, state,
             was != NULL ? PQresultErrorMessage (result) : "done",
             was == NULL && PQntuples (result) > 0 ? PQgetvalue (result, 0, 0) : "");
  PQclear (result);
}

#define FORMATTED(text, format)                                                                                        \
  g_autofree char *text = NULL;                                                                                        \
  va_list args;                                                                                                        \
  va_start (args, format);                                                                                             \
  text = g_strdup_vprintf (format, args);                                                                              \
  va_end (args)

char *
ask (PGconn *conn, const char *format, ...)
{
  FORMATTED (sql, format);

  return ask_text (conn, sql);
}

gint64
ask_int (PGconn *conn, const char *format, ...)
{
  g_autofree char *value = NULL;
  FORMATTED (sql, format);

  value = ask_text (conn, sql);
  return g_ascii_strtoll (value, NULL, 10);
}

void
run (PGconn *conn, const char *format, ...)
{
  FORMATTED (sql, format);

  g_free (ask_text (conn, sql));
}

void
refused (PGconn *conn, const char *state, const char *format, ...)
{
  FORMATTED (sql, format);

  refused_text (conn, state, sql);
}

static char *
call_sql (const char *function, const char *key, const char *request)
{
  g_autofree char *json = g_strdelimit (g_strdup (request), "'", '"');

  return key == NULL ? g_strdup_printf ("select oba.%s ($r$%s$r$)", function, json)
                     : g_strdup_printf ("select oba.%s ($r$%s$r$, 'test', '%s')", function, json, key);
}

char *
call (PGconn *conn, const char *function, const char *key, const char *request, ...)
{
  g_autofree char *sql = NULL;
  FORMATTED (text, request);

  sql = call_sql (function, key, text);
  return ask_text (conn, sql);
}

void
call_refused (PGconn *conn, const char *state, const char *function, const char *request, ...)
{
  g_autofree char *sql = NULL;
  FORMATTED (text, request);

  sql = call_sql (function, NULL, text);
  refused_text (conn, state, sql);
}

gint64
sale (PGconn *conn, gint64 customer, const char *receipt_no, const char *sold_at, gint64 total)
{
  g_autofree char *answer =
      call (conn, "record_receipt", NULL,
            "{'store': 1, 'till': 1, 'receipt_no': '%s', 'sold_at': '%s', 'customer_id': %" G_GINT64_FORMAT ","
            " 'total': %" G_GINT64_FORMAT ", 'lines': [{'product': 1, 'quantity': 1, 'unit_price': %" G_GINT64_FORMAT
            ", 'total': %" G_GINT64_FORMAT "}]}",
            receipt_no, sold_at, customer, total, total, total);

  return ask_int (conn, "select $r$%s$r$::jsonb ->> 'receipt_id'", answer);
}

/* PostgreSQL's own housekeeping may be a transaction that is older than ours, for a moment. */
void
job_does (House *house, const char *job, gint64 n)
{
  gint64 deadline = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;
  gint64 done = 0;

  while (done < n && g_get_monotonic_time () < deadline)
    done += ask_int (house->conn, "select oba.%s ()", job);
  g_assert_cmpint (done, ==, n);
  g_assert_cmpint (ask_int (house->conn, "select oba.%s ()", job), ==, 0);
}

void
all_is_well (House *house)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbConnection) connection =
      oba_db_connection_open_sync (house->conninfo, OBA_DB_CONNECTION_DEFAULT, NULL, &error);
  g_autoptr (GPtrArray) invariants = NULL;

  g_assert_no_error (error);
  invariants = oba_verify_run_sync (connection, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < invariants->len; i++)
    {
      ObaInvariant *invariant = g_ptr_array_index (invariants, i);

      for (guint k = 0; k < invariant->broken->len; k++)
        g_test_message ("%s: %s", invariant->name, (char *) g_ptr_array_index (invariant->broken, k));
    }
  g_assert_cmpuint (oba_verify_count_broken (invariants), ==, 0);
}
