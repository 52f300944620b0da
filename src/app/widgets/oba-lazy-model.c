#include "oba-lazy-model.h"

#define PAGE_ROWS OBA_LAZY_MODEL_PAGE_ROWS
/* A list view shows about 205 rows around its anchor: three pages fill it whatever the anchor. */
#define PAGES_AT_ONCE 3
/* So many rows before its end an endless list goes on: more than a view shows around its anchor. */
#define MORE_ROWS 300
#define TOUCH_MS 50

typedef struct
{
  guint      index;
  GPtrArray *records;   /* NULL elements: gone from the database */
  GList      link;      /* in self->recent */
} ObaLazyPage;

struct _ObaLazyModel
{
  GObject            parent_instance;

  ObaLazySource     *source;      /* the last one given */
  ObaLazySource     *shown;       /* the one the content is of */
  GError            *error;
  ObaLazyModelState  state;
  guint              n_items;

  GArray            *ids;         /* (nullable) of gint64, as long as the list once it is there */
  GHashTable        *pages;       /* index -> ObaLazyPage */
  GQueue             recent;      /* of ObaLazyPage, newest first */
  GHashTable        *live;        /* position -> ObaLazyRow, not owned */
  guint64            serial;

  GCancellable      *opening;     /* open or read_ids of self->source */
  GCancellable      *reading;     /* read_rows of self->shown */
  GCancellable      *growing;     /* read_more of self->shown */
  gboolean           more;
  gboolean           grow;        /* somebody is near the end */
  guint              in_flight[PAGES_AT_ONCE];
  guint              n_in_flight;
  guint              dispatch_id;
  GHashTable        *touched;     /* ids of records that changed */
  guint              touch_id;
  gboolean           refreshing;
};

enum { PROP_STATE = 1, N_PROPS };
enum { REPLACED, N_SIGNALS };
static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

static void oba_lazy_model_list_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ObaLazyModel, oba_lazy_model, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, oba_lazy_model_list_init))

static void oba_lazy_model_schedule (ObaLazyModel *self);

/* A place whose record is gone holds NULL. */
static void
oba_lazy_record_free (gpointer record)
{
  if (record != NULL)
    g_object_unref (record);
}

static void
oba_lazy_page_free (gpointer data)
{
  ObaLazyPage *page = data;

  g_ptr_array_unref (page->records);
  g_free (page);
}

static void
oba_lazy_model_set_state (ObaLazyModel      *self,
                          ObaLazyModelState  state,
                          GError            *error)
{
  g_clear_error (&self->error);
  self->error = error;
  if (self->state == state && error == NULL)
    return;
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
}

/* --- pages --- */

static gpointer
oba_lazy_model_lookup (ObaLazyModel *self,
                       guint         position)
{
  ObaLazyPage *page = g_hash_table_lookup (self->pages, GUINT_TO_POINTER (position / PAGE_ROWS));

  if (page == NULL || position % PAGE_ROWS >= page->records->len)
    return NULL;
  g_queue_unlink (&self->recent, &page->link);
  g_queue_push_head_link (&self->recent, &page->link);
  return page->records->pdata[position % PAGE_ROWS];
}

static void
oba_lazy_model_drop_page (ObaLazyModel *self,
                          ObaLazyPage  *page)
{
  g_queue_unlink (&self->recent, &page->link);
  g_hash_table_remove (self->pages, GUINT_TO_POINTER (page->index));
}

static void
oba_lazy_model_drop_pages (ObaLazyModel *self)
{
  /* The links live in the pages: the hash table frees them. */
  g_queue_init (&self->recent);
  g_hash_table_remove_all (self->pages);
}

static void
oba_lazy_model_keep_page (ObaLazyModel *self,
                          guint         index,
                          GPtrArray    *records)
{
  ObaLazyPage *old = g_hash_table_lookup (self->pages, GUINT_TO_POINTER (index));
  ObaLazyPage *page = g_new0 (ObaLazyPage, 1);

  if (old != NULL)
    oba_lazy_model_drop_page (self, old);
  page->index = index;
  page->records = g_ptr_array_ref (records);
  page->link.data = page;
  g_hash_table_insert (self->pages, GUINT_TO_POINTER (index), page);
  g_queue_push_head_link (&self->recent, &page->link);

  while (self->recent.length > OBA_LAZY_MODEL_MAX_PAGES)
    oba_lazy_model_drop_page (self, self->recent.tail->data);
}

