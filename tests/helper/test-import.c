/* Files from outside, the real program and a real server: what is imported is exactly what the file says, once; what goes wrong leaves nothing. */
#include <signal.h>
#include <string.h>
#include <unistd.h>
#include <glib/gstdio.h>

#include "base/oba-error.h"
#include "db/oba-db-error.h"
#include "helper-run.h"
#include "import/oba-import.h"
#include "oba-test-bad-input.h"
#include "oba-test-postgres.h"

static ObaTestPostgres *postgres;
static HelperHome *home;

/* A fresh database and a folder for files */
typedef struct
{
  char *conninfo;
  char *folder;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->conninfo = oba_test_postgres_new_database (postgres);
  f->folder = g_dir_make_tmp ("oba-import-XXXXXX", NULL);
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
  g_free (f->folder);
  g_free (f->conninfo);
}

static char *
write_file (Fixture *f, const char *name, const char *text)
{
  char *path = g_build_filename (f->folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  return path;
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

/* Everything that an import may touch. */
static char *
fingerprint (Fixture *f)
{
  return query (f, "select md5 (concat_ws ('|', (select string_agg (s::text, ';' order by store_id) from oba.stores s), "
                   "(select string_agg (s::text, ';' order by product_id) from oba.products s), (select string_agg (s::text, ';' order by category_id) from oba.categories s), "
                   "(select string_agg (s::text, ';' order by customer_id) from oba.customers s), (select string_agg (s::text, ';' order by external_id) from oba.customer_external_ids s), "
                   "(select string_agg (s::text, ';' order by receipt_id) from oba.receipts s), (select count (*) from oba.receipt_lines), (select count (*) from oba.receipt_keys), "
                   "(select string_agg (s::text, ';' order by customer_id) from oba.points_accounts s), (select count (*) from oba.points_ledger), (select count (*) from oba.points_lots), "
                   "(select count (*) from oba.import_batches), (select count (*) from oba.audit), (select count (*) from pg_class where relname ~ '_20[0-9]{2}_')))");
}

/* Runs "oba-helper import" and checks its exit code and a line "measure,value" for each pair of @expected. */
static void
import (Fixture *f, int status, const char *expected, ...)
{
  g_autoptr (GPtrArray) arguments = g_ptr_array_new ();
  g_auto (GStrv) lines = g_strsplit (expected, " ", -1);
  g_autoptr (HelperRun) run = NULL;
  const char *argument;
  va_list list;

  va_start (list, expected);
  while ((argument = va_arg (list, const char *)) != NULL)
    g_ptr_array_add (arguments, (char *) argument);
  va_end (list);
  while (arguments->len < 12)
    g_ptr_array_add (arguments, NULL);
  {
    char **a = (char **) arguments->pdata;

    run = helper_run (home, "import", "--database", f->conninfo, "--format", "csv", a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8], a[9], NULL);
  }
  if (run->status != status)
    g_error ("exit code %d\n%s\n%s", run->status, run->out, run->err);
  for (guint i = 0; lines[i] != NULL && *lines[i] != '\0'; i++)
    {
      g_autofree char *line = g_strdup_printf ("\r\n%s\r\n", g_strdelimit (lines[i], "=", ','));

      if (strstr (run->out, line) == NULL)
        g_error ("no line “%s” in\n%s", lines[i], run->out);
    }
}

static void
assert_file (const char *path, const char *expected)
{
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, expected);
}

/* The network's list of stores comes every month; only what changed is changed. */
static void
test_stores (Fixture *f, gconstpointer data)
{
  g_autofree char *file = write_file (f, "stores.csv", "code;name;city;latitude;opened_on\nB-001;Nərimanov;Bakı;40,4093;01.03.2015\nB-002;;Gəncə;;\nB-001;Twice;;;\nB-003;x;y;91;\n");
  g_autofree char *again = write_file (f, "again.csv", "code,name,city\nB-001,Nərimanov 2,\nB-002,,Gəncə\n");
  g_autofree char *before = NULL, *after = NULL;

  import (f, 0, "rows=4 inserted=2 rejected=2 rejected.twice:code=1 rejected.range:latitude=1 unnamed=1", "stores", file, NULL);
  assert_query (f, "select string_agg (concat_ws ('|', code, name, city, latitude, opened_on), ';' order by code) from oba.stores",
                "B-001|Nərimanov|Bakı|40.4093|2015-03-01;B-002|B-002|Gəncə");
  assert_query (f, "select count (*) from oba.customers where kind = 'walk_in'", "2");
  before = fingerprint (f);
  import (f, 0, "inserted=0 updated=0 unchanged=2", "stores", file, NULL);
  after = fingerprint (f);
  g_assert_cmpstr (before, ==, after);
  import (f, 0, "inserted=0 updated=1 unchanged=1", "stores", again, NULL);
  assert_query (f, "select name || city from oba.stores where code = 'B-001'", "Nərimanov 2Bakı");
}

