#include "oba-store.h"

#include "db/oba-db-sql.h"

struct _ObaStore
{
  GObject  parent_instance;
  gint64   id;
  char    *name;
  char    *place;
  gboolean closed;
};

G_DEFINE_FINAL_TYPE (ObaStore, oba_store, G_TYPE_OBJECT)

static void
oba_store_finalize (GObject *object)
{
  ObaStore *self = OBA_STORE (object);

  g_free (self->name);
  g_free (self->place);
  G_OBJECT_CLASS (oba_store_parent_class)->finalize (object);
}

static void
oba_store_class_init (ObaStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = oba_store_finalize;
}

static void
oba_store_init (ObaStore *self)
{
}

/* Columns of stores.sql. */
static ObaStore *
oba_store_new_from_result (ObaDbResult *result,
                           guint        row)
{
  ObaStore *self = g_object_new (OBA_TYPE_STORE, NULL);
  const char *city = oba_db_result_get_text (result, row, 3);
  const char *district = oba_db_result_get_text (result, row, 4);

  self->id = oba_db_result_get_int64 (result, row, 0);
  self->name = g_strdup (oba_db_result_get_text (result, row, 2));
  self->place = g_strconcat (city, *city != '\0' && *district != '\0' ? ", " : "", district, NULL);
  self->closed = oba_db_result_get_bool (result, row, 5);
  return self;
}

gint64
oba_store_get_id (ObaStore *self)
{
  return self->id;
}

const char *
oba_store_get_name (ObaStore *self)
{
  return self->name;
}

const char *
oba_store_get_place (ObaStore *self)
{
  return self->place;
}

gboolean
oba_store_is_closed (ObaStore *self)
{
  return self->closed;
}

static void
oba_stores_read_cb (GObject      *pool,
                    GAsyncResult *answer,
                    gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) result = oba_db_pool_read_finish (OBA_DB_POOL (pool), answer, &error);
  g_autoptr (GPtrArray) stores = g_ptr_array_new_with_free_func (g_object_unref);

  if (result == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  for (guint i = 0; i < oba_db_result_get_n_rows (result); i++)
    g_ptr_array_add (stores, oba_store_new_from_result (result, i));
  g_task_return_pointer (task, g_steal_pointer (&stores), (GDestroyNotify) g_ptr_array_unref);
}

static void
oba_stores_ask (ObaDbPool           *pool,
                const char          *text,
                gint64               id,
                guint                limit,
                GCancellable        *cancellable,
                GAsyncReadyCallback  callback,
                gpointer             user_data)
{
  GTask *task = g_task_new (pool, cancellable, callback, user_data);
  g_autoptr (ObaDbParams) params = oba_db_params_build ("tii", text, id, (gint64) limit);

  g_task_set_source_tag (task, oba_stores_ask);
  oba_db_pool_read_async (pool, oba_db_sql ("customers/stores.sql"), params, cancellable, oba_stores_read_cb, task);
}

void
oba_stores_find_async (ObaDbPool           *pool,
                       const char          *text,
                       guint                limit,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  oba_stores_ask (pool, text, 0, limit, cancellable, callback, user_data);
}

void
oba_stores_read_async (ObaDbPool           *pool,
                       gint64               id,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  oba_stores_ask (pool, "", id, 1, cancellable, callback, user_data);
}

GPtrArray *
oba_stores_find_finish (GAsyncResult  *result,
                        GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
