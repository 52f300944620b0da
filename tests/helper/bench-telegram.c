/*
 * The bot under load, each figure beside its reference, all on one machine: compare within one run.
 * How soon updates are acknowledged at 500 a second (beside a bare SoupServer that answers 200, and a plain INSERT); how soon people get answers, alone and during a broadcast; whether the broadcast keeps its pace.
 * Options: linked customers, recipients of the broadcast, seconds of each phase.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <glib/gstdio.h>
#include <libsoup/soup.h>

#include "oba-telegram-double.h"
#include "oba-test-postgres.h"
#include "serve-run.h"

#define POSTERS 8
#define UPDATES_A_SECOND 500
#define ANSWERS_A_SECOND 5

typedef struct
{
  const char *address;
  guint number;
  guint customers;
  double seconds;
  GArray *latencies; /* of double, milliseconds */
} Poster;

static gint
compare_doubles (gconstpointer a, gconstpointer b)
{
  double left = *(const double *) a, right = *(const double *) b;

  return (left > right) - (left < right);
}

static double
percentile (GArray *values, double p)
{
  g_array_sort (values, compare_doubles);
  return values->len > 0 ? g_array_index (values, double, (guint) (p * (values->len - 1))) : NAN;
}

static void
say (const char *what, GArray *latencies)
{
  printf ("%-52s %7u   p50 %7.2f ms   p99 %7.2f ms   worst %8.2f ms\n", what, latencies->len, percentile (latencies, 0.5), percentile (latencies, 0.99), percentile (latencies, 1));
  fflush (stdout);
}

/* ---- acknowledgement */

static guint
exchange (GSocketConnection *connection, const char *text)
{
  char buffer[4096];
  gsize n = 0;

  if (!g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), text, strlen (text), NULL, NULL, NULL))
    return 0;
  while (n < sizeof buffer - 1)
    {
      gssize more = g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (connection)), buffer + n, sizeof buffer - 1 - n, NULL, NULL);
      const char *body, *length;

      if (more <= 0)
        return 0;
      n += (gsize) more;
      buffer[n] = '\0';
      body = strstr (buffer, "\r\n\r\n");
      length = strstr (buffer, "Content-Length: ");
      if (body != NULL && n >= (gsize) (body + 4 - buffer) + (length != NULL ? (gsize) atol (length + 16) : 0))
        return (guint) atoi (buffer + 9);
    }
  return 0;
}

/* On a schedule: an update is late from the moment at which it should have been sent. */
static gpointer
post (gpointer data)
{
  Poster *poster = data;
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection = g_socket_client_connect_to_host (client, poster->address, 80, NULL, NULL);
  gint64 begun = g_get_monotonic_time ();
  guint total = (guint) (poster->seconds * UPDATES_A_SECOND / POSTERS);

  g_assert_nonnull (connection);
  for (guint i = 0; i < total; i++)
    {
      guint update = i * POSTERS + poster->number + 1;
      gint64 due = begun + (gint64) update * G_USEC_PER_SEC / UPDATES_A_SECOND, now = g_get_monotonic_time ();
      /* A message that changes nothing and is answered nowhere: what is measured is how it is taken. */
      g_autofree char *body = g_strdup_printf ("{\"update_id\":%u,\"edited_message\":{\"message_id\":1,\"date\":1,\"from\":{\"id\":%u,\"is_bot\":false,\"first_name\":\"X\"},"
                                               "\"chat\":{\"id\":-%u,\"type\":\"group\"},\"text\":\"x\"}}", update, update % poster->customers + 1, update % poster->customers + 1);
      g_autofree char *text = g_strdup_printf ("POST /telegram/webhook HTTP/1.1\r\nHost: oba\r\nContent-Type: application/json\r\nX-Telegram-Bot-Api-Secret-Token: " SERVE_SECRET
                                               "\r\nContent-Length: %zu\r\n\r\n%s", strlen (body), body);
      double latency;

      if (due > now)
        g_usleep ((gulong) (due - now));
      if (exchange (connection, text) != 200)
        g_error ("an update was not acknowledged");
      latency = (double) (g_get_monotonic_time () - due) / 1000;
      g_array_append_val (poster->latencies, latency);
    }
  return NULL;
}