/* A catalogue with a tree of categories, from a program that writes Windows-1251 and decimal commas. */
static void
test_products (Fixture *f, gconstpointer data)
{
  const char *text = "Артикул;Название;Штрихкод;Группа;Подгруппа;Цена;НДС;Единица\n1;Чай чёрный;4760001;Напитки;Чай;1 234,50;18%;шт\n"
                     "2;Сахар;;Бакалея;;2,05;18;кг\n3;Сок;4760001;Напитки;Соки;3;18;шт\n4;Мука;abc;Бакалея;;3;18;кг\n5;Рис;;Бакалея;;1,234;18;кг\n";
  gsize n;
  g_autofree char *bytes = g_convert (text, -1, "Windows-1251", "UTF-8", NULL, &n, NULL);
  g_autofree char *file = g_build_filename (f->folder, "products.csv", NULL), *before = NULL, *after = NULL;

  g_assert_true (g_file_set_contents (file, bytes, (gssize) n, NULL));
  import (f, 0, "rows=5 inserted=2 rejected=3 rejected.twice:barcode=1 rejected.barcode:barcode=1 rejected.ambiguous:price=1 categories=3 encoding=Windows-1251 delimiter=;",
          "products", file, "--map", "category=Группа+Подгруппа", NULL);
  assert_query (f, "select string_agg (concat_ws ('|', p.code, p.name, p.barcode, c.name_az, k.name_az, p.price, p.vat_permille, p.unit), ';' order by p.code) "
                   "from oba.products p join oba.categories c using (category_id) left join oba.categories k on k.category_id = c.parent_id",
                "1|Чай чёрный|4760001|Чай|Напитки|123450|180|pcs;2|Сахар|Бакалея|205|180|kg");
  before = fingerprint (f);
  import (f, 0, "inserted=0 updated=0 unchanged=2", "products", file, "--map", "category=Группа+Подгруппа", NULL);
  after = fingerprint (f);
  g_assert_cmpstr (before, ==, after);
  import (f, 0, "inserted=1 updated=0 unchanged=2 rejected=2", "products", file, "--map", "category=Группа+Подгруппа", "--decimal", ",", NULL);
}

/* Nobody becomes two customers, and nobody's phone is given to another. */
static void
test_customers (Fixture *f, gconstpointer data)
{
  g_autofree char *file = write_file (f, "customers.csv", "id,phone,first name,surname,birthday,email\n1,050 123 45 67,Aysel,Əliyeva,05.06.1990,a@b.az\n"
                                                          "2,+994501234567,Other,Person,,\n3,,,,2999-01-01,\n4,,Elçin,,,nonsense\n5,,,,,\n,0551112233,Nigar,,,\n");
  g_autofree char *more = write_file (f, "more.csv", "id,phone,first name\n7,0501234567,Thief\n8,055 111 22 33,Nigar\n,,Nobody\n");
  g_autofree char *before = NULL, *after = NULL;

  import (f, 0, "rows=6 inserted=3 rejected=3 rejected.twice:phone=1 rejected.future:birth_date=1 rejected.email:email=1 unnamed=1", "customers", file, NULL);
  assert_query (f, "select string_agg (concat_ws ('|', given_name, family_name, phone, birth_date, registered_through), ';' order by customer_id) from oba.customers",
                "Aysel|Əliyeva|+994501234567|1990-06-05|import;|5|import;Nigar||+994551112233|import");
  before = fingerprint (f);
  import (f, 0, "inserted=0 updated=0 unchanged=3", "customers", file, NULL);
  after = fingerprint (f);
  g_assert_cmpstr (before, ==, after);
  /* The second has its id now; the first's phone stays where it is. */
  import (f, 0, "inserted=0 updated=1 unchanged=0 rejected=2 rejected.other:id=1 rejected.missing:phone=1", "customers", more, NULL);
  assert_query (f, "select string_agg (given_name || external_id, ';' order by external_id) from oba.customers join oba.customer_external_ids using (customer_id)",
                "Aysel1;5;Nigar8");
}

static const char SALES[] = "store,till,receipt,time,customer,product,quantity,amount,discount\n"
                            "S1,1,100,2024-05-01 10:00:00,42,A,2,3.00,0.50\n"
                            "S1,1,100,2024-05-01 10:00:05,42,B,1,7.999999999999999,0\n"
                            "S1,1,101,2024-05-01 11:00:00,,A,0.5,0.745,\n"
                            "S1,2,100,2024-05-02 09:00:00,43,A,0,2.50,\n"
                            "S1,2,100,2024-05-02 09:00:00,43,A,0,0,\n"
                            "S1,1,102,2024-05-02 10:00:00,42,A,-1,-1.50,\n"
                            "S1,1,102,2024-05-02 10:00:00,42,B,1,8.00,\n"
                            "S1,1,103,2024-05-02 10:00:00,42,B,1,\"8,00\n"
                            "S1,1,104,2024-05-02 10:00:00,42,B,1,8.00,\n"
                            "S1,1,104,2024-05-09 10:00:00,42,B,1,8.00,\n"
                            "S1,1,105,2024-05-02 10:00:00,42,B,1,8.00,\n"
                            "S1,1,105,2024-05-02 10:00:00,43,B,1,8.00,\n"
                            "S1,1,106,2999-05-02 10:00:00,42,B,1,8.00,\n";

