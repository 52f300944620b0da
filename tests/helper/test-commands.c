/* What people and scripts meet at the command line: exit codes, sentences, the history of the schema, staff. */
#include <signal.h>
#include <string.h>
#include <glib.h>

#include "db/oba-migrator.h"
#include "helper-run.h"
#include "staff/oba-password.h"

static HelperHome *home;

/* A script that mistypes must be told so by exit code 2, and a person how to go on. */
static void
test_usage (void)
{
  static const struct
  {
    const char *arguments[4];
    int status;
    const char *out, *err;
  } cases[] = {
    { { "--help" }, 0, "migrate", "" },
    { { "--version" }, 0, "oba-helper ", "" },
    { { "help", "migrate" }, 0, "--status", "" },
    { { "migrate", "--help" }, 0, "--database", "" },
    { { NULL }, 2, "", "--help" },
    { { "migrat" }, 2, "", "Did you mean “migrate”?" },
    { { "xyzzy" }, 2, "", "there is no command “xyzzy”" },
    { { "--bogus" }, 2, "", "--bogus" },
    { { "migrate", "--bogus" }, 2, "", "--bogus" },
    { { "migrate", "now" }, 2, "", "“now”" },
    { { "migrate", "--format", "xml" }, 2, "", "“xml”" },
    { { "migrate", "--local", "--database=x" }, 2, "", "two databases" },
    { { "local" }, 2, "", "start, stop, status or uri" },
    { { "local", "restart" }, 2, "", "“restart”" },
    { { "staff", "add", "aysel" }, 2, "", "--name and --role" },
    { { "staff", "set-role", "aysel", "boss" }, 2, "", "“boss”" },
    { { "till", "add", "B-001", "seven" }, 2, "", "“seven”" },
    { { "till", "open" }, 2, "", "add, list or revoke" },
    { { "erasures" }, 2, "", "list or again" },
    { { "erasures", "again" }, 2, "", "“again”" },
    { { "erasures", "again", "/nonexistent" }, 1, "", "/nonexistent" },
    { { "spending" }, 2, "", "show or set" },
    { { "spending", "set" }, 2, "", "at least one" },
    { { "spending", "set", "--point-value=0" }, 2, "", "1 to 10,000" },
    { { "spending", "set", "--code-seconds=10" }, 2, "", "60 to 120" },
    { { "report" }, 2, "", "name one report" },
    { { "report", "weather" }, 2, "", "no report “weather”" },
    { { "report", "liability", "--from=2026-02-30" }, 2, "", "like 2026-01-31" },
    { { "report", "liability", "--from=2026-02-02", "--to=2026-02-01" }, 2, "", "after the last" },
    { { "period" }, 2, "", "list or close" },
    { { "period", "close" }, 2, "", "“close”" },
    { { "period", "close", "10.2026" }, 2, "", "like 2026-10, not “10.2026”" },
    { { "period", "close", "2026-13" }, 2, "", "like 2026-10" },
    { { "limits" }, 2, "", "show or set" },
    { { "limits", "set" }, 2, "", "at least one" },
    { { "limits", "set", "--amount=much" }, 2, "", "“much”" },
    { { "limits", "set", "--age-days=-1" }, 2, "", "“-1”" },
    { { "limits", "set", "--own-receipts=maybe" }, 2, "", "“maybe”" },
    { { "limits", "show", "--points=1" }, 2, "", "none of these" },
    { { "rule" }, 2, "", "say list" },
    { { "tier" }, 2, "", "say list" },
    { { "rule", "live", "2" }, 2, "", "RULE VERSION" },
    { { "rule", "replay", "2", "1" }, 2, "", "--from and --to" },
    { { "rule", "list", "--reason=x" }, 2, "", "takes a reason" },
    { { "webhook" }, 2, "", "set, info or delete" },
    { { "webhook", "set" }, 2, "", "number of words" },
    { { "webhook", "info" }, 1, "", "no token" },
    { { "migrate", "--config", "/nonexistent" }, 1, "", "/nonexistent" },
    { { "migrate", "--database", "host=/nonexistent" }, 1, "", "No database server answers" },
    { { "migrate", "--database", "bogus=1" }, 1, "", "not understood" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *const *a = cases[i].arguments;
      g_autoptr (HelperRun) run = helper_run (home, a[0], a[1], a[2], a[3], NULL);

      helper_assert_run (run, cases[i].status, cases[i].out, cases[i].err);
    }
}

/* The configuration file names the database; OBA_DATABASE and --database come before it. */
static void
test_configured_database (void)
{
  g_autofree char *path = g_build_filename (home->path, "test.conf", NULL);
  g_autofree char *uri = NULL;
  g_autofree char *text = NULL;
  g_autoptr (ObaDbConnection) connection = helper_new_database (home, "configured", &uri);
  g_autoptr (HelperRun) configured = NULL;
  g_autoptr (HelperRun) given = NULL;
  g_autoptr (GError) error = NULL;

  text = g_strdup_printf ("[database]\nuri=%s\n", uri);
  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
  configured = helper_run (home, "migrate", "--status", "--config", path, NULL);
  helper_assert_run (configured, 0, "0001_schema.sql", "");
  given = helper_run (home, "migrate", "--status", "--config", path, "--database", "host=/nonexistent", NULL);
  helper_assert_run (given, 1, "", "No database server answers");
}

/* An administrator migrates, sees who applied what, and a second run changes nothing. */
static void
test_migrate (void)
{
  g_autofree char *uri = NULL;
  g_autoptr (ObaDbConnection) connection = helper_new_database (home, "plain", &uri);
  g_autoptr (GError) error = NULL;
  g_autoptr (HelperRun) before = NULL, first = NULL, second = NULL, json = NULL, csv = NULL;

  g_assert_false (oba_migrator_check (connection, &error));
  g_assert_error (error, OBA_DB_ERROR, OBA_DB_ERROR_SCHEMA);
  g_clear_error (&error);

  before = helper_run (home, "migrate", "--status", "--database", uri, NULL);
  helper_assert_run (before, 0, "0001_schema.sql", "");
  g_assert_null (strstr (before->out, "yes"));

  first = helper_run (home, "migrate", "--database", uri, NULL);
  helper_assert_run (first, 0, "Applying 0001_schema.sql", "");
  g_assert_true (oba_migrator_check (connection, &error));
  g_assert_no_error (error);

  second = helper_run (home, "migrate", "--database", uri, NULL);
  helper_assert_run (second, 0, "up to date", "");
  g_assert_null (strstr (second->out, "Applying"));

  json = helper_run (home, "migrate", "--status", "--format", "json", "--database", uri, NULL);
  helper_assert_run (json, 0, "\"applied_by\" : \"postgres\"", "");
  csv = helper_run (home, "migrate", "--status", "--format=csv", "--database", uri, NULL);
  helper_assert_run (csv, 0, "file,applied,applied_at,applied_by,duration_ms\r\n0001_schema.sql,true,", "");
}

/* A history that is not ours is never built upon; the file at fault is named, and nothing changes. */
static void
test_foreign_history (void)
{
  static const struct
  {
    const char *change, *name, *sentence, *undo;
  } cases[] = {
    { "UPDATE oba_meta.migrations SET sha256 = repeat('0', 64) WHERE name = '0001_schema.sql'", "0001_schema.sql", "edited",
      "UPDATE oba_meta.migrations SET sha256 = (SELECT sha FROM kept) WHERE name = '0001_schema.sql'" },
    { "INSERT INTO oba_meta.migrations VALUES ('9999_future.sql', repeat('0', 64), now(), 'x', 1, 'x')", "9999_future.sql", "newer",
      "DELETE FROM oba_meta.migrations WHERE name = '9999_future.sql'" },
    { "INSERT INTO oba_meta.migrations VALUES ('0001_zzz.sql', repeat('0', 64), now(), 'x', 1, 'x')", "0001_zzz.sql", "does not carry",
      "DELETE FROM oba_meta.migrations WHERE name = '0001_zzz.sql'" },
    { "UPDATE oba_meta.migrations SET name = '0000_renamed.sql' WHERE name = '0001_schema.sql'", "0000_renamed.sql", "does not carry",
      "UPDATE oba_meta.migrations SET name = '0001_schema.sql' WHERE name = '0000_renamed.sql'" },
    { "DELETE FROM oba_meta.migrations WHERE name = '0001_schema.sql'", "0001_schema.sql", "never applied", "SELECT" },
  };
  g_autofree char *uri = NULL;
  g_autoptr (ObaDbConnection) connection = helper_new_database (home, "foreign_history", &uri);
  g_autoptr (HelperRun) first = helper_run (home, "migrate", "--database", uri, NULL);
  g_autoptr (GError) error = NULL;

  helper_assert_run (first, 0, "up to date", "");
  oba_db_connection_script_sync (connection, "CREATE TABLE kept AS SELECT sha256 AS sha FROM oba_meta.migrations WHERE name = '0001_schema.sql'", NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HelperRun) apply = NULL, status = NULL, staff = NULL;

      oba_db_connection_script_sync (connection, cases[i].change, NULL, &error);
      g_assert_no_error (error);
      apply = helper_run (home, "migrate", "--database", uri, NULL);
      helper_assert_run (apply, 1, "", cases[i].name);
      helper_assert_run (apply, 1, "", cases[i].sentence);
      status = helper_run (home, "migrate", "--status", "--database", uri, NULL);
      helper_assert_run (status, 1, "", cases[i].name);
      staff = helper_run (home, "staff", "list", "--database", uri, NULL);
      helper_assert_run (staff, 1, "", cases[i].name);
      oba_db_connection_script_sync (connection, cases[i].undo, NULL, &error);
      g_assert_no_error (error);
    }
}

