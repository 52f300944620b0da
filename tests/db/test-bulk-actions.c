/* One thing done to many at once: what it says beforehand is what it does, once, and undone it leaves alone what others did meanwhile. */
#include "schema-house.h"

#include <string.h>

/* Customers 301 to 320: 305 is erased, 306 blocked; 307 agreed to SMS, 308 did not. A static segment 1 with 309 in it, a rule segment 2, an archived one 3. */
static const char people[] =
    "insert into oba.customers (customer_id, given_name, status, blocked_reason) select n, 'N' || n,"
    " case n when 306 then 'blocked' else 'active' end, case n when 306 then 'Card shared' end from generate_series (301, 320) n;"
    "select oba.erase_customer ('{\"customer_id\": 305, \"confirm\": \"305\", \"reason\": \"request\"}');"
    "select oba.put_consent (307, 'sms', true, 'till', 1, ''), oba.put_consent (308, 'sms', false, 'till', 1, '');"
    "insert into oba.segments (name, kind, filter, archived_at) values ('Tea', 'static', null, null), ('Gold', 'rule', '{}', null), ('Old', 'static', null, now());"
    "insert into oba.segment_members (customer_id, segment_id) values (309, 1);"
    "create role leyla login; grant oba_supervisor to leyla; create role nigar login; grant oba_marketing to nigar;"
    "create role aysel login; grant oba_clerk to aysel; create role rauf login; grant oba_auditor to rauf;";

static void
set_up (House *house, gconstpointer unused)
{
  house_setup (house, NULL);
  run (house->conn, "%s", people);
}

static void
tear_down (House *house, gconstpointer unused)
{
  run (house->conn, "reset session authorization; drop owned by leyla, nigar, aysel, rauf; drop role leyla, nigar, aysel, rauf");
  house_teardown (house, NULL);
}

/* The people 301 to 320, which everybody chooses here. */
static char *
everybody (void)
{
  GString *list = g_string_new ("[301");

  for (guint i = 302; i <= 320; i++)
    g_string_append_printf (list, ", %u", i);
  g_string_append_c (list, ']');
  return g_string_free (list, FALSE);
}

static gint64
start (PGconn *conn, const char *kind, const char *parameters, gint64 total)
{
  g_autofree char *answer = call (conn, "start_bulk", NULL, "{'kind': '%s', 'parameters': %s, 'total': %" G_GINT64_FORMAT "}", kind, parameters, total);

  return ask_int (conn, "select '%s'::jsonb ->> 'action_id'", answer);
}

static void
run_all (PGconn *conn, gint64 action)
{
  g_autofree char *ids = everybody ();

  g_free (call (conn, "run_bulk", NULL, "{'action_id': %" G_GINT64_FORMAT ", 'from': 0, 'ids': %s}", action, ids));
}

static void
undo (PGconn *conn, gint64 action)
{
  g_free (call (conn, "undo_bulk", NULL, "{'action_id': %" G_GINT64_FORMAT "}", action));
}

#define assert_action(conn, action, expected) \
  assert_ask (conn, expected, "select concat_ws (' ', state, seen, changed, undone, kept, skipped) from oba.bulk_actions where action_id = %" G_GINT64_FORMAT, action)

