#include "oba-config.h"
#include "oba-commands.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "base/oba-error.h"
#include "periods/oba-months.h"

/* ---- the list */

typedef struct
{
  const char   *key;      /* of the file, and of the statement where that is called otherwise */
  const char   *column;
  const char   *title;
  ObaColumnType type;
} Figure;

static const Figure figures[] = {
  { "receipts", "receipts", N_("Receipts"), OBA_COLUMN_INTEGER },
  { "returns", "returns", N_("Returns"), OBA_COLUMN_INTEGER },
  { "revenue", "revenue", N_("Revenue"), OBA_COLUMN_MONEY },
  { "points_issued", "issued", N_("Points issued"), OBA_COLUMN_INTEGER },
  { "points_redeemed", "redeemed", N_("Redeemed"), OBA_COLUMN_INTEGER },
  { "points_clawed_back", "clawed_back", N_("Clawed back"), OBA_COLUMN_INTEGER },
  { "points_expired", "expired", N_("Expired"), OBA_COLUMN_INTEGER },
  { "points_adjusted", "adjusted", N_("Adjusted"), OBA_COLUMN_INTEGER },
  { "liability", "liability", N_("Liability"), OBA_COLUMN_INTEGER },
};

static guint
column (ObaDbResult *rows, const char *name)
{
  return (guint) oba_db_result_find_column (rows, name);
}

static void
add_figure_columns (ObaTable *table)
{
  for (guint i = 0; i < G_N_ELEMENTS (figures); i++)
    oba_table_add_column (table, figures[i].key, _(figures[i].title), figures[i].type);
}

static void
add_figures (ObaTable *table, ObaDbResult *rows, guint row)
{
  for (guint i = 0; i < G_N_ELEMENTS (figures); i++)
    if (oba_db_result_is_null (rows, row, column (rows, figures[i].column)))
      oba_table_add_null (table);
    else
      oba_table_add_integer (table, oba_db_row_int64 (rows, row, figures[i].column));
}

/* "2026-10": as it is typed, too. */
static char *
dup_month (ObaDbResult *rows, guint row)
{
  return g_strndup (oba_db_row_text (rows, row, "month"), 7);
}

static int
list (ObaCommandContext *context, ObaDbConnection *connection)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_command_context_query (context, connection, "periods/months.sql", NULL, &error);
  g_autoptr (ObaTable) table = oba_table_new ();

  if (rows == NULL)
    return oba_command_context_fail (context, error);
  oba_table_add_column (table, "month", _("Month"), OBA_COLUMN_TEXT);
  oba_table_add_column (table, "state", _("State"), OBA_COLUMN_TEXT);
  oba_table_add_column (table, "closed_at", _("Closed"), OBA_COLUMN_TIME);
  oba_table_add_column (table, "closed_by", _("By"), OBA_COLUMN_TEXT);
  add_figure_columns (table);
  for (guint r = 0; r < oba_db_result_get_n_rows (rows); r++)
    {
      g_autofree char *month = dup_month (rows, r);
      g_autoptr (GDateTime) at = oba_db_row_time (rows, r, "closed_at");

      oba_table_add_text (table, month);
      oba_table_add_text (table, oba_db_row_text (rows, r, "state"));
      oba_table_add_time (table, at);
      oba_table_add_text (table, oba_db_row_text (rows, r, "closed_by"));
      add_figures (table, rows, r);
    }
  return oba_command_context_print (context, table);
}

/* ---- closing one */

/* What the month would be closed with, and what is still on its way into it. */
static int
preview (ObaCommandContext *context, ObaDbConnection *connection, const char *first)
{
  static const char *const pending[] = { "imports", "approvals", "uncounted", "expiring" };
  const char *const titles[] = { _("Files being loaded"), _("Corrections waiting"), _("Not in the figures yet"), _("Points to expire") };
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbParams) params = oba_db_params_build ("t", first);
  g_autoptr (ObaDbResult) rows = oba_command_context_query (context, connection, "periods/month-count.sql", params, &error);
  g_autoptr (ObaTable) table = oba_table_new ();

  if (rows == NULL)
    return oba_command_context_fail (context, error);
  oba_table_set_upright (table);
  add_figure_columns (table);
  for (guint i = 0; i < G_N_ELEMENTS (pending); i++)
    oba_table_add_column (table, pending[i], titles[i], OBA_COLUMN_INTEGER);
  add_figures (table, rows, 0);
  for (guint i = 0; i < G_N_ELEMENTS (pending); i++)
    oba_table_add_integer (table, oba_db_row_int64 (rows, 0, pending[i]));
  return oba_command_context_print (context, table);
}

