#include "oba-duplicates.h"

#include "db/oba-db-sql.h"
#include "oba-customers.h"

/* A list of something about two persons each: first the rows, then the persons whom they name. */
typedef struct
{
  guint        first_column;     /* ids of the two persons */
  guint        second_column;
  gpointer   (*parse)   (ObaDbResult *rows, guint row, ObaMergePerson *first, ObaMergePerson *second);
  GDestroyNotify destroy;
  ObaDbResult *rows;
} Reading;

static void
reading_free (Reading *self)
{
  g_clear_pointer (&self->rows, oba_db_result_unref);
  g_free (self);
}

static ObaMergePerson *
person_of (GHashTable *persons, ObaDbResult *rows, guint row, guint column)
{
  gint64 id = oba_db_result_get_int64 (rows, row, column);

  return g_hash_table_lookup (persons, &id);
}

static void
persons_cb (GObject *pool, GAsyncResult *answer, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Reading *reading = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) persons = oba_merge_persons_read_finish (answer, &error);
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (reading->destroy);

  if (persons == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  for (guint i = 0; i < oba_db_result_get_n_rows (reading->rows); i++)
    {
      ObaMergePerson *first = person_of (persons, reading->rows, i, reading->first_column);
      ObaMergePerson *second = person_of (persons, reading->rows, i, reading->second_column);

      if (first != NULL && second != NULL)
        g_ptr_array_add (list, reading->parse (reading->rows, i, first, second));
    }
  g_task_return_pointer (task, g_steal_pointer (&list), (GDestroyNotify) g_ptr_array_unref);
}

