#include "oba-config.h"
#include "oba-commands.h"

#include <stdlib.h>
#include <string.h>
#include <glib/gi18n-lib.h>

#include "base/oba-error.h"
#include "base/oba-money.h"
#include "import/oba-import.h"
#include "oba-command-import-batches.h"
#include "oba-progress.h"

typedef struct
{
  char    **map;
  char     *rejects;
  char     *delimiter;
  char     *encoding;
  char     *decimal;
  char     *null_text;
  char     *create;
  gint64    max_quantity;
  gint64    reverse;
  gboolean  list;
  gboolean  dry_run;
  gboolean  partial;
  gboolean  daily;
} ImportOptions;

static void
import_options_clear (ImportOptions *options)
{
  g_strfreev (options->map);
  g_free (options->rejects);
  g_free (options->delimiter);
  g_free (options->encoding);
  g_free (options->decimal);
  g_free (options->null_text);
  g_free (options->create);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ImportOptions, import_options_clear)

static const char DESCRIPTION[] = N_ (
    "The file is CSV, plain or gzip, of any size; encoding, delimiter and columns are found out unless they are "
    "given.\n"
    "Everything is imported in one transaction: stopped or failed, it leaves nothing behind. The same file a second "
    "time\n"
    "changes nothing: stores and products are known by their code, customers by their id in the other system or their\n"
    "phone, receipts by store, till and receipt number.\n"
    "\n"
    "Fields (* needed):\n"
    "  stores     code* name region city district address latitude longitude opened_on closed_on\n"
    "  products   code* name barcode brand category unit price vat\n"
    "  customers  id or phone* given_name family_name patronymic birth_date language city email preferred_store notes\n"
    "             registered_at\n"
    "  sales      store* till receipt* time* customer or phone or card, product or barcode*, quantity* amount* "
    "discount vat\n"
    "             cashier; a row is a line of a receipt, the amount is what was paid for it\n"
    "A field may take several columns: name=type+size joins texts, discount=shop+coupon adds, "
    "category=department+group\n"
    "makes levels. An empty value changes nothing in a record that is there.\n"
    "\n"
    "Sales: a receipt with a rejected line waits as a whole until the line is mended (--partial-receipts books the "
    "rest).\n"
    "Products that the catalogue lacks are kept under their code, marked as unknown. A line of quantity 0 with an "
    "amount\n"
    "counts as one piece; with amount 0, too, it is rejected. Returns (negative values) and dates to come are "
    "rejected.\n"
    "\n"
    "--list shows what was imported. --reverse takes an import back as a whole: sales by reversing receipts, customers whom nobody\n"
    "has used are erased, others stay. Stopped, it goes on from there the next time; --dry-run says what it would do. The same file\n"
    "can be imported again then; only receipts of which something had been returned meanwhile are rejected.\n"
    "\n"
    "Exit status: 0 imported (perhaps with rejected lines), 1 failed or everything was rejected, 2 wrong usage.\n"
    "\n"
    "Example:\n"
    "  oba-helper import sales october.csv.gz --map receipt=check_no,amount=paid --rejects october-rejects.csv "
    "--dry-run");

/* Checking the options */

static gboolean
parse_create (const char *list, ObaImportCreate *create)
{
  g_auto (GStrv) words = g_strsplit (list, ",", -1);

  for (guint i = 0; words[i] != NULL; i++)
    {
      const char *word = g_strstrip (words[i]);

      if (g_str_equal (word, "stores"))
        *create |= OBA_IMPORT_CREATE_STORES;
      else if (g_str_equal (word, "customers"))
        *create |= OBA_IMPORT_CREATE_CUSTOMERS;
      else if (g_str_equal (word, "products"))
        *create |= OBA_IMPORT_CREATE_PRODUCTS;
      else if (g_str_equal (word, "none") && words[1] == NULL)
        *create = OBA_IMPORT_CREATE_NOTHING;
      else
        return FALSE;
    }
  return TRUE;
}

static gboolean
parse_delimiter (const char *text, char *delimiter)
{
  if (g_str_equal (text, "tab") || g_str_equal (text, "\\t"))
    *delimiter = '\t';
  else if (strlen (text) == 1 && (g_ascii_ispunct (*text) || *text == '\t') && *text != '"')
    *delimiter = *text;
  else
    return FALSE;
  return TRUE;
}

