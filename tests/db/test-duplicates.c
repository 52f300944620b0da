/* Likely pairs, merging and taking apart: two records of one person become one, to the point, and may become two again. */
#include "schema-house.h"

#include <string.h>

typedef struct
{
  PGconn *clerk;
  PGconn *boss;
  PGconn *other_boss;
} Staff;

static PGconn *
log_in (House *house, const char *login, const char *role)
{
  House as = { g_strdup_printf ("%s user=%s", house->conninfo, login), NULL };
  PGconn *conn;

  run (house->conn, "select oba.staff_add ('%s', '%s', '%s')", login, login, role);
  conn = house_connect (&as);
  g_free (as.conninfo);
  return conn;
}

static void
hire (House *house, Staff *staff)
{
  staff->clerk = log_in (house, "m_clerk", "clerk");
  staff->boss = log_in (house, "m_boss", "supervisor");
  staff->other_boss = log_in (house, "m_boss2", "supervisor");
}

static void
send_home (Staff *staff)
{
  PQfinish (staff->clerk);
  PQfinish (staff->boss);
  PQfinish (staff->other_boss);
}

static gint64
member (PGconn *conn, const char *json, const char *name)
{
  return ask_int (conn, "select $r$%s$r$::jsonb ->> '%s'", json, name);
}

/* Asks as a clerk, approves as a supervisor; returns the number of the merge. */
static gint64
merge_with (Staff *staff, gint64 source, gint64 survivor, const char *fields)
{
  g_autofree char *asked = call (staff->clerk, "request_merge", NULL,
                                 "{'source': %" G_GINT64_FORMAT ", 'survivor': %" G_GINT64_FORMAT ", 'fields': {%s}}",
                                 source, survivor, fields);
  g_autofree char *decided = call (staff->boss, "decide_approval", NULL, "{'approval_id': %" G_GINT64_FORMAT ", 'approve': true}",
                                   member (staff->clerk, asked, "approval_id"));

  assert_ask (staff->clerk, "approved", "select $r$%s$r$::jsonb ->> 'state'", decided);
  return member (staff->clerk, decided, "outcome_id");
}

static gint64
merge (Staff *staff, gint64 source, gint64 survivor)
{
  return merge_with (staff, source, survivor, "");
}

static void
unmerge (Staff *staff, gint64 merge_id)
{
  g_autofree char *asked =
      call (staff->clerk, "request_unmerge", NULL, "{'merge_id': %" G_GINT64_FORMAT ", 'reason': 'twins'}", merge_id);
  g_autofree char *decided = call (staff->boss, "decide_approval", NULL, "{'approval_id': %" G_GINT64_FORMAT ", 'approve': true}",
                                   member (staff->clerk, asked, "approval_id"));

  assert_ask (staff->clerk, "approved", "select $r$%s$r$::jsonb ->> 'state'", decided);
}

static void
give_back (House *house, const char *no, const char *quantity)
{
  g_free (call (house->conn, "return_lines", NULL,
                "{'original': {'store': 1, 'till': 1, 'receipt_no': '%s'}, 'lines': [{'line': 1, 'quantity': %s}], "
                "'reason_code': 'damaged'}",
                no, quantity));
}

static char *
account (House *house, gint64 customer)
{
  return ask (house->conn, "select balance || ' ' || owed || ' ' || tier_id || ' ' || tier_spend from oba.points_accounts where "
                           "customer_id = %" G_GINT64_FORMAT, customer);
}

#define assert_account(house, customer, expected) \
  G_STMT_START \
    { \
      g_autofree char *oba_is = account (house, customer); \
      g_assert_cmpstr (oba_is, ==, expected); \
    } \
  G_STMT_END

static const char lots_of[] = "select coalesce (string_agg (remaining || ' until ' || expires_on, ', ' order by expires_on), '') from "
                              "oba.points_lots where remaining > 0 and customer_id = %d";

/* 100 has two lots, a card, a chat, consents and an id elsewhere; 200 has one lot, a card and no chat. */
static void
furnish (House *house)
{
  sale (house->conn, 100, "1", "2024-01-10T10:00:00+04:00", 60000);
  sale (house->conn, 100, "2", "2024-02-10T10:00:00+04:00", 5000);
  sale (house->conn, 200, "3", "2024-03-10T10:00:00+04:00", 45000);
  g_free (call (house->conn, "issue_card", NULL, "{'customer_id': 100, 'token': 'OBA1.aygun', 'number': '7700-1'}"));
  g_free (call (house->conn, "issue_card", NULL, "{'customer_id': 200, 'token': 'OBA1.elcin', 'number': '7700-2'}"));
  g_free (call (house->conn, "link_telegram", NULL, "{'customer_id': 100, 'chat_id': 5001, 'username': 'aygun'}"));
  g_free (call (house->conn, "set_consent", NULL, "{'customer_id': 200, 'channel': 'sms', 'granted': true}"));
  g_free (call (house->conn, "set_consent", NULL, "{'customer_id': 100, 'channel': 'sms', 'granted': false}"));
  g_free (call (house->conn, "set_consent", NULL, "{'customer_id': 100, 'channel': 'email', 'granted': true}"));
  run (house->conn, "insert into oba.segments (segment_id, name, kind) values (1, 'Guests', 'static'), (2, 'Staff', 'static'); insert into oba.segment_members (customer_id, segment_id) values (100, 1), (100, 2), (200, 2)");
  run (house->conn, "insert into oba.customer_external_ids values ('CRM-1', 100); update oba.customers set email = 'a@x.az', "
                    "notes = 'A' where customer_id = 100; update oba.customers set notes = 'E' where customer_id = 200");
  job_does (house, "fold_rollups", 3);
  all_is_well (house);
}

