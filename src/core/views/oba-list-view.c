#include "oba-list-view.h"

#include "db/oba-db-request.h"
#include "db/oba-db-sql.h"

ObaListView *
oba_list_view_new (const char          *page,
                   const ObaFilterSpec *spec,
                   const char          *name)
{
  ObaListView *self = g_new0 (ObaListView, 1);

  self->name = g_strdup (name);
  self->owner = g_strdup ("");
  self->owner_name = g_strdup ("");
  self->page = g_strdup (page);
  self->filter = oba_filter_new (spec);
  self->sort = g_strdup ("");
  self->may_change = TRUE;
  self->own = TRUE;
  return self;
}

ObaListView *
oba_list_view_copy (const ObaListView *self)
{
  ObaListView *copy = g_memdup2 (self, sizeof *self);

  copy->name = g_strdup (self->name);
  copy->owner = g_strdup (self->owner);
  copy->owner_name = g_strdup (self->owner_name);
  copy->page = g_strdup (self->page);
  copy->filter = oba_filter_copy (self->filter);
  copy->sort = g_strdup (self->sort);
  copy->columns = g_strdupv (self->columns);
  return copy;
}

void
oba_list_view_free (ObaListView *self)
{
  g_free (self->name);
  g_free (self->owner);
  g_free (self->owner_name);
  g_free (self->page);
  oba_filter_free (self->filter);
  g_free (self->sort);
  g_strfreev (self->columns);
  g_free (self);
}

static char **
oba_list_view_parse_columns (const char *json)
{
  g_autoptr (JsonNode) node = *json != '\0' ? json_from_string (json, NULL) : NULL;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return NULL;
  for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
    g_strv_builder_add (builder, json_array_get_string_element (json_node_get_array (node), i));
  return g_strv_builder_end (builder);
}

/* A view that cannot be read (a newer program made it) is not offered: it would show something else. */
static ObaListView *
oba_list_view_new_from_result (ObaDbResult         *result,
                               guint                row,
                               const ObaFilterSpec *spec)
{
  const char *json = oba_db_result_get_text (result, row, 5);
  ObaFilter *filter = *json != '\0' ? oba_filter_from_json (spec, json, NULL) : oba_filter_new (spec);
  ObaListView *self;

  if (filter == NULL)
    return NULL;
  self = g_new0 (ObaListView, 1);
  self->filter = filter;
  self->id = oba_db_result_get_int64 (result, row, 0);
  self->name = g_strdup (oba_db_result_get_text (result, row, 1));
  self->owner = g_strdup (oba_db_result_get_text (result, row, 2));
  self->shared = oba_db_result_get_bool (result, row, 3);
  self->page = g_strdup (oba_db_result_get_text (result, row, 4));
  self->sort = g_strdup (oba_db_result_get_text (result, row, 6));
  self->descending = oba_db_result_get_bool (result, row, 7);
  self->columns = oba_list_view_parse_columns (oba_db_result_get_text (result, row, 8));
  self->version = oba_db_result_get_int64 (result, row, 9);
  self->may_change = oba_db_result_get_bool (result, row, 10);
  self->own = oba_db_result_get_bool (result, row, 11);
  self->owner_name = g_strdup (oba_db_result_get_text (result, row, 12));
  return self;
}

