/* Erasure: what is personal is gone from every table, what was sold stays, and nothing brings the person back. */
#include "marked-life.h"

#include <string.h>

#include "customers/oba-customer-query.h"
#include "db/oba-db-sql.h"

/* Every value of every column of every table that could hold it, partitions included, as text. */
static char *
found (House *house, const char *needle)
{
  return ask (
      house->conn,
      "do $d$ declare t record; n bigint; begin "
      "drop table if exists pg_temp.found; create temp table found (place text); "
      "for t in select c.oid::regclass as name, a.attname from pg_class c join pg_attribute a on a.attrelid = c.oid "
      "  where c.relnamespace = 'oba'::regnamespace and c.relkind in ('r', 'm') and a.attnum > 0 and not a.attisdropped loop "
      "  execute format ($q$select count (*) from %%s x where position (lower (%%L) in lower (case when pg_typeof (x.%%I) = "
      "'bytea'::regtype then encode (x.%%I::text::bytea, 'escape') else x.%%I::text end)) > 0$q$, t.name, $n$%s$n$, t.attname, t.attname, t.attname) into n; "
      "  if n > 0 then insert into pg_temp.found values (t.name || '.' || t.attname || ' ' || n); end if; "
      "end loop; end $d$; "
      "select coalesce (string_agg (place, ', ' order by place), '') from pg_temp.found",
      needle);
}

static char *
erase (House *house, gint64 customer, const char *key)
{
  return call (house->conn, "erase_customer", key,
               "{'customer_id': %" G_GINT64_FORMAT ", 'confirm': '%" G_GINT64_FORMAT "', 'reason': 'request'}", customer, customer);
}

static const char *const needles[] = { MARK, MARK_FOLDED, "gizilgul", "055 735-10-01", PHONE, OLD_PHONE, OTHER_PHONE, "994557351", CHAT, OLD_CHAT, "1973-05-11" };

static void
test_nothing_left (House *house, gconstpointer unused)
{
  g_autofree char *sales = NULL;

  live_with_mark (house);
  merge_with_mark (house);
  job_does (house, "fold_rollups", 5);
  sales = ask (house->conn, "select sum (total) || ' ' || count (*) from oba.receipts where customer_id = 100");
  for (guint i = 0; i < G_N_ELEMENTS (needles); i++)
    {
      g_autofree char *places = found (house, needles[i]);

      if (*places == '\0')
        g_error ("%s was planted nowhere: the search is blind", needles[i]);
      g_test_message ("%s: %s", needles[i], places);
    }
  /* The chain was sealed over what was there before. */
  while (ask_int (house->conn, "select oba.audit_seal ()") > 0)
    ;
  g_free (erase (house, 300, "e1")); /* a merged record is the whole person */
  for (guint i = 0; i < G_N_ELEMENTS (needles); i++)
    {
      g_autofree char *places = found (house, needles[i]);

      g_assert_cmpstr (places, ==, "");
    }
  /* What was sold is what it was. */
  assert_ask (house->conn, sales, "select sum (total) || ' ' || count (*) from oba.receipts where customer_id = 100");
  assert_ask (house->conn, "0 0 0", "select balance || ' ' || owed || ' ' || (select coalesce (sum (remaining), 0) from oba.points_lots where customer_id = 100) "
                                    "from oba.points_accounts where customer_id = 100");
  assert_ask (house->conn, "handed_out cancelled cancelled cancelled", "select string_agg (state, ' ' order by customer_id, redemption_id) from oba.redemptions");
  assert_ask (house->conn, "100 300", "select string_agg (customer_id::text, ' ' order by customer_id) from oba.erasures where asked_for = 300");
  assert_ask (house->conn, "stale", "select state from oba.approvals where approval_id = 2");
  assert_ask (house->conn, "4", "select tier_id from oba.points_accounts where customer_id = 100");
  assert_ask (house->conn, "v2 true,  false", "select string_agg (wording || ' ' || granted, ', ' order by consent_id) from oba.consent_history");
  /* The others' work goes on, and a view that looked for one person is not one of all. */
  assert_ask (house->conn, "all elcin, one —, two —, — elcin", "select string_agg (regexp_replace (name, ' [0-9]+$', '') || ' ' || (query #>> '{filter,text}'), ', ' order by name collate \"C\") from oba.list_views"
                                             " where page = 'customers'");
  assert_ask (house->conn, "{\"cards\": [\"OBA-9\"], \"customers\": [100, 200, 300]}, {\"text\": \"—\"}", "select string_agg ((query -> 'filter')::text, ', ' order by name collate \"C\")"
                                             " from oba.list_views where page = 'transactions'");
  assert_ask (house->conn, "static, — 2", "select string_agg (name, ', ' order by segment_id) from oba.segments");
  assert_ask (house->conn, "elcin", "select string_agg (changes #>> '{export,1,filter,text}', ', ') from oba.audit_entries where action = 'export.begin'");
  assert_ask (house->conn, "200", "select string_agg (customer_id::text, ' ') from oba.segment_members");
  /* That it was done, by whom and why; not what. */
  assert_ask (house->conn, "customer.erase {\"erased_for\": [null, \"request\"]} 1",
              "select action || ' ' || changes::text || ' ' || (who = session_user)::int from oba.audit_entries where customer_id = 100 order by audit_id desc limit 1");
  assert_ask (house->conn, "true", "select bool_and (reason is null and changes::text not like '%%sha256%%' and subject_id is distinct from '70010001')::text "
                                   "from oba.audit_entries where customer_id = 100");
  all_is_well (house);
}

