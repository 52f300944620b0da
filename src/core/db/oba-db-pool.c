#include "oba-db-pool-private.h"

#include "oba-db-error-private.h"

/* Statements in one connection's pipeline; what is more waits here, where it can still go to another one. */
#define MAX_DEPTH 32
/* A statement that takes the server down with it must not do so for ever. */
#define MAX_ATTEMPTS 4
#define PATIENCE_MS 30000
/* A statement that has not answered for this long is a slow one. */
#define FRESH_US 20000

enum
{
  PROP_STATE = 1,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (ObaDbPool, oba_db_pool, G_TYPE_OBJECT)

/* Requests */

static void
request_free (ObaDbRequest *request)
{
  if (request->cancelled_id != 0)
    oba_db_watch_remove_cancellable (g_task_get_cancellable (request->task), request->cancelled_id);
  g_clear_object (&request->task);
  g_clear_pointer (&request->params, oba_db_params_unref);
  g_free (request->sql);
  g_free (request);
}

GTask *
oba_db_request_close (ObaDbRequest *request)
{
  GTask *task = g_object_ref (request->task);

  request_free (request);
  return task;
}

void
oba_db_request_fail (ObaDbRequest *request, GError *error)
{
  g_autoptr (GTask) task = oba_db_request_close (request);
  g_task_return_error (task, error);
}

static GError *
closed_error (void)
{
  return g_error_new_literal (OBA_DB_ERROR, OBA_DB_ERROR_LOST, "the connection is closed");
}

/* @task: (transfer full). Returns: (transfer full) (nullable): NULL when it is answered already */
static ObaDbRequest *
new_request (ObaDbPool *self, ObaDbRequestKind kind, GTask *task, const char *sql, ObaDbParams *params)
{
  ObaDbRequest *request;

  if (g_task_return_error_if_cancelled (task))
    {
      g_object_unref (task);
      return NULL;
    }
  if (self->is_closed)
    {
      g_task_return_error (task, closed_error ());
      g_object_unref (task);
      return NULL;
    }
  /* A connection that was given must be given back, cancelled or not; and what a statement did is told. */
  g_task_set_check_cancellable (task, FALSE);
  request = g_new0 (ObaDbRequest, 1);
  request->kind = kind;
  request->task = task;
  request->sql = g_strdup (sql);
  request->params = params != NULL ? oba_db_params_ref (params) : NULL;
  request->serial = ++self->serial;
  request->deadline = g_get_monotonic_time () + (gint64) self->patience_ms * 1000;
  request->cancelled_id = oba_db_watch_add_cancellable (self->watch, g_task_get_cancellable (task));
  return request;
}

static void
push_request (ObaDbPool *self, ObaDbRequestKind kind, GTask *task, const char *sql, ObaDbParams *params)
{
  ObaDbRequest *request = new_request (self, kind, task, sql, params);

  if (request == NULL)
    return;
  g_queue_push_tail (&self->requests, request);
  oba_db_watch_wake (self->watch);
}

static int
compare_serials (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const ObaDbRequest *one = a;
  const ObaDbRequest *other = b;

  return one->serial < other->serial ? -1 : one->serial > other->serial;
}

static void
drop_cancelled (GQueue *requests)
{
  GQueue cancelled = G_QUEUE_INIT;
  ObaDbRequest *request;
  GList *next;

  for (GList *link = requests->head; link != NULL; link = next)
    {
      next = link->next;
      request = link->data;
      if (!g_cancellable_is_cancelled (g_task_get_cancellable (request->task)))
        continue;
      g_queue_unlink (requests, link);
      g_queue_push_tail_link (&cancelled, link);
    }
  while ((request = g_queue_pop_head (&cancelled)) != NULL)
    oba_db_request_fail (request, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled"));
}

/* Running */

typedef struct
{
  ObaDbPool *pool;
  ObaDbRequest *request;
} Running;

static gboolean
may_retry (ObaDbPool *self, ObaDbRequest *request, const GError *error)
{
  return request->kind != OBA_DB_REQUEST_WRITE && !self->is_closed &&
         g_error_matches (error, OBA_DB_ERROR, OBA_DB_ERROR_LOST) && request->attempts < MAX_ATTEMPTS &&
         g_get_monotonic_time () < request->deadline;
}

static void
on_statement_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ObaDbConnection *connection = OBA_DB_CONNECTION (source);
  Running *running = user_data;
  g_autoptr (ObaDbPool) self = running->pool;
  ObaDbRequest *request = running->request;
  ObaDbSlot *slot = oba_db_pool_find_slot (self, connection);
  gboolean is_ids = request->kind == OBA_DB_REQUEST_READ_IDS;
  GError *error = NULL;
  g_autoptr (GTask) task = NULL;
  gpointer value;

  g_free (running);
  value = is_ids ? (gpointer) oba_db_connection_query_ids_finish (connection, result, &error)
                 : (gpointer) oba_db_connection_query_finish (connection, result, &error);
  if (slot != NULL)
    {
      slot->n_running--;
      slot->progress_at = g_get_monotonic_time ();
    }
  if (!g_queue_is_empty (&self->requests))
    oba_db_watch_wake (self->watch);
  if (error != NULL && may_retry (self, request, error))
    {
      g_error_free (error);
      g_queue_insert_sorted (&self->requests, request, compare_serials, NULL);
      oba_db_watch_wake (self->watch);
      return;
    }
  task = oba_db_request_close (request);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, value, is_ids ? (GDestroyNotify) g_array_unref : (GDestroyNotify) oba_db_result_unref);
}