/* A schema that is not up to date is told to whoever needs it, with the way out. */
static void
test_older_schema (void)
{
  g_autofree char *uri = NULL;
  g_autoptr (ObaDbConnection) connection = helper_new_database (home, "older", &uri);
  g_autoptr (HelperRun) empty = helper_run (home, "staff", "list", "--database", uri, NULL);
  g_autoptr (HelperRun) migrated = helper_run (home, "migrate", "--database", uri, NULL);
  g_autoptr (HelperRun) older = NULL;
  g_autoptr (GError) error = NULL;

  helper_assert_run (empty, 1, "", "oba-helper migrate");
  helper_assert_run (migrated, 0, "", "");
  oba_db_connection_script_sync (connection, "DELETE FROM oba_meta.migrations WHERE name = (SELECT max(name) FROM oba_meta.migrations)", NULL, &error);
  g_assert_no_error (error);
  older = helper_run (home, "staff", "list", "--database", uri, NULL);
  helper_assert_run (older, 1, "", "older than this program");
}

/* Two administrators at the same moment: each file is applied once, and both succeed. */
static void
test_two_at_once (void)
{
  g_autofree char *uri = NULL;
  g_autoptr (ObaDbConnection) connection = helper_new_database (home, "two_at_once", &uri);
  g_autoptr (GSubprocess) one = helper_spawn (home, "migrate", "--database", uri, NULL);
  g_autoptr (GSubprocess) two = helper_spawn (home, "migrate", "--database", uri, NULL);
  g_autoptr (HelperRun) run_one = helper_wait (one);
  g_autoptr (HelperRun) run_two = helper_wait (two);
  g_autoptr (GPtrArray) status = NULL;
  g_autoptr (GError) error = NULL;

  helper_assert_run (run_one, 0, "up to date", "");
  helper_assert_run (run_two, 0, "up to date", "");
  status = oba_migrator_status (connection, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < status->len; i++)
    {
      g_autofree char *applying = g_strconcat ("Applying ", ((ObaMigration *) status->pdata[i])->name, "\n", NULL);

      g_assert_true ((strstr (run_one->out, applying) != NULL) != (strstr (run_two->out, applying) != NULL));
    }
}

