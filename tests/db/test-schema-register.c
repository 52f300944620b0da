/* Registering: nobody is there twice by mistake, a card goes with its customer, and whatever is typed is refused or kept as it is. */

#include "schema-house.h"

#include <string.h>

/* As staff would: what is asked of a clerk's own login. */
static PGconn *
clerk (House *house)
{
  PGconn *conn;

  run (house->conn, "select oba.staff_add ('register_clerk', 'Aysel', 'clerk') where not exists (select from oba.staff where login = 'register_clerk')");
  conn = house_connect (house);
  run (conn, "set session authorization register_clerk");
  return conn;
}

static gint64
id_of (PGconn *conn, const char *answer)
{
  return ask_int (conn, "select $r$%s$r$::jsonb ->> 'customer_id'", answer);
}

static gint64
registered (PGconn *conn, const char *request)
{
  g_autofree char *answer = call (conn, "register_customer", NULL, "%s", request);

  return id_of (conn, answer);
}

/* What the form shows while somebody types: the same person in another spelling, with names that changed places, and not a namesake born on another day. */
static void
test_doubles (House *house, gconstpointer unused)
{
  PGconn *conn = house->conn;

  registered (conn, "{'given_name': 'Aysel', 'family_name': 'Əliyeva', 'birth_date': '1985-03-21', 'city': 'Bakı', 'phone': '+994501112233'}");
  registered (conn, "{'given_name': 'Aysel', 'family_name': 'Əliyeva', 'birth_date': '1990-01-01', 'city': 'Gəncə'}");
  registered (conn, "{'given_name': 'Aysel', 'family_name': 'Əliyeva', 'city': 'Şəki'}");
#define REASONS(request) "select coalesce (string_agg (reason || ' ' || city, ', '), '') from oba.likely_doubles ('" request "')"
  assert_ask (conn, "name_birth Bakı", REASONS ("{\"given_name\": \"AYSEL\", \"family_name\": \"Aliyeva\", \"birth_date\": \"1985-03-21\"}"));
  assert_ask (conn, "name_birth Bakı", REASONS ("{\"given_name\": \"Алиева\", \"family_name\": \"Айсел\", \"birth_date\": \"1985-03-21\"}"));
  assert_ask (conn, "", REASONS ("{\"given_name\": \"Aysel\", \"family_name\": \"Əliyeva\", \"birth_date\": \"1985-03-22\", \"city\": \"Bakı\"}"));
  assert_ask (conn, "name_city Bakı", REASONS ("{\"given_name\": \"Aysel\", \"family_name\": \"Əliyeva\", \"city\": \"BAKI\"}"));
  assert_ask (conn, "name_city Şəki", REASONS ("{\"given_name\": \"Aysel\", \"family_name\": \"Əliyeva\", \"birth_date\": \"1985-03-22\", \"city\": \"Sheki\"}"));
  assert_ask (conn, "phone Bakı", REASONS ("{\"given_name\": \"Kim\", \"phone\": \"+994501112233\"}"));
  assert_ask (conn, "phone Bakı", REASONS ("{\"given_name\": \"Aysel\", \"family_name\": \"Əliyeva\", \"birth_date\": \"1985-03-21\", \"phone\": \"+994501112233\"}"));
  assert_ask (conn, "", REASONS ("{}"));
  assert_ask (conn, "0", "select count (*) from oba.likely_doubles (jsonb_build_object ('phone', '+994501112233', 'customer_id', (select customer_id from oba.customer_phones where phone = '+994501112233')))");
  run (house->conn, "select oba.erase_customer (jsonb_build_object ('customer_id', customer_id, 'confirm', customer_id::text, 'reason', 'request')) "
                    "from oba.customer_phones where phone = '+994501112233'");
  assert_ask (conn, "", REASONS ("{\"given_name\": \"Aysel\", \"family_name\": \"Əliyeva\", \"birth_date\": \"1985-03-21\"}"));
}

