/*
 * Tills: a receipt that never arrived must be noticed, and one that arrives late must end the search for it; ordinary days must stay silent.
 * Cashiers: what is unusual is found by an independent count, and what is normal accuses nobody.
 */
#include "schema-house.h"

#include <math.h>
#include <string.h>

#include "db/oba-db-sql.h"

/* Receipts of a till, number by number: @numbers is a query of (n, at), @no how the till writes n. */
static void
sell (PGconn *conn, int store, int till, const char *no, const char *more, const char *numbers)
{
  run (conn,
       "insert into oba.receipts (customer_id, sold_at, receipt_id, store_id, till_no, receipt_no, total, paid_cash, line_count, source, posted_at, cashier)"
       " select w.customer_id, at, nextval ('oba.receipt_ids'), %d, %d, %s, 100, 100, 1, 'till', %s, null"
       " from (%s) q cross join oba.walk_ins w where w.store_id = %d",
       store, till, no, more != NULL ? more : "at", numbers, store);
}

static gint64
check (PGconn *conn)
{
  /* Days that go on wait for a while. */
  run (conn, "select oba.check_tills (0)");
  run (conn, "update oba.till_stale set due_at = now()");
  return ask_int (conn, "select oba.check_tills (100000)");
}

/* Receipts here have no lines and no points: only the invariant of tills is asked. */
static void
tills_are_well (House *house)
{
  g_autofree char *broken = ask (house->conn, "select string_agg (what, e'\\n') from (%s) x (what)", oba_db_sql ("verify/tills.sql"));

  g_assert_cmpstr (broken, ==, "");
}

#define EACH_10_MINUTES(first, last, start)                                                                            \
  "select n, timestamptz '" start "' + (n - " #first ") * interval '10 minutes' as at from generate_series (" #first ", " #last ") n"

/* ---- numbers */

static void
assert_number (PGconn *conn, const char *no, const char *day, const char *expected)
{
  assert_ask (conn, expected, "select concat_ws (' ', series, number) from oba.receipt_number ('%s', '%s')", no, day);
}

/* A till that writes the day into its number would have ten thousand missing receipts every morning. */
static void
test_numbers (House *house, gconstpointer unused)
{
  PGconn *conn = house->conn;

  assert_number (conn, "17", "2023-05-04", " 17");
  assert_number (conn, "000017", "2023-05-04", " 17");
  assert_number (conn, "A3-17", "2023-05-04", "A3- 17");
  assert_number (conn, "2023-05-04/0017", "2023-05-04", "2023-05-04/ 17");
  assert_number (conn, "202305040017", "2023-05-04", "20230504 17");
  assert_number (conn, "T2-040520230017", "2023-05-04", "T2-04052023 17");
  assert_number (conn, "230504117", "2023-05-04", "230504 117");
  assert_number (conn, "230504117", "2023-05-05", " 230504117");
  assert_number (conn, "Z17/B", "2023-05-04", "");
  assert_number (conn, "99999999999999999999999", "2023-05-04", "99999 999999999999999999");
}

static char *
gaps (PGconn *conn)
{
  return ask (conn, "select string_agg (format ('%%s/%%s %%s%%s-%%s %%s', store_id, till_no, series, first_no, last_no, state), '; ' order by store_id, till_no, series, first_no)"
                    " from oba.till_findings where kind = 'gap'");
}

static void
assert_gaps (PGconn *conn, const char *expected)
{
  g_autofree char *found = gaps (conn);

  g_assert_cmpstr (found, ==, expected);
}

