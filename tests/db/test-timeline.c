/* The timeline of a person, why their points are what they are, and what their purchases tell: complete, exact, and no more than one may see. */
#include "schema-house.h"

#include <string.h>

#include "base/oba-error.h"
#include "customers/oba-customer-insight.h"
#include "customers/oba-timeline.h"
#include "oba-test-wait.h"

/* ---- what happens to a person */

static void
fold (House *house)
{
  gint64 deadline = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;

  while (ask_int (house->conn, "select count (*) from oba.receipts, oba.rollup_state where xid >= folded_below") > 0)
    {
      run (house->conn, "select oba.fold_rollups ()");
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
    }
  while (ask_int (house->conn, "select oba.refresh_lifecycle ()") > 0)
    ;
}

/* Something of every kind for customer 100; 200 has a life of their own that must not show. */
static void
live (House *house)
{
  PGconn *conn = house->conn;

  run (conn, "insert into oba.rewards (code, kind, name_az, name_en, cost, state, valid_from, valid_to) values ('R1', 'gift', 'Fincan', 'Cup', 100, 'live', '2020-01-01', '2099-01-01')");
  g_free (call (conn, "link_telegram", NULL, "{'customer_id': 100, 'chat_id': 77, 'username': 'aygun'}"));
  g_free (call (conn, "set_consent", NULL, "{'customer_id': 100, 'channel': 'sms', 'granted': true, 'store_id': 1, 'wording': 'v3'}"));
  g_free (call (conn, "set_consent", NULL, "{'customer_id': 100, 'channel': 'sms', 'granted': false}"));
  g_free (call (conn, "issue_card", NULL, "{'customer_id': 100, 'token': 'OBA1.secret', 'number': '7700-1'}"));
  sale (conn, 100, "1", "2024-01-10T10:00:00+04:00", 150000);
  sale (conn, 100, "2", "2024-01-11T10:00:00+04:00", 9950);
  g_free (call (conn, "return_lines", NULL,
                "{'original': {'store': 1, 'till': 1, 'receipt_no': '2'}, 'sold_at': '2024-01-13T10:00:00+04:00', "
                "'lines': [{'line': 1, 'quantity': 0.5}], 'reason_code': 'x', 'reason': 'torn'}"));
  g_free (call (conn, "adjust_points", NULL, "{'customer_id': 100, 'points': 25, 'reason': 'sorry'}"));
  g_free (call (conn, "redeem_points", NULL, "{'customer_id': 100, 'reward_id': 1}"));
  g_free (call (conn, "redeem_points", NULL, "{'customer_id': 100, 'points': 60}"));
  g_free (call (conn, "move_redemption", NULL, "{'customer_id': 100, 'redemption_id': 2, 'state': 'cancelled', 'reason': 'mistake'}"));
  g_free (call (conn, "update_customer", NULL, "{'customer_id': 100, 'version': 1, 'changes': {'city': 'Gəncə'}, 'reason': 'moved'}"));
  g_free (call (conn, "lock_spending", NULL, "{'customer_id': 100, 'locked': true}"));
  run (conn, "insert into oba.telegram_updates (update_id, chat_id, payload, state, done_at) values"
       " (5, 77, '{\"message\": {\"text\": \"/profile now\"}}', 'done', now()), (6, 77, '{\"message\": {\"text\": \"my secret\"}}', 'done', now()),"
       " (7, 78, '{\"message\": {\"text\": \"/profile\"}}', 'done', now())");
  sale (conn, 200, "3", "2024-01-12T10:00:00+04:00", 777);
  g_free (call (conn, "set_consent", NULL, "{'customer_id': 200, 'channel': 'sms', 'granted': true}"));
  fold (house);
}

/* ---- reading as a login */

typedef struct
{
  ObaDbPool *pool;
} Reader;

static Reader
reader_open (House *house, const char *role)
{
  g_autofree char *login = role != NULL ? g_strdup_printf ("timeline_%s", role) : NULL;
  g_autofree char *conninfo = role != NULL ? g_strdup_printf ("%s user=%s", house->conninfo, login) : g_strdup (house->conninfo);

  if (role != NULL)
    run (house->conn, "select oba.staff_add ('%s', 'X', '%s')", login, role);
  return (Reader) { oba_db_pool_new (conninfo, 1, OBA_DB_CONNECTION_DEFAULT) };
}

static void
reader_close (Reader *reader)
{
  oba_db_pool_close (reader->pool);
  g_clear_object (&reader->pool);
}

