/* The service as nginx, tills, monitoring and systemd meet it: the real program, a real database. */
#include <libpq-fe.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <glib/gstdio.h>

#include "oba-test-postgres.h"
#include "serve-run.h"

static ObaTestPostgres *postgres;

static char *
new_database (void)
{
  return oba_test_postgres_new_database (postgres);
}

static Serve *
started (const char *conninfo)
{
  Serve *serve = serve_new (conninfo, NULL);

  serve_start (serve);
  return serve;
}

static guint
get_status (Serve *serve, const char *path, const char *headers)
{
  g_autoptr (Answer) answer = serve_get (serve, path, headers);

  return answer->status;
}

typedef struct
{
  Serve *serve;
  guint status;
} Readiness;

static gboolean
is_ready_as (gpointer user_data)
{
  Readiness *readiness = user_data;

  return get_status (readiness->serve, "/readyz", NULL) == readiness->status;
}

static void
wait_ready (Serve *serve)
{
  serve_wait (is_ready_as, &(Readiness){ serve, 200 }, 30, "ready");
}

/* Without these, nobody notices that the service is ill, or it is taken out of service while it is well. */
static void
test_health (void)
{
  g_autofree char *conninfo = new_database ();
  g_autoptr (Serve) serve = started (conninfo);
  g_autoptr (Answer) health = serve_get (serve, "/healthz", NULL);
  g_autoptr (Answer) ready = NULL, metrics = NULL;

  g_assert_cmpuint (health->status, ==, 200);
  wait_ready (serve);
  ready = serve_get (serve, "/readyz", NULL);
  metrics = serve_get (serve, "/metrics", NULL);
  g_assert_cmpuint (ready->status, ==, 200);
  g_assert_nonnull (strstr (ready->body, "\"schema\":\"current\""));
  g_assert_cmpuint (metrics->status, ==, 200);
  g_assert_nonnull (strstr (metrics->body, "oba_http_requests_total{route=\"health\",status=\"200\"} 1\n"));
  g_assert_nonnull (strstr (metrics->body, "oba_http_request_seconds_bucket{route=\"ready\",le=\"+Inf\"} "));
  g_assert_nonnull (strstr (metrics->body, "oba_database_online 1\n"));
  g_assert_cmpfloat (serve_metric (serve, "oba_database_connections"), >=, 1);
  g_assert_cmpfloat (serve_metric (serve, "oba_database_statements"), ==, 0);
  g_assert_cmpfloat (serve_metric (serve, "oba_rollup_lag_seconds"), ==, 0);
  g_assert_cmpfloat (serve_metric (serve, "oba_outbox_messages{state=\"queued\"}"), ==, 0);
  g_assert_cmpfloat (serve_metric (serve, "oba_process_resident_memory_bytes"), >, 1e6);
  g_assert_cmpint (serve_stop (serve), ==, 0);
}

static gboolean
says_other_schema (gpointer user_data)
{
  g_autoptr (Answer) ready = serve_get (user_data, "/readyz", NULL);

  g_assert_cmpuint (ready->status, ==, 503);
  return strstr (ready->body, "\"schema\":\"other\"") != NULL;
}

/* A service of an old or new version beside another schema would write nonsense: it must not get requests. */
static void
test_other_schema (void)
{
  g_autofree char *conninfo = oba_test_postgres_new_empty_database (postgres);
  g_autoptr (Serve) serve = started (conninfo);

  serve_wait (says_other_schema, serve, 30, "the other schema is seen");
}