/* A likely double is refused to staff until they say that it is another person; that is kept for whoever reviews duplicates. */
static void
test_double_refused (House *house, gconstpointer unused)
{
  PGconn *conn = clerk (house);
  gint64 first = registered (conn, "{'given_name': 'Aysel', 'family_name': 'Əliyeva', 'birth_date': '1985-03-21'}");
  g_autofree char *again = NULL;
  gint64 second;

  call_refused (conn, "OB014", "register_customer", "{'given_name': 'Aysəl', 'family_name': 'Aliyeva', 'birth_date': '1985-03-21'}");
  call_refused (conn, "OB014", "register_customer", "{'given_name': 'Aysel', 'family_name': 'Əliyeva', 'birth_date': '1985-03-21', 'not_same_as': [100]}");
  call_refused (conn, "OB001", "register_customer", "{'given_name': 'Aysel', 'not_same_as': 'all'}");
  again = call (conn, "register_customer", NULL, "{'given_name': 'Aysel', 'family_name': 'Əliyeva', 'birth_date': '1985-03-21', 'not_same_as': [%" G_GINT64_FORMAT ", 987654321]}", first);
  second = id_of (conn, again);
  g_assert_cmpint (ask_int (conn, "select other_id from oba.not_same_persons where customer_id = %" G_GINT64_FORMAT, first), ==, second);
  assert_ask (conn, "register_clerk", "select said_by from oba.not_same_persons");
  refused (conn, "42501", "delete from oba.not_same_persons");
  /* The bot knows a phone and what the person calls themselves; who it is shows later. */
  registered (house->conn, "{'given_name': 'Aysel', 'family_name': 'Əliyeva', 'birth_date': '1985-03-21', 'through': 'telegram'}");
  PQfinish (conn);
  all_is_well (house);
}

static void
send_register (PGconn *conn, const char *json)
{
  g_autofree char *sql = g_strdup_printf ("select oba.register_customer ('%s', 'test', null)", json);

  g_assert_true (PQsendQuery (conn, sql));
}

static char *
state_of (PGconn *conn)
{
  PGresult *result = PQgetResult (conn);
  const char *state = PQresultErrorField (result, PG_DIAG_SQLSTATE);
  char *copy = g_strdup (state != NULL ? state : "done");

  PQclear (result);
  while ((result = PQgetResult (conn)) != NULL)
    PQclear (result);
  return copy;
}