static GPtrArray *
page (Reader *reader, gint64 customer, ObaTimelineKinds kinds, ObaTimelineEvent *after, guint n)
{
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *events;

  oba_timeline_read_async (reader->pool, customer, kinds, after, n, NULL, oba_test_keep_result, &pending);
  result = oba_test_await (&pending);
  events = oba_timeline_read_finish (result, &error);
  g_assert_no_error (error);
  return events;
}

static ObaPointsReason *
why (Reader *reader, ObaTimelineEvent *event)
{
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  ObaPointsReason *reason;

  oba_timeline_why_async (reader->pool, event, NULL, oba_test_keep_result, &pending);
  result = oba_test_await (&pending);
  reason = oba_timeline_why_finish (result, &error);
  g_assert_no_error (error);
  return reason;
}

static ObaCustomerInsight *
insight (Reader *reader, gint64 customer)
{
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  ObaCustomerInsight *found;

  oba_customers_insight_async (reader->pool, customer, NULL, oba_test_keep_result, &pending);
  result = oba_test_await (&pending);
  found = oba_customers_insight_finish (result, &error);
  g_assert_no_error (error);
  return found;
}

static const ObaTimelineFacts *
facts_of (GPtrArray *events, guint i)
{
  return oba_timeline_event_get_facts (g_ptr_array_index (events, i));
}

/* "4 1, 5 1": each event by kind and id, in order. (transfer full) */
static char *
describe (GPtrArray *events)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < events->len; i++)
    g_string_append_printf (text, "%s%x %" G_GINT64_FORMAT, i > 0 ? ", " : "", facts_of (events, i)->kind, facts_of (events, i)->id);
  return g_string_free (text, FALSE);
}

static guint
count (GPtrArray *events, ObaTimelineKinds kind, const char *what)
{
  guint n = 0;

  for (guint i = 0; i < events->len; i++)
    n += facts_of (events, i)->kind == kind && (what == NULL || strcmp (facts_of (events, i)->what, what) == 0);
  return n;
}

static ObaTimelineEvent *
find (GPtrArray *events, ObaTimelineKinds kind, const char *what)
{
  for (guint i = 0; i < events->len; i++)
    if (facts_of (events, i)->kind == kind && (what == NULL || strcmp (facts_of (events, i)->what, what) == 0))
      return g_ptr_array_index (events, i);
  g_error ("no event %x %s", kind, what);
}

/* ---- the tests */

/* Every row of every source is there once, and nothing of anybody else. */
static void
test_complete (House *house, gconstpointer unused)
{
  Reader reader = reader_open (house, NULL);
  g_autoptr (GPtrArray) all = NULL;
  const ObaTimelineFacts *facts;

  live (house);
  all = page (&reader, 100, OBA_TIMELINE_ALL, NULL, 500);
#define SAME(kind, table) g_assert_cmpint (count (all, kind, NULL), ==, ask_int (house->conn, "select count (*) from oba." table " where customer_id = 100"))
  SAME (OBA_TIMELINE_REGISTRATION, "customers");
  SAME (OBA_TIMELINE_CONSENT, "consent_history");
  SAME (OBA_TIMELINE_CARD, "cards");
  SAME (OBA_TIMELINE_LIFECYCLE, "lifecycle_history");
  SAME (OBA_TIMELINE_RECEIPT, "receipts");
  SAME (OBA_TIMELINE_POINTS, "points_ledger");
  SAME (OBA_TIMELINE_REDEMPTION, "redemption_events");
  SAME (OBA_TIMELINE_TIER, "tier_changes");
  g_assert_cmpint (count (all, OBA_TIMELINE_MESSAGE, NULL), ==, 2 + ask_int (house->conn, "select count (*) from oba.outbox where customer_id = 100"));
  /* Linked, changed, locked; the other entries of the audit trail are told as what they are. */
  g_assert_cmpint (count (all, OBA_TIMELINE_ACTION, NULL), ==, 3);
  for (guint bit = 0; 1 << bit < OBA_TIMELINE_ALL; bit++)
    {
      g_autoptr (GPtrArray) some = page (&reader, 100, 1 << bit, NULL, 500);

      g_assert_cmpuint (some->len, >, 0);
      g_assert_cmpuint (some->len, ==, count (all, 1 << bit, NULL));
    }
  for (guint i = 0; i < all->len; i++)
    {
      facts = facts_of (all, i);
      g_assert_cmpint (facts->customer_id, ==, 100);
      g_assert_nonnull (facts->at);
      if (i > 0)
        g_assert_cmpint (g_date_time_compare (facts_of (all, i - 1)->at, facts->at), >=, 0);
    }
  facts = oba_timeline_event_get_facts (find (all, OBA_TIMELINE_RECEIPT, "sale"));
  g_assert_cmpstr (facts->name, ==, "2");
  g_assert_cmpstr (facts->store, ==, "OBA Nizami");
  g_assert_cmpint (facts->amount, ==, 9950);
  g_assert_cmpint (facts->points, ==, 99);
  facts = oba_timeline_event_get_facts (find (all, OBA_TIMELINE_RECEIPT, "return"));
  g_assert_cmpstr (facts->reason, ==, "torn");
  facts = oba_timeline_event_get_facts (find (all, OBA_TIMELINE_TIER, "spend"));
  g_assert_cmpstr (facts->name, ==, "Silver");
  g_assert_cmpstr (facts->before, ==, "Bronze");
  facts = oba_timeline_event_get_facts (find (all, OBA_TIMELINE_REDEMPTION, "approved"));
  g_assert_cmpint (facts->points, ==, 60);
  facts = oba_timeline_event_get_facts (find (all, OBA_TIMELINE_REDEMPTION, "cancelled"));
  g_assert_cmpstr (facts->before, ==, "approved");
  g_assert_cmpstr (facts->reason, ==, "mistake");
  facts = oba_timeline_event_get_facts (find (all, OBA_TIMELINE_LIFECYCLE, "lost"));
  g_assert_cmpstr (facts->before, ==, "lapsing");
  g_assert_cmpint (facts->days, ==, 180);
  g_assert_cmpint (facts->usual_days, ==, 0);
  facts = oba_timeline_event_get_facts (find (all, OBA_TIMELINE_CONSENT, "sms"));
  g_assert_false (facts->granted);
  g_assert_cmpuint (count (all, OBA_TIMELINE_MESSAGE, "command"), ==, 2);
  reader_close (&reader);
}

