/* A loaded history is worth what it would have been worth receipt by receipt. */
#include "schema-house.h"

#include <string.h>

#define TWIN 1000 /* customer 100 buys one by one, customer 1100 the same in bulk */
#define TWIN_RECEIPT 1000000
#define N_SALES 150

typedef struct
{
  int customers;   /* from 100 on */
  int recent;      /* of so many of the last sales one comes back */
  int rarely;      /* after every many sale */
  const char *more; /* rules besides */
} Shopping;

/*
 * Sales of some weeks, and returns of earlier ones; customers cross tiers, some days see several receipts.
 */
static void
shop (House *house, GRand *dice, int first_day, int days, guint sales, const Shopping *how)
{
  for (guint i = 0; i < sales; i++)
    {
      int day = first_day + (int) (i * days / sales);
      g_autofree char *at =
          ask (house->conn,
               "select timestamptz '2023-01-01 08:00+04' + %d * interval '1 day' + %u * interval '1 minute'", day, i + (first_day > 0 ? 300 : 0));
      gint64 customer = 100 * g_rand_int_range (dice, 1, how->customers + 1);
      int a = g_rand_int_range (dice, 1, 9), b = g_rand_int_range (dice, 1, 12000),
          c = g_rand_int_range (dice, 1, 4000);

      g_free (call (house->conn, "record_receipt", NULL,
                    "{'store': %d, 'till': 1, 'receipt_no': '%d-%u', 'sold_at': '%s', 'customer_id': %" G_GINT64_FORMAT
                    ", 'total': %d, 'lines': ["
                    "{'product': 1, 'quantity': %d, 'unit_price': 333, 'total': %d}, {'product': 2, 'quantity': 1, "
                    "'unit_price': %d, 'total': %d},"
                    "{'product': 3, 'quantity': 0.5, 'unit_price': %d, 'discount': 1, 'total': %d}]}",
                    g_rand_int_range (dice, 1, 3), first_day, i, at, customer, a * 333 + b + c, a, a * 333, b, b,
                    (c + 1) * 2, c));
      if (g_rand_int_range (dice, 0, how->rarely) == 0)
        {
          g_autofree char *sale_key =
              ask (house->conn,
                   "select format ('{''store'': %%s, ''till'': 1, ''receipt_no'': ''%%s''}', store_id, receipt_no) "
                   "from oba.receipts r where kind = 'sale' and customer_id < %d"
                   " and not exists (select from oba.receipts x where x.original_receipt_id = r.receipt_id and x.kind "
                   "= 'void')"
                   " order by sold_at desc offset floor (%f * least (%d, (select count (*) from oba.receipts where kind = 'sale' and "
                   "customer_id < %d))) limit 1",
                   TWIN, g_rand_double (dice), how->recent, TWIN);
          g_autofree char *json = g_strdelimit (g_strdup (sale_key), "'", '"');
          gboolean whole = g_rand_boolean (dice);

          if (*json != '\0')
            run (house->conn,
                 "do $$ begin perform oba.return_lines ($r${\"original\": %s, \"sold_at\": \"%s\", \"reason_code\": "
                 "\"x\"%s}$r$);"
                 " exception when sqlstate 'OB008' then null; end $$",
                 json, at,
                 whole ? "" : ", \"lines\": [{\"line\": 1, \"quantity\": 1}, {\"line\": 3, \"quantity\": 0.2}]");
        }
    }
}