/* What the clerk is shown is what the supervisor approves and what then is: points by lot with their expiry, tier, cards, chat, consents, fields, list. */
static void
test_merge (House *house, gconstpointer unused)
{
  Staff staff;
  g_autofree char *shown = NULL;

  hire (house, &staff);
  furnish (house);
  shown = ask (staff.clerk, "select oba.preview_merge ('{\"source\": 100, \"survivor\": 200}')");
  assert_ask (house->conn, "active 650", "select c.status || ' ' || a.balance from oba.customers c join oba.points_accounts a using "
                                         "(customer_id) where customer_id = 100");
  assert_ask (house->conn, "450 1100 1 2 3 2", "select concat_ws (' ', p #>> '{survivor,before,balance}', p #>> '{survivor,after,balance}', p #>> "
                                     "'{survivor,before,tier}', p #>> '{survivor,after,tier}', p #>> '{survivor,after,receipts}', p #>> '{survivor,after,cards}') from (select $r$%s$r$::jsonb as p) x", shown);

  merge (&staff, 100, 200);
  assert_account (house, 100, "0 0 1 0");
  assert_account (house, 200, "1100 0 2 110000");
  assert_ask (house->conn, "600 until 2124-01-10, 50 until 2124-02-10, 450 until 2124-03-10", lots_of, 200);
  assert_ask (house->conn, "3 110000", "select receipts || ' ' || revenue from oba.customer_stats where customer_id = 200");
  assert_ask (house->conn, "merge", "select why from oba.tier_changes where customer_id = 200 order by change_id desc limit 1");
  assert_ask (house->conn, "7700-1 7700-2", "select string_agg (number, ' ' order by number) from oba.cards where customer_id = 200");
  assert_ask (house->conn, "200 200", "select (select customer_id from oba.telegram_links) || ' ' || (select customer_id from oba.customer_external_ids)");
  assert_ask (house->conn, "1 2", "select string_agg (segment_id::text, ' ' order by segment_id) from oba.segment_members");
  /* The later decision on SMS was the refusal. */
  assert_ask (house->conn, "email true, sms false", "select string_agg (channel || ' ' || granted, ', ' order by channel) from oba.consents where customer_id = 200");
  assert_ask (house->conn, "a@x.az E+A +994701112233", "select email || ' ' || replace (notes, e'\\n', '+') || ' ' || phone from oba.customers where customer_id = 200");
  assert_ask (house->conn, "200 200", "select string_agg (customer_id::text, ' ') from oba.customer_phones");
  all_is_well (house);

  /* The old card, the old number and the old phone are the survivor's; a repetition still gets its first answer. */
  g_free (call (house->conn, "record_receipt", NULL, "{'store': 1, 'till': 1, 'receipt_no': '4', 'card': '7700-1', 'sold_at': "
                "'2024-03-11T10:00:00+04:00', 'total': 100, 'lines': [{'product': 1, 'quantity': 1, 'unit_price': 100, 'total': 100}]}"));
  sale (house->conn, 100, "5", "2024-03-12T10:00:00+04:00", 100);
  assert_ask (house->conn, "200 200", "select string_agg (customer_id::text, ' ') from oba.receipts where receipt_no in ('4', '5')");
  assert_ask (house->conn, "100", "select oba.record_receipt ('{\"store\": 1, \"till\": 1, \"receipt_no\": \"1\", \"sold_at\": \"2024-01-10T10:00:00+04:00\", \"customer_id\": 100,"
              " \"total\": 60000, \"lines\": [{\"product\": 1, \"quantity\": 1, \"unit_price\": 60000, \"total\": 60000}]}') ->> 'customer_id'");
  call_refused (house->conn, "OB006", "update_customer", "{'customer_id': 100, 'version': 2, 'changes': {'city': 'Bakı'}}");
  call_refused (house->conn, "OB006", "adjust_points", "{'customer_id': 100, 'points': 5, 'reason': 'x'}");
  call_refused (house->conn, "OB006", "set_consent", "{'customer_id': 100, 'channel': 'sms', 'granted': true}");
  call_refused (house->conn, "OB004", "register_customer", "{'given_name': 'X', 'phone': '+994501234567'}");
  assert_ask (house->conn, "100 200", "select string_agg (f::text, ' ' order by f) from oba.customer_family (200) f");
  job_does (house, "fold_rollups", 2);
  assert_ask (house->conn, "5", "select receipts from oba.customer_stats where customer_id = 200");
  g_assert_cmpint (ask_int (house->conn, "select oba.rebuild_rollups ()"), ==, 5);
  all_is_well (house);
  send_home (&staff);
}