static const char SALES_REJECTS[] = "line,reason,original\n"
                                    "6,\"quantity and amount are both 0\",\"S1,2,100,2024-05-02 09:00:00,43,A,0,0,\"\n"
                                    "7,\"quantity is negative: a return is recorded as a return of its sale\",\"S1,1,102,2024-05-02 10:00:00,42,A,-1,-1.50,\"\n"
                                    "8,\"another line of this receipt was rejected, so the whole receipt waits\",\"S1,1,102,2024-05-02 10:00:00,42,B,1,8.00,\"\n"
                                    "9,\"a quotation mark is opened and not closed\",\"S1,1,103,2024-05-02 10:00:00,42,B,1,\"\"8,00\"\n"
                                    "10,\"the receipt number appears on different days (try --daily-numbers)\",\"S1,1,104,2024-05-02 10:00:00,42,B,1,8.00,\"\n"
                                    "11,\"the receipt number appears on different days (try --daily-numbers)\",\"S1,1,104,2024-05-09 10:00:00,42,B,1,8.00,\"\n"
                                    "12,\"lines of this receipt name different customers\",\"S1,1,105,2024-05-02 10:00:00,42,B,1,8.00,\"\n"
                                    "13,\"lines of this receipt name different customers\",\"S1,1,105,2024-05-02 10:00:00,43,B,1,8.00,\"\n"
                                    "14,\"time lies in the future\",\"S1,1,106,2999-05-02 10:00:00,42,B,1,8.00,\"\n";

static void
verify (Fixture *f)
{
  g_autoptr (HelperRun) run = helper_run (home, "verify", "--database", f->conninfo, NULL);

  helper_assert_run (run, 0, "", "");
}

/* Money, points and rejects to the qəpik; a dry run says the same and does nothing; a second import does nothing. */
static void
test_sales (Fixture *f, gconstpointer data)
{
  const char *expected = "rows=13 inserted=4 unchanged=0 rejected=9 receipts=3 money=14.25 quantity=4.500 rounded=1 zero_quantity=1 new_stores=1 new_customers=2 new_products=2";
  g_autofree char *file = write_file (f, "sales.csv", SALES), *rejects = g_build_filename (f->folder, "rejects.csv", NULL);
  g_autofree char *empty = fingerprint (f), *dry = NULL, *loaded = NULL, *again = NULL;

  import (f, 0, expected, "sales", file, "--create-missing", "stores,customers", "--rejects", rejects, "--dry-run", NULL);
  dry = fingerprint (f);
  g_assert_cmpstr (dry, ==, empty);
  assert_file (rejects, SALES_REJECTS);
  g_unlink (rejects);

  import (f, 0, expected, "sales", file, "--create-missing", "stores,customers", "--rejects", rejects, NULL);
  assert_file (rejects, SALES_REJECTS);
  assert_query (f, "select string_agg (concat_ws ('|', k.kind, k.family_name, r.till_no, r.receipt_no, r.total, r.discount, r.line_count), ';' order by r.sold_at) "
                   "from oba.receipts r join oba.customers k using (customer_id)",
                "person|42|1|100|1100|50|2;walk_in||1|101|75|0|1;person|43|2|100|250|0|1");
  assert_query (f, "select string_agg (family_name || balance, ';' order by family_name) from oba.points_accounts join oba.customers using (customer_id)", "4211;432");
  assert_query (f, "select bool_or (known)::text from oba.products", "false");
  assert_query (f, "select revenue || '/' || receipts from oba.rollup_days where day = '2024-05-01'", "1175/2");
  /* A past that is loaded today has its own dates. */
  assert_query (f, "select string_agg (family_name || lifecycle || ' ' || oba.business_day (lifecycle_since), ';' order by family_name)"
                   " from oba.customer_stats join oba.customers using (customer_id) where lifecycle is not null", "42lost 2024-10-28;43lost 2024-10-29");
  verify (f);

  loaded = fingerprint (f);
  import (f, 0, "inserted=0 unchanged=4 rejected=9 receipts_known=3 money_known=14.25", "sales", file, "--create-missing", "stores,customers", NULL);
  again = fingerprint (f);
  g_assert_cmpstr (again, ==, loaded);
}

static void
append_quoted (GString *csv, const char *text)
{
  g_autoptr (GString) quoted = g_string_new (text);

  g_string_replace (quoted, "\"", "\"\"", 0);
  g_string_append_printf (csv, ";\"%s\"", quoted->str);
}

/* What people paste into tables is rejected as the line it stands in, or kept to the letter in every field; the lines around it are not hurt. */
static void
test_bad_input (Fixture *f, gconstpointer data)
{
  g_autoptr (GString) csv = g_string_new ("phone;family_name;given_name;patronymic;city;notes\n");
  g_autofree char *file = NULL;
  guint rejected = 0;
  g_autofree char *expected = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (oba_test_bad_texts); i++)
    {
      g_autofree char *text = oba_test_bad_text (&oba_test_bad_texts[i]);

      g_string_append_printf (csv, "+9945000001%02u", i);
      for (guint field = 0; field < 5; field++)
        append_quoted (csv, text);
      g_string_append_printf (csv, "\n+9945000002%02u;Next;To;It;;\n", i);
      rejected += oba_test_bad_texts[i].refused;
    }
  for (guint i = 0; i < G_N_ELEMENTS (oba_test_bad_phones); i++, rejected++)
    g_string_append_printf (csv, "%s;A;B;C;;\n", strchr (oba_test_bad_phones[i], ';') != NULL ? "x" : oba_test_bad_phones[i]);
  file = write_file (f, "bad.csv", csv->str);
  expected = g_strdup_printf ("inserted=%u rejected=%u", 2 * (guint) G_N_ELEMENTS (oba_test_bad_texts) + (guint) G_N_ELEMENTS (oba_test_bad_phones) - rejected, rejected);
  import (f, 0, expected, "customers", file, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (oba_test_bad_texts); i++)
    {
      const ObaTestBadText *bad = &oba_test_bad_texts[i];
      g_autofree char *sql = g_strdup_printf ("select coalesce (max (concat_ws ('|', family_name, given_name, patronymic, city, notes)), '') from oba.customers where phone = '+9945000001%02u'", i);
      const char *kept = bad->cleaned != NULL ? bad->cleaned : bad->text;
      g_autofree char *all = bad->refused ? g_strdup ("") : g_strjoin ("|", kept, kept, kept, kept, kept, NULL);
      g_autofree char *next = g_strdup_printf ("select family_name from oba.customers where phone = '+9945000002%02u'", i);

      assert_query (f, sql, all);
      assert_query (f, next, "Next");
    }
  verify (f);
}

