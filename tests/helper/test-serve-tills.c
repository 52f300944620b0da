/* What tills do over HTTP: signing in, receipts, paying with points, redeeming and vouchers, and a hundred of them at once for the last piece. The real program, a real database. */
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

static Serve *
at_work (const char *conninfo)
{
  Serve *serve = serve_new (conninfo, NULL);

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

static guint
post_status (Serve *serve, const char *path, const char *headers, const char *body, const char *type)
{
  g_autoptr (Answer) answer = serve_request (serve, "POST", path, headers, body, -1);

  if (type != NULL)
    answer_assert_problem (answer, answer->status, type);
  return answer->status;
}

/* Paying with points: the till asks first, passes the code on, and is told what is wrong by the type of the problem; a return says what is paid out. */
static void
test_points (void)
{
#define BILL(no, cash, points, code) "{\"receipt_no\": \"" no "\", \"customer_id\": 100, \"sold_at\": \"2026-03-02T10:00:00+04:00\", \"total\": 250, \"payments\": {\"cash\": " cash \
                                     ", \"points\": " points "}, \"spend_code\": \"" code "\", \"lines\": [{\"code\": \"P1\", \"quantity\": 1, \"unit_price\": 250, \"total\": 250}]}"
  g_autofree char *conninfo = oba_test_postgres_new_database (postgres);
  g_autoptr (Serve) serve = at_work (conninfo);
  g_autofree char *token = NULL, *reader = serve_bearer (serve, "customers:read", 60), *code = NULL, *bill = NULL;
  g_autoptr (Answer) quote = NULL, paid = NULL, back = NULL;

  g_free (oba_test_postgres_exec (conninfo,
                                  "insert into oba.stores (code, name) values ('S1', 'OBA 1');"
                                  "insert into oba.products (code, name, price) values ('P1', 'Çörək', 250);"
                                  "insert into oba.customers (customer_id, given_name) values (100, 'Aygün');"
                                  "select oba.ensure_partitions ('2026-03-01', '2026-03-31');"
                                  "select oba.adjust_points ('{\"customer_id\": 100, \"points\": 120, \"reason\": \"sorry\"}');"
                                  "select oba.till_add (1, 1, 'till-0001', sha256 ('the-key'))"));
  token = sign_in (serve);

  quote = serve_request (serve, "POST", "/api/points/quote", token, "{\"customer_id\": 100, \"total\": 250}", -1);
  g_assert_cmpuint (quote->status, ==, 200);
  g_assert_nonnull (strstr (quote->body, "\"spendable\": 120"));
  g_assert_nonnull (strstr (quote->body, "\"amount\": 120"));
  g_assert_cmpuint (post_status (serve, "/api/points/quote", token, "{\"card\": \"7\"}", "unknown-reference"), ==, 422);
  g_assert_cmpuint (post_status (serve, "/api/points/quote", token, "{}", "malformed"), ==, 400);
  g_assert_cmpuint (post_status (serve, "/api/points/quote", token, "[", "malformed"), ==, 400);
  g_assert_cmpuint (post_status (serve, "/api/points/quote", reader, "{\"customer_id\": 100}", "forbidden"), ==, 403);
  g_assert_cmpuint (post_status (serve, "/api/points/quote", NULL, "{\"customer_id\": 100}", "unauthorized"), ==, 401);

  g_assert_cmpuint (post_status (serve, "/api/receipts", token, BILL ("R1", "150", "100", "12345678"), "spend-code"), ==, 422);
  code = oba_test_postgres_exec (conninfo, "select oba.make_spend_code (100) ->> 'code'");
  bill = g_strdup_printf (BILL ("R1", "129", "121", "%s"), code);
  g_assert_cmpuint (post_status (serve, "/api/receipts", token, bill, "too-few-points"), ==, 409);
  g_free (oba_test_postgres_exec (conninfo, "insert into oba.spending_rules (version, point_value, daily_points, earns, code_seconds, valid_from) values (2, 1, 50, false, 60, '2026-01-01')"));
  g_free (bill);
  bill = g_strdup_printf (BILL ("R1", "150", "100", "%s"), code);
  g_assert_cmpuint (post_status (serve, "/api/receipts", token, bill, "spending-limit"), ==, 409);
  g_free (oba_test_postgres_exec (conninfo, "insert into oba.spending_rules (version, point_value, daily_points, earns, code_seconds, valid_from) values (3, 1, null, false, 60, '2026-01-01')"));
  paid = serve_request (serve, "POST", "/api/receipts", token, bill, -1);
  g_assert_cmpuint (paid->status, ==, 201);
  g_assert_nonnull (strstr (paid->body, "\"spent\": 100"));
  g_assert_nonnull (strstr (paid->body, "\"balance\": 21"));
  back = serve_request (serve, "POST", "/api/returns", token, "{\"original\": {\"receipt_no\": \"R1\"}, \"reason_code\": \"damaged\"}", -1);
  g_assert_cmpuint (back->status, ==, 201);
  g_assert_nonnull (strstr (back->body, "\"restored\": 100"));
  g_assert_nonnull (strstr (back->body, "\"paid_points\": -100"));
}

/* A till records and returns through the API: once, whatever the network does to it; each mistake has an answer that it can act on. */
static void
test_receipts (void)
{
#define RECEIPT(no, quantity) "{\"store\": 2, \"till\": 9, \"source\": \"staff\", \"receipt_no\": \"" no "\", \"customer_id\": 100, \"sold_at\": \"2026-03-02T10:00:00+04:00\", \"total\": 250, " \
                              "\"lines\": [{\"code\": \"P1\", \"quantity\": " quantity ", \"unit_price\": 250, \"total\": 250}]}"
  static const char back[] = "{\"original\": {\"receipt_no\": \"R1\"}, \"reason_code\": \"damaged\", \"lines\": [{\"line\": 1, \"quantity\": 1}]}";
  g_autofree char *conninfo = oba_test_postgres_new_database (postgres);
  g_autoptr (Serve) serve = at_work (conninfo);
  g_autoptr (GString) many = g_string_new (RECEIPT ("R9", "1"));
  g_autofree char *token = NULL, *reader = serve_bearer (serve, "customers:read", 60), *stranger = serve_bearer (serve, "receipts:write", 60), *keyed = NULL;
  g_autoptr (Answer) answer = NULL, again = NULL;

  g_free (oba_test_postgres_exec (conninfo,
                                  "insert into oba.stores (code, name) values ('S1', 'OBA 1'), ('S2', 'OBA 2');"
                                  "insert into oba.products (code, name, price) values ('P1', 'Çörək', 250);"
                                  "insert into oba.customers (customer_id, given_name) values (100, 'Aygün');"
                                  "select oba.ensure_partitions ('2026-03-01', '2026-03-31');"
                                  "select oba.till_add (1, 1, 'till-0001', sha256 ('the-key'))"));
  token = sign_in (serve);
  keyed = g_strdup_printf ("%sIdempotency-Key: k1\r\n", token);

  answer = serve_request (serve, "POST", "/api/receipts", keyed, RECEIPT ("R1", "1"), -1);
  g_assert_cmpuint (answer->status, ==, 201);
  g_assert_nonnull (strstr (answer->body, "\"points\": 2"));
  again = serve_request (serve, "POST", "/api/receipts", keyed, RECEIPT ("R1", "1"), -1);
  g_assert_cmpuint (again->status, ==, 200);
  g_assert_nonnull (strstr (again->body, "\"replayed\": true"));
  g_assert_cmpuint (post_status (serve, "/api/receipts", token, RECEIPT ("R1", "1"), NULL), ==, 200);
  g_assert_cmpuint (post_status (serve, "/api/receipts", keyed, RECEIPT ("R2", "1"), "key-used"), ==, 409);
  g_assert_cmpuint (post_status (serve, "/api/receipts", token, RECEIPT ("R1", "1.0"), "number-used"), ==, 409);
  g_assert_cmpuint (post_status (serve, "/api/receipts", token, RECEIPT ("R2", "2"), "totals-differ"), ==, 422);
  g_assert_cmpuint (post_status (serve, "/api/receipts", token, RECEIPT ("R2", "-1"), "malformed"), ==, 400);
  g_assert_cmpuint (post_status (serve, "/api/receipts", token, "[1]", "malformed"), ==, 400);
  g_assert_cmpuint (post_status (serve, "/api/receipts", token, "{}", "malformed"), ==, 400);
  g_assert_cmpuint (post_status (serve, "/api/receipts", reader, RECEIPT ("R2", "1"), "forbidden"), ==, 403);
  g_assert_cmpuint (post_status (serve, "/api/receipts", stranger, RECEIPT ("R2", "1"), "forbidden"), ==, 403);
  g_assert_cmpuint (post_status (serve, "/api/receipts", NULL, RECEIPT ("R2", "1"), "unauthorized"), ==, 401);
  for (guint i = 0; i < 8000; i++)
    g_string_append (many, RECEIPT ("R9", "1"));
  g_assert_cmpuint (post_status (serve, "/api/receipts", token, many->str, NULL), ==, 413);
  g_assert_cmpint (serve_sql_number (conninfo, "select count (*) from oba.receipts where store_id = 1 and till_no = 1 and source = 'till'"), ==, 1);
  /* What was refused is kept, though nothing of the receipt is: a till that uses its numbers twice is found. */
  serve_wait_sql (conninfo, "select string_agg (concat_ws (' ', receipt_no, code, times), ', ' order by receipt_no, code collate \"C\") from oba.till_refusals where store_id = 1 and till_no = 1",
                  "R1 OB004 1, R1 again 2, R2 OB001 1, R2 OB005 1, R2 OB010 1", 10);
  serve_wait_sql (conninfo, "select string_agg (concat_ws (' ', kind, series, receipts, state), ', ') from oba.till_findings where kind = 'duplicate'", "duplicate R1 1 open", 10);

  g_assert_cmpuint (post_status (serve, "/api/returns", token, "{\"original\": {\"receipt_no\": \"R7\"}, \"reason_code\": \"damaged\"}", "unknown-reference"), ==, 422);
  g_assert_cmpuint (post_status (serve, "/api/returns", token, back, NULL), ==, 201);
  g_assert_cmpuint (post_status (serve, "/api/returns", token, back, "not-returnable"), ==, 409);
  g_assert_cmpint (serve_sql_number (conninfo, "select balance from oba.points_accounts where customer_id = 100"), ==, 0);
}

/* What a till, or who stands at it, gets wrong: told what, line and all, by a type and a sentence; nothing is stored but that. */
static void
test_bad_receipts (void)
{
#define BAD(no, head, line) "{\"receipt_no\": \"" no "\", \"sold_at\": \"2026-03-02T10:00:00+04:00\", \"total\": 500, " head \
                            "\"lines\": [{\"code\": \"P1\", \"quantity\": 1, \"unit_price\": 250, \"total\": 250}, " line "]}"
#define GOOD_LINE "{\"barcode\": \"4760000000011\", \"quantity\": 1, \"unit_price\": 250, \"total\": 250}"
  static const struct
  {
    const char *path, *body;
    guint status;
    const char *type, *says;
  } bad[] = {
    { "receipts", BAD ("B1", "\"currency\": \"USD\", ", GOOD_LINE), 400, "malformed", "Receipts are in AZN." },
    { "receipts", BAD ("B2", "", "{\"code\": \"P1\", \"quantity\": -1, \"unit_price\": 250, \"total\": 250}"), 400, "malformed", "Line 2: the quantity is above 0" },
    { "receipts", BAD ("B3", "", "{\"code\": \"P1\", \"quantity\": 0.0005, \"unit_price\": 250, \"total\": 250}"), 400, "malformed", "with at most 3 decimals" },
    { "receipts", BAD ("B4", "", "{\"barcode\": \"999\", \"quantity\": 1, \"unit_price\": 250, \"total\": 250}"), 422, "unknown-reference", "Line 2: this product is not in the catalogue." },
    { "receipts", BAD ("B5", "\"card\": \"nobody's\", ", GOOD_LINE), 422, "unknown-reference", "This card is not known. Post the receipt without a card; it can be attached to the customer later." },
    { "receipts", BAD ("B6", "", "{\"code\": \"P1\", \"quantity\": 2, \"unit_price\": 250, \"total\": 250}"), 422, "totals-differ", "Line 2: quantity times price less discount does not make its total." },
    { "receipts", BAD ("B7", "", "{\"code\": \"P1\", \"quantity\": 1, \"unit_price\": 251, \"total\": 251}"), 422, "totals-differ", "The lines make 501" },
    { "receipts", BAD ("B8", "\"payments\": {\"cash\": 1, \"card\": 2}, ", GOOD_LINE), 422, "totals-differ", "The payments" },
    { "receipts", BAD ("B9", "\"cashier\": \"x\", \"customer_id\": 424242, ", GOOD_LINE), 422, "unknown-reference", "424242" },
    { "receipts", "{\"receipt_no\": \"B10\", \"sold_at\": \"2999-03-02T10:00:00+04:00\", \"total\": 250, \"lines\": [" GOOD_LINE "]}", 422, "time-not-acceptable", "lies in the future. Check the clock of the till." },
    { "receipts", "{\"receipt_no\": \"B11\", \"sold_at\": \"2026-02-30T10:00:00+04:00\", \"total\": 250, \"lines\": [" GOOD_LINE "]}", 400, "malformed", "" },
    { "receipts", "{\"receipt_no\": \"B12\", \"sold_at\": \"2026-03-02T10:00:00+04:00\", \"total\": -250, \"lines\": [" GOOD_LINE "]}", 400, "malformed", "A return is recorded as a return of its sale." },
    { "receipts", "{\"receipt_no\": \"B13\", \"sold_at\": \"2026-03-02T10:00:00+04:00\", \"total\": 0, \"lines\": []}", 400, "malformed", "A receipt has 1 to 1,000 lines." },
    { "returns", "{\"original\": {\"receipt_no\": \"never\"}, \"reason_code\": \"damaged\"}", 422, "unknown-reference", "The sale of this return is not known. Check store, till and receipt number on the paper." },
    { "returns", "{\"original\": {\"receipt_no\": \"R1\"}, \"reason_code\": \"damaged\", \"lines\": [{\"line\": 1, \"quantity\": 2}]}", 409, "not-returnable", "ine 1" },
    { "returns", "{\"original\": {\"receipt_no\": \"R1\"}, \"reason_code\": \"damaged\", \"lines\": [{\"line\": 7, \"quantity\": 1}]}", 422, "unknown-reference", "The sale has no line 7." },
    { "returns", "{\"original\": {\"receipt_no\": \"R1\"}, \"reason_code\": \"damaged\", \"lines\": [{\"line\": 1, \"quantity\": -1}]}", 400, "malformed", "" },
    { "returns", "{\"original\": {\"receipt_no\": \"R1\"}, \"reason_code\": \"damaged\", \"sold_at\": \"2999-01-01T00:00:00Z\"}", 422, "time-not-acceptable", "Check the clock of the till." },
  };
  g_autofree char *conninfo = oba_test_postgres_new_database (postgres);
  g_autoptr (Serve) serve = at_work (conninfo);
  g_autofree char *token = NULL;
  g_autoptr (GString) many = g_string_new ("{\"receipt_no\": \"B99\", \"sold_at\": \"2026-03-02T10:00:00+04:00\", \"total\": 2500000, \"lines\": [");
  g_autoptr (Answer) too_many = NULL;

  g_free (oba_test_postgres_exec (conninfo,
                                  "insert into oba.stores (code, name) values ('S1', 'OBA 1');"
                                  "insert into oba.products (code, barcode, name, price) values ('P1', '4760000000011', 'Çörək', 250);"
                                  "select oba.ensure_partitions ('2026-03-01', '2026-03-31');"
                                  "select oba.till_add (1, 1, 'till-0001', sha256 ('the-key'))"));
  token = sign_in (serve);
  g_assert_cmpuint (post_status (serve, "/api/receipts", token, "{\"receipt_no\": \"R1\", \"sold_at\": \"2026-03-02T09:00:00+04:00\", \"total\": 250, \"lines\": [" GOOD_LINE "]}", NULL), ==, 201);

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *path = g_strdup_printf ("/api/%s", bad[i].path);
      g_autoptr (Answer) answer = serve_request (serve, "POST", path, token, bad[i].body, -1);

      if (answer->status != bad[i].status || strstr (answer->body, bad[i].type) == NULL || strstr (answer->body, bad[i].says) == NULL)
        g_error ("%s\n%u instead of %u, “%s” of %s: %s", bad[i].body, answer->status, bad[i].status, bad[i].says, bad[i].type, answer->body);
    }
  for (guint i = 0; i < 10000; i++)
    g_string_append_printf (many, "%s" GOOD_LINE, i > 0 ? "," : "");
  g_string_append (many, "]}");
  too_many = serve_request (serve, "POST", "/api/receipts", token, many->str, -1);
  answer_assert_problem (too_many, 400, "malformed");
  g_assert_nonnull (strstr (too_many->body, "A receipt has 1 to 1,000 lines."));

  g_assert_cmpint (serve_sql_number (conninfo, "select (select count (*) from oba.receipts) + (select count (*) from oba.receipt_lines) + (select count (*) from oba.receipt_keys)"), ==, 3);
  g_assert_cmpint (serve_sql_number (conninfo, "select count (*) from oba.points_ledger"), ==, 0);
  g_assert_cmpint (serve_sql_number (conninfo, "select count (distinct receipt_no) from oba.till_refusals where receipt_no like 'B%'"), ==, 14);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  postgres = oba_test_postgres_new (OBA_TEST_POSTGRES_MIGRATED);
  g_test_add_func ("/tills/receipts", test_receipts);
  g_test_add_func ("/tills/bad-receipts", test_bad_receipts);
  g_test_add_func ("/tills/points", test_points);
  g_test_add_func ("/tills/voucher", test_voucher);
  g_test_add_func ("/tills/last-piece", test_last_piece);
  g_test_add_func ("/tills/last-points", test_last_points);
  status = g_test_run ();
  oba_test_postgres_free (postgres);
  return status;
}