/* Back: what was not spent returns lot by lot, with card, chat, consents and fields; what was bought since stays with the survivor. */
static void
test_unmerge (House *house, gconstpointer unused)
{
  Staff staff;
  gint64 id;
  g_autofree char *before_100 = NULL;
  g_autofree char *shown = NULL;
  static const char whole[] = "select string_agg (concat_ws (' ', c.customer_id, c.status, c.phone, c.email, c.notes, a.balance, a.owed, a.tier_id, a.tier_spend, s.receipts, s.revenue, "
                              "(select string_agg (number, ',') from oba.cards k where k.customer_id = c.customer_id), (select chat_id from oba.telegram_links t where t.customer_id = c.customer_id), (select string_agg (segment_id::text, ',' order by segment_id) from oba.segment_members g where g.customer_id = c.customer_id)), '; ' order by c.customer_id)"
                              " from oba.customers c join oba.points_accounts a using (customer_id) join oba.customer_stats s using (customer_id) where c.customer_id in (100, 200)";

  hire (house, &staff);
  furnish (house);
  before_100 = ask (house->conn, whole);
  id = merge_with (&staff, 100, 200, "'phone': 'source', 'telegram': 'survivor'");
  assert_ask (house->conn, "+994501234567", "select phone from oba.customers where customer_id = 200");
  all_is_well (house);
  unmerge (&staff, id);
  assert_ask (house->conn, before_100, whole);
  assert_ask (house->conn, "600 until 2124-01-10, 50 until 2124-02-10", lots_of, 100);
  assert_ask (house->conn, "450 until 2124-03-10", lots_of, 200);
  all_is_well (house);

  /* Again; and now 620 points are spent, the soonest to expire first, something is bought, a field and a card are touched. */
  id = merge_with (&staff, 100, 200, "'city': 'survivor'");
  g_free (call (house->conn, "redeem_points", NULL, "{'customer_id': 200, 'points': 620}"));
  sale (house->conn, 200, "4", "2024-03-12T10:00:00+04:00", 700);
  g_free (call (house->conn, "update_customer", NULL, "{'customer_id': 200, 'version': %" G_GINT64_FORMAT ", 'changes': {'email': 'new@x.az'}}",
                ask_int (house->conn, "select version from oba.customers where customer_id = 200")));
  shown = ask (staff.clerk, "select oba.preview_merge ('{\"merge_id\": %" G_GINT64_FORMAT "}')", id);
  assert_ask (house->conn, "30 650 457 stay back", "select concat_ws (' ', p #>> '{source,after,balance}', p ->> 'moved', p #>> '{survivor,after,balance}', p #>> '{fields,email}', p #>> '{fields,notes}')"
              " from (select $r$%s$r$::jsonb as p) x", shown);
  unmerge (&staff, id);
  assert_account (house, 100, "30 0 1 65000");
  assert_account (house, 200, "457 0 1 45700");
  assert_ask (house->conn, "30 until 2124-02-10", lots_of, 100);
  assert_ask (house->conn, "a@x.az A, new@x.az E", "select string_agg (email || ' ' || notes, ', ' order by customer_id) from oba.customers where customer_id in (100, 200)");
  job_does (house, "fold_rollups", 1);
  all_is_well (house);

  /* What was redeemed then is restored to the one who redeemed. */
  g_free (call (house->conn, "move_redemption", NULL, "{'customer_id': 200, 'redemption_id': 1, 'state': 'cancelled'}"));
  assert_account (house, 200, "1077 0 1 45700");
  all_is_well (house);
  /* Nobody proposes again what was taken apart, and nothing is taken apart twice. */
  assert_ask (house->conn, "not_same", "select state from oba.duplicate_candidates where customer_id = 100 and other_id = 200");
  call_refused (staff.clerk, "OB013", "request_unmerge", "{'merge_id': %" G_GINT64_FORMAT "}", id);
  send_home (&staff);
}

/* Returns and undone redemptions of the merged record move the survivor's points, whatever became of them meanwhile. */
static void
test_later_events (House *house, gconstpointer unused)
{
  Staff staff;
  gint64 id;

  hire (house, &staff);
  furnish (house);
  g_free (call (house->conn, "redeem_points", NULL, "{'customer_id': 100, 'points': 620}"));   /* leaves 30 of the second lot */
  id = merge (&staff, 100, 200);
  assert_account (house, 200, "480 0 2 110000");
  g_free (call (house->conn, "move_redemption", NULL, "{'customer_id': 100, 'redemption_id': 1, 'state': 'cancelled', 'reason': 'x'}"));
  assert_account (house, 100, "0 0 1 0");
  assert_account (house, 200, "1100 0 2 110000");
  all_is_well (house);

  /* The return takes the points of its own receipt first. */
  give_back (house, "2", "1");
  assert_account (house, 200, "1050 0 2 -5000"); /* the twelve months have moved to today */
  assert_ask (house->conn, "0", "select count (*) from oba.points_lots where customer_id = 200 and remaining > 0 and receipt_id = (select receipt_id from oba.receipts where receipt_no = '2')");
  g_free (call (house->conn, "redeem_points", NULL, "{'customer_id': 200, 'points': 1000}"));
  give_back (house, "1", "1");
  assert_account (house, 100, "0 0 1 0");
  assert_account (house, 200, "-550 550 2 -65000");
  all_is_well (house);

  /* What is owed for the source's receipt goes back with it. */
  unmerge (&staff, id);
  assert_account (house, 100, "-550 550 1 -65000");
  assert_account (house, 200, "0 0 1 0");
  sale (house->conn, 200, "9", "2024-03-12T10:00:00+04:00", 1000);
  assert_ask (house->conn, "10", "select balance from oba.points_accounts where customer_id = 200");
  while (ask_int (house->conn, "select oba.fold_rollups ()") > 0)
    ;
  all_is_well (house);
  send_home (&staff);
}

