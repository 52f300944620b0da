#include "oba-http-stream.h"

/* The reading half. */

#define OBA_TYPE_HTTP_INPUT (oba_http_input_get_type ())
G_DECLARE_FINAL_TYPE (ObaHttpInput, oba_http_input, OBA, HTTP_INPUT, GInputStream)

struct _ObaHttpInput
{
  GInputStream parent_instance;

  GInputStream *base;
  ObaHttpPhase phase;
  gint64 since;
  gboolean used; /* a request has been answered on this connection */
  gboolean ended;
};

static void oba_http_input_pollable_init (GPollableInputStreamInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ObaHttpInput,
                               oba_http_input,
                               G_TYPE_INPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_INPUT_STREAM, oba_http_input_pollable_init))

static void
set_phase (ObaHttpInput *self, ObaHttpPhase phase)
{
  self->phase = phase;
  self->since = g_get_monotonic_time ();
}

static gssize
filter_read (ObaHttpInput *self, char *buffer, gssize n_read, GError **error)
{
  gboolean idle = self->phase == OBA_HTTP_PHASE_IDLE;

  if (n_read > 0)
    {
      if (idle)
        set_phase (self, OBA_HTTP_PHASE_HEADERS);
      return n_read;
    }
  if (n_read < 0 && g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    return n_read;

  self->ended = TRUE;
  if (!idle || !self->used)
    return n_read;

  /* The end of an idle connection that libsoup would leak: see the header. */
  g_clear_error (error);
  set_phase (self, OBA_HTTP_PHASE_HEADERS);
  buffer[0] = 'X';
  return 1;
}

static gssize
oba_http_input_read (GInputStream *stream, void *buffer, gsize count, GCancellable *cancellable, GError **error)
{
  ObaHttpInput *self = OBA_HTTP_INPUT (stream);
  g_autoptr (GError) local_error = NULL;
  gssize n_read = 0;

  if (!self->ended)
    n_read = g_input_stream_read (self->base, buffer, count, cancellable, &local_error);
  n_read = filter_read (self, buffer, n_read, &local_error);
  if (n_read < 0)
    g_propagate_error (error, g_steal_pointer (&local_error));
  return n_read;
}

static gssize
oba_http_input_read_nonblocking (GPollableInputStream *stream, void *buffer, gsize count, GError **error)
{
  ObaHttpInput *self = OBA_HTTP_INPUT (stream);
  g_autoptr (GError) local_error = NULL;
  gssize n_read = 0;

  if (!self->ended)
    n_read = g_pollable_input_stream_read_nonblocking (G_POLLABLE_INPUT_STREAM (self->base), buffer, count, NULL,
                                                       &local_error);
  n_read = filter_read (self, buffer, n_read, &local_error);
  if (n_read < 0)
    g_propagate_error (error, g_steal_pointer (&local_error));
  return n_read;
}

static gboolean
oba_http_input_can_poll (GPollableInputStream *stream)
{
  return TRUE;
}

static gboolean
oba_http_input_is_readable (GPollableInputStream *stream)
{
  ObaHttpInput *self = OBA_HTTP_INPUT (stream);

  return self->ended || g_pollable_input_stream_is_readable (G_POLLABLE_INPUT_STREAM (self->base));
}

static GSource *
oba_http_input_create_source (GPollableInputStream *stream, GCancellable *cancellable)
{
  ObaHttpInput *self = OBA_HTTP_INPUT (stream);
  g_autoptr (GSource) child = NULL;

  if (self->ended)
    child = g_timeout_source_new (0);
  else
    child = g_pollable_input_stream_create_source (G_POLLABLE_INPUT_STREAM (self->base), NULL);
  return g_pollable_source_new_full (stream, child, cancellable);
}

static void
oba_http_input_pollable_init (GPollableInputStreamInterface *iface)
{
  iface->can_poll = oba_http_input_can_poll;
  iface->is_readable = oba_http_input_is_readable;
  iface->read_nonblocking = oba_http_input_read_nonblocking;
  iface->create_source = oba_http_input_create_source;
}

static void
oba_http_input_finalize (GObject *object)
{
  ObaHttpInput *self = OBA_HTTP_INPUT (object);

  g_clear_object (&self->base);
  G_OBJECT_CLASS (oba_http_input_parent_class)->finalize (object);
}

static void
oba_http_input_class_init (ObaHttpInputClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = oba_http_input_finalize;
  G_INPUT_STREAM_CLASS (klass)->read_fn = oba_http_input_read;
}

static void
oba_http_input_init (ObaHttpInput *self)
{
  set_phase (self, OBA_HTTP_PHASE_IDLE);
}

/* The stream. */

struct _ObaHttpStream
{
  GIOStream parent_instance;

  GSocketConnection *connection;
  ObaHttpInput *input;
  ObaHttpStreamClosed closed;
  gpointer user_data;
};

G_DEFINE_FINAL_TYPE (ObaHttpStream, oba_http_stream, G_TYPE_IO_STREAM)

static void
tell_closed (ObaHttpStream *self)
{
  ObaHttpStreamClosed closed = g_steal_pointer (&self->closed);

  if (closed != NULL)
    closed (self, self->user_data);
}

static GInputStream *
oba_http_stream_get_input_stream (GIOStream *stream)
{
  return G_INPUT_STREAM (OBA_HTTP_STREAM (stream)->input);
}

static GOutputStream *
oba_http_stream_get_output_stream (GIOStream *stream)
{
  return g_io_stream_get_output_stream (G_IO_STREAM (OBA_HTTP_STREAM (stream)->connection));
}

static gboolean
oba_http_stream_close (GIOStream *stream, GCancellable *cancellable, GError **error)
{
  ObaHttpStream *self = OBA_HTTP_STREAM (stream);
  gboolean done = g_io_stream_close (G_IO_STREAM (self->connection), cancellable, error);

  tell_closed (self);
  return done;
}

static void
oba_http_stream_dispose (GObject *object)
{
  G_OBJECT_CLASS (oba_http_stream_parent_class)->dispose (object);
  tell_closed (OBA_HTTP_STREAM (object));
}

static void
oba_http_stream_finalize (GObject *object)
{
  ObaHttpStream *self = OBA_HTTP_STREAM (object);

  g_clear_object (&self->input);
  g_clear_object (&self->connection);
  G_OBJECT_CLASS (oba_http_stream_parent_class)->finalize (object);
}

static void
oba_http_stream_class_init (ObaHttpStreamClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GIOStreamClass *stream_class = G_IO_STREAM_CLASS (klass);

  object_class->dispose = oba_http_stream_dispose;
  object_class->finalize = oba_http_stream_finalize;
  stream_class->get_input_stream = oba_http_stream_get_input_stream;
  stream_class->get_output_stream = oba_http_stream_get_output_stream;
  stream_class->close_fn = oba_http_stream_close;
}

static void
oba_http_stream_init (ObaHttpStream *self)
{
}

ObaHttpStream *
oba_http_stream_new (GSocketConnection *connection, ObaHttpStreamClosed closed, gpointer user_data)
{
  ObaHttpStream *self = g_object_new (OBA_TYPE_HTTP_STREAM, NULL);

  self->connection = g_object_ref (connection);
  self->input = g_object_new (OBA_TYPE_HTTP_INPUT, NULL);
  self->input->base = g_object_ref (g_io_stream_get_input_stream (G_IO_STREAM (connection)));
  self->closed = closed;
  self->user_data = user_data;
  return self;
}

void
oba_http_stream_forget (ObaHttpStream *self)
{
  self->closed = NULL;
}

void
oba_http_stream_set_phase (ObaHttpStream *self, ObaHttpPhase phase)
{
  if (phase == OBA_HTTP_PHASE_IDLE)
    self->input->used = TRUE;
  set_phase (self->input, phase);
}

ObaHttpPhase
oba_http_stream_get_phase (ObaHttpStream *self)
{
  return self->input->phase;
}

gint64
oba_http_stream_get_since (ObaHttpStream *self)
{
  return self->input->since;
}

void
oba_http_stream_end (ObaHttpStream *self)
{
  /* The shutdown wakes whoever polls the socket; the reading half then answers with the end. */
  g_socket_shutdown (g_socket_connection_get_socket (self->connection), TRUE, TRUE, NULL);
}
