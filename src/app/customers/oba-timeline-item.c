#include "oba-timeline-item.h"

#include "customers/oba-customers.h"

struct _ObaTimelineItem
{
  GObject             parent_instance;

  ObaTimelineEvent   *event;
  ObaCustomerReceipt *receipt;
  char               *problem;
  gboolean            reading;
  gboolean            open;
  gboolean            starts_month;
};

enum
{
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaTimelineItem, oba_timeline_item, G_TYPE_OBJECT)

static void
changed (ObaTimelineItem *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
oba_timeline_item_finalize (GObject *object)
{
  ObaTimelineItem *self = OBA_TIMELINE_ITEM (object);

  g_clear_object (&self->event);
  g_clear_pointer (&self->receipt, oba_customer_receipt_free);
  g_free (self->problem);

  G_OBJECT_CLASS (oba_timeline_item_parent_class)->finalize (object);
}

static void
oba_timeline_item_class_init (ObaTimelineItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = oba_timeline_item_finalize;

  signals[CHANGED] = g_signal_new ("changed", OBA_TYPE_TIMELINE_ITEM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
oba_timeline_item_init (ObaTimelineItem *self)
{
}

ObaTimelineItem *
oba_timeline_item_new (ObaTimelineEvent *event)
{
  ObaTimelineItem *self = g_object_new (OBA_TYPE_TIMELINE_ITEM, NULL);

  self->event = g_object_ref (event);
  return self;
}

ObaTimelineEvent *
oba_timeline_item_get_event (ObaTimelineItem *self)
{
  g_return_val_if_fail (OBA_IS_TIMELINE_ITEM (self), NULL);

  return self->event;
}

const ObaTimelineFacts *
oba_timeline_item_get_facts (ObaTimelineItem *self)
{
  g_return_val_if_fail (OBA_IS_TIMELINE_ITEM (self), NULL);

  return oba_timeline_event_get_facts (self->event);
}

void
oba_timeline_item_set_event (ObaTimelineItem *self, ObaTimelineEvent *event)
{
  g_return_if_fail (OBA_IS_TIMELINE_ITEM (self));

  if (g_set_object (&self->event, event))
    changed (self);
}

gboolean
oba_timeline_item_is_open (ObaTimelineItem *self)
{
  g_return_val_if_fail (OBA_IS_TIMELINE_ITEM (self), FALSE);

  return self->open;
}

void
oba_timeline_item_set_open (ObaTimelineItem *self, gboolean open)
{
  g_return_if_fail (OBA_IS_TIMELINE_ITEM (self));

  if (self->open == open)
    return;
  self->open = open;
  changed (self);
}

gboolean
oba_timeline_item_starts_month (ObaTimelineItem *self)
{
  g_return_val_if_fail (OBA_IS_TIMELINE_ITEM (self), FALSE);

  return self->starts_month;
}

void
oba_timeline_item_set_starts_month (ObaTimelineItem *self, gboolean starts_month)
{
  g_return_if_fail (OBA_IS_TIMELINE_ITEM (self));

  if (self->starts_month == starts_month)
    return;
  self->starts_month = starts_month;
  changed (self);
}

const ObaCustomerReceipt *
oba_timeline_item_get_receipt (ObaTimelineItem *self)
{
  g_return_val_if_fail (OBA_IS_TIMELINE_ITEM (self), NULL);

  return self->receipt;
}

const char *
oba_timeline_item_get_problem (ObaTimelineItem *self)
{
  g_return_val_if_fail (OBA_IS_TIMELINE_ITEM (self), NULL);

  return self->problem;
}

static void
receipt_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaTimelineItem) self = user_data;
  g_autoptr (GError) error = NULL;

  self->reading = FALSE;
  self->receipt = oba_customers_receipt_finish (result, &error);
  if (self->receipt == NULL)
    self->problem = oba_db_error_describe (error);
  changed (self);
}

void
oba_timeline_item_read_receipt (ObaTimelineItem *self, ObaDbPool *pool)
{
  const ObaTimelineFacts *facts = oba_timeline_item_get_facts (self);

  if (facts->kind != OBA_TIMELINE_RECEIPT || self->receipt != NULL || self->reading)
    return;
  g_clear_pointer (&self->problem, g_free);
  self->reading = TRUE;
  oba_customers_receipt_async (pool, facts->customer_id, facts->at, facts->receipt_id, NULL, receipt_cb, g_object_ref (self));
}
