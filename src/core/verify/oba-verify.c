#include "oba-verify.h"

#include "db/oba-db-sql.h"

#define FOLDER "/az/oba/verify"

/* One snapshot for all; hash joins month by month instead of one of everything. A check reads all there is: where the planner expects one row
 * and ten thousand come, a nested loop would take for ever. */
#define BEGIN                                                                                                          \
  "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;"                                                                   \
  "SET LOCAL work_mem = '256MB'; SET LOCAL jit = off;"                                                                 \
  "SET LOCAL enable_partitionwise_join = on; SET LOCAL enable_partitionwise_aggregate = on;"                           \
  "SET LOCAL enable_nestloop = off"

typedef struct
{
  ObaDbConnection *connection;
  ObaVerifyProgress progress;
  gpointer progress_data;
  GStrv names;
  guint place;
  gint64 started_at;
  GPtrArray *invariants;
  GError *failure;
} Run;

static void
run_free (Run *run)
{
  g_clear_object (&run->connection);
  g_strfreev (run->names);
  g_ptr_array_unref (run->invariants);
  g_clear_error (&run->failure);
  g_free (run);
}

void
oba_invariant_free (ObaInvariant *self)
{
  g_free (self->name);
  g_free (self->title);
  g_ptr_array_unref (self->broken);
  g_free (self);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *) a, *(const char *const *) b);
}

static Run *
run_new (ObaDbConnection *connection, ObaVerifyProgress progress, gpointer progress_data)
{
  Run *run = g_new0 (Run, 1);

  run->connection = g_object_ref (connection);
  run->progress = progress;
  run->progress_data = progress_data;
  run->names = g_resources_enumerate_children (FOLDER, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_assert (run->names != NULL);
  qsort (run->names, g_strv_length (run->names), sizeof (char *), compare);
  run->invariants = g_ptr_array_new_with_free_func ((GDestroyNotify) oba_invariant_free);
  return run;
}

/* The title is the query's first line, a comment. */
static ObaInvariant *
invariant_new (const char *file, const char *sql)
{
  ObaInvariant *self = g_new0 (ObaInvariant, 1);

  self->name = g_strndup (file, strlen (file) - strlen (".sql"));
  g_assert (g_str_has_prefix (sql, "-- "));
  self->title = g_strndup (sql + 3, strcspn (sql + 3, "\n"));
  self->broken = g_ptr_array_new_with_free_func (g_free);
  return self;
}

/* Returns the next query, NULL when all are done. */
static char *
run_next (Run *run)
{
  const char *file = run->names[run->place];
  g_autofree char *path = NULL;
  ObaInvariant *invariant;

  if (file == NULL)
    return NULL;
  path = g_strconcat ("verify/", file, NULL);
  invariant = invariant_new (file, oba_db_sql (path));
  g_ptr_array_add (run->invariants, invariant);
  if (run->progress != NULL)
    run->progress (invariant->name, run->place, g_strv_length (run->names), run->progress_data);
  run->place++;
  run->started_at = g_get_monotonic_time ();
  return g_strdup_printf (
      "WITH broken (what) AS MATERIALIZED (\n%s\n) SELECT count (*) OVER (), what FROM broken LIMIT %d",
      oba_db_sql (path), OBA_VERIFY_MAX_SHOWN);
}

static void
run_take (Run *run, ObaDbResult *rows)
{
  ObaInvariant *invariant = g_ptr_array_index (run->invariants, run->invariants->len - 1);

  invariant->seconds = (double) (g_get_monotonic_time () - run->started_at) / G_USEC_PER_SEC;
  for (guint i = 0; i < oba_db_result_get_n_rows (rows); i++)
    {
      invariant->n_broken = oba_db_result_get_int64 (rows, i, 0);
      g_ptr_array_add (invariant->broken, g_strdup (oba_db_result_get_text (rows, i, 1)));
    }
}

static void
rolled_back_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Run *run = g_task_get_task_data (task);

  /* The snapshot changed nothing: how its end went does not matter, what was found does. */
  oba_db_connection_script_finish (OBA_DB_CONNECTION (source), result, NULL);
  if (run->failure != NULL)
    g_task_return_error (task, g_steal_pointer (&run->failure));
  else
    g_task_return_pointer (task, g_ptr_array_ref (run->invariants), (GDestroyNotify) g_ptr_array_unref);
}

static void
end (GTask *task)
{
  Run *run = g_task_get_task_data (task);

  oba_db_connection_script_async (run->connection, "ROLLBACK", NULL, rolled_back_cb, task);
}

static void ask (GTask *task);

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Run *run = g_task_get_task_data (task);
  g_autoptr (ObaDbResult) rows = oba_db_connection_query_finish (OBA_DB_CONNECTION (source), result, &run->failure);

  if (rows == NULL)
    {
      end (task);
      return;
    }
  run_take (run, rows);
  ask (task);
}

static void
ask (GTask *task)
{
  Run *run = g_task_get_task_data (task);
  g_autofree char *sql = run_next (run);

  if (sql != NULL)
    oba_db_connection_query_async (run->connection, sql, NULL, g_task_get_cancellable (task), answered_cb, task);
  else
    end (task);
}

static void
begun_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Run *run = g_task_get_task_data (task);

  if (oba_db_connection_script_finish (OBA_DB_CONNECTION (source), result, &run->failure))
    ask (task);
  else
    end (task);
}

void
oba_verify_run_async (ObaDbConnection *connection,
                      ObaVerifyProgress progress,
                      gpointer progress_data,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  GTask *task = g_task_new (connection, cancellable, callback, user_data);

  g_task_set_source_tag (task, oba_verify_run_async);
  g_task_set_task_data (task, run_new (connection, progress, progress_data), (GDestroyNotify) run_free);
  oba_db_connection_script_async (connection, BEGIN, cancellable, begun_cb, task);
}

GPtrArray *
oba_verify_run_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, oba_verify_run_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static gboolean
run_all (Run *run, GCancellable *cancellable, GError **error)
{
  char *sql;

  while ((sql = run_next (run)) != NULL)
    {
      g_autofree char *owned = sql;
      g_autoptr (ObaDbResult) rows = oba_db_connection_query_sync (run->connection, owned, NULL, cancellable, error);

      if (rows == NULL)
        return FALSE;
      run_take (run, rows);
    }
  return TRUE;
}

GPtrArray *
oba_verify_run_sync (ObaDbConnection *connection,
                     ObaVerifyProgress progress,
                     gpointer progress_data,
                     GCancellable *cancellable,
                     GError **error)
{
  GPtrArray *invariants = NULL;
  Run *run;

  if (!oba_db_connection_script_sync (connection, BEGIN, cancellable, error))
    return NULL;
  run = run_new (connection, progress, progress_data);
  if (run_all (run, cancellable, error))
    invariants = g_ptr_array_ref (run->invariants);
  oba_db_connection_script_sync (connection, "ROLLBACK", NULL, NULL);
  run_free (run);
  return invariants;
}

guint
oba_verify_count_broken (GPtrArray *invariants)
{
  guint n = 0;

  for (guint i = 0; i < invariants->len; i++)
    n += ((ObaInvariant *) g_ptr_array_index (invariants, i))->n_broken > 0;
  return n;
}
