/* What leaves the house, by the real program and a real server: every row or no file, literally what is stored, and only for those who may see it. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <unistd.h>
#include <glib/gstdio.h>

#include "base/oba-error.h"
#include "db/oba-db-error.h"
#include "export/oba-export.h"
#include "export/oba-export-xlsx-check.h"
#include "helper-run.h"
#include "oba-test-postgres.h"

static ObaTestPostgres *postgres;
static HelperHome *home;

typedef struct
{
  char *conninfo;
  char *folder;
  char *path;      /* of the file to write, in the folder */
} Fixture;

static const char PEOPLE[] =
    "insert into oba.stores (code, name) values ('S1', 'One');"
    "insert into oba.customers (given_name, family_name, phone, city, email, birth_date, notes, preferred_store_id, registered_at) values "
    "('Aysel', 'Əliyeva, qızı', '+994501234567', 'Bakı', 'a@b.az', '1990-06-05', e'two\\nlines \"quoted\"', 1, '2024-01-02 03:04:05+04'),"
    "('=1+1', '+cmd|''/C calc''!A0', null, '-Şəki', null, null, '', null, '2024-01-02 03:04:05+04'),"
    "('''=x', '@SUM(A1)', '+12025550123', '＝wide', null, null, '', null, '2024-01-02 03:04:05+04'),"
    "('Иван', 'Петров;Сидоров', '+994551112233', '', null, null, '', null, '2024-01-02 03:04:05+04');"
    "insert into oba.customer_external_ids (external_id, customer_id) select '-' || customer_id, customer_id from oba.customers where given_name = '=1+1';"
    "update oba.points_accounts set balance = 10 * customer_id, tier_spend = 100 * customer_id + 5";