/* Reads stderr until @text has come. */
static void
await_text (GSubprocess *process, const char *text)
{
  GInputStream *stream = g_subprocess_get_stderr_pipe (process);
  g_autoptr (GString) seen = g_string_new (NULL);
  char buffer[256];
  gssize n;

  while (strstr (seen->str, text) == NULL && (n = g_input_stream_read (stream, buffer, sizeof buffer, NULL, NULL)) > 0)
    g_string_append_len (seen, buffer, n);
  if (strstr (seen->str, text) == NULL)
    g_error ("waited for “%s”, got “%s”", text, seen->str);
}

/* The waiting one is told for whom it waits; Ctrl+C ends the wait with a sentence, and nothing is left behind. */
static void
test_waiting_and_interrupt (void)
{
  static const int signals[] = { SIGINT, SIGTERM };
  g_autofree char *uri = NULL;
  g_autoptr (ObaDbConnection) connection = helper_new_database (home, "waiting", &uri);
  g_autoptr (GError) error = NULL;
  g_autoptr (HelperRun) after = NULL;
  g_autofree char *pid = helper_query (connection, "SELECT pg_backend_pid()");
  g_autofree char *holder = g_strdup_printf ("(process %s, user postgres)", pid);

  oba_db_connection_script_sync (connection, "BEGIN; SELECT pg_advisory_xact_lock(20290, 1)", NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    {
      g_autoptr (GSubprocess) waiter = helper_spawn (home, "migrate", "--database", uri, NULL);
      g_autoptr (HelperRun) run = NULL;

      await_text (waiter, holder);
      g_subprocess_send_signal (waiter, signals[i]);
      run = helper_wait (waiter);
      helper_assert_run (run, 1, "", "stopped, as you asked");
    }
  oba_db_connection_script_sync (connection, "ROLLBACK", NULL, &error);
  g_assert_no_error (error);
  after = helper_run (home, "migrate", "--database", uri, NULL);
  helper_assert_run (after, 0, "Applying 0001_schema.sql", "");
}

/* A member of staff can neither migrate nor forge the history, but may read whether the schema fits. */
static void
test_staff_may_not_migrate (void)
{
  g_autofree char *uri = NULL;
  g_autoptr (ObaDbConnection) connection = helper_new_database (home, "not_for_staff", &uri);
  g_autoptr (GString) staff_uri = g_string_new (uri);
  g_autoptr (ObaDbConnection) staff = NULL;
  g_autoptr (HelperRun) empty = NULL, migrated = NULL, added = NULL, again = NULL;
  g_autoptr (GError) error = NULL;

  g_string_replace (staff_uri, "user=postgres", "user=pasha", 1);
  oba_db_connection_script_sync (connection, "CREATE ROLE pasha LOGIN", NULL, &error);
  g_assert_no_error (error);
  empty = helper_run (home, "migrate", "--database", staff_uri->str, NULL);
  helper_assert_run (empty, 1, "", "not allowed");
  migrated = helper_run (home, "migrate", "--database", uri, NULL);
  helper_assert_run (migrated, 0, "", "");
  added = helper_run (home, "staff", "add", "pasha", "--name", "Paşa", "--role", "admin", "--database", uri, NULL);
  helper_assert_run (added, 0, "", "pasha may log in");
  again = helper_run (home, "migrate", "--status", "--database", staff_uri->str, NULL);
  helper_assert_run (again, 0, "0001_schema.sql", "");

  staff = oba_db_connection_open_sync (staff_uri->str, OBA_DB_CONNECTION_DEFAULT, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (oba_migrator_check (staff, &error));
  g_assert_no_error (error);
  g_assert_false (oba_db_connection_script_sync (staff, "DELETE FROM oba_meta.migrations", NULL, &error));
  g_assert_error (error, OBA_DB_ERROR, OBA_DB_ERROR_PERMISSION);
}

/* The passwords that staff type must be those that the server checks: our verifier is the one PostgreSQL makes itself. */
static void
test_password_verifier (void)
{
  g_autofree char *uri = NULL;
  g_autoptr (ObaDbConnection) connection = helper_new_database (home, "passwords", &uri);
  g_autofree char *theirs = NULL;
  g_autofree char *ours = NULL;
  g_autofree guint8 *salt = NULL;
  g_auto (GStrv) parts = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  oba_db_connection_script_sync (connection, "CREATE ROLE verified PASSWORD 'A good p4ssword, 100%'", NULL, &error);
  g_assert_no_error (error);
  theirs = helper_query (connection, "SELECT rolpassword FROM pg_authid WHERE rolname = 'verified'");
  parts = g_strsplit_set (theirs, ":$", -1);
  salt = g_base64_decode (parts[2], &length);
  g_assert_cmpuint (length, ==, 16);
  ours = oba_password_make_verifier ("A good p4ssword, 100%", salt);
  g_assert_cmpstr (ours, ==, theirs);
}

/* A new colleague gets a login with the rights of the role; a refused one leaves nothing; a disabled one cannot come in. */
static void
test_staff (void)
{
  g_autofree char *uri = NULL;
  g_autoptr (ObaDbConnection) connection = helper_new_database (home, "staff_test", &uri);
  g_autoptr (HelperRun) migrated = helper_run (home, "migrate", "--database", uri, NULL);
  g_autoptr (HelperRun) added = NULL, twice = NULL, weak = NULL, no_store = NULL, promoted = NULL, disabled = NULL, listed = NULL, unknown = NULL;
  g_autofree char *password_file = g_build_filename (home->path, "password", NULL);
  g_autofree char *may = NULL, *roles = NULL, *login = NULL;
  g_autoptr (GError) error = NULL;

  helper_assert_run (migrated, 0, "", "");
  added = helper_run (home, "staff", "add", "leyla", "--name", "Leyla Həsənova", "--role", "clerk", "--database", uri, NULL);
  helper_assert_run (added, 0, "", "leyla may log in now as clerk");
  g_assert_cmpuint (strlen (g_strchomp (added->out)), ==, 20);
  may = helper_query (connection, "SELECT pg_has_role('leyla', 'oba_clerk', 'member') AND rolcanlogin AND rolpassword LIKE 'SCRAM-SHA-256$4096:%' "
                                  "FROM pg_authid WHERE rolname = 'leyla'");
  g_assert_cmpstr (may, ==, "t");

  twice = helper_run (home, "staff", "add", "leyla", "--name", "Leyla", "--role", "clerk", "--database", uri, NULL);
  helper_assert_run (twice, 1, "", "already");
  g_file_set_contents (password_file, "short\n", -1, &error);
  g_assert_no_error (error);
  weak = helper_run (home, "staff", "add", "murad", "--name", "Murad", "--role", "clerk", "--password-file", password_file, "--database", uri, NULL);
  helper_assert_run (weak, 1, "", "10 to 200 characters");
  no_store = helper_run (home, "staff", "add", "murad", "--name", "Murad", "--role", "clerk", "--store", "B999", "--database", uri, NULL);
  helper_assert_run (no_store, 1, "", "“B999”");
  roles = helper_query (connection, "SELECT count(*) FROM pg_roles WHERE rolname = 'murad'");
  g_assert_cmpstr (roles, ==, "0");

  promoted = helper_run (home, "staff", "set-role", "leyla", "supervisor", "--database", uri, NULL);
  helper_assert_run (promoted, 0, "supervisor", "");
  unknown = helper_run (home, "staff", "disable", "nobody_such", "--database", uri, NULL);
  helper_assert_run (unknown, 1, "", "nobody_such");
  disabled = helper_run (home, "staff", "disable", "leyla", "--database", uri, NULL);
  helper_assert_run (disabled, 0, "no longer log in", "");
  login = helper_query (connection, "SELECT rolcanlogin FROM pg_roles WHERE rolname = 'leyla'");
  g_assert_cmpstr (login, ==, "f");
  listed = helper_run (home, "staff", "list", "--format", "csv", "--database", uri, NULL);
  helper_assert_run (listed, 0, "leyla,Leyla Həsənova,supervisor,,", "");
}

/* A till's key is shown once and its hash kept; a revoked till can be given a new one. */
static void
test_till (void)
{
  g_autofree char *uri = NULL;
  g_autoptr (ObaDbConnection) connection = helper_new_database (home, "till_test", &uri);
  g_autoptr (HelperRun) migrated = helper_run (home, "migrate", "--database", uri, NULL);
  g_autoptr (HelperRun) added = NULL, twice = NULL, no_store = NULL, revoked = NULL, unknown = NULL, again = NULL, listed = NULL;
  g_auto (GStrv) fields = NULL;
  g_autofree char *query = NULL;
  g_autofree char *matches = NULL;
  g_autoptr (GError) error = NULL;

  helper_assert_run (migrated, 0, "", "");
  oba_db_connection_script_sync (connection, "INSERT INTO oba.stores (code, name) VALUES ('B-001', 'OBA Nizami')", NULL, &error);
  g_assert_no_error (error);
  added = helper_run (home, "till", "add", "B-001", "7", "--format", "csv", "--database", uri, NULL);
  helper_assert_run (added, 0, "store,till_no,client_id,key\r\nB-001,7,till-", "this once");
  fields = g_strsplit_set (strchr (added->out, '\n') + 1, ",\r", -1);
  query = g_strdup_printf ("SELECT key_hash = sha256('%s') FROM oba.tills WHERE client_id = '%s'", fields[3], fields[2]);
  matches = helper_query (connection, query);
  g_assert_cmpstr (matches, ==, "t");

  twice = helper_run (home, "till", "add", "B-001", "7", "--database", uri, NULL);
  helper_assert_run (twice, 1, "", "Revoke it first");
  no_store = helper_run (home, "till", "add", "B-999", "1", "--database", uri, NULL);
  helper_assert_run (no_store, 1, "", "“B-999”");
  unknown = helper_run (home, "till", "revoke", "till-0", "--database", uri, NULL);
  helper_assert_run (unknown, 1, "", "“till-0”");
  revoked = helper_run (home, "till", "revoke", fields[2], "--database", uri, NULL);
  helper_assert_run (revoked, 0, fields[2], "");
  again = helper_run (home, "till", "add", "B-001", "7", "--database", uri, NULL);
  helper_assert_run (again, 0, "till-", "");
  listed = helper_run (home, "till", "list", "--database", uri, NULL);
  helper_assert_run (listed, 0, fields[2], "");
}

/* An auditor learns from the exit code whether the books agree, and from a row what does not. */
static void
test_verify (void)
{
  g_autofree char *uri = NULL;
  g_autoptr (ObaDbConnection) connection = helper_new_database (home, "verify_test", &uri);
  g_autoptr (HelperRun) migrated = helper_run (home, "migrate", "--database", uri, NULL);
  g_autoptr (HelperRun) good = NULL, summary = NULL, broken = NULL, json = NULL;
  g_autoptr (GError) error = NULL;

  helper_assert_run (migrated, 0, "", "");
  good = helper_run (home, "verify", "--database", uri, NULL);
  helper_assert_run (good, 0, "", "invariants hold");
  g_assert_cmpstr (good->out, ==, "");
  summary = helper_run (home, "verify", "--summary", "--format", "csv", "--database", uri, NULL);
  helper_assert_run (summary, 0, "\r\nbalances,0,", "");

  oba_db_connection_script_sync (connection, "SET session_replication_role = replica; INSERT INTO oba.points_accounts (customer_id, balance) VALUES (77, 5)",
                                 NULL, &error);
  g_assert_no_error (error);
  broken = helper_run (home, "verify", "--database", uri, NULL);
  helper_assert_run (broken, 1, "customer 77: balance 5", "broken");
  json = helper_run (home, "verify", "--format", "json", "--database", uri, NULL);
  helper_assert_run (json, 1, "\"invariant\" : \"balances\"", "");
}

static ObaDbConnection *
chain_with_customers (const char *name, char **uri)
{
  static const char customers[] =
      "insert into oba.customers (customer_id, given_name, phone, registered_at) values (100, 'Aygün', '+994501234567', '2024-01-01 10:00:00.123456+04'),"
      " (200, 'Elçin', null, '2024-01-02 10:00:00+04'), (300, 'Nigar', null, '2024-01-03 10:00:00+04'), (500, 'Zaur', null, '2024-01-05 10:00:00+04')";
  ObaDbConnection *connection = helper_new_database (home, name, uri);
  g_autoptr (HelperRun) migrated = helper_run (home, "migrate", "--database", *uri, NULL);
  g_autoptr (GError) error = NULL;

  helper_assert_run (migrated, 0, "up to date", "");
  oba_db_connection_script_sync (connection, customers, NULL, &error);
  g_assert_no_error (error);
  return connection;
}

static void
erase_one (ObaDbConnection *connection, gint64 id)
{
  g_autofree char *sql = g_strdup_printf ("select oba.erase_customer ('{\"customer_id\": %" G_GINT64_FORMAT ", \"confirm\": \"%" G_GINT64_FORMAT
                                          "\", \"reason\": \"law\"}')", id, id);

  g_free (helper_query (connection, sql));
}

/* A backup brings the erased back: with the list they go again, and nobody else, whoever has their numbers now. */
static void
test_erasures (void)
{
  g_autofree char *uri = NULL, *restored_uri = NULL, *left = NULL;
  g_autofree char *path = g_build_filename (home->path, "erasures.csv", NULL);
  g_autofree char *broken_path = g_build_filename (home->path, "broken.csv", NULL);
  g_autoptr (ObaDbConnection) connection = chain_with_customers ("erasing", &uri);
  g_autoptr (ObaDbConnection) restored = chain_with_customers ("restored", &restored_uri);
  g_autoptr (HelperRun) listed = NULL, again = NULL, twice = NULL, broken = NULL, nothing = NULL;
  g_autoptr (GError) error = NULL;

  /* After the backup was made: 400 came, 300 was found to be 100 and both are erased; 500 was taken apart from 200, and goes alone. */
  oba_db_connection_script_sync (connection,
                                 "insert into oba.customers (customer_id, given_name, registered_at) values (400, 'Late', '2024-02-01 10:00:00+04');"
                                 "update oba.customers set status = 'merged', merged_into = 100 where customer_id = 300", NULL, &error);
  g_assert_no_error (error);
  erase_one (connection, 100);
  erase_one (connection, 400);
  erase_one (connection, 500);
  listed = helper_run (home, "erasures", "list", "--format", "csv", "--database", uri, NULL);
  helper_assert_run (listed, 0, "customer_id,registered,erased_at,by,reason,asked_for\r\n100,1704088800123456,", "");
  g_assert_true (g_file_set_contents (path, listed->out, -1, NULL));

  /* In the backup 500 still was 200; after the restore, 400 was given to somebody else. */
  oba_db_connection_script_sync (restored,
                                 "insert into oba.customers (customer_id, given_name, registered_at) values (400, 'Another', '2024-03-01 10:00:00+04');"
                                 "update oba.customers set status = 'merged', merged_into = 200 where customer_id = 500", NULL, &error);
  g_assert_no_error (error);
  again = helper_run (home, "erasures", "again", path, "--format", "csv", "--database", restored_uri, NULL);
  helper_assert_run (again, 1, "2,0,1,1", "Customer 500 is one person here with somebody who was not erased");
  left = helper_query (restored, "select string_agg (customer_id || ' ' || status, ', ' order by customer_id) from oba.customers where kind = 'person'");
  g_assert_cmpstr (left, ==, "100 erased, 200 active, 300 erased, 400 active, 500 merged");
  twice = helper_run (home, "erasures", "again", path, "--format", "csv", "--database", restored_uri, NULL);
  helper_assert_run (twice, 1, "0,2,1,1", "");

  g_assert_true (g_file_set_contents (broken_path, "customer_id,registered,erased_at,by,reason,asked_for\n200,1704175200000000,x,y,law,200\n5;x\n", -1, NULL));
  broken = helper_run (home, "erasures", "again", broken_path, "--database", restored_uri, NULL);
  helper_assert_run (broken, 1, "", "Line 3 of the file cannot be read, so nothing was erased.");
  g_assert_true (g_file_set_contents (broken_path, "customer_id,name\n200,x\n", -1, NULL));
  nothing = helper_run (home, "erasures", "again", broken_path, "--database", restored_uri, NULL);
  helper_assert_run (nothing, 1, "", "it has no column “registered”");
  g_free (left);
  left = helper_query (restored, "select status from oba.customers where customer_id = 200");
  g_assert_cmpstr (left, ==, "active");
}

/* A chain with a receipt of 100.00 some two months ago. Returns that month, "2026-09". */
static char *
chain_with_months (const char *name, char **uri, ObaDbConnection **connection)
{
  g_autoptr (HelperRun) migrated = NULL;
  g_autoptr (GError) error = NULL;

  *connection = helper_new_database (home, name, uri);
  migrated = helper_run (home, "migrate", "--database", *uri, NULL);
  helper_assert_run (migrated, 0, "", "");
  oba_db_connection_script_sync (*connection,
                                 "insert into oba.stores (code, name, city) values ('S1', 'OBA Nizami', 'Bakı');"
                                 "insert into oba.categories (code, name_az, name_en) values ('tea', 'Çay', 'Tea');"
                                 "insert into oba.products (code, name, category_id, price) select 'P1', 'Çay', category_id, 100 from oba.categories;"
                                 "insert into oba.customers (customer_id, given_name) values (100, 'Aysel');"
                                 "select oba.ensure_partitions ((now() - interval '3 months')::date, now()::date);"
                                 "select oba.once ('record_receipt', jsonb_build_object ('store_code', 'S1', 'till', 1, 'receipt_no', 'R1', 'sold_at',"
                                 " date_trunc ('month', now() at time zone 'Asia/Baku') - interval '50 days', 'customer_id', 100,"
                                 " 'lines', jsonb_build_array (jsonb_build_object ('code', 'P1', 'quantity', 100, 'unit_price', 100, 'total', 10000)), 'total', 10000), null, null)", NULL, &error);
  g_assert_no_error (error);
  oba_db_connection_script_sync (*connection, "select oba.fold_rollups ()", NULL, &error);
  g_assert_no_error (error);
  return helper_query (*connection, "select to_char (date_trunc ('month', now() at time zone 'Asia/Baku') - interval '50 days', 'YYYY-MM')");
}

/* A month is looked at, closed and listed; one that was cut off is gone on with; what cannot be closed is refused with a reason. */
static void
test_period (void)
{
  g_autofree char *uri = NULL, *month = NULL, *open = NULL, *closed = NULL, *left = NULL;
  g_autoptr (ObaDbConnection) connection = NULL;
  g_autoptr (HelperRun) before = NULL, dry = NULL, first = NULL, twice = NULL, after = NULL, now = NULL, verify = NULL;
  g_autoptr (GError) error = NULL;

  month = chain_with_months ("period", &uri, &connection);
  open = g_strdup_printf ("%s,open,,,1,0,100.00,,,,,,\r\n", month);
  before = helper_run (home, "period", "list", "--format", "csv", "--database", uri, NULL);
  helper_assert_run (before, 0, open, "");
  dry = helper_run (home, "period", "close", month, "--dry-run", "--format", "csv", "--database", uri, NULL);
  helper_assert_run (dry, 0, "1,0,100.00,100,0,0,0,0,100,0,0,0,0\r\n", "");
  left = helper_query (connection, "select count (*) from oba.closed_months");
  g_assert_cmpstr (left, ==, "0");

  /* Cut off after its first step, by somebody else. */
  g_free (left);
  left = helper_query (connection, 
                       "select oba.once ('close_month', jsonb_build_object ('month', date_trunc ('month', date_trunc ('month', now() at time zone 'Asia/Baku') - interval '50 days')::date), null, null) ->> 'counted'");
  g_assert_cmpstr (left, ==, "false");
  first = helper_run (home, "period", "close", month, "--format", "csv", "--database", uri, NULL);
  closed = g_strdup_printf ("%s,1,0,100.00,100,0,0,0,0,100\r\n", month);
  helper_assert_run (first, 0, closed, "Nothing can be dated into");
  twice = helper_run (home, "period", "close", month, "--database", uri, NULL);
  helper_assert_run (twice, 1, "", "This month is closed already.");
  after = helper_run (home, "period", "list", "--format", "json", "--database", uri, NULL);
  helper_assert_run (after, 0, "\"closed\"", "");
  g_free (month);
  month = helper_query (connection, "select to_char (now() at time zone 'Asia/Baku', 'YYYY-MM')");
  now = helper_run (home, "period", "close", month, "--database", uri, NULL);
  helper_assert_run (now, 1, "", "A month can be closed from the second day of the next month on.");
  verify = helper_run (home, "verify", "--database", uri, NULL);
  helper_assert_run (verify, 0, "", "");
}

/* The limits are shown and set one by one; what is not given stays. */
static void
test_limits (void)
{
  g_autofree char *uri = NULL;
  g_autoptr (ObaDbConnection) connection = helper_new_database (home, "limits", &uri);
  g_autoptr (HelperRun) migrated = NULL, shown = NULL, set = NULL, again = NULL;

  migrated = helper_run (home, "migrate", "--database", uri, NULL);
  helper_assert_run (migrated, 0, "", "");
  shown = helper_run (home, "limits", "show", "--format", "csv", "--database", uri, NULL);
  helper_assert_run (shown, 0, "amount,points,age_days,own_receipts,adjust_points\r\n50.00,50,14,true,1000\r\n", "");
  set = helper_run (home, "limits", "set", "--amount=75.50", "--own-receipts=no", "--format", "csv", "--database", uri, NULL);
  helper_assert_run (set, 0, "75.50,50,14,false,1000\r\n", "");
  again = helper_run (home, "limits", "set", "--age-days=30", "--adjust-points=250", "--format", "csv", "--database", uri, NULL);
  helper_assert_run (again, 0, "75.50,50,30,false,250\r\n", "");
}

/* A draft is written from a file, run over nothing yet, tested, and not put live by who wrote it. */
static void
test_rule (void)
{
  g_autofree char *uri = NULL, *file = g_build_filename (home->path, "rule.json", NULL);
  g_autoptr (ObaDbConnection) connection = helper_new_database (home, "rule", &uri);
  g_autoptr (HelperRun) migrated = NULL, saved = NULL, replayed = NULL, tiers = NULL, tested = NULL, live = NULL, listed = NULL, bad = NULL;

  migrated = helper_run (home, "migrate", "--database", uri, NULL);
  helper_assert_run (migrated, 0, "", "");
  g_file_set_contents (file, "{\"kind\": \"multiplier\", \"name\": \"Twice\", \"parameters\": {\"factor\": 2000}}", -1, NULL);
  saved = helper_run (home, "rule", "save", file, "--format", "csv", "--database", uri, NULL);
  helper_assert_run (saved, 0, "2,1,multiplier,Twice,draft,,,0,0,", "");
  replayed = helper_run (home, "rule", "replay", "2", "1", "--from=2024-01-01", "--to=2024-03-31", "--format", "csv", "--database", uri, NULL);
  helper_assert_run (replayed, 0, "receipts,touched,customers,fewer,points,worth,up,down\r\n0,0,0,0,0,0.00,0,0\r\n", "");
  tiers = helper_run (home, "rule", "replay", "2", "1", "--from=2024-01-01", "--to=2024-03-31", "--by=tier", "--format", "csv", "--database", uri, NULL);
  helper_assert_run (tiers, 0, "tier,customers,points\r\nBronze,0,0\r\nSilver,0,0\r\n", "");
  tested = helper_run (home, "rule", "test", "2", "1", "--format", "csv", "--database", uri, NULL);
  helper_assert_run (tested, 0, "Twice,test", "");
  live = helper_run (home, "rule", "live", "2", "1", "--database", uri, NULL);
  helper_assert_run (live, 1, "", "Who wrote a rule does not put it live.");
  listed = helper_run (home, "rule", "list", "--format", "csv", "--database", uri, NULL);
  helper_assert_run (listed, 0, "1,1,base,", "");
  g_file_set_contents (file, "{\"kind\": \"multiplier\", \"name\": \"Twice\", \"parameters\": {\"factor\": 1}}", -1, NULL);
  bad = helper_run (home, "rule", "save", file, "--database", uri, NULL);
  helper_assert_run (bad, 1, "", "factor");
}

/* A scheme is taken out, changed, tried out and put live; a customer gets a tier by hand until a day, and it is ended. */
static void
test_tier (void)
{
  g_autofree char *uri = NULL, *file = g_build_filename (home->path, "tiers.json", NULL), *text = NULL, *until = NULL;
  g_autoptr (ObaDbConnection) connection = helper_new_database (home, "tier", &uri);
  g_autoptr (HelperRun) migrated = NULL, listed = NULL, scheme = NULL, tried = NULL, live = NULL, late = NULL, given = NULL, ended = NULL, nobody = NULL, bad = NULL, soon = NULL;
  GString *changed;

  migrated = helper_run (home, "migrate", "--database", uri, NULL);
  helper_assert_run (migrated, 0, "", "");
  g_free (helper_query (connection, "with c as (insert into oba.customers (customer_id, given_name) values (500, 'A') returning 1) select count (*) from c"));
  until = helper_query (connection, "select '--until=' || to_char (oba.business_day (now()) + 100, 'DD.MM.YYYY')");
  listed = helper_run (home, "tier", "list", "--format", "csv", "--database", uri, NULL);
  helper_assert_run (listed, 0, "2,Silver,spend,1000.00,0,", "");
  scheme = helper_run (home, "tier", "scheme", "--database", uri, NULL);
  helper_assert_run (scheme, 0, "\"basis\": \"spend\"", "");
  changed = g_string_new (scheme->out);
  g_assert_cmpuint (g_string_replace (changed, "\"spend\"", "\"points\"", 1), ==, 1);
  text = g_string_free (changed, FALSE);
  g_file_set_contents (file, text, -1, NULL);
  tried = helper_run (home, "tier", "what-if", file, "--format", "csv", "--database", uri, NULL);
  helper_assert_run (tried, 0, "up,down,falling\r\n0,0,0\r\n", "");
  live = helper_run (home, "tier", "live", file, "--format", "csv", "--database", uri, NULL);
  helper_assert_run (live, 0, "2,Silver,points,100000,0,", "");
  late = helper_run (home, "tier", "live", file, "--database", uri, NULL);
  helper_assert_run (late, 1, "", "Somebody else changed this meanwhile.");
  given = helper_run (home, "tier", "override", "500", "3", until, "--reason=A guest", "--format", "csv", "--database", uri, NULL);
  helper_assert_run (given, 0, "Gold,points,0,", "");
  ended = helper_run (home, "tier", "end", "500", "--reason=Gone", "--format", "csv", "--database", uri, NULL);
  helper_assert_run (ended, 0, "Bronze,points,0,Silver,100000,", "");
  bad = helper_run (home, "tier", "override", "500", "3", "--reason=x", NULL);
  helper_assert_run (bad, 2, "", "--until and --reason");
  soon = helper_run (home, "tier", "override", "500", "3", "--reason=x", "--until=soon", NULL);
  helper_assert_run (soon, 2, "", "a day is written");
  nobody = helper_run (home, "tier", "show", "999", "--database", uri, NULL);
  helper_assert_run (nobody, 1, "", "There is no customer 999.");
}

/* What is owed in points: in tables for people, in one for machines; of a period; of a store only what it gave and took. */
static void
test_report (void)
{
  g_autofree char *uri = NULL, *month = NULL, *row = NULL, *empty = NULL, *store = NULL, *first = NULL, *today = NULL;
  g_autoptr (ObaDbConnection) connection = NULL;
  g_autoptr (HelperRun) shown = NULL, csv = NULL, json = NULL, before = NULL, of_store = NULL, unknown = NULL;

  month = chain_with_months ("report", &uri, &connection);
  shown = helper_run (home, "report", "liability", "--database", uri, NULL);
  helper_assert_run (shown, 0, "Points outstanding", "");
  helper_assert_run (shown, 0, "Clawed back", "");
  today = helper_query (connection, "select to_char (oba.business_day (now()), 'DD.MM.YYYY')");
  helper_assert_run (shown, 0, today, "");   /* of which day */
  csv = helper_run (home, "report", "liability", "--format", "csv", "--database", uri, NULL);
  helper_assert_run (csv, 0, "section,key,name,opening,issued,redeemed,expired,clawed_back,adjusted,points,value,expected_value,redemption_rate,breakage_rate\r\ntier,1,", "");
  helper_assert_run (csv, 0, "total,,,,,,,,,100,1.00,1.00,,\r\n", "");
  row = g_strdup_printf (",0,100,0,0,0,0,100,1.00,1.00,0,\r\nmonth,");
  helper_assert_run (csv, 0, row, "");
  json = helper_run (home, "report", "liability", "--format", "json", "--database", uri, NULL);
  helper_assert_run (json, 0, "\"owed\"", "");
  first = g_strdup_printf ("--to=%s-01", month);
  before = helper_run (home, "report", "liability", "--from=2020-01-31", first, "--format", "csv", "--database", uri, NULL);
  empty = g_strdup_printf ("month,%s,", month);
  helper_assert_run (before, 0, empty, "");
  helper_assert_run (before, 0, "month,2020-01,Jan 2020,0,0,0,0,0,0,0,0.00,0.00,,\r\n", "");
  store = g_strdup_printf ("%s,100,0,0\r\n", month);
  of_store = helper_run (home, "report", "liability", "--store=S1", "--format=csv", "--database", uri, NULL);
  helper_assert_run (of_store, 0, store, "");
  unknown = helper_run (home, "report", "liability", "--store=S9", "--database", uri, NULL);
  helper_assert_run (unknown, 1, "", "no store with the code S9");
}

/* How points pay is shown with all its versions and set in part; what was decided for later waits. */
static void
test_spending (void)
{
  g_autofree char *uri = NULL;
  g_autoptr (ObaDbConnection) connection = helper_new_database (home, "spending", &uri);
  g_autoptr (HelperRun) migrated = NULL, shown = NULL, set = NULL, later = NULL, past = NULL;

  migrated = helper_run (home, "migrate", "--database", uri, NULL);
  helper_assert_run (migrated, 0, "", "");
  shown = helper_run (home, "spending", "show", "--format", "csv", "--database", uri, NULL);
  helper_assert_run (shown, 0, "version,state,valid_from,point_value,daily_points,earns,code_seconds,wrong_codes,lock_minutes,created_by\r\n1,now,,0.01,50000,false,90,5,15,", "");
  set = helper_run (home, "spending", "set", "--point-value=2", "--daily-points=any", "--format", "csv", "--database", uri, NULL);
  helper_assert_run (set, 0, "0.02,,false,90,5,15,", "");
  later = helper_run (home, "spending", "set", "--earns=yes", "--from=2100-02-01", "--format", "csv", "--database", uri, NULL);
  helper_assert_run (later, 0, "3,coming,2100-02-01T00:00:00", "");
  helper_assert_run (later, 0, "2,now,", "");
  past = helper_run (home, "spending", "set", "--earns=no", "--from=2020-01-01", "--database", uri, NULL);
  helper_assert_run (past, 1, "", "New rules of spending begin now or later.");
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  home = helper_home_new (FALSE, "data");
  g_test_add_func ("/commands/usage", test_usage);
  g_test_add_func ("/commands/configured-database", test_configured_database);
  g_test_add_func ("/migrate/plain", test_migrate);
  g_test_add_func ("/migrate/foreign-history", test_foreign_history);
  g_test_add_func ("/migrate/older-schema", test_older_schema);
  g_test_add_func ("/migrate/two-at-once", test_two_at_once);
  g_test_add_func ("/migrate/waiting-and-interrupt", test_waiting_and_interrupt);
  g_test_add_func ("/migrate/staff-may-not", test_staff_may_not_migrate);
  g_test_add_func ("/staff/password-verifier", test_password_verifier);
  g_test_add_func ("/staff/life", test_staff);
  g_test_add_func ("/till/life", test_till);
  g_test_add_func ("/erasures/again", test_erasures);
  g_test_add_func ("/period/close", test_period);
  g_test_add_func ("/limits/set", test_limits);
  g_test_add_func ("/rule/draft", test_rule);
  g_test_add_func ("/tier/live", test_tier);
  g_test_add_func ("/report/liability", test_report);
  g_test_add_func ("/spending/set", test_spending);
  g_test_add_func ("/verify/exit-code", test_verify);
  status = g_test_run ();
  helper_home_free (home);

  return status;
}
