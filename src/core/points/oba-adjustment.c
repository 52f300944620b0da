#include "oba-adjustment.h"

#include <glib/gi18n-lib.h>

#include "customers/oba-customers.h"
#include "db/oba-db-list.h"
#include "db/oba-db-sql.h"

static const char *const codes[] = { "missing", "complaint", "goodwill", "promotion", "staff_error", "system_error", "misuse", "other", NULL };

static const char *const titles[] = {
  N_("Points were missing"), N_("Complaint"), N_("Goodwill"), N_("Promotion"), N_("Mistake of staff"), N_("Fault of the system"), N_("Points were misused"), N_("Another reason"),
};

const char *const *
oba_adjustment_reason_codes (void)
{
  return codes;
}

const char *
oba_adjustment_reason_title (const char *code)
{
  for (guint i = 0; codes[i] != NULL; i++)
    if (g_strcmp0 (codes[i], code) == 0)
      return _(titles[i]);
  return NULL;
}

JsonNode *
oba_adjustment_request (gint64 customer_id, gint64 points, const char *code, const char *text)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "customer_id", customer_id);
  json_object_set_int_member (object, "points", points);
  json_object_set_string_member (object, "reason_code", code);
  if (text != NULL && *text != '\0')
    json_object_set_string_member (object, "reason", text);
  json_node_take_object (node, object);
  return node;
}

JsonNode *
oba_adjustment_undo_request (gint64 adjustment_id)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "undo", adjustment_id);
  json_node_take_object (node, object);
  return node;
}

/* ---- the preview */

static void
preview_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_write_finish (OBA_DB_POOL (pool), result, &error);
  g_autoptr (JsonNode) node = NULL;

  if (rows == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  node = json_from_string (oba_db_result_get_text (rows, 0, 0), NULL);
  g_task_return_pointer (task, oba_correction_preview_new_from_json (json_node_get_object (node)), (GDestroyNotify) oba_correction_preview_free);
}

void
oba_adjustment_preview_async (ObaDbPool *pool, JsonNode *request, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (pool, cancellable, callback, user_data);
  g_autofree char *text = json_to_string (request, FALSE);
  g_autoptr (ObaDbParams) params = oba_db_params_build ("tt", text, oba_customers_get_language ());

  g_task_set_source_tag (task, oba_adjustment_preview_async);
  /* It does and undoes what it shows: a replica or a read-only connection cannot. */
  oba_db_pool_write_async (pool, oba_db_sql ("points/adjustment-preview.sql"), params, cancellable, preview_cb, task);
}

ObaCorrectionPreview *
oba_adjustment_preview_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- those that were made */

void
oba_adjustment_free (ObaAdjustment *self)
{
  g_clear_pointer (&self->at, g_date_time_unref);
  g_free (self->reason_code);
  g_free (self->reason);
  g_free (self->who);
  g_free (self->agreed);
  g_free (self);
}

static gpointer
read_adjustment (ObaDbResult *rows, guint row)
{
  ObaAdjustment *self = g_new0 (ObaAdjustment, 1);

  self->id = oba_db_row_int64 (rows, row, "adjustment_id");
  self->points = oba_db_row_int64 (rows, row, "points");
  self->reason_code = g_strdup (oba_db_row_text (rows, row, "reason_code"));
  self->reason = g_strdup (oba_db_row_text (rows, row, "reason"));
  self->at = oba_db_row_time (rows, row, "made_at");
  self->who = g_strdup (oba_db_row_text (rows, row, "who"));
  self->agreed = g_strdup (oba_db_row_text (rows, row, "agreed"));
  self->undone = oba_db_row_bool (rows, row, "undone");
  return self;
}

void
oba_adjustments_read_async (ObaDbPool *pool, gint64 customer_id, guint limit, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("ii", customer_id, (gint64) limit);

  oba_db_list_read_async (pool, oba_db_sql ("points/adjustments.sql"), params, read_adjustment, (GDestroyNotify) oba_adjustment_free, oba_adjustments_read_async, cancellable, callback, user_data);
}

GPtrArray *
oba_adjustments_read_finish (GAsyncResult *result, GError **error)
{
  return oba_db_list_read_finish (result, error);
}
