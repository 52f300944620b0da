#include "oba-erasure.h"

#include "db/oba-db-request.h"
#include "db/oba-db-sql.h"
#include "oba-customer-json.h"

const char *const oba_erasure_reasons[] = { "request", "consent", "purpose", "mistake", "law", NULL };

void
oba_erasure_free (ObaErasure *self)
{
  g_array_unref (self->family);
  g_free (self);
}

static void
take_family (ObaErasure *self, JsonArray *ids)
{
  for (guint i = 0; ids != NULL && i < json_array_get_length (ids); i++)
    {
      gint64 id = json_array_get_int_element (ids, i);

      g_array_append_val (self->family, id);
    }
}

ObaErasure *
oba_erasure_new_from_json (gint64 customer_id, JsonObject *figures)
{
  ObaErasure *self = g_new0 (ObaErasure, 1);

  self->customer_id = customer_id;
  self->family = g_array_new (FALSE, FALSE, sizeof (gint64));
  take_family (self, oba_customer_json_member_array (figures, "family"));
  self->records = oba_customer_json_member_int (figures, "records", 0);
  self->points = oba_customer_json_member_int (figures, "points", 0);
  self->redemptions = oba_customer_json_member_int (figures, "redemptions", 0);
  self->cards = oba_customer_json_member_int (figures, "cards", 0);
  self->phones = oba_customer_json_member_int (figures, "phones", 0);
  self->telegram = oba_customer_json_member_int (figures, "telegram", 0);
  self->external_ids = oba_customer_json_member_int (figures, "external_ids", 0);
  self->segments = oba_customer_json_member_int (figures, "segments", 0);
  self->messages = oba_customer_json_member_int (figures, "messages", 0);
  self->audited = oba_customer_json_member_int (figures, "audited", 0);
  self->owed = oba_customer_json_member_int (figures, "owed", 0);
  self->receipts = oba_customer_json_member_int (figures, "receipts", 0);
  self->entries = oba_customer_json_member_int (figures, "entries", 0);
  self->consents = oba_customer_json_member_int (figures, "consents", 0);
  return self;
}

/* ---- looking */

void
oba_erasure_preview_async (ObaDbPool *pool, gint64 customer_id, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("i", customer_id);

  oba_db_pool_read_async (pool, oba_db_sql ("customers/erasure-preview.sql"), params, cancellable, callback, user_data);
}

ObaErasure *
oba_erasure_preview_finish (ObaDbPool *pool, GAsyncResult *result, GError **error)
{
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (pool, result, error);
  g_autoptr (JsonNode) root = rows != NULL ? json_from_string (oba_db_result_get_text (rows, 0, 0), error) : NULL;
  JsonObject *figures;

  if (root == NULL)
    return NULL;
  figures = json_node_get_object (root);
  return oba_erasure_new_from_json (oba_customer_json_member_int (figures, "customer_id", 0), figures);
}

/* ---- the deed */

static JsonNode *
make_request (const ObaErasure *shown, const char *confirm, const char *reason, const char *note)
{
  JsonNode *request = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();
  JsonArray *family = json_array_new ();

  for (guint i = 0; i < shown->family->len; i++)
    json_array_add_int_element (family, g_array_index (shown->family, gint64, i));
  json_object_set_int_member (object, "customer_id", shown->customer_id);
  json_object_set_array_member (object, "family", family);
  json_object_set_string_member (object, "confirm", confirm);
  json_object_set_string_member (object, "reason", reason);
  if (*note != '\0')
    json_object_set_string_member (object, "note", note);
  json_node_take_object (request, object);
  return request;
}

void
oba_erasure_run_async (ObaDbPool *pool, const ObaErasure *shown, const char *confirm, const char *reason, const char *note, const char *key,
                       GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (JsonNode) request = make_request (shown, confirm, reason, note);

  oba_db_request_async (pool, "erase_customer", request, key, cancellable, callback, user_data);
}

ObaErasure *
oba_erasure_run_finish (ObaDbPool *pool, GAsyncResult *result, GError **error)
{
  g_autoptr (JsonObject) answer = oba_db_request_finish (pool, result, error);

  if (answer == NULL)
    return NULL;
  return oba_erasure_new_from_json (json_object_get_int_member (answer, "customer_id"), oba_customer_json_member_object (answer, "figures"));
}
