/* What a correction would do, and posting it. */
#include "oba-correction.h"

#include "customers/oba-customer-json.h"
#include "customers/oba-customers.h"
#include "db/oba-db-request.h"
#include "db/oba-db-sql.h"

static void
person_free (gpointer data)
{
  ObaCorrectionPerson *person = data;

  g_free (person->name);
  g_free (person->tier[0]);
  g_free (person->tier[1]);
  g_array_unref (person->lots);
  g_free (person);
}

static void
rollup_free (gpointer data)
{
  g_free (((ObaCorrectionRollup *) data)->store);
  g_free (data);
}

void
oba_correction_preview_free (ObaCorrectionPreview *self)
{
  g_ptr_array_unref (self->people);
  g_ptr_array_unref (self->rollups);
  g_strfreev (self->needs);
  g_free (self->expects);
  g_free (self);
}

static void
read_date (JsonObject *object, const char *name, GDate *date)
{
  g_autoptr (GDate) read = oba_customer_json_member_date (object, name);

  g_date_clear (date, 1);
  if (read != NULL)
    *date = *read;
}

static void
read_pair (JsonObject *object, const char *name, gint64 pair[2])
{
  JsonArray *array = oba_customer_json_member_array (object, name);

  for (guint i = 0; i < 2; i++)
    pair[i] = array != NULL ? oba_customer_json_int (array, i) : 0;
}

/* The name that @names has for a number, "" for none. */
static char *
name_of (JsonObject *names, gint64 id)
{
  g_autofree char *key = g_strdup_printf ("%" G_GINT64_FORMAT, id);

  return names != NULL ? oba_customer_json_member_text (names, key) : g_strdup ("");
}

static ObaCorrectionPerson *
read_person (JsonObject *object, JsonObject *preview)
{
  ObaCorrectionPerson *person = g_new0 (ObaCorrectionPerson, 1);
  JsonArray *lots = oba_customer_json_member_array (object, "lots");
  gint64 tiers[2];

  person->customer_id = oba_customer_json_member_int (object, "customer_id", 0);
  person->name = name_of (oba_customer_json_member_object (preview, "people"), person->customer_id);
  read_pair (object, "balance", person->balance);
  read_pair (object, "owed", person->owed);
  read_pair (object, "spend", person->spend);
  read_pair (object, "tier", tiers);
  for (guint i = 0; i < 2; i++)
    person->tier[i] = name_of (oba_customer_json_member_object (preview, "tiers"), tiers[i]);
  person->lots = g_array_new (FALSE, TRUE, sizeof (ObaCorrectionLot));
  for (guint i = 0; lots != NULL && i < json_array_get_length (lots); i++)
    {
      JsonObject *from = json_array_get_object_element (lots, i);
      ObaCorrectionLot lot = { .lot_id = oba_customer_json_member_int (from, "lot_id", 0),
                               .before = oba_customer_json_member_int (from, "before", 0),
                               .after = oba_customer_json_member_int (from, "after", 0) };

      read_date (from, "expires_on", &lot.expires_on);
      g_array_append_val (person->lots, lot);
    }
  return person;
}

static ObaCorrectionRollup *
read_rollup (JsonObject *object, JsonObject *preview)
{
  ObaCorrectionRollup *rollup = g_new0 (ObaCorrectionRollup, 1);

  read_date (object, "day", &rollup->day);
  rollup->store_id = oba_customer_json_member_int (object, "store", 0);
  rollup->store = name_of (oba_customer_json_member_object (preview, "stores"), rollup->store_id);
  rollup->receipts = oba_customer_json_member_int (object, "receipts", 0);
  rollup->returns = oba_customer_json_member_int (object, "returns", 0);
  rollup->revenue = oba_customer_json_member_int (object, "revenue", 0);
  return rollup;
}