static void
rows_cb (GObject *pool, GAsyncResult *answer, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Reading *reading = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  reading->rows = oba_db_pool_read_finish (OBA_DB_POOL (pool), answer, &error);
  if (reading->rows == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  for (guint i = 0; i < oba_db_result_get_n_rows (reading->rows); i++)
    {
      gint64 both[] = { oba_db_result_get_int64 (reading->rows, i, reading->first_column),
                        oba_db_result_get_int64 (reading->rows, i, reading->second_column) };

      g_array_append_vals (ids, both, 2);
    }
  oba_merge_persons_read_async (OBA_DB_POOL (pool), (const gint64 *) (void *) ids->data, ids->len, cancellable, persons_cb, g_steal_pointer (&task));
}

static void
read_list (ObaDbPool *pool, const char *sql, ObaDbParams *params, Reading *reading, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data,
           gpointer tag)
{
  GTask *task = g_task_new (pool, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, reading, (GDestroyNotify) reading_free);
  oba_db_pool_read_async (pool, sql, params, cancellable, rows_cb, task);
}

static Reading *
reading_new (guint first_column, guint second_column, gpointer (*parse) (ObaDbResult *, guint, ObaMergePerson *, ObaMergePerson *), GDestroyNotify destroy)
{
  Reading *self = g_new0 (Reading, 1);

  self->first_column = first_column;
  self->second_column = second_column;
  self->parse = parse;
  self->destroy = destroy;
  return self;
}

/* ---- likely pairs */

void
oba_duplicate_pair_free (ObaDuplicatePair *self)
{
  oba_merge_person_unref (self->first);
  oba_merge_person_unref (self->second);
  g_strfreev (self->reasons);
  g_free (self);
}

static GStrv
parse_reasons (const char *text)
{
  g_autoptr (JsonNode) node = json_from_string (text, NULL);
  g_autoptr (GStrvBuilder) reasons = g_strv_builder_new ();
  JsonArray *array = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    g_strv_builder_add (reasons, json_array_get_string_element (array, i));
  return g_strv_builder_end (reasons);
}

static gpointer
pair_from_result (ObaDbResult *rows, guint row, ObaMergePerson *first, ObaMergePerson *second)
{
  ObaDuplicatePair *self = g_new0 (ObaDuplicatePair, 1);

  self->first = oba_merge_person_ref (first);
  self->second = oba_merge_person_ref (second);
  self->score = oba_db_result_get_int64 (rows, row, 2);
  self->reasons = parse_reasons (oba_db_result_get_text (rows, row, 3));
  self->is_asked = oba_db_result_get_bool (rows, row, 4);
  return self;
}

ObaDuplicatePair *
oba_duplicate_pair_new (ObaMergePerson *first, ObaMergePerson *second)
{
  ObaDuplicatePair *self = g_new0 (ObaDuplicatePair, 1);

  self->first = oba_merge_person_ref (first);
  self->second = oba_merge_person_ref (second);
  self->reasons = g_new0 (char *, 1);
  return self;
}

void
oba_duplicates_read_of_async (ObaDbPool *pool, gint64 customer_id, guint limit, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("ii", customer_id, (gint64) limit);

  read_list (pool, oba_db_sql ("customers/duplicates-of.sql"), params, reading_new (0, 1, pair_from_result, (GDestroyNotify) oba_duplicate_pair_free),
             cancellable, callback, user_data, oba_duplicates_read_of_async);
}

void
oba_duplicates_read_async (ObaDbPool *pool, const ObaDuplicatePair *last, guint limit, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("iiii", last != NULL ? last->score : (gint64) 101, last != NULL ? last->first->id : (gint64) 0,
                                                        last != NULL ? last->second->id : (gint64) 0, (gint64) limit);

  read_list (pool, oba_db_sql ("customers/duplicates.sql"), params, reading_new (0, 1, pair_from_result, (GDestroyNotify) oba_duplicate_pair_free),
             cancellable, callback, user_data, oba_duplicates_read_async);
}

GPtrArray *
oba_duplicates_read_finish (GAsyncResult *result, gint64 *total, GError **error)
{
  Reading *reading = g_task_get_task_data (G_TASK (result));

  if (total != NULL)
    *total = reading->rows != NULL && oba_db_result_get_n_rows (reading->rows) > 0 ? oba_db_result_get_int64 (reading->rows, 0, 5) : 0;
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- merges */

void
oba_merge_entry_free (ObaMergeEntry *self)
{
  oba_merge_person_unref (self->source);
  oba_merge_person_unref (self->survivor);
  g_clear_pointer (&self->merged_at, g_date_time_unref);
  g_clear_pointer (&self->undone_at, g_date_time_unref);
  g_free (self->requested_by);
  g_free (self->approved_by);
  g_free (self);
}

static gpointer
merge_from_result (ObaDbResult *rows, guint row, ObaMergePerson *source, ObaMergePerson *survivor)
{
  ObaMergeEntry *self = g_new0 (ObaMergeEntry, 1);

  self->id = oba_db_result_get_int64 (rows, row, 0);
  self->source = oba_merge_person_ref (source);
  self->survivor = oba_merge_person_ref (survivor);
  self->merged_at = oba_db_result_get_time (rows, row, 3);
  self->undone_at = oba_db_result_get_time (rows, row, 4);
  self->requested_by = g_strdup (oba_db_result_get_text (rows, row, 5));
  self->approved_by = g_strdup (oba_db_result_get_text (rows, row, 6));
  self->points = oba_db_result_get_int64 (rows, row, 7);
  self->can_undo = oba_db_result_get_bool (rows, row, 8);
  self->is_asked = oba_db_result_get_bool (rows, row, 9);
  return self;
}

void
oba_merges_read_async (ObaDbPool *pool, gint64 customer_id, gint64 before, guint limit, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("iii", before, (gint64) limit, customer_id);

  read_list (pool, oba_db_sql ("customers/merges.sql"), params, reading_new (1, 2, merge_from_result, (GDestroyNotify) oba_merge_entry_free),
             cancellable, callback, user_data, oba_merges_read_async);
}

GPtrArray *
oba_merges_read_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
