#include "oba-config.h"
#include "oba-commands.h"

#include <string.h>
#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>

#include "base/oba-day.h"

typedef struct
{
  char *until;
  char *reason;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->until);
  g_free (options->reason);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* An amount of what the scheme counts: money, or points. */
static void
add_amount_column (ObaTable *table, const char *key, const char *title, gboolean points)
{
  oba_table_add_column (table, key, title, points ? OBA_COLUMN_INTEGER : OBA_COLUMN_MONEY);
}

/* ---- the scheme */

static int
list (ObaCommandContext *context, ObaDbConnection *connection)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaTable) table = oba_table_new ();
  g_autoptr (ObaDbResult) rows = oba_command_context_query (context, connection, "tiers/list.sql", NULL, &error);
  gboolean points;

  if (rows == NULL)
    return oba_command_context_fail (context, error);
  points = oba_db_result_get_n_rows (rows) > 0 && strcmp (oba_db_result_get_text (rows, 0, 2), "points") == 0;
  oba_table_add_column (table, "tier", _("Tier"), OBA_COLUMN_ID);
  oba_table_add_column (table, "name", _("Name"), OBA_COLUMN_TEXT);
  oba_table_add_column (table, "basis", _("Counts"), OBA_COLUMN_TEXT);
  add_amount_column (table, "threshold", _("From"), points);
  oba_table_add_column (table, "members", _("Members"), OBA_COLUMN_INTEGER);
  oba_table_add_column (table, "downgrade", _("Lost"), OBA_COLUMN_TEXT);
  oba_table_add_column (table, "grace_days", _("Days of grace"), OBA_COLUMN_INTEGER);
  oba_table_add_column (table, "version", _("Version"), OBA_COLUMN_ID);
  for (guint i = 0; i < oba_db_result_get_n_rows (rows); i++)
    {
      oba_table_add_integer (table, oba_db_result_get_int64 (rows, i, 0));
      oba_table_add_text (table, oba_db_result_get_text (rows, i, 1));
      oba_table_add_text (table, oba_db_result_get_text (rows, i, 2));
      oba_table_add_integer (table, oba_db_result_get_int64 (rows, i, 3));
      oba_table_add_integer (table, oba_db_result_get_int64 (rows, i, 4));
      oba_table_add_text (table, oba_db_result_get_text (rows, i, 5));
      oba_table_add_integer (table, oba_db_result_get_int64 (rows, i, 6));
      oba_table_add_integer (table, oba_db_result_get_int64 (rows, i, 7));
    }
  return oba_command_context_print (context, table);
}

/* As a file that what-if and live take, whatever the format. */
static int
scheme (ObaCommandContext *context, ObaDbConnection *connection)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_command_context_query (context, connection, "tiers/request.sql", NULL, &error);

  if (rows == NULL)
    return oba_command_context_fail (context, error);
  g_print ("%s\n", oba_db_result_get_text (rows, 0, 0));
  return 0;
}

static ObaDbResult *
ask_with_file (ObaCommandContext *context, ObaDbConnection *connection, const char *file, const char *sql, GError **error)
{
  g_autofree char *text = NULL;
  g_autoptr (ObaDbParams) params = NULL;

  if (!g_file_get_contents (file, &text, NULL, error))
    return NULL;
  params = oba_db_params_build ("t", text);
  return oba_command_context_query (context, connection, sql, params, error);
}

static int
what_if (ObaCommandContext *context, ObaDbConnection *connection, const char *file)
{
  static const char *const keys[] = { "up", "down", "falling" };
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaTable) table = oba_table_new ();
  g_autoptr (ObaDbResult) rows = ask_with_file (context, connection, file, "tiers/what-if.sql", &error);
  g_autoptr (JsonNode) node = rows != NULL ? json_from_string (oba_db_result_get_text (rows, 0, 0), &error) : NULL;

  if (node == NULL)
    return oba_command_context_fail (context, error);
  oba_table_set_upright (table);
  oba_table_add_column (table, "up", _("Customers who go up"), OBA_COLUMN_INTEGER);
  oba_table_add_column (table, "down", _("Customers who go down"), OBA_COLUMN_INTEGER);
  oba_table_add_column (table, "falling", _("Customers who keep a tier for the grace, or for good"), OBA_COLUMN_INTEGER);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    oba_table_add_integer (table, json_object_get_int_member (json_node_get_object (node), keys[i]));
  return oba_command_context_print (context, table);
}

