#include "oba-redemptions.h"

#include "db/oba-db-request.h"
#include "db/oba-db-rules.h"
#include "db/oba-db-sql.h"

/* ---- which */

ObaRedemptionFilter *
oba_redemption_filter_copy (const ObaRedemptionFilter *self)
{
  ObaRedemptionFilter *copy = g_memdup2 (self, sizeof *self);

  copy->state = g_intern_string (self->state);
  copy->through = g_intern_string (self->through);
  copy->kind = g_intern_string (self->kind);
  copy->search = g_strdup (self->search);
  return copy;
}

void
oba_redemption_filter_free (ObaRedemptionFilter *self)
{
  g_free ((char *) self->search);
  g_free (self);
}

gboolean
oba_redemption_filter_is_empty (const ObaRedemptionFilter *self)
{
  return self->state == NULL && self->reward_id == 0 && self->store_id == 0 && self->through == NULL && self->customer_id == 0 && self->hours == 0 && !self->late && !self->needs_me
         && self->kind == NULL && !g_date_valid (&self->from) && !g_date_valid (&self->to) && self->search == NULL;
}

/* ---- ids */

static void
add_number (ObaDbParams *params, gint64 number)
{
  if (number != 0)
    oba_db_params_add_int64 (params, number);
  else
    oba_db_params_add_null (params);
}

static void
add_day (ObaDbParams *params, const GDate *day)
{
  char text[32] = "";

  if (g_date_valid (day))
    g_date_strftime (text, sizeof text, "%Y-%m-%d", day);
  oba_db_params_add_text (params, *text != '\0' ? text : NULL);
}