static void
run_statement (ObaDbPool *self, ObaDbSlot *slot, ObaDbRequest *request)
{
  GCancellable *cancellable = g_task_get_cancellable (request->task);
  Running *running = g_new (Running, 1);

  running->pool = g_object_ref (self);
  running->request = request;
  if (slot->n_running++ == 0)
    slot->progress_at = request->kind == OBA_DB_REQUEST_READ_IDS ? 0 : g_get_monotonic_time ();
  request->attempts++;
  switch (request->kind)
    {
    case OBA_DB_REQUEST_READ_IDS:
      oba_db_connection_query_ids_async (slot->connection, request->sql, request->params, cancellable,
                                         on_statement_done, running);
      break;
    case OBA_DB_REQUEST_WRITE:
      oba_db_connection_query_async (slot->connection, request->sql, request->params, cancellable, on_statement_done,
                                     running);
      break;
    case OBA_DB_REQUEST_READ:
    case OBA_DB_REQUEST_ACQUIRE:
    case OBA_DB_REQUEST_START:
    default:
      oba_db_connection_read_async (slot->connection, request->sql, request->params, cancellable, on_statement_done,
                                    running);
      break;
    }
}

static gboolean
is_better (const ObaDbSlot *slot, const ObaDbSlot *best)
{
  if (best == NULL || slot->n_running != best->n_running)
    return best == NULL || slot->n_running < best->n_running;
  return slot->progress_at > best->progress_at;
}

/* @since: only those that are idle or have answered something after this moment */
static ObaDbSlot *
find_least_loaded (ObaDbPool *self, gint64 since)
{
  ObaDbSlot *best = NULL;

  for (guint i = 0; i < self->slots->len; i++)
    {
      ObaDbSlot *slot = g_ptr_array_index (self->slots, i);

      if (!slot->is_exclusive && !slot->is_reserved && oba_db_connection_is_open (slot->connection) &&
          (slot->n_running == 0 || slot->progress_at >= since) && is_better (slot, best))
        best = slot;
    }
  return best;
}

/* For what has to have a connection to itself, or ought not to stand behind others: a transaction, a write, a long
 * vector of ids. */
