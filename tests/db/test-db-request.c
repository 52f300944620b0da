/* What staff save is saved once, whatever happens to the connection meanwhile. */

#include <libpq-fe.h>

#include "oba-test-postgres.h"
#include "oba-test-wait.h"
#include "oba-test-wire.h"

#include "db/oba-db-request.h"

typedef struct
{
  ObaTestPostgres *server;
  char *conninfo;
  ObaTestWire *wire;
  ObaDbPool *pool;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer server)
{
  fixture->server = (ObaTestPostgres *) server;
  fixture->conninfo = oba_test_postgres_new_database (fixture->server);
  fixture->wire = oba_test_wire_new (fixture->conninfo);
  fixture->pool = oba_db_pool_new (oba_test_wire_get_conninfo (fixture->wire), 2, OBA_DB_CONNECTION_DEFAULT);
}

static void
tear_down (Fixture *fixture, gconstpointer server)
{
  oba_db_pool_close (fixture->pool);
  g_clear_object (&fixture->pool);
  oba_test_wire_free (fixture->wire);
  g_free (fixture->conninfo);
}

static void
ask (Fixture *fixture,
     const char *action,
     const char *json,
     const char *key,
     GCancellable *cancellable,
     GAsyncResult **kept)
{
  g_autoptr (JsonNode) request = json_from_string (json, NULL);

  oba_db_request_async (fixture->pool, action, request, key, cancellable, oba_test_keep_result, kept);
}

static JsonObject *
answer_of (Fixture *fixture, GAsyncResult **kept, GError **error)
{
  g_autoptr (GAsyncResult) result = oba_test_await (kept);

  return oba_db_request_finish (fixture->pool, result, error);
}

static JsonObject *
do_request (Fixture *fixture, const char *action, const char *json, const char *key, GError **error)
{
  GAsyncResult *kept = NULL;

  ask (fixture, action, json, key, NULL, &kept);
  return answer_of (fixture, &kept, error);
}

static void
assert_value (Fixture *fixture, const char *sql, const char *expected)
{
  g_autofree char *value = oba_test_postgres_exec (fixture->conninfo, sql);

  g_assert_cmpstr (value, ==, expected);
}

#define ALI "{\"given_name\": \"Əli\", \"phone\": \"+994501112233\"}"
#define N_ALI "select count (*) from oba.customers where phone = '+994501112233'"

/* The customer is registered, and the form is told who it is. */
static void
test_answer (Fixture *fixture, gconstpointer server)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) answer = do_request (fixture, "register_customer", ALI, "k", &error);
  g_autoptr (JsonObject) again = NULL;

  g_assert_no_error (error);
  g_assert_cmpint (json_object_get_int_member (answer, "customer_id"), >, 0);
  g_assert_false (json_object_has_member (answer, "replayed"));
  again = do_request (fixture, "register_customer", ALI, "k", &error);
  g_assert_no_error (error);
  g_assert_true (json_object_get_boolean_member (again, "replayed"));
  assert_value (fixture, N_ALI, "1");
}

/* A refusal says in the person's words why, and whose number it is, now and each time it is asked. */
static void
test_refusal (Fixture *fixture, gconstpointer server)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) answer = do_request (fixture, "register_customer", ALI, "k", &error);
  g_autofree char *id = g_strdup_printf ("%" G_GINT64_FORMAT, json_object_get_int_member (answer, "customer_id"));

  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *said = NULL;

      g_assert_null (do_request (fixture, "register_customer",
                                 "{\"given_name\": \"Vəli\", \"phone\": \"+994501112233\"}", "other", &error));
      g_assert_error (error, OBA_DB_ERROR, OBA_DB_ERROR_RULE);
      g_assert_true (oba_db_error_is_refusal (error, "OB004"));
      g_assert_cmpstr (error->message, ==, "The phone number +994501112233 belongs to another customer.");
      g_assert_cmpstr (oba_db_error_get_hint (error), ==, "Open that customer, or use another number.");
      g_assert_cmpstr (oba_db_error_get_detail (error), ==, id);
      said = oba_db_error_describe (error);
      g_assert_cmpstr (
          said, ==,
          "The phone number +994501112233 belongs to another customer. Open that customer, or use another number.");
      g_clear_error (&error);
    }
  g_assert_null (do_request (fixture, "register_customer", "{\"given_name\": \"Other\"}", "k", &error));
  g_assert_true (oba_db_error_is_refusal (error, "OB005"));
}

/* The server has saved, and the cable breaks before it can say so: the answer comes all the same, and there is one
 * customer. */
static void
test_answer_lost (Fixture *fixture, gconstpointer server)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) answer = NULL;

  oba_test_wire_lose_answer_to (fixture->wire, "+994501112233");
  answer = do_request (fixture, "register_customer", ALI, "k", &error);
  g_assert_no_error (error);
  g_assert_true (json_object_get_boolean_member (answer, "replayed"));
  g_assert_cmpint (oba_test_wire_get_n_lost (fixture->wire), ==, 1);
  assert_value (fixture, N_ALI, "1");
}

static void
await_waiting (Fixture *fixture)
{
  for (;;)
    {
      g_autofree char *n = oba_test_postgres_exec (
          fixture->conninfo,
          "select count (*) from pg_stat_activity where query like '%register_customer%' and wait_event_type = 'Lock'");

      if (g_str_equal (n, "1"))
        return;
      g_main_context_iteration (NULL, FALSE);
    }
}

