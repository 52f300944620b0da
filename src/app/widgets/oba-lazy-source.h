#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * ObaLazySource: where an ObaLazyModel reads one list from: one search in one order. It does not change once made; another
 * search or order is another source. Records are GObjects known by a 64-bit id.
 */
#define OBA_TYPE_LAZY_SOURCE (oba_lazy_source_get_type ())
G_DECLARE_INTERFACE (ObaLazySource, oba_lazy_source, OBA, LAZY_SOURCE, GObject)

/**
 * What is shown at once: how many rows there are and the first of them; with @ids when the source had them all in hand. An endless list has the
 * first ids only, and @more: nobody counts it, and read_more_async gives what follows; as long as there is more, in multiples of 128.
 */
typedef struct
{
  guint      count;
  GPtrArray *records;   /* (element-type GObject) (nullable) the first rows, in order */
  GArray    *ids;       /* (element-type gint64) (nullable) every id, in order */
  gboolean   more;
} ObaLazyOpening;

void oba_lazy_opening_clear (ObaLazyOpening *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ObaLazyOpening, oba_lazy_opening_clear)

struct _ObaLazySourceInterface
{
  GTypeInterface parent_iface;

  /* The GAsyncResult that the callbacks are given has the source as its source object, and is cancelled when @cancellable is. */
  void       (*open_async)       (ObaLazySource *self, guint n_first, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data);
  gboolean   (*open_finish)      (ObaLazySource *self, GAsyncResult *result, ObaLazyOpening *opening, GError **error);

  /* Every id in order. Asked after open_finish gave none. */
  void       (*read_ids_async)   (ObaLazySource *self, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data);
  GArray    *(*read_ids_finish)  (ObaLazySource *self, GAsyncResult *result, GError **error);

  /* The records of @ids in any order; those that are gone are left out. */
  void       (*read_rows_async)  (ObaLazySource *self, GArray *ids, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data);
  GPtrArray *(*read_rows_finish) (ObaLazySource *self, GAsyncResult *result, GError **error);

  /* Of an endless list: the ids that follow those given so far. Optional. */
  void       (*read_more_async)  (ObaLazySource *self, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data);
  GArray    *(*read_more_finish) (ObaLazySource *self, GAsyncResult *result, gboolean *more, GError **error);

  gint64     (*get_id)           (ObaLazySource *self, gpointer record);
};

void       oba_lazy_source_open_async       (ObaLazySource *self, guint n_first, GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
gboolean   oba_lazy_source_open_finish      (ObaLazySource *self, GAsyncResult *result, ObaLazyOpening *opening, GError **error);
void       oba_lazy_source_read_ids_async   (ObaLazySource *self, GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
GArray    *oba_lazy_source_read_ids_finish  (ObaLazySource *self, GAsyncResult *result, GError **error);
void       oba_lazy_source_read_rows_async  (ObaLazySource *self, GArray *ids, GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *oba_lazy_source_read_rows_finish (ObaLazySource *self, GAsyncResult *result, GError **error);
void       oba_lazy_source_read_more_async  (ObaLazySource *self, GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
GArray    *oba_lazy_source_read_more_finish (ObaLazySource *self, GAsyncResult *result, gboolean *more, GError **error);
gint64     oba_lazy_source_get_id           (ObaLazySource *self, gpointer record);

G_END_DECLS
