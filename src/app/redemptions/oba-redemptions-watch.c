#include "oba-redemptions-watch.h"

#include "db/oba-db-sql.h"

/* A request gets late by itself. */
#define INTERVAL_S 60
#define DECIDES (OBA_ROLE_SUPERVISOR | OBA_ROLE_ADMIN)

struct _ObaRedemptionsWatch
{
  GObject       parent_instance;

  ObaSession   *session;
  GCancellable *cancellable;
  guint         clock_id;
  gint64        n;
  gint64        late;
  gboolean      reading;
  gboolean      stale;         /* something happened since the read began */
};

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaRedemptionsWatch, oba_redemptions_watch, G_TYPE_OBJECT)

static void count (ObaRedemptionsWatch *self);

/* What could not be read is read when the server is back: "resumed" tells. */
static void
counted_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  ObaRedemptionsWatch *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (OBA_DB_POOL (pool), result, &error);

  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return;
  self->reading = FALSE;
  if (rows != NULL)
    {
      self->n = oba_db_result_get_int64 (rows, 0, 0);
      self->late = oba_db_result_get_int64 (rows, 0, 1);
      g_signal_emit (self, signals[CHANGED], 0);
    }
  if (self->stale)
    count (self);
}

static void
count (ObaRedemptionsWatch *self)
{
  self->stale = self->reading;
  if (self->reading)
    return;
  self->reading = TRUE;
  oba_db_pool_read_async (oba_session_get_pool (self->session), oba_db_sql ("redemptions/waiting.sql"), NULL, self->cancellable, counted_cb, self);
}

static gboolean
clock_cb (gpointer user_data)
{
  count (user_data);
  return G_SOURCE_CONTINUE;
}

static void
oba_redemptions_watch_dispose (GObject *object)
{
  ObaRedemptionsWatch *self = OBA_REDEMPTIONS_WATCH (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->clock_id, g_source_remove);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (oba_redemptions_watch_parent_class)->dispose (object);
}

static void
oba_redemptions_watch_finalize (GObject *object)
{
  g_clear_object (&OBA_REDEMPTIONS_WATCH (object)->cancellable);
  G_OBJECT_CLASS (oba_redemptions_watch_parent_class)->finalize (object);
}

static void
oba_redemptions_watch_class_init (ObaRedemptionsWatchClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = oba_redemptions_watch_dispose;
  G_OBJECT_CLASS (klass)->finalize = oba_redemptions_watch_finalize;

  signals[CHANGED] = g_signal_new ("changed", OBA_TYPE_REDEMPTIONS_WATCH, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
oba_redemptions_watch_init (ObaRedemptionsWatch *self)
{
  self->cancellable = g_cancellable_new ();
}

ObaRedemptionsWatch *
oba_redemptions_watch_new (ObaSession *session)
{
  ObaRedemptionsWatch *self = g_object_new (OBA_TYPE_REDEMPTIONS_WATCH, NULL);

  self->session = g_object_ref (session);
  if (!oba_session_has_role (session, DECIDES))
    return self;
  g_signal_connect_object (oba_session_get_listener (session), "notification::oba_redemptions", G_CALLBACK (count), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "resumed", G_CALLBACK (count), self, G_CONNECT_SWAPPED);
  self->clock_id = g_timeout_add_seconds (INTERVAL_S, clock_cb, self);
  count (self);
  return self;
}

gint64
oba_redemptions_watch_get_n (ObaRedemptionsWatch *self)
{
  g_return_val_if_fail (OBA_IS_REDEMPTIONS_WATCH (self), 0);

  return self->n;
}

gint64
oba_redemptions_watch_get_late (ObaRedemptionsWatch *self)
{
  g_return_val_if_fail (OBA_IS_REDEMPTIONS_WATCH (self), 0);

  return self->late;
}
