#include "oba-approvals.h"

#include "customers/oba-customers.h"
#include "db/oba-db-sql.h"

/* ---- one request */

static void
receipt_free (ObaApprovalReceipt *self)
{
  g_free (self->store);
  g_free (self->number);
  g_free (self);
}

void
oba_approval_free (ObaApproval *self)
{
  g_clear_pointer (&self->source, oba_merge_person_unref);
  g_clear_pointer (&self->survivor, oba_merge_person_unref);
  g_clear_pointer (&self->merge, oba_merge_preview_free);
  g_clear_pointer (&self->erasure, oba_erasure_free);
  g_free (self->person);
  g_clear_pointer (&self->receipt, receipt_free);
  g_clear_pointer (&self->correction, oba_correction_preview_free);
  g_clear_pointer (&self->requested_at, g_date_time_unref);
  g_clear_pointer (&self->decided_at, g_date_time_unref);
  g_free (self->kind);
  g_free (self->state);
  g_free (self->requested_by);
  g_free (self->reason);
  g_free (self->seen);
  g_free (self->decided_by);
  g_free (self->decision_reason);
  g_free (self->reason_code);
  g_free (self);
}

JsonNode *
oba_approval_decide_request (gint64 id, gboolean approve, const char *seen, const char *reason)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "approval_id", id);
  json_object_set_boolean_member (object, "approve", approve);
  if (seen != NULL)
    json_object_set_string_member (object, "seen", seen);
  if (reason != NULL)
    json_object_set_string_member (object, "reason", reason);
  json_node_take_object (node, object);
  return node;
}

JsonNode *
oba_approval_withdraw_request (gint64 id)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "approval_id", id);
  json_node_take_object (node, object);
  return node;
}

/* ---- reading them: first the rows, then the customers whom they name */

static ObaApprovalReceipt *
read_receipt (ObaDbResult *rows, guint row)
{
  g_autoptr (GDateTime) at = oba_db_row_time (rows, row, "sold_at");
  ObaApprovalReceipt *self;

  if (at == NULL)
    return NULL;
  self = g_new0 (ObaApprovalReceipt, 1);
  self->at = g_date_time_to_unix (at) * G_USEC_PER_SEC + g_date_time_get_microsecond (at);
  self->key = (ObaReceiptKey) { oba_db_row_int64 (rows, row, "receipt_customer"), self->at, oba_db_row_int64 (rows, row, "receipt_id") };
  self->store = g_strdup (oba_db_row_text (rows, row, "store"));
  self->till = (int) oba_db_row_int64 (rows, row, "till");
  self->number = g_strdup (oba_db_row_text (rows, row, "receipt_no"));
  self->total = oba_db_row_int64 (rows, row, "total");
  return self;
}

static void
read_erasure (ObaApproval *self, JsonObject *preview)
{
  JsonObject *people = json_object_get_object_member (preview, "people");
  g_autoptr (GList) names = json_object_get_values (people);

  self->erasure = oba_erasure_new_from_json (0, preview);
  self->person = g_strdup (names != NULL ? json_node_get_string (names->data) : "");
}

static void
read_effect (ObaApproval *self, ObaDbResult *rows, guint row)
{
  g_autoptr (JsonNode) preview = json_from_string (oba_db_row_text (rows, row, "preview"), NULL);

  if (oba_db_row_bool (rows, row, "correction"))
    {
      self->correction = oba_correction_preview_new_from_json (json_node_get_object (preview));
      self->receipt = read_receipt (rows, row);
    }
  else if (g_str_equal (self->kind, "erasure"))
    read_erasure (self, json_node_get_object (preview));
  else
    self->merge = oba_merge_preview_new_from_json (json_node_get_object (preview));
}

static ObaApproval *
read_approval (ObaDbResult *rows, guint row)
{
  ObaApproval *self = g_new0 (ObaApproval, 1);

  self->id = oba_db_row_int64 (rows, row, "approval_id");
  self->kind = g_strdup (oba_db_row_text (rows, row, "kind"));
  self->state = g_strdup (oba_db_row_text (rows, row, "state"));
  self->requested_at = oba_db_row_time (rows, row, "requested_at");
  self->requested_by = g_strdup (oba_db_row_text (rows, row, "requested_by"));
  self->reason = g_strdup (oba_db_row_text (rows, row, "reason"));
  self->is_mine = oba_db_row_bool (rows, row, "mine");
  self->is_renewed = oba_db_row_bool (rows, row, "renewed");
  self->seen = g_strdup (oba_db_row_text (rows, row, "seen"));
  self->decided_at = oba_db_row_time (rows, row, "decided_at");
  self->decided_by = g_strdup (oba_db_row_text (rows, row, "decided_by"));
  self->decision_reason = g_strdup (oba_db_row_text (rows, row, "decision_reason"));
  self->reason_code = g_strdup (oba_db_row_text (rows, row, "reason_code"));
  read_effect (self, rows, row);
  return self;
}

static ObaMergePerson *
person_of (GHashTable *persons, ObaDbResult *rows, guint row, const char *name)
{
  gint64 id = oba_db_row_int64 (rows, row, name);
  ObaMergePerson *person = g_hash_table_lookup (persons, &id);

  return person != NULL ? oba_merge_person_ref (person) : NULL;
}

