#include "serve-run.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>

#include "api/oba-api-token.h"
#include "oba-telegram-double.h"
#include "oba-test-postgres.h"

static void
write_file (Serve *serve, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (serve->directory, name, NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_NONE, 0600, &error);
  g_assert_no_error (error);
}

Serve *
serve_new (const char *conninfo, const char *telegram_url)
{
  Serve *serve = g_new0 (Serve, 1);
  g_autoptr (GError) error = NULL;
  g_autofree char *keys = NULL;

  serve->directory = g_dir_make_tmp ("oba-serve-XXXXXX", &error);
  g_assert_no_error (error);
  keys = g_build_filename (serve->directory, "keys", NULL);
  oba_api_keys_create (keys, &error);
  g_assert_no_error (error);
  serve->config = g_build_filename (serve->directory, "helper.conf", NULL);
  serve->conninfo = g_strdup_printf ("%s options='-c role=oba_helper'", conninfo);
  serve->sections = g_string_new (NULL);
  g_string_append_printf (serve->sections, "[http]\nlog=all\nrate=0\n[api]\nkeys_dir=%s\n", keys);
  if (telegram_url != NULL)
    {
      /* A test tells at any hour, and as much as it likes. */
      g_free (oba_test_postgres_exec (conninfo, "update oba.telegram_settings set quiet_from = null, quiet_until = null, day_cap = null, week_cap = null"));
      write_file (serve, "token", OBA_TELEGRAM_DOUBLE_TOKEN "\n");
      write_file (serve, "secret", SERVE_SECRET "\n");
      g_string_append_printf (
          serve->sections, "[telegram]\napi_url=%s\ntoken_file=%s/token\nsecret_file=%s/secret\nbot_username=OBABot\n",
          telegram_url, serve->directory, serve->directory);
    }
  return serve;
}

void
serve_configure (Serve *serve, const char *group, const char *lines)
{
  g_string_append_printf (serve->sections, "[%s]\n%s\n", group, lines);
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

static void
print_log (Serve *serve)
{
  g_autofree char *path = g_build_filename (serve->directory, "log", NULL);
  g_autofree char *text = NULL;

  if (g_file_get_contents (path, &text, NULL, NULL))
    g_printerr ("--- log of oba-helper serve\n%s---\n", text);
}

void
serve_free (Serve *serve)
{
  if (serve->process != NULL)
    serve_kill (serve);
  if (g_getenv ("OBA_TEST_SHOW_LOG") != NULL)
    print_log (serve);
  remove_tree (serve->directory);
  g_free (serve->directory);
  g_free (serve->config);
  g_free (serve->conninfo);
  g_string_free (serve->sections, TRUE);
  g_free (serve->address);
  g_free (serve);
}

static void
die_with_parent (gpointer user_data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

static void
read_address (Serve *serve)
{
  g_autoptr (GDataInputStream) lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (serve->process));
  g_autofree char *line = g_data_input_stream_read_line_utf8 (lines, NULL, NULL, NULL);
  const char *at = line != NULL ? strstr (line, "listening on ") : NULL;

  if (at == NULL)
    {
      print_log (serve);
      g_error ("oba-helper serve did not start");
    }
  at += strlen ("listening on ");
  g_free (serve->address);
  serve->address = g_strdup (g_str_has_prefix (at, "http://") ? at + 7 : at);
}

void
serve_start_at (Serve *serve, const char *listen)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autofree char *log = g_build_filename (serve->directory, "log", NULL);
  g_autoptr (GError) error = NULL;

  write_file (serve, "helper.conf", serve->sections->str);
  g_subprocess_launcher_set_stderr_file_path (launcher, log);
  g_subprocess_launcher_set_child_setup (launcher, die_with_parent, NULL, NULL);
  serve->process = g_subprocess_launcher_spawn (launcher, &error, g_getenv ("OBA_HELPER"), "serve", "--config",
                                                serve->config, "--database", serve->conninfo, "--listen", listen, NULL);
  g_assert_no_error (error);
  read_address (serve);
}

void
serve_start (Serve *serve)
{
  serve_start_at (serve, "127.0.0.1:0");
}

void
serve_kill (Serve *serve)
{
  g_subprocess_force_exit (serve->process);
  g_subprocess_wait (serve->process, NULL, NULL);
  g_clear_object (&serve->process);
}

int
serve_stop (Serve *serve)
{
  int status;

  g_subprocess_send_signal (serve->process, SIGTERM);
  g_subprocess_wait (serve->process, NULL, NULL);
  if (!g_subprocess_get_if_exited (serve->process))
    {
      print_log (serve);
      g_error ("oba-helper serve was ended by signal %d", g_subprocess_get_term_sig (serve->process));
    }
  status = g_subprocess_get_exit_status (serve->process);
  if (status != 0)
    print_log (serve);
  g_clear_object (&serve->process);
  return status;
}

