#include "oba-merge.h"

#include "base/oba-error.h"
#include "db/oba-db-sql.h"
#include "oba-customer-json.h"
#include "oba-customers.h"

static const char *const field_names[] = { "family_name", "given_name", "patronymic", "phone", "birth_date", "email", "city", "language",
                                           "preferred_store_id", "notes", NULL };

/* ---- persons */

ObaMergePerson *
oba_merge_person_ref (ObaMergePerson *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
person_clear (gpointer data)
{
  ObaMergePerson *self = data;

  g_free (self->family_name);
  g_free (self->given_name);
  g_free (self->patronymic);
  g_free (self->phone);
  g_free (self->email);
  g_free (self->city);
  g_free (self->language);
  g_free (self->store);
  g_free (self->notes);
  g_free (self->status);
  g_free (self->tier);
  g_free (self->cards);
  g_free (self->telegram);
  g_clear_pointer (&self->birth_date, g_date_free);
  g_clear_pointer (&self->registered_at, g_date_time_unref);
  g_clear_pointer (&self->last_purchase_at, g_date_time_unref);
}

void
oba_merge_person_unref (ObaMergePerson *self)
{
  g_atomic_rc_box_release_full (self, person_clear);
}

/* Columns of merge-persons.sql. */
static ObaMergePerson *
person_from_result (ObaDbResult *result, guint row)
{
  ObaMergePerson *self = g_atomic_rc_box_new0 (ObaMergePerson);

  self->id = oba_db_row_int64 (result, row, "customer_id");
  self->family_name = g_strdup (oba_db_row_text (result, row, "family_name"));
  self->given_name = g_strdup (oba_db_row_text (result, row, "given_name"));
  self->patronymic = g_strdup (oba_db_row_text (result, row, "patronymic"));
  self->phone = g_strdup (oba_db_row_text (result, row, "phone"));
  self->email = g_strdup (oba_db_row_text (result, row, "email"));
  self->city = g_strdup (oba_db_row_text (result, row, "city"));
  self->language = g_strdup (oba_db_row_text (result, row, "language"));
  self->store = g_strdup (oba_db_row_text (result, row, "store"));
  self->notes = g_strdup (oba_db_row_text (result, row, "notes"));
  self->status = g_strdup (oba_db_row_text (result, row, "status"));
  self->tier = g_strdup (oba_db_row_text (result, row, "tier"));
  self->cards = g_strdup (oba_db_row_text (result, row, "cards"));
  self->telegram = g_strdup (oba_db_row_text (result, row, "telegram"));
  self->birth_date = oba_db_row_date (result, row, "birth_date");
  self->registered_at = oba_db_row_time (result, row, "registered_at");
  self->last_purchase_at = oba_db_row_time (result, row, "last_purchase_at");
  self->points = oba_db_row_int64 (result, row, "points");
  self->receipts = oba_db_row_int64 (result, row, "receipts");
  self->revenue = oba_db_row_int64 (result, row, "revenue");
  self->merged_into = oba_db_row_int64 (result, row, "merged_into");
  return self;
}

char *
oba_merge_person_name (const ObaMergePerson *self)
{
  GString *name = g_string_new (self->family_name);
  const char *const more[] = { self->given_name, self->patronymic };

  for (guint i = 0; i < G_N_ELEMENTS (more); i++)
    if (*more[i] != '\0')
      g_string_append_printf (name, "%s%s", name->len > 0 ? " " : "", more[i]);
  return g_string_free (name, FALSE);
}

const char *const *
oba_merge_field_names (void)
{
  return field_names;
}

char *
oba_merge_person_get (const ObaMergePerson *self, const char *field)
{
  const char *texts[] = { self->family_name, self->given_name, self->patronymic, self->phone, NULL, self->email, self->city, self->language, self->store, self->notes };

  for (guint i = 0; field_names[i] != NULL; i++)
    if (g_str_equal (field, field_names[i]) && texts[i] != NULL)
      return g_strdup (texts[i]);
  if (g_str_equal (field, "birth_date") && self->birth_date != NULL)
    return g_strdup_printf ("%04d-%02d-%02d", g_date_get_year (self->birth_date), g_date_get_month (self->birth_date), g_date_get_day (self->birth_date));
  return g_strdup ("");
}

static void
persons_cb (GObject *pool, GAsyncResult *answer, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) result = oba_db_pool_read_finish (OBA_DB_POOL (pool), answer, &error);
  g_autoptr (GHashTable) persons = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, (GDestroyNotify) oba_merge_person_unref);

  if (result == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  for (guint i = 0; i < oba_db_result_get_n_rows (result); i++)
    {
      ObaMergePerson *person = person_from_result (result, i);

      g_hash_table_insert (persons, &person->id, person);
    }
  g_task_return_pointer (task, g_steal_pointer (&persons), (GDestroyNotify) g_hash_table_unref);
}

void
oba_merge_persons_read_async (ObaDbPool *pool, const gint64 *ids, gsize n, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (pool, cancellable, callback, user_data);
  g_autoptr (ObaDbParams) params = oba_db_params_new ();

  g_task_set_source_tag (task, oba_merge_persons_read_async);
  oba_db_params_add_int64_array (params, ids, n);
  oba_db_params_add_text (params, oba_customers_get_language ());
  oba_db_pool_read_async (pool, oba_db_sql ("customers/merge-persons.sql"), params, cancellable, persons_cb, task);
}

