#include "oba-config.h"
#include "oba-commands.h"

#include <string.h>
#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>

#include "customers/oba-customers.h"
#include "oba-progress.h"

typedef struct
{
  char *reason;
  char *from;
  char *to;
  char *by;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->reason);
  g_free (options->from);
  g_free (options->to);
  g_free (options->by);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* ---- list, show */

static void
add_rule (ObaTable *table, ObaDbResult *rows, guint row, gboolean terms)
{
  g_autoptr (GDateTime) from = oba_db_result_get_time (rows, row, 5);
  g_autoptr (GDateTime) to = oba_db_result_get_time (rows, row, 6);

  oba_table_add_integer (table, oba_db_result_get_int64 (rows, row, 0));
  oba_table_add_integer (table, oba_db_result_get_int64 (rows, row, 1));
  for (guint column = 2; column < 5; column++)
    oba_table_add_text (table, oba_db_result_get_text (rows, row, column));
  oba_table_add_time (table, from);
  oba_table_add_time (table, to);
  oba_table_add_integer (table, oba_db_result_get_int64 (rows, row, 10));
  oba_table_add_integer (table, oba_db_result_get_int64 (rows, row, 11));
  oba_table_add_text (table, oba_db_result_get_text (rows, row, 8));
  if (terms)
    oba_table_add_text (table, oba_db_result_get_text (rows, row, 7));
}

static int
list (ObaCommandContext *context, ObaDbConnection *connection, gint64 rule)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaTable) table = oba_table_new ();
  g_autoptr (ObaDbParams) params = oba_db_params_new ();
  g_autoptr (ObaDbResult) rows = NULL;

  if (rule != 0)
    oba_db_params_add_int64 (params, rule);
  else
    oba_db_params_add_null (params);
  rows = oba_command_context_query (context, connection, "rules/list.sql", params, &error);
  if (rows == NULL)
    return oba_command_context_fail (context, error);
  oba_table_add_column (table, "rule", _("Rule"), OBA_COLUMN_ID);
  oba_table_add_column (table, "version", _("Version"), OBA_COLUMN_ID);
  oba_table_add_column (table, "kind", _("Kind"), OBA_COLUMN_TEXT);
  oba_table_add_column (table, "name", _("Name"), OBA_COLUMN_TEXT);
  oba_table_add_column (table, "state", _("State"), OBA_COLUMN_TEXT);
  oba_table_add_column (table, "valid_from", _("From"), OBA_COLUMN_TIME);
  oba_table_add_column (table, "valid_to", _("Until"), OBA_COLUMN_TIME);
  oba_table_add_column (table, "given", _("Points given"), OBA_COLUMN_INTEGER);
  oba_table_add_column (table, "tried", _("Points in tests"), OBA_COLUMN_INTEGER);
  oba_table_add_column (table, "edited_by", _("Written by"), OBA_COLUMN_TEXT);
  if (rule != 0)
    {
      oba_table_add_column (table, "terms", _("Terms"), OBA_COLUMN_TEXT);
      oba_table_set_upright (table);
    }
  for (guint row = 0; row < oba_db_result_get_n_rows (rows); row++)
    add_rule (table, rows, row, rule != 0);
  if (rule != 0 && oba_table_get_n_rows (table) == 0)
    return oba_command_context_usage (context, "%s", _("there is no such rule."));
  return oba_command_context_print (context, table);
}

/* ---- writing */

static int
save (ObaCommandContext *context, ObaDbConnection *connection, const char *file)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  g_autoptr (ObaDbParams) params = NULL;
  g_autoptr (ObaDbResult) rows = NULL;

  if (!g_file_get_contents (file, &text, NULL, &error))
    return oba_command_context_fail (context, error);
  params = oba_db_params_build ("t", text);
  rows = oba_command_context_query (context, connection, "rules/save.sql", params, &error);
  if (rows == NULL)
    return oba_command_context_fail (context, error);
  return list (context, connection, oba_db_result_get_int64 (rows, 0, 0));
}

