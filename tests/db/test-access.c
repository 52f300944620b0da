/* What is held on a person goes out to them whole, readable, and noted; and to nobody else. */
#include "marked-life.h"

#include <string.h>
#include <sys/stat.h>
#include <glib/gstdio.h>

#include "access/oba-access-private.h"
#include "base/oba-error.h"
#include "db/oba-db-error.h"

/* A folder of the test's own. */
static char *
path_in (House *house, const char *name)
{
  static char *folder;

  if (folder == NULL)
    folder = g_dir_make_tmp ("oba-access-XXXXXX", NULL);
  return g_build_filename (folder, name, NULL);
}

static ObaDbConnection *
connect_as (House *house, const char *role)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *conninfo = role == NULL ? g_strdup (house->conninfo) : g_strdup_printf ("%s user=%s", house->conninfo, role);
  ObaDbConnection *connection = oba_db_connection_open_sync (conninfo, OBA_DB_CONNECTION_DEFAULT, NULL, &error);

  g_assert_no_error (error);
  return connection;
}

static void
write_as (House *house, const char *role, gint64 customer, ObaAccessFormat format, const char *path)
{
  g_autoptr (ObaDbConnection) connection = connect_as (house, role);
  g_autoptr (GError) error = NULL;

  oba_access_write (connection, customer, format, NULL, path, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  oba_db_connection_close (connection);
}

static JsonObject *
read_json (const char *path, JsonParser *parser)
{
  g_autoptr (GError) error = NULL;

  json_parser_load_from_file (parser, path, &error);
  g_assert_no_error (error);
  return json_node_get_object (json_parser_get_root (parser));
}

static guint
n_rows (JsonObject *all, const char *section)
{
  g_assert_true (json_object_has_member (all, section));
  return json_array_get_length (json_object_get_array_member (all, section));
}

static JsonObject *
row_of (JsonObject *all, const char *section, guint n)
{
  return json_array_get_object_element (json_object_get_array_member (all, section), n);
}

/* Everything of everywhere, as it stands in the database. */
static void
test_json (House *house, gconstpointer unused)
{
  g_autofree char *path = path_in (house, "all.json");
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autofree char *text = NULL;
  JsonObject *all;
  struct stat there;

  live_with_mark (house);
  merge_with_mark (house);
  run (house->conn, "update oba.correction_limits set amount = 1000000000, points = 1000000000, age_days = 36600, own_receipts = false");
  g_free (call (house->conn, "correct_receipt", NULL,
                "{'kind': 'void', 'receipt': {'store': 1, 'till': 1, 'receipt_no': '3'}, 'reason_code': 'mistake', 'reason': 'twice', 'seen': 0}"));
  write_as (house, NULL, 300, OBA_ACCESS_JSON, path); /* a merged record is the whole person */
  all = read_json (path, parser);
  g_assert_cmpuint (n_rows (all, "records"), ==, 2);
  g_assert_cmpuint (n_rows (all, "merges"), ==, 1);
  g_assert_cmpuint (n_rows (all, "segments"), ==, 1);
  g_assert_cmpuint (n_rows (all, "approvals"), ==, 2);
  g_assert_cmpuint (n_rows (all, "corrections"), ==, 1);
  g_assert_cmpstr (json_object_get_string_member (all, "format"), ==, "oba-personal-data");
  g_assert_cmpstr (json_object_get_string_member (row_of (all, "records", 0), "family_name"), ==, MARK);
  g_assert_cmpstr (json_object_get_string_member (row_of (all, "records", 1), "preferred_store"), ==, "OBA Gəncə");
  g_assert_cmpuint (n_rows (all, "cards"), ==, 3);
  g_assert_cmpuint (n_rows (all, "receipts"), ==, 6);
  g_assert_cmpint (json_object_get_int_member (row_of (all, "receipts", 0), "points"), ==, 1500);
  g_assert_cmpstr (json_object_get_string_member (json_array_get_object_element (json_object_get_array_member (row_of (all, "receipts", 0), "lines"), 0), "product"), ==, "Çay");
  g_assert_cmpuint (n_rows (all, "redemptions"), ==, 4);
  g_assert_cmpuint (n_rows (all, "consents"), ==, 1);
  g_assert_cmpuint (n_rows (all, "telegram"), ==, 1);
  g_assert_cmpuint (n_rows (all, "messages_sent"), ==, 3);
  g_assert_cmpuint (n_rows (all, "messages_received"), ==, 3);
  g_assert_cmpuint (n_rows (all, "external_ids"), ==, 2);
  g_assert_cmpuint (n_rows (all, "erasures"), ==, 0);
  /* The trail says the values, and that they are given out just now. */
  g_assert_cmpstr (json_object_get_string_member (row_of (all, "staff_actions", n_rows (all, "staff_actions") - 1), "action"), ==, "customer.access");
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  for (guint i = 0; i < 3; i++)
    g_assert_nonnull (strstr (text, ((const char *[]) { OLD_PHONE, PHONE, "quarrel " MARK })[i]));
  g_assert_null (strstr (text, "sha256:"));
  g_assert_null (strstr (text, "token_hash"));
  g_assert_null (strstr (text, "search_text"));
  g_assert_cmpint (g_stat (path, &there), ==, 0);
  g_assert_cmpint (there.st_mode & 0777, ==, 0600);
}

/* A table that has something on customers and is forgotten in what they are given: say where it is, or why it is not there. */
static void
test_all_tables (House *house, gconstpointer unused)
{
  static const char *const elsewhere[] = {
    "walk_ins",            /* nobody's */
    "receipt_keys",        /* the receipt's number and answer once more */
    "receipt_lines",       /* with the receipts */
    "ledger_allocations",  /* which points of which lot an entry took: bookkeeping of the ledger */
    "points_debts",        /* with the accounts */
    "redemption_events",   /* with the redemptions */
    "consents",            /* what holds now: the last of consent_history */
    "idempotency_keys",    /* answers to repeated requests: ids */
    "audit", "audit_personal",                         /* audit_entries has both */
    "lifecycle_changes", "lifecycle_withdrawals",      /* lifecycle_history has both */
    "not_same_persons",    /* about another person */
    "merge_values",        /* with the merges */
    "merge_lots", "merge_debts",                       /* bookkeeping of the ledger */
    "duplicate_candidates", "duplicate_queue",         /* guesses about another person */
    "cashier_cards", "cashier_reviews",                /* about another person, the cashier; the receipts are given */
    "rule_trials",         /* what a rule that gives nothing would have given */
    "liability_moves",     /* what the rollup still has to count: ids */
    "receipt_claims",      /* what came of a claim: with the corrections; ids */
    "bulk_action_members", /* what staff did, in staff_actions: ids */
    NULL,
  };
  g_autoptr (GString) sql = g_string_new (NULL);
  g_auto (GStrv) files = g_resources_enumerate_children ("/az/oba/access", 0, NULL);
  g_autofree char *tables = NULL;
  g_auto (GStrv) names = NULL;

  for (guint i = 0; files[i] != NULL; i++)
    if (g_str_has_suffix (files[i], ".sql"))
      {
        g_autofree char *path = g_strconcat ("/az/oba/access/", files[i], NULL);
        g_autoptr (GBytes) bytes = g_resources_lookup_data (path, 0, NULL);

        g_string_append_len (sql, g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes));
      }
  tables = ask (house->conn, "select string_agg (c.relname, ' ') from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'customer_id' "
                             "where c.relnamespace = 'oba'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition");
  names = g_strsplit (tables, " ", -1);
  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *pattern = g_strdup_printf ("oba\\.%s\\b", names[i]);

      if (!g_regex_match_simple (pattern, sql->str, 0, 0) && !g_strv_contains (elsewhere, names[i]))
        g_error ("oba.%s has a customer_id and is in nothing that a person is given: add it in src/core/access", names[i]);
    }
}

