#include "oba-config.h"
#include "oba-commands.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "base/oba-day.h"
#include "spending/oba-spending-rules.h"

#define MAX_VERSIONS 1000

typedef struct
{
  char *point_value;
  char *daily_points;
  char *earns;
  char *code_seconds;
  char *wrong_codes;
  char *lock_minutes;
  char *from;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->point_value);
  g_free (options->daily_points);
  g_free (options->earns);
  g_free (options->code_seconds);
  g_free (options->wrong_codes);
  g_free (options->lock_minutes);
  g_free (options->from);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static ObaDbResult *
read_versions (ObaCommandContext *context, ObaDbConnection *connection, GError **error)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("i", (gint64) MAX_VERSIONS);

  return oba_command_context_query (context, connection, "spending/rules.sql", params, error);
}

static void
add_columns (ObaTable *table)
{
  oba_table_add_column (table, "version", _("Version"), OBA_COLUMN_ID);
  oba_table_add_column (table, "state", _("State"), OBA_COLUMN_TEXT);
  oba_table_add_column (table, "valid_from", _("From"), OBA_COLUMN_TIME);
  oba_table_add_column (table, "point_value", _("A point pays"), OBA_COLUMN_MONEY);
  oba_table_add_column (table, "daily_points", _("Points a day"), OBA_COLUMN_INTEGER);
  oba_table_add_column (table, "earns", _("That part earns"), OBA_COLUMN_BOOLEAN);
  oba_table_add_column (table, "code_seconds", _("Code, seconds"), OBA_COLUMN_INTEGER);
  oba_table_add_column (table, "wrong_codes", _("Wrong codes"), OBA_COLUMN_INTEGER);
  oba_table_add_column (table, "lock_minutes", _("Lock, minutes"), OBA_COLUMN_INTEGER);
  oba_table_add_column (table, "created_by", _("By"), OBA_COLUMN_TEXT);
}

static void
add_version (ObaTable *table, const ObaSpendingRules *rules)
{
  oba_table_add_integer (table, rules->version);
  oba_table_add_text (table, rules->holds ? "now" : rules->coming ? "coming" : "past");
  oba_table_add_time (table, rules->valid_from);
  oba_table_add_integer (table, rules->point_value);
  if (rules->daily_points > 0)
    oba_table_add_integer (table, rules->daily_points);
  else
    oba_table_add_null (table);
  oba_table_add_boolean (table, rules->earns);
  oba_table_add_integer (table, rules->code_seconds);
  oba_table_add_integer (table, rules->wrong_codes);
  oba_table_add_integer (table, rules->lock_minutes);
  oba_table_add_text (table, rules->who);
}

static int
show (ObaCommandContext *context, ObaDbConnection *connection)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = read_versions (context, connection, &error);
  g_autoptr (ObaTable) table = oba_table_new ();

  if (rows == NULL)
    return oba_command_context_fail (context, error);
  add_columns (table);
  for (guint row = 0; row < oba_db_result_get_n_rows (rows); row++)
    {
      g_autoptr (ObaSpendingRules) rules = oba_spending_rules_from_row (rows, row);

      add_version (table, rules);
    }
  return oba_command_context_print (context, table);
}

/* ---- set */

static gboolean
apply_number (const char *text, gint64 min, gint64 max, gint64 *number)
{
  return text == NULL || g_ascii_string_to_signed (text, 10, min, max, number, NULL);
}

/* The midnight of Bakı. (nullable) */
static GDateTime *
day_start (const char *text)
{
  g_autoptr (GTimeZone) baku = g_time_zone_new_identifier ("Asia/Baku");
  GDate day;

  if (!oba_day_parse (text, &day))
    return NULL;
  return g_date_time_new (baku, g_date_get_year (&day), (int) g_date_get_month (&day), g_date_get_day (&day), 0, 0, 0);
}