/* Page by page, of any size, while new things happen: everything that was there, once, in order; also several events of one microsecond. */
static void
test_pages (House *house, gconstpointer unused)
{
  Reader reader = reader_open (house, NULL);

  live (house);
  run (house->conn, "insert into oba.points_ledger (customer_id, occurred_at, kind, points, source) select 100, '2024-02-01', 'adjust', 1, 'staff' from generate_series (1, 7)");
  for (guint n = 1; n <= 9; n += 4)
    {
      g_autoptr (GPtrArray) all = page (&reader, 100, OBA_TIMELINE_ALL, NULL, 500);
      g_autoptr (GPtrArray) pages = g_ptr_array_new_with_free_func (g_object_unref);
      g_autofree char *expected = describe (all);
      g_autofree char *walked = NULL;

      for (;;)
        {
          ObaTimelineEvent *last = pages->len > 0 ? g_ptr_array_index (pages, pages->len - 1) : NULL;
          g_autoptr (GPtrArray) next = page (&reader, 100, OBA_TIMELINE_ALL, last, n);

          for (guint i = 0; i < next->len; i++)
            g_ptr_array_add (pages, g_object_ref (g_ptr_array_index (next, i)));
          if (next->len < n)
            break;
          g_free (call (house->conn, "set_consent", NULL, "{'customer_id': 100, 'channel': 'email', 'granted': true}"));
        }
      walked = describe (pages);
      g_assert_cmpstr (walked, ==, expected);
    }
  reader_close (&reader);
}

/* What each role may see; the values of a change are for those who read the audit trail. */
static void
test_roles (House *house, gconstpointer unused)
{
  static const struct
  {
    const char *role;
    gboolean people, values;
  } roles[] = { { "clerk", TRUE, FALSE }, { "marketing", FALSE, FALSE }, { "supervisor", TRUE, TRUE }, { "admin", TRUE, TRUE }, { "auditor", TRUE, TRUE } };

  live (house);
  for (guint i = 0; i < G_N_ELEMENTS (roles); i++)
    {
      Reader reader = reader_open (house, roles[i].role);
      g_autoptr (GPtrArray) all = page (&reader, 100, OBA_TIMELINE_ALL, NULL, 500);
      g_autoptr (ObaCustomerInsight) known = insight (&reader, 100);
      ObaTimelineKinds hidden = OBA_TIMELINE_CONSENT | OBA_TIMELINE_CARD | OBA_TIMELINE_MESSAGE | OBA_TIMELINE_ACTION;

      g_assert_cmpuint (count (all, OBA_TIMELINE_RECEIPT, NULL), ==, 3);
      for (guint k = 0; k < all->len && !roles[i].people; k++)
        g_assert_cmpuint (facts_of (all, k)->kind & hidden, ==, 0);
      g_assert_cmpuint (known->cards->len, ==, roles[i].people ? 1 : 0);
      g_assert_cmpuint (known->consent_history->len, ==, roles[i].people ? 2 : 0);
      g_assert_cmpint (known->telegram_linked, ==, roles[i].people);
      if (roles[i].people)
        {
          const ObaTimelineFacts *facts = oba_timeline_event_get_facts (find (all, OBA_TIMELINE_ACTION, "customer.update"));
          ObaTimelineChange *change = g_ptr_array_index (facts->changes, 0);

          g_assert_cmpuint (facts->changes->len, ==, 1);
          g_assert_cmpstr (change->field, ==, "city");
          g_assert_cmpstr (change->after, ==, roles[i].values ? "Gəncə" : "");
          g_assert_cmpstr (facts->reason, ==, roles[i].values ? "moved" : "");
          g_assert_cmpint (facts->values_shown, ==, roles[i].values);
        }
      reader_close (&reader);
    }
}

