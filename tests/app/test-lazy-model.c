/* The list over a million rows: what it reads, what it keeps, and what it tells the view. The source is arithmetic: row i has id
 * first + i * step, and its record is that number. */
#include "widgets/oba-lazy-model.h"

#define N_ROWS 1000000

/* ---- a record and a source */

#define TEST_TYPE_RECORD (test_record_get_type ())
G_DECLARE_FINAL_TYPE (TestRecord, test_record, TEST, RECORD, GObject)

struct _TestRecord
{
  GObject parent_instance;
  gint64  id;
};

G_DEFINE_FINAL_TYPE (TestRecord, test_record, G_TYPE_OBJECT)

static void
test_record_class_init (TestRecordClass *klass)
{
}

static void
test_record_init (TestRecord *self)
{
}

#define TEST_TYPE_SOURCE (test_source_get_type ())
G_DECLARE_FINAL_TYPE (TestSource, test_source, TEST, SOURCE, GObject)

struct _TestSource
{
  GObject  parent_instance;
  gint64   first;
  gint64   step;
  guint    count;          /* what it says at first */
  guint    n_ids;          /* what the list has in the end */
  gboolean with_ids;       /* all in the first answer */
  gboolean failing;
  GTask   *held;           /* an opening that is not answered yet */
  gboolean hold;
  GTask   *held_rows;      /* rows that are read but not given yet */
  GPtrArray *held_records;
  gboolean hold_rows;
  guint    n_reads;
  guint    n_rows_read;
  gint64   last_read;
};

static gint64
id_at (TestSource *self,
       guint       position)
{
  return self->first + position * self->step;
}

static GArray *
make_ids (TestSource *self)
{
  GArray *ids = g_array_sized_new (FALSE, FALSE, sizeof (gint64), self->n_ids);

  for (guint i = 0; i < self->n_ids; i++)
    {
      gint64 id = id_at (self, i);

      g_array_append_val (ids, id);
    }
  return ids;
}

static gpointer
make_record (gint64 id)
{
  TestRecord *record = g_object_new (TEST_TYPE_RECORD, NULL);

  record->id = id;
  return record;
}

static gboolean
fail (TestSource *self,
      GTask      *task)
{
  if (self->failing)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, "the server is gone");
  return self->failing;
}

static void
test_source_open_async (ObaLazySource       *source,
                        guint                n_first,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  TestSource *self = TEST_SOURCE (source);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  if (self->hold)
    self->held = g_steal_pointer (&task);
  else if (!fail (self, task))
    g_task_return_boolean (task, TRUE);
}

static gboolean
test_source_open_finish (ObaLazySource   *source,
                         GAsyncResult    *result,
                         ObaLazyOpening  *opening,
                         GError         **error)
{
  TestSource *self = TEST_SOURCE (source);

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  opening->count = self->count;
  opening->records = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < MIN (self->count, OBA_LAZY_MODEL_PAGE_ROWS); i++)
    g_ptr_array_add (opening->records, make_record (id_at (self, i)));
  if (self->with_ids)
    opening->ids = make_ids (self);
  return TRUE;
}

static void
test_source_ids_async (ObaLazySource       *source,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (source, cancellable, callback, user_data);

  if (!fail (TEST_SOURCE (source), task))
    g_task_return_pointer (task, make_ids (TEST_SOURCE (source)), (GDestroyNotify) g_array_unref);
}