/* Clients see one form of error, whatever was wrong, and no request gets further than it should. */
static void
test_refusals (void)
{
  g_autofree char *conninfo = new_database ();
  g_autoptr (Serve) serve = started (conninfo);
  g_autofree char *large = g_strnfill (6000, 'x');
  g_autoptr (Answer) missing = serve_get (serve, "/no/such/thing", NULL);
  g_autoptr (Answer) method = serve_request (serve, "POST", "/healthz", NULL, "", 0);
  g_autoptr (Answer) too_large = serve_request (serve, "POST", "/api/token", NULL, large, -1);
  g_autoptr (GString) chunked =
      g_string_new ("POST /api/token HTTP/1.1\r\nHost: oba\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n");
  g_autoptr (Answer) too_large_chunked = NULL;
  g_autoptr (Answer) smuggled =
      serve_request (serve, "POST", "/api/token", "Transfer-Encoding: chunked\r\n", "0\r\n\r\n", -1);
  g_autoptr (Answer) ranged = serve_get (serve, "/metrics", "Range: bytes=0-1,0-2,0-3\r\n");
  g_autoptr (Answer) head = serve_request (serve, "HEAD", "/healthz", NULL, NULL, 0);

  answer_assert_problem (missing, 404, "urn:oba:problem:not-found");
  answer_assert_problem (method, 405, "method-not-allowed");
  g_assert_nonnull (strstr (method->headers, "Allow: GET"));
  answer_assert_problem (too_large, 413, "too-large");
  for (int i = 0; i < 10; i++)
    g_string_append_printf (chunked, "3e8\r\n%.1000s\r\n", large);
  g_string_append (chunked, "0\r\n\r\n");
  too_large_chunked = serve_exchange (serve, chunked->str, chunked->len);
  answer_assert_problem (too_large_chunked, 413, "too-large");
  g_assert_cmpuint (smuggled->status, ==, 400);
  g_assert_cmpuint (ranged->status, ==, 200);
  g_assert_cmpuint (head->status, ==, 200);
  g_assert_cmpstr (head->body, ==, "");
}

typedef struct
{
  Serve *serve;
  double value;
} Connections;

static gboolean
has_connections (gpointer user_data)
{
  Connections *connections = user_data;

  return serve_metric (connections->serve, "oba_http_connections") == connections->value;
}

/* A client that sends its request a byte an hour, or none at all, must not hold a connection for ever; others are
 * served meanwhile. */
static void
test_slow_clients (void)
{
  g_autofree char *conninfo = new_database ();
  g_autoptr (Serve) serve = serve_new (conninfo, NULL);
  g_autoptr (GSocketConnection) in_headers = NULL, in_body = NULL;
  g_autoptr (Answer) headers_end = NULL, body_end = NULL;
  static const char half_headers[] = "GET /healthz HTTP/1.1\r\nHos";
  static const char half_body[] = "POST /api/token HTTP/1.1\r\nHost: oba\r\nContent-Length: 100\r\n\r\ngrant";
  gint64 begun = g_get_monotonic_time ();

  serve_configure (serve, "http", "header_ms=400\nbody_ms=400");
  serve_start (serve);
  in_headers = serve_connect (serve);
  in_body = serve_connect (serve);
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (in_headers)), half_headers,
                             strlen (half_headers), NULL, NULL, NULL);
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (in_body)), half_body, strlen (half_body), NULL,
                             NULL, NULL);
  g_assert_cmpuint (serve_update (serve, "{}", -1), ==, 404); /* no Telegram here; it is answered all the same */

  headers_end = serve_read (in_headers);
  body_end = serve_read (in_body);
  g_assert_cmpuint (headers_end->status, !=, 200);
  g_assert_cmpuint (body_end->status, !=, 200);
  g_assert_cmpint (g_get_monotonic_time () - begun, <, 10 * G_USEC_PER_SEC);
  serve_wait (has_connections, &(Connections){ serve, 1 }, 5, "the slow ones are gone");
}

static GSocketConnection *
use_and_keep (Serve *serve)
{
  static const char text[] = "GET /healthz HTTP/1.1\r\nHost: oba\r\n\r\n";
  GSocketConnection *connection = serve_connect (serve);
  char buffer[1024];
  gsize n = 0;

  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), text, strlen (text), NULL, NULL,
                             NULL);
  while (n < 6 || strncmp (buffer + n - 6, "alive\n", 6) != 0)
    {
      gssize more = g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (connection)), buffer + n,
                                         sizeof buffer - n, NULL, NULL);

      g_assert_cmpint (more, >, 0);
      n += (gsize) more;
    }
  return connection;
}

/* libsoup 3.2 keeps the descriptor of every keep-alive connection that the client closes: after a day nobody can
 * connect. */
