/* Tiers: to the qəpik and to the day, grace and how one goes down, tiers by hand, new schemes, and an arithmetic of its own beside the database's. */
#include "schema-house.h"

#include <string.h>

static const char standing[] = "select concat_ws (' ', tier_id, tier_spend, tier_below_since) from oba.points_accounts where customer_id = %d";

/* The next version of the scheme: silver, gold and platinum from so much on. */
static void
scheme (House *house, const char *basis, const char *downgrade, int grace, gint64 silver, gint64 gold, gint64 platinum)
{
  gint64 version = ask_int (house->conn, "select max (version) from oba.tier_schemes");

  g_free (call (house->conn, "save_tier_scheme", NULL,
                "{'version': %" G_GINT64_FORMAT ", 'basis': '%s', 'downgrade': '%s', 'grace_days': %d, 'tiers': ["
                "{'tier_id': 1, 'name_az': 'Bürünc', 'name_ru': 'Бронза', 'name_en': 'Bronze', 'threshold': 0},"
                "{'tier_id': 2, 'name_az': 'Gümüş', 'name_ru': 'Серебро', 'name_en': 'Silver', 'threshold': %" G_GINT64_FORMAT "},"
                "{'tier_id': 3, 'name_az': 'Qızıl', 'name_ru': 'Золото', 'name_en': 'Gold', 'threshold': %" G_GINT64_FORMAT "},"
                "{'tier_id': 4, 'name_az': 'Platin', 'name_ru': 'Платина', 'name_en': 'Platinum', 'threshold': %" G_GINT64_FORMAT "}]}",
                version, basis, downgrade, grace, silver, gold, platinum));
}

static void
carry_out (House *house)
{
  for (guint i = 0; i < 1000; i++)
    if (ask_int (house->conn, "select oba.carry_out_tiers (2, 3)") == 0)
      break;
  assert_ask (house->conn, "0", "select count (*) from oba.tier_carrying where done_at is null");
}

static void
job (House *house, const char *day)
{
  while (ask_int (house->conn, "select oba.refresh_tiers (1, '%s')", day) > 0)
    ;
}

static void
give_back (House *house, const char *receipt_no, const char *sold_at, double quantity)
{
  g_free (call (house->conn, "return_lines", NULL,
                "{'original': {'store': 1, 'till': 1, 'receipt_no': '%s'}, 'sold_at': '%s', 'lines': [{'line': 1, 'quantity': %g}], 'reason_code': 'x'}", receipt_no, sold_at, quantity));
}

static void
setup (House *house, gconstpointer data)
{
  house_setup (house, data);
  run (house->conn, "select oba.ensure_partitions ('2023-01-01', oba.business_day (now()))");
}

/* A day too many or too few in a leap year, or at midnight, would give or take a tier that is not theirs. */
static void
test_boundaries (House *house, gconstpointer unused)
{
  /* A day leaves on the first day whose twelve months do not have it. */
  assert_ask (house->conn, "0",
              "select count (*) from (select d::date as d from generate_series ('2019-01-01'::date, '2033-12-31', '1 day') d) x"
              " where oba.tier_window_start (oba.tier_leave_day (d)) <= d or oba.tier_window_start (oba.tier_leave_day (d) - 1) > d");
  sale (house->conn, 100, "1", "2024-02-29T23:59:59+04:00", 100000);
  sale (house->conn, 200, "2", "2024-02-28T12:00:00+04:00", 99999);
  assert_ask (house->conn, "2 100000", standing, 100);
  assert_ask (house->conn, "1 99999", standing, 200);
  job (house, "2025-02-28");
  assert_ask (house->conn, "2 100000", standing, 100);
  job (house, "2025-03-01");
  assert_ask (house->conn, "1 0", standing, 100);
  /* The last second of the year in Baku, and the first of the next: both are the 31st in UTC. */
  sale (house->conn, 100, "3", "2025-12-31T19:59:59Z", 100000);
  sale (house->conn, 200, "4", "2025-12-31T20:00:00Z", 100000);
  assert_ask (house->conn, "2025-12-31 2026-01-01", "select string_agg (tier_day::text, ' ' order by customer_id) from oba.points_accounts where customer_id in (100, 200)");
  assert_ask (house->conn, "2026-12-31 2027-01-01", "select string_agg (oba.tier_leave_day (tier_day)::text, ' ' order by customer_id) from oba.points_accounts where customer_id in (100, 200)");
  all_is_well (house);
}

