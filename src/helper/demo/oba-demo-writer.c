#include "oba-demo-writer.h"

#include <string.h>

#define CHUNK_RECEIPTS 20000
#define N_CHUNKS 3

/* Receipts of one month, on their way from the chain's thread to the database. */
typedef struct
{
  GString *receipts;
  GString *lines;
  GString *redemptions;
  guint n;
  char month[8]; /* "2026_11" */
  gboolean last;
} Chunk;

typedef struct
{
  ObaDemoRows *rows;
  GAsyncQueue *empty; /* Chunk */
  GAsyncQueue *full;
  Chunk *filling; /* of the chain's thread, as the next one */
  guint n_redemptions;
  GCancellable *abandon; /* the database said no: stop making more */
  GError *error;         /* of the chain's thread, for after it */
} Pipe;

static Chunk *
chunk_new (void)
{
  Chunk *chunk = g_new0 (Chunk, 1);

  chunk->receipts = g_string_new (NULL);
  chunk->lines = g_string_new (NULL);
  chunk->redemptions = g_string_new (NULL);
  return chunk;
}

static void
chunk_free (gpointer data)
{
  Chunk *chunk = data;

  g_string_free (chunk->receipts, TRUE);
  g_string_free (chunk->lines, TRUE);
  g_string_free (chunk->redemptions, TRUE);
  g_free (chunk);
}

/* ---- the chain's thread ---- */

static void
send_chunk (Pipe *pipe, gboolean last)
{
  pipe->filling->last = last;
  g_async_queue_push (pipe->full, g_steal_pointer (&pipe->filling));
}

static void
take_empty_chunk (Pipe *pipe, const char *date)
{
  Chunk *chunk = g_async_queue_pop (pipe->empty);

  g_string_set_size (chunk->receipts, 0);
  g_string_set_size (chunk->lines, 0);
  g_string_set_size (chunk->redemptions, 0);
  chunk->n = 0;
  g_snprintf (chunk->month, sizeof chunk->month, "%.4s_%.2s", date, date + 5);
  pipe->filling = chunk;
}

static gboolean
on_receipt (const ObaDemoReceipt *receipt, gpointer user_data, GError **error)
{
  Pipe *pipe = user_data;
  const char *date = pipe->rows->dates[receipt->day];
  Chunk *chunk = pipe->filling;

  if (g_cancellable_set_error_if_cancelled (pipe->abandon, error))
    return FALSE;
  if (chunk != NULL && (chunk->n >= CHUNK_RECEIPTS || memcmp (chunk->month + 5, date + 5, 2) != 0))
    {
      send_chunk (pipe, FALSE);
      chunk = NULL;
    }
  if (chunk == NULL)
    {
      take_empty_chunk (pipe, date);
      chunk = pipe->filling;
    }
  oba_demo_rows_receipt (pipe->rows, chunk->receipts, chunk->lines, receipt);
  chunk->n++;
  return TRUE;
}

static gboolean
on_redemption (const ObaDemoRedemption *redemption, gpointer user_data, GError **error)
{
  Pipe *pipe = user_data;

  /* It comes right after its receipt, so there is a chunk. */
  oba_demo_rows_redemption (pipe->rows, pipe->filling->redemptions, ++pipe->n_redemptions, redemption);
  return TRUE;
}

static gpointer
run_chain (gpointer data)
{
  static const ObaDemoSink sink = { on_receipt, on_redemption };
  Pipe *pipe = data;

  oba_demo_chain_run (pipe->rows->chain, &sink, pipe, pipe->abandon, &pipe->error);
  if (pipe->filling == NULL)
    take_empty_chunk (pipe, pipe->rows->dates[0]);
  send_chunk (pipe, TRUE);
  return NULL;
}

/* ---- the database's side ---- */