static void
test_gaps (House *house, gconstpointer unused)
{
  PGconn *conn = house->conn;

  /* As it should be: in order; with zeros; a number for each day; two shifts; a new till that goes on elsewhere; one that begins at 1 again. */
  sell (conn, 1, 1, "n::text", NULL, EACH_10_MINUTES (1, 200, "2023-05-01 09:00+04"));
  sell (conn, 1, 2, "lpad (n::text, 8, '0')", NULL, EACH_10_MINUTES (100, 180, "2023-05-01 09:00+04"));
  sell (conn, 1, 3, "to_char (at, 'YYYYMMDD') || lpad ((n % 70 + 1)::text, 4, '0')", NULL,
        "select n, timestamptz '2023-05-01 09:00+04' + n / 70 * interval '1 day' + n % 70 * interval '10 minutes' as at from generate_series (0, 209) n");
  sell (conn, 1, 4, "'S' || n / 60 || '-' || n % 60", NULL, EACH_10_MINUTES (60, 179, "2023-05-01 09:00+04"));
  sell (conn, 1, 5, "case when n <= 60 then (500000 + n)::text else n::text end", NULL, EACH_10_MINUTES (1, 120, "2023-05-01 09:00+04"));
  sell (conn, 1, 6, "case when n <= 60 then n else n + 700 end", NULL, EACH_10_MINUTES (1, 120, "2023-05-01 09:00+04"));
  check (conn);
  assert_gaps (conn, "");

  /* Three are missing here, one there, and one of a day's own numbers. */
  sell (conn, 2, 1, "n::text", NULL, EACH_10_MINUTES (1, 60, "2023-05-01 09:00+04"));
  sell (conn, 2, 1, "n::text", NULL, EACH_10_MINUTES (64, 90, "2023-05-01 19:30+04"));
  sell (conn, 2, 2, "'B' || lpad (n::text, 6, '0')", NULL,
        "select n, timestamptz '2023-05-01 09:00+04' + n * interval '20 minutes' as at from generate_series (1, 300) n where n <> 77");
  sell (conn, 2, 3, "to_char (at, 'DDMMYY') || lpad ((n % 70 + 1)::text, 4, '0')", NULL,
        "select n, timestamptz '2023-05-01 09:00+04' + n / 70 * interval '1 day' + n % 70 * interval '10 minutes' as at from generate_series (0, 209) n where n <> 99");
  check (conn);
  assert_gaps (conn, "2/1 61-63 open; 2/2 B77-77 open; 2/3 02052330-30 open");
  assert_ask (conn, "2023-05-01 18:50:00+04 2023-05-01 19:30:00+04 3", "select concat_ws (' ', begins_at, ends_at, receipts) from oba.till_findings where till_no = 1 and kind = 'gap'");

  /* Looking again finds nothing new. */
  run (conn, "insert into oba.till_stale select distinct store_id, day, now() from oba.till_days");
  check (conn);
  assert_gaps (conn, "2/1 61-63 open; 2/2 B77-77 open; 2/3 02052330-30 open");
  tills_are_well (house);

  /* Part of them arrives, then the last by a clerk from paper: the search is over. */
  sell (conn, 2, 1, "n::text", "now()", "select 62 as n, timestamptz '2023-05-01 19:05+04' as at");
  check (conn);
  assert_gaps (conn, "2/1 61-61 open; 2/1 63-63 open; 2/2 B77-77 open; 2/3 02052330-30 open");
  sell (conn, 2, 1, "n::text", "now()", "select n, timestamptz '2023-05-01 19:05+04' as at from unnest (array[61, 63]) n");
  run (conn, "select oba.record_receipt ('{\"store\": 2, \"till\": 2, \"receipt_no\": \"B000077\", \"sold_at\": \"2023-05-02 10:40+04\", \"total\": 100, \"source\": \"staff\", \"reason\": \"paper\","
             " \"lines\": [{\"product\": 1, \"quantity\": 1, \"unit_price\": 100, \"total\": 100}]}')");
  check (conn);
  assert_gaps (conn, "2/1 61-61 resolved; 2/1 63-63 resolved; 2/2 B77-77 resolved; 2/3 02052330-30 open");
  assert_ask (conn, "open 3, open 1, resolved 0",
              "select string_agg (state || ' ' || receipts, ', ' order by event_no) from oba.till_finding_events e where finding_id = (select min (finding_id) from oba.till_findings where kind = 'gap' and till_no = 1)");
}