static void
set_up (Fixture *f, gconstpointer data)
{
  f->conninfo = oba_test_postgres_new_database (postgres);
  f->folder = g_dir_make_tmp ("oba-export-XXXXXX", NULL);
  f->path = g_build_filename (f->folder, "out", NULL);
  g_free (oba_test_postgres_exec (f->conninfo, PEOPLE));
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (f->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (f->folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (f->folder);
  g_free (f->path);
  g_free (f->folder);
  g_free (f->conninfo);
}

static char *
query (Fixture *f, const char *sql)
{
  return oba_test_postgres_exec (f->conninfo, sql);
}

static void
assert_query (Fixture *f, const char *sql, const char *expected)
{
  g_autofree char *value = query (f, sql);

  if (g_strcmp0 (value, expected) != 0)
    g_error ("%s\ngives “%s”, expected “%s”", sql, value, expected);
}

static void
assert_file (Fixture *f, const char *expected)
{
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (f->path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, expected);
}

/* Nothing in the folder but, perhaps, the file that was there before. */
static void
assert_untouched (Fixture *f, const char *before)
{
  g_autoptr (GDir) dir = g_dir_open (f->folder, 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_assert_cmpstr (name, ==, "out");
      n++;
    }
  g_assert_cmpuint (n, ==, before != NULL);
  if (before != NULL)
    assert_file (f, before);
}

static ObaExportReport *
run_with (Fixture *f, const char *conninfo, ObaExportOptions *options, ObaExportProgress progress, gpointer data, GCancellable *cancellable, GError **error)
{
  g_autoptr (ObaDbConnection) connection = oba_db_connection_open_sync (conninfo, OBA_DB_CONNECTION_DEFAULT, NULL, error);
  ObaExportReport *report;

  g_assert_nonnull (connection);
  report = oba_export_run (connection, options, progress, data, cancellable, error);
  oba_db_connection_close (connection);
  return report;
}

static ObaExportReport *
run (Fixture *f, ObaExportOptions *options, GError **error)
{
  return run_with (f, f->conninfo, options, NULL, NULL, NULL, error);
}

/* A spreadsheet that opens the file runs nothing; a program that reads it gets what is stored, whatever signs are in it. */
static void
test_quoting (Fixture *f, gconstpointer data)
{
  g_autoptr (HelperRun) csv = helper_run (home, "export", "customers", "--database", f->conninfo, "--columns", "family_name,given_name, phone", "--columns", "city,notes,points,spend",
                                          "-o", f->path, NULL);
  g_autoptr (HelperRun) excel = NULL;

  helper_assert_run (csv, 0, "Control total: points", "");
  assert_file (f, "family_name,given_name,phone,city,notes,points,spend\r\n"
                  "\"'+cmd|'/C calc'!A0\",\"'=1+1\",,\"'-Şəki\",,30,3.05\r\n"
                  "\"'@SUM(A1)\",\"''=x\",+12 025 550 123,\"'＝wide\",,40,4.05\r\n"
                  "\"Əliyeva, qızı\",Aysel,+994 50 123 45 67,Bakı,\"two\nlines \"\"quoted\"\"\",20,2.05\r\n"
                  "Петров;Сидоров,Иван,+994 55 111 22 33,,,50,5.05\r\n");
  excel = helper_run (home, "export", "customers", "--database", f->conninfo, "--columns", "family_name,city", "--bom", "--delimiter", ";", "-o", f->path, NULL);
  helper_assert_run (excel, 0, "", "");
  assert_file (f, "\xef\xbb\xbf" "family_name;city\r\n\"'+cmd|'/C calc'!A0\";\"'-Şəki\"\r\n\"'@SUM(A1)\";\"'＝wide\"\r\nƏliyeva, qızı;Bakı\r\n\"Петров;Сидоров\";\r\n");
}

/* What was exported can be imported, and nothing is changed by it: no name grows an apostrophe, no phone becomes another. */
static void
test_round_trip (Fixture *f, gconstpointer data)
{
  static const char state[] = "select md5 (string_agg (c::text || coalesce (e.external_id, ''), ';' order by c.customer_id)) || (select count (*) from oba.import_batches)"
                              " from oba.customers c left join oba.customer_external_ids e using (customer_id)";
  g_autofree char *before = NULL, *after = NULL;
  g_autoptr (HelperRun) out = NULL, in = NULL;

  /* Who has neither phone nor id elsewhere cannot be known again by an import: that has its own test. */
  before = query (f, state);
  out = helper_run (home, "export", "customers", "--database", f->conninfo, "-o", f->path, "--columns",
                    "oba_id,id,family_name,given_name,patronymic,phone,email,birth_date,language,city,preferred_store,notes,registered_at,status,points", NULL);
  helper_assert_run (out, 0, "", "");
  in = helper_run (home, "import", "customers", f->path, "--database", f->conninfo, "--format", "csv", NULL);
  helper_assert_run (in, 0, "\r\nrows,4\r\n", "");
  helper_assert_run (in, 0, "\r\nunchanged,4\r\n", "");
  after = query (f, state);
  g_assert_cmpstr (before, ==, after);
}

static gint64
count_records (const char *text)
{
  gint64 n = 0;
  gboolean quoted = FALSE;

  for (; *text != '\0'; text++)
    {
      quoted ^= *text == '"';
      n += *text == '\n' && !quoted;
    }
  return n;
}

/* More rows than one portion of the cursor, in the list's order; the totals are the database's. */
static void
test_many (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaExportOptions) options = oba_export_options_new (OBA_EXPORT_CUSTOMERS, OBA_EXPORT_CSV, f->path);
  g_autoptr (ObaExportReport) report = NULL;
  g_autofree char *text = NULL, *expected = NULL, *order = NULL;
  GStatBuf info;

  g_free (query (f, "insert into oba.customers (given_name, family_name) select 'G' || i, 'F' || i % 97 from generate_series (1, 20000) i;"
                    "update oba.points_accounts set balance = customer_id % 1000 - 20, tier_spend = customer_id * 7 % 100000"));
  options->columns = g_strsplit ("oba_id", ",", -1);
  options->sort = OBA_CUSTOMER_SORT_POINTS;
  options->descending = TRUE;
  report = run (f, options, &error);
  g_assert_no_error (error);
  expected = query (f, "select concat_ws ('|', count (*), sum (balance), sum (tier_spend)) from oba.points_accounts");
  {
    g_autofree char *got = g_strdup_printf ("%" G_GINT64_FORMAT "|%" G_GINT64_FORMAT "|%" G_GINT64_FORMAT, report->rows, report->points, report->money);

    g_assert_cmpstr (got, ==, expected);
  }
  g_assert_true (g_file_get_contents (f->path, &text, NULL, NULL));
  g_assert_cmpint (count_records (text), ==, report->rows + 1);
  order = query (f, "select 'oba_id' || e'\\r\\n' || string_agg (customer_id::text, e'\\r\\n' order by balance desc, customer_id desc) || e'\\r\\n' from oba.points_accounts");
  g_assert_cmpstr (text, ==, order);
  /* What the house knows of people is for nobody else on this computer. */
  g_assert_cmpint (g_stat (f->path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  assert_query (f, "select string_agg (action || coalesce (a.changes #>> '{rows,1}', p.changes #>> '{export,1,columns}'), ' ' order by audit_id)"
                " from oba.audit a left join oba.audit_personal p using (audit_id) where subject = 'export'",
                "export.begin[\"oba_id\"] export.end20004");
}

/* Of a selection: exactly these, as they stand in the list; of a filter: its customers, and the audit keeps no name that was searched for. */
static void
test_selection (Fixture *f, gconstpointer data)
{
  static const gint64 ids[] = { 5, 2, 4000, 1 };
  g_autoptr (ObaExportOptions) options = oba_export_options_new (OBA_EXPORT_CUSTOMERS, OBA_EXPORT_CSV, f->path);
  g_autoptr (ObaExportReport) report = NULL;
  g_autoptr (HelperRun) found = NULL, nobody = NULL;
  g_autoptr (GError) error = NULL;

  options->columns = g_strsplit ("oba_id", ",", -1);
  options->ids = g_array_append_vals (g_array_new (FALSE, FALSE, sizeof (gint64)), ids, G_N_ELEMENTS (ids));
  report = run (f, options, &error);
  g_assert_no_error (error);
  assert_file (f, "oba_id\r\n5\r\n2\r\n");
  found = helper_run (home, "export", "customers", "--database", f->conninfo, "--columns", "oba_id", "-o", f->path, "--filter", "text=ALIYEVA", "--filter", "points=..25", NULL);
  helper_assert_run (found, 0, "", "");
  assert_file (f, "oba_id\r\n2\r\n");
  assert_query (f, "select p.changes #>> '{export,1,filter}' from oba.audit join oba.audit_personal p using (audit_id) where action = 'export.begin' order by audit_id desc limit 1", "{\"text\": true, \"points\": [null, 25]}");
  nobody = helper_run (home, "export", "customers", "--database", f->conninfo, "--columns", "oba_id", "-o", f->path, "--filter", "{\"text\": \"((\"}", NULL);
  helper_assert_run (nobody, 0, "", "");
  assert_file (f, "oba_id\r\n");
}

static gint64
unzip_rows (Fixture *f, guint sheet)
{
  g_autofree char *name = g_strdup_printf ("xl/worksheets/sheet%u.xml", sheet);
  const char *argv[] = { "python3", "-c", "import sys, zipfile; print (zipfile.ZipFile (sys.argv[1]).read (sys.argv[2]).count (b'<row '))", f->path, name, NULL };
  g_autofree char *out = NULL;

  g_assert_true (g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, NULL, NULL, NULL));
  return g_ascii_strtoll (out, NULL, 10);
}

/* A sheet has an end; the rows go on in the next one. A workbook that lacks a row is told from a whole one. */
static void
test_sheets (Fixture *f, gconstpointer data)
{
  g_autoptr (ObaExportOptions) options = oba_export_options_new (OBA_EXPORT_CUSTOMERS, OBA_EXPORT_XLSX, f->path);
  g_autoptr (ObaExportReport) report = NULL, empty = NULL;
  g_autoptr (GError) error = NULL;
  int fd;

  options->sheet_rows = 3;
  report = run (f, options, &error);
  g_assert_no_error (error);
  g_assert_cmpint (report->rows, ==, 4);
  g_assert_cmpuint (report->sheets, ==, 2);
  g_assert_cmpint (unzip_rows (f, 1), ==, 3);
  g_assert_cmpint (unzip_rows (f, 2), ==, 3);
  fd = g_open (f->path, O_RDWR, 0);
  g_assert_true (oba_export_xlsx_check (fd, f->path, 6, NULL));
  g_assert_false (oba_export_xlsx_check (fd, f->path, 7, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOSPC);
  g_assert_cmpint (ftruncate (fd, report->bytes / 2), ==, 0);
  g_assert_false (oba_export_xlsx_check (fd, f->path, 6, NULL));
  g_close (fd, NULL);
  options->filter = oba_customer_filter_new_text ("nobody at all");
  g_clear_error (&error);
  empty = run (f, options, &error);
  g_assert_no_error (error);
  g_assert_cmpint (unzip_rows (f, 1), ==, 1);
}

/* Marketing works without names and phones, and an export is no way around that. */
static void
test_rights (Fixture *f, gconstpointer data)
{
  g_autofree char *marketing = g_strconcat (f->conninfo, " user=export_marketing", NULL), *clerk = g_strconcat (f->conninfo, " user=export_clerk", NULL);
  g_autoptr (HelperRun) usual = NULL, phones = NULL, all = NULL;
  g_autofree char *text = NULL;

  g_free (query (f, "select oba.staff_add ('export_marketing', 'M', 'marketing'), oba.staff_add ('export_clerk', 'C', 'clerk')"));
  phones = helper_run (home, "export", "customers", "--database", marketing, "--columns", "oba_id,phone", "-o", f->path, NULL);
  helper_assert_run (phones, 1, "", "may not see who a customer is");
  assert_untouched (f, NULL);
  usual = helper_run (home, "export", "customers", "--database", marketing, "-o", f->path, "--report", "csv", NULL);
  helper_assert_run (usual, 0, ",4,140,", "");
  g_assert_true (g_file_get_contents (f->path, &text, NULL, NULL));
  g_assert_true (g_str_has_prefix (text, "oba_id,birth_date,"));
  g_assert_null (strstr (text, "Aysel"));
  g_assert_null (strstr (text, "123 45 67"));
  assert_query (f, "select string_agg (who || ' ' || coalesce (role, '') || ' ' || action, ', ' order by audit_id) from oba.audit where subject = 'export'",
                "export_marketing marketing export.begin, export_marketing marketing export.end");
  all = helper_run (home, "export", "customers", "--database", clerk, "-o", f->path, NULL);
  helper_assert_run (all, 0, "", "");
}

/* Receipts line by line and the ledger, of some days only; money as it was paid, and back. */
static void
test_sales_and_points (Fixture *f, gconstpointer data)
{
  static const char receipts[] =
      "insert into oba.products (code, name) values ('A', '=Tea'), ('B', 'Bread');"
      "select oba.ensure_partitions ('2024-05-01', '2024-06-01');"
      "select oba.record_receipt ('{\"store\": 1, \"till\": 0, \"receipt_no\": \"7\", \"sold_at\": \"2024-05-01T10:00:00+04\", \"customer_id\": 2, \"source\": \"staff\", \"total\": 350, "
      "\"lines\": [{\"code\": \"A\", \"quantity\": 1.5, \"unit_price\": 200, \"total\": 300}, {\"code\": \"B\", \"quantity\": 1, \"unit_price\": 50, \"total\": 50}]}');"
      "select oba.return_lines ('{\"original\": {\"store\": 1, \"till\": 0, \"receipt_no\": \"7\"}, \"lines\": [{\"line\": 1, \"quantity\": 1.5}], \"receipt_no\": \"8\", "
      "\"sold_at\": \"2024-05-03T10:00:00+04\", \"reason_code\": \"bad\", \"source\": \"staff\"}');"
      "select oba.record_receipt ('{\"store\": 1, \"till\": 0, \"receipt_no\": \"9\", \"sold_at\": \"2024-05-04T00:00:00+04\", \"source\": \"staff\", \"total\": 50, "
      "\"lines\": [{\"code\": \"B\", \"quantity\": 1, \"unit_price\": 50, \"total\": 50}]}')";
  g_autoptr (HelperRun) sales = NULL, points = NULL, wrong = NULL;

  g_free (query (f, receipts));
  sales = helper_run (home, "export", "sales", "--database", f->conninfo, "-o", f->path, "--filter", "from=2024-05-01", "--filter", "to=2024-05-03", "--report", "csv",
                      "--columns", "receipt,time,kind,oba_customer,product_title,quantity,amount", NULL);
  helper_assert_run (sales, 0, ",3,0.50,", "");
  assert_file (f, "receipt,time,kind,oba_customer,product_title,quantity,amount\r\n7,2024-05-01 10:00:00,sale,2,\"'=Tea\",1.500,3.00\r\n"
                  "7,2024-05-01 10:00:00,sale,2,Bread,1.000,0.50\r\n8,2024-05-03 10:00:00,return,2,\"'=Tea\",-1.500,-3.00\r\n");
  points = helper_run (home, "export", "points", "--database", f->conninfo, "-o", f->path, "--columns", "kind,points", "--filter", "customer=2", "--report", "csv", NULL);
  helper_assert_run (points, 0, ",2,0,", "");
  assert_file (f, "kind,points\r\nearn,3\r\nclawback,-3\r\n");
  wrong = helper_run (home, "export", "points", "--database", f->conninfo, "-o", f->path, "--filter", "from=yesterday", NULL);
  helper_assert_run (wrong, 2, "", "from=yesterday");
}

/* Said at once, in a sentence that helps, and nothing is written. */
static void
test_refusals (Fixture *f, gconstpointer data)
{
  const struct
  {
    const char *arguments[5];
    int status;
    const char *sentence;
  } cases[] = {
    { { "tills", "-o", f->path }, 2, "customers, sales, points or segment" },
    { { "customers" }, 2, "-o FILE" },
    { { "customers", "-o", f->path, "--format=pdf" }, 2, "csv or xlsx" },
    { { "customers", "-o", f->path, "--delimiter=ab" }, 2, "--delimiter" },
    { { "customers", "-o", f->path, "--sort=shoe" }, 2, "--sort" },
    { { "customers", "-o", f->path, "--filter=shoe=44" }, 2, "shoe=44" },
    { { "customers", "-o", f->path, "--filter=tiers=gold" }, 2, "tiers=gold" },
    { { "customers", "-o", f->path, "--filter={\"shoe\": 1}" }, 2, "shoe" },
    { { "customers", "-o", f->path, "--filter=registered=2026-02-30.." }, 2, "registered" },
    { { "segment", "-o", f->path }, 2, "segments=ID" },
    { { "customers", "-o", f->path, "--columns=shoe" }, 1, "shoe" },
    { { "customers", "-o", f->folder }, 1, "not a file" },
    { { "customers", "-o", "/dev/full" }, 1, "not a file" },
    { { "customers", "-o", "/nonexistent/x.csv" }, 1, "does not exist" },
    { { "customers", "-o", "/proc/x.csv" }, 1, "No file was written." },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *const *a = cases[i].arguments;
      g_autoptr (HelperRun) result = helper_run (home, "export", "--database", f->conninfo, a[0], a[1], a[2], a[3], NULL);

      helper_assert_run (result, cases[i].status, "", cases[i].sentence);
      assert_untouched (f, NULL);
    }
}

/* What happens to a run after its first rows */
typedef struct
{
  GCancellable *cancellable;
  void        (*act) (void);
  gboolean      acted;
} Trap;

static void
on_progress (gint64 rows, gint64 total, gpointer user_data)
{
  Trap *trap = user_data;

  if (trap->acted)
    return;
  trap->acted = TRUE;
  if (trap->cancellable != NULL)
    g_cancellable_cancel (trap->cancellable);
  else
    trap->act ();
}

static void
kill_server (void)
{
  oba_test_postgres_kill (postgres);
}

static void
fill (Fixture *f)
{
  g_free (query (f, "insert into oba.customers (given_name, family_name) select 'G' || i, repeat ('F', 90) from generate_series (1, 30000) i"));
}

/* Stopped, or the server lost in the middle: there is no half file, and what was there under the name is still there. */
static void
test_stopped (Fixture *f, gconstpointer data)
{
  static const ObaExportFormat formats[] = { OBA_EXPORT_CSV, OBA_EXPORT_XLSX };

  fill (f);
  g_assert_true (g_file_set_contents (f->path, "before", -1, NULL));
  for (guint i = 0; i < 2 * G_N_ELEMENTS (formats); i++)
    {
      g_autoptr (ObaExportOptions) options = oba_export_options_new (OBA_EXPORT_CUSTOMERS, formats[i % 2], f->path);
      g_autoptr (GCancellable) cancellable = i < 2 ? g_cancellable_new () : NULL;
      g_autoptr (GError) error = NULL;
      Trap trap = { cancellable, kill_server };

      g_assert_null (run_with (f, f->conninfo, options, on_progress, &trap, cancellable, &error));
      if (i < 2)
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      else
        {
          g_assert_error (error, OBA_DB_ERROR, OBA_DB_ERROR_LOST);
          oba_test_postgres_start (postgres);
        }
      assert_untouched (f, "before");
    }
  assert_query (f, "select count (*) from oba.audit where action = 'export.end'", "0");
}

/* A disk without room, as a limit of this program's files: the write that goes over it fails. libxlsxwriter does not notice that by itself. */
static void
test_disk_full (Fixture *f, gconstpointer data)
{
  static const ObaExportFormat formats[] = { OBA_EXPORT_CSV, OBA_EXPORT_XLSX };
  static const rlim_t limits[] = { 100 * 1024, 1000 * 1024 };
  struct rlimit before, little;

  fill (f);
  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
  for (guint i = 0; i < 4; i++)
    {
      g_autoptr (ObaExportOptions) options = oba_export_options_new (OBA_EXPORT_CUSTOMERS, formats[i % 2], f->path);
      g_autoptr (ObaExportReport) report = NULL;
      g_autoptr (GError) error = NULL;

      little = before;
      little.rlim_cur = limits[i / 2];
      g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &little), ==, 0);
      report = run (f, options, &error);
      g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);
      g_assert_null (report);
      g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOSPC);
      assert_untouched (f, NULL);
    }
  signal (SIGXFSZ, SIG_DFL);
}