static char *
text_of_pdf (const char *path)
{
  g_autofree char *program = g_find_program_in_path ("pdftotext");
  const char *const argv[] = { program, "-layout", path, "-", NULL };
  g_autoptr (GError) error = NULL;
  char *text = NULL;

  if (program == NULL)
    return NULL;
  g_spawn_sync (NULL, (char **) argv, NULL, 0, NULL, NULL, &text, NULL, NULL, &error);
  g_assert_no_error (error);
  return text;
}

/* In the person's language, every letter right, the pages numbered. */
static void
test_pdf (House *house, gconstpointer unused)
{
  static const char *const languages[] = { "az", "ru", "en" };
  static const char *const words[] = { "Səhifə 1", "Страница 1", "Page 1" };

  live_with_mark (house);
  run (house->conn, "update oba.customers set patronymic = 'Рәшид гызы' where customer_id = 100");
  for (guint i = 0; i < G_N_ELEMENTS (languages); i++)
    {
      g_autofree char *name = g_strdup_printf ("all-%s.pdf", languages[i]);
      g_autofree char *path = path_in (house, name);
      g_autofree char *bytes = NULL;
      g_autofree char *text = NULL;
      gsize length;

      run (house->conn, "update oba.customers set language = '%s' where customer_id = 100", languages[i]);
      write_as (house, NULL, 100, OBA_ACCESS_PDF, path);
      g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
      g_assert_true (g_str_has_prefix (bytes, "%PDF-"));
      g_assert_nonnull (g_strrstr_len (bytes + length - 16, 16, "%%EOF"));
      text = text_of_pdf (path);
      if (text == NULL)
        {
          g_test_skip ("pdftotext (poppler-utils) is not installed");
          return;
        }
      g_assert_nonnull (strstr (text, words[i]));
      g_assert_nonnull (strstr (text, MARK));
      g_assert_nonnull (strstr (text, "Рәшид гызы"));
      g_assert_nonnull (strstr (text, "70010002"));
      g_assert_nonnull (strstr (text, "OBA Nizami"));
    }
}