/*
 * A text that somebody types or sends, in a table or column that nobody has thought of here: plant the mark in it in marked-life.c, so that the next test
 * tells whether an erasure finds it, or say that it holds no word about customers.
 */
static void
test_every_table (House *house, gconstpointer unused)
{
  /* Codes, logins, names of things, and what is about staff; what a constraint empties; the number of a card, which is looked for where it may be left. */
  static const char harmless[] =
      "customers.blocked_reason customers.sort_name audit_personal.subject_id audit.* audit_seals.* bulk_action_members.* bulk_actions.kind bulk_actions.skipped cards.number categories.* consent_history.wording corrections.* correction_limits.* approvals.limits "
      "cashier_cards.* cashier_days.* cashier_review_events.who cashier_reviews.* duplicate_candidates.reasons earning_rules.* erasures.figures erasures.note expiry_policies.* idempotency_keys.key idempotency_keys.scope import_batches.* birthday_runs.* broadcasts.* message_kinds.* telegram_reports.* telegram_settings.* "
      "list_views.page liability_rules.* lifecycle_changes.* merge_values.field merges.* outbox.error points_accounts.* points_ledger.inputs products.* receipt_keys.* receipts.cashier receipts.fiscal_id rollup_store_baskets.measure rollup_tier_baskets.measure rule_steps.* rule_trials.inputs "
      "receipts.receipt_no receipts.reason_code redemption_moves.* redemptions.proof vouchers.code rewards.* segments.filter staff.* stock_movements.* stores.* telegram_files.* telegram_house.* telegram_polling.* telegram_starts.* telegram_steps.step telegram_updates.error telegram_updates.raw tiers.* tier_schemes.* points_accounts.tier_override tier_overrides.holds till_finding_events.who till_findings.* till_refusals.* till_runs.* tills.*";
  /* Of whichever table. */
  static const char *const codes = "'state', 'kind', 'status', 'channel', 'through', 'source', 'language', 'by_whom', 'made_by', 'requested_by', 'decided_by', 'created_by', 'issued_by', 'linked_by', 'given_by', 'ended_by', 'end_why', "
                                   "'posted_by', 'added_by', 'registered_by', 'registered_through', 'leased_by', 'undone_by', 'owner', 'said_by', 'closed_by', 'why', 'from_state', 'to_state', "
                                   "'lifecycle', 'reason_code', 'preview', 'request'";
  g_autofree char *unplanted = NULL;

  live_with_mark (house);
  merge_with_mark (house);
  g_free (found (house, MARK));
  run (house->conn, "create temp table planted as select distinct regexp_replace (split_part (place, ' ', 1), '_[0-9]{4}_[0-9]{2}([.])', '\\1') as place from pg_temp.found");
  for (guint i = 1; i < G_N_ELEMENTS (needles); i++)
    {
      g_free (found (house, needles[i]));
      run (house->conn, "insert into pg_temp.planted select distinct regexp_replace (split_part (place, ' ', 1), '_[0-9]{4}_[0-9]{2}([.])', '\\1') from pg_temp.found");
    }
  unplanted = ask (house->conn,
                   "select coalesce (string_agg (c.relname || '.' || a.attname, ' ' order by c.relname, a.attnum), '') from pg_class c join pg_attribute a on a.attrelid = c.oid "
                   "where c.relnamespace = 'oba'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and a.attnum > 0 and not a.attisdropped "
                   "and a.atttypid in ('text'::regtype, 'jsonb'::regtype, 'json'::regtype, 'text[]'::regtype) and a.attname not in (%s) "
                   "and not exists (select from pg_temp.planted p where p.place = 'oba.' || c.relname || '.' || a.attname) "
                   "and not string_to_array ('%s', ' ') && array[c.relname || '.' || a.attname, c.relname || '.*']", codes, harmless);
  if (*unplanted != '\0')
    g_error ("nobody knows whether an erasure finds what is in: %s", unplanted);
}

