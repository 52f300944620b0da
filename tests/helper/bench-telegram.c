/*
 * The bot under load: each figure beside what is required of it, and beside a reference of the same run. Whoever sends the load and who stands in for Telegram use the same cores as the helper and its database.
 * How soon updates are acknowledged at 500 a second (beside a bare SoupServer that answers 200, and a plain INSERT); how soon people get answers: alone, during a broadcast, and with as many messages waiting;
 * whether the broadcast keeps its pace, and the end that is shown for it; memory. A whole broadcast would last 55 minutes: two of them are looked at.
 * Options: linked customers, recipients of the broadcast, seconds of each phase. Exits with 1 when something that is required was missed.
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

typedef struct
{
  char *conninfo;
  ObaTelegramDouble *telegram;
  Serve *serve;
  GHashTable *asked; /* when each chat did */
  guint update_id;
  guint customers;
  guint recipients;
  double seconds;
  guint missed;
} Bench;

/* @least, @most: what is required */
static void
require (Bench *bench, const char *what, const char *unit, double figure, double least, double most)
{
  gboolean met = figure >= least && figure <= most;
  g_autofree char *from = least > 0 ? g_strdup_printf ("%g to ", least) : g_strdup ("up to ");

  printf ("  %-7s %s: %.2f %s (%s%g)\n", met ? "met" : "MISSED", what, figure, unit, from, most);
  fflush (stdout);
  bench->missed += !met;
}

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
      /* A customer who comes back: it is stored, handled and answered by nothing, as Telegram takes 30 answers a second. */
      g_autofree char *body = g_strdup_printf ("{\"update_id\":%u,\"my_chat_member\":{\"chat\":{\"id\":%u,\"type\":\"private\"},\"from\":{\"id\":%u,\"is_bot\":false,\"first_name\":\"X\"},"
                                               "\"date\":1,\"old_chat_member\":{\"status\":\"kicked\"},\"new_chat_member\":{\"status\":\"member\"}}}",
                                               update, update * 7919 % poster->customers + 1, update * 7919 % poster->customers + 1);
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

/* @sum: (nullable): gets them, too */
static void
post_updates (const char *what, const char *address, guint customers, double seconds, GArray *sum)
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
  if (sum != NULL)
    g_array_append_vals (sum, all->data, all->len);
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
  post_updates ("the same to a bare SoupServer that answers 200", bare.address, customers, seconds, NULL);
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

static void
ask_once (Bench *bench, gint64 chat)
{
  g_autofree char *body = g_strdup_printf ("{\"update_id\":%u,\"message\":{\"message_id\":1,\"date\":1,\"from\":{\"id\":%" G_GINT64_FORMAT ",\"is_bot\":false,\"first_name\":\"X\"},"
                                           "\"chat\":{\"id\":%" G_GINT64_FORMAT ",\"type\":\"private\"},\"text\":\"/help\"}}", ++bench->update_id, chat, chat);

  if (serve_update (bench->serve, body, -1) != 200)
    g_error ("a question was not taken");
}

/* People ask for help, each once, evenly. */
static void
ask (Bench *bench, gint64 first_chat, double seconds)
{
  gint64 begun = g_get_monotonic_time ();

  g_hash_table_remove_all (bench->asked);
  for (guint i = 0; i < (guint) (seconds * ANSWERS_A_SECOND); i++)
    {
      gint64 chat = first_chat + i, due = begun + (gint64) i * G_USEC_PER_SEC / ANSWERS_A_SECOND, *at = g_new (gint64, 1);

      if (due > g_get_monotonic_time ())
        g_usleep ((gulong) (due - g_get_monotonic_time ()));
      *at = g_get_monotonic_time ();
      g_hash_table_insert (bench->asked, g_memdup2 (&chat, sizeof chat), at);
      ask_once (bench, chat);
    }
}

static void
say_answers (Bench *bench, const char *what, guint from)
{
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (double));
  guint expected = g_hash_table_size (bench->asked);

  for (guint tries = 0; all->len < expected && tries < 1000; tries++)
    {
      guint n = oba_telegram_double_get_n_calls (bench->telegram);

      g_array_set_size (all, 0);
      for (guint i = from; i < n; i++)
        {
          gint64 chat = oba_telegram_double_get_chat (bench->telegram, i), *at = g_hash_table_lookup (bench->asked, &chat);
          double latency = at != NULL ? (double) (oba_telegram_double_get_time (bench->telegram, i) - *at) / 1000 : NAN;

          if (at != NULL)
            g_array_append_val (all, latency);
        }
      g_usleep (10000);
    }
  say (what, all);
  require (bench, "people who were answered", "%", 100.0 * all->len / expected, 100, 100);
  require (bench, "the answer after the question, 99 of 100", "ms", percentile (all, 0.99), 0, 300);
}