/* Every points line answers "why?". */
static void
test_why (House *house, gconstpointer unused)
{
  Reader reader = reader_open (house, NULL);
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (ObaPointsReason) earn = NULL, clawback = NULL, adjust = NULL, redeem = NULL, restore = NULL, expire = NULL, bonus = NULL;
  g_autoptr (GPtrArray) more = NULL;
  g_autoptr (GString) inputs = NULL;
  ObaPointsShare *share;
  ObaPointsInput *input;
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  live (house);
  run (house->conn, "update oba.points_lots set expires_on = '2024-06-30' where customer_id = 100 and points = 99");
  g_assert_cmpint (ask_int (house->conn, "select oba.expire_points ()"), ==, 1);
  all = page (&reader, 100, OBA_TIMELINE_POINTS, NULL, 500);

  earn = why (&reader, find (all, OBA_TIMELINE_POINTS, "earn"));
  g_assert_cmpstr (earn->rule, ==, "1 point for every full manat of a receipt");
  g_assert_cmpint (earn->rule_version, ==, 1);
  g_assert_cmpint (earn->qepik_per_point, ==, 100);
  input = g_ptr_array_index (earn->inputs, 0);
  g_assert_cmpstr (input->name, ==, "total");
  g_assert_cmpstr (input->value, ==, "9950");
  g_assert_cmpstr (earn->receipt_no, ==, "2");
  g_assert_cmpint (earn->receipt_total, ==, 9950);
  g_assert_cmpint (earn->balance, ==, 1599);
  g_assert_cmpuint (earn->shares->len, ==, 1);
  share = g_ptr_array_index (earn->shares, 0);
  g_assert_cmpint (share->points, ==, 99);
  g_assert_cmpint (share->remaining, ==, 0);
  g_assert_true (g_date_valid (&share->last_day));

  clawback = why (&reader, find (all, OBA_TIMELINE_POINTS, "clawback"));
  g_assert_cmpstr (clawback->reverses_kind, ==, "earn");
  g_assert_cmpint (clawback->reverses_points, ==, 99);
  g_assert_cmpstr (clawback->receipt_kind, ==, "return");
  share = g_ptr_array_index (clawback->shares, 0);
  g_assert_cmpint (share->points, ==, clawback->points);

  adjust = why (&reader, find (all, OBA_TIMELINE_POINTS, "adjust"));
  g_assert_cmpstr (adjust->reason, ==, "sorry");
  g_assert_cmpstr (adjust->rule, ==, "");
  g_assert_cmpuint (adjust->shares->len, ==, 1);

  redeem = why (&reader, find (all, OBA_TIMELINE_POINTS, "redeem"));
  g_assert_cmpint (redeem->redemption_id, ==, 2);
  g_assert_cmpstr (redeem->redemption_state, ==, "cancelled");
  g_assert_cmpstr (redeem->reward, ==, "");
  restore = why (&reader, find (all, OBA_TIMELINE_POINTS, "restore"));
  g_assert_cmpint (restore->points, ==, 60);
  g_assert_cmpstr (restore->reverses_kind, ==, "redeem");
  share = g_ptr_array_index (restore->shares, 0);
  g_assert_cmpint (share->points, >, 0);

  expire = why (&reader, find (all, OBA_TIMELINE_POINTS, "expire"));
  share = g_ptr_array_index (expire->shares, 0);
  g_assert_cmpint (share->points, ==, expire->points);
  g_assert_cmpint (g_date_get_month (&share->last_day), ==, G_DATE_JUNE);

  /* Of what another rule gave: the rule, its version, and what it was given, the tier by its name. */
  run (house->conn, "insert into oba.earning_rules (rule_id, version, kind, name, state, parameters) values (2, 1, 'multiplier', 'Twice', 'live', '{\"factor\": 2000, \"tiers\": [1]}');"
                    "insert into oba.customers (customer_id, given_name, family_name) values (900, 'Ad', 'Soyad')");
  sale (house->conn, 900, "twice", "2024-08-01T10:00:00+04:00", 2050);
  more = page (&reader, 900, OBA_TIMELINE_POINTS, NULL, 10);
  bonus = why (&reader, find (more, OBA_TIMELINE_POINTS, "bonus"));
  g_assert_cmpstr (bonus->rule, ==, "Twice");
  g_assert_cmpint (bonus->rule_version, ==, 1);
  g_assert_cmpint (bonus->factor, ==, 2000);
  g_assert_cmpint (bonus->qepik_per_point, ==, 0);
  inputs = g_string_new (NULL);
  for (guint i = 0; i < bonus->inputs->len; i++)
    g_string_append_printf (inputs, "%s %s, ", ((ObaPointsInput *) bonus->inputs->pdata[i])->name, ((ObaPointsInput *) bonus->inputs->pdata[i])->value);
  g_assert_cmpstr (inputs->str, ==, "tier Bronze, total 2050, base_points 20, ");

  /* Of anything else nobody asks why. */
  g_ptr_array_unref (g_steal_pointer (&all));
  all = page (&reader, 100, OBA_TIMELINE_RECEIPT, NULL, 1);
  oba_timeline_why_async (reader.pool, g_ptr_array_index (all, 0), NULL, oba_test_keep_result, &pending);
  result = oba_test_await (&pending);
  g_assert_null (oba_timeline_why_finish (result, &error));
  g_assert_error (error, OBA_ERROR, OBA_ERROR_INVALID_INPUT);
  reader_close (&reader);
}

