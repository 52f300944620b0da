#include "oba-rule-replay.h"

#include "db/oba-db-sql.h"
#include "db/oba-db-transaction.h"

typedef struct
{
  ObaDbTransaction      *transaction;
  ObaDbResult           *parts;
  guint                  done;
  ObaDbParams           *params;
  ObaRuleReplayProgress  progress;
  gpointer               progress_data;
} Replay;

static void
replay_free (Replay *replay)
{
  g_clear_object (&replay->transaction);   /* which rolls it back */
  g_clear_pointer (&replay->parts, oba_db_result_unref);
  g_clear_pointer (&replay->params, oba_db_params_unref);
  g_free (replay);
}

static void run_part (GTask *task);

static void
query (GTask *task, const char *name, ObaDbParams *params, GAsyncReadyCallback callback)
{
  Replay *replay = g_task_get_task_data (task);

  oba_db_connection_query_async (oba_db_transaction_get_connection (replay->transaction), oba_db_sql (name), params, g_task_get_cancellable (task), callback, task);
}

/* The result of a query; NULL, and the task is over, when there is none. */
static ObaDbResult *
take_rows (GObject *connection, GAsyncResult *result, GTask *task)
{
  GError *error = NULL;
  ObaDbResult *rows = oba_db_connection_query_finish (OBA_DB_CONNECTION (connection), result, &error);

  if (rows == NULL)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
    }
  return rows;
}

static void
end_cb (GObject *connection, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaDbResult) rows = take_rows (connection, result, user_data);
  g_autoptr (GTask) task = rows != NULL ? user_data : NULL;
  g_autoptr (JsonNode) node = NULL;
  GError *error = NULL;

  if (rows == NULL)
    return;
  node = json_from_string (oba_db_result_get_text (rows, 0, 0), &error);
  if (node != NULL)
    g_task_return_pointer (task, json_node_dup_object (node), (GDestroyNotify) json_object_unref);
  else
    g_task_return_error (task, error);
}

static void
part_cb (GObject *connection, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaDbResult) rows = take_rows (connection, result, user_data);
  Replay *replay;

  if (rows == NULL)
    return;
  replay = g_task_get_task_data (user_data);
  replay->done++;
  run_part (user_data);
}

static void
run_part (GTask *task)
{
  Replay *replay = g_task_get_task_data (task);
  guint all = oba_db_result_get_n_rows (replay->parts);
  g_autoptr (ObaDbParams) days = NULL;

  if (replay->progress != NULL && !g_cancellable_is_cancelled (g_task_get_cancellable (task)))
    replay->progress (replay->done, all, replay->progress_data);
  if (replay->done == all)
    {
      query (task, "rules/replay-end.sql", NULL, end_cb);
      return;
    }
  days = oba_db_params_build ("tt", oba_db_result_get_text (replay->parts, replay->done, 0), oba_db_result_get_text (replay->parts, replay->done, 1));
  query (task, "rules/replay-chunk.sql", days, part_cb);
}

static void
parts_cb (GObject *connection, GAsyncResult *result, gpointer user_data)
{
  ObaDbResult *rows = take_rows (connection, result, user_data);

  if (rows == NULL)
    return;
  ((Replay *) g_task_get_task_data (user_data))->parts = rows;
  run_part (user_data);
}

static void
begun_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Replay *replay = g_task_get_task_data (task);
  GError *error = NULL;

  replay->transaction = oba_db_pool_begin_finish (OBA_DB_POOL (pool), result, &error);
  if (replay->transaction != NULL)
    {
      query (task, "rules/replay-begin.sql", replay->params, parts_cb);
      return;
    }
  g_task_return_error (task, error);
  g_object_unref (task);
}

void
oba_rule_replay_async (ObaDbPool *pool, gint64 rule_id, gint64 version, const GDate *from, const GDate *to, ObaRuleReplayProgress progress, gpointer progress_data,
                       GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (pool, cancellable, callback, user_data);
  Replay *replay = g_new0 (Replay, 1);
  char first[16], last[16];

  g_date_strftime (first, sizeof first, "%Y-%m-%d", from);
  g_date_strftime (last, sizeof last, "%Y-%m-%d", to);
  replay->params = oba_db_params_build ("iitt", rule_id, version, first, last);
  replay->progress = progress;
  replay->progress_data = progress_data;
  g_task_set_task_data (task, replay, (GDestroyNotify) replay_free);
  oba_db_pool_begin_async (pool, OBA_DB_READ_COMMITTED, cancellable, begun_cb, task);
}

JsonObject *
oba_rule_replay_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