static void
stop_soon (gint64 rows, gint64 total, gpointer user_data)
{
  if (rows > 1000)
    g_cancellable_cancel (user_data);
}

static void
keep_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
count_steps (gint64 rows, gint64 total, gpointer user_data)
{
  (*(guint *) user_data)++;
}

static gint64
resident_kb (void)
{
  g_autofree char *text = NULL;
  const char *line;

  g_assert_true (g_file_get_contents ("/proc/self/status", &text, NULL, NULL));
  line = strstr (text, "VmHWM:");
  g_assert_nonnull (line);
  return g_ascii_strtoll (line + strlen ("VmHWM:"), NULL, 10);
}

static void
many_receipts (House *house, guint n)
{
  run (house->conn,
       "insert into oba.import_batches (kind) values ('demo');"
       "insert into oba.receipts (customer_id, sold_at, receipt_id, store_id, till_no, receipt_no, total, paid_cash, line_count, source, batch_id)"
       " select 200, timestamptz '2023-01-01' + n * interval '9 minutes', 900000 + n, 1, 9, 'M' || n, 250, 250, 1, 'demo', 1 from generate_series (1, %u) n;"
       "insert into oba.receipt_lines (customer_id, sold_at, receipt_id, line_no, product_id, quantity, unit_price, total)"
       " select customer_id, sold_at, receipt_id, 1, 2, 1000, 250, 250 from oba.receipts where batch_id = 1;"
       "select oba.post_batch (1)", n);
}