/* Two who were one by mistake: of the one who goes nothing is left with the other, and the other stays whole. */
static void
test_taken_apart (House *house, gconstpointer unused)
{
  static const char *const others[] = { MARK, MARK_FOLDED, OTHER_PHONE };

  merge_with_mark (house);
  take_mark_apart (house);
  assert_ask (house->conn, "[300]", "select oba.preview_erasure ('{\"customer_id\": 300}') -> 'family'");
  while (ask_int (house->conn, "select oba.audit_seal ()") > 0)
    ;
  g_free (erase (house, 300, "e1"));
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autofree char *places = found (house, others[i]);

      g_assert_cmpstr (places, ==, "");
    }
  assert_ask (house->conn, "active Aygün +994501234567 34", "select concat_ws (' ', status, given_name, phone, balance) from oba.customers join oba.points_accounts using (customer_id) where customer_id = 100");
  assert_ask (house->conn, "erased 0", "select status || ' ' || balance from oba.customers join oba.points_accounts using (customer_id) where customer_id = 300");
  assert_ask (house->conn, "true", "select bool_and (changes is not null)::text from oba.audit_entries where customer_id = 100");
  all_is_well (house);
}

/* The same of the one who stood for both. */
static void
test_taken_apart_survivor (House *house, gconstpointer unused)
{
  g_autofree char *places = NULL;

  merge_with_mark (house);
  take_mark_apart (house);
  g_free (erase (house, 100, "e1"));
  places = found (house, "Aygün");
  g_assert_cmpstr (places, ==, "");
  g_free (g_steal_pointer (&places));
  places = found (house, "994501234567");
  g_assert_cmpstr (places, ==, "");
  assert_ask (house->conn, "active " MARK " " OTHER_PHONE " 70010003", "select concat_ws (' ', c.status, given_name, phone, number) from oba.customers c join oba.cards using (customer_id) where customer_id = 300");
  all_is_well (house);
}

static void
move_receipt (House *house, const char *receipt_no, const char *to)
{
  g_free (call (house->conn, "correct_receipt", NULL,
                "{'kind': 'move', 'receipt': {'store': 1, 'till': 1, 'receipt_no': '%s'}, %s 'reason_code': 'wrong_customer', 'reason': 'it was " MARK "', 'seen': 0}", receipt_no, to));
}

/* A receipt that went from one person to another is explained at both: of the one who goes nothing is left at the other, nor at the store. */
static void
test_corrected (House *house, gconstpointer unused)
{
  g_autofree char *places = NULL;

  run (house->conn, "update oba.correction_limits set amount = 1000000000, points = 1000000000, age_days = 36600, own_receipts = false");
  sale (house->conn, 100, "1", "2024-01-10T10:00:00+04:00", 5000);
  sale (house->conn, 200, "2", "2024-01-10T10:00:00+04:00", 7000);
  sale (house->conn, 100, "3", "2024-01-10T10:00:00+04:00", 900);
  move_receipt (house, "1", "'customer_id': 200,");
  move_receipt (house, "2", "'customer_id': 100,");
  move_receipt (house, "3", "");
  while (ask_int (house->conn, "select oba.audit_seal ()") > 0)
    ;
  g_free (erase (house, 100, NULL));
  places = found (house, MARK);
  g_assert_cmpstr (places, ==, "");
  assert_ask (house->conn, "50", "select balance from oba.points_accounts where customer_id = 200");
  assert_ask (house->conn, "3", "select count (*) from oba.corrections");
  all_is_well (house);
  refused (house->conn, "OB009", "update oba.receipts set reason = null where customer_id = 200");
}

/* Asks on a connection of its own, and comes back when the answer has to wait for somebody's lock. */
static PGconn *
ask_and_wait (House *house, const char *sql)
{
  PGconn *other = house_connect (house);

  g_assert_true (PQsendQuery (other, sql));
  while (ask_int (house->conn, "select count (*) from pg_stat_activity where pid = %d and wait_event_type = 'Lock'", PQbackendPID (other)) == 0)
    g_usleep (1000);
  return other;
}

/* The state that the answer has, "" when it was done. (transfer full) */
static char *
finish_asking (PGconn *other)
{
  PGresult *result = PQgetResult (other);
  char *state = g_strdup (PQresultErrorField (result, PG_DIAG_SQLSTATE));

  PQclear (result);
  PQfinish (other);
  return state != NULL ? state : g_strdup ("");
}

#define ERASE_100 "select oba.erase_customer ('{\"customer_id\": 100, \"confirm\": \"100\", \"reason\": \"request\", \"family\": [100]}', 'test', 'e1')"

#define SALE_OF(customer, no) \
  "select oba.record_receipt ('{\"store\": 1, \"till\": 1, \"receipt_no\": \"" no "\", \"sold_at\": \"2024-01-10T10:00:00+04:00\", \"customer_id\": " customer "," \
  " \"total\": 5000, \"lines\": [{\"product\": 1, \"quantity\": 1, \"unit_price\": 5000, \"total\": 5000}]}')"