GHashTable *
oba_merge_persons_read_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- previews */

static void
figures_clear (ObaMergeFigures *self)
{
  g_free (self->tier);
  g_clear_pointer (&self->lots, g_array_unref);
  g_clear_pointer (&self->consents, g_hash_table_unref);
}

static GArray *
parse_lots (JsonArray *array)
{
  GArray *lots = g_array_new (FALSE, TRUE, sizeof (ObaMergeLot));

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonObject *object = json_array_get_object_element (array, i);
      g_autoptr (GDate) day = oba_customer_json_member_date (object, "expires_on");
      ObaMergeLot lot = { 0 };

      if (day != NULL)
        lot.expires_on = *day;
      lot.points = oba_customer_json_member_int (object, "points", 0);
      g_array_append_val (lots, lot);
    }
  return lots;
}

static GHashTable *
parse_consents (JsonObject *object)
{
  GHashTable *consents = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  JsonObjectIter iter;
  const char *channel;
  JsonNode *granted;

  if (object == NULL)
    return consents;
  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &channel, &granted))
    g_hash_table_insert (consents, g_strdup (channel), GINT_TO_POINTER (json_node_get_boolean (granted)));
  return consents;
}

static void
parse_figures (ObaMergeFigures *self, JsonObject *object, JsonObject *tiers)
{
  g_autofree char *tier = g_strdup_printf ("%" G_GINT64_FORMAT, oba_customer_json_member_int (object, "tier", 0));

  self->balance = oba_customer_json_member_int (object, "balance", 0);
  self->owed = oba_customer_json_member_int (object, "owed", 0);
  self->spend = oba_customer_json_member_int (object, "spend", 0);
  self->receipts = oba_customer_json_member_int (object, "receipts", 0);
  self->revenue = oba_customer_json_member_int (object, "revenue", 0);
  self->redemptions = oba_customer_json_member_int (object, "redemptions", 0);
  self->cards = oba_customer_json_member_int (object, "cards", 0);
  self->segments = oba_customer_json_member_int (object, "segments", 0);
  self->telegram = json_object_get_boolean_member_with_default (object, "telegram", FALSE);
  self->tier = tiers != NULL ? oba_customer_json_member_text (tiers, tier) : g_strdup ("");
  self->lots = parse_lots (oba_customer_json_member_array (object, "lots"));
  self->consents = parse_consents (oba_customer_json_member_object (object, "consents"));
}

static void
parse_side (JsonObject *preview, const char *side, ObaMergeFigures *before, ObaMergeFigures *after)
{
  JsonObject *object = oba_customer_json_member_object (preview, side);
  JsonObject *tiers = oba_customer_json_member_object (preview, "tiers");

  parse_figures (before, json_object_get_object_member (object, "before"), tiers);
  parse_figures (after, json_object_get_object_member (object, "after"), tiers);
}

ObaMergePreview *
oba_merge_preview_new_from_json (JsonObject *object)
{
  ObaMergePreview *self = g_new0 (ObaMergePreview, 1);
  JsonObject *fields = oba_customer_json_member_object (object, "fields");
  JsonObjectIter iter;
  const char *name;
  JsonNode *choice;

  parse_side (object, "source", &self->source_before, &self->source_after);
  parse_side (object, "survivor", &self->survivor_before, &self->survivor_after);
  self->takes_chat = g_strcmp0 (json_object_get_string_member_with_default (object, "chat", NULL), "source") == 0;
  self->moved = oba_customer_json_member_int (object, "moved", 0);
  self->moved_debt = oba_customer_json_member_int (object, "moved_debt", 0);
  self->fields = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  json_object_iter_init (&iter, fields);
  while (json_object_iter_next (&iter, &name, &choice))
    g_hash_table_insert (self->fields, g_strdup (name), g_strdup (json_node_get_string (choice)));
  return self;
}

void
oba_merge_preview_free (ObaMergePreview *self)
{
  figures_clear (&self->source_before);
  figures_clear (&self->source_after);
  figures_clear (&self->survivor_before);
  figures_clear (&self->survivor_after);
  g_hash_table_unref (self->fields);
  g_free (self);
}

static void
preview_cb (GObject *pool, GAsyncResult *answer, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) result = oba_db_pool_write_finish (OBA_DB_POOL (pool), answer, &error);
  g_autoptr (JsonNode) node = result != NULL ? json_from_string (oba_db_result_get_text (result, 0, 0), &error) : NULL;

  if (node == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, oba_merge_preview_new_from_json (json_node_get_object (node)), (GDestroyNotify) oba_merge_preview_free);
}

void
oba_merge_preview_async (ObaDbPool *pool, JsonNode *request, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (pool, cancellable, callback, user_data);
  g_autofree char *text = json_to_string (request, FALSE);
  g_autoptr (ObaDbParams) params = oba_db_params_build ("tt", text, oba_customers_get_language ());

  g_task_set_source_tag (task, oba_merge_preview_async);
  /* It does and undoes what it shows: a replica or a read-only connection cannot. */
  oba_db_pool_write_async (pool, oba_db_sql ("customers/merge-preview.sql"), params, cancellable, preview_cb, task);
}

ObaMergePreview *
oba_merge_preview_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
