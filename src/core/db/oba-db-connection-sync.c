/* For commands without a main loop: the connection moves into a private context, which runs until the answer is there.
 */

#include "oba-db-connection-private.h"

#include <unistd.h>

typedef struct
{
  ObaDbConnection *connection;
  GMainContext *previous;
  GMainContext *context;
  GAsyncResult *result;
} Wait;

static void
on_answer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Wait *wait = user_data;
  wait->result = g_object_ref (result);
}

static void
wait_begin (Wait *wait, ObaDbConnection *self)
{
  if (self->sync_context == NULL)
    self->sync_context = g_main_context_new ();
  wait->connection = g_object_ref (self);
  wait->context = g_main_context_ref (self->sync_context);
  wait->previous = g_main_context_ref (oba_db_watch_get_context (self->watch));
  g_main_context_push_thread_default (wait->context);
  if (wait->previous != wait->context)
    oba_db_watch_attach (self->watch, wait->context);
}

static void
wait_run (Wait *wait)
{
  while (wait->result == NULL)
    g_main_context_iteration (wait->context, TRUE);
}

static void
wait_end (Wait *wait)
{
  if (wait->previous != wait->context)
    oba_db_watch_attach (wait->connection->watch, wait->previous);
  g_main_context_pop_thread_default (wait->context);
  g_main_context_unref (wait->context);
  g_main_context_unref (wait->previous);
  g_object_unref (wait->result);
  g_object_unref (wait->connection);
}

/**
 * oba_db_connection_open_sync:
 *
 * As oba_db_connection_open_async, in any thread. The connection stays in a private context, where no other thread's
 * loop touches it, until its first asynchronous call: from then on it works in the thread-default context of that one.
 */
ObaDbConnection *
oba_db_connection_open_sync (const char *conninfo,
                             ObaDbConnectionFlags flags,
                             GCancellable *cancellable,
                             GError **error)
{
  g_autoptr (GMainContext) own = g_main_context_new ();
  ObaDbConnection *self;
  Wait wait = { .context = own };

  g_main_context_push_thread_default (own);
  oba_db_connection_open_async (conninfo, flags, cancellable, on_answer, &wait);
  wait_run (&wait);
  self = oba_db_connection_open_finish (wait.result, error);
  g_object_unref (wait.result);
  if (self != NULL)
    self->sync_context = g_main_context_ref (own);
  g_main_context_pop_thread_default (own);
  return self;
}

ObaDbResult *
oba_db_connection_query_sync (
    ObaDbConnection *self, const char *sql, ObaDbParams *params, GCancellable *cancellable, GError **error)
{
  Wait wait = { 0 };
  ObaDbResult *result;

  wait_begin (&wait, self);
  oba_db_connection_query_async (self, sql, params, cancellable, on_answer, &wait);
  wait_run (&wait);
  result = oba_db_connection_query_finish (self, wait.result, error);
  wait_end (&wait);
  return result;
}

gboolean
oba_db_connection_script_sync (ObaDbConnection *self, const char *sql, GCancellable *cancellable, GError **error)
{
  Wait wait = { 0 };
  gboolean done;

  wait_begin (&wait, self);
  oba_db_connection_script_async (self, sql, cancellable, on_answer, &wait);
  wait_run (&wait);
  done = oba_db_connection_script_finish (self, wait.result, error);
  wait_end (&wait);
  return done;
}

gboolean
oba_db_connection_copy_in_begin_sync (ObaDbConnection *self, const char *sql, GCancellable *cancellable, GError **error)
{
  Wait wait = { 0 };
  gboolean done;

  wait_begin (&wait, self);
  oba_db_connection_copy_in_begin_async (self, sql, cancellable, on_answer, &wait);
  wait_run (&wait);
  done = oba_db_connection_copy_in_begin_finish (self, wait.result, error);
  wait_end (&wait);
  return done;
}

gboolean
oba_db_connection_copy_in_write_sync (
    ObaDbConnection *self, const char *data, gsize length, GCancellable *cancellable, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, length);
  Wait wait = { 0 };
  gboolean done;

  wait_begin (&wait, self);
  oba_db_connection_copy_in_write_async (self, bytes, cancellable, on_answer, &wait);
  wait_run (&wait);
  done = oba_db_connection_copy_in_write_finish (self, wait.result, error);
  wait_end (&wait);
  return done;
}

gint64
oba_db_connection_copy_in_end_sync (ObaDbConnection *self,
                                    const char *abort_message,
                                    GCancellable *cancellable,
                                    GError **error)
{
  Wait wait = { 0 };
  gint64 n_rows;

  wait_begin (&wait, self);
  oba_db_connection_copy_in_end_async (self, abort_message, cancellable, on_answer, &wait);
  wait_run (&wait);
  n_rows = oba_db_connection_copy_in_end_finish (self, wait.result, error);
  wait_end (&wait);
  return n_rows;
}

gint64
oba_db_connection_copy_out_sync (ObaDbConnection *self,
                                 const char *sql,
                                 ObaDbCopyFunc func,
                                 gpointer func_data,
                                 GCancellable *cancellable,
                                 GError **error)
{
  Wait wait = { 0 };
  gint64 n_rows;

  wait_begin (&wait, self);
  oba_db_connection_copy_out_async (self, sql, func, func_data, cancellable, on_answer, &wait);
  wait_run (&wait);
  n_rows = oba_db_connection_copy_out_finish (self, wait.result, error);
  wait_end (&wait);
  return n_rows;
}