guint
serve_count_descriptors (Serve *serve)
{
  g_autofree char *path = g_strdup_printf ("/proc/%s/fd", g_subprocess_get_identifier (serve->process));
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  guint n = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

/* Requests. */

void
answer_free (Answer *answer)
{
  g_free (answer->headers);
  g_free (answer->body);
  g_free (answer);
}

GSocketConnection *
serve_connect (Serve *serve)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketConnectable) where = NULL;
  GSocketConnection *connection;

  if (g_str_has_prefix (serve->address, "unix:"))
    where = G_SOCKET_CONNECTABLE (g_unix_socket_address_new (serve->address + 5));
  else
    where = g_network_address_parse (serve->address, 80, &error);
  g_socket_client_set_timeout (client, 30);
  connection = g_socket_client_connect (client, where, NULL, &error);
  g_assert_no_error (error);
  return connection;
}

Answer *
serve_read (GSocketConnection *connection)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  GInputStream *in = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  Answer *answer = g_new0 (Answer, 1);
  char buffer[8192], *end;
  gssize n;

  while ((n = g_input_stream_read (in, buffer, sizeof buffer, NULL, NULL)) > 0)
    g_byte_array_append (bytes, (guint8 *) buffer, (guint) n);
  g_byte_array_append (bytes, (const guint8 *) "", 1);
  if (g_str_has_prefix ((char *) bytes->data, "HTTP/1.1 "))
    answer->status = (guint) atoi ((char *) bytes->data + 9);
  end = strstr ((char *) bytes->data, "\r\n\r\n");
  answer->headers =
      end != NULL ? g_strndup ((char *) bytes->data, (gsize) (end - (char *) bytes->data)) : g_strdup ("");
  answer->body = g_strdup (end != NULL ? end + 4 : "");
  return answer;
}

Answer *
serve_exchange (Serve *serve, const char *text, gsize length)
{
  g_autoptr (GSocketConnection) connection = serve_connect (serve);

  /* A refusal may come, and the connection go, before all is written. */
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), text, length, NULL, NULL, NULL);
  return serve_read (connection);
}

Answer *
serve_request (Serve *serve, const char *method, const char *path, const char *headers, const char *body, gssize length)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (length < 0)
    length = body != NULL ? (gssize) strlen (body) : 0;
  g_string_printf (text, "%s %s HTTP/1.1\r\nHost: oba\r\nConnection: close\r\n%s", method, path,
                   headers != NULL ? headers : "");
  if (body != NULL)
    g_string_append_printf (text, "Content-Length: %" G_GSSIZE_FORMAT "\r\n", length);
  g_string_append (text, "\r\n");
  g_string_append_len (text, body != NULL ? body : "", length);
  return serve_exchange (serve, text->str, text->len);
}

Answer *
serve_get (Serve *serve, const char *path, const char *headers)
{
  return serve_request (serve, "GET", path, headers, NULL, 0);
}

guint
serve_update (Serve *serve, const char *body, gssize length)
{
  g_autoptr (Answer) answer = serve_request (
      serve, "POST", "/telegram/webhook",
      "Content-Type: application/json\r\nX-Telegram-Bot-Api-Secret-Token: " SERVE_SECRET "\r\n", body, length);

  return answer->status;
}

void
answer_assert_problem (Answer *answer, guint status, const char *type)
{
  g_assert_cmpuint (answer->status, ==, status);
  g_assert_nonnull (strstr (answer->headers, "Content-Type: application/problem+json"));
  g_assert_nonnull (strstr (answer->body, type));
}

char *
serve_bearer (Serve *serve, const char *scope, gint64 seconds)
{
  g_autofree char *keys = g_build_filename (serve->directory, "keys", NULL);
  g_autoptr (ObaApiKeys) loaded = oba_api_keys_load (keys, NULL);
  g_autofree char *token = oba_api_token_sign (loaded, "till-1", scope, seconds, NULL);

  return g_strdup_printf ("Authorization: Bearer %s\r\n", token);
}

double
serve_metric (Serve *serve, const char *name)
{
  g_autoptr (Answer) answer = serve_get (serve, "/metrics", NULL);
  g_autofree char *start = g_strdup_printf ("\n%s ", name);
  g_autofree char *text = g_strdup_printf ("\n%s", answer->body);
  const char *at = strstr (text, start);

  return at != NULL ? g_ascii_strtod (at + strlen (start), NULL) : -1;
}

/* Waiting. */

void
serve_wait (ServeCondition condition, gpointer user_data, double seconds, const char *what)
{
  gint64 until = g_get_monotonic_time () + (gint64) (seconds * G_USEC_PER_SEC);

  while (!condition (user_data))
    {
      if (g_get_monotonic_time () > until)
        g_error ("waited %.0f s in vain: %s", seconds, what);
      g_usleep (10000);
    }
}

typedef struct
{
  const char *conninfo;
  const char *sql;
  const char *expected;
} Expectation;

static gboolean
is_as_expected (gpointer user_data)
{
  Expectation *expectation = user_data;
  g_autofree char *value = oba_test_postgres_exec (expectation->conninfo, expectation->sql);

  return g_strcmp0 (value, expectation->expected) == 0;
}

void
serve_wait_sql (const char *conninfo, const char *sql, const char *expected, double seconds)
{
  Expectation expectation = { conninfo, sql, expected };

  serve_wait (is_as_expected, &expectation, seconds, sql);
}

gint64
serve_sql_number (const char *conninfo, const char *sql)
{
  g_autofree char *value = oba_test_postgres_exec (conninfo, sql);

  return value != NULL ? g_ascii_strtoll (value, NULL, 10) : 0;
}