/* All is spent before the way back, and something new was bought with the source's card: nothing comes back, nothing is owed, and the next return says who pays. */
static void
test_unmerge_spent (House *house, gconstpointer unused)
{
  Staff staff;
  gint64 id;

  hire (house, &staff);
  furnish (house);
  id = merge (&staff, 100, 200);
  g_free (call (house->conn, "record_receipt", NULL, "{'store': 1, 'till': 1, 'receipt_no': '6', 'card': '7700-1', 'sold_at': "
                "'2024-04-11T10:00:00+04:00', 'total': 3000, 'lines': [{'product': 1, 'quantity': 1, 'unit_price': 3000, 'total': 3000}]}"));
  assert_account (house, 200, "1130 0 2 113000");
  g_free (call (house->conn, "redeem_points", NULL, "{'customer_id': 200, 'points': 1130}"));
  unmerge (&staff, id);
  assert_account (house, 100, "0 0 1 65000");
  assert_account (house, 200, "0 0 1 48000");
  job_does (house, "fold_rollups", 1);
  all_is_well (house);

  /* The old receipt is the source's again, the new one the survivor's. */
  give_back (house, "1", "1");
  assert_account (house, 100, "-600 600 1 -60000");
  assert_account (house, 200, "0 0 1 48000");
  give_back (house, "6", "1");
  assert_account (house, 200, "-30 30 1 -3000");
  all_is_well (house);
  g_free (call (house->conn, "move_redemption", NULL, "{'customer_id': 200, 'redemption_id': 1, 'state': 'cancelled', 'reason': 'x'}"));
  assert_account (house, 200, "1100 0 1 -3000");
  assert_account (house, 100, "-600 600 1 -60000");
  job_does (house, "fold_rollups", 2);
  all_is_well (house);

  /* The card is the source's again, and what it earns pays the debt. */
  g_free (call (house->conn, "record_receipt", NULL, "{'store': 1, 'till': 1, 'receipt_no': '7', 'card': '7700-1', 'sold_at': "
                "'2024-05-11T10:00:00+04:00', 'total': 1000, 'lines': [{'product': 1, 'quantity': 1, 'unit_price': 1000, 'total': 1000}]}"));
  assert_ask (house->conn, "-590 590", "select balance || ' ' || owed from oba.points_accounts where customer_id = 100");
  job_does (house, "fold_rollups", 1);
  all_is_well (house);
  send_home (&staff);
}

/*
 * A file of sales is checked while the customer is still alone, and posted when it has been merged: the receipts stay with the record that they were
 * written for, the points, the tier and the figures are the survivor's at once. A file that comes later finds the survivor by the old phone.
 */
static void
test_posted_later (House *house, gconstpointer unused)
{
  static const char rows[] = "insert into pg_temp.import_rows (line, store, till, receipt_no, sold_at, customer, product, quantity, total, discount, vat) values"
                             " (1, 'S1', 1, '%s', '%s+04', '%s', 'c:P1', 1000, %s, 0, 0)";
  static const char check[] = "select oba.import_check ('sales', '{}')";
  Staff staff;
  PGconn *importer = house_connect (house);
  gint64 id;

  hire (house, &staff);
  furnish (house);
  run (house->conn, "update oba.customers set phone = '+994701112200' where customer_id = 100");
  run (importer, "begin; select oba.import_stage ('sales')");
  run (importer, rows, "F1", "2024-03-20 10:00:00", "i:CRM-1", "70000");
  g_free (ask (importer, check));
  id = merge (&staff, 100, 200);
  assert_account (house, 200, "1100 0 2 110000");
  run (importer, "select oba.import_post (oba.import_merge ('sales', '{\"file\": \"late.csv\"}')); commit");
  assert_ask (house->conn, "100", "select customer_id from oba.receipts where receipt_no = 'F1'");
  assert_account (house, 100, "0 0 1 0");
  assert_account (house, 200, "1800 0 2 180000");
  assert_ask (house->conn, "600 until 2124-01-10, 50 until 2124-02-10, 450 until 2124-03-10, 700 until 2124-03-20", lots_of, 200);
  job_does (house, "fold_rollups", 1);
  assert_ask (house->conn, "4 180000", "select receipts || ' ' || revenue from oba.customer_stats where customer_id = 200");
  all_is_well (house);

  run (importer, "begin; select oba.import_stage ('sales')");
  run (importer, rows, "F2", "2024-03-21 10:00:00", "p:+994701112200", "1000");
  g_free (ask (importer, check));
  run (importer, "select oba.import_post (oba.import_merge ('sales', '{\"file\": \"later.csv\"}')); commit");
  assert_ask (house->conn, "200", "select customer_id from oba.receipts where receipt_no = 'F2'");
  assert_account (house, 200, "1810 0 2 181000");
  job_does (house, "fold_rollups", 1);
  all_is_well (house);

  /* Apart again: what was written for the source goes back with it. */
  unmerge (&staff, id);
  assert_account (house, 100, "1350 0 2 135000");
  assert_account (house, 200, "460 0 1 46000");
  job_does (house, "fold_rollups", 0);
  all_is_well (house);
  PQfinish (importer);
  send_home (&staff);
}

/* Who owes brings the debt along; points that meet a debt pay it, and stay spent. */
static void
test_debts (House *house, gconstpointer unused)
{
  Staff staff;
  gint64 id;

  hire (house, &staff);
  furnish (house);
  g_free (call (house->conn, "adjust_points", NULL, "{'customer_id': 100, 'points': -640, 'reason': 'spent'}"));
  give_back (house, "1", "1");
  assert_account (house, 100, "-590 590 1 -60000");
  id = merge (&staff, 100, 200);
  assert_account (house, 100, "0 0 1 0");
  assert_account (house, 200, "-140 140 1 -60000");
  all_is_well (house);
  unmerge (&staff, id);
  assert_account (house, 100, "-140 140 1 -60000");
  assert_account (house, 200, "0 0 1 0");
  all_is_well (house);
  id = merge (&staff, 200, 100);
  assert_account (house, 100, "-140 140 1 -60000");
  all_is_well (house);
  send_home (&staff);
}