/* The most messages that arrived in any @seconds, wherever they begin. @times: of double, sorted, microseconds */
static guint
find_busiest (GArray *times, double seconds)
{
  guint most = 0;

  for (guint i = 0, first = 0; i < times->len; i++)
    {
      while (g_array_index (times, double, i) - g_array_index (times, double, first) >= seconds * G_USEC_PER_SEC)
        first++;
      most = MAX (most, i - first + 1);
    }
  return most;
}

/* Returns: messages a second, on average */
static double
say_pace (Bench *bench, const char *what, guint from, gint64 begun, gint64 ended)
{
  guint n = oba_telegram_double_get_n_calls (bench->telegram);
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (double));
  double pace;

  for (guint i = from; i < n; i++)
    {
      double at = (double) oba_telegram_double_get_time (bench->telegram, i);

      if (at >= (double) begun && at < (double) ended)
        g_array_append_val (times, at);
    }
  g_array_sort (times, compare_doubles);
  pace = times->len / ((double) (ended - begun) / G_USEC_PER_SEC);
  printf ("%-52s %7u   %.2f a second\n", what, times->len, pace);
  /* By the clock of the database no second has more than thirty. Here they are counted where they arrive: what a busy machine held up for a fifth of a second comes with those that follow. */
  require (bench, "messages in the busiest second", "", find_busiest (times, 1), 0, 36);
  require (bench, "messages in the busiest ten seconds", "", find_busiest (times, 10), 0, 306);
  return pace;
}

/* People who ask five times at once get an answer a second. */
static void
say_gaps (Bench *bench)
{
  const gint64 first = 4000000000;
  double least = INFINITY;
  guint before = oba_telegram_double_get_n_calls (bench->telegram), n = 0;

  for (guint i = 0; i < 25; i++)
    ask_once (bench, first + i / 5);
  for (guint tries = 0; n < 25 && tries < 100; tries++)
    {
      gint64 last[5] = { 0 };

      g_usleep (100000);
      n = 0;
      least = INFINITY;
      for (guint i = before; i < oba_telegram_double_get_n_calls (bench->telegram); i++)
        {
          gint64 chat = oba_telegram_double_get_chat (bench->telegram, i) - first, at = oba_telegram_double_get_time (bench->telegram, i);

          if (chat < 0 || chat >= 5)
            continue;
          if (last[chat] != 0)
            least = MIN (least, (double) (at - last[chat]) / 1000);
          last[chat] = at;
          n++;
        }
    }
  require (bench, "between two messages in a chat, the least", "ms", least, 980, 1500);
}

static void
fill (Bench *bench)
{
  g_autofree char *sql = g_strdup_printf (
      "set session_replication_role = replica;"   /* without the triggers: nothing here needs accounts, and it takes seconds in place of minutes */
      "insert into oba.customers (given_name, family_name, phone) select 'Aysel', 'Məmmədova', '+99450' || (1000000 + n) from generate_series (1, %u) n;"
      "insert into oba.telegram_links (chat_id, customer_id) select customer_id, customer_id from oba.customers where kind = 'person';"
      "insert into oba.consents (customer_id, channel, granted, since) select customer_id, 'telegram', true, now() from oba.telegram_links order by customer_id limit %u;"
      "analyze", bench->customers, bench->recipients);

  g_free (oba_test_postgres_exec (bench->conninfo, sql));
}

static void
run_acknowledgements (Bench *bench)
{
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (double));

  /* A helper that has just begun opens its connections with the first of them. */
  post_updates ("acknowledged by the webhook, the first two seconds", bench->serve->address, bench->customers, 2, NULL);
  for (guint round = 0; round < 2; round++)
    {
      post_to_bare_server (bench->customers, bench->seconds / 2);
      insert_plainly (bench->conninfo, bench->serve->directory, bench->seconds / 2);
      g_free (oba_test_postgres_exec (bench->conninfo, "drop table public.plain; delete from oba.telegram_updates"));
      post_updates ("acknowledged by the webhook, 500 a second", bench->serve->address, bench->customers, bench->seconds, all);
      serve_wait_sql (bench->conninfo, "select count (*) from oba.telegram_updates where state in ('new', 'working')", "0", 60);
    }
  require (bench, "an update is acknowledged after, 99 of 100", "ms", percentile (all, 0.99), 0, 20);
}

static double
left_until_the_end (Bench *bench)
{
  g_autofree char *shown = oba_test_postgres_exec (bench->conninfo, "select extract (epoch from done_at - now()) from oba.broadcast_list (1)");

  return g_ascii_strtod (shown, NULL);
}

