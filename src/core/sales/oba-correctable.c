#include "oba-correctable.h"

#include <glib/gi18n-lib.h>

#include "base/oba-error.h"
#include "customers/oba-customer-json.h"
#include "db/oba-db-sql.h"

static void
line_free (gpointer data)
{
  ObaCorrectableLine *line = data;

  g_free (line->code);
  g_free (line->name);
  g_free (line->unit);
  g_free (line);
}

/* In the order of oba.receipt_to_correct(). */
static gpointer
parse_line (JsonArray *fields)
{
  ObaCorrectableLine *line = g_new0 (ObaCorrectableLine, 1);

  line->line_no = (int) oba_customer_json_int (fields, 0);
  line->product_id = oba_customer_json_int (fields, 1);
  line->code = oba_customer_json_text (fields, 2);
  line->name = oba_customer_json_text (fields, 3);
  line->unit = oba_customer_json_text (fields, 4);
  line->vat_permille = (int) oba_customer_json_int (fields, 5);
  line->unit_price = oba_customer_json_int (fields, 6);
  line->quantity = oba_customer_json_int (fields, 7);
  line->left = oba_customer_json_int (fields, 8);
  line->discount = oba_customer_json_int (fields, 9);
  line->vat = oba_customer_json_int (fields, 10);
  line->total = oba_customer_json_int (fields, 11);
  return line;
}

static void
answer_free (gpointer data)
{
  g_free (((ObaCorrectableAnswer *) data)->by);
  g_free (data);
}

static GPtrArray *
parse_answers (JsonObject *object)
{
  JsonArray *array = oba_customer_json_member_array (object, "answers");
  GPtrArray *answers = g_ptr_array_new_with_free_func (answer_free);

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonObject *from = json_array_get_object_element (array, i);
      ObaCorrectableAnswer *answer = g_new0 (ObaCorrectableAnswer, 1);
      g_autofree char *kind = oba_customer_json_member_text (from, "kind");

      answer->receipt_id = oba_customer_json_member_int (from, "receipt_id", 0);
      answer->kind = oba_receipt_kind_parse (kind);
      answer->total = oba_customer_json_member_int (from, "total", 0);
      answer->by = oba_customer_json_member_text (from, "by");
      answer->at = oba_customer_json_member_int (from, "at", 0);
      g_ptr_array_add (answers, answer);
    }
  return answers;
}

static void
parse_rest (ObaCorrectable *self,
            JsonObject     *object)
{
  JsonArray *store = oba_customer_json_member_array (object, "store");
  JsonObject *paid = oba_customer_json_member_object (object, "paid");
  JsonObject *undo = oba_customer_json_member_object (object, "undo");
  JsonObject *waits = oba_customer_json_member_object (object, "waits");

  self->store_id = store != NULL ? oba_customer_json_int (store, 0) : 0;
  self->store = store != NULL ? oba_customer_json_text (store, 1) : g_strdup ("");
  if (paid != NULL)
    {
      self->cash = oba_customer_json_member_int (paid, "cash", 0);
      self->card = oba_customer_json_member_int (paid, "card", 0);
      self->other = oba_customer_json_member_int (paid, "other", 0);
      self->points = oba_customer_json_member_int (paid, "points", 0);
    }
  if (undo != NULL)
    {
      g_autofree char *kind = oba_customer_json_member_text (undo, "kind");

      self->undo_id = oba_customer_json_member_int (undo, "correction_id", 0);
      self->undo_kind = oba_correction_kind_parse (kind);
    }
  if (waits != NULL)
    {
      self->waits_by = oba_customer_json_member_text (waits, "by");
      self->waits_at = oba_customer_json_member_int (waits, "at", 0);
    }
}

ObaCorrectable *
oba_correctable_new_from_json (const char *json)
{
  g_autoptr (JsonNode) node = json_from_string (json, NULL);
  JsonObject *object = json_node_get_object (node);
  ObaCorrectable *self = g_new0 (ObaCorrectable, 1);
  g_autofree char *kind = oba_customer_json_member_text (object, "kind");

  g_atomic_ref_count_init (&self->refs);
  self->key.customer_id = oba_customer_json_member_int (object, "customer_id", 0);
  self->key.at = oba_customer_json_member_int (object, "at", 0);
  self->key.receipt_id = oba_customer_json_member_int (object, "receipt_id", 0);
  self->sold_at = oba_customer_json_member_int (object, "true_at", self->key.at);
  self->kind = oba_receipt_kind_parse (kind);
  self->till = (int) oba_customer_json_member_int (object, "till", 0);
  self->number = oba_customer_json_member_text (object, "receipt_no");
  self->cashier = oba_customer_json_member_text (object, "cashier");
  self->total = oba_customer_json_member_int (object, "total", 0);
  self->left = oba_customer_json_member_int (object, "left", 0);
  self->person = json_object_get_boolean_member_with_default (object, "person", FALSE);
  self->name = oba_customer_json_member_text (object, "name");
  self->lines = oba_customer_json_list (object, "lines", parse_line, line_free);
  self->answers = parse_answers (object);
  parse_rest (self, object);
  return self;
}

ObaCorrectable *
oba_correctable_ref (ObaCorrectable *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
oba_correctable_unref (ObaCorrectable *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_free (self->store);
  g_free (self->number);
  g_free (self->cashier);
  g_free (self->name);
  g_free (self->waits_by);
  g_ptr_array_unref (self->lines);
  g_ptr_array_unref (self->answers);
  g_free (self);
}

static void
read_cb (GObject      *pool,
         GAsyncResult *answer,
         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (OBA_DB_POOL (pool), answer, &error);

  if (rows == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else if (oba_db_result_is_null (rows, 0, 0))
    g_task_return_new_error (task, OBA_ERROR, OBA_ERROR_NOT_FOUND, "%s", _("There is no such receipt."));
  else
    g_task_return_pointer (task, oba_correctable_new_from_json (oba_db_result_get_text (rows, 0, 0)), (GDestroyNotify) oba_correctable_unref);
}

void
oba_correctable_read_async (ObaDbPool           *pool,
                            const ObaReceiptKey *key,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  GTask *task = g_task_new (pool, cancellable, callback, user_data);
  g_autoptr (ObaDbParams) params = oba_db_params_build ("iii", key->customer_id, key->at, key->receipt_id);

  g_task_set_source_tag (task, oba_correctable_read_async);
  oba_db_pool_read_async (pool, oba_db_sql ("sales/receipt-to-correct.sql"), params, cancellable, read_cb, task);
}

ObaCorrectable *
oba_correctable_read_finish (GAsyncResult  *result,
                             GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