/* The dry run counts what the run then does, says why somebody is left out, and changes nothing. */
static void
test_preview (House *house, gconstpointer unused)
{
  PGconn *conn = house->conn;
  g_autofree char *ids = everybody ();
  g_autofree char *before = ask (conn, "select md5 (string_agg (c::text, '' order by c.customer_id)) from oba.customers c");
  gint64 action;

  assert_ask (conn, "18 {\"erased\": 1, \"already\": 1}|[309]",
              "select concat (p ->> 'change', ' ', p ->> 'skipped', '|', p #>> '{examples,already}') from oba.preview_bulk"
              " ('{\"kind\": \"segment\", \"parameters\": {\"segment_id\": 1}, \"ids\": %s}') p", ids);
  assert_ask (conn, "18 {\"erased\": 1, \"already\": 1}|[306]",
              "select concat (p ->> 'change', ' ', p ->> 'skipped', '|', p #>> '{examples,already}') from oba.preview_bulk"
              " ('{\"kind\": \"block\", \"parameters\": {\"reason\": \"x\"}, \"ids\": %s}') p", ids);
  assert_ask (conn, "1 {\"erased\": 1, \"already\": 18}|[307]",
              "select concat (p ->> 'change', ' ', p ->> 'skipped', '|', p #>> '{examples,change}') from oba.preview_bulk"
              " ('{\"kind\": \"consent\", \"parameters\": {\"channel\": \"sms\", \"granted\": false}, \"ids\": %s}') p", ids);
  /* A walk-in, somebody who never was, and a double. */
  assert_ask (conn, "1 {\"gone\": 2}",
              "select concat (p ->> 'change', ' ', p ->> 'skipped') from oba.preview_bulk (jsonb_build_object ('kind', 'block', 'parameters', '{\"reason\": \"x\"}'::jsonb,"
              " 'ids', jsonb_build_array (301, 301, 999999, (select customer_id from oba.walk_ins limit 1)))) p");
  assert_ask (conn, before, "select md5 (string_agg (c::text, '' order by c.customer_id)) from oba.customers c");
  g_assert_cmpint (ask_int (conn, "select count(*) from oba.bulk_actions"), ==, 0);

  action = start (conn, "block", "{'reason': 'Cards copied'}", 20);
  run_all (conn, action);
  assert_action (conn, action, "done 20 18 0 0 {\"erased\": 1, \"already\": 1}");
  g_assert_cmpint (ask_int (conn, "select count(*) from oba.customers where status = 'blocked' and blocked_reason = 'Cards copied'"), ==, 18);
  all_is_well (house);
}

/* Undone, each goes back but those whom somebody changed since; members from before stay. */
static void
test_undo_block (House *house, gconstpointer unused)
{
  PGconn *conn = house->conn;
  gint64 action = start (conn, "block", "{'reason': 'Cards copied'}", 20);

  run_all (conn, action);
  /* 301 was unblocked and blocked again for another reason, 302 was unblocked, 303 was erased. */
  g_free (call (conn, "block_customer", NULL, "{'customer_id': 301, 'blocked': false, 'reason': 'was wrong'}"));
  g_free (call (conn, "block_customer", NULL, "{'customer_id': 301, 'blocked': true, 'reason': 'was right'}"));
  g_free (call (conn, "block_customer", NULL, "{'customer_id': 302, 'blocked': false, 'reason': 'was wrong'}"));
  g_free (call (conn, "erase_customer", NULL, "{'customer_id': 303, 'confirm': '303', 'reason': 'request'}"));
  undo (conn, action);
  assert_action (conn, action, "undone 20 18 15 3 {\"erased\": 1, \"already\": 1}");
  assert_ask (conn, "301 306", "select string_agg (customer_id::text, ' ' order by customer_id) from oba.customers where status = 'blocked'");
  assert_ask (conn, "was right", "select blocked_reason from oba.customers where customer_id = 301");
  call_refused (conn, "OB013", "undo_bulk", "{'action_id': %" G_GINT64_FORMAT "}", action);
  g_assert_cmpint (ask_int (conn, "select count(*) from oba.audit where subject = 'bulk_action'"), ==, 3);
  g_assert_cmpint (ask_int (conn, "select count(*) from oba.audit where action = 'customer.update' and customer_id = 310 and changes ? 'status'"), ==, 2);
  all_is_well (house);
}