/* An impossible birth date is rejected with its line. */
static void
test_bad_dates (Fixture *f, gconstpointer data)
{
  g_autoptr (GString) csv = g_string_new ("phone;family_name;birth_date\n+994500000099;Good;21.03.1985\n");
  g_autofree char *file = NULL, *expected = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (oba_test_bad_dates); i++)
    g_string_append_printf (csv, "+9945000001%02u;A;%s\n", i, oba_test_bad_dates[i]);
  file = write_file (f, "dates.csv", csv->str);
  expected = g_strdup_printf ("inserted=1 rejected=%u", (guint) G_N_ELEMENTS (oba_test_bad_dates));
  import (f, 0, expected, "customers", file, NULL);
  assert_query (f, "select birth_date::text from oba.customers where birth_date is not null", "1985-03-21");
}

/* The wrong file was imported: it is found in the list, taken back as a whole, and the right one, or the same, is booked as if nothing had been. */
static void
test_reverse (Fixture *f, gconstpointer data)
{
  g_autofree char *file = write_file (f, "sales.csv", SALES), *batch = NULL, *line = NULL;
  g_autoptr (HelperRun) list = NULL, wrong = NULL;

  import (f, 0, "receipts=3", "sales", file, "--create-missing", "stores,customers", NULL);
  batch = query (f, "select batch_id from oba.import_batches");
  line = g_strdup_printf ("\r\n%s,sales,sales.csv,", batch);
  list = helper_run (home, "import", "--list", "--database", f->conninfo, "--format", "csv", NULL);
  helper_assert_run (list, 0, line, "");
  helper_assert_run (list, 0, ",4,0,9,14.25,posted,", "");

  import (f, 0, "receipts=3 money=14.25 customers=2 kept=0 stores=1", "--reverse", batch, "--dry-run", NULL);
  assert_query (f, "select sum (total) from oba.receipts", "1425");
  import (f, 0, "receipts=3 money=14.25 customers=2 kept=0 products=2 stores=1", "--reverse", batch, NULL);
  assert_query (f, "select sum (total) || ' ' || (select string_agg (state, ' ') from oba.import_batches where reverses is null) from oba.receipts", "0 reversed");
  verify (f);
  import (f, 0, "inserted=4 rejected=9 receipts=3 money=14.25", "sales", file, "--create-missing", "stores,customers", NULL);
  assert_query (f, "select sum (total) from oba.receipts", "1425");
  assert_query (f, "select string_agg (family_name || balance, ';' order by family_name) from oba.points_accounts join oba.customers using (customer_id) where family_name <> ''", "4211;432");
  verify (f);

  wrong = helper_run (home, "import", "--reverse", "4711", "--database", f->conninfo, NULL);
  helper_assert_run (wrong, 1, "", "There is no import 4711.");
  g_clear_pointer (&wrong, helper_run_free);
  wrong = helper_run (home, "import", "--reverse", batch, "sales", file, "--database", f->conninfo, NULL);
  helper_assert_run (wrong, 2, "", "stand alone");
}

/* What is not known is rejected unless it was allowed to be made. */
static void
test_sales_unknown (Fixture *f, gconstpointer data)
{
  g_autofree char *sales = write_file (f, "sales.csv", SALES), *stores = write_file (f, "stores.csv", "code\nS1\n");
  g_autofree char *products = write_file (f, "products.csv", "code,name\nA,Tea\n");

  import (f, 1, "inserted=0 rejected=13 rejected.unknown:store=9", "sales", sales, NULL);
  import (f, 0, "inserted=1", "stores", stores, NULL);
  import (f, 0, "inserted=1", "products", products, NULL);
  import (f, 0, "inserted=1 receipts=1 money=0.75 rejected.unknown:customer=2 rejected.unknown:product=6", "sales", sales, "--create-missing", "none", NULL);
}

/* A mended line brings the receipt that waited for it; a booked one is not added to. */
static void
test_sales_waiting (Fixture *f, gconstpointer data)
{
  g_autofree char *sales = write_file (f, "sales.csv", SALES);
  g_autofree char *mended = write_file (f, "mended.csv", "store,till,receipt,time,customer,product,quantity,amount\n"
                                                         "S1,1,102,2024-05-02 10:00:00,42,A,1,1.50\nS1,1,102,2024-05-02 10:00:00,42,B,1,8.00\n"
                                                         "S1,1,100,2024-05-01 10:00:00,42,C,1,1.00\n");

  import (f, 0, "inserted=4", "sales", sales, "--create-missing", "stores,customers", NULL);
  import (f, 0, "inserted=2 receipts=1 money=9.50 rejected=1 rejected.differs=1", "sales", mended, NULL);
  verify (f);
}

