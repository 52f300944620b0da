#include "oba-config.h"
#include "oba-commands.h"

#include <stdlib.h>
#include <string.h>
#include <glib/gi18n-lib.h>

#include "base/oba-money.h"
#include "export/oba-export.h"
#include "oba-command-filter.h"
#include "oba-progress.h"

typedef struct
{
  char    **filter;
  char    **columns;
  char     *format;
  char     *output;
  char     *delimiter;
  char     *sort;
  char     *report;
  gboolean  descending;
  gboolean  bom;
} Arguments;

static void
arguments_clear (Arguments *self)
{
  g_strfreev (self->filter);
  g_strfreev (self->columns);
  g_free (self->format);
  g_free (self->output);
  g_free (self->delimiter);
  g_free (self->sort);
  g_free (self->report);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Arguments, arguments_clear)

static const char DESCRIPTION[] = N_ (
    "All rows are written, in constant memory and of one moment of the database, or there is no file: it is FILE.part until it is\n"
    "whole. At the end come the number of rows and the control totals, which the database has counted, too. Each export is in the audit.\n"
    "\n"
    "What customers and segment may be filtered by; several --filter all hold, several values with commas are any of them:\n"
    "  text=WORDS stores=ID,… cities=NAME,… tiers=ID,… status=active,… lifecycle=new,… segments=ID,…\n"
    "  registered=2026-01-01..2026-03-31 last_purchase=..2025-12-31 (days; either end may be left out)\n"
    "  spend=10000.. (qəpik of 12 months) points=..0 consents=sms,!email birth_months=3,4 batch=ID\n"
    "or the same as JSON: --filter '{\"tiers\": [3, 4]}'. Segment needs segments=ID.\n"
    "Sales: from=DAY to=DAY store=CODE customer=NUMBER. Points: from=DAY to=DAY customer=NUMBER.\n"
    "\n"
    "CSV is UTF-8 by RFC 4180. A text that a spreadsheet would take for a formula (it begins with = + - @ or a tab) gets an apostrophe before\n"
    "it, which the import takes away again; --bom and --delimiter \";\" are for Excel. Customers have the names of columns that the import knows.\n"
    "\n"
    "Exit status: 0 the file is there, whole, 1 failed or stopped and there is none, 2 wrong usage.\n"
    "\n"
    "Example:\n"
    "  oba-helper export customers --filter tiers=3,4 --filter consents=sms --columns phone,given_name,points -o gold.csv");

/* Checking the arguments */

static gboolean
parse_delimiter (const char *text, char *delimiter)
{
  if (g_str_equal (text, "tab"))
    *delimiter = '\t';
  else if (strlen (text) == 1 && strchr (",;|\t", *text) != NULL)
    *delimiter = *text;
  else
    return FALSE;
  return TRUE;
}

static GStrv
split_columns (char **columns)
{
  g_autofree char *all = columns != NULL ? g_strjoinv (",", columns) : NULL;
  GStrv names = all != NULL ? g_strsplit (all, ",", -1) : NULL;

  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    g_strstrip (names[i]);
  return names;
}

/* Returns: (nullable): what is wrong, translated */
static const char *
take_arguments (ObaExportOptions *options, Arguments *arguments)
{
  if (arguments->delimiter != NULL && !parse_delimiter (arguments->delimiter, &options->delimiter))
    return _("--delimiter is “,”, “;”, “|” or “tab”.");
  if (arguments->sort != NULL && !oba_customer_sort_parse (arguments->sort, &options->sort))
    return _("--sort is name, phone, city, tier, points, last-purchase, spend or registered.");
  options->bom = arguments->bom;
  options->descending = arguments->descending;
  options->columns = split_columns (arguments->columns);
  return NULL;
}

/* The format is said, or it is the file's ending. */
static gboolean
choose_format (const Arguments *arguments, ObaExportFormat *format)
{
  const char *name = arguments->format;

  if (name == NULL)
    name = g_str_has_suffix (arguments->output, ".xlsx") ? "xlsx" : "csv";
  *format = g_str_equal (name, "xlsx") ? OBA_EXPORT_XLSX : OBA_EXPORT_CSV;
  return g_str_equal (name, "xlsx") || g_str_equal (name, "csv");
}

/* Progress and report */

static void
show_progress (gint64 rows, gint64 total, gpointer user_data)
{
  ObaProgress **bar = user_data;

  if (*bar == NULL)
    *bar = oba_progress_new (_("Rows"), total);
  oba_progress_set (*bar, rows);
}

static char *
print_report (const ObaExportOptions *options, const ObaExportReport *report, ObaTableFormat format)
{
  g_autoptr (ObaTable) table = oba_table_new ();
  g_autofree char *name = g_filename_display_name (options->path);

  oba_table_set_upright (table);
  oba_table_add_column (table, "file", _("File"), OBA_COLUMN_TEXT);
  oba_table_add_column (table, "rows", _("Rows"), OBA_COLUMN_INTEGER);
  if (options->kind != OBA_EXPORT_SALES)
    oba_table_add_column (table, "points", _("Control total: points"), OBA_COLUMN_INTEGER);
  if (options->kind == OBA_EXPORT_CUSTOMERS)
    oba_table_add_column (table, "spend", _("Control total: spend of 12 months"), OBA_COLUMN_MONEY);
  if (options->kind == OBA_EXPORT_SALES)
    oba_table_add_column (table, "amount", _("Control total: amounts"), OBA_COLUMN_MONEY);
  oba_table_add_column (table, "sheets", _("Sheets"), OBA_COLUMN_INTEGER);
  oba_table_add_column (table, "bytes", _("Bytes"), OBA_COLUMN_INTEGER);
  oba_table_add_column (table, "seconds", _("Seconds"), OBA_COLUMN_REAL);
  oba_table_add_column (table, "export", _("Export, in the audit"), OBA_COLUMN_ID);
  oba_table_add_text (table, name);
  oba_table_add_integer (table, report->rows);
  if (options->kind != OBA_EXPORT_SALES)
    oba_table_add_integer (table, report->points);
  if (options->kind != OBA_EXPORT_POINTS)
    oba_table_add_integer (table, report->money);
  oba_table_add_integer (table, report->sheets);
  oba_table_add_integer (table, report->bytes);
  oba_table_add_real (table, report->seconds, 1);
  oba_table_add_integer (table, report->export_id);
  return oba_table_to_string (table, format);
}

