#include "oba-receipt-source.h"

/* Multiples of a page of the model: what is seen first, and then more than what is seen. */
#define FIRST_KEYS 128
#define MORE_KEYS 1024

struct _ObaReceiptSource
{
  GObject          parent_instance;
  ObaDbPool       *pool;
  ObaReceiptQuery *query;
  GHashTable      *keys;      /* id -> ObaReceiptKey: of what was read so far */
  ObaReceiptPlace *last;      /* (nullable): there is nothing more */
};

static void oba_receipt_source_iface_init (ObaLazySourceInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ObaReceiptSource, oba_receipt_source, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (OBA_TYPE_LAZY_SOURCE, oba_receipt_source_iface_init))

static GArray *
take_keys (ObaReceiptSource *self,
           GArray           *keys,
           ObaReceiptPlace  *last)
{
  GArray *ids = g_array_sized_new (FALSE, FALSE, sizeof (gint64), keys->len);

  for (guint i = 0; i < keys->len; i++)
    {
      const ObaReceiptKey *key = &g_array_index (keys, ObaReceiptKey, i);
      ObaReceiptKey *own = g_memdup2 (key, sizeof *key);

      g_hash_table_insert (self->keys, &own->receipt_id, own);
      g_array_append_val (ids, key->receipt_id);
    }
  g_clear_pointer (&self->last, oba_receipt_place_free);
  self->last = last;
  return ids;
}

/* ---- opening: the first keys, and the first rows of them */

typedef struct
{
  guint   n_first;
  GArray *keys;
  ObaLazyOpening opening;
} Opening;

static void
opening_free (gpointer data)
{
  Opening *opening = data;

  g_clear_pointer (&opening->keys, g_array_unref);
  oba_lazy_opening_clear (&opening->opening);
  g_free (opening);
}

static GPtrArray *
put_in_order (GPtrArray *records,
              GArray    *keys)
{
  g_autoptr (GHashTable) by_id = g_hash_table_new (g_int64_hash, g_int64_equal);
  GPtrArray *ordered = g_ptr_array_new_full (keys->len, g_object_unref);

  for (guint i = 0; i < records->len; i++)
    g_hash_table_insert (by_id, (gpointer) &oba_receipt_record_get (records->pdata[i])->key.receipt_id, records->pdata[i]);
  for (guint i = 0; i < keys->len; i++)
    {
      gpointer record = g_hash_table_lookup (by_id, &g_array_index (keys, ObaReceiptKey, i).receipt_id);

      if (record != NULL)
        g_ptr_array_add (ordered, g_object_ref (record));
    }
  return ordered;
}

static void
first_rows_cb (GObject      *pool,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Opening *opening = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) records = oba_receipts_rows_finish (result, &error);

  if (records == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  opening->opening.records = put_in_order (records, opening->keys);
  g_task_return_boolean (task, TRUE);
}

static void
first_keys_cb (GObject      *pool,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  ObaReceiptSource *self = g_task_get_source_object (task);
  Opening *opening = g_task_get_task_data (task);
  ObaReceiptPlace *last;
  GError *error = NULL;
  g_autoptr (GArray) keys = oba_receipts_page_finish (result, &last, &error);

  if (keys == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  g_hash_table_remove_all (self->keys);
  opening->opening.ids = take_keys (self, keys, last);
  opening->opening.count = keys->len;
  opening->opening.more = last != NULL;
  opening->keys = g_array_sized_new (FALSE, FALSE, sizeof (ObaReceiptKey), MIN (keys->len, opening->n_first));
  g_array_append_vals (opening->keys, keys->data, MIN (keys->len, opening->n_first));
  oba_receipts_rows_async (self->pool, opening->keys, g_task_get_cancellable (task), first_rows_cb, g_object_ref (task));
}

static void
oba_receipt_source_open_async (ObaLazySource       *source,
                               guint                n_first,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  ObaReceiptSource *self = OBA_RECEIPT_SOURCE (source);
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Opening *opening = g_new0 (Opening, 1);

  g_task_set_source_tag (task, oba_receipt_source_open_async);
  opening->n_first = n_first;
  g_task_set_task_data (task, opening, opening_free);
  oba_receipts_page_async (self->pool, self->query, NULL, FIRST_KEYS, cancellable, first_keys_cb, task);
}

static gboolean
oba_receipt_source_open_finish (ObaLazySource   *source,
                                GAsyncResult    *result,
                                ObaLazyOpening  *opening,
                                GError         **error)
{
  Opening *own = g_task_get_task_data (G_TASK (result));

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  *opening = own->opening;
  own->opening = (ObaLazyOpening) { 0 };
  return TRUE;
}

/* ---- what follows */

static void
more_cb (GObject      *pool,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  ObaReceiptPlace *last;
  GError *error = NULL;
  g_autoptr (GArray) keys = oba_receipts_page_finish (result, &last, &error);

  if (keys == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, take_keys (g_task_get_source_object (task), keys, last), (GDestroyNotify) g_array_unref);
}

static void
oba_receipt_source_read_more_async (ObaLazySource       *source,
                                    GCancellable        *cancellable,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data)
{
  ObaReceiptSource *self = OBA_RECEIPT_SOURCE (source);
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, oba_receipt_source_read_more_async);
  if (self->last == NULL)
    {
      g_task_return_pointer (task, g_array_new (FALSE, FALSE, sizeof (gint64)), (GDestroyNotify) g_array_unref);
      g_object_unref (task);
      return;
    }
  oba_receipts_page_async (self->pool, self->query, self->last, MORE_KEYS, cancellable, more_cb, task);
}

