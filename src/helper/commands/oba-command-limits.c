#include "oba-config.h"
#include "oba-commands.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "base/oba-error.h"
#include "base/oba-money.h"
#include "periods/oba-limits.h"

/* Points of one customer; more have never been. */
#define MAX_POINTS G_GINT64_CONSTANT (1000000000000)

typedef struct
{
  char *amount;
  char *points;
  char *age_days;
  char *own_receipts;
  char *adjust_points;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->amount);
  g_free (options->points);
  g_free (options->age_days);
  g_free (options->own_receipts);
  g_free (options->adjust_points);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static gboolean
read_limits (ObaCommandContext *context, ObaDbConnection *connection, ObaLimits *limits, GError **error)
{
  g_autoptr (ObaDbResult) rows = oba_command_context_query (context, connection, "periods/limits.sql", NULL, error);

  if (rows == NULL)
    return FALSE;
  limits->amount = oba_db_result_get_int64 (rows, 0, 0);
  limits->points = oba_db_result_get_int64 (rows, 0, 1);
  limits->age_days = (int) oba_db_result_get_int64 (rows, 0, 2);
  limits->own_receipts = oba_db_result_get_bool (rows, 0, 3);
  limits->version = (int) oba_db_result_get_int64 (rows, 0, 4);
  limits->adjust_points = oba_db_result_get_int64 (rows, 0, 5);
  return TRUE;
}

static int
show (ObaCommandContext *context, ObaDbConnection *connection)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaTable) table = oba_table_new ();
  ObaLimits limits;

  if (!read_limits (context, connection, &limits, &error))
    return oba_command_context_fail (context, error);
  oba_table_set_upright (table);
  oba_table_add_column (table, "amount", _("Amount"), OBA_COLUMN_MONEY);
  oba_table_add_column (table, "points", _("Points"), OBA_COLUMN_INTEGER);
  oba_table_add_column (table, "age_days", _("Age in days"), OBA_COLUMN_INTEGER);
  oba_table_add_column (table, "own_receipts", _("Own receipts by two persons"), OBA_COLUMN_BOOLEAN);
  oba_table_add_column (table, "adjust_points", _("Points adjusted in a day"), OBA_COLUMN_INTEGER);
  oba_table_add_integer (table, limits.amount);
  oba_table_add_integer (table, limits.points);
  oba_table_add_integer (table, limits.age_days);
  oba_table_add_boolean (table, limits.own_receipts);
  oba_table_add_integer (table, limits.adjust_points);
  return oba_command_context_print (context, table);
}

/* Takes over what was given. Returns: what is wrong with it, a sentence; NULL: nothing */
static char *
apply (const Options *options, ObaLimits *limits)
{
  gint64 number;

  if (options->amount != NULL && (!oba_money_parse (options->amount, &limits->amount, NULL) || limits->amount < 0))
    return g_strdup_printf (_("an amount is written like 50.00, not “%s”."), options->amount);
  if (options->points != NULL && !g_ascii_string_to_signed (options->points, 10, 0, MAX_POINTS, &limits->points, NULL))
    return g_strdup_printf (_("points are a whole number, 0 or more, not “%s”."), options->points);
  if (options->adjust_points != NULL && !g_ascii_string_to_signed (options->adjust_points, 10, 0, MAX_POINTS, &limits->adjust_points, NULL))
    return g_strdup_printf (_("points are a whole number, 0 or more, not “%s”."), options->adjust_points);
  if (options->age_days != NULL && !g_ascii_string_to_signed (options->age_days, 10, 0, OBA_LIMITS_MAX_DAYS, &number, NULL))
    return g_strdup_printf (_("an age is a number of days from 0 to %d, not “%s”."), OBA_LIMITS_MAX_DAYS, options->age_days);
  if (options->age_days != NULL)
    limits->age_days = (int) number;
  if (options->own_receipts != NULL && strcmp (options->own_receipts, "yes") != 0 && strcmp (options->own_receipts, "no") != 0)
    return g_strdup_printf (_("own receipts by two persons: yes or no, not “%s”."), options->own_receipts);
  if (options->own_receipts != NULL)
    limits->own_receipts = strcmp (options->own_receipts, "yes") == 0;
  return NULL;
}

static int
set (ObaCommandContext *context, ObaDbConnection *connection, const Options *options)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  g_autoptr (JsonNode) request = NULL;
  g_autoptr (ObaDbParams) params = NULL;
  g_autoptr (ObaDbResult) answer = NULL;
  ObaLimits limits;

  if (!read_limits (context, connection, &limits, &error))
    return oba_command_context_fail (context, error);
  g_free (apply (options, &limits));   /* checked before */
  request = oba_limits_to_json (&limits);
  text = json_to_string (request, FALSE);
  params = oba_db_params_build ("t", text);
  answer = oba_command_context_query (context, connection, "periods/set-limits.sql", params, &error);
  return answer != NULL ? show (context, connection) : oba_command_context_fail (context, error);
}

static gboolean
is_empty (const Options *options)
{
  return options->amount == NULL && options->points == NULL && options->age_days == NULL && options->own_receipts == NULL && options->adjust_points == NULL;
}

int
oba_command_limits (ObaCommandContext *context, int argc, char **argv)
{
  g_auto (Options) options = { NULL };
  const GOptionEntry entries[] = {
    { "amount", 0, 0, G_OPTION_ARG_STRING, &options.amount, N_("Up to how much money, as 50.00"), N_("AZN") },
    { "points", 0, 0, G_OPTION_ARG_STRING, &options.points, N_("Up to how many points of one customer"), N_("N") },
    { "age-days", 0, 0, G_OPTION_ARG_STRING, &options.age_days, N_("Up to which age of the receipt, in days"), N_("N") },
    { "own-receipts", 0, 0, G_OPTION_ARG_STRING, &options.own_receipts, N_("Whether what one has entered oneself needs two persons: yes or no"), "yes|no" },
    { "adjust-points", 0, 0, G_OPTION_ARG_STRING, &options.adjust_points, N_("Up to how many points one person gives to or takes from one customer in a day"), N_("N") },
    { NULL },
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbConnection) connection = NULL;
  g_autofree char *problem = NULL;
  ObaLimits unused = { 0 };
  gboolean sets;
  int status;

  if (!oba_command_context_parse (context, "show | set",
                                  _("show     up to where one person corrects a receipt or adjusts points alone\n"
                                    "set      change that; what is not given stays as it is"),
                                  entries, OBA_COMMAND_USES_DATABASE | OBA_COMMAND_USES_FORMAT, &argc, &argv, &status))
    return status;

  sets = argc == 2 && strcmp (argv[1], "set") == 0;
  if (!sets && (argc != 2 || strcmp (argv[1], "show") != 0))
    return oba_command_context_usage (context, "%s", _("say show or set."));
  if (sets == is_empty (&options))
    return oba_command_context_usage (context, "%s", sets ? _("“set” needs at least one of its options.") : _("“show” takes none of these options."));
  problem = apply (&options, &unused);
  if (problem != NULL)
    return oba_command_context_usage (context, "%s", problem);

  connection = oba_command_context_connect (context, OBA_COMMAND_CURRENT_SCHEMA, &error);
  if (connection == NULL)
    return oba_command_context_fail (context, error);
  return sets ? set (context, connection, &options) : show (context, connection);
}