/* The same receipts for the twins, loaded and posted as a batch. */
static void
load (House *house)
{
  gint64 batch = ask_int (house->conn, "insert into oba.import_batches (kind) values ('sales') returning batch_id");

  run (
      house->conn,
      "insert into oba.receipt_lines (customer_id, sold_at, receipt_id, line_no, product_id, quantity, unit_price, "
      "discount, vat, total, original_line_no)"
      " select customer_id + %d, sold_at, receipt_id + %d, line_no, product_id, quantity, unit_price, discount, vat, "
      "total, original_line_no from oba.receipt_lines l"
      " where customer_id < %d and not exists (select from oba.receipt_lines t where t.receipt_id = l.receipt_id + %d)",
      TWIN, TWIN_RECEIPT, TWIN, TWIN_RECEIPT);
  run (
      house->conn,
      "insert into oba.receipts (customer_id, sold_at, receipt_id, kind, store_id, till_no, receipt_no, total, "
      "discount, vat, paid_cash, line_count,"
      " original_customer_id, original_sold_at, original_receipt_id, reason_code, source, batch_id)"
      " select customer_id + %d, sold_at, receipt_id + %d, kind, store_id, 2, receipt_no, total, discount, vat, "
      "paid_cash, line_count,"
      " original_customer_id + %d, original_sold_at, original_receipt_id + %d, reason_code, 'import', %" G_GINT64_FORMAT
      " from oba.receipts r"
      " where customer_id < %d and not exists (select from oba.receipts t where t.receipt_id = r.receipt_id + %d)",
      TWIN, TWIN_RECEIPT, TWIN, TWIN_RECEIPT, batch, TWIN, TWIN_RECEIPT);
  run (house->conn, "select oba.post_batch (%" G_GINT64_FORMAT ")", batch);
  refused (house->conn, "OB013", "select oba.post_batch (%" G_GINT64_FORMAT ")", batch);
}

static void
tell_lines (const char *whose, const char *lines, const char *others)
{
  g_auto (GStrv) all = g_strsplit (lines, "\n", -1), known = g_strsplit (others, "\n", -1);

  for (guint i = 0; all[i] != NULL; i++)
    if (!g_strv_contains ((const char *const *) known, all[i]))
      g_test_message ("%s: %s", whose, all[i]);
}

static void
tell_difference (const char *one, const char *bulk)
{
  tell_lines ("one by one", one, bulk);
  tell_lines ("in bulk", bulk, one);
}

/* What a query says of the one and of the other; customer_id is taken off. */
static void
assert_twins (House *house, const char *query)
{
  g_autofree char *one = ask (house->conn,
                              "select string_agg (q::text, e'\\n' order by q::text) from (select customer_id %% %d as "
                              "customer, %s and customer_id < %d) q",
                              TWIN, query, TWIN);
  g_autofree char *bulk = ask (house->conn,
                               "select string_agg (q::text, e'\\n' order by q::text) from (select customer_id %% %d as "
                               "customer, %s and customer_id > %d) q",
                               TWIN, query, TWIN);

  g_assert_cmpuint (strlen (one), >, 10);
  tell_difference (one, bulk);
  g_assert_true (strcmp (one, bulk) == 0);
}

static void
assert_same_accounts (House *house)
{
  assert_twins (house, "balance, owed, lifetime, tier_id, tier_spend, tier_day, case when tier_id > 1 then tier_since "
                       "end as since from oba.points_accounts where true");
  assert_twins (house, "at, from_tier, to_tier, why, spend, spend_day from oba.tier_changes where true");
}

