/* The schema's ground: roles, staff, what is never edited, names, customers, the audit trail. */
#include "schema-house.h"

#include <string.h>

/* Who may call what; anything else is refused by PostgreSQL itself. */
static void
test_rights (House *house, gconstpointer unused)
{
  static const struct
  {
    const char *roles;
    const char *sql;
  } cases[] = {
    { "clerk supervisor admin helper", "select oba.register_customer ('{\"given_name\": \"A\"}')" },
    { "helper", "select oba.record_receipt ('{\"store\": 1}')" },
    { "helper", "select oba.return_lines ('{\"store\": 1}')" },
    { "clerk supervisor admin", "select oba.correct_receipt ('{\"kind\": \"void\"}')" },
    { "clerk supervisor admin", "select oba.preview_correction ('{\"kind\": \"void\"}')" },
    { "admin", "select oba.close_month ('{}')" },
    { "admin", "select oba.set_correction_limits ('{}')" },
    { "clerk supervisor admin helper", "select oba.redeem_points ('{\"customer_id\": 100}')" },
    { "supervisor admin", "select oba.adjust_points ('{\"customer_id\": 100}')" },
    { "supervisor admin", "select oba.block_customer ('{\"customer_id\": 100}')" },
    { "admin helper", "select oba.fold_rollups ()" },
    { "admin helper", "select oba.expire_points ()" },
    { "admin", "select oba.till_add (1, 1, 'till-0001', sha256 ('x'))" },
    { "", "select oba.post_batch (1)" },
    { "", "select oba.once ('adjust_points', '{}', null, null)" },
    { "", "select oba.credit (100, now(), 'bonus', 1000, '2027-01-01', null, null, null, null, null, null, 'staff')" },
    { "clerk supervisor admin auditor helper", "select phone, notes from oba.customers" },
    { "clerk marketing supervisor admin auditor helper", "select city from oba.customers" },
    { "clerk marketing supervisor admin auditor helper", "select total from oba.receipts" },
    { "supervisor admin auditor", "select * from oba.audit" },
    { "helper", "select key_hash from oba.tills" },
    { "admin", "update oba.products set price = 90 where product_id = 1" },
    { "", "update oba.rewards set cost = 90" },
    { "marketing supervisor admin", "select oba.save_reward ('{\"code\": \"R\", \"kind\": \"gift\", \"name_az\": \"A\", \"cost\": 1}')" },
    { "marketing supervisor admin", "select oba.change_stock ('{\"reward_id\": 1}')" },
    { "supervisor admin", "select oba.retire_reward ('{\"reward_id\": 1}')" },
    { "", "select oba.reserve_stock (1, null, 1)" },
    { "", "select oba.release_stock (1, null, 1)" },
    { "", "update oba.points_accounts set balance = 1000000" },
    { "", "insert into oba.points_ledger (customer_id, occurred_at, kind, points, source) values (100, now(), 'bonus', "
          "1000, 'staff')" },
    { "", "update oba.receipts set total = 0" },
    { "", "delete from oba.audit" },
    { "", "insert into oba.audit (action, subject, subject_id, changes) values ('a', 'b', 'c', '{}')" },
    { "", "update oba.customers set status = 'active'" },
    { "", "update oba.earning_rules set parameters = '{}'" },
    { "", "truncate oba.receipts" },
    { "", "set role oba_owner" },
  };
  static const char *const groups[] = { "clerk", "marketing", "supervisor", "admin", "auditor", "helper" };

  for (guint g = 0; g < G_N_ELEMENTS (groups); g++)
    {
      PGconn *conn = house_connect (house);

      run (conn, "create role probe_%s login; grant oba_%s to probe_%s; set session authorization probe_%s", groups[g],
           groups[g], groups[g], groups[g]);
      for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
        {
          g_auto (GStrv) may = g_strsplit (cases[i].roles, " ", -1);
          gboolean allowed = g_strv_contains ((const char *const *) may, groups[g]);
          PGresult *result;
          const char *state;

          run (conn, "begin");
          result = PQexec (conn, cases[i].sql);
          state = PQresultErrorField (result, PG_DIAG_SQLSTATE);
          if ((g_strcmp0 (state, "42501") != 0) != allowed)
            g_error ("oba_%s %s: %s: %s", groups[g], allowed ? "should be able to" : "should not be able to",
                     cases[i].sql, PQresultErrorMessage (result));
          PQclear (result);
          run (conn, "rollback");
        }
      PQfinish (conn);
      run (house->conn, "drop role probe_%s", groups[g]);
    }
}

