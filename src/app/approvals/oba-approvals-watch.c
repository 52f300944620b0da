#include "oba-approvals-watch.h"

#include "oba-approvals-list.h"

struct _ObaApprovalsWatch
{
  GObject            parent_instance;

  ObaSession        *session;
  GCancellable      *cancellable;
  ObaApprovalsCount *count;       /* (nullable) */
  gboolean           reading;
  gboolean           stale;       /* something happened since the read began */
};

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaApprovalsWatch, oba_approvals_watch, G_TYPE_OBJECT)

static void count (ObaApprovalsWatch *self);

/* What could not be read is read when the server is back: "resumed" tells. */
static void
counted_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  ObaApprovalsWatch *self = user_data;
  g_autoptr (GError) error = NULL;
  ObaApprovalsCount *counted = oba_approvals_count_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self->reading = FALSE;
  if (counted != NULL)
    {
      g_clear_pointer (&self->count, oba_approvals_count_free);
      self->count = counted;
      g_signal_emit (self, signals[CHANGED], 0);
    }
  if (self->stale)
    count (self);
}

static void
count (ObaApprovalsWatch *self)
{
  self->stale = self->reading;
  if (self->reading)
    return;
  self->reading = TRUE;
  oba_approvals_count_async (oba_session_get_pool (self->session), self->cancellable, counted_cb, self);
}

static void
oba_approvals_watch_dispose (GObject *object)
{
  ObaApprovalsWatch *self = OBA_APPROVALS_WATCH (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (oba_approvals_watch_parent_class)->dispose (object);
}

static void
oba_approvals_watch_finalize (GObject *object)
{
  ObaApprovalsWatch *self = OBA_APPROVALS_WATCH (object);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->count, oba_approvals_count_free);

  G_OBJECT_CLASS (oba_approvals_watch_parent_class)->finalize (object);
}

static void
oba_approvals_watch_class_init (ObaApprovalsWatchClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = oba_approvals_watch_dispose;
  G_OBJECT_CLASS (klass)->finalize = oba_approvals_watch_finalize;

  signals[CHANGED] = g_signal_new ("changed", OBA_TYPE_APPROVALS_WATCH, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
oba_approvals_watch_init (ObaApprovalsWatch *self)
{
  self->cancellable = g_cancellable_new ();
}

ObaApprovalsWatch *
oba_approvals_watch_new (ObaSession *session)
{
  ObaApprovalsWatch *self = g_object_new (OBA_TYPE_APPROVALS_WATCH, NULL);

  self->session = g_object_ref (session);
  if (!oba_session_has_role (session, OBA_APPROVALS_ROLES))
    return self;
  g_signal_connect_object (oba_session_get_listener (session), "notification::oba_approvals", G_CALLBACK (count), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "resumed", G_CALLBACK (count), self, G_CONNECT_SWAPPED);
  count (self);
  return self;
}

const ObaApprovalsCount *
oba_approvals_watch_get_count (ObaApprovalsWatch *self)
{
  g_return_val_if_fail (OBA_IS_APPROVALS_WATCH (self), NULL);

  return self->count;
}

gboolean
oba_approvals_watch_decides (ObaApprovalsWatch *self)
{
  g_return_val_if_fail (OBA_IS_APPROVALS_WATCH (self), FALSE);

  return oba_session_has_role (self->session, OBA_APPROVALS_DECIDERS);
}