/* A number may be on its way: the till sends two at once, and the second comes first. */
static void
test_on_its_way (House *house, gconstpointer unused)
{
  PGconn *conn = house->conn;

  run (conn, "select oba.ensure_partitions ((now() - interval '1 day')::date, now()::date)");
  sell (conn, 1, 1, "n::text", "now() - interval '2 hours'", "select n, now() - interval '3 hours' + n * interval '1 minute' as at from generate_series (1, 20) n");
  sell (conn, 1, 1, "n::text", "now() - interval '1 minute'", "select n, now() - interval '3 hours' + n * interval '1 minute' as at from generate_series (22, 30) n");
  check (conn);
  assert_gaps (conn, "");
  g_assert_cmpint (ask_int (conn, "select count (*) from oba.till_stale where due_at > now()"), >=, 1);
  /* Half an hour later it is missing. */
  run (conn, "begin; set local session_replication_role = replica; update oba.receipts set posted_at = posted_at - interval '40 minutes'; commit");
  run (conn, "insert into oba.till_stale select distinct store_id, day, now() from oba.till_days on conflict do nothing");
  check (conn);
  assert_gaps (conn, "1/1 21-21 open");
}

/* ---- late, refused */

static void
test_late (House *house, gconstpointer unused)
{
  PGconn *conn = house->conn;

  sell (conn, 1, 1, "n::text", "at + interval '3 seconds'", EACH_10_MINUTES (1, 30, "2023-05-01 09:00+04"));
  sell (conn, 1, 1, "n::text", "timestamptz '2023-05-02 08:15+04'", EACH_10_MINUTES (31, 42, "2023-05-01 14:00+04"));
  sell (conn, 1, 1, "n::text", "at + interval '59 minutes'", EACH_10_MINUTES (43, 60, "2023-05-01 16:00+04"));
  check (conn);
  assert_ask (conn, "1 2023-05-01 12 2023-05-01 14:00:00+04 2023-05-01 15:50:00+04 1095 985",
              "select concat_ws (' ', till_no, day, receipts, begins_at, ends_at, figures ->> 'longest', figures ->> 'shortest') from oba.till_findings where kind = 'late'");
  assert_gaps (conn, "");

  /* More of the same day: the same finding, and it is open again though somebody had explained it. */
  run (conn, "update oba.till_findings set state = 'explained'");
  sell (conn, 1, 1, "n::text", "now()", EACH_10_MINUTES (61, 62, "2023-05-01 20:00+04"));
  check (conn);
  assert_ask (conn, "1 14 open", "select concat_ws (' ', count (*), max (receipts), max (state)) from oba.till_findings where kind = 'late'");
}

static void
test_refused (House *house, gconstpointer unused)
{
  PGconn *conn = house->conn;

  run (conn, "insert into oba.tills (store_id, till_no, client_id, key_hash) values (1, 3, 'till-s1-0003', sha256 ('x'))");
  run (conn, "select oba.note_refusal ('till-s1-0003', '{\"code\": \"OB004\", \"receipt_no\": \"77\", \"sold_at\": \"2023-05-01T10:00:00+04:00\", \"total\": 500}')");
  run (conn, "select oba.note_refusal ('till-s1-0003', '{\"code\": \"OB004\", \"receipt_no\": \"77\", \"sold_at\": \"soon\", \"total\": \"much\"}')");
  assert_ask (conn, "duplicate 1/3 77 2 open", "select format ('%%s %%s/%%s %%s %%s %%s', kind, store_id, till_no, series, receipts, state) from oba.till_findings");
  /* One repeated for want of an answer is as it should be; one that never ends is not. */
  for (int i = 0; i < 9; i++)
    run (conn, "select oba.note_refusal ('till-s1-0003', '{\"code\": \"again\", \"receipt_no\": \"78\"}')");
  g_assert_cmpint (ask_int (conn, "select count (*) from oba.till_findings"), ==, 1);
  run (conn, "select oba.note_refusal ('till-s1-0003', '{\"code\": \"again\", \"receipt_no\": \"78\"}')");
  g_assert_cmpint (ask_int (conn, "select count (*) from oba.till_findings"), ==, 2);
  /* What cannot be found again is not kept, nor is a till that nobody knows. */
  run (conn, "select oba.note_refusal ('till-s1-0003', '{\"code\": \"OB001\"}'), oba.note_refusal ('till-s1-0003', '{\"code\": \"OB001\", \"receipt_no\": \"a\\nb\"}'),"
             " oba.note_refusal ('nobody', '{\"code\": \"OB001\", \"receipt_no\": \"1\"}'), oba.note_refusal ('till-s1-0003', '[]')");
  g_assert_cmpint (ask_int (conn, "select count (*) from oba.till_refusals"), ==, 2);
  tills_are_well (house);
}