/* Two clerks register one person at one moment: the second one is told. */
static void
test_race (House *house, gconstpointer unused)
{
  static const char *const pairs[][3] = {
    { "{\"given_name\": \"Leyla\", \"family_name\": \"Quliyeva\", \"birth_date\": \"1991-02-03\"}",
      "{\"given_name\": \"Лейла\", \"family_name\": \"Гулиева\", \"birth_date\": \"1991-02-03\"}", "OB014" },
    { "{\"given_name\": \"Murad\", \"phone\": \"+994557654321\"}", "{\"given_name\": \"Orxan\", \"phone\": \"+994557654321\"}", "OB004" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      PGconn *one = house_connect (house);
      PGconn *other = house_connect (house);
      g_autofree char *first = NULL;
      g_autofree char *second = NULL;

      run (one, "begin");
      send_register (one, pairs[i][0]);
      first = state_of (one);
      g_assert_cmpstr (first, ==, "done");
      send_register (other, pairs[i][1]);
      while (ask_int (house->conn, "select count (*) from pg_stat_activity where pid = %d and wait_event_type = 'Lock'", PQbackendPID (other)) == 0)
        continue;
      run (one, "commit");
      second = state_of (other);
      g_assert_cmpstr (second, ==, pairs[i][2]);
      PQfinish (one);
      PQfinish (other);
    }
}

/* A printed blank card comes with its customer, or neither comes; no card goes to two. */
static void
test_card (House *house, gconstpointer unused)
{
  PGconn *conn = clerk (house);
  gint64 id;

  run (house->conn, "insert into oba.cards (token_hash, number, state) values (sha256 ('token-one-1'), 'OBA-1001', 'blank'), (sha256 ('token-two-2'), 'OBA-1002', 'blank'),"
                    " (sha256 ('token-bad-3'), 'OBA-1003', 'lost')");
  assert_ask (conn, "OBA-1001 blank", "select number || ' ' || state from oba.look_up_card ('token-one-1')");
  assert_ask (conn, "OBA-1002", "select number from oba.look_up_card (' oba-1002')");
  assert_ask (conn, "0", "select count (*) from oba.look_up_card ('nothing')");
  id = registered (conn, "{'given_name': 'Nigar', 'card': {'token': 'token-one-1'}}");
  g_assert_cmpint (ask_int (conn, "select customer_id from oba.cards where number = 'OBA-1001' and state = 'active'"), ==, id);
  assert_ask (conn, "Nigar", "select customer_name from oba.look_up_card ('OBA-1001')");
  call_refused (conn, "OB004", "register_customer", "{'given_name': 'Kamran', 'card': {'number': 'OBA-1001'}}");
  call_refused (conn, "OB004", "register_customer", "{'given_name': 'Kamran', 'card': {'token': 'token-bad-3'}}");
  call_refused (conn, "OB002", "register_customer", "{'given_name': 'Kamran', 'card': {'token': 'strange-card'}}");
  call_refused (conn, "OB001", "register_customer", "{'given_name': 'Kamran', 'card': 'OBA-1002'}");
  call_refused (conn, "OB001", "register_customer", "{'given_name': 'Kamran', 'card': {}}");
  assert_ask (conn, "0", "select count (*) from oba.customers where given_name = 'Kamran'");
  registered (conn, "{'given_name': 'Kamran', 'card': {'number': 'oba-1002'}}");
  assert_ask (conn, "0", "select count (*) from oba.cards where state = 'blank'");
  PQfinish (conn);
  all_is_well (house);
}

/* Whatever comes in a field is refused, or is there as it was written; nothing is run, cut or lost. */
static void
test_hostile (House *house, gconstpointer unused)
{
  static const char *const fields[] = { "given_name", "family_name", "patronymic", "city", "notes" };
  static const char *const kept[] = { "Robert'); drop table oba.customers; --", "<b>Aysel</b> & \\u003ci\\u003e", "%s%n $1 \\\\ {{x}}", "عائشة", "O’Brien ʻəli 👩‍🌾" };
  static const char *const bad[] = { "Ay\\u202esel", "Ay\\u0007sel", "Ay\\u009bsel", "Ay\\u2066sel" };
  PGconn *conn = clerk (house);
  g_autofree char *long_name = g_strnfill (10000, 'x');

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      for (guint k = 0; k < G_N_ELEMENTS (kept); k++)
        {
          g_autofree char *json = g_strdup_printf ("{\"given_name\": \"Ad\", \"family_name\": \"N%u%u\", \"%s\": \"%s\"}", i, k, fields[i], kept[k]);
          gint64 id = ask_int (conn, "select oba.register_customer ($r$%s$r$) ->> 'customer_id'", json);

          assert_ask (conn, "t", "select %s = $r$%s$r$::jsonb ->> '%s' from oba.customers where customer_id = %" G_GINT64_FORMAT, fields[i], json, fields[i], id);
        }
      for (guint k = 0; k < G_N_ELEMENTS (bad); k++)
        refused (conn, "OB001", "select oba.register_customer ('{\"given_name\": \"Ad\", \"%s\": \"%s\"}')", fields[i], bad[k]);
      refused (conn, "OB001", "select oba.register_customer ('{\"given_name\": \"Ad\", \"%s\": \"%s\"}')", fields[i], long_name);
    }
  call_refused (conn, "OB001", "register_customer", "{'given_name': 'Ad', 'phone': '050 123 45 67'}");
  call_refused (conn, "OB001", "register_customer", "{'given_name': 'Ad', 'phone': '+99450123456a'}");
  call_refused (conn, "OB001", "register_customer", "{'given_name': 'Ad', 'phone': '+%s'}", long_name);
  call_refused (conn, "OB001", "register_customer", "{'given_name': 'Ad', 'birth_date': '2023-02-30'}");
  call_refused (conn, "OB001", "register_customer", "{'given_name': 'Ad', 'birth_date': '1899-12-31'}");
  call_refused (conn, "OB001", "register_customer", "{'given_name': 'Ad', 'birth_date': '2999-01-01'}");
  call_refused (conn, "OB001", "register_customer", "{'given_name': 'Ad', 'email': 'a b@c'}");
  call_refused (conn, "OB001", "register_customer", "{'given_name': '  '}");
  call_refused (conn, "OB001", "register_customer", "{'given_name': 'Ad', 'status': 'erased'}");
  PQfinish (conn);
  all_is_well (house);
}

