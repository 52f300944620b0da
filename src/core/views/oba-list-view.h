#pragma once

#include "base/oba-filter.h"
#include "db/oba-db-pool.h"

G_BEGIN_DECLS

/** ObaListView: a list as somebody likes it: a filter, an order, columns; under a name, for oneself or for everybody. Texts are never NULL. */
typedef struct
{
  gint64              id;            /* 0: not saved yet */
  char               *name;
  char               *owner;         /* login */
  char               *owner_name;
  gboolean            shared;
  char               *page;          /* "customers" or "transactions" */
  ObaFilter          *filter;
  char               *sort;          /* the column's id; "" for none chosen */
  gboolean            descending;
  char              **columns;       /* (nullable): ids in order; NULL: as they are */
  gint64              version;
  gboolean            may_change;    /* the one who asked: its owner, or a supervisor */
  gboolean            own;
} ObaListView;

/** A new view of one's own of everything. @spec: of the filter of @page */
ObaListView *oba_list_view_new   (const char *page, const ObaFilterSpec *spec, const char *name);
ObaListView *oba_list_view_copy  (const ObaListView *self);
void         oba_list_view_free  (ObaListView *self);

/** One's own by name, then what colleagues share. Returns: (transfer full) (element-type ObaListView) */
void         oba_list_views_list_async    (ObaDbPool *pool, const char *page, const ObaFilterSpec *spec, GCancellable *cancellable,
                                           GAsyncReadyCallback callback, gpointer user_data);
GPtrArray   *oba_list_views_list_finish   (GAsyncResult *result, GError **error);

/*
 * Writes, as oba_db_request_async(): @key from oba_db_request_new_key(), kept as long as the request is not answered. Refused with OB003 when somebody changed
 * the view meanwhile, OB004 when one has another view of this name, OB006 when it belongs to a colleague.
 */

/** Makes it (id 0), or changes the version that was read: name, shared or not, filter, order, columns. Returns: its id, 0 on error */
void         oba_list_view_save_async     (ObaDbPool *pool, const ObaListView *view, const char *key, GCancellable *cancellable,
                                           GAsyncReadyCallback callback, gpointer user_data);
gint64       oba_list_view_save_finish    (GAsyncResult *result, GError **error);
void         oba_list_view_delete_async   (ObaDbPool *pool, const ObaListView *view, const char *key, GCancellable *cancellable,
                                           GAsyncReadyCallback callback, gpointer user_data);
gboolean     oba_list_view_delete_finish  (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaListView, oba_list_view_free)

G_END_DECLS
