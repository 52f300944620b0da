#pragma once

#include "oba-customer-filter.h"
#include "db/oba-db-pool.h"

G_BEGIN_DECLS

/** ObaSegment: a group of customers with a name: those who were put into it, or a rule that is asked anew each time. Texts are never NULL. */
typedef struct
{
  gint64             id;             /* 0: not saved yet */
  char              *name;
  char              *description;
  ObaCustomerFilter *filter;         /* (nullable): of a rule; NULL: static, it has members */
  char              *owner;          /* login */
  char              *owner_name;
  gint64             created;        /* Unix time */
  gint64             version;
  gint64             n_members;      /* -1 for a rule */
  gboolean           archived;
  gboolean           may_change;     /* the one who asked: its owner, or a supervisor */
} ObaSegment;

ObaSegment *oba_segment_new   (const char *name, const char *description, const ObaCustomerFilter *filter);   /* @filter: (nullable): copied */
ObaSegment *oba_segment_copy  (const ObaSegment *self);
void        oba_segment_free  (ObaSegment *self);

/** Those on offer by name; @archived: the others, too. Returns: (transfer full) (element-type ObaSegment) */
void        oba_segments_list_async    (ObaDbPool *pool, gboolean archived, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray  *oba_segments_list_finish   (GAsyncResult *result, GError **error);

/** How many are in it now, of a rule too. Returns: -1 on error */
void        oba_segment_count_async    (ObaDbPool *pool, gint64 id, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gint64      oba_segment_count_finish   (GAsyncResult *result, GError **error);

/*
 * Writes, as oba_db_request_async(): @key from oba_db_request_new_key(), kept as long as the request is not answered. Refused with OB003 when somebody changed
 * it meanwhile, OB004 when the name is taken, OB006 when it belongs to a colleague.
 */

/** Makes it (id 0), or changes name, description and filter of the version that was read. Returns: its id, 0 on error */
void        oba_segment_save_async     (ObaDbPool *pool, const ObaSegment *segment, const char *key, GCancellable *cancellable,
                                        GAsyncReadyCallback callback, gpointer user_data);
gint64      oba_segment_save_finish    (GAsyncResult *result, GError **error);

/** Puts customers into a static segment and takes others out; @add, @remove: (nullable) (element-type gint64), at most 100,000 in all. */
void        oba_segment_change_members_async  (ObaDbPool *pool, gint64 id, GArray *add, GArray *remove, const char *key, GCancellable *cancellable,
                                               GAsyncReadyCallback callback, gpointer user_data);
/** @added, @removed: (out) (optional): how many were not (or were) members before */
gboolean    oba_segment_change_members_finish (GAsyncResult *result, gint64 *added, gint64 *removed, GError **error);

/** Takes it off the offer, or puts it back; it keeps its members. */
void        oba_segment_archive_async  (ObaDbPool *pool, const ObaSegment *segment, gboolean archived, const char *key, GCancellable *cancellable,
                                        GAsyncReadyCallback callback, gpointer user_data);
gboolean    oba_segment_archive_finish (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaSegment, oba_segment_free)

G_END_DECLS