/* One qəpik brought back on the same day takes the tier again; what is bought after that gives it back. */
static void
test_same_day (House *house, gconstpointer unused)
{
  sale (house->conn, 100, "1", "2024-05-01T09:00:00+04:00", 99000);
  sale (house->conn, 100, "2", "2024-05-01T10:00:00+04:00", 1000);
  assert_ask (house->conn, "2 100000", standing, 100);
  give_back (house, "2", "2024-05-01T11:00:00+04:00", 0.001);
  assert_ask (house->conn, "2 99999 2024-05-01", standing, 100);
  job (house, "2024-05-01");
  assert_ask (house->conn, "1 99999", standing, 100);
  sale (house->conn, 100, "3", "2024-05-01T12:00:00+04:00", 1);
  assert_ask (house->conn, "2 100000", standing, 100);
  give_back (house, "2", "2024-05-01T13:00:00+04:00", 0.001);
  sale (house->conn, 100, "4", "2024-05-01T14:00:00+04:00", 1); /* before the job has come */
  job (house, "2024-05-01");
  assert_ask (house->conn, "2 100000", standing, 100);
  assert_ask (house->conn, "spend 2 100000, downgrade 1 99999, spend 2 100000", "select string_agg (concat_ws (' ', why, to_tier, spend), ', ' order by change_id) from oba.tier_changes");
  all_is_well (house);
}

/* What becomes of somebody who was Platinum on 2024-01-10 and has bought for Silver since, by how the scheme lets tiers go. */
static const struct
{
  const char *downgrade;
  int grace;
  const char *days[6];   /* and the tier on each, in turn; the purchase leaves on 2025-01-10 */
  int tiers[6];
} policies[] = {
  { "never", 0, { "2025-01-09", "2025-01-10", "2025-06-01" }, { 4, 4, 4 } },
  { "at_once", 0, { "2025-01-09", "2025-01-10" }, { 4, 2 } },
  { "after_grace", 1, { "2025-01-09", "2025-01-10", "2025-01-11" }, { 4, 4, 2 } },
  { "after_grace", 50, { "2025-01-09", "2025-01-10", "2025-02-28", "2025-03-01" }, { 4, 4, 4, 2 } },
  { "one_step", 30, { "2025-01-09", "2025-01-10", "2025-02-08", "2025-02-09", "2025-03-10", "2025-03-11" }, { 4, 4, 4, 3, 3, 2 } },
};

static void
test_policies (House *house, gconstpointer data)
{
  guint n = GPOINTER_TO_UINT (data);

  scheme (house, "spend", policies[n].downgrade, policies[n].grace, 100000, 300000, 600000);
  carry_out (house);
  sale (house->conn, 100, "1", "2024-01-10T10:00:00+04:00", 500000);
  sale (house->conn, 100, "2", "2024-12-31T10:00:00+04:00", 100000);
  assert_ask (house->conn, "4 600000", standing, 100);
  for (guint i = 0; i < G_N_ELEMENTS (policies[n].days) && policies[n].days[i] != NULL; i++)
    {
      /* A job that was away for days finds since when. */
      if (i != 1)
        job (house, policies[n].days[i]);
      if (i != 1)
        g_assert_cmpint (ask_int (house->conn, "select tier_id from oba.points_accounts where customer_id = 100"), ==, policies[n].tiers[i]);
    }
  all_is_well (house);
}

/* Whoever buys enough within the grace keeps the tier, and the next fall begins a grace of its own. */
static void
test_grace (House *house, gconstpointer unused)
{
  scheme (house, "spend", "after_grace", 10, 100000, 300000, 600000);
  sale (house->conn, 100, "1", "2024-01-10T10:00:00+04:00", 100000);
  job (house, "2025-01-15");
  assert_ask (house->conn, "2 0 2025-01-10", standing, 100);
  sale (house->conn, 100, "2", "2025-01-16T10:00:00+04:00", 99999);
  assert_ask (house->conn, "2 99999 2025-01-10", standing, 100);
  sale (house->conn, 100, "3", "2025-01-19T23:59:59+04:00", 1);
  assert_ask (house->conn, "2 100000", standing, 100);
  give_back (house, "2", "2025-01-25T10:00:00+04:00", 0.5);
  assert_ask (house->conn, "2 50001 2025-01-25", standing, 100);
  job (house, "2025-02-03");
  assert_ask (house->conn, "2", "select tier_id from oba.points_accounts where customer_id = 100");
  sale (house->conn, 100, "4", "2025-02-04T00:00:01+04:00", 1); /* here before the job is: the grace is over all the same */
  job (house, "2025-02-04");
  assert_ask (house->conn, "1 50002", standing, 100);
  all_is_well (house);
}

static char *
today_and (House *house, int days)
{
  return ask (house->conn, "select oba.business_day (now()) + %d", days);
}

