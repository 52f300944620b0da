#include "oba-customer-source.h"

/* A search that finds no more is answered in one go. */
#define SEARCH_ROWS 200

struct _ObaCustomerSource
{
  GObject           parent_instance;
  ObaDbPool        *pool;
  ObaCustomerQuery *query;
  gboolean          more;
  gboolean          similar;
  gboolean          segments;
};

/* What an opening waits for: the count, and the first rows (found, then read). */
typedef struct
{
  guint   n_first;
  guint   n_found;   /* at most so many are looked for, 0 for all */
  guint   pending;
  gint64  count;
  GArray *first;
  ObaLazyOpening opening;
} ObaCustomerOpening;

static void oba_customer_source_iface_init (ObaLazySourceInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ObaCustomerSource, oba_customer_source, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (OBA_TYPE_LAZY_SOURCE, oba_customer_source_iface_init))

static void
oba_customer_opening_free (gpointer data)
{
  ObaCustomerOpening *opening = data;

  g_clear_pointer (&opening->first, g_array_unref);
  oba_lazy_opening_clear (&opening->opening);
  g_free (opening);
}

static void
oba_customer_opening_done (GTask  *task,
                           GError *error)
{
  ObaCustomerOpening *opening = g_task_get_task_data (task);

  opening->pending--;
  if (error != NULL && !g_task_had_error (task) && !g_task_get_completed (task))
    g_task_return_error (task, error);
  else if (error != NULL)
    g_error_free (error);
  else if (opening->pending == 0 && !g_task_had_error (task))
    g_task_return_boolean (task, TRUE);
}

/* ANY ($1) has no order of its own. */
static GPtrArray *
oba_customer_source_put_in_order (GPtrArray *customers,
                                  GArray    *ids)
{
  g_autoptr (GHashTable) by_id = g_hash_table_new (g_int64_hash, g_int64_equal);
  g_autofree gint64 *keys = g_new (gint64, customers->len);
  GPtrArray *ordered = g_ptr_array_new_full (ids->len, g_object_unref);

  for (guint i = 0; i < customers->len; i++)
    {
      keys[i] = oba_customer_get_id (customers->pdata[i]);
      g_hash_table_insert (by_id, &keys[i], customers->pdata[i]);
    }
  for (guint i = 0; i < ids->len; i++)
    {
      gpointer customer = g_hash_table_lookup (by_id, &g_array_index (ids, gint64, i));

      if (customer != NULL)
        g_ptr_array_add (ordered, g_object_ref (customer));
    }
  return ordered;
}

static void
oba_customer_source_first_cb (GObject      *pool,
                              GAsyncResult *result,
                              gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  ObaCustomerOpening *opening = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) customers = oba_customers_read_finish (result, &error);

  if (customers != NULL)
    opening->opening.records = oba_customer_source_put_in_order (customers, opening->first);
  oba_customer_opening_done (task, error);
}

static void
oba_customer_source_found_cb (GObject      *pool,
                              GAsyncResult *result,
                              gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  ObaCustomerSource *self = g_task_get_source_object (task);
  ObaCustomerOpening *opening = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GArray) ids = oba_customers_find_finish (result, &error);

  if (ids == NULL)
    {
      oba_customer_opening_done (task, error);
      return;
    }
  opening->first = g_array_sized_new (FALSE, FALSE, sizeof (gint64), MIN (ids->len, opening->n_first));
  g_array_append_vals (opening->first, ids->data, MIN (ids->len, opening->n_first));
  if (!oba_customer_query_is_all (self->query))
    {
      self->more = opening->n_found > 0 && ids->len > SEARCH_ROWS;
      opening->count = self->more ? SEARCH_ROWS : ids->len;
      if (!self->more)
        opening->opening.ids = g_steal_pointer (&ids);
    }
  oba_customers_read_async (self->pool, opening->first, self->segments, g_task_get_cancellable (task), oba_customer_source_first_cb,
                            g_object_ref (task));
}

/* A ranked search: its best and a count at once; every id after, unless these are all. */
static void
oba_customer_source_search_cb (GObject      *pool,
                               GAsyncResult *result,
                               gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  ObaCustomerSource *self = g_task_get_source_object (task);
  ObaCustomerOpening *opening = g_task_get_task_data (task);
  g_auto (ObaCustomersFound) found = { 0 };
  GError *error = NULL;

  if (!oba_customers_search_finish (result, &found, &error))
    {
      oba_customer_opening_done (task, error);
      return;
    }
  self->more = found.more;
  self->similar = found.similar;
  opening->count = found.count;
  opening->first = g_array_sized_new (FALSE, FALSE, sizeof (gint64), MIN (found.ids->len, opening->n_first));
  g_array_append_vals (opening->first, found.ids->data, MIN (found.ids->len, opening->n_first));
  if (found.count <= found.ids->len && !found.more)
    opening->opening.ids = g_steal_pointer (&found.ids);
  oba_customers_read_async (self->pool, opening->first, self->segments, g_task_get_cancellable (task), oba_customer_source_first_cb,
                            g_object_ref (task));
}

static void
oba_customer_source_count_cb (GObject      *pool,
                              GAsyncResult *result,
                              gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  ObaCustomerOpening *opening = g_task_get_task_data (task);
  GError *error = NULL;

  opening->count = oba_customers_count_finish (result, &error);
  oba_customer_opening_done (task, error);
}

