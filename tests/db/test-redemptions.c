/* Redemptions: who may ask and decide, vouchers that are good once, what comes back and to which lots, undo, the job, and a hundred at once for the last points and the last piece. */
#include "schema-house.h"

#include <string.h>

#define N_AT_ONCE 100

static void
furnish (House *house, gconstpointer unused)
{
  house_setup (house, unused);
  sale (house->conn, 100, "1", "2024-03-01T10:00:00+04:00", 20000); /* 200 points */
  run (house->conn, "insert into oba.rewards (reward_id, code, kind, name_az, name_ru, cost, stock, needs_approval, state) values (1, 'pan', 'gift', 'Tava', 'Сковорода', 50, 5, true, 'live'),"
                    " (2, 'coffee', 'voucher', 'Qəhvə', '', 20, null, false, 'live');"
                    "select oba.staff_add ('r_clerk', 'Aysel', 'clerk'); select oba.staff_add ('r_one', 'Leyla', 'supervisor'); select oba.staff_add ('r_two', 'Rauf', 'supervisor');"
                    "select oba.staff_add ('r_helper', 'Helper', 'helper')");
}

static void
become (House *house, const char *login)
{
  run (house->conn, "reset session authorization");
  if (login != NULL)
    run (house->conn, "set session authorization %s", login);
}

static gint64
redeem (House *house, const char *request)
{
  g_autofree char *answer = call (house->conn, "redeem_points", NULL, "%s", request);

  return g_ascii_strtoll (strstr (answer, "\"redemption_id\": ") + strlen ("\"redemption_id\": "), NULL, 10);
}

static void
move (House *house, gint64 id, const char *state)
{
  g_free (call (house->conn, "move_redemption", NULL, "{'customer_id': 100, 'redemption_id': %d, 'state': '%s', 'reason': 'x'}", (int) id, state));
}

static void
undo (House *house, gint64 id, const char *state)
{
  g_free (call (house->conn, "move_redemption", NULL, "{'customer_id': 100, 'redemption_id': %d, 'state': '%s', 'undo': true}", (int) id, state));
}

static void
undo_refused (House *house, const char *code, gint64 id, const char *state)
{
  call_refused (house->conn, code, "move_redemption", "{'customer_id': 100, 'redemption_id': %d, 'state': '%s', 'undo': true}", (int) id, state);
}

static void
move_refused (House *house, const char *code, gint64 id, const char *state)
{
  call_refused (house->conn, code, "move_redemption", "{'customer_id': 100, 'redemption_id': %d, 'state': '%s'}", (int) id, state);
}

static char *
voucher (House *house, gint64 id)
{
  return ask (house->conn, "select oba.voucher (100, %d)", (int) id);
}

/* Points never go by one person's word alone: a code of the customer, or a supervisor who is not the one who asked. */
static void
test_proof (House *house, gconstpointer unused)
{
  g_autofree char *code = NULL;
  gint64 id;

  become (house, "r_clerk");
  id = redeem (house, "{'customer_id': 100, 'reward_id': 2}");
  assert_ask (house->conn, "requested true", "select state || ' ' || (proof is null)::text from oba.redemptions where redemption_id = %d", (int) id);
  move_refused (house, "OB006", id, "approved");
  become (house, "r_one");
  move (house, id, "approved");
  assert_ask (house->conn, "supervisor", "select proof from oba.redemptions where redemption_id = %d", (int) id);
  /* What asks for approval asks for another one. */
  id = redeem (house, "{'customer_id': 100, 'reward_id': 1}");
  move_refused (house, "OB006", id, "approved");
  become (house, "r_two");
  move (house, id, "approved");

  become (house, NULL);
  code = ask (house->conn, "select oba.make_spend_code (100) ->> 'code'");
  become (house, "r_clerk");
  {
    g_autofree char *request = g_strdup_printf ("{'customer_id': 100, 'reward_id': 2, 'spend_code': '%s'}", code);

    id = redeem (house, request);
    assert_ask (house->conn, "approved code", "select state || ' ' || proof from oba.redemptions where redemption_id = %d", (int) id);
    call_refused (house->conn, "OB014", "redeem_points", "%s", request); /* once */
  }
  call_refused (house->conn, "OB006", "redeem_points", "{'customer_id': 100, 'reward_id': 2, 'through': 'telegram'}");
  become (house, "r_helper");
  call_refused (house->conn, "OB014", "redeem_points", "{'customer_id': 100, 'reward_id': 2, 'through': 'till'}");
  id = redeem (house, "{'customer_id': 100, 'reward_id': 2, 'through': 'telegram'}");
  become (house, NULL);
  assert_ask (house->conn, "approved bot", "select state || ' ' || proof from oba.redemptions where redemption_id = %d", (int) id);
  g_free (call (house->conn, "lock_spending", NULL, "{'customer_id': 100, 'locked': true}"));
  call_refused (house->conn, "OB006", "redeem_points", "{'customer_id': 100, 'reward_id': 2}");
  all_is_well (house);
}