/* ---- silence */

/* A store until @until: till 1 every ten minutes from 9 to 21, till 2 in the evening and not on Sundays, till 3 now and then. */
static void
open_store (PGconn *conn, int store, const char *until)
{
  static const char *const when[] = {
    "true",
    "h between 96 and 119 and extract (isodow from d at time zone 'Asia/Baku') < 7",
    "(h * 7919 + extract (day from d)::integer * 104729) % 23 = 0",
  };

  for (guint i = 0; i < G_N_ELEMENTS (when); i++)
    {
      g_autofree char *numbers = g_strdup_printf (
          "select row_number () over (order by d, h) as n, d + h * interval '10 minutes' as at"
          " from generate_series (timestamptz '2023-05-01 00:00+04', '%s', '1 day') d cross join generate_series (54, 125) h where %s",
          until, when[i]);

      sell (conn, store, (int) i + 1, "n::text", NULL, numbers);
    }
}

static char *
silent (PGconn *conn)
{
  return ask (conn, "select string_agg (format ('%%s/%%s %%s %%s', store_id, till_no, figures ->> 'hours', state), '; ' order by store_id, till_no) from oba.till_findings where kind = 'silent'");
}

static void
test_silence (House *house, gconstpointer unused)
{
  PGconn *conn = house->conn;
  g_autofree char *nobody = NULL, *one = NULL, *evening = NULL, *back = NULL;

  /* Six ordinary weeks; the store is closed for two days in the middle. */
  open_store (conn, 1, "2023-06-11 00:00+04");
  run (conn, "begin; set local session_replication_role = replica; delete from oba.receipts where business_day between '2023-05-25' and '2023-05-26'; commit");
  check (conn);
  nobody = silent (conn);
  g_assert_cmpstr (nobody, ==, "");

  /* On Monday till 1 stops at noon while the others go on: at three hours it is noticed. Till 2 is not expected before 16. */
  sell (conn, 1, 1, "n::text", NULL, EACH_10_MINUTES (10001, 10018, "2023-06-12 09:00+04"));
  sell (conn, 1, 3, "n::text", NULL, EACH_10_MINUTES (10001, 10019, "2023-06-12 12:00+04"));
  check (conn);
  one = silent (conn);
  g_assert_cmpstr (one, ==, "1/1 4 open");
  assert_ask (conn, "2023-06-12 11:50:00+04 24", "select begins_at || ' ' || receipts from oba.till_findings where kind = 'silent'");

  /* By the evening it is till 2, too. */
  sell (conn, 1, 3, "n::text", NULL, EACH_10_MINUTES (10020, 10060, "2023-06-12 15:10+04"));
  check (conn);
  evening = silent (conn);
  g_assert_cmpstr (evening, ==, "1/1 9 open; 1/2 4 open");

  /* It sells again: over, with the time of its return. */
  sell (conn, 1, 1, "n::text", NULL, EACH_10_MINUTES (10100, 10101, "2023-06-12 21:50+04"));
  check (conn);
  back = silent (conn);
  g_assert_cmpstr (back, ==, "1/1 9 resolved; 1/2 4 open");
  tills_are_well (house);
}