/* A member of staff exists as a login of PostgreSQL, and is gone when disabled. */
static void
test_staff (House *house, gconstpointer unused)
{
  g_autofree char *conninfo = g_strdup_printf ("%s user=aygun.test", house->conninfo);
  PGconn *conn;

  run (house->conn, "select oba.staff_add ('aygun.test', 'Aygün', 'clerk', 1)");
  refused (house->conn, "OB004", "select oba.staff_add ('aygun.test', 'Aygün', 'clerk', 1)");
  refused (house->conn, "23514", "select oba.staff_add ('x; drop', 'Aygün', 'clerk', 1)");
  conn = PQconnectdb (conninfo);
  g_assert_cmpint (PQstatus (conn), ==, CONNECTION_OK);
  assert_ask (conn, "aygun.test|Aygün|clerk|1|f|oba_clerk",
              "select concat_ws ('|', login, display_name, role, store_id, disabled, array_to_string (roles, ' ')) "
              "from oba.whoami ()");
  refused (conn, "42501", "select oba.adjust_points ('{}')");
  /* Staff of store 1 do not record for store 2. */
  call_refused (
      conn, "OB006", "correct_receipt",
      "{'kind': 'missed', 'reason_code': 'missed', 'reason': 'no network', 'data': {'store': 2, 'receipt_no': '1', 'sold_at': '2024-01-10T10:00:00+04:00', 'total': 100,"
      " 'lines': [{'product': 1, 'quantity': 1, 'unit_price': 100, 'total': 100}]}}");
  /* Nor do they pass for a till. */
  call_refused (
      conn, "42501", "record_receipt",
      "{'store': 2, 'receipt_no': '1', 'sold_at': '2024-01-10T10:00:00+04:00', 'source': 'till', 'total': 100,"
      " 'lines': [{'product': 1, 'quantity': 1, 'unit_price': 100, 'total': 100}]}");
  run (house->conn, "select oba.staff_set_role ('aygun.test', 'supervisor')");
  refused (conn, "OB001", "select oba.adjust_points ('{}')");
  run (house->conn, "select oba.staff_disable ('aygun.test')");
  PQfinish (conn);
  conn = PQconnectdb (conninfo);
  g_assert_cmpint (PQstatus (conn), !=, CONNECTION_OK);
  PQfinish (conn);
  assert_ask (house->conn, "staff.insert staff.update staff.update",
              "select string_agg (action, ' ' order by audit_id) from oba.audit where subject = 'staff'");
  run (house->conn, "drop role \"aygun.test\"");
}

/* Nothing that happened is edited, not even by the owner or a superuser's slip. */
static void
test_append_only (House *house, gconstpointer unused)
{
  static const char *const tables[] = {
    "receipts",     "receipt_lines",   "receipt_keys",     "points_ledger",        "audit",
    "tier_changes", "consent_history", "receipts_2024_01", "points_ledger_2024_01"
  };

  sale (house->conn, 100, "1", "2024-01-10T10:00:00+04:00", 150000);
  run (house->conn, "select oba.set_consent ('{\"customer_id\": 100, \"channel\": \"sms\", \"granted\": true}')");
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    for (guint owner = 0; owner < 2; owner++)
      {
        run (house->conn, owner ? "set role oba_owner" : "reset role");
        if (ask_int (house->conn, "select count (*) from oba.%s", tables[i]) > 0)
          {
            refused (house->conn, "OB009", "delete from oba.%s", tables[i]);
            refused (house->conn, "OB009", "update oba.%s set customer_id = customer_id", tables[i]);
          }
        else
          g_error ("%s is empty, so nothing was tried", tables[i]);
        refused (house->conn, "OB009", "truncate oba.%s", tables[i]);
      }
  run (house->conn, "reset role");
}

/* One person is found under every spelling, and names stand in the order of the alphabet. */
static void
test_names (House *house, gconstpointer unused)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "..", "core", "fold-cases.tsv", NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  guint n = 0;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_auto (GStrv) cells = g_strsplit (lines[i], "\t", -1);

      if (lines[i][0] == '#' || g_strv_length (cells) != 2)
        continue;
      assert_ask (house->conn, cells[1], "select oba.fold ($n$%s$n$)", cells[0]);
      n++;
    }
  g_assert_cmpuint (n, >, 60);
  assert_ask (house->conn, "Cəfər Çingiz Eldar Əli Fazil Hüseyn Xalid Iğdır İlham Jalə Kərim Qasım Leyla Zaur Алиев",
              "select string_agg (n, ' ' order by oba.sort_key (n) collate \"C\") from unnest (array['Zaur', 'İlham', "
              "'Iğdır', 'Əli', 'Eldar', 'Fazil', 'Алиев',"
              " 'Qasım', 'Kərim', 'Leyla', 'Xalid', 'Hüseyn', 'Jalə', 'Cəfər', 'Çingiz']) n");
  assert_ask (house->conn, "100",
              "select customer_id from oba.customers where search_text like '%%' || oba.fold ('алиева') || '%%'");
  assert_ask (house->conn, "200",
              "select customer_id from oba.customers where search_text like '%%' || oba.fold ('Гусейнов') || '%%'");
}