static void
ids_cb (GObject *pool, GAsyncResult *answer, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (OBA_DB_POOL (pool), answer, &error);
  GArray *ids;

  if (rows == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  ids = g_array_sized_new (FALSE, FALSE, sizeof (gint64), oba_db_result_get_n_rows (rows));
  for (guint i = 0; i < oba_db_result_get_n_rows (rows); i++)
    {
      gint64 id = oba_db_result_get_int64 (rows, i, 0);

      g_array_append_val (ids, id);
    }
  g_task_return_pointer (task, ids, (GDestroyNotify) g_array_unref);
}

void
oba_redemptions_ids_async (ObaDbPool *pool, const ObaRedemptionFilter *filter, gboolean descending, gint64 after, guint limit, GCancellable *cancellable, GAsyncReadyCallback callback,
                           gpointer user_data)
{
  GTask *task = g_task_new (pool, cancellable, callback, user_data);
  g_autoptr (ObaDbParams) params = oba_db_params_new ();

  g_task_set_source_tag (task, oba_redemptions_ids_async);
  oba_db_params_add_text (params, filter->state);
  add_number (params, filter->reward_id);
  add_number (params, filter->store_id);
  oba_db_params_add_text (params, filter->through);
  add_number (params, filter->customer_id);
  add_number (params, filter->hours);
  oba_db_params_add_bool (params, filter->late);
  oba_db_params_add_bool (params, filter->needs_me);
  oba_db_params_add_text (params, filter->search);
  add_number (params, after);
  oba_db_params_add_int64 (params, limit);
  oba_db_params_add_text (params, filter->kind);
  add_day (params, &filter->from);
  add_day (params, &filter->to);
  oba_db_pool_read_async (pool, oba_db_sql (descending ? "redemptions/newest.sql" : "redemptions/oldest.sql"), params, cancellable, ids_cb, task);
}

GArray *
oba_redemptions_ids_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- rows */

static void
rows_cb (GObject *pool, GAsyncResult *answer, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (OBA_DB_POOL (pool), answer, &error);
  GPtrArray *records;

  if (rows == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  records = g_ptr_array_new_full (oba_db_result_get_n_rows (rows), g_object_unref);
  for (guint i = 0; i < oba_db_result_get_n_rows (rows); i++)
    g_ptr_array_add (records, oba_redemption_new_from_result (rows, i));
  g_task_return_pointer (task, records, (GDestroyNotify) g_ptr_array_unref);
}

void
oba_redemptions_rows_async (ObaDbPool *pool, GArray *ids, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (pool, cancellable, callback, user_data);
  g_autoptr (ObaDbParams) params = oba_db_params_new ();

  g_task_set_source_tag (task, oba_redemptions_rows_async);
  oba_db_params_add_int64_array (params, (const gint64 *) (gpointer) ids->data, ids->len);
  oba_db_pool_read_async (pool, oba_db_sql ("redemptions/rows.sql"), params, cancellable, rows_cb, task);
}

GPtrArray *
oba_redemptions_rows_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- steps */

static void
event_free (ObaRedemptionEvent *event)
{
  g_free (event->who);
  g_free (event->store);
  g_free (event->reason);
  g_free (event);
}

static void
events_cb (GObject *pool, GAsyncResult *answer, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (OBA_DB_POOL (pool), answer, &error);
  GPtrArray *events;

  if (rows == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  events = g_ptr_array_new_with_free_func ((GDestroyNotify) event_free);
  for (guint i = 0; i < oba_db_result_get_n_rows (rows); i++)
    {
      ObaRedemptionEvent *event = g_new0 (ObaRedemptionEvent, 1);

      event->at = oba_db_result_get_int64 (rows, i, 0);
      event->state = g_intern_string (oba_db_result_get_text (rows, i, 1));
      event->who = g_strdup (oba_db_result_get_text (rows, i, 2));
      event->through = g_intern_string (oba_db_result_get_text (rows, i, 3));
      event->store = g_strdup (oba_db_result_get_text (rows, i, 4));
      event->till = oba_db_result_get_int64 (rows, i, 5);
      event->reason = g_strdup (oba_db_result_get_text (rows, i, 6));
      g_ptr_array_add (events, event);
    }
  g_task_return_pointer (task, events, (GDestroyNotify) g_ptr_array_unref);
}

void
oba_redemptions_events_async (ObaDbPool *pool, gint64 id, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (pool, cancellable, callback, user_data);
  g_autoptr (ObaDbParams) params = oba_db_params_build ("i", id);

  g_task_set_source_tag (task, oba_redemptions_events_async);
  oba_db_pool_read_async (pool, oba_db_sql ("redemptions/events.sql"), params, cancellable, events_cb, task);
}

GPtrArray *
oba_redemptions_events_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- the dry run */

static void
preview_free (ObaRedemptionPreview *preview)
{
  g_free (preview->code);
  g_free (preview->message);
  g_free (preview->hint);
  g_free (preview);
}

static void
preview_cb (GObject *pool, GAsyncResult *answer, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (OBA_DB_POOL (pool), answer, &error);
  GPtrArray *previews;

  if (rows == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  previews = g_ptr_array_new_with_free_func ((GDestroyNotify) preview_free);
  for (guint i = 0; i < oba_db_result_get_n_rows (rows); i++)
    {
      ObaRedemptionPreview *preview = g_new0 (ObaRedemptionPreview, 1);

      preview->id = oba_db_result_get_int64 (rows, i, 0);
      preview->customer_id = oba_db_result_get_int64 (rows, i, 1);
      preview->state = g_intern_string (oba_db_result_get_text (rows, i, 2));
      preview->code = g_strdup (oba_db_result_get_text (rows, i, 3));
      preview->message = oba_db_rules_translate (oba_db_result_get_text (rows, i, 4));
      preview->hint = oba_db_rules_translate (oba_db_result_get_text (rows, i, 5));
      preview->points = oba_db_result_get_int64 (rows, i, 6);
      g_ptr_array_add (previews, preview);
    }
  g_task_return_pointer (task, previews, (GDestroyNotify) g_ptr_array_unref);
}

void
oba_redemptions_preview_async (ObaDbPool *pool, GArray *ids, const char *state, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (pool, cancellable, callback, user_data);
  g_autoptr (ObaDbParams) params = oba_db_params_new ();

  g_task_set_source_tag (task, oba_redemptions_preview_async);
  oba_db_params_add_int64_array (params, (const gint64 *) (gpointer) ids->data, MIN (ids->len, OBA_REDEMPTIONS_MAX_PREVIEW));
  oba_db_params_add_text (params, state);
  oba_db_pool_read_async (pool, oba_db_sql ("redemptions/preview.sql"), params, cancellable, preview_cb, task);
}

GPtrArray *
oba_redemptions_preview_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- the deed */

void
oba_redemptions_move_async (ObaDbPool *pool, gint64 customer_id, gint64 id, const char *state, const char *seen, gboolean undo, const char *reason, const char *key, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *request = json_object_new ();

  json_object_set_int_member (request, "customer_id", customer_id);
  json_object_set_int_member (request, "redemption_id", id);
  json_object_set_string_member (request, "state", state);
  json_object_set_string_member (request, "seen", seen);
  if (undo)
    json_object_set_boolean_member (request, "undo", TRUE);
  if (reason != NULL && *reason != '\0')
    json_object_set_string_member (request, "reason", reason);
  json_node_take_object (node, request);
  oba_db_request_async (pool, "move_redemption", node, key, cancellable, callback, user_data);
}
