#include "oba-config.h"
#include "oba-command-report.h"

#include <math.h>
#include <string.h>
#include <glib/gi18n-lib.h>

#include "base/oba-day.h"
#include "base/oba-error.h"
#include "base/oba-money.h"
#include "liability/oba-liability.h"

/* ---- for machines: all figures in one table */

static gboolean
add_row (const char *const *values, gpointer user_data)
{
  ObaTable *table = user_data;

  for (guint i = 0; i < OBA_LIABILITY_N_COLUMNS; i++)
    if (values[i] == NULL)
      oba_table_add_null (table);
    else if (oba_liability_columns[i].type == OBA_LIABILITY_TEXT)
      oba_table_add_text (table, values[i]);
    else if (oba_liability_columns[i].type == OBA_LIABILITY_RATE)
      oba_table_add_real (table, g_ascii_strtod (values[i], NULL), 4);
    else
      oba_table_add_integer (table, g_ascii_strtoll (values[i], NULL, 10));
  return TRUE;
}

static int
print_all (ObaCommandContext *context, const ObaLiability *liability)
{
  static const ObaColumnType types[] = {
    [OBA_LIABILITY_TEXT] = OBA_COLUMN_TEXT, [OBA_LIABILITY_POINTS] = OBA_COLUMN_INTEGER, [OBA_LIABILITY_MONEY] = OBA_COLUMN_MONEY, [OBA_LIABILITY_RATE] = OBA_COLUMN_REAL,
  };
  g_autoptr (ObaTable) table = oba_table_new ();

  for (guint i = 0; i < OBA_LIABILITY_N_COLUMNS; i++)
    oba_table_add_column (table, oba_liability_columns[i].key, NULL, types[oba_liability_columns[i].type]);
  oba_liability_foreach_row (liability, add_row, table);
  return oba_command_context_print (context, table);
}

/* ---- for people: a table each */

static int
print_head (ObaCommandContext *context, const ObaLiability *liability)
{
  g_autoptr (ObaTable) table = oba_table_new ();
  g_autofree char *day = oba_day_format (&liability->today);
  g_autofree char *value = oba_liability_format_value (liability->point_value);
  g_autofree char *breakage = oba_share_format ((double) liability->breakage / 10000, 2);

  /* Whatever months are asked for: what is outstanding, and its groups below, are of now. */
  oba_table_set_upright (table);
  oba_table_add_column (table, "day", _("As of"), OBA_COLUMN_TEXT);
  oba_table_add_column (table, "points", _("Points outstanding"), OBA_COLUMN_INTEGER);
  oba_table_add_column (table, "owed", _("Owed to us by customers, in points"), OBA_COLUMN_INTEGER);
  oba_table_add_column (table, "ledger", _("Points in the ledger"), OBA_COLUMN_INTEGER);
  oba_table_add_column (table, "point_value", _("Value of a point"), OBA_COLUMN_TEXT);
  oba_table_add_column (table, "breakage", _("Breakage that is assumed"), OBA_COLUMN_TEXT);
  oba_table_add_column (table, "value", _("Value of all points"), OBA_COLUMN_MONEY);
  oba_table_add_column (table, "expected", _("Expected value, less breakage"), OBA_COLUMN_MONEY);
  oba_table_add_text (table, day);
  oba_table_add_integer (table, liability->total.points);
  oba_table_add_integer (table, liability->owed);
  oba_table_add_integer (table, liability->total.points - liability->owed);
  oba_table_add_text (table, value);
  oba_table_add_text (table, breakage);
  oba_table_add_integer (table, liability->total.value);
  oba_table_add_integer (table, liability->total.expected);
  return oba_command_context_print (context, table);
}

static int
print_groups (ObaCommandContext *context, const char *title, GPtrArray *groups)
{
  g_autoptr (ObaTable) table = oba_table_new ();

  if (groups->len == 0)
    return OBA_EXIT_DONE;
  puts ("");
  oba_table_add_column (table, "name", title, OBA_COLUMN_TEXT);
  oba_table_add_column (table, "points", _("Points"), OBA_COLUMN_INTEGER);
  oba_table_add_column (table, "value", _("Value"), OBA_COLUMN_MONEY);
  oba_table_add_column (table, "expected", _("Expected value"), OBA_COLUMN_MONEY);
  for (guint i = 0; i < groups->len; i++)
    {
      const ObaLiabilityGroup *group = groups->pdata[i];

      oba_table_add_text (table, group->name);
      oba_table_add_integer (table, group->points);
      oba_table_add_integer (table, group->value);
      oba_table_add_integer (table, group->expected);
    }
  return oba_command_context_print (context, table);
}