static gboolean
give_connection (ObaDbPool *self, ObaDbRequest *request)
{
  ObaDbSlot *slot = find_least_loaded (self, 0);
  g_autoptr (GTask) task = NULL;

  if (slot == NULL)
    return FALSE;
  if (slot->n_running > 0)
    {
      /* Nothing new goes to this one; when it has drained, its turn has come. */
      slot->is_reserved = TRUE;
      return FALSE;
    }
  if (request->kind != OBA_DB_REQUEST_ACQUIRE)
    {
      run_statement (self, slot, request);
      return TRUE;
    }
  slot->is_exclusive = TRUE;
  task = oba_db_request_close (request);
  g_task_return_pointer (task, g_object_ref (slot->connection), g_object_unref);
  return TRUE;
}

/* Reads share a pipeline when every connection is at work, but none is put behind a statement that takes long. */
static gboolean
give_read (ObaDbPool *self, ObaDbRequest *request)
{
  ObaDbSlot *slot = find_least_loaded (self, g_get_monotonic_time () - FRESH_US);

  if (slot == NULL || slot->n_running >= MAX_DEPTH || (slot->n_running > 0 && oba_db_pool_may_grow (self)))
    return FALSE;
  run_statement (self, slot, request);
  return TRUE;
}

static void
append_all (GQueue *queue, GQueue *more)
{
  while (!g_queue_is_empty (more))
    g_queue_push_tail_link (queue, g_queue_pop_head_link (more));
}

/* First come, first served: those that want a connection alone reserve one, reads behind them go to the others. */
static void
serve_requests (ObaDbPool *self)
{
  GQueue requests = self->requests;
  GQueue kept = G_QUEUE_INIT;
  GList *link;

  g_queue_init (&self->requests);
  for (guint i = 0; i < self->slots->len; i++)
    ((ObaDbSlot *) g_ptr_array_index (self->slots, i))->is_reserved = FALSE;

  while ((link = g_queue_pop_head_link (&requests)) != NULL)
    {
      ObaDbRequest *request = link->data;
      gboolean is_read = request->kind == OBA_DB_REQUEST_READ;

      if (is_read ? give_read (self, request) : give_connection (self, request))
        {
          g_list_free_1 (link);
          continue;
        }
      g_queue_push_tail_link (&kept, link);
      if (is_read)
        break;
    }
  /* Callbacks may have asked for more, or have closed the pool. */
  append_all (&kept, &requests);
  append_all (&kept, &self->requests);
  self->requests = kept;
}

static void
fail_all (ObaDbPool *self)
{
  ObaDbRequest *request;

  while ((request = g_queue_pop_head (&self->requests)) != NULL || (request = g_queue_pop_head (&self->starts)) != NULL)
    oba_db_request_fail (request, closed_error ());
}

void
oba_db_pool_schedule (ObaDbPool *self)
{
  serve_requests (self);
  if (self->is_closed)
    {
      fail_all (self);
      return;
    }
  while (self->requests.length > self->n_connecting || (self->was_online && self->slots->len + self->n_connecting == 0))
    if (!oba_db_pool_connect (self))
      break;
  oba_db_pool_update_state (self);
  oba_db_pool_update_timer (self);
}

static void
on_wake (gpointer user_data, GIOCondition condition)
{
  g_autoptr (ObaDbPool) self = g_object_ref (user_data);

  drop_cancelled (&self->requests);
  drop_cancelled (&self->starts);
  oba_db_pool_schedule (self);
}

/* The object */

/**
 * oba_db_pool_new:
 * @max_connections: at least 1
 *
 * Nothing is opened before it is needed. The pool works in the thread-default main context of its maker.
 */
ObaDbPool *
oba_db_pool_new (const char *conninfo, guint max_connections, ObaDbConnectionFlags flags)
{
  ObaDbPool *self = g_object_new (OBA_TYPE_DB_POOL, NULL);

  self->conninfo = g_strdup (conninfo != NULL ? conninfo : "");
  self->max_connections = MAX (1, max_connections);
  self->flags = flags;
  return self;
}

/**
 * oba_db_pool_close:
 *
 * Ends all connections now, those that were given out too; whoever waits fails with OBA_DB_ERROR_LOST.
 */
