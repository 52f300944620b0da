/* Redeeming and vouchers as tills meet them over HTTP: the real program, a real database, and a hundred tills at once for the last piece. */
#include <string.h>

#include "oba-test-postgres.h"
#include "serve-run.h"

#define N_TILLS 100

static ObaTestPostgres *postgres;

static char *
sign_in (Serve *serve)
{
  g_autofree char *basic = g_base64_encode ((const guchar *) "till-0001:the-key", strlen ("till-0001:the-key"));
  g_autofree char *login = g_strdup_printf ("Content-Type: application/x-www-form-urlencoded\r\nAuthorization: Basic %s\r\n", basic);
  g_autoptr (Answer) granted = serve_request (serve, "POST", "/api/token", login, "grant_type=client_credentials", -1);
  const char *at = strstr (granted->body, "\"access_token\":\"") + strlen ("\"access_token\":\"");

  return g_strdup_printf ("Content-Type: application/json\r\nAuthorization: Bearer %.*s\r\n", (int) strcspn (at, "\""), at);
}

/* Customers 100 ... 199 have points, and a code each; of reward "last" there is one. */
static Serve *
started (const char *conninfo)
{
  Serve *serve = serve_new (conninfo, NULL);

  g_free (oba_test_postgres_exec (conninfo,
                                  "insert into oba.stores (code, name) values ('S1', 'OBA 1');"
                                  "insert into oba.customers (customer_id, given_name) select n, 'Aygün' from generate_series (100, 199) n;"
                                  "insert into oba.rewards (code, kind, name_az, cost, stock, state) values ('last', 'gift', 'Sonuncu', 10, 1, 'live'), ('coffee', 'voucher', 'Qəhvə', 10, null, 'live');"
                                  "select oba.credit (n, now(), 'adjust', 20, '2040-01-01', null, null, null, null, null, 'x', 'staff') from generate_series (100, 199) n;"
                                  "insert into oba.spend_codes (customer_id, code_hash, expires_at) select n, oba.spend_code_hash (n, lpad (n::text, 8, '0')), now() + interval '10 minutes'"
                                  " from generate_series (100, 199) n;"
                                  "select oba.till_add (1, 1, 'till-0001', sha256 ('the-key'))"));
  serve_configure (serve, "http", "rate=10000\nburst=10000");
  serve_start (serve);
  return serve;
}

static guint
post (Serve *serve, const char *path, const char *token, const char *key, const char *body, const char *expected)
{
  g_autofree char *headers = key != NULL ? g_strdup_printf ("%sIdempotency-Key: %s\r\n", token, key) : g_strdup (token);
  g_autoptr (Answer) answer = serve_request (serve, "POST", path, headers, body, -1);

  if (strstr (answer->body, expected) == NULL)
    g_error ("%s: %u %s", path, answer->status, answer->body);
  g_assert_null (strstr (answer->body, "Aygün"));
  return answer->status;
}

/* A reward for a code, its voucher looked at and used: each once, and told again to whoever asks again. */
static void
test_voucher (void)
{
  g_autofree char *conninfo = oba_test_postgres_new_database (postgres), *token = NULL, *code = NULL, *body = NULL;
  g_autoptr (Serve) serve = started (conninfo);
  static const char redeem[] = "{\"customer_id\": 100, \"reward\": \"coffee\", \"spend_code\": \"00000100\"}";

  token = sign_in (serve);
  g_assert_cmpuint (post (serve, "/api/redemptions", token, NULL, redeem, "malformed"), ==, 400);
  g_assert_cmpuint (post (serve, "/api/redemptions", token, "w", "{\"customer_id\": 100, \"reward\": \"coffee\", \"spend_code\": \"99999999\"}", "spend-code"), ==, 422);
  g_assert_cmpuint (post (serve, "/api/redemptions", token, "r", redeem, "\"state\": \"approved\""), ==, 201);
  g_assert_cmpuint (post (serve, "/api/redemptions", token, "r", redeem, "\"replayed\": true"), ==, 200);
  code = oba_test_postgres_exec (conninfo, "select oba.voucher (100, (select max (redemption_id) from oba.redemptions))");
  body = g_strdup_printf ("{\"code\": \"%s\"}", code);
  g_assert_cmpuint (post (serve, "/api/vouchers/check", token, NULL, body, "\"valid\": true"), ==, 200);
  g_assert_cmpuint (post (serve, "/api/vouchers/check", token, NULL, "{\"code\": \"0000\"}", "unknown-reference"), ==, 422);
  g_assert_cmpuint (post (serve, "/api/vouchers/check", token, NULL, "{}", "malformed"), ==, 400);
  g_assert_cmpuint (post (serve, "/api/vouchers/use", token, "u", body, "\"state\": \"used\""), ==, 201);
  g_assert_cmpuint (post (serve, "/api/vouchers/use", token, "u", body, "\"replayed\": true"), ==, 200);
  g_assert_cmpuint (post (serve, "/api/vouchers/use", token, "v", body, "not-possible"), ==, 409);
  g_assert_cmpuint (post (serve, "/api/vouchers/use", token, "v", body, "not-possible"), ==, 409);
  g_assert_cmpuint (post (serve, "/api/vouchers/check", token, NULL, body, "\"valid\": false"), ==, 200);
}

