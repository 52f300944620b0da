#include "oba-config.h"
#include "oba-commands.h"

#include <stdio.h>
#include <string.h>
#include <glib/gi18n-lib.h>

#include "base/oba-error.h"
#include "telegram/oba-telegram-settings.h"
#include "telegram/oba-telegram-update.h"

#define MAX_CONNECTIONS 40 /* at a time, of Telegram's; each is answered within milliseconds */

typedef struct
{
  GMainLoop *loop;
  ObaTelegramReply *reply;
} Waiting;

static void
answered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Waiting *waiting = user_data;

  waiting->reply = oba_telegram_client_call_finish (OBA_TELEGRAM_CLIENT (source), result);
  g_main_loop_quit (waiting->loop);
}

/* Returns: (transfer full) (nullable): NULL with @error: Telegram said no, or nothing */
static ObaTelegramReply *
call (ObaCommandContext *context, const ObaTelegramSettings *settings, const char *method, JsonObject *parameters, GError **error)
{
  g_autoptr (ObaTelegramClient) client = oba_telegram_settings_new_client (settings);
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), parameters);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Waiting waiting = { loop, NULL };

  oba_telegram_client_call_async (client, method, node, oba_command_context_get_cancellable (context), answered, &waiting);
  g_main_loop_run (loop);
  if (waiting.reply->outcome == OBA_TELEGRAM_SENT)
    return waiting.reply;
  g_set_error (error, OBA_ERROR, OBA_ERROR_UNAVAILABLE, _("Telegram did not do it: %s"), waiting.reply->problem);
  oba_telegram_reply_free (waiting.reply);
  return NULL;
}

/* Telegram calls ports 443, 80, 88 and 8443 only, by https; a Bot API server of one's own may take anything. */
static gboolean
is_address (const char *url)
{
  return (g_str_has_prefix (url, "https://") || g_str_has_prefix (url, "http://")) && g_uri_is_valid (url, G_URI_FLAGS_NONE, NULL);
}

static int
set (ObaCommandContext *context, const ObaTelegramSettings *settings, const char *url)
{
  g_autoptr (JsonObject) parameters = json_object_new ();
  g_autoptr (ObaTelegramReply) reply = NULL;
  g_autoptr (GError) error = NULL;

  if (!is_address (url))
    return oba_command_context_usage (context, _("“%s” is not an https address."), url);
  if (settings->secret == NULL)
    {
      g_set_error_literal (&error, OBA_ERROR, OBA_ERROR_CONFIGURATION,
                           _("There is no secret: [telegram] secret_file names its file. Without it anybody could pretend to be Telegram."));
      return oba_command_context_fail (context, error);
    }
  json_object_set_string_member (parameters, "url", url);
  json_object_set_string_member (parameters, "secret_token", settings->secret);
  json_object_set_array_member (parameters, "allowed_updates", oba_telegram_update_kinds ());
  json_object_set_int_member (parameters, "max_connections", MAX_CONNECTIONS);
  reply = call (context, settings, "setWebhook", parameters, &error);
  if (reply == NULL)
    return oba_command_context_fail (context, error);
  printf (_("Telegram sends updates to %s from now on."), url);
  putchar ('\n');
  if (settings->polling)
    fprintf (stderr, "%s\n", _("The configuration says transport=polling, which does not work beside a webhook: change it to webhook."));
  return OBA_EXIT_DONE;
}

static int
delete (ObaCommandContext *context, const ObaTelegramSettings *settings)
{
  g_autoptr (JsonObject) parameters = json_object_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaTelegramReply) reply = NULL;

  json_object_set_boolean_member (parameters, "drop_pending_updates", FALSE);
  reply = call (context, settings, "deleteWebhook", parameters, &error);
  if (reply == NULL)
    return oba_command_context_fail (context, error);
  puts (_("Telegram keeps updates until they are asked for (transport=polling) or a webhook is set again."));
  return OBA_EXIT_DONE;
}

static const char *
get_text (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_STRING && *json_node_get_string (node) != '\0' ? json_node_get_string (node) : NULL;
}

static void
add_count (ObaTable *table, JsonObject *object, const char *name)
{
  oba_table_add_integer (table, json_object_get_int_member_with_default (object, name, 0));
}

static int
info (ObaCommandContext *context, const ObaTelegramSettings *settings)
{
  g_autoptr (JsonObject) parameters = json_object_new ();
  g_autoptr (ObaTable) table = oba_table_new ();
  g_autoptr (GDateTime) failed_at = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaTelegramReply) reply = call (context, settings, "getWebhookInfo", parameters, &error);
  JsonObject *object;
  gint64 date;

  if (reply != NULL && !JSON_NODE_HOLDS_OBJECT (reply->result))
    g_set_error_literal (&error, OBA_ERROR, OBA_ERROR_UNAVAILABLE, _("Telegram's answer cannot be read."));
  if (error != NULL)
    return oba_command_context_fail (context, error);
  object = json_node_get_object (reply->result);
  date = json_object_get_int_member_with_default (object, "last_error_date", 0);
  failed_at = date > 0 ? g_date_time_new_from_unix_local (date) : NULL;
  oba_table_set_upright (table);
  oba_table_add_column (table, "url", _("Address"), OBA_COLUMN_TEXT);
  oba_table_add_column (table, "pending", _("Waiting updates"), OBA_COLUMN_INTEGER);
  oba_table_add_column (table, "max_connections", _("Connections at a time"), OBA_COLUMN_INTEGER);
  oba_table_add_column (table, "last_error_at", _("Last failure"), OBA_COLUMN_TIME);
  oba_table_add_column (table, "last_error", _("Why"), OBA_COLUMN_TEXT);
  oba_table_add_text (table, get_text (object, "url"));
  add_count (table, object, "pending_update_count");
  add_count (table, object, "max_connections");
  oba_table_add_time (table, failed_at);
  oba_table_add_text (table, get_text (object, "last_error_message"));
  return oba_command_context_print (context, table);
}

int
oba_command_webhook (ObaCommandContext *context, int argc, char **argv)
{
  g_autoptr (ObaTelegramSettings) settings = NULL;
  g_autoptr (GError) error = NULL;
  ObaConfigFile *config;
  const char *action;
  int status;

  if (!oba_command_context_parse (context, "set URL | info | delete",
                                  _("set      let Telegram send updates to this https address, which nginx passes on to “oba-helper serve”\n"
                                    "info     show what Telegram knows of it, and the last failure\n"
                                    "delete   let Telegram keep updates until they are asked for"),
                                  NULL, OBA_COMMAND_USES_FORMAT, &argc, &argv, &status))
    return status;
  action = argc > 1 ? argv[1] : "";
  if (strcmp (action, "set") != 0 && strcmp (action, "info") != 0 && strcmp (action, "delete") != 0)
    return oba_command_context_usage (context, "%s", _("say set, info or delete."));
  if (argc != (strcmp (action, "set") == 0 ? 3 : 2))
    return oba_command_context_usage (context, _("“%s” takes another number of words."), action);

  config = oba_command_context_get_config (context, &error);
  settings = config != NULL ? oba_telegram_settings_load (config, &error) : NULL;
  if (settings != NULL && settings->token == NULL)
    g_set_error_literal (&error, OBA_ERROR, OBA_ERROR_CONFIGURATION, _("There is no token of a bot: [telegram] token_file names its file."));
  if (error != NULL)
    return oba_command_context_fail (context, error);
  return strcmp (action, "set") == 0 ? set (context, settings, argv[2]) : strcmp (action, "info") == 0 ? info (context, settings) : delete (context, settings);
}