static GArray *
test_source_ids_finish (ObaLazySource  *source,
                        GAsyncResult   *result,
                        GError        **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
test_source_rows_async (ObaLazySource       *source,
                        GArray              *ids,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  TestSource *self = TEST_SOURCE (source);
  g_autoptr (GTask) task = g_task_new (source, cancellable, callback, user_data);
  GPtrArray *records;

  self->n_reads++;
  self->n_rows_read += ids->len;
  if (fail (self, task))
    return;
  records = g_ptr_array_new_with_free_func (g_object_unref);
  /* Backwards: the order of an answer means nothing. */
  for (guint i = ids->len; i-- > 0;)
    g_ptr_array_add (records, make_record (g_array_index (ids, gint64, i)));
  self->last_read = g_array_index (ids, gint64, 0);
  if (self->hold_rows)
    {
      self->held_rows = g_steal_pointer (&task);
      self->held_records = records;
      return;
    }
  g_task_return_pointer (task, records, (GDestroyNotify) g_ptr_array_unref);
}

static GPtrArray *
test_source_rows_finish (ObaLazySource  *source,
                         GAsyncResult   *result,
                         GError        **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static gint64
test_source_get_id (ObaLazySource *source,
                    gpointer       record)
{
  return TEST_RECORD (record)->id;
}

static void
test_source_iface_init (ObaLazySourceInterface *iface)
{
  iface->open_async = test_source_open_async;
  iface->open_finish = test_source_open_finish;
  iface->read_ids_async = test_source_ids_async;
  iface->read_ids_finish = test_source_ids_finish;
  iface->read_rows_async = test_source_rows_async;
  iface->read_rows_finish = test_source_rows_finish;
  iface->get_id = test_source_get_id;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestSource, test_source, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (OBA_TYPE_LAZY_SOURCE, test_source_iface_init))

static void
test_source_class_init (TestSourceClass *klass)
{
}

static void
test_source_init (TestSource *self)
{
}

static gboolean
passed_cb (gpointer passed)
{
  *(gboolean *) passed = TRUE;
  return G_SOURCE_REMOVE;
}

static TestSource *
source_new (gint64 first,
            gint64 step,
            guint  count)
{
  TestSource *self = g_object_new (TEST_TYPE_SOURCE, NULL);

  self->first = first;
  self->step = step;
  self->count = count;
  self->n_ids = count;
  return self;
}

/* ---- helpers */

#define wait_until(expression) \
  G_STMT_START \
    { \
      while (!(expression)) \
        g_main_context_iteration (NULL, TRUE); \
    } \
  G_STMT_END

static guint
n_items (ObaLazyModel *model)
{
  return g_list_model_get_n_items (G_LIST_MODEL (model));
}

/* 0: not read yet. */
static gint64
shown_id (ObaLazyRow *row)
{
  TestRecord *record = oba_lazy_row_get_record (row);

  return record != NULL ? record->id : 0;
}

static ObaLazyModel *
model_new (TestSource *source)
{
  ObaLazyModel *model = oba_lazy_model_new ();

  oba_lazy_model_set_source (model, OBA_LAZY_SOURCE (source));
  wait_until (oba_lazy_model_is_settled (model));
  return model;
}

/* All rows from..to, as a list view holds them. */
static GPtrArray *
hold_rows (ObaLazyModel *model,
           guint         from,
           guint         to)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = from; i < to; i++)
    g_ptr_array_add (rows, g_list_model_get_item (G_LIST_MODEL (model), i));
  return rows;
}

typedef struct
{
  guint n;
  guint position;
  guint removed;
  guint added;
} Changes;

static void
items_changed_cb (GListModel *list,
                  guint       position,
                  guint       removed,
                  guint       added,
                  Changes    *changes)
{
  *changes = (Changes) { changes->n + 1, position, removed, added };
}

/* ---- tests */

/* The first rows stand at once; a jump to the very end shows the right rows, and asks for no others. */
static void
test_jump (void)
{
  g_autoptr (TestSource) source = source_new (1, 1, N_ROWS);
  g_autoptr (ObaLazyModel) model = oba_lazy_model_new ();
  g_autoptr (ObaLazyRow) top = NULL;
  g_autoptr (GPtrArray) end = NULL;

  oba_lazy_model_set_source (model, OBA_LAZY_SOURCE (source));
  wait_until (n_items (model) > 0);
  g_assert_cmpuint (n_items (model), ==, N_ROWS);
  top = g_list_model_get_item (G_LIST_MODEL (model), 0);
  g_assert_cmpint (shown_id (top), ==, 1);

  end = hold_rows (model, N_ROWS - 205, N_ROWS);
  g_assert_cmpint (shown_id (end->pdata[204]), ==, 0);
  wait_until (oba_lazy_model_is_settled (model));
  for (guint i = 0; i < end->len; i++)
    g_assert_cmpint (shown_id (end->pdata[i]), ==, N_ROWS - 205 + i + 1);
  g_assert_cmpuint (source->n_reads, ==, 1);
  g_assert_cmpuint (source->n_rows_read, <=, 3 * OBA_LAZY_MODEL_PAGE_ROWS);
}

