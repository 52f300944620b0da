#include "marked-life.h"

void
say_in_chat (House *house, const char *update_id, const char *chat, const char *state)
{
  run (house->conn,
       "insert into oba.telegram_updates (update_id, chat_id, payload, state, done_at) values (%s, %s, "
       "'{\"message\": {\"text\": \"" MARK "\", \"from\": {\"id\": %s, \"first_name\": \"" MARK "\"}}}', '%s', "
       "case when '%s' in ('done', 'poison') then now() end)",
       update_id, chat, chat, state, state);
}

/* Groups, views of the list, and what is done to many at once. */
static void
live_in_groups (House *house)
{
  PGconn *conn = house->conn;

  g_free (call (conn, "save_view", NULL, "{'name': 'one', 'page': 'customers', 'shared': true, 'query': {'filter': {'text': '" MARK "'}}}"));
  g_free (call (conn, "save_view", NULL, "{'name': 'two', 'page': 'customers', 'query': {'filter': {'text': '055 735-10-01'}}}"));
  g_free (call (conn, "save_view", NULL, "{'name': '" MARK "', 'page': 'customers', 'shared': true, 'query': {'filter': {'text': 'elcin'}}}"));
  g_free (call (conn, "save_view", NULL, "{'name': 'all', 'page': 'customers', 'query': {'filter': {'text': 'elcin'}}}"));
  g_free (call (conn, "save_segment", NULL, "{'name': 'static', 'kind': 'static'}"));
  g_free (call (conn, "save_segment", NULL, "{'name': 'friends of " MARK " " MARK "', 'description': 'ask " PHONE "', 'kind': 'static'}"));
  run (conn, "select oba.export_begin ('{\"kind\": \"customers\", \"format\": \"csv\", \"columns\": [\"phone\"], \"filter\": {\"text\": \"" MARK "\"}}');"
             "select oba.export_begin ('{\"kind\": \"customers\", \"format\": \"csv\", \"columns\": [\"phone\"], \"filter\": {\"text\": \"elcin\"}}')");
  g_free (call (conn, "change_segment_members", NULL, "{'segment_id': 1, 'add': [100, 200]}"));
  g_free (call (conn, "start_bulk", NULL, "{'kind': 'block', 'total': 1, 'parameters': {'reason': 'all of " MARK "'}}"));
  g_free (call (conn, "run_bulk", NULL, "{'action_id': 1, 'from': 0, 'ids': [100]}"));
  g_free (call (conn, "block_customer", NULL, "{'customer_id': 100, 'blocked': false, 'reason': 'a mistake, " MARK "'}"));
}

/* What colleagues wrote to a till that fell silent, and to a cashier who served the customer often. */
static void
live_at_tills (House *house)
{
  PGconn *conn = house->conn;

  run (conn, "insert into oba.till_findings (kind, store_id, till_no, day, receipts, begins_at) values ('silent', 1, 1, '2024-01-10', 30, '2024-01-10 10:00+04');"
             "insert into oba.till_finding_events (finding_id, event_no, state, receipts) values (1, 1, 'open', 30);"
             "insert into oba.cashier_reviews (kind, store_id, cashier, customer_id, from_day, to_day, figures, weight) values ('card', 1, 'Kassir', 100, '2024-01-01', '2024-01-28', '{}', 12);"
             "insert into oba.cashier_review_events (review_id, event_no, state, note) values (1, 1, 'open', 'it is " MARK " again')");
  g_free (call (conn, "explain_finding", NULL, "{'finding_id': 1, 'version': 1, 'state': 'explained', 'reason_code': 'other', 'note': '" MARK " says it was broken'}"));
}