static guint
oba_lazy_model_page_length (ObaLazyModel *self,
                            guint         index)
{
  return MIN (PAGE_ROWS, self->n_items - index * PAGE_ROWS);
}

/* --- rows --- */

static void
oba_lazy_model_row_gone (guint    position,
                         gpointer owner)
{
  ObaLazyModel *self = owner;

  g_hash_table_remove (self->live, GUINT_TO_POINTER (position));
}

/* A copy, because those who listen to a row may let go of others. */
static GPtrArray *
oba_lazy_model_live_rows (ObaLazyModel *self)
{
  GPtrArray *rows = g_ptr_array_new_full (g_hash_table_size (self->live), g_object_unref);
  GHashTableIter iter;
  gpointer row;

  g_hash_table_iter_init (&iter, self->live);
  while (g_hash_table_iter_next (&iter, NULL, &row))
    g_ptr_array_add (rows, g_object_ref (row));
  return rows;
}

static void
oba_lazy_model_ask (ObaLazyModel *self,
                    ObaLazyRow   *row)
{
  oba_lazy_row_ask (row, ++self->serial);
  oba_lazy_model_schedule (self);
}

static void
oba_lazy_model_fill_page (ObaLazyModel *self,
                          guint         index)
{
  ObaLazyPage *page = g_hash_table_lookup (self->pages, GUINT_TO_POINTER (index));
  g_autoptr (GPtrArray) records = g_ptr_array_ref (page->records);

  for (guint i = 0; i < records->len; i++)
    {
      ObaLazyRow *row = g_hash_table_lookup (self->live, GUINT_TO_POINTER (index * PAGE_ROWS + i));

      if (row != NULL)
        oba_lazy_row_set_record (row, records->pdata[i]);
    }
}

static gpointer
oba_lazy_model_get_item (GListModel *list,
                         guint       position)
{
  ObaLazyModel *self = OBA_LAZY_MODEL (list);
  ObaLazyRow *row;
  gpointer record;

  if (position >= self->n_items)
    return NULL;
  if (self->more && position + MORE_ROWS >= self->n_items && !self->grow)
    {
      self->grow = TRUE;
      oba_lazy_model_schedule (self);
    }
  row = g_hash_table_lookup (self->live, GUINT_TO_POINTER (position));
  if (row != NULL)
    return g_object_ref (row);

  row = oba_lazy_row_new (position, oba_lazy_model_row_gone, self);
  g_hash_table_insert (self->live, GUINT_TO_POINTER (position), row);
  record = oba_lazy_model_lookup (self, position);
  if (record != NULL)
    oba_lazy_row_set_record (row, record);
  else
    oba_lazy_model_ask (self, row);
  return row;
}

static GType
oba_lazy_model_get_item_type (GListModel *list)
{
  return OBA_TYPE_LAZY_ROW;
}

static guint
oba_lazy_model_get_n_items (GListModel *list)
{
  return OBA_LAZY_MODEL (list)->n_items;
}

static void
oba_lazy_model_list_init (GListModelInterface *iface)
{
  iface->get_item = oba_lazy_model_get_item;
  iface->get_item_type = oba_lazy_model_get_item_type;
  iface->get_n_items = oba_lazy_model_get_n_items;
}

/* --- reading pages --- */

/* The pages of the newest wishes, at most PAGES_AT_ONCE. */
static guint
oba_lazy_model_choose (ObaLazyModel *self,
                       guint         chosen[PAGES_AT_ONCE])
{
  guint64 serials[PAGES_AT_ONCE] = { 0 };
  guint n = 0;
  GHashTableIter iter;
  gpointer key;
  gpointer value;

  g_hash_table_iter_init (&iter, self->live);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      guint index = GPOINTER_TO_UINT (key) / PAGE_ROWS;
      guint64 serial = oba_lazy_row_get_asked (value);
      guint at = 0;

      if (serial == 0)
        continue;
      while (at < n && chosen[at] != index)
        at++;
      if (at == n && n < PAGES_AT_ONCE)
        n++;
      else if (at == n)
        {
          at = 0;
          for (guint i = 1; i < n; i++)
            if (serials[i] < serials[at])
              at = i;
          if (serials[at] >= serial)
            continue;
          serials[at] = 0;
        }
      chosen[at] = index;
      serials[at] = MAX (serials[at], serial);
    }
  return n;
}