/* Takes over what was given. Returns: what is wrong with it, a sentence; NULL: nothing */
static const char *
apply (const Options *options, ObaSpendingRules *rules)
{
  gint64 code = rules->code_seconds, wrong = rules->wrong_codes, lock = rules->lock_minutes;

  if (!apply_number (options->point_value, 1, 10000, &rules->point_value))
    return _("a point pays a whole number of qəpik, 1 to 10,000.");
  if (options->daily_points != NULL && strcmp (options->daily_points, "any") == 0)
    rules->daily_points = 0;
  else if (!apply_number (options->daily_points, 1, 10000000, &rules->daily_points))
    return _("points a day are a whole number, 1 to 10,000,000, or “any”.");
  if (options->earns != NULL && strcmp (options->earns, "yes") != 0 && strcmp (options->earns, "no") != 0)
    return _("whether the part paid with points earns: yes or no.");
  if (options->earns != NULL)
    rules->earns = strcmp (options->earns, "yes") == 0;
  if (!apply_number (options->code_seconds, 60, 120, &code) || !apply_number (options->wrong_codes, 1, 20, &wrong) || !apply_number (options->lock_minutes, 1, 1440, &lock))
    return _("a code is good for 60 to 120 seconds; wrong codes are 1 to 20; they lock for 1 to 1,440 minutes.");
  rules->code_seconds = (int) code;
  rules->wrong_codes = (int) wrong;
  rules->lock_minutes = (int) lock;
  g_clear_pointer (&rules->valid_from, g_date_time_unref);
  rules->valid_from = options->from != NULL ? day_start (options->from) : NULL;
  return options->from != NULL && rules->valid_from == NULL ? _("a day is written like 2026-01-31.") : NULL;
}

static int
set (ObaCommandContext *context, ObaDbConnection *connection, const Options *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = read_versions (context, connection, &error);
  g_autoptr (ObaSpendingRules) rules = NULL;
  g_autoptr (JsonNode) request = NULL;
  g_autoptr (ObaDbParams) params = NULL;
  g_autoptr (ObaDbResult) answer = NULL;
  g_autofree char *text = NULL;

  if (rows == NULL)
    return oba_command_context_fail (context, error);
  rules = oba_spending_rules_from_row (rows, 0);
  apply (options, rules);   /* checked before */
  request = oba_spending_rules_to_json (rules);
  text = json_to_string (request, FALSE);
  params = oba_db_params_build ("t", text);
  answer = oba_command_context_query (context, connection, "spending/set-rules.sql", params, &error);
  return answer != NULL ? show (context, connection) : oba_command_context_fail (context, error);
}

static gboolean
is_empty (const Options *options)
{
  return options->point_value == NULL && options->daily_points == NULL && options->earns == NULL && options->code_seconds == NULL && options->wrong_codes == NULL
         && options->lock_minutes == NULL && options->from == NULL;
}

int
oba_command_spending (ObaCommandContext *context, int argc, char **argv)
{
  g_auto (Options) options = { NULL };
  const GOptionEntry entries[] = {
    { "point-value", 0, 0, G_OPTION_ARG_STRING, &options.point_value, N_("What a point pays, in qəpik"), N_("N") },
    { "daily-points", 0, 0, G_OPTION_ARG_STRING, &options.daily_points, N_("Points that a customer can spend in a day, or “any”"), N_("N") },
    { "earns", 0, 0, G_OPTION_ARG_STRING, &options.earns, N_("Whether the part paid with points earns: yes or no"), "yes|no" },
    { "code-seconds", 0, 0, G_OPTION_ARG_STRING, &options.code_seconds, N_("How long a spend code is good"), N_("N") },
    { "wrong-codes", 0, 0, G_OPTION_ARG_STRING, &options.wrong_codes, N_("After how many wrong codes none works for a while"), N_("N") },
    { "lock-minutes", 0, 0, G_OPTION_ARG_STRING, &options.lock_minutes, N_("How long that is"), N_("N") },
    { "from", 0, 0, G_OPTION_ARG_STRING, &options.from, N_("From which day on, as 2026-01-31; without: at once"), N_("DAY") },
    { NULL },
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbConnection) connection = NULL;
  g_autoptr (ObaSpendingRules) unused = g_new0 (ObaSpendingRules, 1);
  const char *problem;
  gboolean sets;
  int status;

  if (!oba_command_context_parse (context, "show | set",
                                  _("show     how bills are paid with points: all versions\n"
                                    "set      a new version; what is not given stays as the last one has it"),
                                  entries, OBA_COMMAND_USES_DATABASE | OBA_COMMAND_USES_FORMAT, &argc, &argv, &status))
    return status;

  sets = argc == 2 && strcmp (argv[1], "set") == 0;
  if (!sets && (argc != 2 || strcmp (argv[1], "show") != 0))
    return oba_command_context_usage (context, "%s", _("say show or set."));
  if (sets == is_empty (&options))
    return oba_command_context_usage (context, "%s", sets ? _("“set” needs at least one of its options.") : _("“show” takes none of these options."));
  problem = apply (&options, unused);
  if (problem != NULL)
    return oba_command_context_usage (context, "%s", problem);

  connection = oba_command_context_connect (context, OBA_COMMAND_CURRENT_SCHEMA, &error);
  if (connection == NULL)
    return oba_command_context_fail (context, error);
  return sets ? set (context, connection, &options) : show (context, connection);
}