/* What a clerk is told at a glance: counted by hand. */
static void
test_insight (House *house, gconstpointer unused)
{
  Reader reader = reader_open (house, NULL);
  g_autoptr (ObaCustomerInsight) known = NULL, nobody = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *month = NULL;
  GAsyncResult *pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  ObaCustomerMonth *last;
  ObaCustomerHabit *habit;
  ObaConsentEntry *consent;
  ObaCustomerSegment *segment;
  ObaPointsExpiry *expiry;
  guint visits = 0;

  /* Six visits, a week apart, the last one 3 days ago: at noon of days, two of them on one day. */
  run (house->conn, "select oba.ensure_partitions ((now() - interval '2 months')::date, now()::date)");
  for (int i = 0; i < 6; i++)
    {
      g_autofree char *at = ask (house->conn, "select oba.day_start (oba.business_day (now()) - %d) + interval '12 hours'", 3 + 7 * i);
      g_autofree char *no = g_strdup_printf ("n%d", i);

      sale (house->conn, 100, no, at, 1000 + i);
      if (i == 2)
        sale (house->conn, 100, "again", at, 200);
    }
  run (house->conn, "update oba.customers set preferred_store_id = 2 where customer_id = 100");
  run (house->conn, "insert into oba.customer_categories (customer_id, category_id) values (100, 1)");
  g_free (call (house->conn, "set_consent", NULL, "{'customer_id': 100, 'channel': 'sms', 'granted': true, 'store_id': 1, 'wording': 'v3'}"));
  g_free (call (house->conn, "issue_card", NULL, "{'customer_id': 100, 'token': 'OBA1.secret', 'number': '7700-1'}"));
  g_free (call (house->conn, "save_segment", NULL, "{'name': 'Tasters', 'kind': 'static'}"));
  g_free (call (house->conn, "change_segment_members", NULL, "{'segment_id': 1, 'add': [100]}"));
  g_free (call (house->conn, "save_segment", NULL, "{'name': 'Faithful tasters', 'kind': 'rule', 'filter': {'lifecycle': ['active'], 'segments': [1]}}"));
  g_free (call (house->conn, "save_segment", NULL, "{'name': 'Lost', 'kind': 'rule', 'filter': {'lifecycle': ['lost']}}"));
  g_free (call (house->conn, "save_segment", NULL, "{'name': 'Others', 'kind': 'static'}"));
  g_free (call (house->conn, "change_segment_members", NULL, "{'segment_id': 4, 'add': [200]}"));
  fold (house);

  known = insight (&reader, 100);
  g_assert_cmpuint (known->segments->len, ==, 2);
  segment = g_ptr_array_index (known->segments, 0);
  g_assert_cmpstr (segment->name, ==, "Faithful tasters");
  g_assert_null (segment->added_at);
  segment = g_ptr_array_index (known->segments, 1);
  g_assert_cmpstr (segment->name, ==, "Tasters");
  g_assert_nonnull (segment->added_at);
  g_assert_cmpstr (known->lifecycle, ==, "active");
  g_assert_cmpuint (known->changes->len, ==, 2);
  g_assert_cmpint (known->visits, ==, 6);
  g_assert_cmpint (known->days_away, ==, 3);
  g_assert_cmpfloat_with_epsilon (known->usual_days, 7, 0.001);
  g_assert_cmpfloat_with_epsilon (known->usual_spread, 0, 0.001);
  g_assert_cmpint (known->lapsing_after, ==, 14);
  g_assert_cmpint (known->lost_after, ==, 60);
  g_assert_cmpint (known->churn, ==, OBA_CHURN_LOW);
  for (guint i = 0; i < 7; i++)
    visits += (guint) known->weekdays[i];
  g_assert_cmpuint (visits, ==, 6);
  g_assert_cmpint (known->hours[12], ==, 7);
  g_assert_cmpint (known->hours[11], ==, 0);

  g_assert_cmpuint (known->months->len, ==, 24);
  last = g_ptr_array_index (known->months, 23);
  month = ask (house->conn, "select extract (year from d) || ' ' || extract (month from d) || ' ' || count (r.total) || ' ' || coalesce (sum (r.total), 0) from oba.business_day (now()) d"
               " left join oba.receipts r on date_trunc ('month', r.business_day) = date_trunc ('month', d) and r.customer_id = 100 group by d");
  {
    g_autofree char *told = g_strdup_printf ("%d %d %" G_GINT64_FORMAT " %" G_GINT64_FORMAT, last->year, last->month, last->receipts, last->revenue);

    g_assert_cmpstr (told, ==, month);
  }
  /* Where they buy, and the store they named but never came to. */
  g_assert_cmpuint (known->stores->len, ==, 2);
  habit = g_ptr_array_index (known->stores, 0);
  g_assert_cmpstr (habit->name, ==, "OBA Nizami");
  g_assert_cmpint (habit->receipts, ==, 7);
  g_assert_cmpint (habit->revenue, ==, 6215);
  g_assert_false (habit->stated);
  habit = g_ptr_array_index (known->stores, 1);
  g_assert_cmpstr (habit->name, ==, "OBA Gəncə");
  g_assert_true (habit->stated);
  g_assert_cmpuint (known->categories->len, ==, 1);
  habit = g_ptr_array_index (known->categories, 0);
  g_assert_cmpint (habit->receipts, ==, 7);
  g_assert_cmpint (habit->revenue, ==, 6215);
  g_assert_true (habit->stated);
  g_assert_cmpuint (known->expiries->len, ==, 6);
  expiry = g_ptr_array_index (known->expiries, 0);
  g_assert_cmpint (expiry->points, ==, 10);
  consent = g_ptr_array_index (known->consents, 0);
  g_assert_cmpstr (consent->store, ==, "OBA Nizami");
  g_assert_cmpstr (consent->wording, ==, "v3");
  g_assert_cmpuint (known->cards->len, ==, 1);
  g_assert_false (known->telegram_linked);

  /* Who never bought: no lifecycle, no risk, and still a year of empty months. */
  nobody = insight (&reader, 200);
  g_assert_cmpstr (nobody->lifecycle, ==, "");
  g_assert_cmpint (nobody->churn, ==, OBA_CHURN_UNKNOWN);
  g_assert_cmpint (nobody->churn_percent, ==, -1);
  g_assert_cmpint (nobody->days_away, ==, -1);
  g_assert_cmpuint (nobody->months->len, ==, 24);
  g_assert_cmpuint (nobody->stores->len, ==, 0);

  oba_customers_insight_async (reader.pool, 99999, NULL, oba_test_keep_result, &pending);
  result = oba_test_await (&pending);
  g_assert_null (oba_customers_insight_finish (result, &error));
  g_assert_error (error, OBA_ERROR, OBA_ERROR_NOT_FOUND);
  reader_close (&reader);
}