/* Two persons decide: not the one who asked, not a clerk, not on figures that have changed, not twice. */
static void
test_approval (House *house, gconstpointer unused)
{
  Staff staff;
  PGconn *marketing;
  g_autofree char *asked = NULL;
  g_autofree char *own = NULL;
  g_autofree char *late = NULL;
  g_autofree char *again = NULL;
  gint64 id;

  hire (house, &staff);
  furnish (house);
  marketing = log_in (house, "m_market", "marketing");
  refused (marketing, "42501", "select oba.request_merge ('{\"source\": 100, \"survivor\": 200}')");
  refused (marketing, "42501", "select oba.preview_merge ('{\"source\": 100, \"survivor\": 200}')");
  refused (marketing, "42501", "select * from oba.approvals");
  refused (marketing, "42501", "select * from oba.duplicate_candidates");
  PQfinish (marketing);

  run (house->conn, "insert into oba.approvals (kind, request, preview, customer_ids, requested_by) values ('correction', '{}', '{}', array[100], 'm_clerk')");   /* another matter */
  asked = call (staff.clerk, "request_merge", NULL, "{'source': 100, 'survivor': 200, 'reason': 'one and the same'}");
  id = member (staff.clerk, asked, "approval_id");
  call_refused (staff.clerk, "OB004", "request_merge", "{'source': 200, 'survivor': 100}");
  refused (staff.clerk, "42501", "select oba.decide_approval ('{\"approval_id\": 1, \"approve\": true}')");
  call_refused (staff.boss, "OB001", "decide_approval", "{'approval_id': %" G_GINT64_FORMAT ", 'approve': false}", id);
  call_refused (staff.boss, "OB001", "decide_approval", "{'approval_id': %" G_GINT64_FORMAT ", 'approve': false, 'reason': 'no\xe2\x80\xae'}", id);
  g_free (call (staff.boss, "decide_approval", NULL, "{'approval_id': %" G_GINT64_FORMAT ", 'approve': false, 'reason': 'brothers'}", id));
  call_refused (staff.other_boss, "OB013", "decide_approval", "{'approval_id': %" G_GINT64_FORMAT ", 'approve': true}", id);

  own = call (staff.boss, "request_merge", NULL, "{'source': 100, 'survivor': 200}");
  id = member (staff.clerk, own, "approval_id");
  call_refused (staff.boss, "OB006", "decide_approval", "{'approval_id': %" G_GINT64_FORMAT ", 'approve': true}", id);
  call_refused (staff.clerk, "OB006", "withdraw_approval", "{'approval_id': %" G_GINT64_FORMAT "}", id);

  /* A sale came between: what was approved is not what would be done. */
  sale (house->conn, 100, "9", "2024-03-12T10:00:00+04:00", 1000);
  late = call (staff.other_boss, "decide_approval", "stale", "{'approval_id': %" G_GINT64_FORMAT ", 'approve': true}", id);
  assert_ask (house->conn, "requested true 1110", "select concat_ws (' ', p ->> 'state', p ->> 'stale', p #>> '{preview,survivor,after,balance}') from (select $r$%s$r$::jsonb as p) x", late);
  assert_account (house, 100, "660 0 1 66000");
  again = call (staff.other_boss, "decide_approval", NULL, "{'approval_id': %" G_GINT64_FORMAT ", 'approve': true}", id);
  assert_ask (house->conn, "approved", "select $r$%s$r$::jsonb ->> 'state'", again);
  assert_account (house, 200, "1110 0 2 111000");
  assert_ask (house->conn, "m_boss m_boss2", "select requested_by || ' ' || decided_by from oba.approvals where state = 'approved'");
  job_does (house, "fold_rollups", 1);
  all_is_well (house);
  send_home (&staff);
}

