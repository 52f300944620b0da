#include "oba-telegram-house.h"

#include "db/oba-db-sql.h"
#include "http/oba-log.h"

typedef struct
{
  ObaDbPool         *pool;
  ObaTelegramWorker *worker; /* (nullable) */
} Asked;

static void
noted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_write_finish (OBA_DB_POOL (source), result, &error);

  if (rows == NULL)
    oba_log (OBA_LOG_WARNING, "telegram", "what", "name", "why", error->message, NULL);
}

static void
note (ObaDbPool *pool, const char *username)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("t", username);

  oba_db_pool_write_async (pool, oba_db_sql ("telegram/note-bot.sql"), params, NULL, noted, NULL);
}

static void
told (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Asked *asked = user_data;
  g_autoptr (ObaTelegramReply) reply = oba_telegram_client_call_finish (OBA_TELEGRAM_CLIENT (source), result);
  JsonNode *username = reply->outcome == OBA_TELEGRAM_SENT && reply->result != NULL && JSON_NODE_HOLDS_OBJECT (reply->result)
                           ? json_object_get_member (json_node_get_object (reply->result), "username") : NULL;

  if (username != NULL && JSON_NODE_HOLDS_VALUE (username) && json_node_get_value_type (username) == G_TYPE_STRING)
    {
      note (asked->pool, json_node_get_string (username));
      if (asked->worker != NULL)
        oba_telegram_worker_take_username (asked->worker, json_node_get_string (username));
    }
  else
    oba_log (OBA_LOG_WARNING, "telegram", "what", "getMe", "why", reply->problem != NULL ? reply->problem : "no name in the answer", NULL);
  g_object_unref (asked->pool);
  g_clear_object (&asked->worker);
  g_free (asked);
}

void
oba_telegram_house_ask (ObaTelegramClient *client, ObaDbPool *pool, ObaTelegramWorker *worker)
{
  Asked *asked = g_new0 (Asked, 1);
  g_autoptr (JsonNode) parameters = json_node_new (JSON_NODE_OBJECT);

  asked->pool = g_object_ref (pool);
  asked->worker = worker != NULL ? g_object_ref (worker) : NULL;
  json_node_take_object (parameters, json_object_new ());
  oba_telegram_client_call_async (client, "getMe", parameters, NULL, told, asked);
}
