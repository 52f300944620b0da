/* Lost, blocked and replaced cards: whoever answers the phone can stop a card at once, and nobody spends with one that was stopped. */

#include "schema-house.h"

/* As staff would: what is asked of somebody's own login. */
static PGconn *
staff (House *house, const char *login, const char *role)
{
  PGconn *conn;

  run (house->conn, "select oba.staff_add ('%s', 'Somebody', '%s') where not exists (select from oba.staff where login = '%s')", login, role, login);
  conn = house_connect (house);
  run (conn, "set session authorization %s", login);
  return conn;
}

static void
give_cards (House *house)
{
  run (house->conn, "insert into oba.cards (token_hash, number, customer_id) values (sha256 ('token-1'), 'C-0001', 100), (sha256 ('token-2'), 'C-0002', 200)");
  run (house->conn, "insert into oba.cards (token_hash, number, state) values (sha256 ('token-blank-3'), 'C-0003', 'blank'), (sha256 ('t4'), 'C-0004', 'blank'), (sha256 ('t5'), 'C-0005', 'blank')");
}

#define STATE(number) "select state from oba.cards where number = '" number "'"

/* A clerk reports a card lost and takes that back; every step is in the audit trail with who did it. */
static void
test_lost (House *house, gconstpointer unused)
{
  PGconn *conn;
  g_autofree char *answer = NULL;

  give_cards (house);
  conn = staff (house, "cards_clerk", "clerk");
  answer = call (conn, "block_card", "k1", "{'customer_id': 100, 'number': 'C-0001', 'state': 'lost', 'reason': 'Left in a taxi'}");
  assert_ask (house->conn, "lost", STATE ("C-0001"));
  assert_ask (house->conn, "cards_clerk", "select who from oba.audit where action = 'card.update' and customer_id = 100");
  g_free (call (conn, "block_card", "k1", "{'customer_id': 100, 'number': 'C-0001', 'state': 'lost', 'reason': 'Left in a taxi'}"));
  assert_ask (house->conn, "1", "select count(*) from oba.audit where action = 'card.update' and customer_id = 100");
  call_refused (conn, "OB013", "block_card", "{'customer_id': 100, 'number': 'C-0001', 'state': 'lost'}");
  g_free (call (conn, "block_card", NULL, "{'customer_id': 100, 'number': 'C-0001', 'state': 'active'}"));
  assert_ask (house->conn, "active", STATE ("C-0001"));
  call_refused (conn, "OB002", "block_card", "{'customer_id': 100, 'number': 'C-0002', 'state': 'lost'}");
  call_refused (conn, "OB002", "block_card", "{'customer_id': 1, 'number': 'C-0001', 'state': 'lost'}");
  call_refused (conn, "OB001", "block_card", "{'customer_id': 100, 'number': 'C-0001', 'state': 'blank'}");
  call_refused (conn, "OB001", "block_card", "{'customer_id': 100, 'number': 'C-0001'}");
  PQfinish (conn);
  all_is_well (house);
}

/* What was blocked for misuse is a supervisor's: the clerk can stop a card, but not let a blocked one work. */
static void
test_blocked (House *house, gconstpointer unused)
{
  PGconn *clerk, *supervisor, *auditor;

  give_cards (house);
  clerk = staff (house, "cards_clerk", "clerk");
  supervisor = staff (house, "cards_supervisor", "supervisor");
  auditor = staff (house, "cards_auditor", "auditor");
  call_refused (clerk, "OB006", "block_card", "{'customer_id': 100, 'number': 'C-0001', 'state': 'blocked', 'reason': 'Shared'}");
  call_refused (supervisor, "OB001", "block_card", "{'customer_id': 100, 'number': 'C-0001', 'state': 'blocked', 'reason': '  '}");
  g_free (call (supervisor, "block_card", NULL, "{'customer_id': 100, 'number': 'C-0001', 'state': 'blocked', 'reason': 'Shared'}"));
  call_refused (clerk, "OB006", "block_card", "{'customer_id': 100, 'number': 'C-0001', 'state': 'active'}");
  call_refused (clerk, "OB006", "block_card", "{'customer_id': 100, 'number': 'C-0001', 'state': 'lost'}");
  call_refused (auditor, "42501", "block_card", "{'customer_id': 100, 'number': 'C-0001', 'state': 'lost'}");
  g_free (call (supervisor, "block_card", NULL, "{'customer_id': 100, 'number': 'C-0001', 'state': 'active'}"));
  assert_ask (house->conn, "active", STATE ("C-0001"));
  /* Nobody lets a card work whose customer is blocked. */
  g_free (call (supervisor, "block_card", NULL, "{'customer_id': 100, 'number': 'C-0001', 'state': 'lost'}"));
  g_free (call (supervisor, "block_customer", NULL, "{'customer_id': 100, 'blocked': true, 'reason': 'x'}"));
  call_refused (supervisor, "OB006", "block_card", "{'customer_id': 100, 'number': 'C-0001', 'state': 'active'}");
  PQfinish (clerk);
  PQfinish (supervisor);
  PQfinish (auditor);
}

/* The new card works and the old one does not, or nothing has changed. */
static void
test_replaced (House *house, gconstpointer unused)
{
  PGconn *conn;

  give_cards (house);
  conn = staff (house, "cards_clerk", "clerk");
  call_refused (conn, "OB004", "give_card", "{'customer_id': 100, 'replaces': 'C-0001', 'card': {'token': 'token-2'}}");
  call_refused (conn, "OB002", "give_card", "{'customer_id': 100, 'replaces': 'C-0001', 'card': {'token': 'nobody-printed-it'}}");
  assert_ask (house->conn, "active", STATE ("C-0001"));
  call_refused (conn, "OB002", "give_card", "{'customer_id': 100, 'replaces': 'C-0002', 'card': {'token': 'token-blank-3'}}");
  assert_ask (house->conn, "blank", STATE ("C-0003"));
  g_free (call (conn, "give_card", NULL, "{'customer_id': 100, 'replaces': 'C-0001', 'card': {'token': 'token-blank-3'}}"));
  assert_ask (house->conn, "lost", STATE ("C-0001"));
  assert_ask (house->conn, "active 100", "select state || ' ' || customer_id from oba.cards where number = 'C-0003'");
  /* Two clerks with one card at one moment: the second one is told. */
  call_refused (conn, "OB004", "give_card", "{'customer_id': 200, 'card': {'token': 'token-blank-3'}}");
  /* One that was lost already is replaced, too; by its number, when the code cannot be read. */
  g_free (call (conn, "give_card", NULL, "{'customer_id': 100, 'replaces': 'C-0001', 'card': {'number': 'C-0004'}}"));
  assert_ask (house->conn, "lost", STATE ("C-0001"));
  assert_ask (house->conn, "active", STATE ("C-0004"));
  run (house->conn, "update oba.customers set status = 'blocked', blocked_reason = 'x' where customer_id = 200");
  call_refused (conn, "OB002", "give_card", "{'customer_id': 200, 'card': {'number': 'C-0005'}}");
  PQfinish (conn);
  all_is_well (house);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add ("/db/cards/" path, House, NULL, house_setup, func, house_teardown)
  ADD ("lost", test_lost);
  ADD ("blocked", test_blocked);
  ADD ("replaced", test_replaced);
#undef ADD
  status = g_test_run ();
  house_server_stop ();
  return status;
}