/* As fast as the house may, with a place kept for nobody: 30 a second. */
static void
run_broadcast (Bench *bench)
{
  guint before;
  gint64 begun = g_get_monotonic_time (), ended, sent;
  double pace, shown;

  g_free (oba_test_postgres_exec (bench->conninfo, "update oba.telegram_settings set kept_for_answers = 0;"
                                                   "select oba.save_broadcast ('{\"name\": \"Bench\", \"az\": \"Salam\"}'); select oba.move_broadcast ('{\"broadcast_id\": 1, \"what\": \"start\"}')"));
  printf ("%-52s %7" G_GINT64_FORMAT "   after %.2f s\n", "a broadcast is started: recipients", serve_sql_number (bench->conninfo, "select total from oba.broadcasts"),
          (double) (g_get_monotonic_time () - begun) / G_USEC_PER_SEC);
  before = oba_telegram_double_get_n_calls (bench->telegram);
  serve_wait_sql (bench->conninfo, "select count (*) >= 30 from oba.outbox where broadcast_id = 1 and state = 'sent'", "t", 30);
  begun = g_get_monotonic_time ();
  g_usleep ((gulong) (12 * bench->seconds * G_USEC_PER_SEC));
  ended = g_get_monotonic_time ();
  pace = say_pace (bench, "broadcast, 30 a second allowed", before, begun, ended);
  require (bench, "messages a second", "", pace, 29.7, 30.1);
  sent = serve_sql_number (bench->conninfo, "select count (*) from oba.outbox where broadcast_id = 1 and state = 'sent'");
  shown = left_until_the_end (bench);
  require (bench, "the end that is shown, of that at this pace", "%", 100 * shown / ((bench->recipients - (double) sent) / pace), 98, 102);
}

static void
run_answers (Bench *bench)
{
  guint before = oba_telegram_double_get_n_calls (bench->telegram);
  gint64 begun;

  g_free (oba_test_postgres_exec (bench->conninfo, "update oba.telegram_settings set kept_for_answers = 3"));
  begun = g_get_monotonic_time ();
  ask (bench, 2000000000, 4 * bench->seconds);
  say_pace (bench, "broadcast and answers, 3 of 30 kept for these", before, begun, g_get_monotonic_time ());
  say_answers (bench, "answered, 5 a second, during the broadcast", before);
  say_gaps (bench);

  /* As after hours without Telegram: the house has that much to say to everybody. */
  g_free (oba_test_postgres_exec (bench->conninfo, "insert into oba.outbox (customer_id, chat_id, kind, payload, priority, repeatable) select n.customer_id, l.chat_id, 'campaign', '{\"broadcast_id\": 1}', 5, false"
                                                   " from oba.consents n join oba.telegram_links l using (customer_id)"));
  before = oba_telegram_double_get_n_calls (bench->telegram);
  ask (bench, 3000000000, 2 * bench->seconds);
  say_answers (bench, "answered, 5 a second, while all of these wait", before);
}

static int
run (guint customers, guint recipients, double seconds)
{
  g_autoptr (ObaTestPostgres) postgres = oba_test_postgres_new (OBA_TEST_POSTGRES_MIGRATED);
  g_autofree char *conninfo = oba_test_postgres_new_database (postgres);
  g_autoptr (ObaTelegramDouble) telegram = oba_telegram_double_new ();
  g_autoptr (Serve) serve = serve_new (conninfo, oba_telegram_double_get_url (telegram));
  g_autoptr (GHashTable) asked = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  Bench bench = { conninfo, telegram, serve, asked, 10000000, customers, recipients, seconds, 0 };

  fill (&bench);
  serve_configure (serve, "http", "log=problems");
  serve_start (serve);
  printf ("%u linked customers, %u cores, which the load and the double of Telegram use, too\n", customers, g_get_num_processors ());
  run_acknowledgements (&bench);
  ask (&bench, 1000000000, seconds);
  say_answers (&bench, "answered, 5 a second", 0);
  run_broadcast (&bench);
  run_answers (&bench);
  require (&bench, "resident memory", "MB", serve_metric (serve, "oba_process_resident_memory_bytes") / 1e6, 0, 60);
  g_assert_cmpint (serve_stop (serve), ==, 0);
  return bench.missed > 0;
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);   /* the double finds its specification through it */
  return run (argc > 1 ? (guint) atoi (argv[1]) : 200000, argc > 2 ? (guint) atoi (argv[2]) : 100000, argc > 3 ? g_ascii_strtod (argv[3], NULL) : 10);
}