/* A till learns what a voucher is and not whose; it is good once, in its store, while it has not run out. */
static void
test_voucher (House *house, gconstpointer unused)
{
  gint64 id = redeem (house, "{'customer_id': 100, 'reward_id': 2, 'quantity': 2, 'store_id': 1}");
  g_autofree char *code = voucher (house, id), *lower = g_ascii_strdown (code, -1), *facts = NULL, *other = NULL, *cancelled = NULL;

  g_strdelimit (lower, "-", ' ');
  facts = ask (house->conn, "select oba.check_voucher (jsonb_build_object ('code', '%s'))", lower);
  g_assert_nonnull (strstr (facts, "\"valid\": true"));
  g_assert_nonnull (strstr (facts, "\"quantity\": 2"));
  g_assert_null (strstr (facts, "customer"));
  g_assert_null (strstr (facts, "Aygün"));
  call_refused (house->conn, "OB013", "use_voucher", "{'code': '%s', 'store_id': 2, 'till_no': 1}", code);
  g_free (call (house->conn, "use_voucher", "v1", "{'code': '%s', 'store_id': 1, 'till_no': 3}", lower));
  assert_ask (house->conn, "handed_out 1 3 till", "select concat_ws (' ', to_state, store_id, till_no, through) from oba.redemption_events order by event_no desc limit 1");
  call_refused (house->conn, "OB013", "use_voucher", "{'code': '%s', 'store_id': 1, 'till_no': 4}", code);
  facts = (g_free (facts), ask (house->conn, "select oba.check_voucher (jsonb_build_object ('code', '%s'))", code));
  g_assert_nonnull (strstr (facts, "\"state\": \"used\""));
  assert_ask (house->conn, "", "select oba.voucher (100, %d)", (int) id);
  undo_refused (house, "OB013", id, "approved"); /* a till has handed it out: nobody here knows better */

  id = redeem (house, "{'customer_id': 100, 'reward_id': 2}");
  other = voucher (house, id);
  run (house->conn, "update oba.redemptions set expires_at = now() - interval '1 second' where redemption_id = %d", (int) id);
  call_refused (house->conn, "OB013", "use_voucher", "{'code': '%s'}", other);
  id = redeem (house, "{'customer_id': 100, 'reward_id': 2}");
  cancelled = voucher (house, id);
  move (house, id, "cancelled");
  call_refused (house->conn, "OB013", "use_voucher", "{'code': '%s'}", cancelled);
  call_refused (house->conn, "OB002", "use_voucher", "{'code': '0000-0000-0000'}");
  call_refused (house->conn, "OB001", "use_voucher", "{}");
  all_is_well (house);
}

/* What is given back is where it was, with its expiry; what has expired meanwhile is lost at once, and the stock is whole again. */
static void
test_back (House *house, gconstpointer unused)
{
  gint64 id;

  sale (house->conn, 100, "2", "2024-03-02T10:00:00+04:00", 10000); /* 100 more */
  id = redeem (house, "{'customer_id': 100, 'reward_id': 1, 'quantity': 5}");
  assert_ask (house->conn, "50 0", "select balance || ' ' || (select stock from oba.rewards where reward_id = 1) from oba.points_accounts where customer_id = 100");
  call_refused (house->conn, "OB012", "redeem_points", "{'customer_id': 100, 'reward_id': 1}");
  /* The first lot, of 200, runs out while its points are away; 50 of the second were away, too. */
  run (house->conn, "update oba.points_lots set expires_on = '2024-12-31' where customer_id = 100 and points = 200");
  move (house, id, "rejected");
  assert_ask (house->conn, "100 5", "select balance || ' ' || (select stock from oba.rewards where reward_id = 1) from oba.points_accounts where customer_id = 100");
  assert_ask (house->conn, "-200", "select points from oba.points_ledger where customer_id = 100 and kind = 'expire'");
  assert_ask (house->conn, "100", "select remaining from oba.points_lots where customer_id = 100 and points = 100");
  /* Rejected by mistake: what it took is not there any more. */
  undo_refused (house, "OB007", id, "requested");
  all_is_well (house);
}