static void
post_updates (const char *what, const char *address, guint customers, double seconds)
{
  Poster posters[POSTERS];
  GThread *threads[POSTERS];
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint i = 0; i < POSTERS; i++)
    {
      posters[i] = (Poster){ address, i, customers, seconds, g_array_new (FALSE, FALSE, sizeof (double)) };
      threads[i] = g_thread_new ("poster", post, &posters[i]);
    }
  for (guint i = 0; i < POSTERS; i++)
    {
      g_thread_join (threads[i]);
      g_array_append_vals (all, posters[i].latencies->data, posters[i].latencies->len);
      g_array_unref (posters[i].latencies);
    }
  say (what, all);
}

typedef struct
{
  GMainContext *context;
  GMainLoop *loop;
  char *address;
  gint ready;
} Bare;

static void
answer_200 (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query, gpointer user_data)
{
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
}

static gpointer
run_bare (gpointer data)
{
  Bare *bare = data;
  g_autoptr (SoupServer) server = NULL;
  GSList *uris;

  g_main_context_push_thread_default (bare->context);
  server = soup_server_new ("server-header", "bare", NULL);
  soup_server_add_handler (server, NULL, answer_200, NULL, NULL);
  soup_server_listen_local (server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, NULL);
  uris = soup_server_get_uris (server);
  bare->address = g_strdup_printf ("127.0.0.1:%d", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  g_atomic_int_set (&bare->ready, 1);
  g_main_loop_run (bare->loop);
  g_main_context_pop_thread_default (bare->context);
  return NULL;
}

static void
post_to_bare_server (guint customers, double seconds)
{
  Bare bare = { g_main_context_new (), NULL, NULL, 0 };
  GThread *thread;

  bare.loop = g_main_loop_new (bare.context, FALSE);
  thread = g_thread_new ("bare", run_bare, &bare);
  while (!g_atomic_int_get (&bare.ready))
    g_usleep (1000);
  post_updates ("the same to a bare SoupServer that answers 200", bare.address, customers, seconds);
  g_main_loop_quit (bare.loop);
  g_thread_join (thread);
  g_main_loop_unref (bare.loop);
  g_main_context_unref (bare.context);
  g_free (bare.address);
}

/* pgbench at the same rate; its log has a line a transaction, the third word being the time in microseconds, from when it should have begun. */
static void
insert_plainly (const char *conninfo, const char *directory, double seconds)
{
  g_autofree char *script = g_build_filename (directory, "insert.pgbench", NULL), *rate = g_strdup_printf ("%d", UPDATES_A_SECOND), *time = g_strdup_printf ("%.0f", seconds);
  g_autofree char *prefix = g_build_filename (directory, "insert", NULL);
  const char *argv[] = { "pgbench", "-n", "-M", "prepared", "-c", "8", "-j", "1", "-R", rate, "-T", time, "-l", "--log-prefix", prefix, "-f", script, conninfo, NULL };
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GDir) dir = NULL;
  const char *name;

  g_file_set_contents (script, "insert into public.plain (payload) values ('{\"update_id\": 1, \"message\": {\"text\": \"x\"}}');\n", -1, NULL);
  g_free (oba_test_postgres_exec (conninfo, "create table public.plain (id bigint generated always as identity primary key, payload jsonb)"));
  if (!g_spawn_sync (directory, (char **) argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL | G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL, NULL, NULL, NULL))
    return;
  dir = g_dir_open (directory, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (directory, name, NULL), *text = NULL;
      g_auto (GStrv) lines = NULL;

      if (!g_str_has_prefix (name, "insert.") || g_str_has_suffix (name, ".pgbench") || !g_file_get_contents (path, &text, NULL, NULL))
        continue;
      lines = g_strsplit (text, "\n", -1);
      for (guint i = 0; lines[i] != NULL && *lines[i] != '\0'; i++)
        {
          g_auto (GStrv) words = g_strsplit (lines[i], " ", 4);
          double latency = g_strv_length (words) > 3 ? g_ascii_strtod (words[2], NULL) / 1000 : NAN;

          g_array_append_val (all, latency);
        }
    }
  say ("a plain INSERT, pgbench", all);
}

