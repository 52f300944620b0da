#include "oba-redemption-source.h"

/* Multiples of a page of the model. */
#define FIRST_IDS 512
#define MORE_IDS 1024

struct _ObaRedemptionSource
{
  GObject              parent_instance;
  ObaDbPool           *pool;
  ObaRedemptionFilter *filter;
  gboolean             descending;
  gint64               last;      /* 0: there is nothing more */
};

static void oba_redemption_source_iface_init (ObaLazySourceInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ObaRedemptionSource, oba_redemption_source, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (OBA_TYPE_LAZY_SOURCE, oba_redemption_source_iface_init))

static void
take_last (ObaRedemptionSource *self, GArray *ids, guint limit)
{
  self->last = ids->len == limit ? g_array_index (ids, gint64, ids->len - 1) : 0;
}

/* ---- opening: the first ids, and the first rows of them */

typedef struct
{
  guint          n_first;
  ObaLazyOpening opening;
} Opening;

static void
opening_free (gpointer data)
{
  Opening *opening = data;

  oba_lazy_opening_clear (&opening->opening);
  g_free (opening);
}

static GPtrArray *
put_in_order (GPtrArray *records, GArray *ids)
{
  g_autoptr (GHashTable) by_id = g_hash_table_new (g_int64_hash, g_int64_equal);
  GPtrArray *ordered = g_ptr_array_new_full (records->len, g_object_unref);

  for (guint i = 0; i < records->len; i++)
    g_hash_table_insert (by_id, (gpointer) &oba_redemption_get (records->pdata[i])->id, records->pdata[i]);
  for (guint i = 0; i < ids->len; i++)
    {
      gpointer record = g_hash_table_lookup (by_id, &g_array_index (ids, gint64, i));

      if (record != NULL)
        g_ptr_array_add (ordered, g_object_ref (record));
    }
  return ordered;
}

static void
first_rows_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Opening *opening = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) records = oba_redemptions_rows_finish (result, &error);

  if (records == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  opening->opening.records = put_in_order (records, opening->opening.ids);
  g_task_return_boolean (task, TRUE);
}

static void
first_ids_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ObaRedemptionSource *self = g_task_get_source_object (task);
  Opening *opening = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GArray) first = NULL;
  GArray *ids = oba_redemptions_ids_finish (result, &error);

  if (ids == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  take_last (self, ids, FIRST_IDS);
  opening->opening.ids = ids;
  opening->opening.count = ids->len;
  opening->opening.more = self->last != 0;
  first = g_array_sized_new (FALSE, FALSE, sizeof (gint64), MIN (ids->len, opening->n_first));
  g_array_append_vals (first, ids->data, MIN (ids->len, opening->n_first));
  oba_redemptions_rows_async (self->pool, first, g_task_get_cancellable (task), first_rows_cb, g_object_ref (task));
}

static void
oba_redemption_source_open_async (ObaLazySource *source, guint n_first, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  ObaRedemptionSource *self = OBA_REDEMPTION_SOURCE (source);
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Opening *opening = g_new0 (Opening, 1);

  g_task_set_source_tag (task, oba_redemption_source_open_async);
  opening->n_first = n_first;
  g_task_set_task_data (task, opening, opening_free);
  oba_redemptions_ids_async (self->pool, self->filter, self->descending, 0, FIRST_IDS, cancellable, first_ids_cb, task);
}

static gboolean
oba_redemption_source_open_finish (ObaLazySource *source, GAsyncResult *result, ObaLazyOpening *opening, GError **error)
{
  Opening *data = g_task_get_task_data (G_TASK (result));

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  *opening = data->opening;
  data->opening = (ObaLazyOpening) { 0 };
  return TRUE;
}

/* ---- what follows */

static void
more_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ObaRedemptionSource *self = g_task_get_source_object (task);
  GError *error = NULL;
  GArray *ids = oba_redemptions_ids_finish (result, &error);

  if (ids == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  take_last (self, ids, MORE_IDS);
  g_task_return_pointer (task, ids, (GDestroyNotify) g_array_unref);
}

static void
oba_redemption_source_read_more_async (ObaLazySource *source, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  ObaRedemptionSource *self = OBA_REDEMPTION_SOURCE (source);
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, oba_redemption_source_read_more_async);
  if (self->last == 0)
    {
      g_task_return_pointer (task, g_array_new (FALSE, FALSE, sizeof (gint64)), (GDestroyNotify) g_array_unref);
      g_object_unref (task);
      return;
    }
  oba_redemptions_ids_async (self->pool, self->filter, self->descending, self->last, MORE_IDS, cancellable, more_cb, task);
}

static GArray *
oba_redemption_source_read_more_finish (ObaLazySource *source, GAsyncResult *result, gboolean *more, GError **error)
{
  *more = OBA_REDEMPTION_SOURCE (source)->last != 0;
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- rows */

static void
rows_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  GPtrArray *records = oba_redemptions_rows_finish (result, &error);

  if (records != NULL)
    g_task_return_pointer (task, records, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

static void
oba_redemption_source_read_rows_async (ObaLazySource *source, GArray *ids, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  ObaRedemptionSource *self = OBA_REDEMPTION_SOURCE (source);
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, oba_redemption_source_read_rows_async);
  oba_redemptions_rows_async (self->pool, ids, cancellable, rows_cb, task);
}

static GPtrArray *
oba_redemption_source_read_rows_finish (ObaLazySource *source, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static gint64
oba_redemption_source_get_id (ObaLazySource *source, gpointer record)
{
  return oba_redemption_get (record)->id;
}

static void
oba_redemption_source_iface_init (ObaLazySourceInterface *iface)
{
  iface->open_async = oba_redemption_source_open_async;
  iface->open_finish = oba_redemption_source_open_finish;
  iface->read_more_async = oba_redemption_source_read_more_async;
  iface->read_more_finish = oba_redemption_source_read_more_finish;
  iface->read_rows_async = oba_redemption_source_read_rows_async;
  iface->read_rows_finish = oba_redemption_source_read_rows_finish;
  iface->get_id = oba_redemption_source_get_id;
}

/* ---- */

ObaLazySource *
oba_redemption_source_new (ObaDbPool *pool, const ObaRedemptionFilter *filter, gboolean descending)
{
  ObaRedemptionSource *self = g_object_new (OBA_TYPE_REDEMPTION_SOURCE, NULL);

  self->pool = g_object_ref (pool);
  self->filter = oba_redemption_filter_copy (filter);
  self->descending = descending;
  return OBA_LAZY_SOURCE (self);
}

const ObaRedemptionFilter *
oba_redemption_source_get_filter (ObaRedemptionSource *self)
{
  return self->filter;
}

static void
oba_redemption_source_finalize (GObject *object)
{
  ObaRedemptionSource *self = OBA_REDEMPTION_SOURCE (object);

  g_object_unref (self->pool);
  oba_redemption_filter_free (self->filter);

  G_OBJECT_CLASS (oba_redemption_source_parent_class)->finalize (object);
}

static void
oba_redemption_source_class_init (ObaRedemptionSourceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = oba_redemption_source_finalize;
}

static void
oba_redemption_source_init (ObaRedemptionSource *self)
{
}