static gboolean
copy_text (ObaDbConnection *connection, const char *sql, const GString *text, GCancellable *cancellable, GError **error)
{
  if (!oba_db_connection_copy_in_begin_sync (connection, sql, cancellable, error))
    return FALSE;
  if (!oba_db_connection_copy_in_write_sync (connection, text->str, text->len, cancellable, error))
    {
      /* A write that was cancelled leaves the COPY open, and the rollback would wait for its end. */
      oba_db_connection_copy_in_end_sync (connection, "stopped", NULL, NULL);
      return FALSE;
    }
  return oba_db_connection_copy_in_end_sync (connection, NULL, cancellable, error) >= 0;
}

gboolean
oba_demo_copy (ObaDbConnection *connection,
               const char *target,
               const char *columns,
               const GString *text,
               GCancellable *cancellable,
               GError **error)
{
  g_autofree char *sql = g_strdup_printf ("copy %s (%s) from stdin", target, columns);

  return text->len == 0 || copy_text (connection, sql, text, cancellable, error);
}

static gboolean
copy_month (ObaDbConnection *connection,
            const char *table,
            const char *columns,
            const char *month,
            gboolean fresh,
            const GString *text,
            GCancellable *cancellable,
            GError **error)
{
  g_autofree char *sql = fresh ? g_strdup_printf ("copy oba.%s_%s (%s) from stdin with (freeze)", table, month, columns)
                               : g_strdup_printf ("copy oba.%s (%s) from stdin", table, columns);

  return copy_text (connection, sql, text, cancellable, error);
}

static gboolean
write_chunk (ObaDbConnection *connection,
             const Chunk *chunk,
             const char *const *old_months,
             GCancellable *cancellable,
             GError **error)
{
  gboolean fresh = !g_strv_contains (old_months, chunk->month);

  return chunk->n == 0 || (copy_month (connection, "receipts", OBA_DEMO_RECEIPT_COLUMNS, chunk->month, fresh,
                                       chunk->receipts, cancellable, error) &&
                           copy_month (connection, "receipt_lines", OBA_DEMO_LINE_COLUMNS, chunk->month, fresh,
                                       chunk->lines, cancellable, error) &&
                           oba_demo_copy (connection, "pg_temp.demo_redemptions", OBA_DEMO_REDEMPTION_COLUMNS,
                                          chunk->redemptions, cancellable, error));
}

/* Until the chain's thread has sent its last chunk, whatever happens meanwhile: it waits for empty ones. */
static gint64
drain (Pipe *pipe,
       ObaDbConnection *connection,
       const char *const *old_months,
       ObaDemoCount count,
       gpointer user_data,
       GCancellable *cancellable,
       GError **error)
{
  gint64 n = 0;
  gboolean last;

  do
    {
      Chunk *chunk = g_async_queue_pop (pipe->full);

      last = chunk->last;
      if (n >= 0 && !g_cancellable_is_cancelled (pipe->abandon))
        {
          if (!write_chunk (connection, chunk, old_months, cancellable, error))
            {
              n = -1;
              g_cancellable_cancel (pipe->abandon);
            }
          else
            count (n += chunk->n, user_data);
        }
      g_async_queue_push (pipe->empty, chunk);
    }
  while (!last);
  return n;
}

gint64
oba_demo_write_receipts (ObaDemoRows *rows,
                         ObaDbConnection *connection,
                         const char *const *old_months,
                         ObaDemoCount count,
                         gpointer user_data,
                         GCancellable *cancellable,
                         GError **error)
{
  Pipe pipe = { .rows = rows };
  GThread *thread;
  gint64 n;

  pipe.empty = g_async_queue_new_full (chunk_free);
  pipe.full = g_async_queue_new_full (chunk_free);
  pipe.abandon = g_cancellable_new ();
  for (guint i = 0; i < N_CHUNKS; i++)
    g_async_queue_push (pipe.empty, chunk_new ());
  thread = g_thread_new ("demo chain", run_chain, &pipe);
  n = drain (&pipe, connection, old_months, count, user_data, cancellable, error);
  g_thread_join (thread);
  if (n >= 0 && pipe.error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&pipe.error));
      n = -1;
    }
  g_clear_error (&pipe.error);
  g_async_queue_unref (pipe.empty);
  g_async_queue_unref (pipe.full);
  g_object_unref (pipe.abandon);
  return n;
}
