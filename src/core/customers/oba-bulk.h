#pragma once

#include <json-glib/json-glib.h>

#include "db/oba-db-pool.h"

G_BEGIN_DECLS

/** Why somebody is left out, or whom it means: up to five of them by id. */
typedef struct
{
  char   *reason;      /* "change", "already", "erased", "merged", "gone", "twice" */
  gint64  n;
  GArray *examples;    /* of gint64 */
} ObaBulkGroup;

/** What a bulk action would do, or did. */
typedef struct
{
  gint64     action_id;     /* 0 for a dry run */
  gint64     seen;          /* looked at so far */
  gint64     changed;
  GPtrArray *skipped;       /* of ObaBulkGroup, most first */
  GArray    *examples;      /* of gint64: some of those who change; of a dry run only */
  gint64     undone;
  gint64     kept;          /* not undone, because somebody changed them since */
  gboolean   cancelled;
} ObaBulkReport;

void oba_bulk_report_free (ObaBulkReport *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaBulkReport, oba_bulk_report_free)

/**
 * ObaBulk: one thing done to many customers: put into a segment, a consent, blocked. The customers are those with the given ids, whatever the list shows
 * later; what the dry run counts is what is done. It goes on in parts of some thousand, each a transaction of its own.
 *
 * Property "seen" (guint64, notifies): how many were looked at, for a progress bar; of "n" (see oba_bulk_get_n()).
 */
#define OBA_TYPE_BULK (oba_bulk_get_type ())
G_DECLARE_FINAL_TYPE (ObaBulk, oba_bulk, OBA, BULK, GObject)

#define OBA_BULK_PART 4000

ObaBulk       *oba_bulk_new_segment   (ObaDbPool *pool, GArray *ids, gint64 segment_id);
ObaBulk       *oba_bulk_new_consent   (ObaDbPool *pool, GArray *ids, const char *channel, gboolean granted);
ObaBulk       *oba_bulk_new_block     (ObaDbPool *pool, GArray *ids, const char *reason);
/** Takes back what nobody changed since; goes on with an undo that was interrupted. To be run, without a dry run. */
ObaBulk       *oba_bulk_new_undo      (ObaDbPool *pool, gint64 action_id);
/** How many were chosen; of an undo how many the action changed, 0 before its first part is done. */
guint          oba_bulk_get_n         (ObaBulk *self);
guint64        oba_bulk_get_seen      (ObaBulk *self);

/** Changes nothing. Returns: (transfer full) */
void           oba_bulk_preview_async  (ObaBulk *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
ObaBulkReport *oba_bulk_preview_finish (ObaBulk *self, GAsyncResult *result, GError **error);

/**
 * Does it. After an error (the server is away) it may be called again and goes on where it stopped: nothing is done twice. Cancelled by
 * oba_bulk_stop(), it ends with what is done until then, which stays: the report says so. Returns: (transfer full)
 */
void           oba_bulk_run_async      (ObaBulk *self, GAsyncReadyCallback callback, gpointer user_data);
ObaBulkReport *oba_bulk_run_finish     (ObaBulk *self, GAsyncResult *result, GError **error);
void           oba_bulk_stop           (ObaBulk *self);

/** One line of the history of bulk actions. */
typedef struct
{
  gint64     action_id;
  char      *kind;          /* "segment", "consent", "block" */
  char      *what;          /* the segment's name, the channel, the reason */
  gboolean   granted;       /* of a consent */
  char      *state;         /* "running", "done", "cancelled", "undoing", "undone" */
  gint64     wanted;
  gint64     changed;
  gint64     undone;
  gint64     kept;
  char      *by_whom;       /* a name, or a login */
  GDateTime *at;
  gboolean   may_undo;      /* the one who asks: there is something to undo, and they may */
} ObaBulkAction;

void           oba_bulk_action_free     (ObaBulkAction *self);
/** The last @limit, newest first. Returns: (transfer full) (element-type ObaBulkAction) */
void           oba_bulk_history_async   (ObaDbPool *pool, guint limit, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray     *oba_bulk_history_finish  (GAsyncResult *result, GError **error);

G_END_DECLS