/* Who is blocked, erased, merged already or a store's walk-in is not merged; a request that was overtaken says so. */
static void
test_refused (House *house, gconstpointer unused)
{
  Staff staff;
  g_autofree char *asked = NULL;
  g_autofree char *overtaken = NULL;
  g_autofree char *merged = NULL;
  gint64 id;
  gint64 inner;
  gint64 outer;

  hire (house, &staff);
  run (house->conn, "insert into oba.customers (customer_id, given_name) values (300, 'Aygun')");
  call_refused (staff.clerk, "OB001", "request_merge", "{'source': 100}");
  call_refused (staff.clerk, "OB001", "request_merge", "{'source': 100, 'survivor': 100}");
  call_refused (staff.clerk, "OB001", "request_merge", "{'source': 'x', 'survivor': 100}");
  call_refused (staff.clerk, "OB001", "request_merge", "{'source': 100, 'survivor': 200, 'fields': {'password': 'source'}}");
  call_refused (staff.clerk, "OB001", "request_merge", "{'source': 100, 'survivor': 200, 'fields': {'phone': 'both'}}");
  call_refused (staff.clerk, "OB002", "request_merge", "{'source': 1, 'survivor': 200}");
  call_refused (staff.clerk, "OB002", "request_merge", "{'source': 100, 'survivor': 999}");
  call_refused (staff.clerk, "OB002", "request_unmerge", "{'merge_id': 7}");
  asked = call (staff.clerk, "request_merge", NULL, "{'source': 100, 'survivor': 200}");
  g_free (call (house->conn, "block_customer", NULL, "{'customer_id': 200, 'blocked': true, 'reason': 'fraud'}"));
  id = member (staff.clerk, asked, "approval_id");
  overtaken = call (staff.boss, "decide_approval", NULL, "{'approval_id': %" G_GINT64_FORMAT ", 'approve': true}", id);
  assert_ask (house->conn, "stale A blocked customer is neither merged nor taken apart.", "select concat_ws (' ', p ->> 'state', p ->> 'message') from (select $r$%s$r$::jsonb as p) x", overtaken);
  call_refused (staff.clerk, "OB006", "request_merge", "{'source': 200, 'survivor': 100}");
  g_free (call (house->conn, "block_customer", NULL, "{'customer_id': 200, 'blocked': false, 'reason': 'mistake'}"));

  /* Merged into somebody else while the request waited. */
  g_free (asked);
  asked = call (staff.clerk, "request_merge", NULL, "{'source': 100, 'survivor': 200}");
  run (house->conn, "select oba.merge_customers ('{\"source\": 100, \"survivor\": 300}', null)");
  merged = call (staff.boss, "decide_approval", NULL, "{'approval_id': %" G_GINT64_FORMAT ", 'approve': true}", member (staff.clerk, asked, "approval_id"));
  assert_ask (house->conn, "stale This customer was merged into customer 300.", "select concat_ws (' ', p ->> 'state', p ->> 'message') from (select $r$%s$r$::jsonb as p) x", merged);
  run (house->conn, "select oba.unmerge_customers (jsonb_build_object ('merge_id', merge_id), null) from oba.merges");

  /* A chain is taken apart from its end. */
  inner = merge (&staff, 300, 100);
  call_refused (staff.clerk, "OB006", "request_merge", "{'source': 300, 'survivor': 200}");
  outer = merge (&staff, 100, 200);
  call_refused (staff.clerk, "OB013", "request_unmerge", "{'merge_id': %" G_GINT64_FORMAT "}", inner);
  call_refused (staff.clerk, "OB006", "request_merge", "{'source': 200, 'survivor': 300}");
  unmerge (&staff, outer);
  unmerge (&staff, inner);
  all_is_well (house);
  send_home (&staff);
}

/* Three records of one person: points pass through the middle one, back the same way. */
static void
test_chain (House *house, gconstpointer unused)
{
  Staff staff;
  gint64 inner;
  gint64 outer;

  hire (house, &staff);
  furnish (house);
  run (house->conn, "insert into oba.customers (customer_id, given_name, phone) values (50, 'Aygun', '+994501234568')");
  sale (house->conn, 50, "7", "2024-01-05T10:00:00+04:00", 2000);
  inner = merge (&staff, 50, 100);
  outer = merge (&staff, 100, 200);
  assert_account (house, 200, "1120 0 2 112000");
  assert_ask (house->conn, "50 100 200", "select string_agg (f::text, ' ' order by f) from oba.customer_family (200) f");
  assert_ask (house->conn, "200", "select string_agg (distinct customer_id::text, ' ') from oba.customer_phones");
  give_back (house, "7", "0.5");
  assert_account (house, 200, "1110 0 2 -1000");
  job_does (house, "fold_rollups", 2);
  all_is_well (house);
  unmerge (&staff, outer);
  assert_account (house, 100, "660 0 1 -1000");
  assert_ask (house->conn, "100:50 100:100 200:200", "select string_agg (p.customer_id || ':' || c.customer_id, ' ' order by p.customer_id, c.customer_id) from oba.customer_phones p join oba.customers c using (phone)");
  all_is_well (house);
  unmerge (&staff, inner);
  assert_account (house, 50, "10 0 1 -1000");
  assert_account (house, 100, "650 0 1 0");
  all_is_well (house);
  send_home (&staff);
}

/* A sale with the source's card waits for the merge and then is the survivor's; a merge waits for a sale, and asks again. */
static void
test_sale_meanwhile (House *house, gconstpointer unused)
{
  Staff staff;
  PGconn *till = house_connect (house);
  g_autofree char *asked = NULL;
  g_autofree char *decided = NULL;
  gint64 id;
  PGresult *result;

  hire (house, &staff);
  furnish (house);
  asked = call (staff.clerk, "request_merge", NULL, "{'source': 100, 'survivor': 200}");
  id = member (staff.clerk, asked, "approval_id");
  run (staff.boss, "begin");
  decided = call (staff.boss, "decide_approval", NULL, "{'approval_id': %" G_GINT64_FORMAT ", 'approve': true}", id);
  g_assert_true (PQsendQuery (till, "select oba.record_receipt ('{\"store\": 1, \"till\": 1, \"receipt_no\": \"8\", \"card\": \"7700-1\", \"sold_at\": \"2024-03-12T10:00:00+04:00\","
                                    " \"total\": 1000, \"lines\": [{\"product\": 1, \"quantity\": 1, \"unit_price\": 1000, \"total\": 1000}]}') ->> 'customer_id'"));
  while (ask_int (house->conn, "select count (*) from pg_stat_activity where wait_event_type = 'Lock' and query like '%%7700-1%%' and pid <> pg_backend_pid ()") == 0)
    g_usleep (1000);
  run (staff.boss, "commit");
  result = PQgetResult (till);
  g_assert_cmpstr (PQgetvalue (result, 0, 0), ==, "200");
  PQclear (result);
  g_assert_null (PQgetResult (till));
  assert_account (house, 200, "1110 0 2 111000");
  assert_account (house, 100, "0 0 1 0");
  job_does (house, "fold_rollups", 1);
  all_is_well (house);
  PQfinish (till);
  send_home (&staff);
}