ObaCorrectionPreview *
oba_correction_preview_new_from_json (JsonObject *object)
{
  ObaCorrectionPreview *self = g_new0 (ObaCorrectionPreview, 1);
  JsonObject *money = oba_customer_json_member_object (object, "money");
  JsonObject *limits = oba_customer_json_member_object (object, "limits");
  JsonObject *points = oba_customer_json_member_object (object, "points");
  JsonObject *closed = oba_customer_json_member_object (object, "closed");
  JsonArray *people = oba_customer_json_member_array (object, "customers");
  JsonArray *rollups = oba_customer_json_member_array (object, "rollups");
  JsonArray *needs = oba_customer_json_member_array (object, "needs");
  g_autoptr (GStrvBuilder) why = g_strv_builder_new ();

  if (money != NULL)
    {
      self->taken_back = oba_customer_json_member_int (money, "taken_back", 0);
      self->put_in = oba_customer_json_member_int (money, "put_in", 0);
    }
  if (points != NULL)
    {
      self->spent = oba_customer_json_member_int (points, "spent", 0);
      self->restored = oba_customer_json_member_int (points, "restored", 0);
      self->expired = oba_customer_json_member_int (points, "expired", 0);
    }
  g_date_clear (&self->closed_day, 1);
  if (closed != NULL)
    {
      read_date (closed, "day", &self->closed_day);
      read_date (closed, "entry", &self->entry_day);
    }
  self->seen = oba_customer_json_member_int (object, "seen", 0);
  self->expects = json_object_has_member (object, "expects") ? oba_customer_json_member_text (object, "expects") : NULL;
  if (limits != NULL)
    {
      self->limit_amount = oba_customer_json_member_int (limits, "amount", 0);
      self->limit_points = oba_customer_json_member_int (limits, "points", 0);
      self->limit_days = oba_customer_json_member_int (limits, "days", 0);
    }
  self->people = g_ptr_array_new_with_free_func (person_free);
  for (guint i = 0; people != NULL && i < json_array_get_length (people); i++)
    g_ptr_array_add (self->people, read_person (json_array_get_object_element (people, i), object));
  self->rollups = g_ptr_array_new_with_free_func (rollup_free);
  for (guint i = 0; rollups != NULL && i < json_array_get_length (rollups); i++)
    g_ptr_array_add (self->rollups, read_rollup (json_array_get_object_element (rollups, i), object));
  for (guint i = 0; needs != NULL && i < json_array_get_length (needs); i++)
    g_strv_builder_add (why, json_array_get_string_element (needs, i));
  self->needs = g_strv_builder_end (why);
  return self;
}

static ObaCorrectionPreview *
parse_preview (const char *text)
{
  g_autoptr (JsonNode) node = json_from_string (text, NULL);

  return oba_correction_preview_new_from_json (json_node_get_object (node));
}

static void
preview_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_write_finish (OBA_DB_POOL (source), result, &error);

  if (rows == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, parse_preview (oba_db_result_get_text (rows, 0, 0)), (GDestroyNotify) oba_correction_preview_free);
}

void
oba_correction_preview_async (ObaDbPool *pool, ObaCorrection *correction, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (pool, cancellable, callback, user_data);
  g_autoptr (JsonNode) request = oba_correction_to_json (correction);
  g_autofree char *text = json_to_string (request, FALSE);
  g_autoptr (ObaDbParams) params = oba_db_params_build ("tt", text, oba_customers_get_language ());

  g_task_set_source_tag (task, oba_correction_preview_async);
  /* It does and undoes what it shows: a replica or a read-only connection cannot. */
  oba_db_pool_write_async (pool, oba_db_sql ("sales/correction-preview.sql"), params, cancellable, preview_cb, task);
}

ObaCorrectionPreview *
oba_correction_preview_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
post_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) answer = oba_db_request_finish (OBA_DB_POOL (source), result, &error);
  ObaCorrectionOutcome *outcome;

  if (answer == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  outcome = g_new0 (ObaCorrectionOutcome, 1);
  outcome->correction_id = oba_customer_json_member_int (answer, "correction_id", 0);
  outcome->approval_id = oba_customer_json_member_int (answer, "approval_id", 0);
  g_task_return_pointer (task, outcome, g_free);
}

void
oba_correction_post_async (ObaDbPool *pool, ObaCorrection *correction, const ObaCorrectionPreview *preview, const char *key, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (pool, cancellable, callback, user_data);
  g_autoptr (JsonNode) request = oba_correction_to_json (correction);

  g_task_set_source_tag (task, oba_correction_post_async);
  json_object_set_int_member (json_node_get_object (request), "seen", preview->seen);
  if (preview->expects != NULL)
    json_object_set_string_member (json_node_get_object (request), "expects", preview->expects);
  oba_db_request_async (pool, "correct_receipt", request, key, cancellable, post_cb, task);
}

gboolean
oba_correction_post_finish (GAsyncResult *result, ObaCorrectionOutcome *outcome, GError **error)
{
  g_autofree ObaCorrectionOutcome *got = g_task_propagate_pointer (G_TASK (result), error);

  if (got == NULL)
    return FALSE;
  *outcome = *got;
  return TRUE;
}