/* Two exports into one file would mix; what a crash has left lying about does not stop the next. */
static void
test_two_at_once (Fixture *f, gconstpointer data)
{
  g_autoptr (ObaExportOptions) options = oba_export_options_new (OBA_EXPORT_CUSTOMERS, OBA_EXPORT_CSV, f->path);
  g_autofree char *part = g_strconcat (f->path, ".part", NULL);
  g_autoptr (ObaExportReport) report = NULL;
  g_autoptr (GError) error = NULL;
  int fd = g_open (part, O_RDWR | O_CREAT, 0600);

  g_assert_cmpint (write (fd, "rest of a crash", 15), ==, 15);
  g_assert_cmpint (flock (fd, LOCK_EX), ==, 0);
  g_assert_null (run (f, options, &error));
  g_assert_error (error, OBA_ERROR, OBA_ERROR_INVALID_INPUT);
  g_clear_error (&error);
  g_close (fd, NULL);
  report = run (f, options, &error);
  g_assert_no_error (error);
  g_assert_cmpint (report->rows, ==, 4);
  g_assert_false (g_file_test (part, G_FILE_TEST_EXISTS));
}

static gboolean
is_reading (Fixture *f)
{
  g_autofree char *n = query (f, "select count (*) from pg_stat_activity where query like '%bigint[]%' and xact_start is not null and pid <> pg_backend_pid ()");

  return g_strcmp0 (n, "1") == 0;
}