/* Returns: (nullable): what is wrong, translated */
static const char *
take_options (ObaImportOptions *import, ImportOptions *options)
{
  if (options->delimiter != NULL && !parse_delimiter (options->delimiter, &import->delimiter))
    return _("--delimiter is one sign, or “tab”.");
  if (options->decimal != NULL && !g_str_equal (options->decimal, ",") && !g_str_equal (options->decimal, "."))
    return _("--decimal is “,” or “.”.");
  if (options->create != NULL && !parse_create (options->create, &import->create))
    return _("--create-missing takes stores, customers and products with commas between them, or none.");
  if (options->max_quantity < 1 || options->max_quantity > 1000000000)
    return _("--max-quantity is a number from 1 to 1,000,000,000.");
  if (options->decimal != NULL)
    import->decimal = *options->decimal == ',' ? OBA_DECIMAL_COMMA : OBA_DECIMAL_POINT;
  import->map = options->map != NULL ? g_strjoinv (",", options->map) : NULL;
  import->encoding = g_strdup (options->encoding);
  import->null_text = g_strdup (options->null_text);
  import->max_quantity = options->max_quantity;
  import->dry_run = options->dry_run;
  import->partial_receipts = options->partial;
  import->daily_numbers = options->daily;
  import->rejects = options->rejects != NULL ? g_file_new_for_path (options->rejects) : NULL;
  if (import->rejects != NULL && g_file_equal (import->rejects, import->file))
    return _("--rejects names the file that is read.");
  return NULL;
}

/* Progress */

typedef struct
{
  ObaProgress   *bar;
  ObaImportPhase phase;
} Display;

static void
show_progress (ObaImportPhase phase, goffset done, goffset size, gint64 rows, gpointer user_data)
{
  static const char *const labels[] = {
    N_("Reading"),
    N_("Checking"),
    N_("Writing the rejected lines"),
    N_("Storing"),
    N_("Posting points and tiers"),
    N_("Updating the totals"),
  };
  Display *display = user_data;

  if (display->bar == NULL || phase != display->phase)
    {
      if (display->bar != NULL && display->phase == OBA_IMPORT_PHASE_READING)
        {
          oba_progress_set (display->bar, size);
          oba_progress_finish (display->bar);
        }
      g_clear_pointer (&display->bar, oba_progress_free);
      display->phase = phase;
      display->bar = phase == OBA_IMPORT_PHASE_READING ? oba_progress_new_bytes (_ (labels[phase]), size)
                                                       : oba_progress_new (_ (labels[phase]), 0);
      if (phase != OBA_IMPORT_PHASE_READING)
        {
          g_autofree char *line = g_strconcat (_(labels[phase]), "…", NULL);

          oba_progress_say (display->bar, line);
        }
    }
  if (phase == OBA_IMPORT_PHASE_READING)
    oba_progress_set (display->bar, done);
}

/* The report: a line a figure */

typedef struct
{
  ObaTable *table;
  gboolean  human;
} Report;

static void
add_text (Report *self, const char *key, const char *title, const char *value)
{
  oba_table_add_text (self->table, self->human ? title : key);
  oba_table_add_text (self->table, value);
}

static void
add_count (Report *self, const char *key, const char *title, gint64 value)
{
  g_autofree char *text = self->human ? oba_number_format (value) : g_strdup_printf ("%" G_GINT64_FORMAT, value);

  add_text (self, key, title, text);
}

/* Only when there is something to tell. */
static void
add_some (Report *self, const char *key, const char *title, gint64 value)
{
  if (value != 0)
    add_count (self, key, title, value);
}

static void
add_money (Report *self, const char *key, const char *title, gint64 qepik)
{
  g_autofree char *text = self->human ? oba_money_format (qepik) : oba_money_format_plain (qepik);

  add_text (self, key, title, text);
}

static void
add_quantity (Report *self, gint64 thousandths)
{
  g_autofree char *text = NULL;

  if (self->human)
    text = thousandths % 1000 != 0 ? g_strdup_printf ("%'.3f", (double) thousandths / 1000)
                                   : oba_number_format (thousandths / 1000);
  else if (thousandths % 1000 != 0)
    text = g_strdup_printf ("%" G_GINT64_FORMAT ".%03d", thousandths / 1000, (int) (thousandths % 1000));
  else
    text = g_strdup_printf ("%" G_GINT64_FORMAT, thousandths / 1000);
  add_text (self, "quantity", _("Quantity"), text);
}