/* The profile says until when a tier is safe, what follows, and what is missing to the next one. */
static void
test_standing (House *house, gconstpointer unused)
{
  static const char told[] = "select concat_ws (' ', s ->> 'tier', s ->> 'amount', s ->> 'next', s ->> 'next_threshold', (s ->> 'falls_on')::date - oba.business_day (now()),"
                             " (s ->> 'lost_on')::date - oba.business_day (now()), s ->> 'goes_to', s #>> '{override,tier}') from oba.tier_standing (100) s";
  g_autofree char *old = ask (house->conn, "select to_char ((oba.business_day (now()) - interval '1 year')::date + 11, 'YYYY-MM-DD')");
  g_autofree char *recent = ask (house->conn, "select to_char (oba.business_day (now()) - 5, 'YYYY-MM-DD')");
  g_autofree char *day = today_and (house, 10);
  g_autofree char *old_at = g_strconcat (old, "T10:00:00+04:00", NULL);
  g_autofree char *recent_at = g_strconcat (recent, "T10:00:00+04:00", NULL);

  assert_ask (house->conn, "1 0 2 100000", told);
  scheme (house, "spend", "after_grace", 7, 100000, 300000, 600000);
  carry_out (house);
  sale (house->conn, 100, "1", old_at, 250000);
  sale (house->conn, 100, "2", recent_at, 150000);
  g_free (ask (house->conn, "select oba.refresh_tiers (10)"));
  assert_ask (house->conn, "3 400000 4 600000 11 18 2", told);
  g_free (call (house->conn, "override_tier", NULL, "{'customer_id': 100, 'tier_id': 4, 'until': '%s', 'reason': 'x'}", day));
  assert_ask (house->conn, "4 400000 4", "select concat_ws (' ', s ->> 'tier', s ->> 'amount', s #>> '{override,tier}') from oba.tier_standing (100) s");
  all_is_well (house);
}

/* A tier by hand: the least until its day, then what was earned; a lower one the most. Each change says who, why and until when. */
static void
test_override (House *house, gconstpointer unused)
{
  g_autofree char *day = today_and (house, 10);
  g_autofree char *after = today_and (house, 11);
  g_autofree char *now = ask (house->conn, "select to_char (now() at time zone 'Asia/Baku', 'YYYY-MM-DD\"T\"HH24:MI:SS')");
  g_autofree char *at = g_strconcat (now, "+04:00", NULL);

  g_free (call (house->conn, "override_tier", NULL, "{'customer_id': 100, 'tier_id': 3, 'until': '%s', 'reason': 'lost parcel'}", day));
  assert_ask (house->conn, "3 0", standing, 100);
  job (house, day);
  assert_ask (house->conn, "3 0", standing, 100);
  sale (house->conn, 100, "1", at, 150000); /* Silver by now */
  assert_ask (house->conn, "3 150000", standing, 100);
  assert_ask (house->conn, "0", "select oba.end_tier_overrides (10)");
  all_is_well (house);
  run (house->conn, "update oba.tier_overrides set until = oba.business_day (now()) - 1");
  assert_ask (house->conn, "1", "select oba.end_tier_overrides (10)");
  assert_ask (house->conn, "0", "select oba.end_tier_overrides (10)");
  assert_ask (house->conn, "2 150000", standing, 100);
  assert_ask (house->conn, "override 1 3 lost parcel, override_end 3 2 ",
              "select string_agg (concat (why, ' ', from_tier, ' ', to_tier, ' ', reason), ', ' order by change_id) from oba.tier_changes where customer_id = 100");
  /* Beyond what was given, spending still counts. */
  g_free (call (house->conn, "override_tier", NULL, "{'customer_id': 200, 'tier_id': 2, 'until': '%s', 'reason': 'x'}", day));
  sale (house->conn, 200, "2", at, 300000);
  assert_ask (house->conn, "3 300000", standing, 200);
  g_free (call (house->conn, "end_tier_override", NULL, "{'customer_id': 200, 'override_id': 2, 'reason': 'y'}"));
  assert_ask (house->conn, "3 300000", standing, 200);
  /* The most. */
  g_free (call (house->conn, "override_tier", NULL, "{'customer_id': 200, 'tier_id': 1, 'until': '%s', 'reason': 'resold'}", day));
  sale (house->conn, 200, "3", at, 300000);
  assert_ask (house->conn, "1 600000", standing, 200);
  all_is_well (house);
  g_free (call (house->conn, "end_tier_override", NULL, "{'customer_id': 200, 'override_id': 3, 'reason': 'paid back'}"));
  assert_ask (house->conn, "4 600000", standing, 200);
  assert_ask (house->conn, "override override_end", "select string_agg (distinct why, ' ' order by why) from oba.tier_changes where reason is not null");
  assert_ask (house->conn, "5", "select count (*) from oba.audit where action in ('tier.override', 'tier.override_end')");
  all_is_well (house);
}