/* A till books while the person is erased, and the other way round: the points of the first are forfeited, the second is nobody's. */
static void
test_with_a_sale (House *house, gconstpointer unused)
{
  g_autofree char *first = NULL, *second = NULL;
  PGconn *till = house_connect (house);
  PGconn *other;

  run (till, "begin");
  run (till, "%s", SALE_OF ("100", "1"));
  other = ask_and_wait (house, ERASE_100);
  run (till, "commit");
  first = finish_asking (other);
  g_assert_cmpstr (first, ==, "");
  assert_ask (house->conn, "0 erased 1", "select concat_ws (' ', balance, status, (select count (*) from oba.receipts r where r.customer_id = 100)) "
                                         "from oba.points_accounts join oba.customers using (customer_id) where customer_id = 100");
  run (till, "begin");
  g_free (call (till, "erase_customer", NULL, "{'customer_id': 200, 'confirm': '200', 'reason': 'request'}"));
  other = ask_and_wait (house, SALE_OF ("200", "2"));
  run (till, "commit");
  second = finish_asking (other);
  g_assert_cmpstr (second, ==, "");
  assert_ask (house->conn, "0 true", "select balance || ' ' || (not exists (select from oba.receipts r where r.customer_id = 200))::text from oba.points_accounts where customer_id = 200");
  PQfinish (till);
  all_is_well (house);
}

/* Merged in at the very moment: whoever was not shown is not erased. */
static void
test_with_a_merge (House *house, gconstpointer unused)
{
  g_autofree char *state = NULL;
  PGconn *boss;
  PGconn *other;

  run (house->conn, "select oba.staff_add ('race.clerk', 'Leyla', 'clerk'); select oba.staff_add ('race.boss', 'Nigar', 'supervisor');"
                    "set session authorization \"race.clerk\"; select oba.request_merge ('{\"source\": 200, \"survivor\": 100}', 'test', 'm1'); reset session authorization");
  boss = house_connect (house);
  run (boss, "set session authorization \"race.boss\"; begin; select oba.decide_approval ('{\"approval_id\": 1, \"approve\": true}', 'test', 'm2')");
  other = ask_and_wait (house, ERASE_100);
  run (boss, "commit");
  state = finish_asking (other);
  g_assert_cmpstr (state, ==, "");
  assert_ask (house->conn, "OB003 100 active, 200 merged",
              "select (select answer ->> 'code' from oba.idempotency_keys where key = 'e1') || ' ' || string_agg (customer_id || ' ' || status, ', ' order by customer_id) "
              "from oba.customers where customer_id in (100, 200)");
  PQfinish (boss);
  run (house->conn, "delete from oba.staff; drop role \"race.clerk\"; drop role \"race.boss\"");
  all_is_well (house);
}

/* Before it is erased the trail says all; each value is proven by the chain, and a changed one is seen. */
static void
test_audit_values (House *house, gconstpointer unused)
{
  g_free (call (house->conn, "update_customer", NULL,
                "{'customer_id': 100, 'version': 1, 'changes': {'city': 'Şəki', 'notes': 'n'}, 'reason': 'moved'}"));
  g_free (call (house->conn, "issue_card", NULL, "{'customer_id': 100, 'number': '70010001', 'token': 'card-token-0001'}"));
  assert_ask (house->conn, "0", "select count (*) from oba.audit where changes::text like '%%Şəki%%' or reason = 'moved' or subject_id = '70010001'");
  assert_ask (house->conn, "{\"city\": [\"\", \"Şəki\"], \"notes\": [\"\", \"n\"]} moved, {} 70010001",
              "select string_agg (changes::text || ' ' || coalesce (reason, subject_id), ', ' order by audit_id) from oba.audit_entries where customer_id = 100");
  all_is_well (house);
  refused (house->conn, "OB009", "update oba.audit_personal set reason = 'x'");
  refused (house->conn, "OB009", "delete from oba.audit_personal");
  refused (house->conn, "OB009", "delete from oba.erasures; truncate oba.audit_personal");
  /* One name twice has two digests: nobody learns from one entry what stands in another. */
  g_free (call (house->conn, "update_customer", NULL, "{'customer_id': 100, 'version': 2, 'changes': {'city': 'Quba'}}"));
  g_free (call (house->conn, "update_customer", NULL, "{'customer_id': 100, 'version': 3, 'changes': {'city': 'Şəki'}}"));
  assert_ask (house->conn, "0", "select count (*) from (select changes #>> '{city,1}' from oba.audit where customer_id = 100 and changes ? 'city' "
                                "group by 1 having count (*) > 1) x");
}

/* The narrow exception is the erasure's: neither the owner nor a superuser takes it, and a half of it changes nothing. */
static void
test_only_erasing (House *house, gconstpointer unused)
{
  g_free (call (house->conn, "adjust_points", NULL, "{'customer_id': 100, 'points': 25, 'reason': 'x'}"));
  refused (house->conn, "OB009", "update oba.points_ledger set reason = null where customer_id = 100");
  refused (house->conn, "OB009", "set role oba_owner; update oba.points_ledger set reason = null");
  run (house->conn, "reset role");
  g_free (erase (house, 100, NULL));
  refused (house->conn, "OB009", "update oba.points_ledger set reason = null");
  run (house->conn, "begin; insert into oba.erasures (customer_id, reason_code, asked_for, figures) values (200, 'law', 200, '{}')");
  refused (house->conn, "OB009", "update oba.points_ledger set reason = null where customer_id = 100");
  run (house->conn, "rollback");
  g_free (call (house->conn, "adjust_points", NULL, "{'customer_id': 200, 'points': 25, 'reason': 'x'}"));
  run (house->conn, "begin; insert into oba.erasures (customer_id, reason_code, asked_for, figures) values (200, 'law', 200, '{}')");
  refused (house->conn, "OB009", "update oba.points_ledger set reason = null, points = 1 where customer_id = 200");
  run (house->conn, "rollback; begin; insert into oba.erasures (customer_id, reason_code, asked_for, figures) values (200, 'law', 200, '{}')");
  refused (house->conn, "OB009", "update oba.points_ledger set reason = 'y' where customer_id = 200");
  run (house->conn, "rollback");
}