/* The command */

static int
run_export (ObaCommandContext *context, const ObaExportOptions *options, ObaTableFormat format)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbConnection) connection = oba_command_context_connect (context, OBA_COMMAND_CURRENT_SCHEMA, &error);
  g_autoptr (ObaExportReport) report = NULL;
  g_autofree char *text = NULL;
  ObaProgress *bar = NULL;

  if (connection == NULL)
    return oba_command_context_fail (context, error);
  report = oba_export_run (connection, options, show_progress, &bar, oba_command_context_get_cancellable (context), &error);
  if (report != NULL && bar != NULL)
    {
      oba_progress_set (bar, report->rows);
      oba_progress_finish (bar);
    }
  g_clear_pointer (&bar, oba_progress_free);
  if (report == NULL)
    {
      int status = oba_command_context_fail (context, error);

      g_printerr ("%s\n", _("No file was written."));
      return status;
    }
  text = print_report (options, report, format);
  return fputs (text, stdout) >= 0 ? OBA_EXIT_DONE : OBA_EXIT_FAILED;
}

static int
prepare (ObaCommandContext *context, const char *what, Arguments *arguments, ObaExportOptions **options, ObaTableFormat *report)
{
  gboolean segment = g_str_equal (what, "segment");
  g_autoptr (GError) error = NULL;
  const char *wrong;
  ObaExportFormat format;
  ObaExportKind kind = OBA_EXPORT_CUSTOMERS;

  if (!segment && !oba_export_kind_parse (what, &kind))
    return oba_command_context_usage (context, "%s", _("Say what to export: customers, sales, points or segment."));
  if (arguments->output == NULL || *arguments->output == '\0')
    return oba_command_context_usage (context, "%s", _("Say into which file with -o FILE."));
  if (!choose_format (arguments, &format))
    return oba_command_context_usage (context, _("--format is csv or xlsx, not “%s”."), arguments->format);
  if (arguments->report != NULL && !oba_table_format_parse (arguments->report, report))
    return oba_command_context_usage (context, _("--report is table, json or csv, not “%s”."), arguments->report);
  *options = oba_export_options_new (kind, format, arguments->output);
  wrong = take_arguments (*options, arguments);
  if (wrong != NULL)
    return oba_command_context_usage (context, "%s", wrong);
  if (!oba_command_filter_take (*options, arguments->filter, &error))
    return oba_command_context_usage (context, "%s", error->message);
  if (segment && ((*options)->filter == NULL || !oba_customer_filter_has ((*options)->filter, OBA_CUSTOMER_FILTER_SEGMENTS)))
    return oba_command_context_usage (context, "%s", _("Say which segment with --filter segments=ID."));
  return OBA_EXIT_DONE;
}

int
oba_command_export (ObaCommandContext *context, int argc, char **argv)
{
  g_auto (Arguments) arguments = { NULL };
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &arguments.output, N_("Where to: replaced when the export is whole"), N_("FILE") },
    { "filter", 0, 0, G_OPTION_ARG_STRING_ARRAY, &arguments.filter, N_("Only these; repeatable"), N_("KEY=VALUE or JSON") },
    { "columns", 0, 0, G_OPTION_ARG_STRING_ARRAY, &arguments.columns, N_("Which columns, in which order (default: the usual ones)"),
      N_("NAME,…") },
    { "format", 0, 0, G_OPTION_ARG_STRING, &arguments.format, N_("csv or xlsx (default: by the file’s ending)"), N_("FORMAT") },
    { "sort", 0, 0, G_OPTION_ARG_STRING, &arguments.sort, N_("Customers: in which order (default: name)"), N_("NAME") },
    { "descending", 0, 0, G_OPTION_ARG_NONE, &arguments.descending, N_("Customers: the other way round"), NULL },
    { "delimiter", 0, 0, G_OPTION_ARG_STRING, &arguments.delimiter, N_("CSV: what stands between the fields"), N_(",|;|tab") },
    { "bom", 0, 0, G_OPTION_ARG_NONE, &arguments.bom, N_("CSV: begin with the mark by which Excel knows UTF-8"), NULL },
    { "report", 0, 0, G_OPTION_ARG_STRING, &arguments.report, N_("How to print the totals: table, json or csv"), N_("FORMAT") },
    { NULL },
  };
  g_autoptr (ObaExportOptions) options = NULL;
  ObaTableFormat report = OBA_TABLE_HUMAN;
  int status;

  if (!oba_command_context_parse (context, "customers|sales|points|segment -o FILE", _(DESCRIPTION), entries, OBA_COMMAND_USES_DATABASE,
                                  &argc, &argv, &status))
    return status;
  if (argc != 2)
    return oba_command_context_usage (context, "%s", _("Say what to export: customers, sales, points or segment."));
  status = prepare (context, argv[1], &arguments, &options, &report);
  return status == OBA_EXIT_DONE ? run_export (context, options, report) : status;
}
