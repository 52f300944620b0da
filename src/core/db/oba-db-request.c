#include "oba-db-request.h"

#include "oba-db-error-private.h"
#include "oba-db-pool-private.h"

#include <string.h>

/* A request that takes the server down with it must not do so for ever. */
#define MAX_LOSSES 8
#define MAX_CLASHES 5
/* In times of the pool's own. */
#define PATIENCE 4

typedef struct
{
  char *sql;
  ObaDbParams *params;
  gint64 deadline; /* monotonic */
  guint n_losses;
  guint n_clashes;
} Request;

static void
request_free (Request *request)
{
  g_free (request->sql);
  oba_db_params_unref (request->params);
  g_free (request);
}

static gboolean
is_name (const char *action)
{
  return *action != '\0' && action[strspn (action, "abcdefghijklmnopqrstuvwxyz_")] == '\0';
}

/* Lost, it may have been done or not; the key makes it one and the same. The database rolled back what clashed with
 * others. */
static gboolean
may_replay (ObaDbPool *pool, Request *request, const GError *error)
{
  if (pool->is_closed)
    return FALSE;
  if (g_error_matches (error, OBA_DB_ERROR, OBA_DB_ERROR_LOST))
    return ++request->n_losses < MAX_LOSSES && g_get_monotonic_time () < request->deadline;
  if (g_error_matches (error, OBA_DB_ERROR, OBA_DB_ERROR_CONNECT))
    return request->n_losses > 0 && g_get_monotonic_time () < request->deadline;
  if (g_error_matches (error, OBA_DB_ERROR, OBA_DB_ERROR_SERIALIZATION) ||
      g_str_equal (oba_db_error_get_sqlstate (error), "23505"))
    return ++request->n_clashes < MAX_CLASHES;
  return FALSE;
}

static const char *
get_member (JsonObject *object, const char *name)
{
  return json_object_get_string_member_with_default (object, name, "");
}

static GError *
refusal_of (JsonObject *answer)
{
  return oba_db_error_new_refused (get_member (answer, "code"), get_member (answer, "message"),
                                   get_member (answer, "hint"), get_member (answer, "detail"));
}

static JsonObject *
read_answer (ObaDbResult *rows, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonNode *root;
  JsonObject *answer;

  if (oba_db_result_get_n_rows (rows) != 1 ||
      !json_parser_load_from_data (parser, oba_db_result_get_text (rows, 0, 0), -1, NULL) ||
      (root = json_parser_get_root (parser)) == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    {
      g_set_error_literal (error, OBA_DB_ERROR, OBA_DB_ERROR_RESULT, "the answer is not a JSON object");
      return NULL;
    }
  answer = json_node_get_object (root);
  if (json_object_get_boolean_member_with_default (answer, "refused", FALSE))
    {
      g_propagate_error (error, refusal_of (answer));
      return NULL;
    }
  return json_object_ref (answer);
}

/* @error: (transfer full) */
static void
fail (GTask *task, const Request *request, GError *error)
{
  if (g_error_matches (error, OBA_DB_ERROR, OBA_DB_ERROR_RULE))
    {
      g_task_return_error (task,
                           oba_db_error_new_refused (oba_db_error_get_sqlstate (error), error->message,
                                                     oba_db_error_get_hint (error), oba_db_error_get_detail (error)));
      g_error_free (error);
      return;
    }
  /* It went out once: whether it was done is not known, though the last try did not even reach the server. */
  if (request->n_losses > 0 && g_error_matches (error, OBA_DB_ERROR, OBA_DB_ERROR_CONNECT))
    error->code = OBA_DB_ERROR_LOST;
  g_task_return_error (task, error);
}

static void send_request (GTask *task);

static void
on_written (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Request *request = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_write_finish (OBA_DB_POOL (source), result, &error);
  JsonObject *answer;

  if (rows == NULL && may_replay (OBA_DB_POOL (source), request, error))
    {
      g_error_free (error);
      send_request (g_steal_pointer (&task));
      return;
    }
  answer = rows != NULL ? read_answer (rows, &error) : NULL;
  if (answer != NULL)
    g_task_return_pointer (task, answer, (GDestroyNotify) json_object_unref);
  else
    fail (task, request, error);
}

/* @task: (transfer full) */
static void
send_request (GTask *task)
{
  Request *request = g_task_get_task_data (task);

  oba_db_pool_write_async (g_task_get_source_object (task), request->sql, request->params,
                           g_task_get_cancellable (task), on_written, task);
}

void
oba_db_request_async (ObaDbPool *pool,
                      const char *action,
                      JsonNode *request,
                      const char *key,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_autofree char *text = NULL;
  GTask *task;
  Request *data;

  g_return_if_fail (OBA_IS_DB_POOL (pool) && request != NULL && key != NULL && *key != '\0');
  g_return_if_fail (action != NULL && is_name (action));

  task = g_task_new (pool, cancellable, callback, user_data);
  g_task_set_source_tag (task, oba_db_request_async);
  /* The answer of what was done is told, cancelled or not. */
  g_task_set_check_cancellable (task, FALSE);
  text = json_to_string (request, FALSE);
  data = g_new0 (Request, 1);
  data->sql = g_strdup_printf ("SELECT oba.%s ($1::jsonb, 'app:' || session_user, $2)", action);
  data->params = oba_db_params_build ("tt", text, key);
  data->deadline = g_get_monotonic_time () + (gint64) pool->patience_ms * PATIENCE * 1000;
  g_task_set_task_data (task, data, (GDestroyNotify) request_free);
  send_request (task);
}

JsonObject *
oba_db_request_finish (ObaDbPool *pool, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, pool), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

char *
oba_db_request_new_key (void)
{
  return g_uuid_string_random ();
}

gboolean
oba_db_error_is_refusal (const GError *error, const char *code)
{
  return error != NULL && g_str_equal (oba_db_error_get_sqlstate (error), code);
}