static void
test_sales_partial (Fixture *f, gconstpointer data)
{
  g_autofree char *sales = write_file (f, "sales.csv", SALES);

  import (f, 0, "inserted=5 receipts=4 money=22.25 rejected=8", "sales", sales, "--create-missing", "stores,customers", "--partial-receipts", NULL);
  import (f, 0, "inserted=6 unchanged=0 receipts=5 rejected.future:time=1", "sales", sales, "--create-missing", "stores,customers", "--daily-numbers", NULL);
  assert_query (f, "select count (*) from oba.receipts where receipt_no = '20240509-104'", "1");
  verify (f);
}

/* A receipt of a closed month is refused when the file is looked at, line by line; what is in the books already is no matter, and what is of an open month is booked. */
static void
test_closed_month (Fixture *f, gconstpointer data)
{
  g_autofree char *before = write_file (f, "before.csv", "store,till,receipt,time,customer,product,quantity,amount\nS1,1,1,2024-05-30 10:00:00,42,A,1,1.50\n");
  g_autofree char *sales = write_file (f, "sales.csv", "store,till,receipt,time,customer,product,quantity,amount\n"
                                                       "S1,1,1,2024-05-30 10:00:00,42,A,1,1.50\nS1,1,2,2024-05-31 23:59:59,42,A,1,1.50\nS1,1,2,2024-05-31 23:59:59,42,B,1,8.00\n"
                                                       "S1,1,3,2024-06-01 00:00:00,42,A,1,1.50\n");
  g_autofree char *rejects = g_build_filename (f->folder, "rejects.csv", NULL);
  const char *expected = "rows=4 inserted=1 unchanged=1 rejected=2 rejected.closed=2";

  import (f, 0, "inserted=1", "sales", before, "--create-missing", "stores,customers", NULL);
  assert_query (f, "select oba.once ('close_month', '{\"month\": \"2024-05-01\"}', null, null) ->> 'counted'", "false");
  import (f, 0, expected, "sales", sales, "--rejects", rejects, "--dry-run", NULL);
  assert_file (rejects, "line,reason,original\n"
                        "3,\"the month of this receipt is closed: record it as a missed receipt, which is entered in the open month\",\"S1,1,2,2024-05-31 23:59:59,42,A,1,1.50\"\n"
                        "4,\"the month of this receipt is closed: record it as a missed receipt, which is entered in the open month\",\"S1,1,2,2024-05-31 23:59:59,42,B,1,8.00\"\n");
  import (f, 0, expected, "sales", sales, "--rejects", rejects, NULL);
  assert_query (f, "select oba.once ('close_month', '{\"month\": \"2024-05-01\"}', null, null) ->> 'receipts'", "1");
  verify (f);
}

/* Told at once, in a sentence that helps. */
static void
test_refusals (Fixture *f, gconstpointer data)
{
  g_autofree char *pdf = write_file (f, "report.csv", "%PDF-1.7 ..."), *poor = write_file (f, "poor.csv", "shop,when\n1,2\n");
  g_autofree char *before = fingerprint (f), *after = NULL;
  const struct
  {
    const char *arguments[5];
    int status;
    const char *sentence;
  } cases[] = {
    { { "sales", pdf }, 1, "PDF" },
    { { "sales", poor }, 1, "Its columns are: shop, when" },
    { { "sales", "/nonexistent.csv" }, 1, "/nonexistent.csv" },
    { { "sales", f->folder }, 1, "directory" },
    { { "sales", poor, "--encoding", "klingon" }, 1, "klingon" },
    { { "sales", poor, "--delimiter", "xx" }, 2, "--delimiter" },
    { { "sales", poor, "--rejects", poor }, 2, "the file that is read" },
    { { "sales", poor, "--create-missing", "everything" }, 2, "--create-missing" },
    { { "sales", poor, "--max-quantity", "0" }, 2, "--max-quantity" },
    { { "tills", poor }, 2, "stores, products, customers or sales" },
    { { "stores", "/dev/null" }, 1, "empty" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *const *a = cases[i].arguments;
      g_autoptr (HelperRun) run = helper_run (home, "import", "--database", f->conninfo, a[0], a[1], a[2], a[3], NULL);

      helper_assert_run (run, cases[i].status, "", cases[i].sentence);
    }
  after = fingerprint (f);
  g_assert_cmpstr (before, ==, after);
}

/* Enough lines that something can happen in the middle. */
static char *
write_big_file (Fixture *f, guint receipts)
{
  g_autoptr (GString) text = g_string_new ("store,receipt,time,customer,product,quantity,amount\n");

  for (guint i = 0; i < receipts; i++)
    for (guint line = 0; line < 5; line++)
      g_string_append_printf (text, "S%u,%u,2024-%02u-%02u %02u:00:00,%u,P%u,%u,%u.%02u\n", i % 50, i, i % 12 + 1, i % 28 + 1, i % 14 + 8, i % 997, (i + line) % 300,
                              line + 1, i % 20 + 1, i % 100);
  return write_file (f, "big.csv", text->str);
}

/* What happens to a run when it comes to a phase */
typedef struct
{
  ObaImportPhase  phase;
  gint64          rows;
  GCancellable   *cancellable;
  void          (*act) (void);
  gboolean        acted;
} Trap;

static void
on_progress (ObaImportPhase phase, goffset done, goffset size, gint64 rows, gpointer user_data)
{
  Trap *trap = user_data;

  if (phase != trap->phase || rows < trap->rows || trap->acted)
    return;
  trap->acted = TRUE;
  if (trap->cancellable != NULL)
    g_cancellable_cancel (trap->cancellable);
  else
    trap->act ();
}

static ObaImportReport *
run (Fixture *f, const char *path, Trap *trap, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (ObaImportOptions) options = oba_import_options_new (OBA_IMPORT_SALES, file);
  g_autoptr (ObaDbConnection) connection = oba_db_connection_open_sync (f->conninfo, OBA_DB_CONNECTION_DEFAULT, NULL, error);
  ObaImportReport *report;

  g_assert_nonnull (connection);
  options->create = OBA_IMPORT_CREATE_STORES | OBA_IMPORT_CREATE_CUSTOMERS | OBA_IMPORT_CREATE_PRODUCTS;
  report = oba_import_run (connection, options, trap != NULL ? on_progress : NULL, trap, trap != NULL ? trap->cancellable : NULL, error);
  oba_db_connection_close (connection);
  return report;
}

static void
assert_imports (Fixture *f, const char *path, gint64 lines)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaImportReport) report = run (f, path, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpint (report->inserted, ==, lines);
  g_assert_cmpint (report->rejected, ==, 0);
}