static void
test_undo_segment (House *house, gconstpointer unused)
{
  PGconn *conn = house->conn;
  gint64 action = start (conn, "segment", "{'segment_id': 1}", 20);

  run_all (conn, action);
  g_assert_cmpint (ask_int (conn, "select count(*) from oba.segment_members where segment_id = 1"), ==, 19);
  /* 304 was taken out and put in again by a colleague, 310 was taken out. */
  run (conn, "delete from oba.segment_members where customer_id in (304, 310)");
  run (conn, "insert into oba.segment_members (customer_id, segment_id) values (304, 1)");
  undo (conn, action);
  assert_action (conn, action, "undone 20 18 16 2 {\"erased\": 1, \"already\": 1}");
  assert_ask (conn, "304 309", "select string_agg (customer_id::text, ' ' order by customer_id) from oba.segment_members where segment_id = 1");
  all_is_well (house);
}

static void
test_undo_consent (House *house, gconstpointer unused)
{
  PGconn *conn = house->conn;
  gint64 action = start (conn, "consent", "{'channel': 'sms', 'granted': true}", 20);

  run_all (conn, action);
  assert_action (conn, action, "done 20 18 0 0 {\"erased\": 1, \"already\": 1}");
  /* 301 confirmed it himself since, 302 took it back. */
  g_free (call (conn, "set_consent", NULL, "{'customer_id': 301, 'channel': 'sms', 'granted': true, 'through': 'telegram'}"));
  g_free (call (conn, "set_consent", NULL, "{'customer_id': 302, 'channel': 'sms', 'granted': false, 'through': 'telegram'}"));
  undo (conn, action);
  assert_action (conn, action, "undone 20 18 16 2 {\"erased\": 1, \"already\": 1}");
  assert_ask (conn, "301 307", "select string_agg (customer_id::text, ' ' order by customer_id) from oba.consents where channel = 'sms' and granted");
  assert_ask (conn, "true false", "select string_agg (granted::text, ' ' order by consent_id) from oba.consent_history where customer_id = 310");
  all_is_well (house);
}

/* In parts: the same part sent again (the answer was lost) is done once; another order, too many, or a part after the end is refused. */
static void
test_parts (House *house, gconstpointer unused)
{
  PGconn *conn = house->conn;
  gint64 action = start (conn, "block", "{'reason': 'Cards copied'}", 10);
  g_autofree char *first = NULL;
  g_autofree char *again = NULL;

  first = call (conn, "run_bulk", "part-0", "{'action_id': %" G_GINT64_FORMAT ", 'from': 0, 'ids': [301, 302, 303, 303]}", action);
  again = call (conn, "run_bulk", "part-0", "{'action_id': %" G_GINT64_FORMAT ", 'from': 0, 'ids': [301, 302, 303, 303]}", action);
  g_assert_nonnull (strstr (again, "replayed"));
  assert_action (conn, action, "running 4 3 0 0 {\"twice\": 1}");
  call_refused (conn, "OB013", "run_bulk", "{'action_id': %" G_GINT64_FORMAT ", 'from': 0, 'ids': [304]}", action);
  call_refused (conn, "OB013", "run_bulk", "{'action_id': %" G_GINT64_FORMAT ", 'from': 4, 'ids': [304, 305, 306, 307, 308, 309, 310]}", action);
  call_refused (conn, "OB001", "run_bulk", "{'action_id': %" G_GINT64_FORMAT ", 'from': 4, 'ids': []}", action);
  call_refused (conn, "OB001", "run_bulk", "{'action_id': %" G_GINT64_FORMAT ", 'from': 4, 'ids': ['a']}", action);
  call_refused (conn, "OB002", "run_bulk", "{'action_id': 12345, 'from': 0, 'ids': [1]}");

  /* Cancelled half way: what is done stays and can be undone. */
  g_free (call (conn, "cancel_bulk", NULL, "{'action_id': %" G_GINT64_FORMAT "}", action));
  g_free (call (conn, "cancel_bulk", NULL, "{'action_id': %" G_GINT64_FORMAT "}", action));
  assert_action (conn, action, "cancelled 4 3 0 0 {\"twice\": 1}");
  call_refused (conn, "OB013", "run_bulk", "{'action_id': %" G_GINT64_FORMAT ", 'from': 4, 'ids': [310]}", action);
  all_is_well (house);
  undo (conn, action);
  assert_ask (conn, "306", "select string_agg (customer_id::text, ' ') from oba.customers where status = 'blocked'");
  all_is_well (house);
}