/* A row that is held is the same object each time, or the selection and the focus would be lost. */
static void
test_identity (void)
{
  g_autoptr (TestSource) source = source_new (1, 1, 1000);
  g_autoptr (ObaLazyModel) model = model_new (source);
  g_autoptr (ObaLazyRow) one = g_list_model_get_item (G_LIST_MODEL (model), 700);
  g_autoptr (ObaLazyRow) again = g_list_model_get_item (G_LIST_MODEL (model), 700);

  g_assert_true (one == again);
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (model), 1000));
}

/* Rows that scrolled by are not read: only where the view stands in the end. */
static void
test_scrolled_by (void)
{
  g_autoptr (TestSource) source = source_new (1, 1, N_ROWS);
  g_autoptr (ObaLazyModel) model = model_new (source);
  g_autoptr (GPtrArray) rows = NULL;

  for (guint at = 1000; at < 500000; at += 1000)
    {
      g_clear_pointer (&rows, g_ptr_array_unref);
      rows = hold_rows (model, at, at + 100);
    }
  wait_until (oba_lazy_model_is_settled (model));
  g_assert_cmpuint (source->n_reads, ==, 1);
  g_assert_cmpint (shown_id (rows->pdata[0]), ==, 499001);
}

/* Whoever scrolls all day holds 64 pages, not a million rows. */
static void
test_memory (void)
{
  g_autoptr (TestSource) source = source_new (1, 1, N_ROWS);
  g_autoptr (ObaLazyModel) model = model_new (source);

  for (guint at = 0; at < 200 * OBA_LAZY_MODEL_PAGE_ROWS; at += OBA_LAZY_MODEL_PAGE_ROWS)
    {
      g_autoptr (ObaLazyRow) row = g_list_model_get_item (G_LIST_MODEL (model), at);

      wait_until (oba_lazy_model_is_settled (model));
      g_assert_cmpint (shown_id (row), ==, at + 1);
    }
  g_assert_cmpuint (oba_lazy_model_get_n_held (model), ==, OBA_LAZY_MODEL_MAX_PAGES * OBA_LAZY_MODEL_PAGE_ROWS);
}

/* Sorting a million rows tells the view nothing but that the rows it shows have other records. */
static void
test_sort_in_place (void)
{
  g_autoptr (TestSource) up = source_new (1, 1, N_ROWS);
  g_autoptr (TestSource) down = source_new (N_ROWS, -1, N_ROWS);
  g_autoptr (ObaLazyModel) model = model_new (up);
  g_autoptr (GPtrArray) rows = hold_rows (model, 0, 200);
  Changes changes = { 0 };
  guint position = 0;

  wait_until (oba_lazy_model_is_settled (model));
  g_signal_connect (model, "items-changed", G_CALLBACK (items_changed_cb), &changes);
  oba_lazy_model_set_source (model, OBA_LAZY_SOURCE (down));
  g_assert_cmpint (shown_id (rows->pdata[199]), ==, 200);
  wait_until (oba_lazy_model_is_settled (model));
  g_assert_cmpuint (changes.n, ==, 0);
  for (guint i = 0; i < rows->len; i++)
    g_assert_cmpint (shown_id (rows->pdata[i]), ==, N_ROWS - i);
  g_assert_true (oba_lazy_model_find (model, 1, &position));
  g_assert_cmpuint (position, ==, N_ROWS - 1);
  g_assert_false (oba_lazy_model_find (model, N_ROWS + 1, &position));
}