static void
add_rejects (Report *self, const ObaImportReport *report)
{
  add_count (self, "rejected", _("Rejected"), report->rejected);
  for (guint i = 0; i < report->reasons->len; i++)
    {
      const ObaImportReason *reason = g_ptr_array_index (report->reasons, i);
      g_autofree char *sentence = oba_import_reason_describe (reason->code);
      g_autofree char *title = g_strconcat ("  ", sentence, NULL);
      g_autofree char *key = g_strconcat ("rejected.", reason->code, NULL);

      add_count (self, key, title, reason->count);
    }
}

static void
add_sales (Report *self, const ObaImportReport *report)
{
  add_count (self, "receipts", _("Receipts booked"), report->receipts);
  add_money (self, "money", _("Money booked"), report->money);
  add_quantity (self, report->quantity);
  add_money (self, "discount", _("Discounts in it"), report->discount);
  add_some (self, "receipts_known", _("Receipts that were there already"), report->receipts_known);
  if (report->receipts_known != 0)
    add_money (self, "money_known", _("  with the money of"), report->money_known);
  add_some (self, "anonymous", _("With the card of an erased customer, booked without a customer"), report->anonymous);
  add_some (self, "zero_quantity", _("Quantity 0 with an amount, kept as one piece"), report->zero_quantity);
  add_some (self, "new_stores", _("Stores made for unknown codes"), report->new_stores);
  add_some (self, "new_customers", _("Customers made for unknown ids"), report->new_customers);
  add_some (self, "new_products", _("Products made for unknown codes"), report->new_products);
  add_some (self, "unknown_lines", _("Lines on products that the catalogue lacks"), report->unknown_lines);
  if (report->unknown_lines != 0)
    add_money (self, "unknown_money", _("  with the money of"), report->unknown_money);
}

static int
show_report (ObaCommandContext *context, const ObaImportReport *report)
{
  Report self = { oba_table_new (), oba_command_context_get_format (context) == OBA_TABLE_HUMAN };
  g_autoptr (ObaTable) table = self.table;
  gboolean sales = report->kind == OBA_IMPORT_SALES;
  g_autofree char *encoding = self.human && report->encoding_guessed
                                  ? g_strdup_printf (_("%s, by guess (--encoding says it)"), report->encoding)
                                  : g_strdup (report->encoding);
  char delimiter[2] = { report->delimiter, '\0' };

  oba_table_add_column (table, "measure", report->dry_run ? _("What would happen") : _("What happened"),
                        OBA_COLUMN_TEXT);
  oba_table_add_column (table, "value", "", OBA_COLUMN_TEXT);
  add_text (&self, "encoding", _("Encoding"), encoding);
  add_text (&self, "delimiter", _("Delimiter"), report->delimiter == '\t' ? _("tab") : delimiter);
  if (report->batch_id != 0)
    {
      g_autofree char *batch = g_strdup_printf ("%" G_GINT64_FORMAT, report->batch_id);

      add_text (&self, "batch", _("Batch"), batch);
    }
  if (report->same_batch != 0)
    {
      g_autofree char *same = g_strdup_printf ("%" G_GINT64_FORMAT, report->same_batch);

      add_text (&self, "same_file", report->same_reversed ? _("The very same file was reversed as batch") : _("The very same file was imported as batch"), same);
    }
  add_count (&self, "rows", _("Rows read"), report->rows);
  add_count (&self, "inserted", sales ? _("Lines booked") : _("New"), report->inserted);
  if (!sales)
    add_count (&self, "updated", _("Changed"), report->updated);
  add_count (&self, "unchanged", _("There already, unchanged"), report->unchanged);
  add_rejects (&self, report);
  if (sales)
    add_sales (&self, report);
  add_some (&self, "unnamed", _("Without a name, named by their code"), report->unnamed);
  add_some (&self, "categories", _("Categories made"), report->categories);
  add_some (&self, "rounded", _("Values rounded to what can be stored"), report->rounded);
  return oba_command_context_print (context, table);
}

/* The command */

