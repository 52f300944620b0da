#pragma once

#include "db/oba-db-pool.h"

G_BEGIN_DECLS

/** One import that was stored. */
typedef struct
{
  gint64  id;
  char   *kind;              /* "customers", ... */
  char   *file_name;
  char   *state;             /* "loading", "posted", "reversing", "reversed" */
  gint64  rows;
  gint64  inserted;
  gint64  known;             /* were there, changed or not */
  gint64  changed;
  gint64  rejected;
  gint64  money;             /* qəpik of what it booked */
  gint64  started_at;        /* Unix seconds */
  char   *by_login;
  char   *by_name;
  gint64  reversed_at;       /* 0: not reversed */
  char   *reversed_by;
} ObaImportBatch;

void       oba_import_batch_free          (ObaImportBatch *self);

/** The newest @n imports. finish: (transfer full) (element-type ObaImportBatch) */
void       oba_import_batches_read_async  (ObaDbPool *pool, guint n, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *oba_import_batches_read_finish (ObaDbPool *pool, GAsyncResult *result, GError **error);

/** What reversing would do, or has done. */
typedef struct
{
  gint64  receipts;
  gint64  money;
  gint64  points;
  gint64  customers;         /* go */
  gint64  kept;              /* customers who stay */
  gint64  changed;           /* records that were there: they stay as the file made them */
  gint64  products;
  gint64  stores;
} ObaReversal;

void       oba_reversal_preview_async     (ObaDbPool *pool, gint64 batch, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean   oba_reversal_preview_finish    (ObaDbPool *pool, GAsyncResult *result, ObaReversal *reversal, GError **error);

/** Called after each step with what was done so far, by everybody who has taken part. */
typedef void (*ObaReversalProgress) (const ObaReversal *so_far, gpointer user_data);

/**
 * oba_reversal_run_async: reverses the batch step by step until it is done. Stopped in between (G_IO_ERROR_CANCELLED), or the connection lost for good, what was
 * done stays done, and the next run goes on from there.
 */
void       oba_reversal_run_async         (ObaDbPool *pool, gint64 batch, ObaReversalProgress progress, gpointer progress_data,
                                           GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean   oba_reversal_run_finish        (ObaDbPool *pool, GAsyncResult *result, ObaReversal *reversal, GError **error);

/** A customer of the batch who stays, and why. */
typedef struct
{
  gint64      id;
  char       *name;
  char       *phone;
  const char *reason;        /* translated */
} ObaKeptCustomer;

/** At most @most. finish: (transfer full) (element-type ObaKeptCustomer) */
void       oba_kept_customers_read_async  (ObaDbPool *pool, gint64 batch, guint most, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *oba_kept_customers_read_finish (ObaDbPool *pool, GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaImportBatch, oba_import_batch_free)

G_END_DECLS
