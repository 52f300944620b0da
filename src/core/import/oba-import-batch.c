#include "oba-import-batch.h"

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>

#include "db/oba-db-request.h"
#include "db/oba-db-sql.h"

/* ---- the list */

void
oba_import_batch_free (ObaImportBatch *self)
{
  g_free (self->kind);
  g_free (self->file_name);
  g_free (self->state);
  g_free (self->by_login);
  g_free (self->by_name);
  g_free (self->reversed_by);
  g_free (self);
}

void
oba_import_batches_read_async (ObaDbPool *pool, guint n, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("i", (gint64) n);

  oba_db_pool_read_async (pool, oba_db_sql ("import/batches.sql"), params, cancellable, callback, user_data);
}

static ObaImportBatch *
read_batch (ObaDbResult *result, guint row)
{
  ObaImportBatch *self = g_new0 (ObaImportBatch, 1);
  gint64 *numbers[] = { &self->rows, &self->inserted, &self->known, &self->changed, &self->rejected, &self->money, &self->started_at };

  self->id = oba_db_result_get_int64 (result, row, 0);
  self->kind = g_strdup (oba_db_result_get_text (result, row, 1));
  self->file_name = g_strdup (oba_db_result_get_text (result, row, 2));
  self->state = g_strdup (oba_db_result_get_text (result, row, 3));
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    *numbers[i] = oba_db_result_get_int64 (result, row, 4 + i);
  self->by_login = g_strdup (oba_db_result_get_text (result, row, 11));
  self->by_name = g_strdup (oba_db_result_get_text (result, row, 12));
  self->reversed_at = oba_db_result_get_int64 (result, row, 13);
  self->reversed_by = g_strdup (oba_db_result_get_text (result, row, 14));
  return self;
}

GPtrArray *
oba_import_batches_read_finish (ObaDbPool *pool, GAsyncResult *result, GError **error)
{
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (pool, result, error);
  GPtrArray *batches;

  if (rows == NULL)
    return NULL;
  batches = g_ptr_array_new_with_free_func ((GDestroyNotify) oba_import_batch_free);
  for (guint i = 0; i < oba_db_result_get_n_rows (rows); i++)
    g_ptr_array_add (batches, read_batch (rows, i));
  return batches;
}

/* ---- what a reversal does */

static void
take_figures (ObaReversal *self, JsonObject *o)
{
  self->receipts = json_object_get_int_member_with_default (o, "receipts", 0);
  self->money = json_object_get_int_member_with_default (o, "money", 0);
  self->points = json_object_get_int_member_with_default (o, "points", 0);
  self->customers = json_object_get_int_member_with_default (o, "customers", 0);
  self->kept = json_object_get_int_member_with_default (o, "kept", 0);
  self->changed = json_object_get_int_member_with_default (o, "changed", 0);
  self->products = json_object_get_int_member_with_default (o, "products", 0);
  self->stores = json_object_get_int_member_with_default (o, "stores", 0);
}

void
oba_reversal_preview_async (ObaDbPool *pool, gint64 batch, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("i", batch);

  oba_db_pool_read_async (pool, oba_db_sql ("import/preview-reversal.sql"), params, cancellable, callback, user_data);
}

gboolean
oba_reversal_preview_finish (ObaDbPool *pool, GAsyncResult *result, ObaReversal *reversal, GError **error)
{
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (pool, result, error);
  g_autoptr (JsonNode) root = rows != NULL ? json_from_string (oba_db_result_get_text (rows, 0, 0), error) : NULL;

  if (root == NULL)
    return FALSE;
  take_figures (reversal, json_node_get_object (root));
  return TRUE;
}

/* ---- the work, step by step */

typedef struct
{
  gint64               batch;
  ObaReversalProgress  progress;
  gpointer             progress_data;
  ObaReversal          so_far;
} Work;

static void next_step (GTask *task);

static void
stepped_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Work *work = g_task_get_task_data (task);
  GError *error = NULL;
  JsonObject *answer = oba_db_request_finish (OBA_DB_POOL (source), result, &error);
  gboolean done;

  if (answer == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  done = json_object_get_boolean_member (answer, "done");
  if (json_object_has_member (answer, "reversal") && !json_object_get_null_member (answer, "reversal"))
    take_figures (&work->so_far, json_object_get_object_member (answer, "reversal"));
  json_object_unref (answer);
  if (done)
    g_task_return_boolean (task, TRUE);
  else if (!g_task_return_error_if_cancelled (task))
    {
      if (work->progress != NULL)
        work->progress (&work->so_far, work->progress_data);
      next_step (task);
    }
}

static void
next_step (GTask *task)
{
  Work *work = g_task_get_task_data (task);
  g_autofree char *key = oba_db_request_new_key ();
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (JsonNode) request = json_node_init_object (json_node_alloc (), object);

  json_object_set_int_member (object, "batch_id", work->batch);
  oba_db_request_async (g_task_get_source_object (task), "reverse_batch", request, key, g_task_get_cancellable (task), stepped_cb, g_object_ref (task));
}

void
oba_reversal_run_async (ObaDbPool           *pool,
                        gint64               batch,
                        ObaReversalProgress  progress,
                        gpointer             progress_data,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (pool, cancellable, callback, user_data);
  Work *work = g_new0 (Work, 1);

  work->batch = batch;
  work->progress = progress;
  work->progress_data = progress_data;
  g_task_set_source_tag (task, oba_reversal_run_async);
  g_task_set_task_data (task, work, g_free);
  g_task_set_check_cancellable (task, FALSE);
  next_step (task);
}

gboolean
oba_reversal_run_finish (ObaDbPool *pool, GAsyncResult *result, ObaReversal *reversal, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, pool), FALSE);

  *reversal = ((Work *) g_task_get_task_data (G_TASK (result)))->so_far;
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* ---- who stays */

static const char *
describe_reason (const char *code)
{
  static const struct { const char *code, *sentence; } sentences[] = {
    { "changed", N_("was changed since") },
    { "bought", N_("has bought or returned something since") },
    { "points", N_("has spent or been given points") },
    { "card", N_("has a card") },
    { "telegram", N_("is linked to Telegram") },
    { "consent", N_("has given or withdrawn a consent") },
    { "merged", N_("was merged with another customer") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (sentences); i++)
    if (g_str_equal (code, sentences[i].code))
      return _(sentences[i].sentence);
  return "";
}

static void
kept_customer_free (gpointer data)
{
  ObaKeptCustomer *self = data;

  g_free (self->name);
  g_free (self->phone);
  g_free (self);
}

void
oba_kept_customers_read_async (ObaDbPool *pool, gint64 batch, guint most, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("ii", batch, (gint64) most);

  oba_db_pool_read_async (pool, oba_db_sql ("import/kept.sql"), params, cancellable, callback, user_data);
}

GPtrArray *
oba_kept_customers_read_finish (ObaDbPool *pool, GAsyncResult *result, GError **error)
{
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (pool, result, error);
  GPtrArray *kept;

  if (rows == NULL)
    return NULL;
  kept = g_ptr_array_new_with_free_func (kept_customer_free);
  for (guint i = 0; i < oba_db_result_get_n_rows (rows); i++)
    {
      ObaKeptCustomer *one = g_new0 (ObaKeptCustomer, 1);

      one->id = oba_db_result_get_int64 (rows, i, 0);
      one->name = g_strdup (oba_db_result_get_text (rows, i, 1));
      one->phone = g_strdup (oba_db_result_get_text (rows, i, 2));
      one->reason = describe_reason (oba_db_result_get_text (rows, i, 3));
      g_ptr_array_add (kept, one);
    }
  return kept;
}