/* What may not be stored of a person is refused with a sentence; what may comes back as it was typed. */
static void
test_register (House *house, gconstpointer unused)
{
  g_autofree char *long_name = g_strnfill (101, 'a');
  g_autofree char *answer = NULL;

  answer = call (house->conn, "register_customer", NULL,
                 "{'given_name': 'Robert\\u0027); drop table oba.receipts;--', 'family_name': '<b>Ş</b>', 'phone': "
                 "'+994551112233', 'birth_date': '1990-02-28',"
                 " 'language': 'ru', 'email': 'a@b.az', 'preferred_store_id': 2, 'categories': [1], 'consents': "
                 "{'telegram': true, 'sms': false}, 'store_id': 1}");
  assert_ask (house->conn, "Robert'); drop table oba.receipts;--",
              "select given_name from oba.customers where phone = '+994551112233'");
  assert_ask (house->conn, "telegram true sms false",
              "select string_agg (channel || ' ' || granted, ' ' order by granted desc) from oba.consents");
  assert_ask (house->conn, "customer.register",
              "select action from oba.audit where customer_id > 1000 order by audit_id desc limit 1");
  call_refused (house->conn, "OB004", "register_customer", "{'given_name': 'A', 'phone': '+994501234567'}");
  call_refused (house->conn, "OB001", "register_customer", "{'given_name': 'A', 'phone': '0501234567'}");
  call_refused (house->conn, "OB001", "register_customer", "{'given_name': ''}");
  call_refused (house->conn, "OB001", "register_customer", "{'given_name': '%s'}", long_name);
  call_refused (house->conn, "OB001", "register_customer", "{'given_name': 'A\\u202eB'}");
  call_refused (house->conn, "OB001", "register_customer", "{'given_name': 'A\\u0007'}");
  call_refused (house->conn, "OB001", "register_customer", "{'given_name': 'A', 'birth_date': '2026-02-30'}");
  call_refused (house->conn, "OB001", "register_customer", "{'given_name': 'A', 'birth_date': '2090-01-01'}");
  call_refused (house->conn, "OB001", "register_customer", "{'given_name': 'A', 'language': 'tr'}");
  call_refused (house->conn, "OB001", "register_customer", "{'given_name': 'A', 'email': 'nowhere'}");
  call_refused (house->conn, "OB001", "register_customer", "{'given_name': 'A', 'status': 'erased'}");
  call_refused (house->conn, "OB002", "register_customer", "{'given_name': 'A', 'preferred_store_id': 99}");
  call_refused (house->conn, "OB001", "register_customer", "[1]");
  all_is_well (house);
}

/* Two clerks with one customer open: the second is told, nothing is overwritten; a freed phone may be given to another.
 */
static void
test_two_clerks (House *house, gconstpointer unused)
{
  g_autofree char *first = NULL;

  first = call (
      house->conn, "update_customer", NULL,
      "{'customer_id': 100, 'version': 1, 'changes': {'city': 'Şəki', 'phone': '+994509999999'}, 'reason': 'moved'}");
  call_refused (house->conn, "OB003", "update_customer",
                "{'customer_id': 100, 'version': 1, 'changes': {'city': 'Quba'}}");
  call_refused (house->conn, "OB004", "update_customer",
                "{'customer_id': 200, 'version': 1, 'changes': {'phone': '+994509999999'}}");
  g_free (call (house->conn, "update_customer", NULL,
                "{'customer_id': 200, 'version': 1, 'changes': {'phone': '+994501234567'}}"));
  assert_ask (house->conn, "Şəki", "select city from oba.customers where customer_id = 100");
  assert_ask (
      house->conn, "{\"city\": [\"\", \"Şəki\"], \"phone\": [\"+994501234567\", \"+994509999999\"]} moved",
      "select changes::text || ' ' || reason from oba.audit_entries where customer_id = 100 and action = 'customer.update'");
  all_is_well (house);
}

/* A blocked customer's purchases are kept but earn nothing, and nothing can be spent. */
static void
test_blocked (House *house, gconstpointer unused)
{
  sale (house->conn, 100, "1", "2024-01-10T10:00:00+04:00", 5000);
  call_refused (house->conn, "OB001", "block_customer", "{'customer_id': 100, 'blocked': true, 'reason': ' '}");
  g_free (call (house->conn, "block_customer", NULL, "{'customer_id': 100, 'blocked': true, 'reason': 'lost card'}"));
  sale (house->conn, 100, "2", "2024-01-11T10:00:00+04:00", 7000);
  call_refused (house->conn, "OB006", "redeem_points", "{'customer_id': 100, 'points': 10}");
  call_refused (house->conn, "OB006", "adjust_points", "{'customer_id': 100, 'points': 10, 'reason': 'x'}");
  assert_ask (house->conn, "50", "select balance from oba.points_accounts where customer_id = 100");
  assert_ask (house->conn, "blocked", "select inputs ->> 'withheld' from oba.points_ledger where points = 0");
  g_free (call (house->conn, "block_customer", NULL, "{'customer_id': 100, 'blocked': false, 'reason': 'found'}"));
  sale (house->conn, 100, "3", "2024-01-12T10:00:00+04:00", 700);
  assert_ask (house->conn, "57", "select balance from oba.points_accounts where customer_id = 100");
  all_is_well (house);
}

