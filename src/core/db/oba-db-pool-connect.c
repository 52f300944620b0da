/* How the pool gets its connections, loses them, and comes back. */

#include "oba-db-pool-private.h"

#define BACKOFF_MIN_MS 200
#define BACKOFF_MAX_MS 10000

void
oba_db_slot_free (ObaDbSlot *slot)
{
  g_signal_handler_disconnect (slot->connection, slot->closed_id);
  g_object_unref (slot->connection);
  g_free (slot);
}

ObaDbSlot *
oba_db_pool_find_slot (ObaDbPool *self, ObaDbConnection *connection)
{
  for (guint i = 0; i < self->slots->len; i++)
    {
      ObaDbSlot *slot = g_ptr_array_index (self->slots, i);
      if (slot->connection == connection)
        return slot;
    }
  return NULL;
}

void
oba_db_pool_update_state (ObaDbPool *self)
{
  ObaDbPoolState state = OBA_DB_POOL_OFFLINE;

  if (self->slots->len > 0)
    state = OBA_DB_POOL_ONLINE;
  else if (self->n_connecting > 0 && self->n_failures == 0)
    state = OBA_DB_POOL_CONNECTING;
  if (state == self->state)
    return;
  self->state = state;
  g_object_notify (G_OBJECT (self), "state");
}

static void
set_last_error (ObaDbPool *self, const GError *error)
{
  g_clear_error (&self->last_error);
  self->last_error = error != NULL ? g_error_copy (error) : NULL;
}

/* Half of the delay is chance, so that a whole chain's clients do not come back in one second. */
static void
back_off (ObaDbPool *self)
{
  guint64 delay = MIN ((guint64) BACKOFF_MIN_MS << MIN (self->n_failures, 16), BACKOFF_MAX_MS);

  delay = delay / 2 + (guint64) g_random_int_range (0, (gint32) (delay / 2));
  self->retry_at = g_get_monotonic_time () + (gint64) delay * 1000;
  self->n_failures++;
}

/* A wrong password or name does not mend itself: whoever waits is told now. */
static gboolean
is_lasting (const GError *error)
{
  return g_error_matches (error, OBA_DB_ERROR, OBA_DB_ERROR_AUTH) ||
         g_str_equal (oba_db_error_get_sqlstate (error), "3D000");
}

static void
fail_waiting (ObaDbPool *self, const GError *error, gboolean all)
{
  gint64 now = g_get_monotonic_time ();
  GQueue failed = G_QUEUE_INIT;
  ObaDbRequest *request;
  GList *next;

  for (GList *link = self->requests.head; link != NULL; link = next)
    {
      next = link->next;
      request = link->data;
      if (!all && now < request->deadline)
        continue;
      g_queue_unlink (&self->requests, link);
      g_queue_push_tail_link (&failed, link);
    }
  while ((request = g_queue_pop_head (&failed)) != NULL)
    oba_db_request_fail (request, g_error_copy (error));
}

static void
answer_starts (ObaDbPool *self, const GError *error)
{
  GQueue starts = self->starts;
  ObaDbRequest *request;

  g_queue_init (&self->starts);
  while ((request = g_queue_pop_head (&starts)) != NULL)
    {
      g_autoptr (GTask) task = oba_db_request_close (request);

      if (error != NULL)
        g_task_return_error (task, g_error_copy (error));
      else
        g_task_return_boolean (task, TRUE);
    }
}

static void
on_closed (ObaDbConnection *connection, const GError *reason, ObaDbPool *self)
{
  g_autoptr (ObaDbPool) hold = g_object_ref (self);
  ObaDbSlot *slot = oba_db_pool_find_slot (self, connection);

  /* A server that hangs up at once is not asked again at once. */
  if (slot != NULL && g_get_monotonic_time () - slot->opened_at < G_TIME_SPAN_SECOND)
    back_off (self);
  if (slot != NULL)
    g_ptr_array_remove (self->slots, slot);
  set_last_error (self, reason);
  oba_db_pool_schedule (self);
}

static void
add_slot (ObaDbPool *self, ObaDbConnection *connection)
{
  ObaDbSlot *slot = g_new0 (ObaDbSlot, 1);

  slot->connection = connection;
  slot->opened_at = g_get_monotonic_time ();
  slot->closed_id = g_signal_connect (connection, "closed", G_CALLBACK (on_closed), self);
  g_ptr_array_add (self->slots, slot);
  self->n_failures = 0;
  self->retry_at = 0;
  self->was_online = TRUE;
  set_last_error (self, NULL);
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaDbPool) self = user_data;
  g_autoptr (GError) error = NULL;
  ObaDbConnection *connection = oba_db_connection_open_finish (result, &error);

  self->n_connecting--;
  if (self->is_closed)
    {
      g_clear_object (&connection);
      return;
    }
  if (connection != NULL)
    {
      add_slot (self, connection);
      oba_db_pool_update_state (self);
      answer_starts (self, NULL);
    }
  else
    {
      set_last_error (self, error);
      back_off (self);
      oba_db_pool_update_state (self);
      answer_starts (self, error);
      if (self->slots->len == 0)
        fail_waiting (self, error, is_lasting (error));
    }
  oba_db_pool_schedule (self);
}

gboolean
oba_db_pool_may_grow (ObaDbPool *self)
{
  return self->n_failures == 0 && (self->n_connecting > 0 || self->slots->len < self->max_connections);
}

gboolean
oba_db_pool_connect (ObaDbPool *self)
{
  if (self->is_closed || self->slots->len + self->n_connecting >= self->max_connections)
    return FALSE;
  /* While the server is away, one attempt at a time, at its time. */
  if (self->n_failures > 0 && (self->n_connecting > 0 || g_get_monotonic_time () < self->retry_at))
    return FALSE;
  self->n_connecting++;
  oba_db_connection_open_async (self->conninfo, self->flags, self->closing, on_opened, g_object_ref (self));
  return TRUE;
}

static gboolean
on_timer (gpointer user_data)
{
  g_autoptr (ObaDbPool) self = g_object_ref (user_data);

  g_clear_pointer (&self->timer, g_source_unref);
  if (self->slots->len == 0 && self->last_error != NULL)
    {
      g_autoptr (GError) error = g_error_copy (self->last_error);
      fail_waiting (self, error, FALSE);
    }
  oba_db_pool_schedule (self);
  return G_SOURCE_REMOVE;
}

/* The next moment at which something is to be done that no event announces. */
static gint64
get_next_moment (ObaDbPool *self)
{
  gboolean wants = self->was_online || !g_queue_is_empty (&self->requests);
  gint64 next = 0;

  if (self->is_closed || self->slots->len > 0)
    return 0;
  if (self->n_failures > 0 && self->n_connecting == 0 && wants)
    next = self->retry_at;
  for (GList *link = self->requests.head; link != NULL; link = link->next)
    {
      const ObaDbRequest *request = link->data;
      next = next == 0 ? request->deadline : MIN (next, request->deadline);
    }
  return next;
}

void
oba_db_pool_update_timer (ObaDbPool *self)
{
  gint64 next = get_next_moment (self);

  if (self->timer != NULL)
    {
      g_source_destroy (self->timer);
      g_clear_pointer (&self->timer, g_source_unref);
    }
  if (next == 0)
    return;
  self->timer = g_timeout_source_new (0);
  g_source_set_ready_time (self->timer, next);
  g_source_set_callback (self->timer, on_timer, self, NULL);
  g_source_attach (self->timer, oba_db_watch_get_context (self->watch));
}