/* Many years of shopping take no more memory than a week; and who cancels has no half a file. */
static void
test_large (House *house, gconstpointer unused)
{
  g_autofree char *path = path_in (house, "large.json");
  g_autofree char *pdf = path_in (house, "large.pdf");
  g_autofree char *cancelled = path_in (house, "cancelled.json");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (ObaDbConnection) connection = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *part = g_strconcat (cancelled, ".part", NULL);
  gint64 before, grown;
  struct stat there;
  guint steps = 0;

  many_receipts (house, 20000);
  write_as (house, NULL, 100, OBA_ACCESS_JSON, path);
  write_as (house, NULL, 100, OBA_ACCESS_PDF, pdf);
  before = resident_kb ();
  write_as (house, NULL, 200, OBA_ACCESS_JSON, path);
  write_as (house, NULL, 200, OBA_ACCESS_PDF, pdf);
  grown = resident_kb () - before;
  g_assert_cmpint (g_stat (path, &there), ==, 0);
  g_test_message ("20,000 receipts: %" G_GOFFSET_FORMAT " bytes of JSON, %" G_GINT64_FORMAT " kB more", (goffset) there.st_size, grown);
  g_assert_cmpint (there.st_size, >, 10 * 1024 * 1024);
  if (g_getenv ("ASAN_OPTIONS") == NULL)
    g_assert_cmpint (grown, <, 12 * 1024);

  connection = connect_as (house, NULL);
  g_assert_false (oba_access_write (connection, 200, OBA_ACCESS_JSON, NULL, cancelled, stop_soon, cancellable, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_false (g_file_test (cancelled, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (part, G_FILE_TEST_EXISTS));

  oba_access_write_async (house->conninfo, 200, OBA_ACCESS_PDF, NULL, pdf, count_steps, &steps, NULL, keep_result, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (oba_access_write_finish (result, &error));
  g_assert_cmpuint (steps, >, 20);
}

/* A clerk may not; nor is there a customer of every number, or a folder of every name. Each time nothing is left behind. */
static void
test_refused (House *house, gconstpointer unused)
{
  g_autofree char *path = path_in (house, "refused.json");
  g_autofree char *half = path_in (house, "refused.pdf");
  g_autoptr (ObaDbConnection) connection = NULL;
  g_autoptr (ObaDbConnection) clerk = NULL;
  g_autoptr (GError) error = NULL;

  run (house->conn, "select oba.staff_add ('access.clerk', 'Leyla', 'clerk'); select oba.staff_add ('access.chief', 'Nigar', 'supervisor')");
  clerk = connect_as (house, "access.clerk");
  g_assert_false (oba_access_write (clerk, 100, OBA_ACCESS_JSON, NULL, path, NULL, NULL, NULL, &error));
  g_assert_true (error->domain == OBA_DB_ERROR);
  g_clear_error (&error);
  connection = connect_as (house, "access.chief");
  g_assert_false (oba_access_write (connection, 4711, OBA_ACCESS_JSON, NULL, path, NULL, NULL, NULL, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_assert_false (oba_access_write (connection, 100, OBA_ACCESS_JSON, NULL, "/nowhere/at/all.json", NULL, NULL, NULL, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_clear_error (&error);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  assert_ask (house->conn, "0", "select count (*) from oba.audit where action = 'customer.access'");

  write_as (house, "access.chief", 100, OBA_ACCESS_JSON, path);
  assert_ask (house->conn, "access.chief supervisor", "select who || ' ' || role from oba.audit where action = 'customer.access'");
  /* What cannot be read through leaves no half of a PDF, and the program goes on. */
  run (house->conn, "revoke select on oba.message_optouts from oba_supervisor");
  g_assert_false (oba_access_write (connection, 100, OBA_ACCESS_PDF, NULL, half, NULL, NULL, NULL, &error));
  g_assert_true (error->domain == OBA_DB_ERROR);
  g_assert_false (g_file_test (half, G_FILE_TEST_EXISTS));
  run (house->conn, "grant select on oba.message_optouts to oba_supervisor");
  oba_db_connection_close (clerk);
  oba_db_connection_close (connection);
  run (house->conn, "delete from oba.staff; drop role \"access.clerk\"; drop role \"access.chief\"");
}

/* After the erasure there is nothing to give out but that it was done. */
static void
test_erased (House *house, gconstpointer unused)
{
  g_autofree char *path = path_in (house, "erased.json");
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autofree char *text = NULL;
  JsonObject *all;

  live_with_mark (house);
  g_free (call (house->conn, "erase_customer", NULL, "{'customer_id': 100, 'confirm': '100', 'reason': 'request'}"));
  write_as (house, NULL, 100, OBA_ACCESS_JSON, path);
  all = read_json (path, parser);
  g_assert_cmpuint (n_rows (all, "erasures"), ==, 1);
  g_assert_cmpuint (n_rows (all, "receipts"), ==, 4);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_null (strstr (text, MARK));
  g_assert_null (strstr (text, "994557351"));
}

/* People who read no English are not given English. */
static void
test_texts (House *house, gconstpointer unused)
{
  g_autoptr (GPtrArray) texts = oba_access_list_texts ();
  g_autoptr (ObaCatalogue) az = oba_catalogue_new ("access", OBA_LANGUAGE_AZ);
  g_autoptr (ObaCatalogue) ru = oba_catalogue_new ("access", OBA_LANGUAGE_RU);

  for (guint i = 0; texts->pdata[i] != NULL; i++)
    if (!oba_catalogue_has (az, texts->pdata[i]) || !oba_catalogue_has (ru, texts->pdata[i]))
      g_error ("po/access lacks “%s”", (char *) texts->pdata[i]);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add (path, House, NULL, house_setup, func, house_teardown)
  ADD ("/access/json", test_json);
  ADD ("/access/all-tables", test_all_tables);
  ADD ("/access/pdf", test_pdf);
  ADD ("/access/large", test_large);
  ADD ("/access/refused", test_refused);
  ADD ("/access/erased", test_erased);
  ADD ("/access/texts", test_texts);
  status = g_test_run ();
  house_server_stop ();
  return status;
}