/* Ten thousand in a part, and an undo of more than one part. */
static void
test_many (House *house, gconstpointer unused)
{
  PGconn *conn = house->conn;
  gint64 action;

  run (conn, "insert into oba.customers (customer_id, given_name) select n, 'M' from generate_series (10001, 22000) n");
  action = start (conn, "segment", "{'segment_id': 1}", 12000);
  run (conn, "select oba.run_bulk (jsonb_build_object ('action_id', %" G_GINT64_FORMAT ", 'from', 0, 'ids', (select jsonb_agg (n) from generate_series (10001, 20000) n)))", action);
  run (conn, "select oba.run_bulk (jsonb_build_object ('action_id', %" G_GINT64_FORMAT ", 'from', 10000, 'ids', (select jsonb_agg (n) from generate_series (20001, 22000) n)))", action);
  assert_action (conn, action, "done 12000 12000 0 0 {}");
  refused (conn, "OB001", "select oba.preview_bulk (jsonb_build_object ('kind', 'block', 'parameters', '{\"reason\": \"x\"}'::jsonb, 'ids',"
           " (select jsonb_agg (n) from generate_series (1, 10001) n)))");
  undo (conn, action);
  assert_action (conn, action, "undoing 12000 12000 5000 0 {}");
  all_is_well (house);
  undo (conn, action);
  undo (conn, action);
  assert_action (conn, action, "undone 12000 12000 12000 0 {}");
  assert_ask (conn, "309", "select string_agg (customer_id::text, ' ') from oba.segment_members where segment_id = 1");
  all_is_well (house);
}

