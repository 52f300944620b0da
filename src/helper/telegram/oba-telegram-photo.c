#include "oba-telegram-photo.h"

#include "base/oba-error.h"
#include "db/oba-db-sql.h"
#include "http/oba-log.h"
#include "oba-telegram-picture.h"

#define METHOD "sendPhoto"

typedef struct
{
  ObaDbPool *pool;
  JsonNode *parameters;
  JsonObject *picture;
  char *shows; /* (nullable): @picture as text; NULL: it is never the same again */
} Photo;

static void
photo_free (gpointer data)
{
  Photo *photo = data;

  g_object_unref (photo->pool);
  json_node_unref (photo->parameters);
  json_object_unref (photo->picture);
  g_free (photo->shows);
  g_free (photo);
}

/* Remembering. */

/* Nothing is lost with it but the time of another upload. */
static void
kept (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_write_finish (OBA_DB_POOL (source), result, &error);

  if (rows == NULL)
    oba_log (OBA_LOG_INFO, "telegram", "what", "keep-file", "why", error->message, NULL);
}

static void
keep (Photo *photo, const char *file_id)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("tt", photo->shows, file_id);

  oba_db_pool_write_async (photo->pool, oba_db_sql ("telegram/keep-file.sql"), params, NULL, kept, NULL);
}

/* Of the sizes that Telegram made of it, the largest: {"photo": […, {"file_id"}]}. Returns: (nullable) (unowned) */
static const char *
find_file_id (const ObaTelegramReply *reply)
{
  JsonObject *message = reply->result != NULL && JSON_NODE_HOLDS_OBJECT (reply->result) ? json_node_get_object (reply->result) : NULL;
  JsonNode *sizes = message != NULL ? json_object_get_member (message, "photo") : NULL;
  guint n = sizes != NULL && JSON_NODE_HOLDS_ARRAY (sizes) ? json_array_get_length (json_node_get_array (sizes)) : 0;
  JsonNode *last = n > 0 ? json_array_get_element (json_node_get_array (sizes), n - 1) : NULL;
  JsonNode *id = last != NULL && JSON_NODE_HOLDS_OBJECT (last) ? json_object_get_member (json_node_get_object (last), "file_id") : NULL;

  return id != NULL && json_node_get_value_type (id) == G_TYPE_STRING ? json_node_get_string (id) : NULL;
}

/* Sending the picture itself. */

static void
uploaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Photo *photo = g_task_get_task_data (task);
  ObaTelegramReply *reply = oba_telegram_client_call_finish (OBA_TELEGRAM_CLIENT (source), result);
  const char *file_id = reply->outcome == OBA_TELEGRAM_SENT ? find_file_id (reply) : NULL;

  if (file_id != NULL && photo->shows != NULL)
    keep (photo, file_id);
  g_task_return_pointer (task, reply, (GDestroyNotify) oba_telegram_reply_free);
}

static void
made (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Photo *photo = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) picture = oba_telegram_picture_make_finish (result, &error);
  ObaTelegramReply *reply;

  if (picture != NULL)
    {
      oba_telegram_client_upload_async (g_task_get_source_object (task), METHOD, photo->parameters, "photo", "picture", "application/octet-stream", picture, NULL, uploaded,
                                        g_object_ref (task));
      return;
    }
  reply = g_new0 (ObaTelegramReply, 1);
  reply->outcome = g_error_matches (error, OBA_ERROR, OBA_ERROR_NOT_FOUND) ? OBA_TELEGRAM_FAILED : OBA_TELEGRAM_RETRY;
  reply->problem = g_strdup (error->message);
  g_task_return_pointer (task, reply, (GDestroyNotify) oba_telegram_reply_free);
}

static void
send_picture (GTask *task)
{
  Photo *photo = g_task_get_task_data (task);

  oba_telegram_picture_make_async (photo->pool, photo->picture, made, g_object_ref (task));
}

/* Sending it by its id. */

static void
sent_by_id (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Photo *photo = g_task_get_task_data (task);
  g_autoptr (ObaTelegramReply) reply = oba_telegram_client_call_finish (OBA_TELEGRAM_CLIENT (source), result);

  if (reply->outcome != OBA_TELEGRAM_FAILED)
    {
      g_task_return_pointer (task, g_steal_pointer (&reply), (GDestroyNotify) oba_telegram_reply_free);
      return;
    }
  /* Of another bot, or too old; or the words are wrong, then they will be the second time, too. */
  keep (photo, NULL);
  send_picture (task);
}

static void
found (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Photo *photo = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_write_finish (OBA_DB_POOL (source), result, &error);
  JsonObject *parameters = json_node_get_object (photo->parameters);

  if (rows == NULL)
    oba_log (OBA_LOG_INFO, "telegram", "what", "find-file", "why", error->message, NULL);
  if (rows == NULL || oba_db_result_get_n_rows (rows) == 0 || oba_db_result_is_null (rows, 0, 0))
    {
      send_picture (task);
      return;
    }
  json_object_set_string_member (parameters, "photo", oba_db_result_get_text (rows, 0, 0));
  oba_telegram_client_call_async (g_task_get_source_object (task), METHOD, photo->parameters, NULL, sent_by_id, g_object_ref (task));
  json_object_remove_member (parameters, "photo"); /* the call is written down; what follows it may be a file */
}

static char *
json_text (JsonObject *object)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);

  json_node_set_object (node, object);
  return json_to_string (node, FALSE);
}

void
oba_telegram_photo_send_async (ObaDbPool *pool, ObaTelegramClient *client, JsonNode *parameters, JsonObject *picture, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (client, NULL, callback, user_data);
  Photo *photo = g_new0 (Photo, 1);
  g_autoptr (ObaDbParams) params = NULL;

  photo->pool = g_object_ref (pool);
  photo->parameters = json_node_ref (parameters);
  photo->picture = json_object_ref (picture);
  photo->shows = oba_telegram_picture_is_lasting (picture) ? json_text (picture) : NULL;
  g_task_set_task_data (task, photo, photo_free);
  if (photo->shows == NULL)
    {
      send_picture (task);
      return;
    }
  params = oba_db_params_build ("t", photo->shows);
  oba_db_pool_write_async (pool, oba_db_sql ("telegram/find-file.sql"), params, NULL, found, g_steal_pointer (&task));
}