/* Cancelled while reading, checking, storing or posting: nothing stays, and the next try works. */
static void
test_cancel (Fixture *f, gconstpointer data)
{
  static const ObaImportPhase phases[] = { OBA_IMPORT_PHASE_READING, OBA_IMPORT_PHASE_CHECKING, OBA_IMPORT_PHASE_WRITING, OBA_IMPORT_PHASE_POINTS };
  g_autofree char *path = write_big_file (f, 8000), *empty = fingerprint (f);

  for (guint i = 0; i < G_N_ELEMENTS (phases); i++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (GError) error = NULL;
      g_autofree char *after = NULL;
      Trap trap = { phases[i], 0, cancellable };

      g_assert_null (run (f, path, &trap, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      after = fingerprint (f);
      g_assert_cmpstr (after, ==, empty);
    }
  assert_imports (f, path, 40000);
  verify (f);
}

static gboolean
is_reading (Fixture *f)
{
  g_autofree char *n = query (f, "select count (*) from pg_stat_activity where query like 'copy pg_temp.import_rows%' and state = 'active'");

  return g_strcmp0 (n, "1") == 0;
}

/* Ctrl+C at the terminal */
static void
test_interrupt (Fixture *f, gconstpointer data)
{
  g_autofree char *path = write_big_file (f, 60000), *empty = fingerprint (f), *after = NULL;
  g_autoptr (GSubprocess) process = helper_spawn (home, "import", "sales", path, "--create-missing", "stores,customers", "--database", f->conninfo, NULL);
  g_autoptr (HelperRun) result = NULL;
  gint64 end = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;

  while (!is_reading (f))
    g_assert_cmpint (g_get_monotonic_time (), <, end);
  g_subprocess_send_signal (process, SIGINT);
  result = helper_wait (process);
  helper_assert_run (result, 1, "", "Nothing was imported.");
  after = fingerprint (f);
  g_assert_cmpstr (after, ==, empty);
}

static void
kill_server (void)
{
  oba_test_postgres_kill (postgres);
}

/* The server dies in the middle: a plain error, nothing half-written, and the next try works. */
static void
test_lost_server (Fixture *f, gconstpointer data)
{
  static const ObaImportPhase phases[] = { OBA_IMPORT_PHASE_READING, OBA_IMPORT_PHASE_WRITING };
  g_autofree char *path = write_big_file (f, 4000), *empty = fingerprint (f);

  for (guint i = 0; i < G_N_ELEMENTS (phases); i++)
    {
      Trap trap = { phases[i], 0, NULL, kill_server };
      g_autoptr (GError) error = NULL;
      g_autofree char *after = NULL;

      g_assert_null (run (f, path, &trap, &error));
      g_assert_error (error, OBA_DB_ERROR, OBA_DB_ERROR_LOST);
      oba_test_postgres_start (postgres);
      after = fingerprint (f);
      g_assert_cmpstr (after, ==, empty);
    }
  assert_imports (f, path, 20000);
}

static pid_t
get_postmaster (void)
{
  g_autofree char *path = g_build_filename (oba_test_postgres_get_directory (postgres), "data", "postmaster.pid", NULL);
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return (pid_t) g_ascii_strtoll (text, NULL, 10);
}

/* The server's files may not grow over @bytes: the write that would is cut short, as on a full disk. As the server's own user, who may. */
static void
limit_files (const char *bytes)
{
  g_autofree char *pid = g_strdup_printf ("%d", (int) get_postmaster ());
  g_autofree char *limit = g_strdup_printf ("--fsize=%s:", bytes);
  const char *argv[] = { "runuser", "-u", "postgres", "--", "prlimit", limit, "--pid", pid, NULL };
  g_autoptr (GError) error = NULL;
  int status;

  g_assert_true (g_spawn_sync (NULL, (char **) argv + (geteuid () == 0 ? 0 : 4), NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status, &error));
  g_assert_true (g_spawn_check_wait_status (status, &error));
}

static void
test_disk_full (Fixture *f, gconstpointer data)
{
  g_autofree char *path = write_big_file (f, 60000), *small = NULL, *empty = fingerprint (f), *after = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *sentence = NULL;

  /* 17 MiB and half a page: above a segment of WAL. */
  limit_files ("17829888");
  g_assert_null (run (f, path, NULL, &error));
  g_assert_error (error, OBA_DB_ERROR, OBA_DB_ERROR_DISK_FULL);
  g_assert_cmpstr (oba_db_error_get_sqlstate (error), ==, "53100");
  sentence = oba_db_error_describe (error);
  g_test_message ("%s", sentence);
  limit_files ("unlimited");
  after = fingerprint (f);
  g_assert_cmpstr (after, ==, empty);
  small = write_big_file (f, 100);
  assert_imports (f, small, 500);
}

/* A rejects file that cannot be written stops the import before anything is stored. */
static void
test_rejects_full (Fixture *f, gconstpointer data)
{
  g_autofree char *file = write_file (f, "sales.csv", SALES), *empty = fingerprint (f), *after = NULL;
  g_autoptr (HelperRun) result = helper_run (home, "import", "sales", file, "--create-missing", "stores,customers", "--rejects", "/nonexistent/rejects.csv",
                                             "--database", f->conninfo, NULL);
  g_autoptr (HelperRun) device = helper_run (home, "import", "sales", file, "--rejects", "/dev/full", "--database", f->conninfo, NULL);

  helper_assert_run (result, 1, "", "Nothing was imported.");
  helper_assert_run (device, 1, "", "only be written to a file");
  after = fingerprint (f);
  g_assert_cmpstr (after, ==, empty);
}

/* An administrator imports with an own login; a clerk may not; nobody slips a table of his own under the functions of the owner. */
static void
test_rights (Fixture *f, gconstpointer data)
{
  g_autofree char *file = write_file (f, "stores.csv", "code,name\nS1,One\n");
  g_autofree char *admin = g_strconcat (f->conninfo, " user=import_admin", NULL), *clerk = g_strconcat (f->conninfo, " user=import_clerk", NULL);
  g_autoptr (HelperRun) forbidden = NULL, allowed = NULL;
  g_autoptr (ObaDbConnection) connection = NULL;
  g_autoptr (GError) error = NULL;

  g_free (query (f, "select oba.staff_add ('import_admin', 'A', 'admin'), oba.staff_add ('import_clerk', 'C', 'clerk')"));
  forbidden = helper_run (home, "import", "stores", file, "--database", clerk, NULL);
  helper_assert_run (forbidden, 1, "", "Nothing was imported.");
  allowed = helper_run (home, "import", "stores", file, "--database", admin, NULL);
  helper_assert_run (allowed, 0, "", "");
  assert_query (f, "select by_whom || rows_new from oba.import_batches", "import_admin1");

  connection = oba_db_connection_open_sync (admin, OBA_DB_CONNECTION_DEFAULT, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (oba_db_connection_script_sync (connection, "create temp table import_rejects (line bigint, reason text); "
                                                             "create temp view import_rows as select 1 as line, 'x' as fault; select oba.import_check ('stores', '{}')",
                                                 NULL, &error));
  g_assert_error (error, OBA_DB_ERROR, OBA_DB_ERROR_RULE);
  g_clear_error (&error);
  g_assert_false (oba_db_connection_script_sync (connection, "begin; select oba.import_stage ('sales'); insert into pg_temp.import_rows (line, store, till, receipt_no, "
                                                             "sold_at, product, quantity, total, discount, vat) values (1, 'S1', 1, '1', '2024-01-01', 'c:A', -1000, 5, 0, 0)",
                                                 NULL, &error));
  g_assert_error (error, OBA_DB_ERROR, OBA_DB_ERROR_CONSTRAINT);
  g_clear_error (&error);
  g_assert_false (oba_db_connection_script_sync (connection, "rollback; begin; select oba.import_stage ('stores'); alter table pg_temp.import_rows add x text", NULL, &error));
  oba_db_connection_close (connection);
}

/* The dialog of the application: the main loop goes on, progress comes to it, and a connection may be used again. */
typedef struct
{
  GMainLoop       *loop;
  GThread         *thread;
  guint            steps;
  ObaImportReport *report;
  GError          *error;
} Dialog;

static void
on_step (ObaImportPhase phase, goffset done, goffset size, gint64 rows, gpointer user_data)
{
  Dialog *dialog = user_data;

  g_assert_true (g_thread_self () == dialog->thread);
  dialog->steps++;
}

static void
on_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Dialog *dialog = user_data;

  dialog->report = oba_import_run_finish (result, &dialog->error);
  g_main_loop_quit (dialog->loop);
}

static void
test_async (Fixture *f, gconstpointer data)
{
  g_autofree char *path = write_big_file (f, 1000), *wrong = write_file (f, "wrong.csv", "{\"a\": 1}");
  g_autoptr (GFile) file = g_file_new_for_path (path), no_csv = g_file_new_for_path (wrong);
  g_autoptr (ObaImportOptions) options = oba_import_options_new (OBA_IMPORT_SALES, file), bad = oba_import_options_new (OBA_IMPORT_SALES, no_csv);
  Dialog dialog = { g_main_loop_new (NULL, FALSE), g_thread_self () };

  options->create = OBA_IMPORT_CREATE_STORES | OBA_IMPORT_CREATE_CUSTOMERS | OBA_IMPORT_CREATE_PRODUCTS;
  oba_import_run_async (f->conninfo, options, on_step, &dialog, NULL, on_done, &dialog);
  g_clear_pointer (&options, oba_import_options_free);
  g_main_loop_run (dialog.loop);
  g_assert_no_error (dialog.error);
  g_assert_cmpint (dialog.report->inserted, ==, 5000);
  g_assert_cmpuint (dialog.steps, >, 3);
  g_clear_pointer (&dialog.report, oba_import_report_free);

  oba_import_run_async (f->conninfo, bad, NULL, NULL, NULL, on_done, &dialog);
  g_main_loop_run (dialog.loop);
  g_assert_null (dialog.report);
  g_assert_error (dialog.error, OBA_ERROR, OBA_ERROR_INVALID_INPUT);
  g_clear_error (&dialog.error);
  g_main_loop_unref (dialog.loop);
}

/* A connection of a pool serves one import after the other. */
static void
test_same_connection (Fixture *f, gconstpointer data)
{
  g_autofree char *path = write_big_file (f, 100);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (ObaImportOptions) options = oba_import_options_new (OBA_IMPORT_SALES, file);
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbConnection) connection = oba_db_connection_open_sync (f->conninfo, OBA_DB_CONNECTION_DEFAULT, NULL, &error);

  g_assert_no_error (error);
  options->create = OBA_IMPORT_CREATE_STORES | OBA_IMPORT_CREATE_CUSTOMERS | OBA_IMPORT_CREATE_PRODUCTS;
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (ObaImportReport) report = NULL;

      options->dry_run = i == 0;
      report = oba_import_run (connection, options, NULL, NULL, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpint (report->inserted, ==, i < 2 ? 500 : 0);
      g_assert_cmpint (report->unchanged, ==, i < 2 ? 0 : 500);
    }
  oba_db_connection_close (connection);
}

static char *
find_journey (const char *name)
{
  const char *folder = g_getenv ("OBA_TEST_JOURNEY");
  g_autofree char *path = folder != NULL ? g_build_filename (folder, name, NULL)
                                         : g_test_build_filename (G_TEST_DIST, "..", "..", "..", "shared", "data", "journey", name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS) ? g_steal_pointer (&path) : NULL;
}

/* A year of real baskets with their dirt: nothing of the money is lost, and every invariant holds. */
static void
test_journey (Fixture *f, gconstpointer data)
{
  g_autofree char *products = find_journey ("products.csv.gz"), *sales = find_journey ("transactions_sample.csv.gz");
  g_autofree char *people = find_journey ("demographics.csv.gz"), *rejects = g_build_filename (f->folder, "rejects.csv", NULL);
  g_autofree char *before = NULL, *after = NULL;

  if (products == NULL || sales == NULL || people == NULL)
    {
      g_test_skip ("the files of real baskets are not here (OBA_TEST_JOURNEY names their folder)");
      return;
    }
  import (f, 0, "rows=92331 inserted=92331 rejected=0", "products", products, "--map",
          "code=product_id,name=product_type+package_size,category=department+product_category", NULL);
  import (f, 0, "rows=801 inserted=801 rejected=0", "customers", people, NULL);
  import (f, 0, "rows=75000 inserted=74584 rejected=416 rejected.nothing=416 receipts=47034 money=233935.24 quantity=7784694 discount=41476.50 new_stores=293 unknown_lines=1",
          "sales", sales, "--map", "discount=retail_disc+coupon_disc+coupon_match_disc", "--create-missing", "stores,customers", "--rejects", rejects, NULL);
  verify (f);
  before = query (f, "select concat_ws ('|', (select sum (total) from oba.receipts), (select count (*) from oba.import_batches), (select sum (balance) from oba.points_accounts))");
  import (f, 0, "inserted=0 unchanged=74584 receipts_known=47034", "sales", sales, "--map", "discount=retail_disc+coupon_disc+coupon_match_disc", NULL);
  after = query (f, "select concat_ws ('|', (select sum (total) from oba.receipts), (select count (*) from oba.import_batches), (select sum (balance) from oba.points_accounts))");
  g_assert_cmpstr (before, ==, after);
  /* Fuel is sold in thousandths of a gallon: a limit of 30,000 would not believe two fills. */
  import (f, 0, "rejected.range:quantity=2", "sales", sales, "--max-quantity", "30000", "--dry-run", NULL);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  postgres = oba_test_postgres_new (OBA_TEST_POSTGRES_MIGRATED);
  home = helper_home_new (FALSE, "data");
#define ADD(name, func) g_test_add ("/import/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("stores", test_stores);
  ADD ("products", test_products);
  ADD ("customers", test_customers);
  ADD ("sales", test_sales);
  ADD ("bad-input", test_bad_input);
  ADD ("bad-dates", test_bad_dates);
  ADD ("reverse", test_reverse);
  ADD ("sales-unknown", test_sales_unknown);
  ADD ("sales-waiting", test_sales_waiting);
  ADD ("sales-partial", test_sales_partial);
  ADD ("closed-month", test_closed_month);
  ADD ("refusals", test_refusals);
  ADD ("cancel", test_cancel);
  ADD ("interrupt", test_interrupt);
  ADD ("lost-server", test_lost_server);
  ADD ("disk-full", test_disk_full);
  ADD ("rejects-full", test_rejects_full);
  ADD ("rights", test_rights);
  ADD ("async", test_async);
  ADD ("same-connection", test_same_connection);
  ADD ("journey", test_journey);
  status = g_test_run ();
  helper_home_free (home);
  oba_test_postgres_free (postgres);
  return status;
}