void
live_with_mark (House *house)
{
  PGconn *conn = house->conn;
  g_autofree char *today = ask (conn, "select oba.business_day (now())");

  g_free (call (conn, "update_customer", "u1",
                "{'customer_id': 100, 'version': 1, 'reason': 'asked " MARK "', 'changes': {'given_name': '" MARK
                "', 'family_name': '" MARK "', 'patronymic': '" MARK " Qızılgül', 'phone': '" OLD_PHONE
                "', 'birth_date': '1973-05-11', 'city': '" MARK "', 'email': '" MARK "@post.az', 'notes': 'note " MARK
                "', 'preferred_store_id': 2, 'categories': [1]}}"));
  g_free (call (conn, "update_customer", "u2", "{'customer_id': 100, 'version': 2, 'changes': {'phone': '" PHONE "'}}"));
  /* What a refusal says is kept with its key, too. */
  g_free (call (conn, "update_customer", "u3", "{'customer_id': 100, 'version': 3, 'changes': {'email': '" MARK "'}}"));
  /* To whoever is somebody else. */
  g_free (call (conn, "update_customer", "u4", "{'customer_id': 200, 'version': 1, 'changes': {'phone': '" PHONE "'}}"));
  g_free (call (conn, "register_customer", "r1", "{'given_name': 'X', 'phone': '" PHONE "'}"));
  g_free (call (conn, "block_customer", "b1", "{'customer_id': 100, 'blocked': true, 'reason': 'quarrel " MARK "'}"));
  g_free (call (conn, "block_customer", NULL, "{'customer_id': 100, 'blocked': false, 'reason': 'settled " MARK "'}"));
  g_free (call (conn, "issue_card", NULL, "{'customer_id': 100, 'number': '70010001', 'token': 'card-token-0001'}"));
  g_free (call (conn, "issue_card", NULL, "{'customer_id': 100, 'number': '70010002', 'token': 'card-token-0002'}"));
  g_free (call (conn, "save_view", NULL, "{'name': 'paid', 'page': 'transactions', 'query': {'filter': {'cards': ['70010002', 'OBA-9'], 'customers': [200]}}}"));
  g_free (call (conn, "save_view", NULL, "{'name': 'sold', 'page': 'transactions', 'shared': true, 'query': {'filter': {'text': '70010001'}}}"));
  sale (conn, 100, "1", "2024-01-10T10:00:00+04:00", 150000);
  sale (conn, 100, "2", "2024-01-11T10:00:00+04:00", 5000);
  g_free (call (conn, "record_receipt", NULL,
                "{'store': 1, 'receipt_no': 'S1', 'sold_at': '2024-01-12T10:00:00+04:00', 'customer_id': 100, "
                "'source': 'staff', 'reason': 'paper of " MARK "', 'total': 900, 'lines': [{'product': 1, 'quantity': "
                "1, 'unit_price': 900, 'total': 900}]}"));
  g_free (call (conn, "adjust_points", NULL, "{'customer_id': 100, 'points': 25, 'reason': 'sorry, " MARK "'}"));
  g_free (call (conn, "redeem_points", NULL, "{'customer_id': 100, 'points': 50}"));
  g_free (call (conn, "redeem_points", NULL, "{'customer_id': 100, 'points': 60}"));
  g_free (call (conn, "move_redemption", NULL,
                "{'customer_id': 100, 'redemption_id': 1, 'state': 'handed_out', 'reason': 'to " MARK "'}"));
  g_free (call (conn, "redeem_points", NULL, "{'customer_id': 100, 'points': 10}"));
  g_free (call (conn, "move_redemption", NULL,
                "{'customer_id': 100, 'redemption_id': 3, 'state': 'cancelled', 'reason': 'no, says " MARK "'}"));
  g_free (call (conn, "override_tier", NULL, "{'customer_id': 100, 'tier_id': 3, 'until': '%s', 'reason': 'neighbour of " MARK "'}", today));
  g_free (call (conn, "end_tier_override", NULL, "{'customer_id': 100, 'override_id': 1, 'reason': 'no, says " MARK "'}"));
  g_free (call (conn, "override_tier", NULL, "{'customer_id': 100, 'tier_id': 4, 'until': '%s', 'reason': 'friend of " MARK "'}", today));
  g_free (call (conn, "set_consent", NULL, "{'customer_id': 100, 'channel': 'sms', 'granted': true, 'wording': 'v2'}"));
  g_free (call (conn, "link_telegram", NULL, "{'customer_id': 100, 'chat_id': " OLD_CHAT ", 'username': '" MARK "'}"));
  say_in_chat (house, "1", OLD_CHAT, "done");
  g_free (call (conn, "link_telegram", NULL, "{'customer_id': 100, 'chat_id': " CHAT ", 'username': '" MARK "'}"));
  sale (conn, 100, "3", "2024-01-13T10:00:00+04:00", 700);
  say_in_chat (house, "2", CHAT, "done");
  say_in_chat (house, "3", CHAT, "new");
  say_in_chat (house, "4", CHAT, "poison");
  run (conn, "insert into oba.outbox (customer_id, chat_id, kind, payload) values (100, " CHAT ", 'reply', '{\"text\": \"Salam, " MARK "\"}'),"
             " (0, " CHAT ", 'reply', '{\"text\": \"" MARK "\"}');"
             "insert into oba.telegram_chats values (" CHAT ", now());"
             "insert into oba.telegram_steps (chat_id, step, data) values (" CHAT ", 'start:name', jsonb_build_object ('name', '" MARK "'));"
             "insert into oba.customer_external_ids values ('" MARK "', 100)");
  live_in_groups (house);
  live_at_tills (house);
}

