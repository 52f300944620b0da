#include "oba-store.h"

#include "db/oba-db-list.h"
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
static gpointer
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
oba_stores_ask (ObaDbPool           *pool,
                const char          *text,
                gint64               id,
                guint                limit,
                GCancellable        *cancellable,
                GAsyncReadyCallback  callback,
                gpointer             user_data)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("tii", text, id, (gint64) limit);

  oba_db_list_read_async (pool, oba_db_sql ("customers/stores.sql"), params, oba_store_new_from_result, g_object_unref, oba_stores_ask, cancellable, callback, user_data);
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
  return oba_db_list_read_finish (result, error);
}