/* Undo is back where the last step came from, and nowhere else. */
static void
test_undo (House *house, gconstpointer unused)
{
  gint64 id = redeem (house, "{'customer_id': 100, 'reward_id': 1}");
  g_autofree char *first = NULL, *second = NULL;

  move (house, id, "rejected");
  move_refused (house, "OB013", id, "requested"); /* an undo is meant as one */
  undo (house, id, "requested");
  assert_ask (house->conn, "150 4", "select balance || ' ' || (select stock from oba.rewards where reward_id = 1) from oba.points_accounts where customer_id = 100");
  move (house, id, "approved");
  first = voucher (house, id);
  undo (house, id, "requested");
  call_refused (house->conn, "OB013", "use_voucher", "{'code': '%s'}", first);
  move (house, id, "approved");
  second = voucher (house, id);
  g_assert_cmpstr (first, !=, second);
  move (house, id, "handed_out");
  undo (house, id, "approved");
  g_free (call (house->conn, "use_voucher", NULL, "{'code': '%s'}", second));
  move_refused (house, "OB013", id, "rejected");
  /* Two supervisors on one row: the second is told. */
  id = redeem (house, "{'customer_id': 100, 'reward_id': 1}");
  move (house, id, "approved");
  call_refused (house->conn, "OB003", "move_redemption", "{'customer_id': 100, 'redemption_id': %d, 'state': 'rejected', 'seen': 'requested'}", (int) id);
  /* Never from a state to one that no row of the table leads to. */
  assert_ask (house->conn, "0", "select count (*) from oba.redemption_events e where from_state is not null and not exists (select from oba.redemption_moves m where (m.from_state, m.to_state) = (e.from_state, e.to_state))");
  all_is_well (house);
}

/* The dry run tells of each what the deed would, and changes nothing. */
static void
test_preview (House *house, gconstpointer unused)
{
  gint64 mine, handed;

  become (house, "r_one");
  mine = redeem (house, "{'customer_id': 100, 'reward_id': 1}");
  become (house, "r_clerk");
  redeem (house, "{'customer_id': 100, 'reward_id': 2}");
  become (house, "r_two");
  handed = redeem (house, "{'customer_id': 100, 'reward_id': 2}");
  move (house, handed, "handed_out");
  become (house, "r_one");
  assert_ask (house->conn, "OB006 - OB013", "select string_agg (coalesce (code, '-'), ' ' order by redemption_id) from oba.preview_redemptions (array[1, 2, 3]::bigint[], 'approved')");
  become (house, NULL);
  assert_ask (house->conn, "requested requested handed_out", "select string_agg (state, ' ' order by redemption_id) from oba.redemptions");
  g_assert_cmpint (mine, ==, 1);
}

/* Whoever looks for a voucher or a customer finds it; whoever may not see names does not. */
static void
test_search (House *house, gconstpointer unused)
{
  gint64 id = redeem (house, "{'customer_id': 100, 'reward_id': 2}");
  g_autofree char *code = voucher (house, id);

  become (house, "r_clerk");
  assert_ask (house->conn, "1", "select count (*) from oba.redemptions_like ('%s')", code);
  assert_ask (house->conn, "1", "select count (*) from oba.redemptions_like ('aygun')");
  assert_ask (house->conn, "0", "select count (*) from oba.redemptions_like ('x'' or true --')");
  refused (house->conn, "42501", "select code from oba.vouchers");
  refused (house->conn, "42501", "select oba.voucher (100, %d)", (int) id);
  become (house, NULL);
  run (house->conn, "select oba.staff_add ('r_market', 'Nigar', 'marketing')");
  become (house, "r_market");
  assert_ask (house->conn, "0", "select count (*) from oba.redemptions_like ('aygun')");
  assert_ask (house->conn, "", "select name from oba.redemption_rows (array[%d]::bigint[])", (int) id);
  refused (house->conn, "42501", "select oba.redeem_points ('{\"customer_id\": 100, \"reward_id\": 2}')");
  become (house, NULL);
}