/* Not by a slip, not twice, not by anybody; and afterwards nobody changes the empty record. */
static void
test_refused (House *house, gconstpointer unused)
{
  call_refused (house->conn, "OB001", "erase_customer", "{'customer_id': 100, 'confirm': '200', 'reason': 'request'}");
  call_refused (house->conn, "OB001", "erase_customer", "{'customer_id': 100, 'reason': 'request'}");
  call_refused (house->conn, "OB001", "erase_customer", "{'customer_id': 100, 'confirm': '100', 'reason': 'I felt like it'}");
  call_refused (house->conn, "OB002", "erase_customer", "{'customer_id': 999, 'confirm': '999', 'reason': 'request'}");
  call_refused (house->conn, "OB002", "erase_customer", "{'customer_id': 1, 'confirm': '1', 'reason': 'request'}"); /* walk-in */
  assert_ask (house->conn, "Aygün", "select given_name from oba.customers where customer_id = 100");
  g_free (erase (house, 100, "e1"));
  assert_ask (house->conn, "true", "select oba.erase_customer ('{\"reason\": \"request\", \"confirm\": \"100\", \"customer_id\": 100}', 'test', 'e1') ->> 'replayed'");
  call_refused (house->conn, "OB013", "erase_customer", "{'customer_id': 100, 'confirm': '100', 'reason': 'request'}");
  call_refused (house->conn, "OB013", "preview_erasure", "{'customer_id': 100}");
  /* The colleague who had the form open. */
  call_refused (house->conn, "OB006", "update_customer", "{'customer_id': 100, 'version': 1, 'changes': {'city': 'Quba'}}");
  call_refused (house->conn, "OB006", "block_customer", "{'customer_id': 100, 'blocked': true, 'reason': 'x'}");
  call_refused (house->conn, "OB002", "set_consent", "{'customer_id': 100, 'channel': 'sms', 'granted': true}");
  call_refused (house->conn, "OB002", "link_telegram", "{'customer_id': 100, 'chat_id': 5}");
  call_refused (house->conn, "OB002", "issue_card", "{'customer_id': 100, 'number': '70010009', 'token': 'card-token-0009'}");
  call_refused (house->conn, "OB006", "adjust_points", "{'customer_id': 100, 'points': 5, 'reason': 'x'}");
  refused (house->conn, "OB006", "update oba.customers set status = 'active' where customer_id = 100");
  refused (house->conn, "23514", "update oba.customers set given_name = 'Aygün' where customer_id = 100");
}

/* What is kept with the erasure proves it, and leads to nobody. */
static void
test_note (House *house, gconstpointer unused)
{
  static const char *const naming[] = { "letter of Aygün", "AYGUN", "tel 050 123 45 67", "+994501234567", "card 70010001", "Aygün@post.az" };
  static const char ask_for[] = "{'customer_id': 100, 'confirm': '100', 'reason': 'request', 'note': '%s'}";

  run (house->conn, "update oba.customers set email = 'aygün@post.az' where customer_id = 100");
  g_free (call (house->conn, "issue_card", NULL, "{'customer_id': 100, 'number': '70010001', 'token': 'card-token-0001'}"));
  for (guint i = 0; i < G_N_ELEMENTS (naming); i++)
    call_refused (house->conn, "OB001", "erase_customer", ask_for, naming[i]);
  call_refused (house->conn, "OB001", "erase_customer", ask_for, "two\\nlines");
  call_refused (house->conn, "OB001", "erase_customer", "{'customer_id': 100, 'confirm': '100', 'reason': 'request', 'note': '%0201d'}", 0);
  g_free (call (house->conn, "erase_customer", NULL, ask_for, " letter 12/2026 <b>; drop "));
  assert_ask (house->conn, "letter 12/2026 <b>; drop", "select note from oba.erasures");
}