static gboolean
step (ObaCommandContext *context, ObaDbConnection *connection, const char *first, GError **error)
{
  g_autofree char *request = g_strdup_printf ("{\"month\": \"%s\"}", first);
  g_autoptr (ObaDbParams) params = oba_db_params_build ("t", request);
  g_autoptr (ObaDbResult) answer = oba_command_context_query (context, connection, "periods/close-month.sql", params, error);

  return answer != NULL;
}

/* The row of the list that the month has; -1 for none, which is for the database to refuse. */
static int
find_month (ObaDbResult *rows, const char *first)
{
  for (guint r = 0; r < oba_db_result_get_n_rows (rows); r++)
    if (strcmp (oba_db_row_text (rows, r, "month"), first) == 0)
      return (int) r;
  return -1;
}

static int
print_closed (ObaCommandContext *context, ObaDbConnection *connection, const char *first)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_command_context_query (context, connection, "periods/months.sql", NULL, &error);
  g_autoptr (ObaTable) table = oba_table_new ();
  g_autofree char *month = g_strndup (first, 7);
  int row = rows != NULL ? find_month (rows, first) : -1;

  if (rows == NULL)
    return oba_command_context_fail (context, error);
  oba_table_set_upright (table);
  oba_table_add_column (table, "month", _("Month"), OBA_COLUMN_TEXT);
  add_figure_columns (table);
  oba_table_add_text (table, month);
  add_figures (table, rows, (guint) MAX (row, 0));
  return oba_command_context_print (context, table);
}

static int
close_month (ObaCommandContext *context, ObaDbConnection *connection, const char *first)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_command_context_query (context, connection, "periods/months.sql", NULL, &error);
  int row = rows != NULL ? find_month (rows, first) : -1;
  gboolean counting = row >= 0 && strcmp (oba_db_result_get_text (rows, (guint) row, column (rows, "state")), "closing") == 0;

  if (rows == NULL || (!counting && !step (context, connection, first, &error)))
    return oba_command_context_fail (context, error);
  fprintf (stderr, _("Nothing can be dated into %.7s any more. Its totals are being counted…"), first);
  fputc ('\n', stderr);
  if (!step (context, connection, first, &error))
    {
      fprintf (stderr, _("The month is closed, but its totals are still to be counted: run the same command again."));
      fputc ('\n', stderr);
      return oba_command_context_fail (context, error);
    }
  return print_closed (context, connection, first);
}

/* "2026-10" -> "2026-10-01" */
static char *
parse_month (const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, "-", -1);
  guint64 year = 0, month = 0;

  if (g_strv_length (parts) != 2 || strlen (text) != 7 || !g_ascii_string_to_unsigned (parts[0], 10, 2000, 2999, &year, NULL)
      || !g_ascii_string_to_unsigned (parts[1], 10, 1, 12, &month, NULL))
    return NULL;
  return g_strdup_printf ("%04u-%02u-01", (guint) year, (guint) month);
}

int
oba_command_period (ObaCommandContext *context, int argc, char **argv)
{
  gboolean dry_run = FALSE;
  const GOptionEntry entries[] = {
    { "dry-run", 'n', 0, G_OPTION_ARG_NONE, &dry_run, N_("With close: only show what would be written down, and what is on its way into the month"), NULL },
    { NULL },
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbConnection) connection = NULL;
  g_autofree char *first = NULL;
  const char *action;
  int status;

  if (!oba_command_context_parse (context, "list | close MONTH",
                                  _("list     show the months with their control totals\n"
                                    "close    close a month (2026-10) for ever: nothing can be dated into it any more; when that was cut off, go on"),
                                  entries, OBA_COMMAND_USES_DATABASE | OBA_COMMAND_USES_FORMAT, &argc, &argv, &status))
    return status;

  action = argc > 1 ? argv[1] : "";
  if (strcmp (action, "list") != 0 && strcmp (action, "close") != 0)
    return oba_command_context_usage (context, "%s", _("say list or close."));
  if (argc != (strcmp (action, "list") == 0 ? 2 : 3))
    return oba_command_context_usage (context, _("“%s” takes another number of words."), action);
  first = argc == 3 ? parse_month (argv[2]) : NULL;
  if (argc == 3 && first == NULL)
    return oba_command_context_usage (context, _("a month is written like 2026-10, not “%s”."), argv[2]);

  connection = oba_command_context_connect (context, OBA_COMMAND_CURRENT_SCHEMA, &error);
  if (connection == NULL)
    return oba_command_context_fail (context, error);
  if (first == NULL)
    return list (context, connection);
  return dry_run ? preview (context, connection, first) : close_month (context, connection, first);
}