static void
test_closed_keep_alive (void)
{
  g_autofree char *conninfo = new_database ();
  g_autoptr (Serve) serve = started (conninfo);
  guint before;

  g_object_unref (use_and_keep (serve));
  serve_wait (has_connections, &(Connections){ serve, 1 }, 5, "the connection is gone");
  before = serve_count_descriptors (serve);
  for (int i = 0; i < 50; i++)
    g_object_unref (use_and_keep (serve));
  serve_wait (has_connections, &(Connections){ serve, 1 }, 5, "all connections are gone");
  g_assert_cmpuint (serve_count_descriptors (serve), <, before + 10);
}

/* When all places are taken by idle connections, a new client gets the place of the oldest. */
static void
test_connection_cap (void)
{
  g_autofree char *conninfo = new_database ();
  g_autoptr (Serve) serve = serve_new (conninfo, NULL);
  g_autoptr (GPtrArray) idle = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (Answer) answer = NULL;

  serve_configure (serve, "http", "connections=8");
  serve_start (serve);
  for (int i = 0; i < 20; i++)
    g_ptr_array_add (idle, use_and_keep (serve));
  answer = serve_get (serve, "/healthz", NULL);
  g_assert_cmpuint (answer->status, ==, 200);
  g_assert_cmpfloat (serve_metric (serve, "oba_http_connections"), <=, 8);
}

static void
test_rate (void)
{
  g_autofree char *conninfo = new_database ();
  g_autoptr (Serve) serve = serve_new (conninfo, NULL);
  g_autoptr (Answer) other = NULL;
  guint refused = 0;

  serve_configure (serve, "http", "rate=1\nburst=5");
  serve_start (serve);
  for (int i = 0; i < 10; i++)
    {
      /* What the client claims comes first; what nginx saw comes last and counts. */
      g_autofree char *header = g_strdup_printf ("X-Forwarded-For: 10.0.0.%d, 192.0.2.7\r\n", i);
      g_autoptr (Answer) answer = serve_get (serve, "/api/customers/1", header);

      g_assert_true (answer->status == 401 || answer->status == 429);
      refused += answer->status == 429;
      g_assert_true (answer->status != 429 || strstr (answer->headers, "Retry-After: ") != NULL);
    }
  g_assert_cmpuint (refused, >=, 3);
  other = serve_get (serve, "/api/customers/1", "X-Forwarded-For: 192.0.2.8\r\n");
  g_assert_cmpuint (other->status, ==, 401);
}

static gint64
add_customer (const char *conninfo)
{
  return serve_sql_number (conninfo, "select (oba.do_register_customer ('{\"given_name\": \"Aysel\", \"family_name\": "
                                     "\"Məmmədova\", \"phone\": \"+994501234567\", "
                                     "\"language\": \"az\"}') ->> 'customer_id')::bigint");
}

/* Who has no right token learns nothing of a customer; who has one gets what openapi.yaml promises. */
static void
test_customer (void)
{
  g_autofree char *conninfo = new_database ();
  g_autoptr (Serve) serve = started (conninfo);
  gint64 id = add_customer (conninfo);
  g_autofree char *path = g_strdup_printf ("/api/customers/%" G_GINT64_FORMAT, id);
  g_autofree char *right = serve_bearer (serve, "customers:read", 60);
  g_autofree char *expired = serve_bearer (serve, "customers:read", -60);
  g_autofree char *other_scope = serve_bearer (serve, "customers:write", 60);
  g_autofree char *with_tag = NULL;
  g_autoptr (Answer) answer = NULL, again = NULL;
  const char *tag;

  g_assert_cmpuint (get_status (serve, path, NULL), ==, 401);
  g_assert_cmpuint (get_status (serve, path, "Authorization: Basic eHg6eHg=\r\n"), ==, 401);
  g_assert_cmpuint (get_status (serve, path, "Authorization: Bearer nonsense\r\n"), ==, 401);
  g_assert_cmpuint (get_status (serve, path, expired), ==, 401);
  g_assert_cmpuint (get_status (serve, path, other_scope), ==, 403);
  g_assert_cmpuint (get_status (serve, "/api/customers/999999999", right), ==, 404);
  g_assert_cmpuint (get_status (serve, "/api/customers/0x1", right), ==, 404);
  g_assert_cmpuint (get_status (serve, "/api/customers/99999999999999999999999", right), ==, 404);
  g_assert_cmpuint (get_status (serve, "/api/customers/1%2f1", right), ==, 404);

  answer = serve_get (serve, path, right);
  g_assert_cmpuint (answer->status, ==, 200);
  g_assert_nonnull (strstr (answer->body, "\"given_name\" : \"Aysel\""));
  g_assert_nonnull (strstr (answer->body, "\"code\" : \"bronze\""));
  tag = strstr (answer->headers, "ETag: ");
  g_assert_nonnull (tag);
  with_tag = g_strdup_printf ("%sIf-None-Match: %.34s\r\n", right, tag + strlen ("ETag: "));
  again = serve_get (serve, path, with_tag);
  g_assert_cmpuint (again->status, ==, 304);
  g_assert_cmpstr (again->body, ==, "");
}