/* Who was merged in after the figures were shown is not erased by the way. */
static void
test_family_changed (House *house, gconstpointer unused)
{
  static const char ask_for[] = "{'customer_id': %d, 'confirm': '%d', 'reason': 'request', 'family': %s}";

  assert_ask (house->conn, "[100]", "select oba.preview_erasure ('{\"customer_id\": 100}') -> 'family'");
  merge_with_mark (house);
  call_refused (house->conn, "OB003", "erase_customer", ask_for, 100, 100, "[100]");
  call_refused (house->conn, "OB003", "erase_customer", ask_for, 300, 300, "[300]");
  assert_ask (house->conn, "[100, 300]", "select oba.preview_erasure ('{\"customer_id\": 300}') -> 'family'");
  g_free (call (house->conn, "erase_customer", NULL, ask_for, 300, 300, "[100, 300]"));
  assert_ask (house->conn, "100 300", "select string_agg (customer_id::text, ' ' order by customer_id) from oba.customers where status = 'erased'");
}

/* The figures that are shown before are those that go. */
static void
test_figures (House *house, gconstpointer unused)
{
  g_autofree char *before = NULL;
  g_autofree char *answer = NULL;

  live_with_mark (house);
  job_does (house, "fold_rollups", 4);
  before = call (house->conn, "preview_erasure", NULL, "{'customer_id': 100}");
  assert_ask (house->conn, "1 4 1541 1 2 6", "select concat_ws (' ', f ->> 'records', f ->> 'receipts', f ->> 'points', f ->> 'redemptions', f ->> 'cards', f ->> 'messages') "
                                             "from (select $j$%s$j$::jsonb as f) x", before);
  answer = erase (house, 100, NULL);
  assert_ask (house->conn, "true", "select (($j$%s$j$::jsonb - 'customer_id' - 'family') = ($j$%s$j$::jsonb -> 'figures'))::text", before, answer);
}

