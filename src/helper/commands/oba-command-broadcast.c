#include "oba-config.h"
#include "oba-commands.h"

#include <string.h>
#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>

#include "oba-command-filter.h"

typedef struct
{
  char **filter;
  char *az;
  char *ru;
  char *en;
  char *button;
  char *url;
  char *at;
} Options;

static void
options_clear (Options *options)
{
  g_strfreev (options->filter);
  g_free (options->az);
  g_free (options->ru);
  g_free (options->en);
  g_free (options->button);
  g_free (options->url);
  g_free (options->at);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* ---- list */

enum { ID, NAME, STATE, START_AT, TOTAL, SENT, WAITING, UNDELIVERED, SKIPPED, DONE_AT, STARTED_BY };

static int
list (ObaCommandContext *context, ObaDbConnection *connection)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaTable) table = oba_table_new ();
  g_autoptr (ObaDbResult) rows = oba_command_context_query (context, connection, "telling/broadcasts.sql", NULL, &error);

  if (rows == NULL)
    return oba_command_context_fail (context, error);
  oba_table_add_column (table, "broadcast", _("Broadcast"), OBA_COLUMN_ID);
  oba_table_add_column (table, "name", _("Name"), OBA_COLUMN_TEXT);
  oba_table_add_column (table, "state", _("State"), OBA_COLUMN_TEXT);
  oba_table_add_column (table, "start_at", _("From"), OBA_COLUMN_TIME);
  oba_table_add_column (table, "total", _("Recipients"), OBA_COLUMN_INTEGER);
  oba_table_add_column (table, "sent", _("Sent"), OBA_COLUMN_INTEGER);
  oba_table_add_column (table, "waiting", _("Waiting"), OBA_COLUMN_INTEGER);
  oba_table_add_column (table, "undelivered", _("Not delivered"), OBA_COLUMN_INTEGER);
  oba_table_add_column (table, "skipped", _("Left out"), OBA_COLUMN_INTEGER);
  oba_table_add_column (table, "done_at", _("Done"), OBA_COLUMN_TIME);
  oba_table_add_column (table, "started_by", _("Started by"), OBA_COLUMN_TEXT);
  for (guint row = 0; row < oba_db_result_get_n_rows (rows); row++)
    {
      g_autoptr (GDateTime) start_at = oba_db_result_get_time (rows, row, START_AT), done_at = oba_db_result_get_time (rows, row, DONE_AT);

      oba_table_add_integer (table, oba_db_result_get_int64 (rows, row, ID));
      oba_table_add_text (table, oba_db_result_get_text (rows, row, NAME));
      oba_table_add_text (table, oba_db_result_get_text (rows, row, STATE));
      oba_table_add_time (table, start_at);
      for (guint column = TOTAL; column <= SKIPPED; column++)
        oba_table_add_integer (table, oba_db_result_get_int64 (rows, row, column));
      oba_table_add_time (table, done_at);
      oba_table_add_text (table, oba_db_result_get_text (rows, row, STARTED_BY));
    }
  return oba_command_context_print (context, table);
}

/* ---- one request, and its answer as a table: @columns: name and title of each number, null-ended */

static int
ask (ObaCommandContext *context, ObaDbConnection *connection, const char *query, JsonObject *request, const char *const *columns)
{
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), request);
  g_autofree char *text = json_to_string (node, FALSE);
  g_autoptr (ObaDbParams) params = oba_db_params_build ("t", text);
  g_autoptr (ObaTable) table = oba_table_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_command_context_query (context, connection, query, params, &error);
  g_autoptr (JsonNode) answer = rows != NULL ? json_from_string (oba_db_result_get_text (rows, 0, 0), &error) : NULL;

  if (answer == NULL)
    return oba_command_context_fail (context, error);
  oba_table_set_upright (table);
  for (guint i = 0; columns[i] != NULL; i += 2)
    oba_table_add_column (table, columns[i], g_dgettext (GETTEXT_PACKAGE, columns[i + 1]), OBA_COLUMN_INTEGER);
  for (guint i = 0; columns[i] != NULL; i += 2)
    oba_table_add_integer (table, json_object_get_int_member_with_default (json_node_get_object (answer), columns[i], 0));
  return oba_command_context_print (context, table);
}

static gboolean
set_filter (JsonObject *request, char **words, GError **error)
{
  ObaExportOptions options = { 0 };
  gboolean taken = words == NULL || oba_command_filter_take (&options, words, error);

  if (taken && options.filter != NULL)
    {
      g_autofree char *text = oba_customer_filter_to_json (options.filter);

      json_object_set_member (request, "filter", json_from_string (text, NULL));
    }
  g_clear_pointer (&options.filter, oba_customer_filter_free);
  return taken;
}

static void
set_text (JsonObject *object, const char *name, const char *text)
{
  if (text != NULL)
    json_object_set_string_member (object, name, text);
}

static int
make (ObaCommandContext *context, ObaDbConnection *connection, const char *name, const Options *options)
{
  static const char *const columns[] = { "broadcast_id", N_("Broadcast"), NULL };
  g_autoptr (JsonObject) request = json_object_new ();
  g_autoptr (GError) error = NULL;

  set_text (request, "name", name);
  set_text (request, "az", options->az);
  set_text (request, "ru", options->ru);
  set_text (request, "en", options->en);
  set_text (request, "start_at", options->at);
  if (options->button != NULL)
    {
      JsonObject *button = json_object_new ();

      set_text (button, "az", options->button);
      set_text (button, "url", options->url);
      json_object_set_object_member (request, "button", button);
    }
  if (!set_filter (request, options->filter, &error))
    return oba_command_context_usage (context, "%s", error->message);
  return ask (context, connection, "telling/save-broadcast.sql", request, columns);
}