/* A till that still knows the number of a merged record gets the customer who stands for it, points and tier, too. */
static void
test_merged_customer (void)
{
  g_autofree char *conninfo = new_database ();
  g_autoptr (Serve) serve = started (conninfo);
  gint64 survivor = add_customer (conninfo);
  gint64 source = serve_sql_number (conninfo, "select (oba.do_register_customer ('{\"given_name\": \"Aysel\", \"not_same_as\": []}') ->> 'customer_id')::bigint");
  g_autofree char *path = g_strdup_printf ("/api/customers/%" G_GINT64_FORMAT, source);
  g_autofree char *number = g_strdup_printf ("\"id\" : %" G_GINT64_FORMAT, survivor);
  g_autofree char *merge = g_strdup_printf ("select oba.merge_customers (jsonb_build_object ('source', %" G_GINT64_FORMAT ", 'survivor', %" G_GINT64_FORMAT "), null)", source, survivor);
  g_autofree char *right = serve_bearer (serve, "customers:read", 60);
  g_autoptr (Answer) answer = NULL;

  serve_sql_number (conninfo, merge);
  answer = serve_get (serve, path, right);
  g_assert_cmpuint (answer->status, ==, 200);
  g_assert_nonnull (strstr (answer->body, number));
}

/* "oba-helper till add" gives a till a name and a key; with them it must get a token, and after "till revoke" none. */
static void
test_token_of_till (void)
{
  g_autofree char *conninfo = new_database ();
  g_autoptr (Serve) serve = started (conninfo);
  gint64 id = add_customer (conninfo);
  g_autofree char *path = g_strdup_printf ("/api/customers/%" G_GINT64_FORMAT, id);
  g_autofree char *basic = g_base64_encode ((const guchar *) "till-0001:the-key", strlen ("till-0001:the-key"));
  g_autofree char *wrong = g_base64_encode ((const guchar *) "till-0001:not-the-key", strlen ("till-0001:not-the-key"));
  g_autofree char *header =
      g_strdup_printf ("Content-Type: application/x-www-form-urlencoded\r\nAuthorization: Basic %s\r\n", basic);
  g_autofree char *wrong_header = g_strdup_printf ("Authorization: Basic %s\r\n", wrong);
  g_autofree char *token = NULL;
  g_autoptr (Answer) refused = NULL, answer = NULL, revoked = NULL, other_grant = NULL;
  const char *at;

  g_free (oba_test_postgres_exec (conninfo, "insert into oba.stores (code, name) values ('S1', 'OBA 1');"
                                            "select oba.till_add (1, 1, 'till-0001', sha256 ('the-key'))"));
  refused = serve_request (serve, "POST", "/api/token", wrong_header, "grant_type=client_credentials", -1);
  answer_assert_problem (refused, 401, "invalid-client");
  other_grant = serve_request (serve, "POST", "/api/token", header, "grant_type=password", -1);
  answer_assert_problem (other_grant, 400, "unsupported-grant-type");
  answer = serve_request (serve, "POST", "/api/token", header, "grant_type=client_credentials", -1);
  g_assert_cmpuint (answer->status, ==, 200);
  at = strstr (answer->body, "\"access_token\":\"");
  g_assert_nonnull (at);
  at += strlen ("\"access_token\":\"");
  token = g_strdup_printf ("Authorization: Bearer %.*s\r\n", (int) strcspn (at, "\""), at);
  g_assert_cmpuint (get_status (serve, path, token), ==, 200);

  g_free (oba_test_postgres_exec (conninfo, "select oba.till_revoke (1)"));
  revoked = serve_request (serve, "POST", "/api/token", header, "grant_type=client_credentials", -1);
  g_assert_cmpuint (revoked->status, ==, 401);
}