/* The risk of a weekly buyer grows with each day away, and of who came once it is even from the start. */
static void
test_churn (House *house, gconstpointer unused)
{
  assert_ask (house->conn, "5 10 35 79 100", "select concat_ws (' ', oba.churn_percent (0, 20, 10, 70, 500), oba.churn_percent (7, 20, 10, 70, 500), "
              "oba.churn_percent (10, 20, 10, 70, 500), oba.churn_percent (14, 20, 10, 70, 500), oba.churn_percent (60, 20, 10, 70, 500))");
  assert_ask (house->conn, "50", "select oba.churn_percent (0, 1, 0, 0, 0)");
  assert_ask (house->conn, "t", "select oba.churn_percent (null, 0, 0, 0, 0) is null");
  /* It never falls while the silence goes on, and stays a percentage, for any rhythm. */
  assert_ask (house->conn, "0", "select count (*) from (select oba.churn_percent (d, 5, g, g * m, g * m * m * (1 + x)) as now, "
              "lag (oba.churn_percent (d, 5, g, g * m, g * m * m * (1 + x))) over (partition by g, m, x order by d) as before "
              "from generate_series (0, 400, 7) d, generate_series (3, 10) g, unnest (array[1, 5, 30, 90]) m, generate_series (0, 2) x) y "
              "where now not between 0 and 100 or now < before");
}