/* Nobody sells any more in a whole store, or in one that is closed: a day of rest is no finding, a week without a word is; and one till that was taken away is none. */
static void
test_silent_store (House *house, gconstpointer unused)
{
  PGconn *conn = house->conn;

  run (conn, "insert into oba.stores (code, name) values ('S3', 'Üçüncü'), ('S4', 'Dördüncü')");
  for (int store = 1; store <= 3; store++)
    open_store (conn, store, store == 2 ? "2023-06-05 00:00+04" : "2023-06-11 00:00+04");
  open_store (conn, 4, "2023-06-10 00:00+04");
  job_does (house, "fold_rollups", ask_int (conn, "select count (*) from oba.receipts"));
  check (conn);
  assert_ask (conn, "2/0 2023-06-05", "select string_agg (format ('%%s/%%s %%s', store_id, till_no, day), '; ') from oba.till_findings where kind = 'silent'");
  sell (conn, 2, 1, "n::text", NULL, EACH_10_MINUTES (20000, 20001, "2023-06-12 10:00+04"));
  check (conn);
  assert_ask (conn, "resolved 2023-06-12 10:00:00+04", "select state || ' ' || ends_at from oba.till_findings where kind = 'silent'");

  run (conn, "insert into oba.tills (store_id, till_no, client_id, key_hash, revoked_at) values (1, 1, 'till-s1-0001', sha256 ('x'), now())");
  sell (conn, 1, 3, "n::text", NULL, EACH_10_MINUTES (10001, 10050, "2023-06-12 09:00+04"));
  check (conn);
  assert_ask (conn, "", "select string_agg (till_no::text, ' ') from oba.till_findings where kind = 'silent' and store_id = 1");
}

/* ---- cashiers */

/*
 * A store's cashiers at work, by this test's own arithmetic: @days days, each cashier serves @each receipts of @cards customers who come at random, and one in @back returns the same
 * day to a random cashier. Numbers follow @seed.
 */
static void
work (PGconn *conn, int store, int days, int cashiers, int each, int cards, double returned, guint32 seed)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  g_autoptr (GString) values = g_string_new (NULL);
  gint64 first = 10000 + 1000 * store;

  run (conn, "insert into oba.customers (customer_id, given_name, family_name) select n, 'Ad', 'Soyad' from generate_series (%" G_GINT64_FORMAT ", %" G_GINT64_FORMAT ") n on conflict do nothing",
       first, first + 399);
  for (int day = 0; day < days; day++)
    for (int cashier = 0; cashier < cashiers; cashier++)
      for (int i = 0; i < each; i++)
        {
          gint64 customer = g_rand_int_range (random, 0, 10) < 6 ? first + g_rand_int_range (random, 0, cards) : 0;
          int minute = 9 * 60 + g_rand_int_range (random, 0, 720);
          gboolean again = g_rand_double (random) < 0.02;
          int other = g_rand_int_range (random, 0, cashiers);

          g_string_append_printf (values, "%s(%d,%d,%d,%" G_GINT64_FORMAT ",%d)", values->len > 0 ? "," : "", day, minute, cashier, customer, g_rand_double (random) < returned);
          if (again && customer != 0)
            g_string_append_printf (values, ",(%d,%d,%d,%" G_GINT64_FORMAT ",0)", day, MIN (minute + 40, 1300), other, customer);
        }
  run (conn,
       "insert into oba.receipts (customer_id, sold_at, receipt_id, store_id, till_no, receipt_no, total, paid_cash, line_count, source, posted_at, cashier, kind, original_customer_id, original_sold_at,"
       " original_receipt_id, reason_code)"
       " select customer, at, receipt, %d, 1 + cashier, 'x', case when back then -100 else 100 end, case when back then -100 else 100 end, 1, 'till', at, 'Kassir ' || cashier,"
       "  case when back then 'return' else 'sale' end, case when back then customer end, case when back then at end, case when back then receipt end, case when back then 'damaged' end"
       " from (select coalesce (nullif (v.customer, 0), w.customer_id) as customer, timestamptz '2023-05-01 00:00+04' + v.day * interval '1 day' + v.minute * interval '1 minute' as at, v.cashier, v.back = 1 as back,"
       "  nextval ('oba.receipt_ids') as receipt from (values %s) v (day, minute, cashier, customer, back) cross join oba.walk_ins w where w.store_id = %d) q",
       store, values->str, store);
}

/* @n receipts of one customer at one cashier, spread over @days days. */
static void
plant (PGconn *conn, int store, const char *cashier, gint64 customer, int n, int days, const char *kind)
{
  run (conn,
       "insert into oba.receipts (customer_id, sold_at, receipt_id, store_id, till_no, receipt_no, total, paid_cash, line_count, source, posted_at, cashier, kind, original_customer_id, original_sold_at,"
       " original_receipt_id, reason_code)"
       " select %" G_GINT64_FORMAT ", at, receipt, %d, 1, 'p', t, t, 1, 'till', at, '%s', '%s', o, case when o is not null then at end, case when o is not null then receipt end, case when o is not null then 'damaged' end"
       " from (select timestamptz '2023-05-01 10:00+04' + n %% %d * interval '1 day' + n / %d * interval '50 minutes' as at, nextval ('oba.receipt_ids') as receipt,"
       " case when '%s' = 'sale' then 100 else -100 end as t, case when '%s' = 'sale' then null::bigint else %" G_GINT64_FORMAT " end as o from generate_series (0, %d) n) x",
       customer, store, cashier, kind, days, days, kind, kind, customer, n - 1);
}