/* Rules of every kind: for tiers, lines, pieces, weekends, baskets, the first purchase, birthdays; of some the best counts, one stands alone, some are capped. */
static const char rules[] =
    "insert into oba.earning_rules (rule_id, version, kind, name, state, parameters, valid_from) values"
    " (10, 1, 'multiplier', 'a', 'live', '{\"factor\": 1500, \"tiers\": [2, 3]}', '2023-02-01 00:00+04'),"
    " (11, 1, 'bonus', 'b', 'live', '{\"points\": 3, \"per\": \"amount\", \"qepik\": 700, \"products\": [2]}', '-infinity'),"
    " (12, 1, 'bonus', 'c', 'live', '{\"points\": 25, \"per\": \"receipt\", \"stores\": [2], \"min_basket\": 3000, \"stacking\": \"best\", \"group\": \"one\"}', '-infinity'),"
    " (13, 1, 'bonus', 'd', 'live', '{\"points\": 5, \"per\": \"piece\", \"products\": [1], \"stacking\": \"best\", \"group\": \"one\"}', '-infinity'),"
    " (14, 1, 'multiplier', 'e', 'live', '{\"factor\": 2200, \"weekdays\": [6, 7], \"stacking\": \"exclusive\"}', '-infinity'),"
    " (15, 1, 'bonus', 'f', 'live', '{\"points\": 40, \"per\": \"receipt\", \"first_purchase\": true, \"once\": \"ever\"}', '-infinity'),"
    " (16, 1, 'bonus', 'g', 'live', '{\"points\": 30, \"per\": \"receipt\", \"birthday\": [20, 20]}', '-infinity'),"
    " (17, 1, 'bonus', 'h', 'live', '{\"points\": 7, \"per\": \"receipt\", \"stores\": [1], \"once\": \"day\"}', '-infinity'),"
    " (18, 1, 'cap', 'i', 'live', '{\"points\": 60, \"rules\": [10, 14]}', '-infinity'), (19, 1, 'cap', 'j', 'live', '{\"points\": 80}', '-infinity');"
    "update oba.customers set birth_date = '1992-02-29' where customer_id in (100, 1100); update oba.customers set birth_date = '1980-05-05' where customer_id in (200, 1200)";

/*
 * Points of some rules end earlier than those of the base, or later, and purchases move the last day of the others; gifts of a day, a year, and ever; whose first purchase was voided has it
 * again; customer 300 is blocked.
 */
static const char more_rules[] =
    "alter table oba.earning_rules disable trigger keep; update oba.earning_rules set parameters = parameters || '{\"valid_months\": 3}' where rule_id in (12, 13);"
    "update oba.earning_rules set parameters = parameters || '{\"valid_months\": 1201}' where rule_id in (11, 14);"
    "update oba.earning_rules set parameters = parameters - 'valid_months' where kind = 'base'; alter table oba.earning_rules enable trigger keep;"
    "insert into oba.expiry_policies (version, mode, months, ends_on, warn_minimum, valid_from) values (2, 'inactivity', 1200, 'day', 100, '2023-01-03');"
    "insert into oba.earning_rules (rule_id, version, kind, name, state, parameters) values"
    " (20, 1, 'bonus', 'k', 'live', '{\"points\": 11, \"per\": \"receipt\", \"once\": \"year\", \"min_basket\": 9000}'),"
    " (21, 1, 'bonus', 'l', 'live', '{\"points\": 13, \"per\": \"receipt\", \"birthday\": [9, 9], \"once\": \"year\", \"stores\": [2]}'),"
    " (22, 1, 'bonus', 'm', 'live', '{\"points\": 17, \"per\": \"amount\", \"qepik\": 5000, \"once\": \"day\", \"products\": [2]}');"
    "update oba.customers set status = 'blocked', blocked_reason = 'lost' where customer_id in (300, 1300)";

static const Shopping some = { 2, G_MAXINT, 4, NULL }, with_rules = { 2, G_MAXINT, 4, "" }, crowded = { 3, 8, 3, more_rules };

