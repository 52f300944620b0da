#include "oba-timeline-model.h"

/* A screen shows about ten. */
#define PAGE 50

struct _ObaTimelineModel
{
  GObject               parent_instance;

  ObaDbPool            *pool;
  gint64                customer_id;
  ObaTimelineKinds      kinds;
  GPtrArray            *items;         /* of ObaTimelineItem */
  GCancellable         *cancellable;   /* of what is being read; NULL when nothing is */
  gboolean              complete;
  gboolean              again;         /* a refresh was asked for meanwhile */
  ObaTimelineModelState state;
  GError               *error;
};

enum
{
  PROP_0,
  PROP_STATE,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static GType
get_item_type (GListModel *model)
{
  return OBA_TYPE_TIMELINE_ITEM;
}

static guint
get_n_items (GListModel *model)
{
  return OBA_TIMELINE_MODEL (model)->items->len;
}

static gpointer
get_item (GListModel *model, guint position)
{
  ObaTimelineModel *self = OBA_TIMELINE_MODEL (model);

  return position < self->items->len ? g_object_ref (self->items->pdata[position]) : NULL;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (ObaTimelineModel, oba_timeline_model, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static void
set_state (ObaTimelineModel *self, ObaTimelineModelState state, GError *error)
{
  g_clear_error (&self->error);
  self->error = error;
  if (self->state == state)
    return;
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

/* ---- months */

static int
month_of (ObaTimelineItem *item)
{
  GDateTime *at = oba_timeline_item_get_facts (item)->at;
  /* Of Baku. */
  g_autoptr (GDateTime) local = g_date_time_add_hours (at, 4);

  return g_date_time_get_year (local) * 12 + g_date_time_get_month (local);
}

static void
mark_month (ObaTimelineModel *self, guint position)
{
  ObaTimelineItem *item;

  if (position >= self->items->len)
    return;
  item = self->items->pdata[position];
  oba_timeline_item_set_starts_month (item, position == 0 || month_of (self->items->pdata[position - 1]) != month_of (item));
}

/* ---- reading */

static void
insert (ObaTimelineModel *self, guint position, GPtrArray *events, guint n)
{
  for (guint i = 0; i < n; i++)
    g_ptr_array_insert (self->items, (int) (position + i), oba_timeline_item_new (events->pdata[i]));
  for (guint i = 0; i <= n; i++)
    mark_month (self, position + i);
  if (n > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), position, 0, n);
}

static gboolean
is_same (ObaTimelineItem *item, ObaTimelineEvent *event)
{
  const ObaTimelineFacts *old = oba_timeline_item_get_facts (item);
  const ObaTimelineFacts *new = oba_timeline_event_get_facts (event);

  return old->kind == new->kind && old->id == new->id && old->customer_id == new->customer_id;
}

/* Where the event is among the items from @from on; -1: nowhere near. */
static int
find_item (ObaTimelineModel *self, guint from, ObaTimelineEvent *event)
{
  for (guint i = from; i < self->items->len && i < from + PAGE; i++)
    if (is_same (self->items->pdata[i], event))
      return (int) i;
  return -1;
}

static void
remove_items (ObaTimelineModel *self, guint position, guint n)
{
  if (n == 0)
    return;
  g_ptr_array_remove_range (self->items, position, n);
  g_list_model_items_changed (G_LIST_MODEL (self), position, n, 0);
  mark_month (self, position);
}

/*
 * The newest page again, into what is there: what is new, or came late, is put where it belongs, what moved on (a message that is sent now) is changed,
 * what was erased goes. FALSE: nothing of it is known, there is a gap.
 */
static gboolean
merge_newest (ObaTimelineModel *self, GPtrArray *events)
{
  guint position = 0;
  gboolean any = self->items->len == 0 && events->len < PAGE;

  for (guint i = 0; i < events->len && !any; i++)
    any = find_item (self, 0, events->pdata[i]) >= 0;
  if (!any && (self->items->len > 0 || events->len > 0))
    return FALSE;
  for (guint i = 0; i < events->len; i++, position++)
    {
      int found = find_item (self, position, events->pdata[i]);

      if (found < 0)
        {
          g_ptr_array_insert (self->items, (int) position, oba_timeline_item_new (events->pdata[i]));
          mark_month (self, position);
          g_list_model_items_changed (G_LIST_MODEL (self), position, 0, 1);
          mark_month (self, position + 1);
          continue;
        }
      remove_items (self, position, (guint) found - position);
      oba_timeline_item_set_event (self->items->pdata[position], events->pdata[i]);
    }
  return TRUE;
}

static void
start_anew (ObaTimelineModel *self)
{
  guint n = self->items->len;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_ptr_array_set_size (self->items, 0);
  self->complete = FALSE;
  self->again = FALSE;
  if (n > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, n, 0);
  oba_timeline_model_read_more (self);
}

/* FALSE when the answer is of no interest any more. */
static gboolean
finish_reading (ObaTimelineModel *self, GAsyncResult *result, GPtrArray **events)
{
  GError *error = NULL;
  gboolean cancelled = g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result)));