/* What would read whole tables at five million customers, however few there are here: forty customers, a year of months. */
static void
test_plans (House *house, gconstpointer unused)
{
  /* Of those that are not all but empty: one page is read as it is. */
  static const char scans[] = "select coalesce (string_agg (s.relname || ' ' || s.seq_scan, ', ' order by s.relname), '') from pg_stat_user_tables s "
                              "join pg_class c on c.oid = s.relid where s.schemaname = 'oba' and c.reltuples > 200";
  PGconn *conn = house->conn;
  Reader reader = reader_open (house, NULL);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  run (conn, "insert into oba.customers (customer_id, given_name) select n, 'N' from generate_series (300, 1299) n");
  run (conn, "set session_replication_role = replica");
  run (conn, "insert into oba.receipts (customer_id, sold_at, receipt_id, store_id, till_no, receipt_no, total, paid_cash, line_count, source)"
       " select 300 + n %% 1000, timestamptz '2024-01-01 08:00+04' + n * interval '20 minutes', 1000 + n, 1, 9, n::text, 100, 100, 1, 'import' from generate_series (1, 20000) n");
  run (conn, "insert into oba.receipt_lines (customer_id, sold_at, receipt_id, line_no, product_id, quantity, unit_price, total)"
       " select customer_id, sold_at, receipt_id, 1, 1, 1000, 100, 100 from oba.receipts");
  run (conn, "insert into oba.points_ledger (customer_id, occurred_at, kind, points, receipt_id, receipt_sold_at, source)"
       " select customer_id, sold_at, 'earn', 1, receipt_id, sold_at, 'import' from oba.receipts");
  run (conn, "insert into oba.points_lots (customer_id, entry_id, entry_at, points, remaining, expires_on)"
       " select customer_id, entry_id, occurred_at, 1, 1, '2099-01-01' from oba.points_ledger");
  run (conn, "insert into oba.outbox (customer_id, chat_id, kind, payload, state, sent_at)"
       " select customer_id, 1, 'receipt', '{}', 'sent', now() from oba.receipts");
  run (conn, "insert into oba.lifecycle_changes (customer_id, at, to_state, visits, last_visit_day, gaps, gap_sum, gap_squares)"
       " select customer_id, '2024-01-01', 'new', 1, '2024-01-01', 0, 0, 0 from oba.receipts");
  run (conn, "insert into oba.consent_history (customer_id, channel, granted, through) select customer_id, 'sms', true, 'import' from oba.receipts");
  run (conn, "insert into oba.cards (token_hash, number, customer_id) select sha256 (n::text::bytea), 'card' || n, 300 + n from generate_series (1, 900) n");
  run (conn, "set session_replication_role = origin");
  run (conn, "analyze");
  /* Each connection plans anew at first; what it reads is told when it is idle for a moment. */
  /* What filled the tables read them, too: PostgreSQL tells of that up to a second late, unless asked. */
  run (conn, "select pg_stat_force_next_flush ()");
  before = ask (conn, "%s", scans);
  for (guint i = 0; i < 8; i++)
    {
      g_autoptr (GPtrArray) events = page (&reader, 300 + i, OBA_TIMELINE_ALL, NULL, 50);
      g_autoptr (ObaCustomerInsight) known = insight (&reader, 300 + i);
      g_autoptr (ObaPointsReason) reason = why (&reader, find (events, OBA_TIMELINE_POINTS, "earn"));

      g_assert_cmpuint (events->len, ==, 50);
    }
  reader_close (&reader);
  while (ask_int (conn, "select count (*) from pg_stat_activity where datname = current_database () and pid <> pg_backend_pid ()") > 0)
    ;
  after = ask (conn, "%s", scans);
  g_assert_cmpstr (after, ==, before);
}

