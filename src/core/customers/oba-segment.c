#include "oba-segment.h"

#include "db/oba-db-request.h"
#include "db/oba-db-sql.h"

ObaSegment *
oba_segment_new (const char              *name,
                 const char              *description,
                 const ObaCustomerFilter *filter)
{
  ObaSegment *self = g_new0 (ObaSegment, 1);

  self->name = g_strdup (name);
  self->description = g_strdup (description);
  self->filter = filter != NULL ? oba_customer_filter_copy (filter) : NULL;
  self->owner = g_strdup ("");
  self->owner_name = g_strdup ("");
  self->n_members = filter != NULL ? -1 : 0;
  self->may_change = TRUE;
  return self;
}

ObaSegment *
oba_segment_copy (const ObaSegment *self)
{
  ObaSegment *copy = g_memdup2 (self, sizeof *self);

  copy->name = g_strdup (self->name);
  copy->description = g_strdup (self->description);
  copy->filter = self->filter != NULL ? oba_customer_filter_copy (self->filter) : NULL;
  copy->owner = g_strdup (self->owner);
  copy->owner_name = g_strdup (self->owner_name);
  return copy;
}

void
oba_segment_free (ObaSegment *self)
{
  g_free (self->name);
  g_free (self->description);
  g_clear_pointer (&self->filter, oba_customer_filter_free);
  g_free (self->owner);
  g_free (self->owner_name);
  g_free (self);
}

/* A rule that cannot be read (a newer program made it) is not offered: it would be taken for another one. */
static ObaSegment *
oba_segment_new_from_result (ObaDbResult *result,
                             guint        row)
{
  g_autoptr (ObaCustomerFilter) filter = NULL;
  g_autoptr (GDateTime) created = oba_db_result_get_time (result, row, 11);
  ObaSegment *self;

  if (g_str_equal (oba_db_result_get_text (result, row, 3), "rule"))
    {
      filter = oba_customer_filter_from_json (oba_db_result_get_text (result, row, 4), NULL);
      if (filter == NULL)
        return NULL;
    }
  self = oba_segment_new (oba_db_result_get_text (result, row, 1), oba_db_result_get_text (result, row, 2), filter);
  self->id = oba_db_result_get_int64 (result, row, 0);
  g_free (self->owner);
  self->owner = g_strdup (oba_db_result_get_text (result, row, 5));
  self->created = created != NULL ? g_date_time_to_unix (created) : 0;
  self->version = oba_db_result_get_int64 (result, row, 6);
  self->archived = oba_db_result_get_bool (result, row, 7);
  self->may_change = oba_db_result_get_bool (result, row, 8);
  self->n_members = oba_db_result_get_int64 (result, row, 9);
  g_free (self->owner_name);
  self->owner_name = g_strdup (oba_db_result_get_text (result, row, 10));
  return self;
}