static int
move (ObaCommandContext *context, ObaDbConnection *connection, gint64 rule, gint64 version, const char *verb, const char *reason)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbParams) params = oba_db_params_new ();
  g_autoptr (ObaDbResult) rows = NULL;

  oba_db_params_add_int64 (params, rule);
  oba_db_params_add_int64 (params, version);
  oba_db_params_add_text (params, strcmp (verb, "retire") == 0 ? "retired" : verb);
  if (reason != NULL)
    oba_db_params_add_text (params, reason);
  else
    oba_db_params_add_null (params);
  rows = oba_command_context_query (context, connection, "rules/move.sql", params, &error);
  return rows != NULL ? list (context, connection, rule) : oba_command_context_fail (context, error);
}

/* ---- replay */

/* How many customers would move; up, or down. */
static gint64
count_moves (JsonObject *answer, gboolean up)
{
  JsonArray *moves = json_object_get_array_member (answer, "moves");
  JsonArray *tiers = json_object_get_array_member (answer, "tiers");
  gint64 n = 0;

  for (guint i = 0; i < json_array_get_length (moves); i++)
    {
      JsonArray *move = json_array_get_array_element (moves, i);
      guint from = 0, to = 0;

      for (guint k = 0; k < json_array_get_length (tiers); k++)
        {
          gint64 tier = json_array_get_int_element (json_array_get_array_element (tiers, k), 0);

          from = tier == json_array_get_int_element (move, 0) ? k : from;
          to = tier == json_array_get_int_element (move, 1) ? k : to;
        }
      n += (to > from) == up ? json_array_get_int_element (move, 2) : 0;
    }
  return n;
}

static const char *
tier_name (JsonObject *answer, gint64 tier)
{
  JsonArray *names = json_object_get_array_member (answer, "tier_names");
  const char *language = oba_customers_get_language ();

  for (guint i = 0; i < json_array_get_length (names); i++)
    {
      JsonArray *name = json_array_get_array_element (names, i);

      if (json_array_get_int_element (name, 0) == tier)
        return json_array_get_string_element (name, strcmp (language, "az") == 0 ? 1 : strcmp (language, "ru") == 0 ? 2 : 3);
    }
  return "";
}

static ObaTable *
tell_totals (JsonObject *answer)
{
  ObaTable *table = oba_table_new ();
  static const char *const keys[] = { "receipts", "touched", "customers", "fewer", "points", "worth" };

  oba_table_set_upright (table);
  oba_table_add_column (table, "receipts", _("Receipts"), OBA_COLUMN_INTEGER);
  oba_table_add_column (table, "touched", _("Receipts touched"), OBA_COLUMN_INTEGER);
  oba_table_add_column (table, "customers", _("Customers who get more"), OBA_COLUMN_INTEGER);
  oba_table_add_column (table, "fewer", _("Customers who get less"), OBA_COLUMN_INTEGER);
  oba_table_add_column (table, "points", _("Cost in points"), OBA_COLUMN_INTEGER);
  oba_table_add_column (table, "worth", _("Cost"), OBA_COLUMN_MONEY);
  oba_table_add_column (table, "up", _("Customers who go up a tier"), OBA_COLUMN_INTEGER);
  oba_table_add_column (table, "down", _("Customers who go down a tier"), OBA_COLUMN_INTEGER);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    oba_table_add_integer (table, json_object_get_int_member (answer, keys[i]));
  oba_table_add_integer (table, count_moves (answer, TRUE));
  oba_table_add_integer (table, count_moves (answer, FALSE));
  return table;
}

static ObaTable *
tell_rows (JsonArray *rows, const char *by)
{
  ObaTable *table = oba_table_new ();
  gboolean days = strcmp (by, "day") == 0, weeks = strcmp (by, "week") == 0, stores = strcmp (by, "store") == 0;

  oba_table_add_column (table, by, days ? _("Day") : weeks ? _("Week from") : stores ? _("Store") : _("Customer"), days || weeks ? OBA_COLUMN_TEXT : OBA_COLUMN_ID);
  if (stores)
    oba_table_add_column (table, "name", _("Name"), OBA_COLUMN_TEXT);
  oba_table_add_column (table, "points", _("Points"), OBA_COLUMN_INTEGER);
  oba_table_add_column (table, "receipts", _("Receipts"), OBA_COLUMN_INTEGER);
  for (guint i = 0; i < json_array_get_length (rows); i++)
    {
      JsonArray *row = json_array_get_array_element (rows, i);
      guint n = json_array_get_length (row);

      if (days || weeks)
        oba_table_add_text (table, json_array_get_string_element (row, 0));
      else
        oba_table_add_integer (table, json_array_get_int_element (row, 0));
      if (stores)
        oba_table_add_text (table, json_array_get_string_element (row, 1));
      oba_table_add_integer (table, json_array_get_int_element (row, n - 2));
      oba_table_add_integer (table, json_array_get_int_element (row, n - 1));
    }
  return table;
}