/* A customer has one chat and a chat one customer. */
static void
test_telegram (House *house, gconstpointer unused)
{
  g_free (call (house->conn, "link_telegram", NULL, "{'customer_id': 100, 'chat_id': 5000000001}"));
  call_refused (house->conn, "OB004", "link_telegram", "{'customer_id': 200, 'chat_id': 5000000001}");
  g_free (call (house->conn, "link_telegram", NULL, "{'customer_id': 100, 'chat_id': 5000000002}"));
  assert_ask (house->conn, "5000000002", "select string_agg (chat_id::text, ' ') from oba.telegram_links");
  sale (house->conn, 100, "1", "2024-01-10T10:00:00+04:00", 100050);
  assert_ask (house->conn, "receipt tier",
              "select string_agg (kind, ' ' order by message_id) from oba.outbox where chat_id = 5000000002");
  g_free (call (house->conn, "unlink_telegram", NULL, "{'customer_id': 100}"));
  sale (house->conn, 100, "2", "2024-01-10T10:00:00+04:00", 100);
  assert_ask (house->conn, "moved receipt tier", "select string_agg (kind, ' ' order by message_id) from oba.outbox"); /* the chat that was left is told */
  all_is_well (house);
}

/* Rows get their seal once their transaction is over; the chain goes on where it ended. */
static void
test_audit_chain (House *house, gconstpointer unused)
{
  PGconn *other = house_connect (house);

  job_does (house, "audit_seal", 2); /* the furniture's, and a rule that a migration changed */
  run (other, "begin; update oba.products set price = 101 where product_id = 1");
  run (house->conn, "update oba.products set price = 251 where product_id = 2");
  g_assert_cmpint (ask_int (house->conn, "select oba.audit_seal ()"), ==, 0);
  run (other, "commit");
  job_does (house, "audit_seal", 2);
  run (house->conn, "update oba.products set price = 252 where product_id = 2; update oba.products set price = 252 "
                    "where product_id = 2");
  job_does (house, "audit_seal", 1);
  assert_ask (house->conn, "{\"price\": [251, 252]}", "select changes from oba.audit order by audit_id desc limit 1");
  all_is_well (house);
  PQfinish (other);
}

/* A month that nobody prepared is refused, not hidden; preparing it twice is no harm. */
static void
test_partitions (House *house, gconstpointer unused)
{
  call_refused (house->conn, "OB011", "record_receipt",
                "{'store': 1, 'till': 1, 'receipt_no': '1', 'sold_at': '2019-01-10T10:00:00+04:00', 'total': 100, "
                "'lines': [{'product': 1, 'quantity': 1, 'unit_price': 100, 'total': 100}]}");
  g_assert_cmpint (ask_int (house->conn, "select oba.ensure_partitions ('2019-01-31', '2019-02-01')"), ==, 8);
  g_assert_cmpint (ask_int (house->conn, "select oba.ensure_partitions ('2019-01-01', '2019-02-28')"), ==, 0);
  /* The last moment of January in Baku is still UTC's January, the first of February is too. */
  sale (house->conn, 100, "1", "2019-01-31T23:59:59+04:00", 100);
  sale (house->conn, 100, "2", "2019-02-01T00:00:00+04:00", 100);
  assert_ask (
      house->conn, "1 1",
      "select (select count (*) from oba.receipts_2019_01) || ' ' || (select count (*) from oba.receipts_2019_02)");
  refused (house->conn, "OB001", "select oba.ensure_partitions ('1800-01-01', '1800-02-01')");
  all_is_well (house);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add (path, House, NULL, house_setup, func, house_teardown)
  ADD ("/schema/rights", test_rights);
  ADD ("/schema/staff", test_staff);
  ADD ("/schema/append-only", test_append_only);
  ADD ("/schema/names", test_names);
  ADD ("/schema/register", test_register);
  ADD ("/schema/two-clerks", test_two_clerks);
  ADD ("/schema/blocked", test_blocked);
  ADD ("/schema/telegram", test_telegram);
  ADD ("/schema/audit-chain", test_audit_chain);
  ADD ("/schema/partitions", test_partitions);
  status = g_test_run ();
  house_server_stop ();
  return status;
}