static void
persons_cb (GObject *pool, GAsyncResult *answer, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ObaDbResult *rows = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) persons = oba_merge_persons_read_finish (answer, &error);
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) oba_approval_free);

  if (persons == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  for (guint row = 0; row < oba_db_result_get_n_rows (rows); row++)
    {
      g_autoptr (ObaApproval) approval = read_approval (rows, row);

      approval->source = person_of (persons, rows, row, "source_id");
      approval->survivor = person_of (persons, rows, row, "survivor_id");
      if (approval->merge == NULL || (approval->source != NULL && approval->survivor != NULL))
        g_ptr_array_add (list, g_steal_pointer (&approval));
    }
  g_task_return_pointer (task, g_steal_pointer (&list), (GDestroyNotify) g_ptr_array_unref);
}

static void
rows_cb (GObject *pool, GAsyncResult *answer, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GCancellable *cancellable = g_task_get_cancellable (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (OBA_DB_POOL (pool), answer, &error);
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  if (rows == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  for (guint row = 0; row < oba_db_result_get_n_rows (rows); row++)
    {
      gint64 both[] = { oba_db_row_int64 (rows, row, "source_id"), oba_db_row_int64 (rows, row, "survivor_id") };

      if (both[0] != 0)
        g_array_append_vals (ids, both, 2);
    }
  g_task_set_task_data (task, g_steal_pointer (&rows), (GDestroyNotify) oba_db_result_unref);
  oba_merge_persons_read_async (OBA_DB_POOL (pool), (const gint64 *) (void *) ids->data, ids->len, cancellable, persons_cb, g_steal_pointer (&task));
}

static ObaDbParams *
add_kinds (ObaDbParams *params, ObaApprovalsKind kind)
{
  static const char *const corrections[] = { "correction", "adjustment", NULL };
  static const char *const merges[] = { "merge", "unmerge", NULL };

  switch (kind)
    {
    case OBA_APPROVALS_CORRECTIONS:
      return oba_db_params_add_text_array (params, corrections);
    case OBA_APPROVALS_MERGES:
      return oba_db_params_add_text_array (params, merges);
    case OBA_APPROVALS_EVERYTHING:
    default:
      return oba_db_params_add_null (params);
    }
}

void
oba_approvals_read_async (ObaDbPool *pool, gboolean open, const ObaApprovalsFilter *filter, guint limit, GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer user_data)
{
  GTask *task = g_task_new (pool, cancellable, callback, user_data);
  g_autoptr (ObaDbParams) params = oba_db_params_build ("bit", open, (gint64) limit, oba_customers_get_language ());

  g_task_set_source_tag (task, oba_approvals_read_async);
  add_kinds (params, filter->kind);
  oba_db_params_add_text (params, filter->asker);
  if (filter->store_id != 0)
    oba_db_params_add_int64 (params, filter->store_id);
  else
    oba_db_params_add_null (params);
  oba_db_pool_read_async (pool, oba_db_sql ("approvals/approvals.sql"), params, cancellable, rows_cb, task);
}

GPtrArray *
oba_approvals_read_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- how many */

void
oba_approvals_count_free (ObaApprovalsCount *self)
{
  g_clear_pointer (&self->oldest, g_date_time_unref);
  g_free (self);
}

static void
count_cb (GObject *pool, GAsyncResult *answer, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (OBA_DB_POOL (pool), answer, &error);
  ObaApprovalsCount *count;

  if (rows == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  count = g_new0 (ObaApprovalsCount, 1);
  count->n = oba_db_row_int64 (rows, 0, "n");
  count->n_corrections = oba_db_row_int64 (rows, 0, "corrections");
  count->n_merges = oba_db_row_int64 (rows, 0, "merges");
  count->n_mine = oba_db_row_int64 (rows, 0, "mine");
  count->oldest = oba_db_row_time (rows, 0, "oldest");
  g_task_return_pointer (task, count, (GDestroyNotify) oba_approvals_count_free);
}

static void
read_simply (ObaDbPool *pool, const char *sql, GAsyncReadyCallback read_cb, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data, gpointer tag)
{
  GTask *task = g_task_new (pool, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  oba_db_pool_read_async (pool, sql, NULL, cancellable, read_cb, task);
}

void
oba_approvals_count_async (ObaDbPool *pool, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  read_simply (pool, oba_db_sql ("approvals/count.sql"), count_cb, cancellable, callback, user_data, oba_approvals_count_async);
}

ObaApprovalsCount *
oba_approvals_count_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- who asked */

void
oba_approvals_asker_free (ObaApprovalsAsker *self)
{
  g_free (self->login);
  g_free (self->name);
  g_free (self);
}

static void
askers_cb (GObject *pool, GAsyncResult *answer, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (OBA_DB_POOL (pool), answer, &error);
  g_autoptr (GPtrArray) askers = g_ptr_array_new_with_free_func ((GDestroyNotify) oba_approvals_asker_free);

  if (rows == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  for (guint row = 0; row < oba_db_result_get_n_rows (rows); row++)
    {
      ObaApprovalsAsker *asker = g_new0 (ObaApprovalsAsker, 1);

      asker->login = g_strdup (oba_db_row_text (rows, row, "requested_by"));
      asker->name = g_strdup (oba_db_row_text (rows, row, "name"));
      g_ptr_array_add (askers, asker);
    }
  g_task_return_pointer (task, g_steal_pointer (&askers), (GDestroyNotify) g_ptr_array_unref);
}

void
oba_approvals_askers_async (ObaDbPool *pool, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  read_simply (pool, oba_db_sql ("approvals/askers.sql"), askers_cb, cancellable, callback, user_data, oba_approvals_askers_async);
}

GPtrArray *
oba_approvals_askers_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