static void
oba_lazy_model_take_rows (ObaLazyModel *self,
                          GPtrArray    *records)
{
  g_autoptr (GHashTable) by_id = g_hash_table_new (g_int64_hash, g_int64_equal);
  g_autofree gint64 *keys = g_new (gint64, records->len);

  for (guint i = 0; i < records->len; i++)
    {
      keys[i] = oba_lazy_source_get_id (self->shown, records->pdata[i]);
      g_hash_table_insert (by_id, &keys[i], records->pdata[i]);
    }

  for (guint i = 0; i < self->n_in_flight; i++)
    {
      guint index = self->in_flight[i];
      guint length = oba_lazy_model_page_length (self, index);
      g_autoptr (GPtrArray) page = g_ptr_array_new_full (length, oba_lazy_record_free);

      for (guint j = 0; j < length; j++)
        {
          gpointer record = g_hash_table_lookup (by_id, &g_array_index (self->ids, gint64, index * PAGE_ROWS + j));

          g_ptr_array_add (page, record != NULL ? g_object_ref (record) : NULL);
        }
      oba_lazy_model_keep_page (self, index, page);
      oba_lazy_model_fill_page (self, index);
    }
}

static void
oba_lazy_model_rows_cb (GObject      *source,
                        GAsyncResult *result,
                        gpointer      user_data)
{
  g_autoptr (ObaLazyModel) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) records = oba_lazy_source_read_rows_finish (OBA_LAZY_SOURCE (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_object (&self->reading);
  if (records == NULL)
    {
      self->n_in_flight = 0;
      oba_lazy_model_set_state (self, OBA_LAZY_MODEL_FAILED, g_steal_pointer (&error));
      return;
    }
  oba_lazy_model_take_rows (self, records);
  self->n_in_flight = 0;
  oba_lazy_model_schedule (self);
}

/* --- growing --- */

static void
oba_lazy_model_more_cb (GObject      *source,
                        GAsyncResult *result,
                        gpointer      user_data)
{
  g_autoptr (ObaLazyModel) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean more = FALSE;
  g_autoptr (GArray) ids = oba_lazy_source_read_more_finish (OBA_LAZY_SOURCE (source), result, &more, &error);
  guint old = self->n_items;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->growing);
  self->grow = FALSE;
  if (ids == NULL)
    {
      oba_lazy_model_set_state (self, OBA_LAZY_MODEL_FAILED, g_steal_pointer (&error));
      return;
    }
  self->more = more;
  g_array_append_vals (self->ids, ids->data, ids->len);
  self->n_items = self->ids->len;
  g_list_model_items_changed (G_LIST_MODEL (self), old, 0, self->n_items - old);
}

static void
oba_lazy_model_grow (ObaLazyModel *self)
{
  if (!self->grow || !self->more || self->growing != NULL || self->opening != NULL || self->source != self->shown)
    return;
  self->growing = g_cancellable_new ();
  oba_lazy_source_read_more_async (self->shown, self->growing, oba_lazy_model_more_cb, g_object_ref (self));
}

static gboolean
oba_lazy_model_dispatch (gpointer user_data)
{
  ObaLazyModel *self = user_data;
  g_autoptr (GArray) ids = NULL;

  self->dispatch_id = 0;
  oba_lazy_model_grow (self);
  if (self->reading != NULL || self->ids == NULL || self->state == OBA_LAZY_MODEL_FAILED)
    return G_SOURCE_REMOVE;
  self->n_in_flight = oba_lazy_model_choose (self, self->in_flight);
  if (self->n_in_flight == 0)
    return G_SOURCE_REMOVE;

  ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  for (guint i = 0; i < self->n_in_flight; i++)
    g_array_append_vals (ids,
                         &g_array_index (self->ids, gint64, self->in_flight[i] * PAGE_ROWS),
                         oba_lazy_model_page_length (self, self->in_flight[i]));
  self->reading = g_cancellable_new ();
  oba_lazy_source_read_rows_async (self->shown, ids, self->reading, oba_lazy_model_rows_cb, g_object_ref (self));
  return G_SOURCE_REMOVE;
}

/* Not from within get_item: a frame asks for some 200 rows, one after the other. */
static void
oba_lazy_model_schedule (ObaLazyModel *self)
{
  if (self->dispatch_id == 0)
    self->dispatch_id = g_idle_add_full (G_PRIORITY_DEFAULT, oba_lazy_model_dispatch, self, NULL);
}

static void
oba_lazy_model_stop_reading (ObaLazyModel *self)
{
  g_cancellable_cancel (self->growing);
  g_clear_object (&self->growing);
  self->grow = FALSE;
  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  self->n_in_flight = 0;
}