static void
add_rate (ObaTable *table, double rate)
{
  g_autofree char *text = isnan (rate) ? NULL : oba_share_format (rate, 1);

  oba_table_add_text (table, text);
}

static int
print_months (ObaCommandContext *context, const ObaLiability *liability)
{
  static const char *const titles[] = { N_("Opening"), N_("Issued"), N_("Redeemed"), N_("Expired"), N_("Clawed back"), N_("Adjusted"), N_("Closing") };
  g_autoptr (ObaTable) table = oba_table_new ();

  puts ("");
  oba_table_add_column (table, "month", _("Month"), OBA_COLUMN_TEXT);
  for (guint i = 0; i < G_N_ELEMENTS (titles); i++)
    oba_table_add_column (table, titles[i], _(titles[i]), OBA_COLUMN_INTEGER);
  oba_table_add_column (table, "value", _("Value"), OBA_COLUMN_MONEY);
  oba_table_add_column (table, "redemption_rate", _("Redemption rate"), OBA_COLUMN_TEXT);
  oba_table_add_column (table, "breakage_rate", _("Breakage rate"), OBA_COLUMN_TEXT);
  for (guint i = 0; i < liability->months->len; i++)
    {
      const ObaLiabilityMonth *month = liability->months->pdata[i];
      const gint64 figures[] = { month->opening, month->issued, month->redeemed, month->expired, month->clawed_back, month->adjusted, month->closing, month->value };

      oba_table_add_text (table, month->name);
      for (guint f = 0; f < G_N_ELEMENTS (figures); f++)
        oba_table_add_integer (table, figures[f]);
      add_rate (table, oba_liability_redemption_rate (liability, i, i + 1));
      add_rate (table, oba_liability_breakage_rate (liability, i, i + 1));
    }
  return oba_command_context_print (context, table);
}

static int
print_tables (ObaCommandContext *context, const ObaLiability *liability)
{
  int status = print_head (context, liability);

  if (status == OBA_EXIT_DONE)
    status = print_groups (context, _("Tier"), liability->tiers);
  if (status == OBA_EXIT_DONE)
    status = print_groups (context, _("Age"), liability->ages);
  if (status == OBA_EXIT_DONE)
    status = print_groups (context, _("Month of expiry"), liability->expiry);
  return status == OBA_EXIT_DONE ? print_months (context, liability) : status;
}

/* ---- of one store */

static int
print_store (ObaCommandContext *context, ObaDbConnection *connection, const ObaReportOptions *options)
{
  static const char *const keys[] = { "issued", "redeemed", "clawed_back" };
  const char *const titles[] = { _("Issued"), _("Redeemed"), _("Clawed back") };
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbParams) params = oba_db_params_build ("ttt", options->first, options->last, options->store);
  g_autoptr (ObaDbResult) rows = oba_command_context_query (context, connection, "liability/store.sql", params, &error);
  g_autoptr (ObaTable) table = oba_table_new ();

  if (rows != NULL && oba_db_result_get_n_rows (rows) == 0)
    g_set_error (&error, OBA_ERROR, OBA_ERROR_INVALID_INPUT, _("There is no store with the code %s."), options->store);
  if (error != NULL)
    return oba_command_context_fail (context, error);
  oba_table_add_column (table, "month", _("Month"), OBA_COLUMN_TEXT);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    oba_table_add_column (table, keys[i], titles[i], OBA_COLUMN_INTEGER);
  for (guint row = 0; row < oba_db_result_get_n_rows (rows); row++)
    {
      g_autofree char *month = g_strndup (oba_db_result_get_text (rows, row, 0), 7);

      oba_table_add_text (table, month);
      for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
        oba_table_add_integer (table, oba_db_result_get_int64 (rows, row, i + 1));
    }
  return oba_command_context_print (context, table);
}

int
oba_report_liability (ObaCommandContext *context, ObaDbConnection *connection, const ObaReportOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbParams) params = oba_liability_params (options->first, options->last);
  g_autoptr (ObaDbResult) rows = NULL;
  g_autoptr (ObaLiability) liability = NULL;

  if (options->store != NULL)
    return print_store (context, connection, options);
  rows = oba_command_context_query (context, connection, "liability/liability.sql", params, &error);
  if (rows == NULL)
    return oba_command_context_fail (context, error);
  liability = oba_liability_from_rows (rows);
  return oba_command_context_get_format (context) == OBA_TABLE_HUMAN ? print_tables (context, liability) : print_all (context, liability);
}