static char *
reviews (PGconn *conn)
{
  return ask (conn, "select string_agg (format ('%%s %%s %%s %%s %%s', kind, store_id, cashier, coalesce (customer_id, 0), state), '; ' order by kind, store_id, cashier, customer_id, review_id) from oba.cashier_reviews");
}

/* Ordinary work of 30 stores for four weeks, in every second one of them for a few who come all the time: not one review. By the stated risk it would be one in a hundred such chains. */
static void
test_nobody_accused (House *house, gconstpointer unused)
{
  PGconn *conn = house->conn;
  g_autofree char *found = NULL;
  guint32 seed = 20260101;

  run (conn, "insert into oba.stores (code, name) select 'N' || n, 'Mağaza ' || n from generate_series (3, 30) n");
  for (int store = 1; store <= 30; store++)
    work (conn, store, 28, 4 + store % 3, 25, store % 2 == 0 ? 30 : 400, store % 5 == 0 ? 0.08 : 0.015, seed + (guint32) store);
  check (conn);
  found = reviews (conn);
  g_test_message ("seed %u", seed);
  g_assert_cmpstr (found, ==, "");
  g_assert_cmpint (ask_int (conn, "select count (*) from oba.cashier_cards"), >, 100);
}

static void
test_worth_a_look (House *house, gconstpointer unused)
{
  PGconn *conn = house->conn;
  g_autofree char *found = NULL, *decided = NULL, *after = NULL;

  work (conn, 1, 28, 5, 25, 400, 0.015, 7);
  work (conn, 2, 28, 4, 25, 400, 0.015, 8);
  plant (conn, 1, "Kassir 2", 11005, 36, 9, "sale");    /* four a day on nine days */
  plant (conn, 2, "Kassir 1", 12007, 40, 20, "return"); /* takes back ten times as much */
  plant (conn, 2, "Kassir 0", 12009, 4, 4, "sale");     /* a good customer, no more */
  check (conn);
  found = reviews (conn);
  g_assert_cmpstr (found, ==, "card 1 Kassir 2 11005 open; returns 2 Kassir 1 0 open");

  /* The figures by an own count. */
  assert_ask (conn, "t",
              "select (figures ->> 'receipts')::bigint = (select count (*) from oba.receipts where store_id = 1 and cashier = 'Kassir 2' and customer_id = 11005 and kind = 'sale')"
              " and (figures ->> 'days')::bigint = (select count (distinct business_day) from oba.receipts where store_id = 1 and cashier = 'Kassir 2' and customer_id = 11005 and kind = 'sale')"
              " and (figures ->> 'norm')::numeric between 1 and 20 from oba.cashier_reviews where kind = 'card'");
  assert_ask (conn, "t",
              "select (figures ->> 'returns')::bigint = (select count (*) from oba.receipts where store_id = 2 and cashier = 'Kassir 1' and kind = 'return')"
              " and abs ((figures ->> 'norm')::numeric - (select count (*) from oba.receipts where store_id = 2 and cashier = 'Kassir 1' and kind = 'sale')"
              "  * (select (count (*) filter (where kind = 'return') + 1.0) / (count (*) filter (where kind = 'sale') + 50) from oba.receipts where store_id = 2 and cashier <> 'Kassir 1')) < 0.06"
              " from oba.cashier_reviews where kind = 'returns'");

  /* Looked at, and fine: it stays so, until the same begins anew afterwards. */
  decided = call (conn, "decide_review", NULL, "{'review_id': %" G_GINT64_FORMAT ", 'version': 1, 'state': 'fine', 'note': 'buys for the office'}",
                  ask_int (conn, "select review_id from oba.cashier_reviews where kind = 'card'"));
  run (conn, "delete from oba.till_stores; insert into oba.till_stale select distinct store_id, day, now() from oba.till_days");
  check (conn);
  after = reviews (conn);
  g_assert_cmpstr (after, ==, "card 1 Kassir 2 11005 fine; returns 2 Kassir 1 0 open");
  tills_are_well (house);
}