/* A hundred requests at once, each with a code of its own: one is done, ninety-nine are refused with @told. The second @round has the same keys. */
static void
ask_at_once (Serve *serve, const char *token, const char *reward, gboolean same_customer, const char *told, guint round)
{
  GSocketConnection *tills[N_TILLS];
  guint done = 0, refused = 0;

  for (guint i = 0; i < N_TILLS; i++)
    tills[i] = serve_connect (serve);
  for (guint i = 0; i < N_TILLS; i++)
    {
      g_autofree char *body = g_strdup_printf ("{\"customer_id\": %u, \"reward\": \"%s\", \"spend_code\": \"%08u\"}", same_customer ? 100 : 100 + i, reward, 100 + i);
      g_autofree char *text = g_strdup_printf ("POST /api/redemptions HTTP/1.1\r\nHost: oba\r\nConnection: close\r\n%sIdempotency-Key: k%u\r\nContent-Length: %zu\r\n\r\n%s", token, i, strlen (body), body);

      g_assert_true (g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (tills[i])), text, strlen (text), NULL, NULL, NULL));
    }
  for (guint i = 0; i < N_TILLS; i++)
    {
      g_autoptr (Answer) answer = serve_read (tills[i]);

      if (answer->status == 409 && strstr (answer->body, told) != NULL)
        refused++;
      else if (answer->status == (round == 0 ? 201 : 200))
        done++;
      else
        g_error ("%u %s", answer->status, answer->body);
      g_object_unref (tills[i]);
    }
  g_assert_cmpuint (done, ==, 1);
  g_assert_cmpuint (refused, ==, N_TILLS - 1);
}

/* The last piece, and a hundred requests at once: one has it, the others are told 409, and are told it again when there are more. */
static void
test_last_piece (void)
{
  g_autofree char *conninfo = oba_test_postgres_new_database (postgres), *token = NULL, *left = NULL;
  g_autoptr (Serve) serve = started (conninfo);

  token = sign_in (serve);
  for (guint round = 0; round < 2; round++)
    {
      ask_at_once (serve, token, "last", FALSE, "reward-not-available", round);
      g_free (oba_test_postgres_exec (conninfo, "update oba.rewards set stock = 50 where code = 'last'"));
    }
  left = oba_test_postgres_exec (conninfo, "select count (*) || ' ' || sum (points) from oba.redemptions");
  g_assert_cmpstr (left, ==, "1 10");
}

/* The last points of one person, and a hundred requests at once: one spends them, the others are told 409, and are told it again when there are more. */
static void
test_last_points (void)
{
  g_autofree char *conninfo = oba_test_postgres_new_database (postgres), *token = NULL, *left = NULL;
  g_autoptr (Serve) serve = started (conninfo);

  g_free (oba_test_postgres_exec (conninfo, "update oba.rewards set cost = 15 where code = 'coffee';"
                                            "insert into oba.spend_codes (customer_id, code_hash, expires_at) select 100, oba.spend_code_hash (100, lpad (n::text, 8, '0')), now() + interval '10 minutes'"
                                            " from generate_series (101, 199) n"));
  token = sign_in (serve);
  for (guint round = 0; round < 2; round++)
    {
      ask_at_once (serve, token, "coffee", TRUE, "too-few-points", round);
      g_free (oba_test_postgres_exec (conninfo, "select oba.credit (100, now(), 'adjust', 500, '2040-01-01', null, null, null, null, null, 'x', 'staff')"));
    }
  left = oba_test_postgres_exec (conninfo, "select count (*) || ' ' || sum (points) from oba.redemptions");
  g_assert_cmpstr (left, ==, "1 15");
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  postgres = oba_test_postgres_new (OBA_TEST_POSTGRES_MIGRATED);
  g_test_add_func ("/vouchers/voucher", test_voucher);
  g_test_add_func ("/vouchers/last-piece", test_last_piece);
  g_test_add_func ("/vouchers/last-points", test_last_points);
  status = g_test_run ();
  oba_test_postgres_free (postgres);
  return status;
}