static int
preview (ObaCommandContext *context, ObaDbConnection *connection, const Options *options)
{
  static const char *const columns[] = { "customers", N_("Customers"), "recipients", N_("Recipients"), "seconds", N_("Seconds"), NULL };
  g_autoptr (JsonObject) request = json_object_new ();
  g_autoptr (GError) error = NULL;

  if (!set_filter (request, options->filter, &error))
    return oba_command_context_usage (context, "%s", error->message);
  return ask (context, connection, "telling/preview-broadcast.sql", request, columns);
}

static int
move (ObaCommandContext *context, ObaDbConnection *connection, const char *what, gint64 broadcast)
{
  static const char *const columns[] = { "broadcast_id", N_("Broadcast"), "total", N_("Recipients"), NULL };
  g_autoptr (JsonObject) request = json_object_new ();

  json_object_set_int_member (request, "broadcast_id", broadcast);
  json_object_set_string_member (request, "what", what);
  return ask (context, connection, "telling/move-broadcast.sql", request, columns);
}

static int
try (ObaCommandContext *context, ObaDbConnection *connection, gint64 broadcast, gint64 customer)
{
  static const char *const columns[] = { "message_id", N_("Message"), NULL };
  g_autoptr (JsonObject) request = json_object_new ();

  json_object_set_int_member (request, "broadcast_id", broadcast);
  json_object_set_int_member (request, "customer_id", customer);
  return ask (context, connection, "telling/try-broadcast.sql", request, columns);
}

static gboolean
read_number (const char *text, gint64 *number)
{
  return text != NULL && g_ascii_string_to_signed (text, 10, 1, G_MAXINT64, number, NULL);
}

int
oba_command_broadcast (ObaCommandContext *context, int argc, char **argv)
{
  static const char *const moves[] = { "start", "pause", "resume", "cancel", NULL };
  g_auto (Options) options = { NULL };
  const GOptionEntry entries[] = {
    { "filter", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.filter, N_("Only customers whom this fits, as “export customers” takes it; may be given several times"), N_("FIELD=VALUE") },
    { "az", 0, 0, G_OPTION_ARG_STRING, &options.az, N_("What it says in Azerbaijani"), N_("TEXT") },
    { "ru", 0, 0, G_OPTION_ARG_STRING, &options.ru, N_("In Russian, if not the same"), N_("TEXT") },
    { "en", 0, 0, G_OPTION_ARG_STRING, &options.en, N_("In English, if not the same"), N_("TEXT") },
    { "button", 0, 0, G_OPTION_ARG_STRING, &options.button, N_("What a button under it says"), N_("TEXT") },
    { "url", 0, 0, G_OPTION_ARG_STRING, &options.url, N_("The https address that the button opens"), N_("URL") },
    { "at", 0, 0, G_OPTION_ARG_STRING, &options.at, N_("When it begins, once it is started, as “2026-12-01 10:00+04”; otherwise at once"), N_("TIME") },
    { NULL },
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbConnection) connection = NULL;
  const char *action, *word;
  gint64 broadcast = 0, customer = 0;
  gboolean fits;
  int status;

  if (!oba_command_context_parse (context, "list | preview | new NAME | test ID CUSTOMER | start ID | pause ID | resume ID | cancel ID",
                                  _("list      messages to many, how far they are and when they will be done\n"
                                    "preview   how many would get one\n"
                                    "new       write one down; nothing is sent before it is started\n"
                                    "test      send it to one customer who has the bot: yourself\n"
                                    "start, pause, resume, cancel"),
                                  entries, OBA_COMMAND_USES_DATABASE | OBA_COMMAND_USES_FORMAT, &argc, &argv, &status))
    return status;
  action = argc > 1 ? argv[1] : "";
  word = argc > 2 ? argv[2] : NULL;
  if (strcmp (action, "new") == 0)
    fits = argc == 3 && options.az != NULL && (options.button == NULL) == (options.url == NULL);
  else if (strcmp (action, "test") == 0)
    fits = argc == 4 && read_number (word, &broadcast) && read_number (argv[3], &customer);
  else if (g_strv_contains (moves, action))
    fits = argc == 3 && read_number (word, &broadcast);
  else
    fits = argc == 2 && (strcmp (action, "list") == 0 || strcmp (action, "preview") == 0);
  if (!fits)
    return oba_command_context_usage (context, "%s", _("say list, preview, new NAME --az TEXT, test ID CUSTOMER, or start, pause, resume or cancel with the number of a broadcast; a button has an address."));

  connection = oba_command_context_connect (context, OBA_COMMAND_CURRENT_SCHEMA, &error);
  if (connection == NULL)
    return oba_command_context_fail (context, error);
  if (strcmp (action, "list") == 0)
    return list (context, connection);
  if (strcmp (action, "preview") == 0)
    return preview (context, connection, &options);
  if (strcmp (action, "new") == 0)
    return make (context, connection, word, &options);
  if (strcmp (action, "test") == 0)
    return try (context, connection, broadcast, customer);
  return move (context, connection, action, broadcast);
}
