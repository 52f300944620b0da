#include "oba-test-wire.h"

#include <gio/gio.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <libpq-fe.h>
#include <string.h>

/* One connection; held by the reads of both its directions. */
typedef struct
{
  gatomicrefcount refs;
  ObaTestWire *wire; /* NULL when it is gone */
  GIOStream *client;
  GIOStream *server;
  gboolean is_doomed; /* its next answer is lost */
} Line;

typedef struct
{
  Line *line;
  GInputStream *from;
  GOutputStream *to;
  gboolean is_answer;
  char buffer[65536];
} Direction;

struct _ObaTestWire
{
  GSocketService *service;
  GSocketAddress *server;
  GPtrArray *lines; /* of Line */
  char *directory;
  char *path;
  char *conninfo;
  char *doom; /* what the next unlucky message has in it */
  ObaTestWireWatch watch; /* (nullable) */
  gpointer watch_data;
  guint n_lost;
  gboolean is_cut;
};

static void
line_unref (Line *line)
{
  if (!g_atomic_ref_count_dec (&line->refs))
    return;
  g_object_unref (line->client);
  g_object_unref (line->server);
  g_free (line);
}

static void
line_close (Line *line)
{
  g_io_stream_close (line->client, NULL, NULL);
  g_io_stream_close (line->server, NULL, NULL);
  if (line->wire == NULL)
    return;
  g_ptr_array_remove_fast (line->wire->lines, line);
  line->wire = NULL; /* its other direction may end after the wire is gone */
}

static void
direction_end (Direction *direction)
{
  line_close (direction->line);
  line_unref (direction->line);
  g_free (direction);
}

static void
look_at (Direction *direction, gssize n)
{
  ObaTestWire *wire = direction->line->wire;

  if (wire == NULL || wire->doom == NULL || direction->is_answer ||
      memmem (direction->buffer, (gsize) n, wire->doom, strlen (wire->doom)) == NULL)
    return;
  g_clear_pointer (&wire->doom, g_free);
  direction->line->is_doomed = TRUE;
}

static void carry (Direction *direction);

static void
on_carried (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Direction *direction = user_data;

  if (g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, NULL))
    carry (direction);
  else
    direction_end (direction);
}

static void
on_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Direction *direction = user_data;
  gssize n = g_input_stream_read_finish (G_INPUT_STREAM (source), result, NULL);
  ObaTestWire *wire = direction->line->wire;

  if (n > 0 && direction->is_answer && direction->line->is_doomed)
    {
      if (wire != NULL)
        wire->n_lost++;
      n = 0;
    }
  if (n > 0 && wire != NULL && wire->watch != NULL && !wire->watch (wire->watch_data, direction->line, direction->is_answer, direction->buffer, (gsize) n))
    n = 0;
  if (n <= 0)
    {
      direction_end (direction);
      return;
    }
  look_at (direction, n);
  g_output_stream_write_all_async (direction->to, direction->buffer, (gsize) n, G_PRIORITY_DEFAULT, NULL, on_carried,
                                   direction);
}

static void
carry (Direction *direction)
{
  g_input_stream_read_async (direction->from, direction->buffer, sizeof direction->buffer, G_PRIORITY_DEFAULT, NULL,
                             on_read, direction);
}

static void
begin (Line *line, GIOStream *from, GIOStream *to, gboolean is_answer)
{
  Direction *direction = g_new0 (Direction, 1);

  g_atomic_ref_count_inc (&line->refs);
  direction->line = line;
  direction->from = g_io_stream_get_input_stream (from);
  direction->to = g_io_stream_get_output_stream (to);
  direction->is_answer = is_answer;
  carry (direction);
}

static gboolean
on_incoming (GSocketService *service, GSocketConnection *client, GObject *source, ObaTestWire *self)
{
  g_autoptr (GSocketClient) dialler = g_socket_client_new ();
  GSocketConnection *server;
  Line *line;

  if (self->is_cut)
    return TRUE;
  server = g_socket_client_connect (dialler, G_SOCKET_CONNECTABLE (self->server), NULL, NULL);
  if (server == NULL)
    return TRUE; /* the client's end is closed, as by a server that is not there */
  line = g_new0 (Line, 1);
  g_atomic_ref_count_init (&line->refs);
  line->wire = self;
  line->client = g_object_ref (G_IO_STREAM (client));
  line->server = G_IO_STREAM (server);
  g_ptr_array_add (self->lines, line);
  begin (line, line->client, line->server, FALSE);
  begin (line, line->server, line->client, TRUE);
  line_unref (line);
  return TRUE;
}

static char *
find_server (const char *conninfo)
{
  PQconninfoOption *options = PQconninfoParse (conninfo, NULL);
  const char *host = "";
  const char *port = "5432";
  char *path;

  for (PQconninfoOption *option = options; option->keyword != NULL; option++)
    if (option->val != NULL && strcmp (option->keyword, "host") == 0)
      host = option->val;
    else if (option->val != NULL && strcmp (option->keyword, "port") == 0)
      port = option->val;
  path = g_strdup_printf ("%s/.s.PGSQL.%s", host, port);
  PQconninfoFree (options);
  return path;
}

ObaTestWire *
oba_test_wire_new (const char *conninfo)
{
  ObaTestWire *self = g_new0 (ObaTestWire, 1);
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *server = find_server (conninfo);

  self->lines = g_ptr_array_new ();
  self->directory = g_dir_make_tmp ("oba-wire-XXXXXX", &error);
  g_assert_no_error (error);
  self->path = g_build_filename (self->directory, ".s.PGSQL.1", NULL);
  self->conninfo = g_strdup_printf ("%s host=%s port=1", conninfo, self->directory);
  self->server = g_unix_socket_address_new (server);
  self->service = g_socket_service_new ();
  address = g_unix_socket_address_new (self->path);
  g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), address, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_DEFAULT, NULL, NULL, &error);
  g_assert_no_error (error);
  g_signal_connect (self->service, "incoming", G_CALLBACK (on_incoming), self);
  return self;
}

void
oba_test_wire_free (ObaTestWire *self)
{
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  oba_test_wire_cut (self);
  g_signal_handlers_disconnect_by_data (self->service, self);
  g_object_unref (self->service);
  g_object_unref (self->server);
  g_ptr_array_unref (self->lines);
  g_unlink (self->path);
  g_rmdir (self->directory);
  g_free (self->directory);
  g_free (self->path);
  g_free (self->conninfo);
  g_free (self->doom);
  g_free (self);
}

const char *
oba_test_wire_get_conninfo (ObaTestWire *self)
{
  return self->conninfo;
}

void
oba_test_wire_lose_answer_to (ObaTestWire *self, const char *text)
{
  g_free (self->doom);
  self->doom = g_strdup (text);
}

void
oba_test_wire_watch (ObaTestWire *self, ObaTestWireWatch watch, gpointer user_data)
{
  self->watch = watch;
  self->watch_data = user_data;
}

void
oba_test_wire_cut (ObaTestWire *self)
{
  self->is_cut = TRUE;
  while (self->lines->len > 0)
    {
      Line *line = g_ptr_array_steal_index_fast (self->lines, 0);

      line->wire = NULL;
      line_close (line);
    }
}

void
oba_test_wire_mend (ObaTestWire *self)
{
  self->is_cut = FALSE;
}

guint
oba_test_wire_get_n_lost (ObaTestWire *self)
{
  return self->n_lost;
}
