#include "oba-lazy-source.h"

G_DEFINE_INTERFACE (ObaLazySource, oba_lazy_source, G_TYPE_OBJECT)

static void
oba_lazy_source_default_init (ObaLazySourceInterface *iface)
{
}

void
oba_lazy_opening_clear (ObaLazyOpening *self)
{
  g_clear_pointer (&self->records, g_ptr_array_unref);
  g_clear_pointer (&self->ids, g_array_unref);
  self->count = 0;
}

void
oba_lazy_source_open_async (ObaLazySource       *self,
                            guint                n_first,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  OBA_LAZY_SOURCE_GET_IFACE (self)->open_async (self, n_first, cancellable, callback, user_data);
}

gboolean
oba_lazy_source_open_finish (ObaLazySource   *self,
                             GAsyncResult    *result,
                             ObaLazyOpening  *opening,
                             GError         **error)
{
  return OBA_LAZY_SOURCE_GET_IFACE (self)->open_finish (self, result, opening, error);
}

void
oba_lazy_source_read_ids_async (ObaLazySource       *self,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  OBA_LAZY_SOURCE_GET_IFACE (self)->read_ids_async (self, cancellable, callback, user_data);
}

GArray *
oba_lazy_source_read_ids_finish (ObaLazySource  *self,
                                 GAsyncResult   *result,
                                 GError        **error)
{
  return OBA_LAZY_SOURCE_GET_IFACE (self)->read_ids_finish (self, result, error);
}

void
oba_lazy_source_read_rows_async (ObaLazySource       *self,
                                 GArray              *ids,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  OBA_LAZY_SOURCE_GET_IFACE (self)->read_rows_async (self, ids, cancellable, callback, user_data);
}

GPtrArray *
oba_lazy_source_read_rows_finish (ObaLazySource  *self,
                                  GAsyncResult   *result,
                                  GError        **error)
{
  return OBA_LAZY_SOURCE_GET_IFACE (self)->read_rows_finish (self, result, error);
}

void
oba_lazy_source_read_more_async (ObaLazySource       *self,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  OBA_LAZY_SOURCE_GET_IFACE (self)->read_more_async (self, cancellable, callback, user_data);
}

GArray *
oba_lazy_source_read_more_finish (ObaLazySource  *self,
                                  GAsyncResult   *result,
                                  gboolean       *more,
                                  GError        **error)
{
  return OBA_LAZY_SOURCE_GET_IFACE (self)->read_more_finish (self, result, more, error);
}

gint64
oba_lazy_source_get_id (ObaLazySource *self,
                        gpointer       record)
{
  return OBA_LAZY_SOURCE_GET_IFACE (self)->get_id (self, record);
}