  *events = oba_timeline_read_finish (result, &error);
  if (cancelled)
    {
      g_clear_error (&error);
      g_clear_pointer (events, g_ptr_array_unref);
      return FALSE;
    }
  g_clear_object (&self->cancellable);
  if (*events == NULL)
    set_state (self, OBA_TIMELINE_MODEL_FAILED, error);
  return *events != NULL;
}

static void
more_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaTimelineModel) self = user_data;
  g_autoptr (GPtrArray) events = NULL;

  if (!finish_reading (self, result, &events))
    return;
  self->complete = events->len < PAGE;
  insert (self, self->items->len, events, events->len);
  set_state (self, OBA_TIMELINE_MODEL_READY, NULL);
  if (self->again)
    oba_timeline_model_refresh (self);
}

static void
newest_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaTimelineModel) self = user_data;
  g_autoptr (GPtrArray) events = NULL;

  if (!finish_reading (self, result, &events))
    return;
  if (!merge_newest (self, events))
    {
      start_anew (self);
      return;
    }
  set_state (self, OBA_TIMELINE_MODEL_READY, NULL);
  if (self->again)
    oba_timeline_model_refresh (self);
}

static void
read_page (ObaTimelineModel *self, ObaTimelineEvent *after, GAsyncReadyCallback callback)
{
  self->cancellable = g_cancellable_new ();
  set_state (self, OBA_TIMELINE_MODEL_READING, NULL);
  oba_timeline_read_async (self->pool, self->customer_id, self->kinds, after, PAGE, self->cancellable, callback, g_object_ref (self));
}

/* ---- public */

void
oba_timeline_model_read_more (ObaTimelineModel *self)
{
  ObaTimelineItem *last;

  g_return_if_fail (OBA_IS_TIMELINE_MODEL (self));

  if (self->cancellable != NULL || self->complete)
    return;
  last = self->items->len > 0 ? self->items->pdata[self->items->len - 1] : NULL;
  read_page (self, last != NULL ? oba_timeline_item_get_event (last) : NULL, more_cb);
}

void
oba_timeline_model_refresh (ObaTimelineModel *self)
{
  g_return_if_fail (OBA_IS_TIMELINE_MODEL (self));

  self->again = self->cancellable != NULL;
  if (!self->again)
    read_page (self, NULL, newest_cb);
}

void
oba_timeline_model_set_kinds (ObaTimelineModel *self, ObaTimelineKinds kinds)
{
  g_return_if_fail (OBA_IS_TIMELINE_MODEL (self));

  if (kinds == self->kinds)
    return;
  self->kinds = kinds;
  start_anew (self);
}

ObaTimelineModelState
oba_timeline_model_get_state (ObaTimelineModel *self)
{
  g_return_val_if_fail (OBA_IS_TIMELINE_MODEL (self), OBA_TIMELINE_MODEL_FAILED);

  return self->state;
}

gboolean
oba_timeline_model_is_complete (ObaTimelineModel *self)
{
  g_return_val_if_fail (OBA_IS_TIMELINE_MODEL (self), FALSE);

  return self->complete;
}

const GError *
oba_timeline_model_get_error (ObaTimelineModel *self)
{
  g_return_val_if_fail (OBA_IS_TIMELINE_MODEL (self), NULL);

  return self->error;
}

/* ---- the object */

static void
oba_timeline_model_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_STATE:
      g_value_set_uint (value, OBA_TIMELINE_MODEL (object)->state);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
oba_timeline_model_finalize (GObject *object)
{
  ObaTimelineModel *self = OBA_TIMELINE_MODEL (object);

  g_clear_object (&self->pool);
  g_clear_object (&self->cancellable);
  g_ptr_array_unref (self->items);
  g_clear_error (&self->error);

  G_OBJECT_CLASS (oba_timeline_model_parent_class)->finalize (object);
}

static void
oba_timeline_model_class_init (ObaTimelineModelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = oba_timeline_model_get_property;
  object_class->finalize = oba_timeline_model_finalize;

  properties[PROP_STATE] = g_param_spec_uint ("state", NULL, NULL, OBA_TIMELINE_MODEL_READING, OBA_TIMELINE_MODEL_FAILED, OBA_TIMELINE_MODEL_READING,
                                              G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
oba_timeline_model_init (ObaTimelineModel *self)
{
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
  self->kinds = OBA_TIMELINE_ALL;
}

ObaTimelineModel *
oba_timeline_model_new (ObaDbPool *pool, gint64 customer_id)
{
  ObaTimelineModel *self = g_object_new (OBA_TYPE_TIMELINE_MODEL, NULL);

  self->pool = g_object_ref (pool);
  self->customer_id = customer_id;
  oba_timeline_model_read_more (self);
  return self;
}
