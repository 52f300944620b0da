#pragma once

#include "oba-merge.h"

G_BEGIN_DECLS

/** ObaDuplicatePair: two customers who are likely one person. */
typedef struct
{
  ObaMergePerson *first;      /* the lower id */
  ObaMergePerson *second;
  gint64          score;      /* per cent */
  GStrv           reasons;    /* "name_birth", "similar_name_birth", "phone", "email", "telegram", "name" */
  gboolean        is_asked;   /* a request about one of them waits for approval */
} ObaDuplicatePair;

/** ObaMergeEntry: a merge that was done. */
typedef struct
{
  gint64          id;
  ObaMergePerson *source;
  ObaMergePerson *survivor;
  GDateTime      *merged_at;
  GDateTime      *undone_at;      /* (nullable) */
  char           *requested_by;
  char           *approved_by;
  gint64          points;         /* that went over */
  gboolean        can_undo;
  gboolean        is_asked;
} ObaMergeEntry;

/** Two whom nobody but the caller takes for one person: no score, no reasons. (transfer full) */
ObaDuplicatePair *oba_duplicate_pair_new (ObaMergePerson *first, ObaMergePerson *second);
void       oba_duplicate_pair_free (ObaDuplicatePair *self);
void       oba_merge_entry_free    (ObaMergeEntry *self);

/**
 * Likely pairs, the likeliest first; those after @last (nullable). @total: (out) (optional): how many there are in all
 * Returns: (transfer full) (element-type ObaDuplicatePair)
 */
void       oba_duplicates_read_async  (ObaDbPool *pool, const ObaDuplicatePair *last, guint limit, GCancellable *cancellable,
                                       GAsyncReadyCallback callback, gpointer user_data);
/** Those that @customer_id is one of. */
void       oba_duplicates_read_of_async (ObaDbPool *pool, gint64 customer_id, guint limit, GCancellable *cancellable, GAsyncReadyCallback callback,
                                         gpointer user_data);
GPtrArray *oba_duplicates_read_finish (GAsyncResult *result, gint64 *total, GError **error);

/**
 * Merges, the last first, before the one of @before (0: from the last); of @customer_id (0: of everybody) only those that hold.
 * Returns: (transfer full) (element-type ObaMergeEntry)
 */
void       oba_merges_read_async      (ObaDbPool *pool, gint64 customer_id, gint64 before, guint limit, GCancellable *cancellable,
                                       GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *oba_merges_read_finish     (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaDuplicatePair, oba_duplicate_pair_free)

G_END_DECLS