/* --- opening --- */

/* Rows beyond the new end are let go, the others get their new record, or stay as they are (@keep) or empty until it comes. */
static void
oba_lazy_model_reset_rows (ObaLazyModel *self,
                           gboolean      keep)
{
  g_autoptr (GPtrArray) rows = oba_lazy_model_live_rows (self);

  for (guint i = 0; i < rows->len; i++)
    {
      ObaLazyRow *row = rows->pdata[i];
      guint position = oba_lazy_row_get_position (row);
      gpointer record;

      if (position >= self->n_items)
        {
          g_hash_table_remove (self->live, GUINT_TO_POINTER (position));
          oba_lazy_row_orphan (row);
          continue;
        }
      record = oba_lazy_model_lookup (self, position);
      if (record != NULL || !keep)
        oba_lazy_row_set_record (row, record);
      if (record == NULL)
        oba_lazy_model_ask (self, row);
    }
}

static void
oba_lazy_model_resize (ObaLazyModel *self,
                       guint         n_items,
                       gboolean      keep)
{
  guint old = self->n_items;

  self->n_items = n_items;
  oba_lazy_model_reset_rows (self, keep);
  if (n_items > old)
    g_list_model_items_changed (G_LIST_MODEL (self), old, 0, n_items - old);
  else if (n_items < old)
    g_list_model_items_changed (G_LIST_MODEL (self), n_items, old - n_items, 0);
}

static void
oba_lazy_model_take_opening (ObaLazyModel   *self,
                             ObaLazyOpening *opening)
{
  guint count = opening->ids != NULL ? opening->ids->len : opening->count;

  /* Whoever reads far down the list stays there: how long it really is, the ids will tell. */
  if (self->refreshing && opening->ids == NULL)
    count = MAX (count, self->n_items);
  oba_lazy_model_stop_reading (self);
  g_clear_pointer (&self->ids, g_array_unref);
  if (opening->ids != NULL)
    self->ids = g_array_ref (opening->ids);
  self->more = opening->ids != NULL && opening->more;
  oba_lazy_model_drop_pages (self);
  g_set_object (&self->shown, self->source);
  if (opening->records != NULL && opening->records->len >= MIN (PAGE_ROWS, count))
    oba_lazy_model_keep_page (self, 0, opening->records);
  oba_lazy_model_resize (self, count, self->refreshing);
}

/* Between the first answer and the ids the list may have changed: the ids are right. */
static void
oba_lazy_model_take_ids (ObaLazyModel *self,
                         GArray       *ids)
{
  ObaLazyPage *first = g_hash_table_lookup (self->pages, GUINT_TO_POINTER (0));
  gboolean same = first != NULL && first->records->len == MIN (PAGE_ROWS, ids->len);

  for (guint i = 0; same && i < first->records->len; i++)
    same = first->records->pdata[i] != NULL
           && oba_lazy_source_get_id (self->shown, first->records->pdata[i]) == g_array_index (ids, gint64, i);
  if (first != NULL && !same)
    oba_lazy_model_drop_page (self, first);

  self->ids = g_array_ref (ids);
  if (!same || ids->len != self->n_items)
    oba_lazy_model_resize (self, ids->len, TRUE);
  oba_lazy_model_schedule (self);
}

static void
oba_lazy_model_opened (ObaLazyModel *self)
{
  g_clear_object (&self->opening);
  oba_lazy_model_set_state (self, OBA_LAZY_MODEL_READY, NULL);
  g_signal_emit (self, signals[REPLACED], 0);
}