static void
oba_segments_list_cb (GObject      *pool,
                      GAsyncResult *answer,
                      gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (ObaDbResult) result = oba_db_pool_read_finish (OBA_DB_POOL (pool), answer, &error);
  GPtrArray *segments;

  if (result == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  segments = g_ptr_array_new_with_free_func ((GDestroyNotify) oba_segment_free);
  for (guint i = 0; i < oba_db_result_get_n_rows (result); i++)
    {
      ObaSegment *segment = oba_segment_new_from_result (result, i);

      if (segment != NULL)
        g_ptr_array_add (segments, segment);
    }
  g_task_return_pointer (task, segments, (GDestroyNotify) g_ptr_array_unref);
}

void
oba_segments_list_async (ObaDbPool           *pool,
                         gboolean             archived,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  GTask *task = g_task_new (pool, cancellable, callback, user_data);
  g_autoptr (ObaDbParams) params = oba_db_params_build ("b", archived);

  g_task_set_source_tag (task, oba_segments_list_async);
  oba_db_pool_read_async (pool, oba_db_sql ("customers/segments.sql"), params, cancellable, oba_segments_list_cb, task);
}

GPtrArray *
oba_segments_list_finish (GAsyncResult  *result,
                          GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
oba_segment_count_cb (GObject      *pool,
                      GAsyncResult *answer,
                      gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (ObaDbResult) result = oba_db_pool_read_finish (OBA_DB_POOL (pool), answer, &error);

  if (result == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_int (task, (gssize) oba_db_result_get_int64 (result, 0, 0));
}

void
oba_segment_count_async (ObaDbPool           *pool,
                         gint64               id,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  GTask *task = g_task_new (pool, cancellable, callback, user_data);
  g_autoptr (ObaDbParams) params = oba_db_params_build ("i", id);

  g_task_set_source_tag (task, oba_segment_count_async);
  oba_db_pool_read_async (pool, oba_db_sql ("customers/segment-size.sql"), params, cancellable, oba_segment_count_cb, task);
}

gint64
oba_segment_count_finish (GAsyncResult  *result,
                          GError       **error)
{
  return g_task_propagate_int (G_TASK (result), error);
}

/* ---- writes */

static void
oba_segment_request_cb (GObject      *pool,
                        GAsyncResult *answer,
                        gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  JsonObject *object = oba_db_request_finish (OBA_DB_POOL (pool), answer, &error);

  if (object != NULL)
    g_task_return_pointer (task, object, (GDestroyNotify) json_object_unref);
  else
    g_task_return_error (task, error);
}

/* @builder: a request whose object is still open. */
static void
oba_segment_request (ObaDbPool           *pool,
                     const char          *action,
                     JsonBuilder         *builder,
                     const char          *key,
                     GCancellable        *cancellable,
                     GAsyncReadyCallback  callback,
                     gpointer             user_data)
{
  GTask *task = g_task_new (pool, cancellable, callback, user_data);
  g_autoptr (JsonNode) request = NULL;

  json_builder_end_object (builder);
  request = json_builder_get_root (builder);
  g_task_set_name (task, action);
  oba_db_request_async (pool, action, request, key, cancellable, oba_segment_request_cb, task);
}

static void
add_int (JsonBuilder *builder,
         const char  *name,
         gint64       value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

static void
add_text (JsonBuilder *builder,
          const char  *name,
          const char  *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

void
oba_segment_save_async (ObaDbPool           *pool,
                        const ObaSegment    *segment,
                        const char          *key,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  if (segment->id != 0)
    {
      add_int (builder, "segment_id", segment->id);
      add_int (builder, "version", segment->version);
    }
  else
    add_text (builder, "kind", segment->filter != NULL ? "rule" : "static");
  add_text (builder, "name", segment->name);
  add_text (builder, "description", segment->description);
  if (segment->filter != NULL)
    {
      json_builder_set_member_name (builder, "filter");
      json_builder_add_value (builder, oba_customer_filter_to_node (segment->filter));
    }
  oba_segment_request (pool, "save_segment", builder, key, cancellable, callback, user_data);
}

gint64
oba_segment_save_finish (GAsyncResult  *result,
                         GError       **error)
{
  g_autoptr (JsonObject) answer = g_task_propagate_pointer (G_TASK (result), error);

  return answer != NULL ? json_object_get_int_member (answer, "segment_id") : 0;
}

static void
add_ids (JsonBuilder *builder,
         const char  *name,
         GArray      *ids)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (guint i = 0; ids != NULL && i < ids->len; i++)
    json_builder_add_int_value (builder, g_array_index (ids, gint64, i));
  json_builder_end_array (builder);
}

void
oba_segment_change_members_async (ObaDbPool           *pool,
                                  gint64               id,
                                  GArray              *add,
                                  GArray              *remove,
                                  const char          *key,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  add_int (builder, "segment_id", id);
  add_ids (builder, "add", add);
  add_ids (builder, "remove", remove);
  oba_segment_request (pool, "change_segment_members", builder, key, cancellable, callback, user_data);
}

gboolean
oba_segment_change_members_finish (GAsyncResult  *result,
                                   gint64        *added,
                                   gint64        *removed,
                                   GError       **error)
{
  g_autoptr (JsonObject) answer = g_task_propagate_pointer (G_TASK (result), error);

  if (answer == NULL)
    return FALSE;
  if (added != NULL)
    *added = json_object_get_int_member (answer, "added");
  if (removed != NULL)
    *removed = json_object_get_int_member (answer, "removed");
  return TRUE;
}

void
oba_segment_archive_async (ObaDbPool           *pool,
                           const ObaSegment    *segment,
                           gboolean             archived,
                           const char          *key,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  add_int (builder, "segment_id", segment->id);
  add_int (builder, "version", segment->version);
  json_builder_set_member_name (builder, "archived");
  json_builder_add_boolean_value (builder, archived);
  oba_segment_request (pool, "archive_segment", builder, key, cancellable, callback, user_data);
}

gboolean
oba_segment_archive_finish (GAsyncResult  *result,
                            GError       **error)
{
  g_autoptr (JsonObject) answer = g_task_propagate_pointer (G_TASK (result), error);

  return answer != NULL;
}