/* Everybody: count and first rows side by side, the ids come after. With conditions: the first rows at once, and every id after, unless these are all. */
static void
oba_customer_source_open_async (ObaLazySource       *source,
                                guint                n_first,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  ObaCustomerSource *self = OBA_CUSTOMER_SOURCE (source);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  ObaCustomerOpening *opening = g_new0 (ObaCustomerOpening, 1);
  gboolean all = oba_customer_query_is_all (self->query);

  g_task_set_source_tag (task, oba_customer_source_open_async);
  g_task_set_task_data (task, opening, oba_customer_opening_free);
  opening->n_first = n_first;
  opening->pending = all ? 2 : 1;
  if (oba_customer_query_is_ranked (self->query))
    {
      oba_customers_search_async (self->pool, self->query, MAX (n_first, SEARCH_ROWS), cancellable, oba_customer_source_search_cb,
                                  g_object_ref (task));
      return;
    }
  if (all)
    opening->n_found = n_first;
  else
    opening->n_found = SEARCH_ROWS + 1;
  oba_customers_find_async (self->pool, self->query, opening->n_found, cancellable, oba_customer_source_found_cb, g_object_ref (task));
  if (all)
    oba_customers_count_async (self->pool, cancellable, oba_customer_source_count_cb, g_object_ref (task));
}

static gboolean
oba_customer_source_open_finish (ObaLazySource   *source,
                                 GAsyncResult    *result,
                                 ObaLazyOpening  *opening,
                                 GError         **error)
{
  ObaCustomerOpening *own = g_task_get_task_data (G_TASK (result));

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  *opening = own->opening;
  opening->count = (guint) MIN (own->count, G_MAXUINT - 1);
  own->opening = (ObaLazyOpening) { 0 };
  return TRUE;
}

static void
oba_customer_source_ids_cb (GObject      *pool,
                            GAsyncResult *result,
                            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  GArray *ids = oba_customers_find_finish (result, &error);

  if (ids != NULL)
    {
      OBA_CUSTOMER_SOURCE (g_task_get_source_object (task))->more = FALSE;
      g_task_return_pointer (task, ids, (GDestroyNotify) g_array_unref);
    }
  else
    g_task_return_error (task, error);
}

static void
oba_customer_source_read_ids_async (ObaLazySource       *source,
                                    GCancellable        *cancellable,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data)
{
  ObaCustomerSource *self = OBA_CUSTOMER_SOURCE (source);
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, oba_customer_source_read_ids_async);
  oba_customers_find_async (self->pool, self->query, 0, cancellable, oba_customer_source_ids_cb, task);
}

static void
oba_customer_source_rows_cb (GObject      *pool,
                             GAsyncResult *result,
                             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  GPtrArray *customers = oba_customers_read_finish (result, &error);

  if (customers != NULL)
    g_task_return_pointer (task, customers, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

static void
oba_customer_source_read_rows_async (ObaLazySource       *source,
                                     GArray              *ids,
                                     GCancellable        *cancellable,
                                     GAsyncReadyCallback  callback,
                                     gpointer             user_data)
{
  ObaCustomerSource *self = OBA_CUSTOMER_SOURCE (source);
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, oba_customer_source_read_rows_async);
  oba_customers_read_async (self->pool, ids, self->segments, cancellable, oba_customer_source_rows_cb, task);
}

static GArray *
oba_customer_source_read_ids_finish (ObaLazySource  *source,
                                     GAsyncResult   *result,
                                     GError        **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static GPtrArray *
oba_customer_source_read_rows_finish (ObaLazySource  *source,
                                      GAsyncResult   *result,
                                      GError        **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static gint64
oba_customer_source_get_id (ObaLazySource *source,
                            gpointer       record)
{
  return oba_customer_get_id (record);
}

static void
oba_customer_source_iface_init (ObaLazySourceInterface *iface)
{
  iface->open_async = oba_customer_source_open_async;
  iface->open_finish = oba_customer_source_open_finish;
  iface->read_ids_async = oba_customer_source_read_ids_async;
  iface->read_ids_finish = oba_customer_source_read_ids_finish;
  iface->read_rows_async = oba_customer_source_read_rows_async;
  iface->read_rows_finish = oba_customer_source_read_rows_finish;
  iface->get_id = oba_customer_source_get_id;
}

ObaLazySource *
oba_customer_source_new (ObaDbPool        *pool,
                         ObaCustomerQuery *query,
                         gboolean          segments)
{
  ObaCustomerSource *self = g_object_new (OBA_TYPE_CUSTOMER_SOURCE, NULL);

  self->pool = g_object_ref (pool);
  self->query = oba_customer_query_ref (query);
  self->segments = segments;
  return OBA_LAZY_SOURCE (self);
}

ObaCustomerQuery *
oba_customer_source_get_query (ObaCustomerSource *self)
{
  return self->query;
}

gboolean
oba_customer_source_has_segments (ObaCustomerSource *self)
{
  return self->segments;
}

gboolean
oba_customer_source_has_more (ObaCustomerSource *self)
{
  return self->more;
}

gboolean
oba_customer_source_is_similar (ObaCustomerSource *self)
{
  return self->similar;
}

static void
oba_customer_source_finalize (GObject *object)
{
  ObaCustomerSource *self = OBA_CUSTOMER_SOURCE (object);

  g_object_unref (self->pool);
  oba_customer_query_unref (self->query);

  G_OBJECT_CLASS (oba_customer_source_parent_class)->finalize (object);
}

static void
oba_customer_source_class_init (ObaCustomerSourceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = oba_customer_source_finalize;
}

static void
oba_customer_source_init (ObaCustomerSource *self)
{
}