/* The database goes away (a restart, a failover): the helper says so, stays up, and is back by itself. */
static void
test_database_lost (void)
{
  g_autoptr (ObaTestPostgres) own = oba_test_postgres_new (OBA_TEST_POSTGRES_MIGRATED);
  g_autofree char *conninfo = oba_test_postgres_new_database (own);
  g_autoptr (Serve) serve = NULL;

  oba_test_postgres_stop (own);
  serve = started (conninfo);
  g_assert_cmpuint (get_status (serve, "/healthz", NULL), ==, 200);
  g_assert_cmpuint (get_status (serve, "/readyz", NULL), ==, 503);
  oba_test_postgres_start (own);
  serve_wait (is_ready_as, &(Readiness){ serve, 200 }, 30, "ready after the database has come");

  oba_test_postgres_kill (own);
  g_assert_cmpuint (get_status (serve, "/readyz", NULL), ==, 503);
  g_assert_cmpuint (get_status (serve, "/metrics", NULL), ==, 200);
  oba_test_postgres_start (own);
  serve_wait (is_ready_as, &(Readiness){ serve, 200 }, 30, "ready after the database has come back");
  g_assert_cmpint (serve_stop (serve), ==, 0);
}

/* A deployment (SIGTERM) must not cut off a till in the middle of its request. */
static void
test_stop_finishes (void)
{
  g_autofree char *conninfo = new_database ();
  g_autoptr (Serve) serve = started (conninfo);
  gint64 id = add_customer (conninfo);
  g_autofree char *right = serve_bearer (serve, "customers:read", 60);
  g_autofree char *text =
      g_strdup_printf ("GET /api/customers/%" G_GINT64_FORMAT " HTTP/1.1\r\nHost: oba\r\n%s\r\n", id, right);
  g_autoptr (GSocketConnection) running = NULL, idle = NULL;
  g_autoptr (Answer) answer = NULL, idle_end = NULL;
  PGconn *blocker = PQconnectdb (conninfo);

  PQclear (PQexec (blocker, "begin; lock table oba.customers"));
  idle = use_and_keep (serve);
  running = serve_connect (serve);
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (running)), text, strlen (text), NULL, NULL,
                             NULL);
  serve_wait_sql (conninfo, "select count (*) from pg_stat_activity where wait_event_type = 'Lock'", "1", 10);

  g_subprocess_send_signal (serve->process, SIGTERM);
  idle_end = serve_read (idle); /* the idle one is ended at once: the helper is stopping */
  g_assert_cmpuint (idle_end->status, ==, 0);
  PQclear (PQexec (blocker, "commit"));
  answer = serve_read (running);
  g_assert_cmpuint (answer->status, ==, 200);
  g_assert_nonnull (strstr (answer->headers, "Connection: close"));
  g_subprocess_wait (serve->process, NULL, NULL);
  g_assert_true (g_subprocess_get_if_exited (serve->process));
  g_assert_cmpint (g_subprocess_get_exit_status (serve->process), ==, 0);
  g_clear_object (&serve->process);
  PQfinish (blocker);
}