/* The tail of the Poisson distribution, summed here term by term. */
static void
test_unlikely (House *house, gconstpointer unused)
{
  static const struct { int seen; double expected; } cases[] = { { 1, 0.5 }, { 4, 0.1 }, { 9, 2.5 }, { 39, 20 }, { 60, 20 }, { 200, 90 }, { 36, 0.36 } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      double sum = 0, own, theirs;
      g_autofree char *text = ask (house->conn, "select oba.unlikely (%d, %g)", cases[i].seen, cases[i].expected);

      for (int k = cases[i].seen; k < cases[i].seen + 400; k++)
        sum += exp (k * log (cases[i].expected) - cases[i].expected - lgamma (k + 1.0));
      own = - log10 (sum);
      theirs = g_ascii_strtod (text, NULL);
      g_assert_cmpfloat_with_epsilon (own, theirs, 1e-5 * MAX (1, own));
    }
  assert_ask (house->conn, "0", "select oba.unlikely (3, 5)");
}

/* ---- people */

static PGconn *
sign_in (House *house, const char *role)
{
  g_autofree char *login = g_strdup_printf ("%s_of_tills", role);
  g_autofree char *conninfo = g_strdup_printf ("%s user=%s", house->conninfo, login);
  House other = { conninfo, NULL };

  if (ask_int (house->conn, "select count (*) from oba.staff where login = '%s'", login) == 0)
    run (house->conn, "select oba.staff_add ('%s', '%s', '%s')", login, login, role);
  return house_connect (&other);
}