/* Who gets more of each tier; or who would stand in another one. */
static ObaTable *
tell_tiers (JsonObject *answer, gboolean moves)
{
  ObaTable *table = oba_table_new ();
  JsonArray *rows = json_object_get_array_member (answer, moves ? "moves" : "tiers");

  oba_table_add_column (table, "tier", moves ? _("From tier") : _("Tier"), OBA_COLUMN_TEXT);
  if (moves)
    oba_table_add_column (table, "to", _("To tier"), OBA_COLUMN_TEXT);
  oba_table_add_column (table, "customers", _("Customers"), OBA_COLUMN_INTEGER);
  if (!moves)
    oba_table_add_column (table, "points", _("Points"), OBA_COLUMN_INTEGER);
  for (guint i = 0; i < json_array_get_length (rows); i++)
    {
      JsonArray *row = json_array_get_array_element (rows, i);

      oba_table_add_text (table, tier_name (answer, json_array_get_int_element (row, 0)));
      if (moves)
        oba_table_add_text (table, tier_name (answer, json_array_get_int_element (row, 1)));
      else
        oba_table_add_integer (table, json_array_get_int_element (row, 1));
      oba_table_add_integer (table, json_array_get_int_element (row, 2));
    }
  return table;
}

static int
tell (ObaCommandContext *context, ObaDbResult *rows, const char *by)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (ObaTable) table = NULL;
  g_autoptr (GError) error = NULL;
  JsonObject *answer;

  if (!json_parser_load_from_data (parser, oba_db_result_get_text (rows, 0, 0), -1, &error))
    return oba_command_context_fail (context, error);
  answer = json_node_get_object (json_parser_get_root (parser));
  if (by == NULL)
    table = tell_totals (answer);
  else if (strcmp (by, "tier") == 0 || strcmp (by, "move") == 0)
    table = tell_tiers (answer, strcmp (by, "move") == 0);
  else
    table = tell_rows (json_object_get_array_member (answer, strcmp (by, "day") == 0 ? "days" : strcmp (by, "week") == 0 ? "weeks" : strcmp (by, "store") == 0 ? "stores" : "top"), by);
  return oba_command_context_print (context, table);
}

/* In one transaction, which leaves nothing behind. Returns: (nullable) */
static ObaDbResult *
run_replay (ObaCommandContext *context, ObaDbConnection *connection, gint64 rule, gint64 version, const Options *options, GError **error)
{
  g_autoptr (ObaDbParams) params = oba_db_params_new ();
  g_autoptr (ObaDbResult) parts = NULL;
  g_autoptr (ObaProgress) progress = NULL;

  oba_db_params_add_int64 (params, rule);
  oba_db_params_add_int64 (params, version);
  oba_db_params_add_text (params, options->from);
  oba_db_params_add_text (params, options->to);
  if (!oba_db_connection_script_sync (connection, "BEGIN", oba_command_context_get_cancellable (context), error))
    return NULL;
  parts = oba_command_context_query (context, connection, "rules/replay-begin.sql", params, error);
  if (parts == NULL)
    return NULL;
  progress = oba_progress_new (_("Months"), oba_db_result_get_n_rows (parts));
  for (guint row = 0; row < oba_db_result_get_n_rows (parts); row++)
    {
      g_autoptr (ObaDbParams) days = oba_db_params_build ("tt", oba_db_result_get_text (parts, row, 0), oba_db_result_get_text (parts, row, 1));
      g_autoptr (ObaDbResult) done = oba_command_context_query (context, connection, "rules/replay-chunk.sql", days, error);

      if (done == NULL)
        return NULL;
      oba_progress_add (progress, 1);
    }
  oba_progress_finish (progress);
  return oba_command_context_query (context, connection, "rules/replay-end.sql", NULL, error);
}