/* The server dies between what was sent and its answer, and comes back: saved, once. */
static void
test_server_killed (Fixture *fixture, gconstpointer server)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) answer = NULL;
  PGconn *colleague = PQconnectdb (fixture->conninfo);
  GAsyncResult *kept = NULL;

  PQclear (PQexec (colleague, "begin; lock table oba.customers"));
  ask (fixture, "register_customer", ALI, "k", NULL, &kept);
  await_waiting (fixture);
  oba_test_postgres_kill (fixture->server);
  PQfinish (colleague);
  oba_test_postgres_start (fixture->server);
  answer = answer_of (fixture, &kept, &error);
  g_assert_no_error (error);
  g_assert_cmpint (json_object_get_int_member (answer, "customer_id"), >, 0);
  assert_value (fixture, N_ALI, "1");
}

/* Patience ends. What never went out is told apart from what may have been done; asked again with its key it is the
 * same one. */
static void
test_patience (Fixture *fixture, gconstpointer server)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) answer = NULL;
  GAsyncResult *kept = NULL;

  oba_db_pool_set_patience (fixture->pool, 300);
  oba_test_wire_cut (fixture->wire);
  g_assert_null (do_request (fixture, "register_customer", ALI, "k", &error));
  g_assert_error (error, OBA_DB_ERROR, OBA_DB_ERROR_CONNECT);
  g_clear_error (&error);
  oba_test_wire_mend (fixture->wire);
  while (oba_db_pool_get_state (fixture->pool) != OBA_DB_POOL_ONLINE)
    {
      oba_db_pool_start_async (fixture->pool, NULL, NULL, NULL);
      g_main_context_iteration (NULL, TRUE);
    }

  oba_test_wire_lose_answer_to (fixture->wire, "+994501112233");
  ask (fixture, "register_customer", ALI, "k", NULL, &kept);
  while (oba_test_wire_get_n_lost (fixture->wire) == 0)
    g_main_context_iteration (NULL, TRUE);
  oba_test_wire_cut (fixture->wire);
  g_assert_null (answer_of (fixture, &kept, &error));
  g_assert_error (error, OBA_DB_ERROR, OBA_DB_ERROR_LOST);
  g_clear_error (&error);
  oba_test_wire_mend (fixture->wire);
  oba_db_pool_set_patience (fixture->pool, 30000);
  answer = do_request (fixture, "register_customer", ALI, "k", &error);
  g_assert_no_error (error);
  g_assert_true (json_object_get_boolean_member (answer, "replayed"));
  assert_value (fixture, N_ALI, "1");
}

/* Whoever closes the window does not wait for a server that is away. */
static void
test_cancelled (Fixture *fixture, gconstpointer server)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  GAsyncResult *kept = NULL;

  oba_test_wire_cut (fixture->wire);
  ask (fixture, "register_customer", ALI, "k", cancellable, &kept);
  g_cancellable_cancel (cancellable);
  g_assert_null (answer_of (fixture, &kept, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* A request that brings its connection down each time is given up, and a request that takes part in a deadlock is not.
 */
static void
test_poison_and_clash (Fixture *fixture, gconstpointer server)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) answer = NULL;

  g_free (oba_test_postgres_exec (
      fixture->conninfo, "create sequence oba.tries; grant usage on sequence oba.tries to oba_owner;"
                         "create function oba.do_die (request jsonb) returns jsonb language sql as 'select to_jsonb "
                         "(pg_terminate_backend (pg_backend_pid ()))';"
                         "create function oba.do_clash (request jsonb) returns jsonb language plpgsql as 'begin"
                         "  if nextval (''oba.tries'') < 3 then raise exception using errcode = ''40P01''; end if; "
                         "return ''{\"done\": true}''; end';"
                         "set role oba_owner; select oba.add_action ('die', 'oba_clerk'), oba.add_action ('clash', "
                         "'oba_clerk'); reset role;"
                         "alter function oba.die (jsonb, text, text) owner to postgres; alter function oba.clash "
                         "(jsonb, text, text) owner to postgres"));
  g_assert_null (do_request (fixture, "die", "{}", "d", &error));
  g_assert_error (error, OBA_DB_ERROR, OBA_DB_ERROR_LOST);
  g_clear_error (&error);
  answer = do_request (fixture, "clash", "{}", "c", &error);
  g_assert_no_error (error);
  g_assert_true (json_object_get_boolean_member (answer, "done"));
}

/* An action of a later migration is for those roles it was opened to, and for nobody else. */
static void
test_add_action (Fixture *fixture, gconstpointer server)
{
  g_free (oba_test_postgres_exec (
      fixture->conninfo,
      "set role oba_owner; create function oba.do_wave (request jsonb) returns jsonb language sql as 'select request';"
      "select oba.add_action ('wave', 'oba_clerk', 'oba_marketing')"));
  assert_value (
      fixture,
      "select string_agg (r, ' ' order by r) from unnest (array['oba_clerk', 'oba_marketing', 'oba_auditor', "
      "'oba_admin', 'oba_helper']) r where has_function_privilege (r, 'oba.wave (jsonb, text, text)', 'execute')",
      "oba_clerk oba_marketing");
  assert_value (fixture, "select oba.wave ('{\"a\": 1}', 'test', 'k') ->> 'a'", "1");
}

int
main (int argc, char **argv)
{
  g_autoptr (ObaTestPostgres) server = NULL;

  g_test_init (&argc, &argv, NULL);
  server = oba_test_postgres_new (OBA_TEST_POSTGRES_MIGRATED);

#define ADD(path, func) g_test_add ("/db/request/" path, Fixture, server, set_up, func, tear_down)
  ADD ("answer", test_answer);
  ADD ("refusal", test_refusal);
  ADD ("answer-lost", test_answer_lost);
  ADD ("server-killed", test_server_killed);
  ADD ("patience", test_patience);
  ADD ("cancelled", test_cancelled);
  ADD ("poison-and-clash", test_poison_and_clash);
  ADD ("add-action", test_add_action);
#undef ADD

  return g_test_run ();
}