/* Marketing does not see who a customer is, here neither. */
static void
test_rights (House *house, gconstpointer unused)
{
  static const char *const logins[][3] = { { "register_m", "marketing", "42501" }, { "register_a", "auditor", "42501" } };

  for (guint i = 0; i < G_N_ELEMENTS (logins); i++)
    {
      PGconn *conn = house_connect (house);

      run (conn, "select oba.staff_add ('%s', 'X', '%s')", logins[i][0], logins[i][1]);
      run (conn, "set session authorization %s", logins[i][0]);
      refused (conn, logins[i][2], "select oba.register_customer ('{\"given_name\": \"Ad\"}')");
      refused (conn, logins[i][2], "select * from oba.look_up_card ('OBA-1')");
      refused (conn, "42501", "select oba.do_register_customer ('{\"given_name\": \"Ad\"}')");
      PQfinish (conn);
    }
  
  assert_ask (house->conn, "f", "select has_function_privilege ('oba_marketing', 'oba.likely_doubles (jsonb)', 'execute')");
  assert_ask (house->conn, "f", "select has_table_privilege ('oba_marketing', 'oba.not_same_persons', 'select')");
}

/* Known cities come from customers and stores, once each, in the order of the alphabet. */
static void
test_cities (House *house, gconstpointer unused)
{
  run (house->conn, "insert into oba.customers (family_name, city) values ('A', 'Şəki'), ('B', 'Şəki'), ('C', 'Ağdam'), ('D', ''), ('E', 'Sumqayıt')");
  run (house->conn, "update oba.stores set city = 'Bakı' where store_id = 1");
  assert_ask (house->conn, "Ağdam Bakı Sumqayıt Şəki",
              "select string_agg (c, ' ' order by n) from oba.known_cities () with ordinality k (c, n) where c in ('Ağdam', 'Bakı', 'Sumqayıt', 'Şəki')");
}

/* A search for doubles never reads the whole table: the plan has the index. */
static void
test_plan (House *house, gconstpointer unused)
{
  static const char *const wheres[][2] = {
    { "k.birth_date = '1950-02-02'", "customers_by_folded_name" },
    { "oba.fold (k.city) = 'beki' and k.city <> '' and k.birth_date is null", "customers_by_folded_name_city" },
    { "oba.fold (k.city) = 'beki' and k.city <> '' and k.birth_date is not null", "customers_by_folded_name_city" },
  };

  run (house->conn, "insert into oba.customers (family_name, given_name, birth_date, city)"
                    " select 'F' || n, 'G' || n, case when n %% 2 = 0 then date '1950-01-01' + n %% 100 end, (array['Bakı', 'Şəki'])[1 + n %% 3 / 2] from generate_series (1, 20000) n;"
                    " analyze oba.customers");
  for (guint i = 0; i < G_N_ELEMENTS (wheres); i++)
    {
      g_autofree char *plan = ask (house->conn, "explain (format json) select from oba.customers k where oba.fold (k.family_name || ' ' || k.given_name) in ('a', 'b')"
                                                " and k.kind = 'person' and %s", wheres[i][0]);

      if (strstr (plan, wheres[i][1]) == NULL || strstr (plan, "Seq Scan") != NULL)
        g_error ("%s\n%s", wheres[i][0], plan);
    }
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add ("/db/register/" path, House, NULL, house_setup, func, house_teardown)
  ADD ("doubles", test_doubles);
  ADD ("double-refused", test_double_refused);
  ADD ("race", test_race);
  ADD ("card", test_card);
  ADD ("hostile", test_hostile);
  ADD ("rights", test_rights);
  ADD ("cities", test_cities);
  ADD ("plan", test_plan);
#undef ADD
  status = g_test_run ();
  house_server_stop ();
  return status;
}
