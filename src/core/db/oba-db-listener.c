#include "oba-db-listener.h"

#define BACKOFF_MIN_MS 200
#define BACKOFF_MAX_MS 10000

enum
{
  NOTIFICATION,
  RESUMED,
  INTERRUPTED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

struct _ObaDbListener
{
  GObject parent_instance;
  char *conninfo;
  char *script;
  GMainContext *context;
  GCancellable *stopping; /* NULL when stopped */
  ObaDbConnection *connection;
  GSource *timer;
  guint n_failures;
  gboolean is_listening;
};

G_DEFINE_FINAL_TYPE (ObaDbListener, oba_db_listener, G_TYPE_OBJECT)

static void open_connection (ObaDbListener *self);

static void
oba_db_listener_dispose (GObject *object)
{
  oba_db_listener_stop (OBA_DB_LISTENER (object));
  G_OBJECT_CLASS (oba_db_listener_parent_class)->dispose (object);
}

static void
oba_db_listener_finalize (GObject *object)
{
  ObaDbListener *self = OBA_DB_LISTENER (object);

  g_main_context_unref (self->context);
  g_free (self->conninfo);
  g_free (self->script);
  G_OBJECT_CLASS (oba_db_listener_parent_class)->finalize (object);
}

static void
oba_db_listener_class_init (ObaDbListenerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = oba_db_listener_dispose;
  object_class->finalize = oba_db_listener_finalize;

  signals[NOTIFICATION] =
      g_signal_new ("notification", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST | G_SIGNAL_DETAILED, 0, NULL, NULL,
                    NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
  signals[RESUMED] =
      g_signal_new ("resumed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[INTERRUPTED] = g_signal_new ("interrupted", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                       G_TYPE_NONE, 1, G_TYPE_ERROR | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
oba_db_listener_init (ObaDbListener *self)
{
  self->context = g_main_context_ref_thread_default ();
}

static char *
make_script (const char *const *channels)
{
  GString *script = g_string_new (NULL);

  for (const char *const *channel = channels; *channel != NULL; channel++)
    {
      g_auto (GStrv) parts = g_strsplit (*channel, "\"", -1);
      g_autofree char *quoted = g_strjoinv ("\"\"", parts);

      g_string_append_printf (script, "LISTEN \"%s\";", quoted);
    }
  return g_string_free (script, FALSE);
}

/**
 * oba_db_listener_new:
 * @channels: (array zero-terminated=1)
 *
 * Listens once it is started, in the thread-default main context of its maker.
 */
ObaDbListener *
oba_db_listener_new (const char *conninfo, const char *const *channels)
{
  ObaDbListener *self = g_object_new (OBA_TYPE_DB_LISTENER, NULL);

  self->conninfo = g_strdup (conninfo != NULL ? conninfo : "");
  self->script = make_script (channels);
  return self;
}

static void
drop_connection (ObaDbListener *self)
{
  self->is_listening = FALSE;
  if (self->connection == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->connection, self);
  oba_db_connection_close (self->connection);
  g_clear_object (&self->connection);
}

static gboolean
on_timer (gpointer user_data)
{
  ObaDbListener *self = user_data;

  g_clear_pointer (&self->timer, g_source_unref);
  open_connection (self);
  return G_SOURCE_REMOVE;
}

static void
try_again (ObaDbListener *self)
{
  guint delay = MIN (BACKOFF_MIN_MS << MIN (self->n_failures, 10), BACKOFF_MAX_MS);

  delay = delay / 2 + (guint) g_random_int_range (0, (gint32) delay / 2);
  self->n_failures++;
  self->timer = g_timeout_source_new (delay);
  g_source_set_callback (self->timer, on_timer, self, NULL);
  g_source_attach (self->timer, self->context);
}

static void
interrupt (ObaDbListener *self, const GError *error)
{
  g_autoptr (ObaDbListener) hold = g_object_ref (self);
  gboolean was_listening = self->is_listening;

  drop_connection (self);
  if (self->timer == NULL)
    try_again (self);
  /* Told once; that the server is still away is no news. */
  if (was_listening || self->n_failures == 1)
    g_signal_emit (self, signals[INTERRUPTED], 0, error);
}

static void
on_closed (ObaDbConnection *connection, const GError *reason, ObaDbListener *self)
{
  interrupt (self, reason);
}

static void
on_notification (ObaDbConnection *connection, const char *channel, const char *payload, ObaDbListener *self)
{
  g_signal_emit (self, signals[NOTIFICATION], g_quark_from_string (channel), channel, payload);
}

static void
on_listening (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaDbListener) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean done = oba_db_connection_script_finish (OBA_DB_CONNECTION (source), result, &error);

  if ((GObject *) self->connection != source)
    return;
  if (!done)
    {
      interrupt (self, error);
      return;
    }
  self->n_failures = 0;
  self->is_listening = TRUE;
  g_signal_emit (self, signals[RESUMED], 0);
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaDbListener) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbConnection) connection = oba_db_connection_open_finish (result, &error);

  if (self->stopping == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->connection != NULL)
    return;
  if (connection == NULL)
    {
      interrupt (self, error);
      return;
    }
  self->connection = g_object_ref (connection);
  g_signal_connect (connection, "closed", G_CALLBACK (on_closed), self);
  g_signal_connect (connection, "notification", G_CALLBACK (on_notification), self);
  oba_db_connection_script_async (connection, self->script, self->stopping, on_listening, g_object_ref (self));
}

static void
open_connection (ObaDbListener *self)
{
  oba_db_connection_open_async (self->conninfo, OBA_DB_CONNECTION_DEFAULT, self->stopping, on_opened,
                                g_object_ref (self));
}

void
oba_db_listener_start (ObaDbListener *self)
{
  g_return_if_fail (OBA_IS_DB_LISTENER (self));
  if (self->stopping != NULL)
    return;
  self->stopping = g_cancellable_new ();
  self->n_failures = 0;
  open_connection (self);
}

void
oba_db_listener_stop (ObaDbListener *self)
{
  g_autoptr (GCancellable) stopping = NULL;

  g_return_if_fail (OBA_IS_DB_LISTENER (self));
  stopping = g_steal_pointer (&self->stopping);
  if (stopping != NULL)
    g_cancellable_cancel (stopping);
  if (self->timer != NULL)
    {
      g_source_destroy (self->timer);
      g_clear_pointer (&self->timer, g_source_unref);
    }
  drop_connection (self);
}

gboolean
oba_db_listener_is_listening (ObaDbListener *self)
{
  return self->is_listening;
}