/* Two supervisors approve the same request at once: one does, the other is told. */
static void
test_two_approve (House *house, gconstpointer unused)
{
  Staff staff;
  g_autofree char *asked = NULL;
  g_autofree char *sql = NULL;
  PGresult *result;

  hire (house, &staff);
  furnish (house);
  asked = call (staff.clerk, "request_merge", NULL, "{'source': 100, 'survivor': 200}");
  sql = g_strdup_printf ("select oba.decide_approval ('{\"approval_id\": %" G_GINT64_FORMAT ", \"approve\": true}')", member (staff.clerk, asked, "approval_id"));
  run (staff.boss, "begin");
  run (staff.boss, "%s", sql);
  g_assert_true (PQsendQuery (staff.other_boss, sql));
  while (ask_int (house->conn, "select count (*) from pg_stat_activity where wait_event_type = 'Lock' and usename = 'm_boss2'") == 0)
    g_usleep (1000);
  run (staff.boss, "commit");
  result = PQgetResult (staff.other_boss);
  g_assert_cmpstr (PQresultErrorField (result, PG_DIAG_SQLSTATE), ==, "OB013");
  PQclear (result);
  g_assert_null (PQgetResult (staff.other_boss));
  assert_account (house, 200, "1100 0 2 110000");
  all_is_well (house);
  send_home (&staff);
}

static const char found[] = "select coalesce (string_agg (customer_id || '-' || other_id || ' ' || array_to_string (reasons, '+'), ', ' order by customer_id, other_id), '') from oba.duplicate_candidates where state = 'open'";

static void
look_for_doubles (House *house)
{
  while (ask_int (house->conn, "select oba.find_duplicates (100)") > 0)
    ;
}

/* Who is likely the same: by spelling, birth date, a slip in the phone, e-mail, chat; the job finds the same one by one and all at once. */
static void
test_likely (House *house, gconstpointer unused)
{
  static const char expected[] = "10-11 name_birth, 10-12 similar_name_birth, 11-12 similar_name_birth, 20-21 phone, 30-31 email+name, 40-41 telegram+name, 60-61 name_birth";

  run (house->conn, "insert into oba.customers (customer_id, family_name, given_name, birth_date, phone, email) values"
                    " (10, 'Əliyeva', 'Aysel', '1990-05-01', '+994502000001', null), (11, 'Алиева', 'Айсель', '1990-05-01', '+994552000777', null),"
                    " (12, 'Aliyevva', 'Aisal', '1990-05-01', null, null), (13, 'Qasımov', 'Rauf', '1990-05-01', null, null), (14, 'Əliyeva', 'Aysel', '1991-05-01', null, null),"
                    " (15, 'Hacıyeva', 'Nigar', '2001-02-03', null, null), (16, 'Hacıyeva', 'Leyla', '2001-02-03', null, null), (17, 'Qasımov', 'Ramil', '1990-05-01', null, null),"
                    " (20, 'Quliyev', 'Rəşad', null, '+994503114455', null), (21, 'Guliyev', 'Rashad', null, '+994503141455', null), (22, 'Məmmədov', 'Samir', null, '+994503114456', null),"
                    " (30, 'Babayev', 'Nicat', null, null, 'n@x.az'), (31, 'Babaev', 'Nijat', null, null, 'N@X.az'), (32, 'Babayev', 'Nicat', null, null, null),"
                    " (40, 'Rzayeva', 'Lalə', null, null, null), (41, 'Rzaeva', 'Lale', null, null, null),"
                    " (60, 'Hüseynov', 'Elçin', '1980-01-01', null, null), (61, 'Elçin', 'Hüseynov', '1980-01-01', null, null)");
  g_free (call (house->conn, "link_telegram", NULL, "{'customer_id': 40, 'chat_id': 1, 'username': 'lale'}"));
  g_free (call (house->conn, "link_telegram", NULL, "{'customer_id': 41, 'chat_id': 2, 'username': 'Lale'}"));
  look_for_doubles (house);
  assert_ask (house->conn, expected, found);
  run (house->conn, "delete from oba.duplicate_candidates; insert into oba.duplicate_queue values (0)");
  look_for_doubles (house);
  assert_ask (house->conn, expected, found);

  /* A decision is remembered, a change is looked at, a merged one is gone. */
  g_free (call (house->conn, "keep_apart", NULL, "{'customer_id': 11, 'other_id': 10}"));
  run (house->conn, "update oba.customers set birth_date = '1980-02-02' where customer_id = 61; insert into oba.duplicate_queue values (10), (11)");
  look_for_doubles (house);
  assert_ask (house->conn, "10-12 similar_name_birth, 11-12 similar_name_birth, 20-21 phone, 30-31 email+name, 40-41 telegram+name", found);
  run (house->conn, "insert into oba.duplicate_queue values (0)");
  look_for_doubles (house);
  assert_ask (house->conn, "10-12 similar_name_birth, 11-12 similar_name_birth, 20-21 phone, 30-31 email+name, 40-41 telegram+name", found);
  run (house->conn, "select oba.merge_customers ('{\"source\": 21, \"survivor\": 20}', null); select oba.merge_customers ('{\"source\": 12, \"survivor\": 13}', null)");
  look_for_doubles (house);
  assert_ask (house->conn, "30-31 email+name, 40-41 telegram+name", found);
  g_free (call (house->conn, "keep_apart", NULL, "{'customer_id': 10, 'other_id': 11, 'apart': false}"));
  assert_ask (house->conn, "10-11 name_birth, 30-31 email+name, 40-41 telegram+name", found);
  call_refused (house->conn, "OB002", "keep_apart", "{'customer_id': 10, 'other_id': 999}");
  call_refused (house->conn, "OB001", "keep_apart", "{'customer_id': 10, 'other_id': 10}");
  all_is_well (house);
}

