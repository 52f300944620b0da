#include "oba-lazy-row.h"

struct _ObaLazyRow
{
  GObject         parent_instance;
  GObject        *record;
  ObaLazyRowGone  gone;
  gpointer        owner;
  guint64         asked;
  guint           position;
};

G_DEFINE_FINAL_TYPE (ObaLazyRow, oba_lazy_row, G_TYPE_OBJECT)

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
oba_lazy_row_finalize (GObject *object)
{
  ObaLazyRow *self = OBA_LAZY_ROW (object);

  if (self->gone != NULL)
    self->gone (self->position, self->owner);
  g_clear_object (&self->record);

  G_OBJECT_CLASS (oba_lazy_row_parent_class)->finalize (object);
}

static void
oba_lazy_row_class_init (ObaLazyRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = oba_lazy_row_finalize;

  signals[CHANGED] = g_signal_new ("changed", OBA_TYPE_LAZY_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
oba_lazy_row_init (ObaLazyRow *self)
{
}

ObaLazyRow *
oba_lazy_row_new (guint           position,
                  ObaLazyRowGone  gone,
                  gpointer        owner)
{
  ObaLazyRow *self = g_object_new (OBA_TYPE_LAZY_ROW, NULL);

  self->position = position;
  self->gone = gone;
  self->owner = owner;
  return self;
}

/* The model is going, or the row fell off its end: whoever still holds it keeps what it shows. */
void
oba_lazy_row_orphan (ObaLazyRow *self)
{
  self->gone = NULL;
  self->owner = NULL;
  self->asked = 0;
}

guint
oba_lazy_row_get_position (ObaLazyRow *self)
{
  return self->position;
}

gpointer
oba_lazy_row_get_record (ObaLazyRow *self)
{
  return self->record;
}

void
oba_lazy_row_set_record (ObaLazyRow *self,
                         gpointer    record)
{
  self->asked = 0;
  if (g_set_object (&self->record, record))
    g_signal_emit (self, signals[CHANGED], 0);
}

void
oba_lazy_row_ask (ObaLazyRow *self,
                  guint64     serial)
{
  self->asked = serial;
}

guint64
oba_lazy_row_get_asked (ObaLazyRow *self)
{
  return self->asked;
}