static GArray *
oba_receipt_source_read_more_finish (ObaLazySource  *source,
                                     GAsyncResult   *result,
                                     gboolean       *more,
                                     GError        **error)
{
  *more = OBA_RECEIPT_SOURCE (source)->last != NULL;
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- rows */

static void
rows_cb (GObject      *pool,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  GPtrArray *records = oba_receipts_rows_finish (result, &error);

  if (records != NULL)
    g_task_return_pointer (task, records, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

static void
oba_receipt_source_read_rows_async (ObaLazySource       *source,
                                    GArray              *ids,
                                    GCancellable        *cancellable,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data)
{
  ObaReceiptSource *self = OBA_RECEIPT_SOURCE (source);
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (GArray) keys = g_array_new (FALSE, FALSE, sizeof (ObaReceiptKey));

  g_task_set_source_tag (task, oba_receipt_source_read_rows_async);
  for (guint i = 0; i < ids->len; i++)
    {
      const ObaReceiptKey *key = oba_receipt_source_get_key (self, g_array_index (ids, gint64, i));

      if (key != NULL)
        g_array_append_vals (keys, key, 1);
    }
  oba_receipts_rows_async (self->pool, keys, cancellable, rows_cb, task);
}

static GPtrArray *
oba_receipt_source_read_rows_finish (ObaLazySource  *source,
                                     GAsyncResult   *result,
                                     GError        **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static gint64
oba_receipt_source_get_id (ObaLazySource *source,
                           gpointer       record)
{
  return oba_receipt_record_get (record)->key.receipt_id;
}

static void
oba_receipt_source_iface_init (ObaLazySourceInterface *iface)
{
  iface->open_async = oba_receipt_source_open_async;
  iface->open_finish = oba_receipt_source_open_finish;
  iface->read_more_async = oba_receipt_source_read_more_async;
  iface->read_more_finish = oba_receipt_source_read_more_finish;
  iface->read_rows_async = oba_receipt_source_read_rows_async;
  iface->read_rows_finish = oba_receipt_source_read_rows_finish;
  iface->get_id = oba_receipt_source_get_id;
}

/* ---- */

ObaLazySource *
oba_receipt_source_new (ObaDbPool       *pool,
                        ObaReceiptQuery *query)
{
  ObaReceiptSource *self = g_object_new (OBA_TYPE_RECEIPT_SOURCE, NULL);

  self->pool = g_object_ref (pool);
  self->query = oba_receipt_query_ref (query);
  return OBA_LAZY_SOURCE (self);
}

ObaReceiptQuery *
oba_receipt_source_get_query (ObaReceiptSource *self)
{
  return self->query;
}

const ObaReceiptKey *
oba_receipt_source_get_key (ObaReceiptSource *self,
                            gint64            id)
{
  return g_hash_table_lookup (self->keys, &id);
}

static void
oba_receipt_source_finalize (GObject *object)
{
  ObaReceiptSource *self = OBA_RECEIPT_SOURCE (object);

  g_object_unref (self->pool);
  oba_receipt_query_unref (self->query);
  g_hash_table_unref (self->keys);
  g_clear_pointer (&self->last, oba_receipt_place_free);

  G_OBJECT_CLASS (oba_receipt_source_parent_class)->finalize (object);
}

static void
oba_receipt_source_class_init (ObaReceiptSourceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = oba_receipt_source_finalize;
}

static void
oba_receipt_source_init (ObaReceiptSource *self)
{
  self->keys = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, g_free);
}