static int
run_import (ObaCommandContext *context, const ObaImportOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbConnection) connection = oba_command_context_connect (context, OBA_COMMAND_CURRENT_SCHEMA, &error);
  g_autoptr (ObaImportReport) report = NULL;
  Display display = { NULL };
  int status;

  if (connection == NULL)
    return oba_command_context_fail (context, error);
  report = oba_import_run (connection, options, show_progress, &display, oba_command_context_get_cancellable (context),
                           &error);
  g_clear_pointer (&display.bar, oba_progress_free);
  if (report == NULL)
    {
      status = oba_command_context_fail (context, error);
      if (!g_error_matches (error, OBA_ERROR, OBA_ERROR_UNAVAILABLE))
        g_printerr ("%s\n", _("Nothing was imported."));
      return status;
    }
  status = show_report (context, report);
  if (report->rejected > 0 && report->rejected == report->rows)
    return OBA_EXIT_FAILED;
  return status;
}

int
oba_command_import (ObaCommandContext *context, int argc, char **argv)
{
  g_auto (ImportOptions) options = { .max_quantity = OBA_IMPORT_MAX_QUANTITY, .reverse = -1 };
  const GOptionEntry entries[] = {
    { "map", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.map, N_("Which columns give which fields; repeatable"),
      N_("FIELD=COLUMN,…") },
    { "dry-run", 'n', 0, G_OPTION_ARG_NONE, &options.dry_run, N_("Check and count, but change nothing"), NULL },
    { "rejects", 0, 0, G_OPTION_ARG_FILENAME, &options.rejects,
      N_("Write the rejected lines here: line number, reason, original"), N_("FILE") },
    { "create-missing", 0, 0, G_OPTION_ARG_STRING, &options.create,
      N_("Sales: make bare records for unknown stores, customers (products always are; none: reject all)"),
      N_("stores,customers") },
    { "max-quantity", 0, 0, G_OPTION_ARG_INT64, &options.max_quantity,
      N_("Sales: reject lines of more pieces (default 100000)"), N_("N") },
    { "partial-receipts", 0, 0, G_OPTION_ARG_NONE, &options.partial,
      N_("Sales: book a receipt without its rejected lines"), NULL },
    { "daily-numbers", 0, 0, G_OPTION_ARG_NONE, &options.daily, N_("Sales: receipt numbers begin anew each day"),
      NULL },
    { "delimiter", 0, 0, G_OPTION_ARG_STRING, &options.delimiter, N_("What stands between the fields"),
      N_(",|;|tab") },
    { "encoding", 0, 0, G_OPTION_ARG_STRING, &options.encoding, N_("Encoding of the file, such as Windows-1251"),
      N_("NAME") },
    { "decimal", 0, 0, G_OPTION_ARG_STRING, &options.decimal, N_("The decimal mark"), N_(".|,") },
    { "null", 0, 0, G_OPTION_ARG_STRING, &options.null_text, N_("A text that stands for no value, such as NULL"),
      N_("TEXT") },
    { "list", 'l', 0, G_OPTION_ARG_NONE, &options.list, N_("Show the imports that were made"), NULL },
    { "reverse", 0, 0, G_OPTION_ARG_INT64, &options.reverse, N_("Take this import back as a whole"), N_("BATCH") },
    { NULL },
  };
  g_autoptr (ObaImportOptions) import = NULL;
  g_autoptr (GFile) file = NULL;
  ObaImportKind kind;
  const char *wrong;
  int status;

  if (!oba_command_context_parse (context, "stores|products|customers|sales FILE | --list | --reverse BATCH", _(DESCRIPTION), entries,
                                  OBA_COMMAND_USES_DATABASE | OBA_COMMAND_USES_FORMAT, &argc, &argv, &status))
    return status;
  if ((options.list || options.reverse >= 0) && (argc != 1 || (options.list && options.reverse >= 0)))
    return oba_command_context_usage (context, "%s", _("--list and --reverse stand alone, without a file."));
  if (options.list)
    return oba_command_import_list (context);
  if (options.reverse >= 0)
    return oba_command_import_reverse (context, options.reverse, options.dry_run);
  if (argc != 3 || !oba_import_kind_parse (argv[1], &kind))
    return oba_command_context_usage (
        context, _("Say what to import (stores, products, customers or sales) and from which file."));

  file = g_file_new_for_path (argv[2]);
  import = oba_import_options_new (kind, file);
  wrong = take_options (import, &options);
  if (wrong != NULL)
    return oba_command_context_usage (context, "%s", wrong);
  return run_import (context, import);
}