static int
replay (ObaCommandContext *context, ObaDbConnection *connection, gint64 rule, gint64 version, const Options *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = run_replay (context, connection, rule, version, options, &error);
  int status = rows != NULL ? tell (context, rows, options->by) : oba_command_context_fail (context, error);

  oba_db_connection_script_sync (connection, "ROLLBACK", NULL, NULL);
  return status;
}

/* ---- the command */

static gboolean
is_number (const char *text, gint64 *number)
{
  return g_ascii_string_to_signed (text, 10, 1, G_MAXINT32, number, NULL);
}

/* Returns: what is wrong, a sentence; NULL: nothing */
static const char *
check (int argc, char **argv, const Options *options, gint64 *rule, gint64 *version)
{
  static const char *const moves[] = { "test", "draft", "live", "retire", NULL };
  static const char *const bys[] = { "day", "week", "store", "customer", "tier", "move", NULL };
  gboolean replays = argc == 4 && strcmp (argv[1], "replay") == 0;

  if (replays != (options->from != NULL) || replays != (options->to != NULL) || (options->by != NULL && (!replays || !g_strv_contains (bys, options->by))))
    return _("“replay” takes --from and --to, and --by day, week, store, customer, tier or move; nothing else takes them.");
  if (options->reason != NULL && !(argc == 4 && g_strv_contains (moves, argv[1])))
    return _("only a change of the state takes a reason.");
  if (argc == 2 && strcmp (argv[1], "list") == 0)
    return NULL;
  if (argc == 3 && strcmp (argv[1], "save") == 0)
    return NULL;
  if (argc == 3 && strcmp (argv[1], "show") == 0 && is_number (argv[2], rule))
    return NULL;
  if (argc == 4 && (replays || g_strv_contains (moves, argv[1])) && is_number (argv[2], rule) && is_number (argv[3], version))
    return NULL;
  return _("say list, show RULE, save FILE.json, or test, draft, live, retire or replay RULE VERSION.");
}

int
oba_command_rule (ObaCommandContext *context, int argc, char **argv)
{
  g_auto (Options) options = { NULL };
  const GOptionEntry entries[] = {
    { "reason", 0, 0, G_OPTION_ARG_STRING, &options.reason, N_("Why the state changes"), N_("TEXT") },
    { "from", 0, 0, G_OPTION_ARG_STRING, &options.from, N_("First day of the receipts"), N_("DAY") },
    { "to", 0, 0, G_OPTION_ARG_STRING, &options.to, N_("Last day of the receipts"), N_("DAY") },
    { "by", 0, 0, G_OPTION_ARG_STRING, &options.by, N_("What came of it by day, week, store, customer or tier; who would stand in another tier"), "day|week|store|customer|tier|move" },
    { NULL },
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbConnection) connection = NULL;
  const char *problem;
  gint64 rule = 0, version = 0;
  int status;

  if (!oba_command_context_parse (context, "list | show | save | test | draft | live | retire | replay",
                                  _("list                    rules of earning with their versions, states and what they gave\n"
                                    "show RULE               one rule with its terms\n"
                                    "save FILE.json          writes a draft: {\"kind\", \"name\", \"parameters\"}, and \"rule_id\" for another version\n"
                                    "test|draft|live|retire RULE VERSION    takes a version to another state; a second person puts it live\n"
                                    "replay RULE VERSION     runs it over the receipts of some days: what it would have cost"),
                                  entries, OBA_COMMAND_USES_DATABASE | OBA_COMMAND_USES_FORMAT, &argc, &argv, &status))
    return status;
  problem = check (argc, argv, &options, &rule, &version);
  if (problem != NULL)
    return oba_command_context_usage (context, "%s", problem);
  connection = oba_command_context_connect (context, OBA_COMMAND_CURRENT_SCHEMA, &error);
  if (connection == NULL)
    return oba_command_context_fail (context, error);
  if (strcmp (argv[1], "save") == 0)
    return save (context, connection, argv[2]);
  if (strcmp (argv[1], "replay") == 0)
    return replay (context, connection, rule, version, &options);
  if (version != 0)
    return move (context, connection, rule, version, argv[1], options.reason);
  return list (context, connection, rule);
}