/* Ctrl+C at the terminal */
static void
test_interrupt (Fixture *f, gconstpointer data)
{
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (HelperRun) result = NULL;
  gint64 end;

  g_free (query (f, "insert into oba.customers (given_name, family_name) select 'G' || i, repeat ('F', 90) from generate_series (1, 50000) i"));
  end = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;
  process = helper_spawn (home, "export", "customers", "-o", f->path, "--format", "xlsx", "--database", f->conninfo, NULL);
  while (!is_reading (f))
    g_assert_cmpint (g_get_monotonic_time (), <, end);
  g_subprocess_send_signal (process, SIGINT);
  result = helper_wait (process);
  helper_assert_run (result, 1, "", "No file was written.");
  assert_untouched (f, NULL);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  postgres = oba_test_postgres_new (OBA_TEST_POSTGRES_MIGRATED);
  home = helper_home_new (FALSE, "data");
#define ADD(name, func) g_test_add ("/export/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("quoting", test_quoting);
  ADD ("round-trip", test_round_trip);
  ADD ("many", test_many);
  ADD ("selection", test_selection);
  ADD ("sheets", test_sheets);
  ADD ("rights", test_rights);
  ADD ("sales-and-points", test_sales_and_points);
  ADD ("refusals", test_refusals);
  ADD ("stopped", test_stopped);
  ADD ("disk-full", test_disk_full);
  ADD ("two-at-once", test_two_at_once);
  ADD ("interrupt", test_interrupt);
  status = g_test_run ();
  helper_home_free (home);
  oba_test_postgres_free (postgres);
  return status;
}