/* A request that the database does not answer gets an error in time instead of hanging the till. */
static void
test_request_deadline (void)
{
  g_autofree char *conninfo = new_database ();
  g_autoptr (Serve) serve = serve_new (conninfo, NULL);
  gint64 id = add_customer (conninfo);
  g_autofree char *path = g_strdup_printf ("/api/customers/%" G_GINT64_FORMAT, id);
  g_autofree char *right = serve_bearer (serve, "customers:read", 60);
  g_autoptr (Answer) late = NULL;
  PGconn *blocker = PQconnectdb (conninfo);

  serve_configure (serve, "http", "request_ms=500");
  serve_start (serve);
  PQclear (PQexec (blocker, "begin; lock table oba.customers"));
  late = serve_get (serve, path, right);
  answer_assert_problem (late, 503, "too-slow");
  PQclear (PQexec (blocker, "commit"));
  PQfinish (blocker);
  g_assert_cmpuint (get_status (serve, path, right), ==, 200);
}

/* Behind nginx on the same machine: only its group may connect, and a helper that died leaves no socket that blocks the
 * next. */
static void
test_unix_socket (void)
{
  g_autofree char *conninfo = new_database ();
  g_autoptr (Serve) serve = serve_new (conninfo, NULL);
  g_autofree char *path = g_build_filename (serve->directory, "helper.sock", NULL);
  g_autofree char *listen = g_strconcat ("unix:", path, NULL);
  GStatBuf info;

  serve_start_at (serve, listen);
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 0777, ==, 0660);
  g_assert_cmpuint (get_status (serve, "/healthz", NULL), ==, 200);
  serve_kill (serve);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  serve_start_at (serve, listen);
  g_assert_cmpuint (get_status (serve, "/healthz", NULL), ==, 200);
  g_assert_cmpint (serve_stop (serve), ==, 0);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

/* What scanners and broken clients send must end that connection at most. */
static void
test_odd_requests (void)
{
  static const char *const odd[] = {
    "\r\n\r\n",
    "GET\r\n\r\n",
    "\x16\x03\x01\x02",
    "GET /healthz HTTP/1.0\r\n\r\n",
    "GET /healthz HTTP/1.1\r\n\r\n",
    "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
    "CONNECT a:1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    "GET http://other/healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    "GET /%00%ff%2e%2e/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    "GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    "POST /api/token HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\nConnection: close\r\n\r\n",
    "POST /api/token HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\nConnection: close\r\n\r\n",
    "POST /api/token HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nzz\r\n",
    "POST /api/token HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 1000000\r\nConnection: "
    "close\r\n\r\n",
    "GET /healthz HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade, close\r\n\r\n",
    "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    "GET /healthz HTTP/1.1\r\nHost: \xff\xfe\r\nX-Forwarded-For: \xff\r\nX-Request-Id: <script>\r\nConnection: "
    "close\r\n\r\n",
  };
  g_autofree char *conninfo = new_database ();
  g_autoptr (Serve) serve = serve_new (conninfo, NULL);
  g_autoptr (GString) endless = g_string_new ("GET /healthz HTTP/1.1\r\nHost: x\r\nX: ");

  serve_configure (serve, "http", "header_ms=300\nbody_ms=300");
  serve_start (serve);
  for (guint i = 0; i < G_N_ELEMENTS (odd); i++)
    {
      g_autoptr (GSocketConnection) connection = serve_connect (serve);
      g_autoptr (Answer) answer = NULL;

      g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), odd[i], strlen (odd[i]),
                                 NULL, NULL, NULL);
      g_socket_shutdown (g_socket_connection_get_socket (connection), FALSE, TRUE, NULL);
      answer = serve_read (connection);
      g_assert_null (strstr (answer->body, "root:"));
      g_assert_null (strstr (answer->headers, "<script>"));
      g_assert_cmpuint (get_status (serve, "/healthz", NULL), ==, 200);
    }
  for (int i = 0; i < 200000; i++)
    g_string_append_c (endless, 'x');
  answer_free (serve_exchange (serve, endless->str, endless->len));
  g_assert_cmpuint (get_status (serve, "/healthz", NULL), ==, 200);
  serve_wait (has_connections, &(Connections){ serve, 1 }, 5, "all connections are gone");
  g_assert_cmpint (serve_stop (serve), ==, 0);
}

static int
first_child (GSubprocess *process)
{
  g_autofree char *path = g_strdup_printf ("/proc/%s/task/%s/children", g_subprocess_get_identifier (process),
                                           g_subprocess_get_identifier (process));
  g_autofree char *text = NULL;

  g_file_get_contents (path, &text, NULL, NULL);
  return text != NULL ? atoi (text) : 0;
}