/* What nobody fetches goes back by itself, some at a time. */
static void
test_job (House *house, gconstpointer unused)
{
  for (guint i = 0; i < 3; i++)
    redeem (house, "{'customer_id': 100, 'reward_id': 1}");
  redeem (house, "{'customer_id': 100, 'reward_id': 2}");
  assert_ask (house->conn, "0", "select oba.expire_redemptions (2)");
  run (house->conn, "update oba.redemptions set expires_at = now() - interval '1 day' where reward_id = 1");
  assert_ask (house->conn, "2", "select oba.expire_redemptions (2)");
  assert_ask (house->conn, "1", "select oba.expire_redemptions (2)");
  assert_ask (house->conn, "0", "select oba.expire_redemptions (2)");
  assert_ask (house->conn, "180 5", "select balance || ' ' || (select stock from oba.rewards where reward_id = 1) from oba.points_accounts where customer_id = 100");
  assert_ask (house->conn, "3 job", "select count (*) || ' ' || min (through) from oba.redemption_events where to_state = 'expired'");
  all_is_well (house);
}

/* The customer hears of every step, once. */
static void
test_messages (House *house, gconstpointer unused)
{
  gint64 id;

  g_free (call (house->conn, "link_telegram", NULL, "{'customer_id': 100, 'chat_id': 77}"));
  run (house->conn, "delete from oba.outbox");
  id = redeem (house, "{'customer_id': 100, 'reward_id': 1}");
  move (house, id, "approved");
  g_free (call (house->conn, "move_redemption", "k", "{'customer_id': 100, 'redemption_id': %d, 'state': 'cancelled'}", (int) id));
  g_free (call (house->conn, "move_redemption", "k", "{'customer_id': 100, 'redemption_id': %d, 'state': 'cancelled'}", (int) id));
  assert_ask (house->conn, "requested approved cancelled", "select string_agg (payload ->> 'state', ' ' order by message_id) from oba.outbox where kind = 'redemption' and chat_id = 77");
  /* Numbers alone: neither the code nor a name lies in the outbox. */
  assert_ask (house->conn, "0", "select count (*) from oba.outbox where payload - '{customer_id,redemption_id,event_no,state}'::text[] <> '{}'");
}

/* ---- at once */

/* Sends @n requests over as many connections; how many were done, the others were refused with @code, and are again when they ask again. */
static void
at_once (House *house, char **sql, const char *code)
{
  PGconn *conns[N_AT_ONCE];
  guint done = 0, told = 0;

  for (guint i = 0; i < N_AT_ONCE; i++)
    {
      conns[i] = house_connect (house);
      g_assert_cmpint (PQsetnonblocking (conns[i], 1), ==, 0);
    }
  for (guint i = 0; i < N_AT_ONCE; i++)
    g_assert_cmpint (PQsendQuery (conns[i], sql[i]), ==, 1);
  for (guint i = 0; i < N_AT_ONCE; i++)
    {
      PGresult *result;

      while (PQflush (conns[i]) == 1)
        ;
      result = PQgetResult (conns[i]);
      if (PQresultStatus (result) != PGRES_TUPLES_OK)
        g_error ("%s", PQresultErrorMessage (result));
      if (strstr (PQgetvalue (result, 0, 0), code) != NULL)
        told++;
      else if (strstr (PQgetvalue (result, 0, 0), "\"refused\"") == NULL)
        done++;
      else
        g_error ("%s", PQgetvalue (result, 0, 0));
      PQclear (result);
      PQfinish (conns[i]);
    }
  g_assert_cmpuint (done, ==, 1);
  g_assert_cmpuint (told, ==, N_AT_ONCE - 1);
}