static void
as (House *house, const char *login)
{
  run (house->conn, "set session authorization \"%s\"", login);
}

static void
add_staff (House *house)
{
  run (house->conn, "select oba.staff_add ('mark.clerk', 'Leyla', 'clerk'); select oba.staff_add ('mark.boss', 'Nigar', 'supervisor')");
}

static void
remove_staff (House *house)
{
  run (house->conn, "reset session authorization; delete from oba.staff; drop role \"mark.clerk\"; drop role \"mark.boss\"");
}

void
merge_with_mark (House *house)
{
  PGconn *conn = house->conn;

  add_staff (house);
  run (conn, "insert into oba.customers (customer_id, given_name, family_name, patronymic, phone, email, notes, city, birth_date)"
             " values (300, '" MARK "', '" MARK "', 'other " MARK " Qızılgül', '" OTHER_PHONE "', 'other" MARK "@post.az', 'other note " MARK "', '" MARK "', '1973-05-11'),"
             " (400, 'Zeynəb', 'Z', '', null, null, '', '', null);"
             "insert into oba.customer_external_ids values ('other " MARK "', 300)");
  g_free (call (conn, "issue_card", NULL, "{'customer_id': 300, 'number': '70010003', 'token': 'card-token-0003'}"));
  sale (conn, 300, "4", "2024-01-14T10:00:00+04:00", 3000);
  g_free (call (conn, "redeem_points", NULL, "{'customer_id': 300, 'points': 20}"));
  run (conn, "select oba.find_all_duplicates ()");
  as (house, "mark.clerk");
  g_free (call (conn, "request_merge", NULL,
                "{'source': 300, 'survivor': 100, 'reason': 'same " MARK "', 'fields': {'phone': 'source', 'email': 'source', 'patronymic': 'source'}}"));
  as (house, "mark.boss");
  g_free (call (conn, "decide_approval", NULL, "{'approval_id': 1, 'approve': true, 'reason': 'yes, " MARK "'}"));
  as (house, "mark.clerk");
  g_free (call (conn, "request_merge", NULL, "{'source': 400, 'survivor': 100, 'reason': 'again " MARK "'}"));
  remove_staff (house);
}

void
take_mark_apart (House *house)
{
  PGconn *conn = house->conn;

  /* What is done to the one who is two. */
  g_free (call (conn, "adjust_points", "a1", "{'customer_id': 100, 'points': 25, 'reason': 'sorry, " MARK "'}"));
  g_free (call (conn, "record_receipt", NULL,
                "{'store': 1, 'receipt_no': 'S9', 'sold_at': '2024-01-15T10:00:00+04:00', 'customer_id': 100, 'source': 'staff', "
                "'reason': 'paper of " MARK "', 'total': 900, 'lines': [{'product': 1, 'quantity': 1, 'unit_price': 900, 'total': 900}]}"));
  g_free (call (conn, "block_customer", NULL, "{'customer_id': 100, 'blocked': true, 'reason': 'quarrel " MARK "'}"));
  g_free (call (conn, "block_customer", NULL, "{'customer_id': 100, 'blocked': false, 'reason': 'settled " MARK "'}"));
  run (conn, "insert into oba.outbox (customer_id, chat_id, kind, payload) values (100, null, 'reply', '{\"text\": \"Salam, " MARK "\"}')");
  add_staff (house);
  as (house, "mark.clerk");
  g_free (call (conn, "withdraw_approval", NULL, "{'approval_id': 2}"));
  g_free (call (conn, "request_unmerge", NULL, "{'merge_id': %" G_GINT64_FORMAT ", 'reason': 'not " MARK "'}", ask_int (conn, "select max (merge_id) from oba.merges")));
  as (house, "mark.boss");
  g_free (call (conn, "decide_approval", NULL, "{'approval_id': %" G_GINT64_FORMAT ", 'approve': true, 'reason': 'yes, " MARK "'}",
                ask_int (conn, "select max (approval_id) from oba.approvals")));
  remove_staff (house);
}