static void
test_equals_one_by_one (House *house, gconstpointer data)
{
  const Shopping *how = data;
  gboolean dense = how->recent < G_MAXINT;
  guint32 seed = (guint32) g_test_rand_int ();
  g_autoptr (GRand) dice = g_rand_new_with_seed (seed);

  g_test_message ("seed %u", seed);
  run (house->conn, "insert into oba.customers (customer_id, given_name) values (300, 'blocked'), (1100, 'twin'), (1200, 'twin'), (1300, 'twin')");
  if (how->more != NULL)
    run (house->conn, "%s; %s", rules, how->more);
  shop (house, dice, 0, dense ? 16 : 420, dense ? N_SALES * 2 / 3 : N_SALES, how);
  load (house);
  assert_same_accounts (house);
  assert_twins (house, "occurred_at, kind, points, rule_id, rule_version, inputs, receipt_id % 1000000 as receipt from "
                       "oba.points_ledger where true");
  /* Empty ones follow the purchases when something comes back to them. */
  assert_twins (house, "entry_at, receipt_id % 1000000 as receipt, points, remaining, fixed, case when remaining > 0 or fixed then expires_on end as ends from oba.points_lots where true");
  g_assert_cmpint (ask_int (house->conn, "select count (*) from oba.tier_changes"), >=, 4);
  all_is_well (house);

  /* A second batch brings back things of the first, too, and goes on with tier, caps and gifts where they were. Who was blocked is no more; all but them spend nearly all. */
  run (house->conn, "update oba.customers set status = 'active', blocked_reason = null where customer_id in (300, 1300)");
  if (!dense)
    run (house->conn, "select oba.adjust_points (jsonb_build_object ('customer_id', customer_id, 'points', 3 - balance, "
                      "'reason', 'spent')) from oba.points_accounts where balance > 3");
  shop (house, dice, dense ? 15 : 421, dense ? 8 : 300, dense ? N_SALES / 3 : N_SALES / 2, how);
  load (house);
  assert_same_accounts (house);
  if (dense)
    assert_twins (house, "occurred_at, kind, points, rule_id, receipt from (select customer_id, occurred_at, kind, sum (points) as points, rule_id, receipt_id % 1000000 as receipt"
                         " from oba.points_ledger group by 1, 2, 3, 5, 6) x where true");
  all_is_well (house);
  while (ask_int (house->conn, "select oba.fold_rollups ()") == 0)
    ;
  assert_twins (
      house,
      "receipts, returns, revenue, discount, first_purchase_at, last_purchase_at from oba.customer_stats where true");
  all_is_well (house);
}

/* Many at once are folded by another way than few; the rollups are the same. */
static void
test_fold_many (House *house, gconstpointer unused)
{
  for (guint batch = 1; batch <= 2; batch++)
    {
      run (house->conn, "insert into oba.import_batches (batch_id, kind) values (%u, 'demo')", batch);
      run (house->conn,
           "with ids as (select nextval ('oba.receipt_ids') as id, g from generate_series (1, 21000) g),"
           " r as (insert into oba.receipts (customer_id, sold_at, receipt_id, store_id, till_no, receipt_no, total, "
           "paid_cash, line_count, source, batch_id)"
           "       select case when g %% 3 = 0 then 1 else 100 end, timestamptz '2024-01-01 00:00+04' + g * interval "
           "'13 minutes', id, 1, 1, id::text, 300, 300, 2, 'demo', %u"
           "       from ids returning *)"
           "insert into oba.receipt_lines (customer_id, sold_at, receipt_id, line_no, product_id, quantity, "
           "unit_price, total)"
           " select customer_id, sold_at, receipt_id, n, 1 + (receipt_id + n) %% 3, 1000, 100 * n, 100 * n from r "
           "cross join generate_series (1, 2) n",
           batch);
      run (house->conn, "select oba.post_batch (%u)", batch);
      job_does (house, "fold_rollups", 21000);
      all_is_well (house);
    }
  /* The same days again, a few this time. */
  sale (house->conn, 100, "few", "2024-01-02T10:00:00+04:00", 500);
  job_does (house, "fold_rollups", 1);
  all_is_well (house);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
#define ADD(path, func, data) g_test_add (path, House, data, house_setup, func, house_teardown)
  ADD ("/bulk/equals-one-by-one", test_equals_one_by_one, &some);
  ADD ("/bulk/equals-one-by-one-with-rules", test_equals_one_by_one, &with_rules);
  ADD ("/bulk/equals-one-by-one-crowded", test_equals_one_by_one, &crowded);
  ADD ("/bulk/fold-many", test_fold_many, NULL);
  status = g_test_run ();
  house_server_stop ();
  return status;
}