static void
oba_lazy_model_ids_cb (GObject      *source,
                       GAsyncResult *result,
                       gpointer      user_data)
{
  g_autoptr (ObaLazyModel) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) ids = oba_lazy_source_read_ids_finish (OBA_LAZY_SOURCE (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (ids == NULL)
    {
      g_clear_object (&self->opening);
      oba_lazy_model_set_state (self, OBA_LAZY_MODEL_FAILED, g_steal_pointer (&error));
      return;
    }
  oba_lazy_model_take_ids (self, ids);
  oba_lazy_model_opened (self);
}

static void
oba_lazy_model_open_cb (GObject      *source,
                        GAsyncResult *result,
                        gpointer      user_data)
{
  g_autoptr (ObaLazyModel) self = user_data;
  g_auto (ObaLazyOpening) opening = { 0 };
  g_autoptr (GError) error = NULL;

  if (!oba_lazy_source_open_finish (OBA_LAZY_SOURCE (source), result, &opening, &error))
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
      g_clear_object (&self->opening);
      oba_lazy_model_set_state (self, OBA_LAZY_MODEL_FAILED, g_steal_pointer (&error));
      return;
    }

  oba_lazy_model_take_opening (self, &opening);
  if (opening.ids != NULL)
    {
      oba_lazy_model_opened (self);
      return;
    }
  oba_lazy_model_set_state (self, OBA_LAZY_MODEL_READY, NULL);
  g_signal_emit (self, signals[REPLACED], 0);
  /* Whoever listens may have given another source. */
  if (self->source == OBA_LAZY_SOURCE (source) && self->opening != NULL)
    oba_lazy_source_read_ids_async (self->source, self->opening, oba_lazy_model_ids_cb, g_object_ref (self));
}

static void
oba_lazy_model_open (ObaLazyModel *self,
                     gboolean      refreshing)
{
  g_cancellable_cancel (self->opening);
  g_clear_object (&self->opening);
  self->opening = g_cancellable_new ();
  self->refreshing = refreshing;
  oba_lazy_model_set_state (self, OBA_LAZY_MODEL_OPENING, NULL);
  oba_lazy_source_open_async (self->source, PAGE_ROWS, self->opening, oba_lazy_model_open_cb, g_object_ref (self));
}

/* --- records that changed --- */

static gboolean
oba_lazy_model_page_is_touched (ObaLazyModel *self,
                                ObaLazyPage  *page)
{
  for (guint i = 0; i < page->records->len; i++)
    if (page->records->pdata[i] != NULL
        && g_hash_table_contains (self->touched, GSIZE_TO_POINTER ((gsize) oba_lazy_source_get_id (self->shown, page->records->pdata[i]))))
      return TRUE;
  return FALSE;
}

/* Rows that somebody shows keep what they say until the page comes again. */
static void
oba_lazy_model_reread_page (ObaLazyModel *self,
                            ObaLazyPage  *page)
{
  guint first = page->index * PAGE_ROWS;
  guint n = page->records->len;

  oba_lazy_model_drop_page (self, page);
  for (guint i = 0; i < n; i++)
    {
      ObaLazyRow *row = g_hash_table_lookup (self->live, GUINT_TO_POINTER (first + i));

      if (row != NULL)
        {
          oba_lazy_model_ask (self, row);
          return;
        }
    }
}

/* Thousands may change at once. What is being read meanwhile may have been read before the change: it waits for that. */
static gboolean
oba_lazy_model_touched_cb (gpointer user_data)
{
  ObaLazyModel *self = user_data;

  if (self->reading != NULL || self->opening != NULL)
    return G_SOURCE_CONTINUE;
  for (GList *l = self->recent.head, *next; l != NULL; l = next)
    {
      next = l->next;
      if (oba_lazy_model_page_is_touched (self, l->data))
        oba_lazy_model_reread_page (self, l->data);
    }
  g_hash_table_remove_all (self->touched);
  self->touch_id = 0;
  return G_SOURCE_REMOVE;
}

/* --- public --- */

ObaLazyModel *
oba_lazy_model_new (void)
{
  return g_object_new (OBA_TYPE_LAZY_MODEL, NULL);
}

void
oba_lazy_model_set_source (ObaLazyModel  *self,
                           ObaLazySource *source)
{
  g_set_object (&self->source, source);
  oba_lazy_model_open (self, FALSE);
}

ObaLazySource *
oba_lazy_model_get_source (ObaLazyModel *self)
{
  return self->source;
}

ObaLazySource *
oba_lazy_model_get_shown (ObaLazyModel *self)
{
  return self->shown;
}

ObaLazyModelState
oba_lazy_model_get_state (ObaLazyModel *self)
{
  return self->state;
}

const GError *
oba_lazy_model_get_error (ObaLazyModel *self)
{
  return self->error;
}

void
oba_lazy_model_refresh (ObaLazyModel *self)
{
  if (self->source != NULL)
    oba_lazy_model_open (self, self->source == self->shown);
}

void
oba_lazy_model_touch (ObaLazyModel *self,
                      gint64        id)
{
  g_hash_table_add (self->touched, GSIZE_TO_POINTER ((gsize) id));
  if (self->touch_id == 0)
    self->touch_id = g_timeout_add (TOUCH_MS, oba_lazy_model_touched_cb, self);
}

