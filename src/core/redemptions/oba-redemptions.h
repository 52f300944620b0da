#pragma once

#include "db/oba-db-pool.h"
#include "oba-redemption.h"

G_BEGIN_DECLS

/* Reading redemptions. All are reads of the pool: retried when the connection is lost, given up on the server when they are cancelled. */

/** Which: NULL, 0 and FALSE for all. */
typedef struct
{
  const char *state;
  gint64      reward_id;
  gint64      store_id;
  const char *through;
  gint64      customer_id;
  gint64      hours;        /* asked for so long ago or longer */
  gboolean    late;         /* waits longer than it should */
  gboolean    needs_me;     /* waits for whoever asks */
  const char *kind;         /* of the reward; "points": points alone */
  GDate       from;         /* the first and the last day on which it was asked for; each may be invalid, for any */
  GDate       to;
  const char *search;       /* a voucher's code, a number, a customer */
} ObaRedemptionFilter;

ObaRedemptionFilter *oba_redemption_filter_copy (const ObaRedemptionFilter *self);
void                 oba_redemption_filter_free (ObaRedemptionFilter *self);
gboolean             oba_redemption_filter_is_empty (const ObaRedemptionFilter *self);

/** Ids in the order in which they were asked for, after @after (0: from the first), at most @limit. Returns: (transfer full) (element-type gint64) */
void                 oba_redemptions_ids_async   (ObaDbPool *pool, const ObaRedemptionFilter *filter, gboolean descending, gint64 after, guint limit,
                                                  GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GArray              *oba_redemptions_ids_finish  (GAsyncResult *result, GError **error);

/** In no order; those there are not are left out. Returns: (transfer full) (element-type ObaRedemption) */
void                 oba_redemptions_rows_async  (ObaDbPool *pool, GArray *ids, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray           *oba_redemptions_rows_finish (GAsyncResult *result, GError **error);

/** One step: who, when, where. Strings are never NULL. */
typedef struct
{
  gint64      at;          /* seconds */
  const char *state;       /* interned */
  char       *who;         /* login; "": a program */
  const char *through;     /* interned: "staff", "telegram", "till", "job"; "" of old ones */
  char       *store;
  gint64      till;        /* 0: none */
  char       *reason;
} ObaRedemptionEvent;

/** The first first. Returns: (transfer full) (element-type ObaRedemptionEvent) */
void                 oba_redemptions_events_async  (ObaDbPool *pool, gint64 id, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray           *oba_redemptions_events_finish (GAsyncResult *result, GError **error);

/** What a step would do to one of many; code "": it would be done. */
typedef struct
{
  gint64  id;
  gint64  customer_id;
  gint64  points;          /* that it costs */
  const char *state;       /* interned: as it is now */
  char   *code;
  char   *message;         /* in the language of whoever reads, as hint */
  char   *hint;
} ObaRedemptionPreview;

/** Nothing changes. Returns: (transfer full) (element-type ObaRedemptionPreview) */
void                 oba_redemptions_preview_async  (ObaDbPool *pool, GArray *ids, const char *state, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray           *oba_redemptions_preview_finish (GAsyncResult *result, GError **error);
#define OBA_REDEMPTIONS_MAX_PREVIEW 1000

/** Moves one to @state, seen as @seen; @undo: which is where the last step came from; the answer as oba_db_request_finish() has it. @reason: (nullable) */
void                 oba_redemptions_move_async    (ObaDbPool *pool, gint64 customer_id, gint64 id, const char *state, const char *seen, gboolean undo, const char *reason, const char *key,
                                                    GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaRedemptionFilter, oba_redemption_filter_free)

G_END_DECLS