/* A search shortens the list at its end only, and leaving it brings everything back. */
static void
test_search_in_place (void)
{
  g_autoptr (TestSource) all = source_new (1, 1, N_ROWS);
  g_autoptr (TestSource) found = source_new (5000, 10, 150);
  g_autoptr (ObaLazyModel) model = model_new (all);
  g_autoptr (GPtrArray) rows = hold_rows (model, 0, 205);
  Changes changes = { 0 };

  wait_until (oba_lazy_model_is_settled (model));
  g_signal_connect (model, "items-changed", G_CALLBACK (items_changed_cb), &changes);
  found->with_ids = TRUE;
  oba_lazy_model_set_source (model, OBA_LAZY_SOURCE (found));
  wait_until (n_items (model) == 150);
  g_assert_cmpuint (changes.n, ==, 1);
  g_assert_cmpuint (changes.position, ==, 150);
  g_assert_cmpuint (changes.removed, ==, N_ROWS - 150);
  g_assert_cmpuint (changes.added, ==, 0);
  g_assert_cmpint (shown_id (rows->pdata[0]), ==, 5000);
  wait_until (oba_lazy_model_is_settled (model));
  g_assert_cmpint (shown_id (rows->pdata[149]), ==, 6490);

  oba_lazy_model_set_source (model, OBA_LAZY_SOURCE (all));
  wait_until (oba_lazy_model_is_settled (model));
  g_assert_cmpuint (n_items (model), ==, N_ROWS);
  g_assert_cmpint (shown_id (rows->pdata[149]), ==, 150);
}

/* Somebody was registered, or found no more, between the count and the ids: the ids are right. */
static void
test_changed_meanwhile (void)
{
  g_autoptr (TestSource) source = source_new (1, 1, 500);
  g_autoptr (ObaLazyModel) model = NULL;
  g_autoptr (ObaLazyRow) last = NULL;

  source->n_ids = 501;
  model = model_new (source);
  g_assert_cmpuint (n_items (model), ==, 501);
  last = g_list_model_get_item (G_LIST_MODEL (model), 500);
  wait_until (oba_lazy_model_is_settled (model));
  g_assert_cmpint (shown_id (last), ==, 501);
  source->n_ids = 0;
  oba_lazy_model_refresh (model);
  wait_until (oba_lazy_model_is_settled (model));
  g_assert_cmpuint (n_items (model), ==, 0);
}

/* Fast typing: the answer to an older search never replaces a newer one, whenever it comes. */
static void
test_older_answer (void)
{
  g_autoptr (TestSource) all = source_new (1, 1, 1000);
  g_autoptr (TestSource) slow = source_new (1, 2, 500);
  g_autoptr (TestSource) quick = source_new (7, 7, 10);
  g_autoptr (ObaLazyModel) model = model_new (all);

  slow->hold = TRUE;
  oba_lazy_model_set_source (model, OBA_LAZY_SOURCE (slow));
  g_assert_cmpuint (oba_lazy_model_get_state (model), ==, OBA_LAZY_MODEL_OPENING);
  g_assert_cmpuint (n_items (model), ==, 1000);
  oba_lazy_model_set_source (model, OBA_LAZY_SOURCE (quick));
  wait_until (oba_lazy_model_is_settled (model));
  g_assert_cmpuint (n_items (model), ==, 10);
  g_task_return_boolean (slow->held, TRUE);
  g_clear_object (&slow->held);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (n_items (model), ==, 10);
}