gboolean
oba_lazy_model_find (ObaLazyModel *self,
                     gint64        id,
                     guint        *position)
{
  ObaLazyPage *first = g_hash_table_lookup (self->pages, GUINT_TO_POINTER (0));

  for (guint i = 0; self->ids != NULL && i < self->ids->len; i++)
    if (g_array_index (self->ids, gint64, i) == id)
      {
        *position = i;
        return TRUE;
      }
  for (guint i = 0; self->ids == NULL && first != NULL && i < first->records->len; i++)
    if (first->records->pdata[i] != NULL && oba_lazy_source_get_id (self->shown, first->records->pdata[i]) == id)
      {
        *position = i;
        return TRUE;
      }
  return FALSE;
}

GArray *
oba_lazy_model_get_ids (ObaLazyModel *self)
{
  return self->ids;
}

gint64
oba_lazy_model_get_id (ObaLazyModel *self,
                       guint         position)
{
  gpointer record;

  if (self->ids != NULL)
    return position < self->ids->len ? g_array_index (self->ids, gint64, position) : 0;
  record = position < self->n_items ? oba_lazy_model_lookup (self, position) : NULL;
  return record != NULL ? oba_lazy_source_get_id (self->shown, record) : 0;
}

gboolean
oba_lazy_model_has_more (ObaLazyModel *self)
{
  return self->more;
}

gboolean
oba_lazy_model_is_complete (ObaLazyModel *self)
{
  return self->ids != NULL && self->source == self->shown && !self->more;
}

gboolean
oba_lazy_model_is_settled (ObaLazyModel *self)
{
  guint chosen[PAGES_AT_ONCE];

  return self->state == OBA_LAZY_MODEL_READY && self->opening == NULL && self->reading == NULL && self->growing == NULL && self->touch_id == 0
         && oba_lazy_model_choose (self, chosen) == 0;
}

guint
oba_lazy_model_get_n_held (ObaLazyModel *self)
{
  guint n = 0;

  for (GList *l = self->recent.head; l != NULL; l = l->next)
    n += ((ObaLazyPage *) l->data)->records->len;
  return n;
}

static void
oba_lazy_model_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  ObaLazyModel *self = OBA_LAZY_MODEL (object);

  if (prop_id == PROP_STATE)
    g_value_set_uint (value, self->state);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
oba_lazy_model_dispose (GObject *object)
{
  ObaLazyModel *self = OBA_LAZY_MODEL (object);

  g_cancellable_cancel (self->opening);
  g_clear_object (&self->opening);
  oba_lazy_model_stop_reading (self);
  g_clear_handle_id (&self->dispatch_id, g_source_remove);
  g_clear_handle_id (&self->touch_id, g_source_remove);
  if (self->live != NULL)
    {
      g_autoptr (GPtrArray) rows = oba_lazy_model_live_rows (self);

      g_hash_table_remove_all (self->live);
      g_ptr_array_foreach (rows, (GFunc) oba_lazy_row_orphan, NULL);
    }

  G_OBJECT_CLASS (oba_lazy_model_parent_class)->dispose (object);
}

static void
oba_lazy_model_finalize (GObject *object)
{
  ObaLazyModel *self = OBA_LAZY_MODEL (object);

  oba_lazy_model_drop_pages (self);
  g_hash_table_unref (self->pages);
  g_hash_table_unref (self->live);
  g_hash_table_unref (self->touched);
  g_clear_pointer (&self->ids, g_array_unref);
  g_clear_error (&self->error);
  g_clear_object (&self->source);
  g_clear_object (&self->shown);

  G_OBJECT_CLASS (oba_lazy_model_parent_class)->finalize (object);
}

static void
oba_lazy_model_class_init (ObaLazyModelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = oba_lazy_model_get_property;
  object_class->dispose = oba_lazy_model_dispose;
  object_class->finalize = oba_lazy_model_finalize;

  props[PROP_STATE] = g_param_spec_uint ("state", NULL, NULL, 0, OBA_LAZY_MODEL_FAILED, 0,
                                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[REPLACED] = g_signal_new ("replaced", OBA_TYPE_LAZY_MODEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 0);
}

static void
oba_lazy_model_init (ObaLazyModel *self)
{
  g_queue_init (&self->recent);
  self->pages = g_hash_table_new_full (NULL, NULL, NULL, oba_lazy_page_free);
  self->live = g_hash_table_new (NULL, NULL);
  self->touched = g_hash_table_new (NULL, NULL);
}