/* ---- answers and the broadcast */

/* People ask for help, each once, evenly; @asked: when each of them did, by chat. */
static void
ask (Serve *serve, GHashTable *asked, guint first_chat, guint *update_id, double seconds)
{
  gint64 begun = g_get_monotonic_time ();

  for (guint i = 0; i < (guint) (seconds * ANSWERS_A_SECOND); i++)
    {
      gint64 chat = first_chat + i, due = begun + (gint64) i * G_USEC_PER_SEC / ANSWERS_A_SECOND, *at = g_new (gint64, 1);
      g_autofree char *body = g_strdup_printf ("{\"update_id\":%u,\"message\":{\"message_id\":1,\"date\":1,\"from\":{\"id\":%" G_GINT64_FORMAT ",\"is_bot\":false,\"first_name\":\"X\"},"
                                               "\"chat\":{\"id\":%" G_GINT64_FORMAT ",\"type\":\"private\"},\"text\":\"/help\"}}", ++*update_id, chat, chat);

      if (due > g_get_monotonic_time ())
        g_usleep ((gulong) (due - g_get_monotonic_time ()));
      *at = g_get_monotonic_time ();
      g_hash_table_insert (asked, g_memdup2 (&chat, sizeof chat), at);
      if (serve_update (serve, body, -1) != 200)
        g_error ("a question was not taken");
    }
}

static void
say_answers (const char *what, ObaTelegramDouble *telegram, guint from, GHashTable *asked, guint expected)
{
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint tries = 0; all->len < expected && tries < 1000; tries++)
    {
      guint n = oba_telegram_double_get_n_calls (telegram);

      g_array_set_size (all, 0);
      for (guint i = from; i < n; i++)
        {
          gint64 chat = oba_telegram_double_get_chat (telegram, i), *at = g_hash_table_lookup (asked, &chat);
          double latency = at != NULL ? (double) (oba_telegram_double_get_time (telegram, i) - *at) / 1000 : NAN;

          if (at != NULL)
            g_array_append_val (all, latency);
        }
      g_usleep (10000);
    }
  say (what, all);
}

/* How many messages went in the busiest second, wherever it begins, and a second on average. */
static void
say_pace (const char *what, ObaTelegramDouble *telegram, guint from, gint64 begun, gint64 ended)
{
  guint n = oba_telegram_double_get_n_calls (telegram), most = 0, count = 0;
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint i = from; i < n; i++)
    {
      double at = (double) oba_telegram_double_get_time (telegram, i);

      if (at >= (double) begun && at < (double) ended)
        g_array_append_val (times, at);
    }
  g_array_sort (times, compare_doubles);
  for (guint i = 0, first = 0; i < times->len; i++)
    {
      while (g_array_index (times, double, i) - g_array_index (times, double, first) >= G_USEC_PER_SEC)
        first++;
      count = i - first + 1;
      most = MAX (most, count);
    }
  printf ("%-52s %7u   %.2f a second   %u in the busiest second\n", what, times->len, times->len / ((double) (ended - begun) / G_USEC_PER_SEC), most);
  fflush (stdout);
}

static void
fill (const char *conninfo, guint customers, guint recipients)
{
  g_autofree char *sql = g_strdup_printf (
      "set session_replication_role = replica;"   /* without the triggers: nothing here needs accounts, and it takes seconds in place of minutes */
      "insert into oba.customers (given_name, family_name, phone) select 'Aysel', 'Məmmədova', '+99450' || (1000000 + n) from generate_series (1, %u) n;"
      "insert into oba.telegram_links (chat_id, customer_id) select customer_id, customer_id from oba.customers where kind = 'person';"
      "insert into oba.consents (customer_id, channel, granted, since) select customer_id, 'telegram', true, now() from oba.telegram_links order by customer_id limit %u;"
      "analyze", customers, recipients);

  g_free (oba_test_postgres_exec (conninfo, sql));
}