/* The server goes away: what is shown stays, the rest stays empty, and reading again fills it. */
static void
test_failure (void)
{
  g_autoptr (TestSource) source = source_new (1, 1, 1000);
  g_autoptr (ObaLazyModel) model = model_new (source);
  g_autoptr (ObaLazyRow) first = g_list_model_get_item (G_LIST_MODEL (model), 0);
  g_autoptr (ObaLazyRow) far = NULL;

  source->failing = TRUE;
  far = g_list_model_get_item (G_LIST_MODEL (model), 900);
  wait_until (oba_lazy_model_get_state (model) == OBA_LAZY_MODEL_FAILED);
  g_assert_error (oba_lazy_model_get_error (model), G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
  g_assert_cmpint (shown_id (first), ==, 1);
  g_assert_cmpuint (n_items (model), ==, 1000);
  oba_lazy_model_refresh (model);
  wait_until (oba_lazy_model_get_state (model) == OBA_LAZY_MODEL_FAILED);
  g_assert_cmpuint (n_items (model), ==, 1000);

  source->failing = FALSE;
  oba_lazy_model_refresh (model);
  wait_until (oba_lazy_model_is_settled (model));
  g_assert_cmpint (shown_id (first), ==, 1);
  g_assert_cmpint (shown_id (far), ==, 901);
}

/* A customer was changed elsewhere: the row is read again, and shows the old until then. */
static void
test_touch (void)
{
  g_autoptr (TestSource) source = source_new (1, 1, 1000);
  g_autoptr (ObaLazyModel) model = model_new (source);
  g_autoptr (ObaLazyRow) row = g_list_model_get_item (G_LIST_MODEL (model), 3);
  gpointer before = oba_lazy_row_get_record (row);
  guint reads = source->n_reads;

  oba_lazy_model_touch (model, 999999);
  oba_lazy_model_touch (model, 4);
  g_assert_true (oba_lazy_row_get_record (row) == before);
  wait_until (oba_lazy_model_is_settled (model));
  g_assert_cmpuint (source->n_reads, ==, reads + 1);
  g_assert_true (oba_lazy_row_get_record (row) != before);
  g_assert_cmpint (shown_id (row), ==, 4);
}

/* Changed again while it is being read again: what comes may be from before, so that it is read once more. A flood of changes is two reads, not thousands. */
static void
test_touch_again (void)
{
  g_autoptr (TestSource) source = source_new (1, 1, 1000);
  g_autoptr (ObaLazyModel) model = model_new (source);
  g_autoptr (ObaLazyRow) row = g_list_model_get_item (G_LIST_MODEL (model), 3);
  guint reads = source->n_reads;
  gboolean passed = FALSE;

  source->hold_rows = TRUE;
  oba_lazy_model_touch (model, 4);
  while (source->held_rows == NULL)
    g_main_context_iteration (NULL, TRUE);
  for (gint64 id = 1; id < 5000; id++)
    oba_lazy_model_touch (model, id);
  /* Many times as long as a change waits: it must not be forgotten while the answer is on its way. */
  g_timeout_add (500, passed_cb, &passed);
  while (!passed)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (source->n_reads, ==, reads + 1);
  source->hold_rows = FALSE;
  g_task_return_pointer (source->held_rows, source->held_records, (GDestroyNotify) g_ptr_array_unref);
  g_clear_object (&source->held_rows);
  wait_until (oba_lazy_model_is_settled (model));
  g_assert_cmpuint (source->n_reads, ==, reads + 2);
  g_assert_cmpint (shown_id (row), ==, 4);
}

/* The page is closed while everything is on its way. */
static void
test_dropped (void)
{
  g_autoptr (TestSource) source = source_new (1, 1, 1000);
  ObaLazyModel *model = model_new (source);
  g_autoptr (ObaLazyRow) row = g_list_model_get_item (G_LIST_MODEL (model), 800);

  oba_lazy_model_refresh (model);
  oba_lazy_model_touch (model, 801);
  g_object_run_dispose (G_OBJECT (model));
  g_object_add_weak_pointer (G_OBJECT (model), (gpointer *) &model);
  g_object_unref (model);
  wait_until (model == NULL);
  g_assert_cmpint (shown_id (row), ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/lazy-model/jump", test_jump);
  g_test_add_func ("/app/lazy-model/identity", test_identity);
  g_test_add_func ("/app/lazy-model/scrolled-by", test_scrolled_by);
  g_test_add_func ("/app/lazy-model/memory", test_memory);
  g_test_add_func ("/app/lazy-model/sort-in-place", test_sort_in_place);
  g_test_add_func ("/app/lazy-model/search-in-place", test_search_in_place);
  g_test_add_func ("/app/lazy-model/changed-meanwhile", test_changed_meanwhile);
  g_test_add_func ("/app/lazy-model/older-answer", test_older_answer);
  g_test_add_func ("/app/lazy-model/failure", test_failure);
  g_test_add_func ("/app/lazy-model/touch", test_touch);
  g_test_add_func ("/app/lazy-model/touch-again", test_touch_again);
  g_test_add_func ("/app/lazy-model/dropped", test_dropped);
  return g_test_run ();
}