static int
live (ObaCommandContext *context, ObaDbConnection *connection, const char *file)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = ask_with_file (context, connection, file, "tiers/save.sql", &error);

  return rows != NULL ? list (context, connection) : oba_command_context_fail (context, error);
}

/* ---- a customer */

static void
add_text_or_nothing (ObaTable *table, ObaDbResult *rows, guint column)
{
  oba_table_add_text (table, oba_db_result_is_null (rows, 0, column) ? NULL : oba_db_result_get_text (rows, 0, column));
}

static int
show (ObaCommandContext *context, ObaDbConnection *connection, gint64 customer)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaTable) table = oba_table_new ();
  g_autoptr (ObaDbParams) params = oba_db_params_build ("i", customer);
  g_autoptr (ObaDbResult) rows = oba_command_context_query (context, connection, "tiers/one.sql", params, &error);
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, customer);
  gboolean points;

  if (rows != NULL && oba_db_result_get_n_rows (rows) == 0)
    g_set_error (&error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _("There is no customer %s."), number);
  if (error != NULL)
    return oba_command_context_fail (context, error);
  points = strcmp (oba_db_result_get_text (rows, 0, 2), "points") == 0;
  oba_table_set_upright (table);
  oba_table_add_column (table, "tier", _("Tier"), OBA_COLUMN_TEXT);
  oba_table_add_column (table, "basis", _("Counts"), OBA_COLUMN_TEXT);
  add_amount_column (table, "amount", _("In twelve months"), points);
  oba_table_add_column (table, "next", _("Next tier"), OBA_COLUMN_TEXT);
  add_amount_column (table, "next_threshold", _("From"), points);
  oba_table_add_column (table, "below_since", _("No longer reached since"), OBA_COLUMN_TEXT);
  oba_table_add_column (table, "lost_on", _("Lost on"), OBA_COLUMN_TEXT);
  oba_table_add_column (table, "override", _("By hand"), OBA_COLUMN_TEXT);
  oba_table_add_column (table, "override_until", _("By hand until"), OBA_COLUMN_TEXT);
  oba_table_add_text (table, oba_db_result_get_text (rows, 0, 1));
  oba_table_add_text (table, oba_db_result_get_text (rows, 0, 2));
  oba_table_add_integer (table, oba_db_result_get_int64 (rows, 0, 3));
  add_text_or_nothing (table, rows, 4);
  if (oba_db_result_is_null (rows, 0, 5))
    oba_table_add_null (table);
  else
    oba_table_add_integer (table, oba_db_result_get_int64 (rows, 0, 5));
  for (guint column = 6; column <= 9; column++)
    add_text_or_nothing (table, rows, column);
  return oba_command_context_print (context, table);
}

static int
override (ObaCommandContext *context, ObaDbConnection *connection, gint64 customer, gint64 tier, const Options *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbParams) params = NULL;
  g_autoptr (ObaDbResult) rows = NULL;
  char until[16];
  GDate day;

  oba_day_parse (options->until, &day);   /* checked before */
  g_date_strftime (until, sizeof until, "%Y-%m-%d", &day);
  params = oba_db_params_build ("iitt", customer, tier, until, options->reason);
  rows = oba_command_context_query (context, connection, "tiers/override.sql", params, &error);
  return rows != NULL ? show (context, connection, customer) : oba_command_context_fail (context, error);
}