void
oba_db_pool_close (ObaDbPool *self)
{
  g_autoptr (GPtrArray) slots = NULL;

  g_return_if_fail (OBA_IS_DB_POOL (self));
  if (self->is_closed)
    return;

  self->is_closed = TRUE;
  self->was_online = FALSE;
  g_cancellable_cancel (self->closing);
  slots = g_steal_pointer (&self->slots);
  self->slots = g_ptr_array_new_with_free_func ((GDestroyNotify) oba_db_slot_free);
  for (guint i = 0; i < slots->len; i++)
    oba_db_connection_close (((ObaDbSlot *) g_ptr_array_index (slots, i))->connection);
  fail_all (self);
  oba_db_pool_update_timer (self);
  oba_db_pool_update_state (self);
}

static void
oba_db_pool_dispose (GObject *object)
{
  oba_db_pool_close (OBA_DB_POOL (object));
  G_OBJECT_CLASS (oba_db_pool_parent_class)->dispose (object);
}

static void
oba_db_pool_finalize (GObject *object)
{
  ObaDbPool *self = OBA_DB_POOL (object);

  oba_db_watch_free (self->watch);
  g_ptr_array_unref (self->slots);
  g_object_unref (self->closing);
  g_clear_error (&self->last_error);
  g_free (self->conninfo);
  G_OBJECT_CLASS (oba_db_pool_parent_class)->finalize (object);
}

static void
oba_db_pool_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  ObaDbPool *self = OBA_DB_POOL (object);

  if (id == PROP_STATE)
    g_value_set_uint (value, self->state);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