static void
ask_again (House *house, char **sql)
{
  for (guint i = 0; i < N_AT_ONCE; i++)
    {
      g_autofree char *again = ask (house->conn, "%s", sql[i]);

      g_assert_nonnull (strstr (again, "\"replayed\": true"));
      g_free (sql[i]);
    }
}

/* The last points: 20 of them, and a hundred who want 20 of the same customer. */
static void
test_last_points (House *house, gconstpointer unused)
{
  char *sql[N_AT_ONCE];

  redeem (house, "{'customer_id': 100, 'points': 180}");
  for (guint i = 0; i < N_AT_ONCE; i++)
    sql[i] = g_strdup_printf ("select oba.redeem_points ('{\"customer_id\": 100, \"reward_id\": 2}', 'till:%u', 'k%u')", i, i);
  at_once (house, sql, "\"OB007\"");
  assert_ask (house->conn, "0", "select balance from oba.points_accounts where customer_id = 100");
  /* More points since change nothing for those who were told. */
  sale (house->conn, 100, "more", "2024-03-10T10:00:00+04:00", 50000);
  ask_again (house, sql);
  assert_ask (house->conn, "500", "select balance from oba.points_accounts where customer_id = 100");
  all_is_well (house);
}

/* The last piece, and a hundred customers who have the points for it. */
static void
test_last_piece (House *house, gconstpointer unused)
{
  char *sql[N_AT_ONCE];

  run (house->conn, "insert into oba.rewards (reward_id, code, kind, name_az, cost, stock, state) values (3, 'last', 'gift', 'Sonuncu', 10, 1, 'live')");
  for (guint i = 0; i < N_AT_ONCE; i++)
    {
      g_autofree char *no = g_strdup_printf ("c%u", i);

      run (house->conn, "insert into oba.customers (customer_id, given_name) values (%u, 'C')", 1000 + i);
      sale (house->conn, 1000 + i, no, "2024-03-01T10:00:00+04:00", 2000);
      sql[i] = g_strdup_printf ("select oba.redeem_points ('{\"customer_id\": %u, \"reward_id\": 3}', 'till:%u', 'k%u')", 1000 + i, i, i);
    }
  at_once (house, sql, "\"OB012\"");
  assert_ask (house->conn, "0 1", "select stock || ' ' || (select count (*) from oba.redemptions where reward_id = 3) from oba.rewards where reward_id = 3");
  assert_ask (house->conn, "99", "select count (*) from oba.points_accounts where customer_id >= 1000 and balance = 20");
  run (house->conn, "update oba.rewards set stock = 100 where reward_id = 3; insert into oba.stock_movements (reward_id, kind, quantity) values (3, 'receipt', 100)");
  ask_again (house, sql);
  assert_ask (house->conn, "1", "select count (*) from oba.redemptions where reward_id = 3");
  all_is_well (house);
}

/* A voucher at a hundred tills: one hands out. */
static void
test_one_voucher (House *house, gconstpointer unused)
{
  char *sql[N_AT_ONCE];
  gint64 id = redeem (house, "{'customer_id': 100, 'reward_id': 2}");
  g_autofree char *code = voucher (house, id);

  for (guint i = 0; i < N_AT_ONCE; i++)
    sql[i] = g_strdup_printf ("select oba.use_voucher ('{\"code\": \"%s\", \"store_id\": 1, \"till_no\": %u}', 'till:%u', 'k')", code, i + 1, i);
  at_once (house, sql, "\"OB013\"");
  ask_again (house, sql);
  assert_ask (house->conn, "1", "select count (*) from oba.redemption_events where to_state = 'handed_out'");
  all_is_well (house);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
#define ADD(name, test) g_test_add ("/redemptions/" name, House, NULL, furnish, test, house_teardown)
  ADD ("proof", test_proof);
  ADD ("voucher", test_voucher);
  ADD ("back", test_back);
  ADD ("undo", test_undo);
  ADD ("preview", test_preview);
  ADD ("search", test_search);
  ADD ("job", test_job);
  ADD ("messages", test_messages);
  ADD ("last-points", test_last_points);
  ADD ("last-piece", test_last_piece);
  ADD ("one-voucher", test_one_voucher);
  status = g_test_run ();
  house_server_stop ();
  return status;
}