/* The card in the drawer and the till's late batch: a walk-in's purchase, counted, and nobody earns. */
static void
test_late_sales (House *house, gconstpointer unused)
{
  static const char receipt[] = "{'store': 1, 'till': 2, 'receipt_no': '%s', 'sold_at': '2024-01-20T10:00:00+04:00', %s, 'total': 500, "
                                "'lines': [{'product': 1, 'quantity': 1, 'unit_price': 500, 'total': 500}]}";
  static const char *const who[] = { "'card': 'card-token-0001'", "'card': '70010001'", "'customer_id': 100" };

  g_free (call (house->conn, "issue_card", NULL, "{'customer_id': 100, 'number': '70010001', 'token': 'card-token-0001'}"));
  sale (house->conn, 100, "1", "2024-01-10T10:00:00+04:00", 5000);
  g_free (erase (house, 100, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (who); i++)
    {
      g_autofree char *no = g_strdup_printf ("L%u", i);
      g_autofree char *answer = call (house->conn, "record_receipt", NULL, receipt, no, who[i]);

      assert_ask (house->conn, "true", "select ((($j$%s$j$::jsonb) ->> 'customer_id')::bigint = (select customer_id from oba.walk_ins where store_id = 1))::text", answer);
    }
  assert_ask (house->conn, "1", "select count (*) from oba.receipts where customer_id = 100");
  /* The same receipt again, from before: its first answer. */
  assert_ask (house->conn, "1 1", "select count (*) || ' ' || count (distinct receipt_id) from oba.receipts where receipt_no = '1'");
  call_refused (house->conn, "OB004", "issue_card", "{'customer_id': 200, 'number': '70010001', 'token': 'card-token-0001'}");
  call_refused (house->conn, "OB002", "record_receipt",
                "{'store': 1, 'receipt_no': 'X', 'sold_at': '2024-01-20T10:00:00+04:00', 'customer_id': 100, 'source': 'staff', 'total': 500, "
                "'lines': [{'product': 1, 'quantity': 1, 'unit_price': 500, 'total': 500}]}");
  all_is_well (house);
}

/* A file of sales that comes late: with the card of one who is gone a purchase of nobody; a number that never was a card is a fault of the file. */
static void
test_late_file (House *house, gconstpointer unused)
{
  g_free (call (house->conn, "issue_card", NULL, "{'customer_id': 100, 'number': '70010001', 'token': 'card-token-0001'}"));
  g_free (call (house->conn, "issue_card", NULL, "{'customer_id': 200, 'number': '70010002', 'token': 'card-token-0002'}"));
  g_free (erase (house, 100, NULL));
  run (house->conn, "begin; select oba.import_stage ('sales'); insert into pg_temp.import_rows (line, store, till, receipt_no, sold_at, customer, product, quantity, total, discount, vat) "
                    "select n, (select code from oba.stores where store_id = 1), 1, 'F' || n, timestamptz '2024-01-20 10:00+04', 'c:7001000' || n, "
                    "(select 'c:' || code from oba.products where product_id = 1), 1000, 500, 0, 0 from generate_series (1, 3) n");
  assert_ask (house->conn, "2 1 {\"unknown:customer\": 1}",
              "select concat_ws (' ', a ->> 'receipts', a ->> 'anonymous', a ->> 'rejected') from oba.import_check ('sales', '{}') a");
  run (house->conn, "select oba.post_batch (oba.import_merge ('sales', '{}')); commit");
  assert_ask (house->conn, "F1 store, F2 person", "select string_agg (receipt_no || ' ' || case when c.kind = 'person' then 'person' else 'store' end, ', ' order by receipt_no) "
                                                   "from oba.receipts r join oba.customers c using (customer_id)");
  all_is_well (house);
}

/* Goods come back for money; points that were forfeited are not owed. */
static void
test_return (House *house, gconstpointer unused)
{
  sale (house->conn, 100, "1", "2024-01-10T10:00:00+04:00", 5000);
  g_free (erase (house, 100, NULL));
  g_free (call (house->conn, "return_lines", NULL,
                "{'original': {'store': 1, 'till': 1, 'receipt_no': '1'}, 'lines': [{'line': 1, 'quantity': 0.5}], 'reason_code': 'x'}"));
  g_free (call (house->conn, "return_lines", NULL, "{'original': {'store': 1, 'till': 1, 'receipt_no': '1'}, 'kind': 'void', 'reason_code': 'x'}"));
  assert_ask (house->conn, "0", "select sum (total) from oba.receipts where customer_id = 100");
  assert_ask (house->conn, "0 0", "select balance || ' ' || owed from oba.points_accounts where customer_id = 100");
  all_is_well (house);
}

/* In no order of the list and in no search; there for who asks for the erased. */
static void
test_hidden (House *house, gconstpointer unused)
{
  g_autoptr (ObaCustomerFilter) filter = oba_customer_filter_new ();
  g_autoptr (ObaCustomerQuery) erased = NULL;
  g_autofree char *sql = NULL;

  g_free (erase (house, 100, NULL));
  for (guint sort = 0; sort < OBA_CUSTOMER_N_SORTS; sort++)
    {
      g_autoptr (ObaCustomerQuery) query = oba_customer_query_new (NULL, sort, sort % 2);
      g_autofree char *all = oba_customer_query_get_sql (query, 0);

      assert_ask (house->conn, "200", "select string_agg (x::text, ' ') from (%s) q (x)", all);
    }
  oba_customer_filter_add_name (filter, OBA_CUSTOMER_FILTER_STATUS, "erased");
  erased = oba_customer_query_new (filter, OBA_CUSTOMER_SORT_NAME, FALSE);
  sql = oba_customer_query_get_sql (erased, 0);
  assert_ask (house->conn, "100", "prepare q as %s; execute q (array['erased'])", sql);
  assert_ask (house->conn, "1", "%s", oba_db_sql ("customers/count.sql"));
}

/* The number is free for whoever has it now, by form and by file; the erased record stays what it is. */
static void
test_again (House *house, gconstpointer unused)
{
  g_free (erase (house, 100, NULL));
  g_free (call (house->conn, "register_customer", NULL, "{'given_name': 'Aygün', 'phone': '+994501234567'}"));
  assert_ask (house->conn, "true", "select (customer_id > 1000)::text from oba.customer_phones where phone = '+994501234567'");
  g_free (erase (house, 200, NULL));
  run (house->conn, "begin; select oba.import_stage ('customers'); insert into pg_temp.import_rows (line, phone, given_name) values (1, '+994701112233', 'Elçin');"
                    "select oba.import_check ('customers', '{}'); select oba.import_merge ('customers', '{}'); commit");
  assert_ask (house->conn, "true", "select (customer_id > 1000)::text from oba.customer_phones where phone = '+994701112233'");
  assert_ask (house->conn, "erased erased", "select string_agg (status, ' ') from oba.customers where customer_id in (100, 200)");
  all_is_well (house);
}

/* A supervisor erases, a clerk does not; giving out is noted. */
static void
test_rights (House *house, gconstpointer unused)
{
  PGconn *conn = house_connect (house);

  run (conn, "create role eraser_test login; grant oba_clerk to eraser_test; set session authorization eraser_test");
  call_refused (conn, "42501", "erase_customer", "{'customer_id': 100, 'confirm': '100', 'reason': 'request'}");
  call_refused (conn, "42501", "preview_erasure", "{'customer_id': 100}");
  call_refused (conn, "42501", "record_access", "{'customer_id': 100, 'format': 'pdf'}");
  refused (conn, "42501", "select * from oba.audit_entries");
  refused (conn, "42501", "insert into oba.erasures (customer_id, reason_code, asked_for, figures) values (100, 'law', 100, '{}')");
  run (conn, "reset session authorization; grant oba_supervisor to eraser_test; set session authorization eraser_test");
  g_free (call (conn, "record_access", NULL, "{'customer_id': 100, 'format': 'pdf'}"));
  call_refused (conn, "OB001", "record_access", "{'customer_id': 100, 'format': 'exe'}");
  g_free (call (conn, "erase_customer", NULL, "{'customer_id': 100, 'confirm': ' 100 ', 'reason': 'law'}"));
  assert_ask (conn, "eraser_test law", "select by_whom || ' ' || reason_code from oba.erasures");
  assert_ask (conn, "customer.access {\"given_as\": [null, \"pdf\"]} eraser_test",
              "select action || ' ' || changes::text || ' ' || who from oba.audit_entries where customer_id = 100 order by audit_id limit 1");
  PQfinish (conn);
  run (house->conn, "drop role eraser_test");
}

/* A chat that the person has given away stays the other's. */
static void
test_chat_of_another (House *house, gconstpointer unused)
{
  g_free (call (house->conn, "link_telegram", NULL, "{'customer_id': 100, 'chat_id': " CHAT "}"));
  sale (house->conn, 100, "1", "2024-01-10T10:00:00+04:00", 5000);
  g_free (call (house->conn, "unlink_telegram", NULL, "{'customer_id': 100}"));
  g_free (call (house->conn, "link_telegram", NULL, "{'customer_id': 200, 'chat_id': " CHAT "}"));
  sale (house->conn, 200, "2", "2024-01-10T10:00:00+04:00", 5000);
  say_in_chat (house, "1", CHAT, "new");
  g_free (erase (house, 100, NULL));
  assert_ask (house->conn, "200", "select string_agg (customer_id::text, ' ') from oba.outbox");
  assert_ask (house->conn, "new", "select state from oba.telegram_updates");
  assert_ask (house->conn, "200", "select customer_id from oba.telegram_links");
  all_is_well (house);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *) a, *(const char *const *) b);
}