/* What cannot be meant is refused before anything is done. */
static void
test_bad_requests (House *house, gconstpointer unused)
{
  static const struct
  {
    const char *state;
    const char *kind;
    const char *parameters;
  } cases[] = {
    { "OB001", "erase", "{}" },
    { "OB001", "block", "[]" },
    { "OB001", "block", "{'reason': '  '}" },
    { "OB001", "consent", "{'channel': 'pigeon', 'granted': true}" },
    { "OB001", "consent", "{'channel': 'sms', 'granted': 'yes'}" },
    { "OB001", "consent", "{'channel': 'sms'}" },
    { "OB002", "segment", "{'segment_id': 77}" },
    { "OB002", "segment", "{}" },
    { "OB002", "segment", "{'segment_id': 3}" },
    { "OB006", "segment", "{'segment_id': 2}" },
    { "OB001", "segment", "{'segment_id': 'x'}" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    call_refused (house->conn, cases[i].state, "start_bulk", "{'kind': '%s', 'parameters': %s, 'total': 1}", cases[i].kind, cases[i].parameters);
  call_refused (house->conn, "OB001", "start_bulk", "{'kind': 'block', 'parameters': {'reason': 'x'}, 'total': 0}");
  call_refused (house->conn, "OB001", "start_bulk", "{'kind': 'block', 'parameters': {'reason': 'x'}}");
  g_assert_cmpint (ask_int (house->conn, "select count(*) from oba.bulk_actions"), ==, 0);
}

/* Marketing fills segments and nothing else; a clerk and an auditor change nobody at once; nobody goes on with somebody else's, but a supervisor does. */
static void
test_roles (House *house, gconstpointer unused)
{
  PGconn *conn = house->conn;
  gint64 action;

  run (conn, "set session authorization nigar");
  action = start (conn, "segment", "{'segment_id': 1}", 20);
  run_all (conn, action);
  call_refused (conn, "OB006", "start_bulk", "{'kind': 'block', 'parameters': {'reason': 'x'}, 'total': 1}");
  call_refused (conn, "OB006", "start_bulk", "{'kind': 'consent', 'parameters': {'channel': 'sms', 'granted': true}, 'total': 1}");
  refused (conn, "OB006", "select oba.preview_bulk ('{\"kind\": \"block\", \"parameters\": {\"reason\": \"x\"}, \"ids\": [301]}')");
  refused (conn, "42501", "update oba.bulk_actions set state = 'running'");
  refused (conn, "42501", "select oba.do_undo_bulk ('{\"action_id\": 1}')");

  run (conn, "set session authorization aysel");
  refused (conn, "42501", "select oba.start_bulk ('{\"kind\": \"block\", \"parameters\": {\"reason\": \"x\"}, \"total\": 1}')");
  refused (conn, "42501", "select oba.undo_bulk ('{\"action_id\": 1}')");
  refused (conn, "42501", "select count(*) from oba.bulk_actions");
  run (conn, "set session authorization rauf");
  g_assert_cmpint (ask_int (conn, "select count(*) from oba.bulk_action_members"), ==, 18);
  refused (conn, "42501", "select oba.undo_bulk ('{\"action_id\": 1}')");

  run (conn, "set session authorization leyla");
  undo (conn, action);
  action = start (conn, "block", "{'reason': 'Cards copied'}", 20);
  run_all (conn, action);
  run (conn, "set session authorization nigar");
  call_refused (conn, "OB006", "undo_bulk", "{'action_id': %" G_GINT64_FORMAT "}", action);
  run (conn, "reset session authorization");
  assert_ask (conn, "leyla", "select by_whom from oba.bulk_actions where action_id = %" G_GINT64_FORMAT, action);
  all_is_well (house);
}

/* Two supervisors press the same button at once: the second waits for the first and finds everybody blocked already. */
static void
test_at_once (House *house, gconstpointer unused)
{
  PGconn *conn = house->conn;
  PGconn *other = house_connect (house);
  gint64 first = start (conn, "block", "{'reason': 'First'}", 20);
  gint64 second = start (other, "block", "{'reason': 'Second'}", 20);
  g_autofree char *ids = everybody ();
  g_autofree char *sql = g_strdup_printf ("select oba.run_bulk ('{\"action_id\": %" G_GINT64_FORMAT ", \"from\": 0, \"ids\": %s}')", second, ids);
  gint64 waiting = 0;

  run (conn, "begin");
  run_all (conn, first);
  g_assert_true (PQsendQuery (other, sql));
  while (waiting == 0)
    waiting = ask_int (conn, "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database ()");
  run (conn, "commit");
  for (PGresult *result = PQgetResult (other); result != NULL; result = PQgetResult (other))
    {
      g_assert_cmpint (PQresultStatus (result), ==, PGRES_TUPLES_OK);
      PQclear (result);
    }
  assert_action (conn, second, "done 20 0 0 0 {\"erased\": 1, \"already\": 19}");
  g_assert_cmpint (ask_int (conn, "select count(*) from oba.customers where blocked_reason = 'First'"), ==, 18);
  /* The second has nothing to take back. */
  undo (conn, second);
  assert_action (conn, second, "undone 20 0 0 0 {\"erased\": 1, \"already\": 19}");
  g_assert_cmpint (ask_int (conn, "select count(*) from oba.customers where blocked_reason = 'First'"), ==, 18);
  all_is_well (house);
  PQfinish (other);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
#define add(path, func) g_test_add ("/bulk-actions/" path, House, NULL, set_up, func, tear_down)
  add ("preview", test_preview);
  add ("undo-block", test_undo_block);
  add ("undo-segment", test_undo_segment);
  add ("undo-consent", test_undo_consent);
  add ("parts", test_parts);
  add ("many", test_many);
  add ("bad-requests", test_bad_requests);
  add ("roles", test_roles);
  add ("at-once", test_at_once);
#undef add
  status = g_test_run ();
  house_server_stop ();
  return status;
}