static gint64
this_month (ObaCustomerInsight *found)
{
  const ObaCustomerMonth *month = g_ptr_array_index (found->months, found->months->len - 1);

  return month->revenue;
}

static guint
count_of (GPtrArray *events, ObaTimelineKinds kind, gint64 owner)
{
  guint n = 0;

  for (guint i = 0; i < events->len; i++)
    n += facts_of (events, i)->kind == kind && facts_of (events, i)->customer_id == owner;
  return n;
}

/* Two records of one person are one life: all that happened to either, each with whose it was and why; apart again, each has its own. */
static void
test_family (House *house, gconstpointer unused)
{
  static const ObaTimelineKinds kinds[] = { OBA_TIMELINE_RECEIPT, OBA_TIMELINE_POINTS, OBA_TIMELINE_REDEMPTION, OBA_TIMELINE_CONSENT, OBA_TIMELINE_TIER };
  static const char *const tables[] = { "receipts", "points_ledger", "redemption_events", "consent_history", "tier_changes" };
  Reader reader = reader_open (house, NULL);
  g_autoptr (GPtrArray) own = NULL, both = NULL, apart = NULL, source = NULL;
  g_autoptr (ObaCustomerInsight) before = NULL, found = NULL, after = NULL;
  g_autoptr (ObaPointsReason) reason = NULL;
  ObaTimelineEvent *earned = NULL;

  live (house);
  sale (house->conn, 100, "90", "now", 3000);
  sale (house->conn, 200, "91", "now", 2000);
  fold (house);
  own = page (&reader, 200, OBA_TIMELINE_ALL, NULL, 500);
  before = insight (&reader, 200);
  g_assert_cmpint (this_month (before), ==, 2000);
  run (house->conn, "select oba.merge_customers ('{\"source\": 100, \"survivor\": 200}', null)");
  fold (house);

  both = page (&reader, 200, OBA_TIMELINE_ALL, NULL, 500);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    for (gint64 owner = 100; owner <= 200; owner += 100)
      g_assert_cmpint (count_of (both, kinds[i], owner), ==, ask_int (house->conn, "select count (*) from oba.%s where customer_id = %d", tables[i], (int) owner));
  g_assert_nonnull (find (both, OBA_TIMELINE_ACTION, "customer.merge"));
  for (guint i = 0; i < both->len; i++)
    {
      if (i > 0)
        g_assert_cmpint (g_date_time_compare (facts_of (both, i - 1)->at, facts_of (both, i)->at), >=, 0);
      if (facts_of (both, i)->kind == OBA_TIMELINE_POINTS && facts_of (both, i)->customer_id == 100 && facts_of (both, i)->points == 1500)
        earned = g_ptr_array_index (both, i);
    }
  g_assert_nonnull (earned);
  reason = why (&reader, earned);
  g_assert_cmpint (reason->points, ==, 1500);
  source = page (&reader, 100, OBA_TIMELINE_RECEIPT, NULL, 500);
  g_assert_cmpuint (source->len, ==, count_of (both, OBA_TIMELINE_RECEIPT, 100));

  found = insight (&reader, 200);
  g_assert_cmpint (this_month (found), ==, 5000);
  g_assert_cmpint (found->visits, ==, 4);   /* 10, 11 and 12 January 2024, and today */
  all_is_well (house);

  run (house->conn, "select oba.unmerge_customers ('{\"merge_id\": 1}', null)");
  fold (house);
  apart = page (&reader, 200, OBA_TIMELINE_RECEIPT, NULL, 500);
  g_assert_cmpuint (apart->len, ==, count (own, OBA_TIMELINE_RECEIPT, NULL));
  g_assert_cmpuint (count_of (apart, OBA_TIMELINE_RECEIPT, 100), ==, 0);
  after = insight (&reader, 200);
  g_assert_cmpint (this_month (after), ==, 2000);
  g_assert_cmpint (after->visits, ==, 2);
  all_is_well (house);
  reader_close (&reader);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add (path, House, NULL, house_setup, func, house_teardown)
  ADD ("/timeline/complete", test_complete);
  ADD ("/timeline/pages", test_pages);
  ADD ("/timeline/roles", test_roles);
  ADD ("/timeline/why", test_why);
  ADD ("/timeline/insight", test_insight);
  ADD ("/timeline/churn", test_churn);
  ADD ("/timeline/family", test_family);
  ADD ("/timeline/plans", test_plans);
  status = g_test_run ();
  house_server_stop ();
  return status;
}