/* Who was given a tier and has reached it since is given a lower one: that is the most, and holds. */
static void
test_override_replaced (House *house, gconstpointer unused)
{
  g_autofree char *day = today_and (house, 10);
  g_autofree char *now = ask (house->conn, "select to_char (now() at time zone 'Asia/Baku', 'YYYY-MM-DD\"T\"HH24:MI:SS\"+04:00\"')");

  g_free (call (house->conn, "override_tier", NULL, "{'customer_id': 100, 'tier_id': 3, 'until': '%s', 'reason': 'x'}", day));
  sale (house->conn, 100, "1", now, 300000);
  g_free (call (house->conn, "override_tier", NULL, "{'customer_id': 100, 'tier_id': 2, 'until': '%s', 'reason': 'x', 'seen': 1}", day));
  assert_ask (house->conn, "2 300000", standing, 100);
  assert_ask (house->conn, "at_most 3", "select concat_ws (' ', holds, from_tier) from oba.tier_overrides where ended_at is null");
  all_is_well (house);
}

/* The most that a customer may have goes along with a merge, and holds at once, whatever the scheme lets be kept; also for who is merged into them with a tier in grace. */
static void
test_override_merged (House *house, gconstpointer unused)
{
  g_autofree char *day = today_and (house, 10);
  g_autofree char *long_ago = ask (house->conn, "select to_char (now() - interval '1 year 5 days', 'YYYY-MM-DD\"T12:00:00+04:00\"')");
  g_autofree char *now = ask (house->conn, "select to_char (now() at time zone 'Asia/Baku', 'YYYY-MM-DD\"T\"HH24:MI:SS\"+04:00\"')");

  scheme (house, "spend", "after_grace", 30, 100000, 300000, 600000);
  carry_out (house);
  run (house->conn, "insert into oba.customers (customer_id, given_name) values (300, 'Nigar')");
  sale (house->conn, 100, "1", now, 150000);
  sale (house->conn, 200, "2", now, 100000);
  sale (house->conn, 300, "3", long_ago, 400000);
  g_free (ask (house->conn, "select oba.refresh_tiers (10)"));
  g_free (call (house->conn, "override_tier", NULL, "{'customer_id': 200, 'tier_id': 1, 'until': '%s', 'reason': 'resold'}", day));
  run (house->conn, "select oba.merge_customers ('{\"source\": 200, \"survivor\": 100}', null)");
  assert_ask (house->conn, "1 250000", standing, 100);
  all_is_well (house);
  run (house->conn, "select oba.merge_customers ('{\"source\": 300, \"survivor\": 100}', null)");
  assert_ask (house->conn, "1", "select tier_id from oba.points_accounts where customer_id = 100");
  all_is_well (house);
}

/* What is no tier by hand; and of two supervisors at once one is told that the other was first. */
static void
test_override_refused (House *house, gconstpointer unused)
{
  g_autofree char *day = today_and (house, 10);
  g_autofree char *yesterday = today_and (house, -1);
  g_autofree char *far = today_and (house, 2000);
  g_autofree char *long_reason = g_strnfill (1001, 'a');

  call_refused (house->conn, "OB001", "override_tier", "{'customer_id': 100, 'tier_id': 3, 'until': '%s', 'reason': ' '}", day);
  call_refused (house->conn, "OB001", "override_tier", "{'customer_id': 100, 'tier_id': 3, 'until': '%s', 'reason': '%s'}", day, long_reason);
  call_refused (house->conn, "OB001", "override_tier", "{'customer_id': 100, 'tier_id': 3, 'until': '%s', 'reason': 'x'}", yesterday);
  call_refused (house->conn, "OB001", "override_tier", "{'customer_id': 100, 'tier_id': 3, 'until': '%s', 'reason': 'x'}", far);
  call_refused (house->conn, "OB001", "override_tier", "{'customer_id': 100, 'tier_id': 3, 'reason': 'x'}");
  call_refused (house->conn, "OB001", "override_tier", "{'customer_id': 100, 'tier_id': 3, 'until': '2026-02-30', 'reason': 'x'}");
  call_refused (house->conn, "OB002", "override_tier", "{'customer_id': 100, 'tier_id': 9, 'until': '%s', 'reason': 'x'}", day);
  call_refused (house->conn, "OB002", "override_tier", "{'customer_id': 999, 'tier_id': 3, 'until': '%s', 'reason': 'x'}", day);
  g_free (call (house->conn, "override_tier", NULL, "{'customer_id': 100, 'tier_id': 3, 'until': '%s', 'reason': 'x'}", day));
  call_refused (house->conn, "OB003", "override_tier", "{'customer_id': 100, 'tier_id': 4, 'until': '%s', 'reason': 'x'}", day);
  call_refused (house->conn, "OB003", "end_tier_override", "{'customer_id': 100, 'override_id': 7, 'reason': 'x'}");
  g_free (call (house->conn, "override_tier", NULL, "{'customer_id': 100, 'tier_id': 4, 'until': '%s', 'reason': 'x', 'seen': 1}", day));
  assert_ask (house->conn, "4 1 replaced", "select concat_ws (' ', a.tier_id, o.from_tier, (select end_why from oba.tier_overrides where override_id = 1)) from oba.points_accounts a"
              " join oba.tier_overrides o using (customer_id) where a.customer_id = 100 and o.ended_at is null");
  run (house->conn, "select oba.staff_add ('t.clerk', 'Leyla', 'clerk'); set session authorization \"t.clerk\"");
  refused (house->conn, "42501", "select oba.override_tier ('{}')");
  refused (house->conn, "42501", "select oba.save_tier_scheme ('{}')");
  run (house->conn, "reset session authorization; delete from oba.staff; drop role \"t.clerk\"");
  all_is_well (house);
}