static void
test_people (House *house, gconstpointer unused)
{
  PGconn *conn = house->conn;
  PGconn *clerk = sign_in (house, "clerk");
  PGconn *supervisor = sign_in (house, "supervisor");
  PGconn *auditor = sign_in (house, "auditor");
  PGconn *marketing = sign_in (house, "marketing");
  gint64 gap, review;

  work (conn, 1, 28, 5, 25, 400, 0.015, 7);
  plant (conn, 1, "Kassir 2", 11005, 36, 9, "sale");
  sell (conn, 2, 1, "n::text", NULL, EACH_10_MINUTES (1, 60, "2023-05-01 09:00+04"));
  sell (conn, 2, 1, "n::text", NULL, EACH_10_MINUTES (64, 90, "2023-05-01 19:30+04"));
  check (conn);
  gap = ask_int (conn, "select finding_id from oba.till_findings where kind = 'gap'");
  review = ask_int (conn, "select review_id from oba.cashier_reviews");

  /* Names of cashiers are for those who answer for them. */
  g_assert_cmpint (ask_int (clerk, "select count (*) from oba.till_findings"), ==, 1);
  refused (clerk, "42501", "select * from oba.cashier_reviews");
  refused (clerk, "42501", "select * from oba.cashier_days");
  refused (clerk, "42501", "select * from oba.cashier_review_events");
  refused (clerk, "42501", "select * from oba.cashier_cards");
  refused (marketing, "42501", "select * from oba.till_findings");
  refused (marketing, "42501", "select * from oba.cashier_reviews");
  g_assert_cmpint (ask_int (auditor, "select count (*) from oba.cashier_reviews"), ==, 1);
  call_refused (clerk, "42501", "decide_review", "{'review_id': %" G_GINT64_FORMAT ", 'version': 1, 'state': 'fine'}", review);
  call_refused (auditor, "42501", "decide_review", "{'review_id': %" G_GINT64_FORMAT ", 'version': 1, 'state': 'fine'}", review);
  call_refused (auditor, "42501", "explain_finding", "{'finding_id': %" G_GINT64_FORMAT ", 'version': 1, 'state': 'explained', 'reason_code': 'training'}", gap);
  refused (clerk, "42501", "update oba.till_findings set state = 'explained'");
  refused (supervisor, "42501", "delete from oba.cashier_reviews");
  refused (clerk, "42501", "select oba.check_tills (1)");

  /* A reason from the list, one winner, and words where they are needed. */
  call_refused (clerk, "OB001", "explain_finding", "{'finding_id': %" G_GINT64_FORMAT ", 'version': 1, 'state': 'explained'}", gap);
  call_refused (clerk, "OB001", "explain_finding", "{'finding_id': %" G_GINT64_FORMAT ", 'version': 1, 'state': 'explained', 'reason_code': 'other', 'note': '  '}", gap);
  call_refused (clerk, "OB002", "explain_finding", "{'finding_id': 999, 'version': 1, 'state': 'explained', 'reason_code': 'training'}");
  g_free (call (clerk, "explain_finding", "k1", "{'finding_id': %" G_GINT64_FORMAT ", 'version': 1, 'state': 'explained', 'reason_code': 'cancelled', 'note': 'Paper jam'}", gap));
  call_refused (supervisor, "OB003", "explain_finding", "{'finding_id': %" G_GINT64_FORMAT ", 'version': 1, 'state': 'explained', 'reason_code': 'training'}", gap);
  assert_ask (conn, "clerk_of_tills explained cancelled Paper jam",
              "select concat_ws (' ', who, state, reason_code, note) from oba.till_finding_events where finding_id = %" G_GINT64_FORMAT " order by event_no desc limit 1", gap);
  /* Explained is not gone: when the receipts come after all it ends. */
  sell (conn, 2, 1, "n::text", "now()", EACH_10_MINUTES (61, 63, "2023-05-01 19:00+04"));
  check (conn);
  assert_gaps (conn, "2/1 61-63 resolved");
  call_refused (clerk, "OB013", "explain_finding", "{'finding_id': %" G_GINT64_FORMAT ", 'version': 3, 'state': 'open'}", gap);

  /* A decision: who, when, what; and no name of a customer in its note. */
  run (conn, "update oba.customers set given_name = 'Rəşad', family_name = 'Quliyev' where customer_id = 11005");
  call_refused (supervisor, "OB001", "decide_review", "{'review_id': %" G_GINT64_FORMAT ", 'version': 1, 'state': 'follow_up', 'note': 'ask resad about it'}", review);
  call_refused (supervisor, "OB001", "decide_review", "{'review_id': %" G_GINT64_FORMAT ", 'version': 1, 'state': 'follow_up'}", review);
  g_free (call (supervisor, "decide_review", "k2", "{'review_id': %" G_GINT64_FORMAT ", 'version': 1, 'state': 'follow_up', 'note': 'ask the store'}", review));
  call_refused (supervisor, "OB003", "decide_review", "{'review_id': %" G_GINT64_FORMAT ", 'version': 1, 'state': 'fine'}", review);
  assert_ask (conn, "supervisor_of_tills cashier_review.follow_up", "select who || ' ' || action from oba.audit where subject = 'cashier_review'");
  tills_are_well (house);

  /* Whoever is erased is not kept in a note either. */
  run (conn, "update oba.cashier_review_events set note = 'the customer of the office' where event_no = 2");
  g_free (call (conn, "erase_customer", NULL, "{'customer_id': 11005, 'confirm': '11005', 'reason': 'request'}"));
  g_assert_cmpint (ask_int (conn, "select count (*) from oba.cashier_review_events where note is not null"), ==, 0);
  PQfinish (clerk);
  PQfinish (supervisor);
  PQfinish (auditor);
  PQfinish (marketing);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
#define TEST(name, function) g_test_add ("/db/tills/" name, House, NULL, house_setup, function, house_teardown)
  TEST ("numbers", test_numbers);
  TEST ("gaps", test_gaps);
  TEST ("on-its-way", test_on_its_way);
  TEST ("late", test_late);
  TEST ("refused", test_refused);
  TEST ("silence", test_silence);
  TEST ("silent-store", test_silent_store);
  TEST ("nobody-accused", test_nobody_accused);
  TEST ("worth-a-look", test_worth_a_look);
  TEST ("unlikely", test_unlikely);
  TEST ("people", test_people);
  status = g_test_run ();
  house_server_stop ();
  return status;
}