oba_db_pool_class_init (ObaDbPoolClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = oba_db_pool_dispose;
  object_class->finalize = oba_db_pool_finalize;
  object_class->get_property = oba_db_pool_get_property;

  /** ObaDbPool:state: an ObaDbPoolState */
  props[PROP_STATE] = g_param_spec_uint ("state", NULL, NULL, 0, OBA_DB_POOL_ONLINE, OBA_DB_POOL_OFFLINE,
                                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
oba_db_pool_init (ObaDbPool *self)
{
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();

  self->slots = g_ptr_array_new_with_free_func ((GDestroyNotify) oba_db_slot_free);
  self->closing = g_cancellable_new ();
  self->patience_ms = PATIENCE_MS;
  g_queue_init (&self->requests);
  g_queue_init (&self->starts);
  self->watch = oba_db_watch_new (on_wake, self);
  oba_db_watch_attach (self->watch, context);
}

const char *
oba_db_pool_get_conninfo (ObaDbPool *self)
{
  return self->conninfo;
}

ObaDbPoolState
oba_db_pool_get_state (ObaDbPool *self)
{
  return self->state;
}

guint
oba_db_pool_get_n_connections (ObaDbPool *self)
{
  guint n = 0;

  for (guint i = 0; i < self->slots->len; i++)
    n += oba_db_connection_is_open (((ObaDbSlot *) g_ptr_array_index (self->slots, i))->connection);
  return n;
}

guint
oba_db_pool_get_n_statements (ObaDbPool *self)
{
  guint n = g_queue_get_length (&self->requests);

  for (guint i = 0; i < self->slots->len; i++)
    n += ((ObaDbSlot *) g_ptr_array_index (self->slots, i))->n_running;
  return n;
}

/**
 * oba_db_pool_get_last_error:
 *
 * Returns: (transfer none) (nullable): why there is no connection; NULL while there is one
 */
const GError *
oba_db_pool_get_last_error (ObaDbPool *self)
{
  return self->last_error;
}

/**
 * oba_db_pool_set_patience:
 * @milliseconds: how long what is asked from now on waits for a server that is away
 */
void
oba_db_pool_set_patience (ObaDbPool *self, guint milliseconds)
{
  self->patience_ms = milliseconds;
}

/**
 * oba_db_pool_start_async:
 *
 * Errors: those of oba_db_connection_open_async, at once and without another try. After a success the pool keeps coming
 * back by itself.
 */
void
oba_db_pool_start_async (ObaDbPool *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;
  ObaDbRequest *request;

  g_return_if_fail (OBA_IS_DB_POOL (self));
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, oba_db_pool_start_async);
  if (self->slots->len > 0)
    {
      g_task_return_boolean (task, TRUE);
      g_object_unref (task);
      return;
    }
  request = new_request (self, OBA_DB_REQUEST_START, task, NULL, NULL);
  if (request == NULL)
    return;
  g_queue_push_tail (&self->starts, request);
  self->retry_at = 0;
  oba_db_pool_connect (self);
  oba_db_pool_update_state (self);
}

gboolean
oba_db_pool_start_finish (ObaDbPool *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

static GTask *
new_task (ObaDbPool *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data, gpointer tag)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  return task;
}

void
oba_db_pool_read_async (ObaDbPool *self,
                        const char *sql,
                        ObaDbParams *params,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_return_if_fail (OBA_IS_DB_POOL (self) && sql != NULL);
  push_request (self, OBA_DB_REQUEST_READ, new_task (self, cancellable, callback, user_data, oba_db_pool_read_async),
                sql, params);
}

/**
 * oba_db_pool_read_finish:
 *
 * Returns: (transfer full). Errors: OBA_DB_ERROR (LOST or CONNECT only after the pool's patience), G_IO_ERROR_CANCELLED
 */
ObaDbResult *
oba_db_pool_read_finish (ObaDbPool *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * oba_db_pool_write_async:
 *
 * One statement, committed when the answer is there. It waits for a server that is away before it is sent, never after.
 */
void
oba_db_pool_write_async (ObaDbPool *self,
                         const char *sql,
                         ObaDbParams *params,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_return_if_fail (OBA_IS_DB_POOL (self) && sql != NULL);
  push_request (self, OBA_DB_REQUEST_WRITE, new_task (self, cancellable, callback, user_data, oba_db_pool_write_async),
                sql, params);
}

ObaDbResult *
oba_db_pool_write_finish (ObaDbPool *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
oba_db_pool_read_ids_async (ObaDbPool *self,
                            const char *sql,
                            ObaDbParams *params,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_return_if_fail (OBA_IS_DB_POOL (self) && sql != NULL);
  push_request (self, OBA_DB_REQUEST_READ_IDS,
                new_task (self, cancellable, callback, user_data, oba_db_pool_read_ids_async), sql, params);
}

GArray *
oba_db_pool_read_ids_finish (ObaDbPool *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
oba_db_pool_acquire_async (ObaDbPool *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (OBA_IS_DB_POOL (self));
  push_request (self, OBA_DB_REQUEST_ACQUIRE,
                new_task (self, cancellable, callback, user_data, oba_db_pool_acquire_async), NULL, NULL);
}

/**
 * oba_db_pool_acquire_finish:
 *
 * Returns: (transfer full): must go back with oba_db_pool_release
 */
ObaDbConnection *
oba_db_pool_acquire_finish (ObaDbPool *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
take_back (ObaDbPool *self, ObaDbConnection *connection)
{
  ObaDbSlot *slot = oba_db_pool_find_slot (self, connection);

  if (slot == NULL)
    return;
  if (oba_db_connection_is_clean (connection))
    slot->is_exclusive = FALSE;
  else
    {
      oba_db_connection_close (connection);
      g_ptr_array_remove (self->slots, slot);
    }
  oba_db_watch_wake (self->watch);
}

static void
on_rolled_back (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaDbPool) self = user_data;

  oba_db_connection_script_finish (OBA_DB_CONNECTION (source), result, NULL);
  take_back (self, OBA_DB_CONNECTION (source));
}

void
oba_db_pool_release (ObaDbPool *self, ObaDbConnection *connection)
{
  g_return_if_fail (OBA_IS_DB_POOL (self) && OBA_IS_DB_CONNECTION (connection));

  if (!oba_db_connection_is_open (connection) || oba_db_connection_is_clean (connection) ||
      connection->copy_state != OBA_DB_COPY_NONE)
    take_back (self, connection);
  else
    oba_db_connection_script_async (connection, "ROLLBACK", NULL, on_rolled_back, g_object_ref (self));
  g_object_unref (connection);
}