static void
oba_list_views_list_cb (GObject      *pool,
                        GAsyncResult *answer,
                        gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (ObaDbResult) result = oba_db_pool_read_finish (OBA_DB_POOL (pool), answer, &error);
  GPtrArray *views;

  if (result == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  views = g_ptr_array_new_with_free_func ((GDestroyNotify) oba_list_view_free);
  for (guint i = 0; i < oba_db_result_get_n_rows (result); i++)
    {
      ObaListView *view = oba_list_view_new_from_result (result, i, g_task_get_task_data (task));

      if (view != NULL)
        g_ptr_array_add (views, view);
    }
  g_task_return_pointer (task, views, (GDestroyNotify) g_ptr_array_unref);
}

void
oba_list_views_list_async (ObaDbPool           *pool,
                           const char          *page,
                           const ObaFilterSpec *spec,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  GTask *task = g_task_new (pool, cancellable, callback, user_data);
  g_autoptr (ObaDbParams) params = oba_db_params_build ("t", page);

  g_task_set_source_tag (task, oba_list_views_list_async);
  g_task_set_task_data (task, (gpointer) spec, NULL);
  oba_db_pool_read_async (pool, oba_db_sql ("views/list-views.sql"), params, cancellable, oba_list_views_list_cb, task);
}

GPtrArray *
oba_list_views_list_finish (GAsyncResult  *result,
                            GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- writes */

static void
oba_list_view_request_cb (GObject      *pool,
                          GAsyncResult *answer,
                          gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (JsonObject) object = oba_db_request_finish (OBA_DB_POOL (pool), answer, &error);
  gint64 *id = g_new0 (gint64, 1);

  if (object == NULL)
    {
      g_free (id);
      g_task_return_error (task, error);
      return;
    }
  *id = json_object_get_int_member (object, "view_id");
  g_task_return_pointer (task, id, g_free);
}

static gint64
oba_list_view_propagate_id (GAsyncResult  *result,
                            GError       **error)
{
  g_autofree gint64 *id = g_task_propagate_pointer (G_TASK (result), error);

  return id != NULL ? *id : 0;
}

static void
add_text (JsonBuilder *builder,
          const char  *name,
          const char  *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

static void
add_boolean (JsonBuilder *builder,
             const char  *name,
             gboolean     value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_boolean_value (builder, value);
}

/* Which one is meant, as it was read. */
static void
add_identity (JsonBuilder       *builder,
              const ObaListView *view)
{
  json_builder_set_member_name (builder, "view_id");
  json_builder_add_int_value (builder, view->id);
  json_builder_set_member_name (builder, "version");
  json_builder_add_int_value (builder, view->version);
}

static void
add_query (JsonBuilder       *builder,
           const ObaListView *view)
{
  json_builder_set_member_name (builder, "query");
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "filter");
  json_builder_add_value (builder, oba_filter_to_node (view->filter));
  if (*view->sort != '\0')
    add_text (builder, "sort", view->sort);
  add_boolean (builder, "descending", view->descending);
  if (view->columns != NULL && view->columns[0] != NULL)
    {
      json_builder_set_member_name (builder, "columns");
      json_builder_begin_array (builder);
      for (guint i = 0; view->columns[i] != NULL; i++)
        json_builder_add_string_value (builder, view->columns[i]);
      json_builder_end_array (builder);
    }
  json_builder_end_object (builder);
}

void
oba_list_view_save_async (ObaDbPool           *pool,
                          const ObaListView   *view,
                          const char          *key,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  GTask *task = g_task_new (pool, cancellable, callback, user_data);
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) request = NULL;

  json_builder_begin_object (builder);
  if (view->id != 0)
    add_identity (builder, view);
  else
    add_text (builder, "page", view->page);
  add_text (builder, "name", view->name);
  add_boolean (builder, "shared", view->shared);
  add_query (builder, view);
  json_builder_end_object (builder);
  request = json_builder_get_root (builder);
  g_task_set_source_tag (task, oba_list_view_save_async);
  oba_db_request_async (pool, "save_view", request, key, cancellable, oba_list_view_request_cb, task);
}

gint64
oba_list_view_save_finish (GAsyncResult  *result,
                           GError       **error)
{
  return oba_list_view_propagate_id (result, error);
}

void
oba_list_view_delete_async (ObaDbPool           *pool,
                            const ObaListView   *view,
                            const char          *key,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  GTask *task = g_task_new (pool, cancellable, callback, user_data);
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) request = NULL;

  json_builder_begin_object (builder);
  add_identity (builder, view);
  json_builder_end_object (builder);
  request = json_builder_get_root (builder);
  g_task_set_source_tag (task, oba_list_view_delete_async);
  oba_db_request_async (pool, "delete_view", request, key, cancellable, oba_list_view_request_cb, task);
}

gboolean
oba_list_view_delete_finish (GAsyncResult  *result,
                             GError       **error)
{
  return oba_list_view_propagate_id (result, error) != 0;
}