static int
end_override (ObaCommandContext *context, ObaDbConnection *connection, gint64 customer, const Options *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbParams) params = oba_db_params_build ("it", customer, options->reason);
  g_autoptr (ObaDbResult) rows = oba_command_context_query (context, connection, "tiers/end-override.sql", params, &error);

  return rows != NULL ? show (context, connection, customer) : oba_command_context_fail (context, error);
}

/* ---- the command */

static gboolean
is_number (const char *text, gint64 *number)
{
  return g_ascii_string_to_signed (text, 10, 1, G_MAXINT64, number, NULL);
}

/* Returns: what is wrong, a sentence; NULL: nothing */
static const char *
check (int argc, char **argv, const Options *options, gint64 *customer, gint64 *tier)
{
  gboolean gives = argc == 4 && strcmp (argv[1], "override") == 0, ends = argc == 3 && strcmp (argv[1], "end") == 0;
  GDate day;

  if (gives != (options->until != NULL) || (gives || ends) != (options->reason != NULL))
    return _("“override” takes --until and --reason, “end” takes --reason; nothing else takes them.");
  if (options->until != NULL && !oba_day_parse (options->until, &day))
    return _("a day is written like 2026-12-31.");
  if (argc == 2 && (strcmp (argv[1], "list") == 0 || strcmp (argv[1], "scheme") == 0))
    return NULL;
  if (argc == 3 && (strcmp (argv[1], "what-if") == 0 || strcmp (argv[1], "live") == 0))
    return NULL;
  if ((argc == 3 && strcmp (argv[1], "show") == 0 && is_number (argv[2], customer)) || (ends && is_number (argv[2], customer)))
    return NULL;
  if (gives && is_number (argv[2], customer) && is_number (argv[3], tier))
    return NULL;
  return _("say list, scheme, what-if FILE.json, live FILE.json, show CUSTOMER, override CUSTOMER TIER or end CUSTOMER.");
}

int
oba_command_tier (ObaCommandContext *context, int argc, char **argv)
{
  g_auto (Options) options = { NULL };
  const GOptionEntry entries[] = {
    { "until", 0, 0, G_OPTION_ARG_STRING, &options.until, N_("Last day of a tier by hand, as 2026-12-31"), N_("DAY") },
    { "reason", 0, 0, G_OPTION_ARG_STRING, &options.reason, N_("Why a tier is given by hand, or ended"), N_("TEXT") },
    { NULL },
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbConnection) connection = NULL;
  const char *problem;
  gint64 customer = 0, tier = 0;
  int status;

  if (!oba_command_context_parse (context, "list | scheme | what-if | live | show | override | end",
                                  _("list                    tiers with what they ask for and their members\n"
                                    "scheme                  the scheme as a file: change it, then what-if and live\n"
                                    "what-if FILE.json       who would go up or down today; changes nothing\n"
                                    "live FILE.json          puts a scheme live; a job carries it out\n"
                                    "show CUSTOMER           where a customer stands, and until when\n"
                                    "override CUSTOMER TIER  gives a tier by hand, with --until and --reason\n"
                                    "end CUSTOMER            ends what was given by hand, with --reason"),
                                  entries, OBA_COMMAND_USES_DATABASE | OBA_COMMAND_USES_FORMAT, &argc, &argv, &status))
    return status;
  problem = check (argc, argv, &options, &customer, &tier);
  if (problem != NULL)
    return oba_command_context_usage (context, "%s", problem);
  connection = oba_command_context_connect (context, OBA_COMMAND_CURRENT_SCHEMA, &error);
  if (connection == NULL)
    return oba_command_context_fail (context, error);
  if (strcmp (argv[1], "what-if") == 0)
    return what_if (context, connection, argv[2]);
  if (strcmp (argv[1], "live") == 0)
    return live (context, connection, argv[2]);
  if (strcmp (argv[1], "scheme") == 0)
    return scheme (context, connection);
  if (strcmp (argv[1], "override") == 0)
    return override (context, connection, customer, tier, &options);
  if (strcmp (argv[1], "end") == 0)
    return end_override (context, connection, customer, &options);
  return customer != 0 ? show (context, connection, customer) : list (context, connection);
}