/* Thousands of random steps, merges and their undoing among them: after each stretch every invariant holds, and all points together are what they were. */
static void
test_random (House *house, gconstpointer unused)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (g_test_rand_int_range (0, 1 << 30));
  guint done[8] = { 0 };

  run (house->conn, "insert into oba.customers (customer_id, given_name) select n, 'K' || n from generate_series (300, 305) n");
  g_free (call (house->conn, "save_tier_scheme", NULL,
                "{'version': 1, 'basis': 'spend', 'downgrade': 'after_grace', 'grace_days': 20, 'tiers': [{'tier_id': 1, 'name_az': 'a', 'name_ru': 'a', 'name_en': 'a', 'threshold': 0},"
                " {'tier_id': 2, 'name_az': 'b', 'name_ru': 'b', 'name_en': 'b', 'threshold': 3000}, {'tier_id': 3, 'name_az': 'c', 'name_ru': 'c', 'name_en': 'c', 'threshold': 9000}]}"));
  for (guint i = 0; i < 700; i++)
    {
      guint a = 300 + g_rand_int_range (rand, 0, 6);
      guint b = 300 + g_rand_int_range (rand, 0, 6);
      guint what = g_rand_int_range (rand, 0, 12);
      g_autofree char *sql = NULL;
      PGresult *result;
      const char *state;

      if (what < 4)
        sql = g_strdup_printf ("select oba.record_receipt ('{\"store\": 1, \"till\": 2, \"receipt_no\": \"r%u\", \"sold_at\": \"2024-%02u-%02uT10:00:00+04:00\", \"customer_id\": %u, \"total\": %u,"
                               " \"lines\": [{\"product\": 1, \"quantity\": 10, \"unit_price\": %u, \"total\": %u}]}')",
                               i, 1 + g_rand_int_range (rand, 0, 12), 1 + g_rand_int_range (rand, 0, 28), a, 10 * (i + 5), i + 5, 10 * (i + 5));
      else if (what < 6)
        sql = g_strdup_printf ("select oba.return_lines ('{\"original\": {\"store\": 1, \"till\": 2, \"receipt_no\": \"r%u\"}, \"lines\": [{\"line\": 1, \"quantity\": %u}], \"reason_code\": \"x\"}')",
                               g_rand_int_range (rand, 0, (gint32) i + 1), 1 + g_rand_int_range (rand, 0, 9));
      else if (what < 8)
        sql = g_strdup_printf ("select oba.redeem_points ('{\"customer_id\": %u, \"points\": %u}')", a, 1 + g_rand_int_range (rand, 0, 60));
      else if (what == 8)
        sql = g_strdup_printf ("select oba.move_redemption (jsonb_build_object ('customer_id', customer_id, 'redemption_id', redemption_id, 'state', 'cancelled')) from oba.redemptions"
                               " where state = 'approved' order by md5 ('%u' || redemption_id) limit 1", i);
      else if (what < 11)
        sql = g_strdup_printf ("select oba.merge_customers ('{\"source\": %u, \"survivor\": %u}', null)", a, b);
      else
        sql = g_strdup_printf ("select oba.unmerge_customers (jsonb_build_object ('merge_id', merge_id), null) from oba.merges where undone_at is null order by md5 ('%u' || merge_id) limit 1", i);
      result = PQexec (house->conn, sql);
      state = PQresultErrorField (result, PG_DIAG_SQLSTATE);
      if (state != NULL && !g_str_has_prefix (state, "OB"))
        g_error ("%s: %s", sql, PQresultErrorMessage (result));
      if (state == NULL && PQntuples (result) > 0)
        done[what < 4 ? 0 : what < 6 ? 1 : what < 8 ? 2 : what == 8 ? 3 : what < 11 ? 4 : 5]++;
      PQclear (result);
      if (i % 100 == 99)
        {
          while (ask_int (house->conn, "select oba.fold_rollups () + oba.refresh_lifecycle ()") > 0)
            ;
          all_is_well (house);
        }
    }
  for (guint i = 0; i < 6; i++)
    g_assert_cmpuint (done[i], >, 3);
  assert_ask (house->conn, "0", "select sum (points) from oba.points_ledger where kind = 'transfer'");
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add (path, House, NULL, house_setup, func, house_teardown)
  ADD ("/duplicates/merge", test_merge);
  ADD ("/duplicates/unmerge", test_unmerge);
  ADD ("/duplicates/later-events", test_later_events);
  ADD ("/duplicates/unmerge-spent", test_unmerge_spent);
  ADD ("/duplicates/posted-later", test_posted_later);
  ADD ("/duplicates/debts", test_debts);
  ADD ("/duplicates/approval", test_approval);
  ADD ("/duplicates/refused", test_refused);
  ADD ("/duplicates/chain", test_chain);
  ADD ("/duplicates/sale-meanwhile", test_sale_meanwhile);
  ADD ("/duplicates/two-approve", test_two_approve);
  ADD ("/duplicates/likely", test_likely);
  ADD ("/duplicates/random", test_random);
  status = g_test_run ();
  house_server_stop ();
  return status;
}