/* Runs the migrations whose names are from @first on and below @end. */
static void
migrate (House *house, const char *first, const char *end)
{
  g_auto (GStrv) files = g_resources_enumerate_children ("/az/oba/migrations", 0, NULL);

  qsort (files, g_strv_length (files), sizeof (char *), compare);
  for (guint i = 0; files[i] != NULL; i++)
    if (strcmp (files[i], first) >= 0 && strcmp (files[i], end) < 0)
      {
        g_autofree char *path = g_strconcat ("/az/oba/migrations/", files[i], NULL);
        g_autoptr (GBytes) sql = g_resources_lookup_data (path, 0, NULL);

        run (house->conn, "begin; %.*s; commit", (int) g_bytes_get_size (sql), (const char *) g_bytes_get_data (sql, NULL));
      }
}

/* A database that was in use before values were kept apart: they are moved out, and the chain holds. */
static void
test_filled (House *house, gconstpointer unused)
{
  House old = { .conninfo = house_empty () };

  old.conn = house_connect (&old);
  migrate (&old, "0001", "0040");
  run (old.conn, "insert into oba.customers (customer_id, given_name) values (100, 'Aygün');"
                 "insert into oba.categories (code, name_az) values ('C', 'C'); update oba.categories set name_az = 'D';"
                 "select oba.update_customer ('{\"customer_id\": 100, \"version\": 1, \"changes\": {\"city\": \"" MARK "\"}, \"reason\": \"" MARK "\"}');"
                 "select oba.issue_card ('{\"customer_id\": 100, \"number\": \"70010001\", \"token\": \"card-token-0001\"}')");
  while (ask_int (old.conn, "select oba.audit_seal ()") > 0)
    ;
  migrate (&old, "0040", "9999");
  assert_ask (old.conn, "0", "select count (*) from oba.audit where (changes::text || coalesce (reason, '') || subject_id) ~ '" MARK "|70010001'");
  assert_ask (old.conn, "{\"name_az\": [\"C\", \"D\"]}, {\"city\": [\"\", \"" MARK "\"]} " MARK ", 70010001",
              "select string_agg (concat_ws (' ', nullif (changes, '{}')::text, reason, case when subject = 'card' then subject_id end), ', ' order by audit_id) "
              "from oba.audit_entries where subject in ('category', 'customer', 'card')");
  all_is_well (&old);
  g_free (erase (&old, 100, NULL));
  all_is_well (&old);
  PQfinish (old.conn);
  g_free (old.conninfo);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add (path, House, NULL, house_setup, func, house_teardown)
  ADD ("/erasure/nothing-left", test_nothing_left);
  ADD ("/erasure/every-table", test_every_table);
  ADD ("/erasure/taken-apart", test_taken_apart);
  ADD ("/erasure/taken-apart-survivor", test_taken_apart_survivor);
  ADD ("/erasure/corrected", test_corrected);
  ADD ("/erasure/with-a-sale", test_with_a_sale);
  ADD ("/erasure/with-a-merge", test_with_a_merge);
  ADD ("/erasure/audit-values", test_audit_values);
  ADD ("/erasure/only-erasing", test_only_erasing);
  ADD ("/erasure/refused", test_refused);
  ADD ("/erasure/note", test_note);
  ADD ("/erasure/family-changed", test_family_changed);
  ADD ("/erasure/figures", test_figures);
  ADD ("/erasure/late-sales", test_late_sales);
  ADD ("/erasure/late-file", test_late_file);
  ADD ("/erasure/return", test_return);
  ADD ("/erasure/again", test_again);
  ADD ("/erasure/hidden", test_hidden);
  ADD ("/erasure/rights", test_rights);
  ADD ("/erasure/chat-of-another", test_chat_of_another);
  ADD ("/erasure/filled", test_filled);
  status = g_test_run ();
  house_server_stop ();
  return status;
}
