#include "oba-db-watch.h"

#include <glib-unix.h>

struct _ObaDbWatch
{
  gatomicrefcount ref_count;
  GMutex lock; /* guards source: threads wake while the owner moves it */
  GSource *source;
  ObaDbWatchFunc func;
  gpointer user_data;
  gpointer tag;
  int fd;
  GIOCondition condition;
  int priority;
  gint is_woken; /* atomic */
};

typedef struct
{
  GSource base;
  ObaDbWatch *watch;
} WatchSource;

static gboolean
watch_source_prepare (GSource *source, int *timeout)
{
  *timeout = -1;
  return g_atomic_int_get (&((WatchSource *) source)->watch->is_woken);
}

static gboolean
watch_source_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  ObaDbWatch *self = ((WatchSource *) source)->watch;
  GIOCondition condition = self->tag != NULL ? g_source_query_unix_fd (source, self->tag) : 0;

  g_atomic_int_set (&self->is_woken, FALSE);
  self->func (self->user_data, condition);
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs watch_source_funcs = { .prepare = watch_source_prepare, .dispatch = watch_source_dispatch };

ObaDbWatch *
oba_db_watch_new (ObaDbWatchFunc func, gpointer user_data)
{
  ObaDbWatch *self = g_new0 (ObaDbWatch, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  self->func = func;
  self->user_data = user_data;
  self->fd = -1;
  return self;
}

ObaDbWatch *
oba_db_watch_ref (ObaDbWatch *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
oba_db_watch_unref (ObaDbWatch *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_mutex_clear (&self->lock);
  g_free (self);
}

static void
drop_source (ObaDbWatch *self)
{
  g_autoptr (GSource) source = NULL;

  g_mutex_lock (&self->lock);
  source = g_steal_pointer (&self->source);
  g_mutex_unlock (&self->lock);
  self->tag = NULL;
  if (source != NULL)
    g_source_destroy (source);
}

void
oba_db_watch_free (ObaDbWatch *self)
{
  drop_source (self);
  oba_db_watch_unref (self);
}

static void
add_fd (ObaDbWatch *self)
{
  if (self->fd >= 0)
    self->tag = g_source_add_unix_fd (self->source, self->fd, self->condition);
}

void
oba_db_watch_attach (ObaDbWatch *self, GMainContext *context)
{
  GSource *source = g_source_new (&watch_source_funcs, sizeof (WatchSource));

  ((WatchSource *) source)->watch = self;
  g_source_set_static_name (source, "ObaDbWatch");
  g_source_set_priority (source, self->priority);
  /* A source that may not recurse is taken out of the poll and put back around each dispatch, with two wake-ups of the
   * loop. */
  g_source_set_can_recurse (source, TRUE);
  drop_source (self);
  g_mutex_lock (&self->lock);
  self->source = source;
  g_mutex_unlock (&self->lock);
  add_fd (self);
  /* What was asked of the old source must not be forgotten by the new one. */
  g_atomic_int_set (&self->is_woken, TRUE);
  g_source_attach (source, context);
}

/* Returns: (transfer none) */
GMainContext *
oba_db_watch_get_context (ObaDbWatch *self)
{
  return g_source_get_context (self->source);
}

void
oba_db_watch_set_fd (ObaDbWatch *self, int fd, GIOCondition condition, int priority)
{
  if (self->priority != priority)
    g_source_set_priority (self->source, priority);
  self->priority = priority;
  if (self->fd == fd && self->condition == condition)
    return;

  self->condition = condition;
  if (self->fd == fd && self->tag != NULL)
    {
      g_source_modify_unix_fd (self->source, self->tag, condition);
      return;
    }
  if (self->tag != NULL)
    g_source_remove_unix_fd (self->source, g_steal_pointer (&self->tag));
  self->fd = fd;
  add_fd (self);
}

void
oba_db_watch_wake (ObaDbWatch *self)
{
  GMainContext *context;

  g_atomic_int_set (&self->is_woken, TRUE);
  g_mutex_lock (&self->lock);
  context = self->source != NULL ? g_source_get_context (self->source) : NULL;
  /* The thread that runs the loop looks at the flag before it sleeps; only others have to wake it. */
  if (context != NULL && !g_main_context_is_owner (context))
    g_main_context_wakeup (context);
  g_mutex_unlock (&self->lock);
}

static void
on_cancelled (GCancellable *cancellable, ObaDbWatch *self)
{
  oba_db_watch_wake (self);
}

gulong
oba_db_watch_add_cancellable (ObaDbWatch *self, GCancellable *cancellable)
{
  if (cancellable == NULL)
    return 0;
  return g_cancellable_connect (cancellable, G_CALLBACK (on_cancelled), oba_db_watch_ref (self),
                                (GDestroyNotify) oba_db_watch_unref);
}

/* Not g_cancellable_disconnect: that waits for ever when it is called from within a handler of the same cancellable. */
void
oba_db_watch_remove_cancellable (GCancellable *cancellable, gulong id)
{
  if (id != 0)
    g_signal_handler_disconnect (cancellable, id);
}