typedef struct
{
  Serve *serve;
  int other_than;
} Child;

static gboolean
has_other_child (gpointer user_data)
{
  Child *child = user_data;
  int now = first_child (child->serve->process);

  return now != 0 && now != child->other_than;
}

/* With two workers, the death of one is not felt: the other answers, and the dead one is replaced. */
static void
test_workers (void)
{
  g_autofree char *conninfo = new_database ();
  g_autoptr (Serve) serve = serve_new (conninfo, NULL);
  g_autofree char *path = g_build_filename (serve->directory, "helper.sock", NULL);
  g_autofree char *listen = g_strconcat ("unix:", path, NULL);
  g_autofree char *second = g_strconcat (path, ".2", NULL);
  int victim;

  serve_configure (serve, "http", "workers=2");
  serve_start_at (serve, listen);
  g_free (serve->address);
  serve->address = g_strdup (listen);
  wait_ready (serve);
  victim = first_child (serve->process);
  g_assert_cmpint (victim, >, 0);
  g_assert_cmpint (kill (victim, SIGKILL), ==, 0);
  g_free (serve->address);
  serve->address = g_strconcat (listen, ".2", NULL);
  wait_ready (serve);
  serve_wait (has_other_child, &(Child){ serve, victim }, 10, "the dead worker is replaced");
  g_assert_cmpint (serve_stop (serve), ==, 0);
  g_assert_false (g_file_test (second, G_FILE_TEST_EXISTS));
}

/* A port of this test's own: bound, not listened on. */
static GSocket *
reserve_port (char **listen)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  GSocket *socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, NULL);
  struct sockaddr_in native = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  g_autoptr (GSocketAddress) bound = NULL;

  g_socket_set_option (socket, SOL_SOCKET, SO_REUSEPORT, TRUE, NULL);
  g_assert_cmpint (bind (g_socket_get_fd (socket), (struct sockaddr *) &native, sizeof native), ==, 0);
  bound = g_socket_get_local_address (socket, NULL);
  *listen = g_strdup_printf ("127.0.0.1:%u", g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound)));
  return socket;
}

typedef struct
{
  Serve      *serve;
  GHashTable *seen;
} Workers;

static gboolean
both_have_answered (gpointer user_data)
{
  Workers *workers = user_data;
  g_autoptr (Answer) answer = serve_get (workers->serve, "/metrics", NULL);
  const char *started = strstr (answer->body, "\noba_process_start_time_seconds ");

  g_assert_nonnull (started);
  g_hash_table_add (workers->seen, g_strndup (started + 1, strcspn (started + 1, "\n")));
  return g_hash_table_size (workers->seen) == 2;
}

/* Two workers on one port: the kernel spreads the connections over both, once the second one listens, too. */
static void
test_workers_share_port (void)
{
  g_autofree char *conninfo = new_database ();
  g_autoptr (Serve) serve = serve_new (conninfo, NULL);
  g_autofree char *listen = NULL;
  g_autoptr (GSocket) reserved = reserve_port (&listen);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  serve_configure (serve, "http", "workers=2");
  serve_start_at (serve, listen);
  g_free (serve->address);
  serve->address = g_strdup (listen);
  serve_wait (both_have_answered, &(Workers){ serve, seen }, 30, "an answer of each worker");
  g_assert_cmpint (serve_stop (serve), ==, 0);
}

static const char receipt[] =
    "select oba.do_record_receipt (jsonb_build_object ('store', 1, 'till', 1, 'receipt_no', 'R1', 'sold_at', now(), "
    "'total', 250, "
    "'lines', '[{\"code\": \"P1\", \"quantity\": 1, \"unit_price\": 250, \"total\": 250}]'::jsonb))";

static gboolean
was_told (gpointer user_data)
{
  PGconn *listener = user_data;
  PGnotify *told;

  PQconsumeInput (listener);
  told = PQnotifies (listener);
  if (told == NULL)
    return FALSE;
  g_assert_cmpstr (told->relname, ==, "oba_sales");
  PQfreemem (told);
  return TRUE;
}