typedef struct
{
  House *house;
  const char *sql;
  gboolean done;
} Other;

static gpointer
other_thread (gpointer data)
{
  Other *other = data;
  PGconn *conn = house_connect (other->house);
  PGresult *result = PQexec (conn, other->sql);

  other->done = PQresultStatus (result) == PGRES_TUPLES_OK;
  PQclear (result);
  PQfinish (conn);
  return NULL;
}

static void
test_two_supervisors (House *house, gconstpointer unused)
{
  g_autofree char *day = today_and (house, 10);
  g_autofree char *sql = g_strdup_printf ("select oba.override_tier ('{\"customer_id\": 100, \"tier_id\": 3, \"until\": \"%s\", \"reason\": \"x\"}')", day);
  Other others[8];
  GThread *threads[8];
  guint done = 0;

  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      others[i] = (Other) { house, sql, FALSE };
      threads[i] = g_thread_new ("supervisor", other_thread, &others[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_thread_join (threads[i]);
      done += others[i].done;
    }
  g_assert_cmpuint (done, ==, 1);
  assert_ask (house->conn, "1 1", "select concat_ws (' ', (select count (*) from oba.tier_overrides), (select count (*) from oba.tier_changes))");
  all_is_well (house);
}

/* What the what-if says is what carrying it out then does, to the customer: raised thresholds, a new tier, one that goes, places changed, grace, tiers by hand. */
static void
test_scheme (House *house, gconstpointer unused)
{
  static const char schemes[][900] = {
    "'basis': 'spend', 'downgrade': 'at_once', 'grace_days': 0, 'tiers': [{'tier_id': 1, %s 'threshold': 0}, {'tier_id': 2, %s 'threshold': 150000},"
    " {'tier_id': 3, %s 'threshold': 250000}, {'tier_id': 4, %s 'threshold': 600000}]",
    "'basis': 'spend', 'downgrade': 'after_grace', 'grace_days': 30, 'tiers': [{'tier_id': 1, %s 'threshold': 0}, {'tier_id': 2, %s 'threshold': 200000},"
    " {%s 'threshold': 300000}, {'tier_id': 4, %s 'threshold': 500000}]",
    "'basis': 'spend', 'downgrade': 'one_step', 'grace_days': 5, 'tiers': [{'tier_id': 1, %s 'threshold': 0}, {'tier_id': 4, %s 'threshold': 90000},"
    " {'tier_id': 2, %s 'threshold': 400000}, {'tier_id': 3, %s 'threshold': 450000}]",
    "'basis': 'points', 'downgrade': 'at_once', 'grace_days': 0, 'tiers': [{'tier_id': 1, %s 'threshold': 0}, {'tier_id': 2, %s 'threshold': 1000},"
    " {'tier_id': 3, %s 'threshold': 2000}, {'tier_id': 4, %s 'threshold': 5000}]",
    "'basis': 'spend', 'downgrade': 'never', 'grace_days': 0, 'tiers': [{'tier_id': 1, %s 'threshold': 0}, {'tier_id': 2, %s 'threshold': 700000},"
    " {'tier_id': 3, %s 'threshold': 800000}, {'tier_id': 4, %s 'threshold': 900000}]",
  };
  static const char name[] = "'name_az': 'a', 'name_ru': 'b', 'name_en': 'c', 'benefits': [{'az': 'Hədiyyə', 'ru': '', 'en': 'Gift'}],";
  g_autofree char *day = today_and (house, 10);

  run (house->conn, "insert into oba.customers (customer_id, given_name) select n, 'K' || n from generate_series (1000, 1059) n");
  for (int i = 0; i < 60; i++)
    {
      g_autofree char *no = g_strdup_printf ("s%d", i);
      g_autofree char *at = ask (house->conn, "select to_char (now() - interval '%d days', 'YYYY-MM-DD\"T12:00:00+04:00\"')", i % 4 == 0 ? 500 : 20 + i % 7);

      sale (house->conn, 1000 + i, no, at, 10000 + 10000 * i);
    }
  g_free (call (house->conn, "override_tier", NULL, "{'customer_id': 1001, 'tier_id': 3, 'until': '%s', 'reason': 'x'}", day));
  g_free (call (house->conn, "override_tier", NULL, "{'customer_id': 1059, 'tier_id': 2, 'until': '%s', 'reason': 'x'}", day));
  for (guint i = 0; i < G_N_ELEMENTS (schemes); i++)
    {
      g_autoptr (GString) request = g_string_new (schemes[i]);
      g_autofree char *expected = NULL;
      g_autofree char *found = NULL;

      g_string_replace (request, "%s", name, 0);
      g_string_replace (request, "'", "\"", 0);
      expected = ask (house->conn, "select concat_ws (' ', w -> 'up', w -> 'down', (select string_agg ((x ->> 2), ',') from jsonb_array_elements (w -> 'tiers') x))"
                      " from oba.tier_what_if ('{%s}') w", request->str);
      run (house->conn, "select oba.save_tier_scheme ('{\"version\": %u, %s}')", i + 1, request->str);
      carry_out (house);
      found = ask (house->conn, "select concat_ws (' ', c.raised, c.lowered, (select string_agg (n::text, ',' order by threshold) from (select t.threshold, count (a.customer_id) as n"
                   " from oba.tiers t left join oba.points_accounts a using (tier_id) where t.threshold is not null group by 1) x))"
                   " from oba.tier_carrying c order by c.version desc limit 1");
      g_test_message ("scheme %u: %s", i, found);
      g_assert_cmpstr (found, ==, expected);
      all_is_well (house);
    }
  call_refused (house->conn, "OB003", "save_tier_scheme", "{'version': 1}");
  all_is_well (house);
}

static void
test_scheme_refused (House *house, gconstpointer unused)
{
#define TIER(rest) "{'name_az': 'a', 'name_ru': 'b', 'name_en': 'c', " rest "}"
  static const char *const wrong[] = {
    "'tiers': []", "'tiers': 7", "'tiers': [" TIER ("'tier_id': 2, 'threshold': 0") "]", "'tiers': [" TIER ("'tier_id': 1, 'threshold': 5") "]",
    "'tiers': [" TIER ("'tier_id': 1, 'threshold': 0") ", " TIER ("'threshold': 0") "]", "'tiers': [" TIER ("'tier_id': 1, 'threshold': 0") ", " TIER ("'threshold': -1") "]",
    "'tiers': [" TIER ("'tier_id': 1, 'threshold': 0") ", " TIER ("'tier_id': 1, 'threshold': 9") "]", "'tiers': [{'tier_id': 1, 'threshold': 0, 'name_az': 'x', 'name_ru': 'y'}]",
    "'tiers': [" TIER ("'tier_id': 1, 'threshold': 0, 'benefits': [{'ru': 'x'}]") "]", "'tiers': [" TIER ("'tier_id': 1, 'threshold': 0, 'benefits': 3") "]",
    "'tiers': [" TIER ("'tier_id': 1, 'threshold': 0") "], 'grace_days': 400, 'downgrade': 'after_grace'", "'tiers': [" TIER ("'tier_id': 1, 'threshold': 0") "], 'grace_days': 5",
    "'tiers': [" TIER ("'tier_id': 1, 'threshold': 0") "], 'downgrade': 'after_grace'", "'tiers': [" TIER ("'tier_id': 1, 'threshold': 0") "], 'basis': 'visits'",
  };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    call_refused (house->conn, "OB001", "save_tier_scheme", "{'version': 1, 'basis': 'spend', 'downgrade': 'at_once', 'grace_days': 0, %s}", wrong[i]);
  run (house->conn, "insert into oba.rewards (code, kind, name_az, name_ru, name_en, cost, state, min_tier) values ('cup', 'gift', 'Fincan', '', '', 5, 'live', 3)");
  call_refused (house->conn, "OB013", "save_tier_scheme", "{'version': 1, 'basis': 'spend', 'downgrade': 'at_once', 'grace_days': 0, 'tiers': [" TIER ("'tier_id': 1, 'threshold': 0") "]}");
  assert_ask (house->conn, "1 4", "select concat_ws (' ', (select count (*) from oba.tier_schemes), (select count (*) from oba.tiers where threshold is not null))");
  all_is_well (house);
}

static gpointer
tills_thread (gpointer data)
{
  House *house = data;
  PGconn *conn = house_connect (house);
  static gint number;

  for (guint i = 0; i < 60; i++)
    {
      g_autofree char *no = g_strdup_printf ("t%d", g_atomic_int_add (&number, 1));

      sale (conn, 2000 + i % 20, no, "2026-03-01T10:00:00+04:00", 7000 + 1000 * (i % 11));
    }
  PQfinish (conn);
  return NULL;
}

/* Receipts go on while a scheme changes and is carried out: afterwards everybody has the tier of the last one. An old transaction that may have seen the scheme before is waited for. */
static void
test_meanwhile (House *house, gconstpointer unused)
{
  PGconn *slow = house_connect (house);
  GThread *threads[3];

  run (house->conn, "insert into oba.customers (customer_id, given_name) select n, 'K' || n from generate_series (2000, 2019) n");
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("till", tills_thread, house);
  for (guint i = 0; i < 6; i++)
    {
      scheme (house, "spend", i % 2 == 0 ? "at_once" : "after_grace", i % 2 == 0 ? 0 : 9, 20000 + 10000 * i, 50000 + 12000 * i, 120000);
      for (guint k = 0; k < 5; k++)
        ask_int (house->conn, "select oba.carry_out_tiers (5, 10)");
    }
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  carry_out (house);
  all_is_well (house);

  run (slow, "begin");
  g_free (call (slow, "record_receipt", NULL, "{'store': 2, 'receipt_no': 'slow', 'sold_at': '2026-03-01T10:00:00+04:00', 'customer_id': 200, 'total': 9000,"
                " 'lines': [{'product': 1, 'quantity': 1, 'unit_price': 9000, 'total': 9000}]}"));
  scheme (house, "spend", "at_once", 0, 8000, 300000, 600000);
  g_assert_cmpint (ask_int (house->conn, "select oba.carry_out_tiers (50, 100)"), ==, 1);
  g_assert_cmpint (ask_int (house->conn, "select oba.carry_out_tiers (50, 100)"), ==, 0);
  run (slow, "commit");
  PQfinish (slow);
  carry_out (house);
  assert_ask (house->conn, "2 9000", standing, 200);
  all_is_well (house);
}

/* Where points count: bonuses do, a return takes them, adjustments and what is spent do not matter. */
static void
test_points (House *house, gconstpointer unused)
{
  static const char points[] = "select concat_ws (' ', tier_id, tier_points, balance) from oba.points_accounts where customer_id = 100";

  sale (house->conn, 100, "1", "2025-12-01T10:00:00+04:00", 9950);
  scheme (house, "points", "at_once", 0, 100, 300, 600);
  carry_out (house);
  assert_ask (house->conn, "1 99 99", points);
  sale (house->conn, 100, "2", "2025-12-02T10:00:00+04:00", 99);
  assert_ask (house->conn, "1 99 99", points);
  g_free (call (house->conn, "adjust_points", NULL, "{'customer_id': 100, 'points': 500, 'reason': 'x'}"));
  assert_ask (house->conn, "1 99 599", points);
  sale (house->conn, 100, "3", "2025-12-03T10:00:00+04:00", 100);
  assert_ask (house->conn, "2 100 600", points);
  g_free (call (house->conn, "redeem_points", NULL, "{'customer_id': 100, 'points': 90}"));
  assert_ask (house->conn, "2 100 510", points);
  run (house->conn, "begin; select oba.lock_account (100, false); select oba.credit (100, now(), 'bonus', 200, '2030-01-01', null, null, null, null, null, null, 'job'); commit");
  assert_ask (house->conn, "3 300 710", points);
  give_back (house, "3", "2025-12-04T10:00:00+04:00", 1);
  assert_ask (house->conn, "3 299 709", points);
  job (house, "2026-11-30");
  assert_ask (house->conn, "2 299 709", points);
  all_is_well (house);
  scheme (house, "spend", "at_once", 0, 100, 300000, 600000);
  carry_out (house);
  assert_ask (house->conn, "2 709", points);
  all_is_well (house);
}

/* ---- an arithmetic of its own */

#define DAYS 900
#define N_TIERS 4
static const gint64 thresholds[N_TIERS] = { 0, 30000, 60000, 90000 };

typedef struct
{
  guint32 first;             /* Julian, of the first day */
  gint64 totals[DAYS];
  int known;                 /* the day up to which the database has moved; -1: none */
  int tier;
  int since;                 /* -1: reached */
  const char *downgrade;
  int grace;
} Model;

/* By the calendar, not by counting days: of the 29th of February the year before has the 28th. */
static gint64
amount_on (const Model *model, int day)
{
  GDate date, start;
  gint64 sum = 0;

  g_date_clear (&date, 1);
  g_date_set_julian (&date, model->first + (guint32) day);
  start = date;
  g_date_subtract_years (&start, 1);
  for (int d = MAX (0, (int) (g_date_get_julian (&start) - model->first) + 1); d <= day; d++)
    sum += model->totals[d];
  return sum;
}

static int
reached (gint64 amount)
{
  int tier = 0;

  while (tier + 1 < N_TIERS && thresholds[tier + 1] <= amount)
    tier++;
  return tier;
}

static int
fell_on (const Model *model, int day)
{
  for (int d = MAX (model->known, 0); d <= day; d++)
    if (amount_on (model, d) < thresholds[model->tier])
      return d;
  return day;
}

static void
settle (Model *model, int day, int fell, gboolean lower)
{
  int goal = reached (amount_on (model, day));

  model->known = day;
  if (goal >= model->tier)
    {
      model->tier = goal;
      model->since = -1;
      return;
    }
  if (model->since < 0)
    model->since = fell;
  if (!lower || g_str_equal (model->downgrade, "never"))
    return;
  while (model->tier > goal && day >= model->since + model->grace)
    {
      if (g_str_equal (model->downgrade, "one_step"))
        model->tier--;
      else
        model->tier = goal;
      model->since += model->grace;
    }
  if (model->tier == goal)
    model->since = -1;
}

static void
compare (House *house, const Model *model)
{
  GDate since;
  g_autofree char *found = ask (house->conn, "select concat_ws (' ', tier_id - 1, coalesce (tier_below_since::text, '-')) from oba.points_accounts where customer_id = 100");
  g_autofree char *expected = NULL;
  char day[11] = "-";

  g_date_clear (&since, 1);
  if (model->since >= 0)
    {
      g_date_set_julian (&since, model->first + (guint32) model->since);
      g_date_strftime (day, sizeof day, "%Y-%m-%d", &since);
    }
  expected = g_strdup_printf ("%d %s", model->tier, day);
  g_assert_cmpstr (found, ==, expected);
}

/* Hundreds of days with purchases, returns and a job that sometimes does not come: tier and grace are the calendar's every evening. */
static void
test_random (House *house, gconstpointer data)
{
  guint n = GPOINTER_TO_UINT (data);
  g_autofree Model *model = g_new0 (Model, 1);
  GDate date;
  int sold[DAYS];
  int left[DAYS];
  guint n_sold = 0;

  scheme (house, "spend", policies[n].downgrade, policies[n].grace, thresholds[1], thresholds[2], thresholds[3]);
  carry_out (house);
  g_date_clear (&date, 1);
  g_date_set_dmy (&date, 1, G_DATE_JANUARY, 2023);
  model->first = g_date_get_julian (&date);
  model->known = model->since = -1;
  model->downgrade = policies[n].downgrade;
  model->grace = policies[n].grace;
  for (int day = 0; day < DAYS; day++)
    {
      char text[11];
      g_autofree char *at = NULL;

      g_date_set_julian (&date, model->first + (guint32) day);
      g_date_strftime (text, sizeof text, "%Y-%m-%d", &date);
      at = g_strdup_printf ("%sT%s+04:00", text, g_test_rand_bit () ? "00:00:00" : "23:59:59");
      if (g_test_rand_int_range (0, 4) > 0)
        {
          job (house, text);
          if (model->tier > 0)
            settle (model, day, fell_on (model, day), TRUE);
        }
      if (g_test_rand_int_range (0, 8) == 0)
        {
          g_autofree char *no = g_strdup_printf ("r%u", n_sold);
          gint64 total = 10 * g_test_rand_int_range (1, 2000);
          int fell = fell_on (model, day);

          sale (house->conn, 100, no, at, total);
          sold[n_sold] = (int) total;
          left[n_sold++] = 1000;
          model->totals[day] += total;
          settle (model, day, fell, FALSE);
        }
      if (n_sold > 0 && g_test_rand_int_range (0, 20) == 0)
        {
          guint which = (guint) g_test_rand_int_range (0, (gint32) n_sold);
          g_autofree char *no = g_strdup_printf ("r%u", which);
          int fell = fell_on (model, day);

          if (left[which] >= 500)
            {
              give_back (house, no, at, 0.5);
              model->totals[day] -= left[which] == 1000 ? sold[which] / 2 : sold[which] - sold[which] / 2;
              left[which] -= 500;
              settle (model, day, fell, FALSE);
            }
        }
      compare (house, model);
    }
  all_is_well (house);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
#define ADD(path, function, data) g_test_add (path, House, GUINT_TO_POINTER (data), setup, function, house_teardown)
  ADD ("/tiers/boundaries", test_boundaries, 0);
  ADD ("/tiers/same-day", test_same_day, 0);
  ADD ("/tiers/never", test_policies, 0);
  ADD ("/tiers/at-once", test_policies, 1);
  ADD ("/tiers/after-a-day", test_policies, 2);
  ADD ("/tiers/after-grace", test_policies, 3);
  ADD ("/tiers/one-step", test_policies, 4);
  ADD ("/tiers/grace", test_grace, 0);
  ADD ("/tiers/standing", test_standing, 0);
  ADD ("/tiers/override", test_override, 0);
  ADD ("/tiers/override-replaced", test_override_replaced, 0);
  ADD ("/tiers/override-merged", test_override_merged, 0);
  ADD ("/tiers/override-refused", test_override_refused, 0);
  ADD ("/tiers/two-supervisors", test_two_supervisors, 0);
  ADD ("/tiers/scheme", test_scheme, 0);
  ADD ("/tiers/scheme-refused", test_scheme_refused, 0);
  ADD ("/tiers/meanwhile", test_meanwhile, 0);
  ADD ("/tiers/points", test_points, 0);
  ADD ("/tiers/random-at-once", test_random, 1);
  ADD ("/tiers/random-grace", test_random, 3);
  ADD ("/tiers/random-one-step", test_random, 4);
  ADD ("/tiers/random-never", test_random, 0);
  status = g_test_run ();
  house_server_stop ();
  return status;
}
