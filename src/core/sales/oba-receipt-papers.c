#include "oba-receipt-papers.h"

#include "customers/oba-customer-json.h"
#include "db/oba-db-request.h"
#include "db/oba-db-sql.h"

static void
sent_free (gpointer data)
{
  ObaSentPaper *sent = data;

  g_free (sent->state);
  g_free (sent->error);
  g_free (sent);
}

static void
entry_free (gpointer data)
{
  ObaCorrectionEntry *entry = data;

  g_free (entry->kind);
  g_free (entry->by);
  g_free (entry);
}

static gpointer
parse_sent (JsonObject *object)
{
  ObaSentPaper *sent = g_new0 (ObaSentPaper, 1);

  sent->correction_id = oba_customer_json_member_int (object, "correction_id", 0);
  sent->state = oba_customer_json_member_text (object, "state");
  sent->at = oba_customer_json_member_int (object, "at", 0);
  sent->error = oba_customer_json_member_text (object, "error");
  return sent;
}

static gpointer
parse_entry (JsonObject *object)
{
  ObaCorrectionEntry *entry = g_new0 (ObaCorrectionEntry, 1);

  entry->correction_id = oba_customer_json_member_int (object, "correction_id", 0);
  entry->kind = oba_customer_json_member_text (object, "kind");
  entry->at = oba_customer_json_member_int (object, "at", 0);
  entry->by = oba_customer_json_member_text (object, "by");
  return entry;
}

static GPtrArray *
parse_list (JsonObject     *object,
            const char     *name,
            gpointer      (*parse) (JsonObject *),
            GDestroyNotify  destroy)
{
  JsonArray *array = oba_customer_json_member_array (object, name);
  GPtrArray *list = g_ptr_array_new_with_free_func (destroy);

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    g_ptr_array_add (list, parse (json_array_get_object_element (array, i)));
  return list;
}

static ObaReceiptPapers *
papers_new (JsonObject *object)
{
  static const char *const chats[] = { "nobody", "unlinked", "unreachable", "ready" };
  g_autofree char *chat = oba_customer_json_member_text (object, "chat");
  ObaReceiptPapers *self = g_new0 (ObaReceiptPapers, 1);

  for (guint i = 0; i < G_N_ELEMENTS (chats); i++)
    if (g_str_equal (chats[i], chat))
      self->chat = (ObaChatState) i;
  self->corrections = parse_list (object, "corrections", parse_entry, entry_free);
  self->sent = parse_list (object, "sent", parse_sent, sent_free);
  return self;
}

void
oba_receipt_papers_free (ObaReceiptPapers *self)
{
  g_ptr_array_unref (self->corrections);
  g_ptr_array_unref (self->sent);
  g_free (self);
}

const ObaSentPaper *
oba_receipt_papers_find (const ObaReceiptPapers *self,
                         gint64                  correction_id)
{
  for (guint i = 0; i < self->sent->len; i++)
    if (((ObaSentPaper *) self->sent->pdata[i])->correction_id == correction_id)
      return self->sent->pdata[i];
  return NULL;
}

static void
read_cb (GObject      *pool,
         GAsyncResult *answer,
         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (ObaDbResult) result = oba_db_pool_read_finish (OBA_DB_POOL (pool), answer, &error);
  g_autoptr (JsonNode) node = NULL;

  if (result == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  node = json_from_string (oba_db_result_get_text (result, 0, 0), NULL);
  g_task_return_pointer (task, papers_new (json_node_get_object (node)), (GDestroyNotify) oba_receipt_papers_free);
}

void
oba_receipt_papers_read_async (ObaDbPool           *pool,
                               const ObaReceiptKey *key,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  GTask *task = g_task_new (pool, cancellable, callback, user_data);
  g_autoptr (ObaDbParams) params = oba_db_params_build ("iii", key->customer_id, key->at, key->receipt_id);

  g_task_set_source_tag (task, oba_receipt_papers_read_async);
  oba_db_pool_read_async (pool, oba_db_sql ("sales/receipt-papers.sql"), params, cancellable, read_cb, task);
}

ObaReceiptPapers *
oba_receipt_papers_read_finish (GAsyncResult  *result,
                                GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
send_cb (GObject      *pool,
         GAsyncResult *answer,
         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (JsonObject) object = oba_db_request_finish (OBA_DB_POOL (pool), answer, &error);

  if (object == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

void
oba_receipt_papers_send_async (ObaDbPool           *pool,
                               const ObaReceiptKey *receipt,
                               gint64               correction_id,
                               const char          *key,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  GTask *task = g_task_new (pool, cancellable, callback, user_data);
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) request = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "receipt");
  json_builder_begin_array (builder);
  json_builder_add_int_value (builder, receipt->customer_id);
  json_builder_add_int_value (builder, receipt->at);
  json_builder_add_int_value (builder, receipt->receipt_id);
  json_builder_end_array (builder);
  if (correction_id != 0)
    {
      json_builder_set_member_name (builder, "correction_id");
      json_builder_add_int_value (builder, correction_id);
    }
  json_builder_end_object (builder);
  request = json_builder_get_root (builder);
  g_task_set_source_tag (task, oba_receipt_papers_send_async);
  oba_db_request_async (pool, "send_paper", request, key, cancellable, send_cb, task);
}

gboolean
oba_receipt_papers_send_finish (GAsyncResult  *result,
                                GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