/* A receipt that a till posts is on every open Overview within two seconds. */
static void
test_receipt_shows (void)
{
  g_autofree char *conninfo = new_database ();
  g_autoptr (Serve) serve = started (conninfo);
  PGconn *listener = PQconnectdb (conninfo);

  wait_ready (serve);
  g_free (oba_test_postgres_exec (conninfo,
                                  "insert into oba.stores (code, name) values ('S1', 'OBA 1');"
                                  "insert into oba.products (code, name, price) values ('P1', 'Çörək', 250)"));
  PQclear (PQexec (listener, "listen oba_sales"));
  g_free (oba_test_postgres_exec (conninfo, receipt));
  /* About a second here; the rest of the bound is for a machine that is busy with other tests. */
  serve_wait (was_told, listener, 4, "the sale is told");
  g_assert_cmpint (serve_sql_number (conninfo, "select revenue from oba.rollup_days"), ==, 250);
  g_assert_cmpfloat (serve_metric (serve, "oba_rollup_lag_seconds"), ==, 0);
  /* Once; or twice, when its totals had to wait for a statement of another job. */
  g_assert_cmpfloat (serve_metric (serve, "oba_job_work_total{job=\"fold-rollups\"}"), >=, 1);
  PQfinish (listener);
}

static gboolean
is_new (gpointer user_data)
{
  return serve_sql_number (user_data, "select count (*) from oba.customer_stats where lifecycle = 'new' and visit_days = 1") == 1;
}

/* Whoever buys for the first time is a new customer without anybody asking. */
static void
test_lifecycle_follows (void)
{
  g_autofree char *conninfo = new_database ();
  g_autoptr (Serve) serve = started (conninfo);

  wait_ready (serve);
  g_free (oba_test_postgres_exec (conninfo,
                                  "insert into oba.stores (code, name) values ('S1', 'OBA 1');"
                                  "insert into oba.products (code, name, price) values ('P1', 'Çörək', 250);"
                                  "insert into oba.customers (customer_id, given_name) values (100, 'Aygün')"));
  g_free (oba_test_postgres_exec (conninfo,
                                  "select oba.do_record_receipt (jsonb_build_object ('store', 1, 'till', 1, 'receipt_no', 'R1', 'customer_id', 100, "
                                  "'sold_at', now(), 'total', 250, 'lines', '[{\"code\": \"P1\", \"quantity\": 1, \"unit_price\": 250, \"total\": 250}]'::jsonb))"));
  serve_wait (is_new, conninfo, 20, "the first purchase makes a new customer");
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  postgres = oba_test_postgres_new (OBA_TEST_POSTGRES_MIGRATED);

  g_test_add_func ("/serve/health", test_health);
  g_test_add_func ("/serve/other-schema", test_other_schema);
  g_test_add_func ("/serve/refusals", test_refusals);
  g_test_add_func ("/serve/slow-clients", test_slow_clients);
  g_test_add_func ("/serve/closed-keep-alive", test_closed_keep_alive);
  g_test_add_func ("/serve/connection-cap", test_connection_cap);
  g_test_add_func ("/serve/rate", test_rate);
  g_test_add_func ("/serve/customer", test_customer);
  g_test_add_func ("/serve/merged-customer", test_merged_customer);
  g_test_add_func ("/serve/token-of-till", test_token_of_till);
  g_test_add_func ("/serve/database-lost", test_database_lost);
  g_test_add_func ("/serve/stop-finishes", test_stop_finishes);
  g_test_add_func ("/serve/request-deadline", test_request_deadline);
  g_test_add_func ("/serve/unix-socket", test_unix_socket);
  g_test_add_func ("/serve/odd-requests", test_odd_requests);
  g_test_add_func ("/serve/workers", test_workers);
  g_test_add_func ("/serve/workers-share-port", test_workers_share_port);
  g_test_add_func ("/serve/receipt-shows", test_receipt_shows);
  g_test_add_func ("/serve/lifecycle-follows", test_lifecycle_follows);

  status = g_test_run ();
  oba_test_postgres_free (postgres);
  return status;
}