static void
run (guint customers, guint recipients, double seconds)
{
  g_autoptr (ObaTestPostgres) postgres = oba_test_postgres_new (OBA_TEST_POSTGRES_MIGRATED);
  g_autofree char *conninfo = oba_test_postgres_new_database (postgres);
  g_autoptr (ObaTelegramDouble) telegram = oba_telegram_double_new ();
  g_autoptr (Serve) serve = serve_new (conninfo, oba_telegram_double_get_url (telegram));
  g_autoptr (GHashTable) asked = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  guint update_id = 10000000, before;
  gint64 begun;

  fill (conninfo, customers, recipients);
  serve_configure (serve, "http", "log=problems");
  serve_start (serve);
  printf ("%u linked customers\n", customers);

  for (guint round = 0; round < 2; round++)
    {
      post_to_bare_server (customers, seconds / 2);
      insert_plainly (conninfo, serve->directory, seconds / 2);
      g_free (oba_test_postgres_exec (conninfo, "drop table public.plain; truncate oba.telegram_updates"));
      post_updates ("acknowledged by the webhook, 500 a second", serve->address, customers, seconds / 2);
      serve_wait_sql (conninfo, "select count (*) from oba.telegram_updates where state in ('new', 'working')", "0", 60);
    }

  ask (serve, asked, 1000000000, &update_id, seconds);
  say_answers ("answered, 5 a second", telegram, 0, asked, (guint) (seconds * ANSWERS_A_SECOND));

  /* As fast as the house may, with a place kept for nobody: 30 a second exactly. */
  g_free (oba_test_postgres_exec (conninfo, "update oba.telegram_settings set kept_for_answers = 0;"
                                            "select oba.save_broadcast ('{\"name\": \"Bench\", \"az\": \"Salam\"}'); select oba.move_broadcast ('{\"broadcast_id\": 1, \"what\": \"start\"}')"));
  before = oba_telegram_double_get_n_calls (telegram);
  serve_wait_sql (conninfo, "select count (*) >= 30 from oba.outbox where broadcast_id = 1 and state = 'sent'", "t", 30);
  begun = g_get_monotonic_time ();
  g_usleep ((gulong) (3 * seconds * G_USEC_PER_SEC));
  say_pace ("broadcast, 30 a second allowed", telegram, before, begun, g_get_monotonic_time ());

  g_free (oba_test_postgres_exec (conninfo, "update oba.telegram_settings set kept_for_answers = 3"));
  before = oba_telegram_double_get_n_calls (telegram);
  begun = g_get_monotonic_time ();
  ask (serve, asked, 2000000000, &update_id, 2 * seconds);
  say_pace ("broadcast and answers, 3 of 30 kept for these", telegram, before, begun, g_get_monotonic_time ());
  say_answers ("answered, 5 a second, during the broadcast", telegram, before, asked, (guint) (2 * seconds * ANSWERS_A_SECOND));

  printf ("%-52s %7" G_GINT64_FORMAT " of %u, done in %" G_GINT64_FORMAT " s\n", "the broadcast: recipients, and the end that is shown", serve_sql_number (conninfo, "select total from oba.broadcasts"),
          recipients, serve_sql_number (conninfo, "select extract (epoch from done_at - now())::bigint from oba.broadcast_list (1)"));
  printf ("%-52s %7.1f MB resident\n", "memory", serve_metric (serve, "oba_process_resident_memory_bytes") / 1e6);
  g_assert_cmpint (serve_stop (serve), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);   /* the double finds its specification through it */
  run (argc > 1 ? (guint) atoi (argv[1]) : 200000, argc > 2 ? (guint) atoi (argv[2]) : 100000, argc > 3 ? g_ascii_strtod (argv[3], NULL) : 10);
  return 0;
}
