/*
 * Until when points are good: in half of the runs a period from their day, else a period from the last purchase, when each purchase moves the last day of all that a customer has, but of
 * what a rule gave with a period of its own. Some points end at once. The last day of every lot is reckoned here from the days of purchases alone.
 */
#include "model.h"

#include <string.h>

#define OWN_MONTHS 1200 /* of rules with a period of their own */
#define OLD_MONTHS 9    /* in that half, before the first of March */
#define FIRST 301       /* from then on purchases move what there is */
#define MONTHS 7        /* whoever buys nothing from August on has nothing left by now */
#define AGED 1112

typedef struct
{
  gboolean by_purchase;
  char *aged;
  guint n_lots, n_exact;
} Expiry;

static void
begin (Model *model)
{
  Expiry *it = model->expiry = g_new0 (Expiry, 1);
  g_autofree char *first = model_day (model, FIRST);

  it->by_purchase = pick (model, 2) == 0;
  it->aged = model_day (model, AGED);
  if (it->by_purchase)
    run (model->house->conn, "alter table oba.earning_rules disable trigger keep; update oba.earning_rules set parameters = parameters - 'valid_months' where kind = 'base';"
                             "alter table oba.earning_rules enable trigger keep;"
                             "insert into oba.expiry_policies (version, mode, months, ends_on, warn_minimum, valid_from) values (2, 'period', %d, 'day', 100, '2020-01-01'),"
                             " (3, 'inactivity', %d, 'month', 100, '%s')", OLD_MONTHS, MONTHS, first);
}

static void
end (Model *model)
{
  Expiry *it = model->expiry;

  g_test_message ("points last from %s; %u lots looked at, %u of them to the day", it->by_purchase ? "the last purchase" : "their day", it->n_lots, it->n_exact);
  g_free (it->aged);
  g_free (it);
}

/* Some of the oldest points end at once, those that were spent and come back later among them, and what a merge has made of them: between the rounds, as the calendar changes nothing under a job's hands. */
static void
age (Model *model)
{
  const Expiry *it = model->expiry;

  if (!it->by_purchase && pick (model, 5) == 0)
    run (model->house->conn, "with recursive pairs (customer, lot, other, other_lot) as (select customer_id, lot_id, survivor_id, survivor_lot from oba.merge_lots"
                             "  union all select survivor_id, survivor_lot, customer_id, lot_id from oba.merge_lots),"
                             " oldest as (select customer_id, min (lot_id) as lot_id from oba.points_lots where expires_on > '%s' group by 1),"
                             " same (customer, lot) as (select customer_id, lot_id from oldest union select p.other, p.other_lot from same s join pairs p using (customer, lot))"
                             " update oba.points_lots l set expires_on = '%s' from same s where l.customer_id = s.customer and l.lot_id = s.lot", it->aged, it->aged);
}

/* ---- by pencil */

static void
end_of_month (GDate *date)
{
  g_date_set_day (date, 1);
  g_date_add_months (date, 1);
  g_date_subtract_days (date, 1);
}

/* The last day of what is given on a day, or moved by a purchase of it, as a Julian number; @own: a rule has said how long. */
static guint32
due (const Expiry *it, const GDate *given, guint day, gboolean own)
{
  GDate date = *given;

  if (own || !it->by_purchase)
    g_date_add_months (&date, own ? OWN_MONTHS : 24);
  else
    g_date_add_months (&date, day < FIRST ? OLD_MONTHS : MONTHS);
  if (it->by_purchase && day >= FIRST)
    end_of_month (&date);
  return g_date_get_julian (&date);
}

static const Receipt *
receipt_by_id (const Model *model, gint64 id)
{
  for (guint i = 0; i < model->receipts->len; i++)
    if (((Receipt *) g_ptr_array_index (model->receipts, i))->id == id)
      return g_ptr_array_index (model->receipts, i);
  return NULL;
}

/* The last of those days to which the purchases of @people, a bit each, move what was given on @day. They are closer to each other than points are good for. */
static guint32
moved_to (const Model *model, guint people, guint day)
{
  guint32 last = 0;

  for (guint i = 0; i < model->receipts->len; i++)
    {
      const Receipt *receipt = g_ptr_array_index (model->receipts, i);
      GDate date;

      if ((people & (1u << receipt->person)) == 0 || receipt->person == 0 || receipt->day < MAX (day, FIRST))
        continue;
      model_date (model, receipt->day, &date);
      last = MAX (last, due (model->expiry, &date, receipt->day, FALSE));
    }
  return last;
}

/*
 * Purchases of who holds the lot have moved it for sure when it was theirs from the beginning; those of anyone who ever was one with them may have. Who was never merged has it to the day.
 */
static void
check_lot (Model *model, guint holder, const Receipt *receipt, gboolean own, guint32 ends)
{
  Expiry *it = model->expiry;
  guint32 first, least, most;
  GDate date;

  model_date (model, receipt->day, &date);
  first = least = most = due (it, &date, receipt->day, own);
  if (it->by_purchase && !own)
    {
      if (receipt->person == holder)
        least = MAX (first, moved_to (model, 1u << holder, receipt->day));
      most = MAX (first, moved_to (model, model->met[holder], receipt->day));
    }
  it->n_lots++;
  it->n_exact += least == most;
  if (ends < least || ends > most)
    g_error ("points of customer %u for receipt %" G_GINT64_FORMAT " of day %u end on day %u, and not on %u to %u", holder * 100, receipt->id, receipt->day, ends, least, most);
}

/* Customer, receipt, whether a rule said how long, and the last day as a Julian number, of all that is not empty. What comes back to points that have expired is lost, too. */
static void
check (Model *model)
{
  g_autofree char *all = ask (model->house->conn, "select coalesce (string_agg (concat_ws (' ', customer_id / 100, receipt_id, fixed::integer, expires_on - date '0001-01-01' + 1), ','), '')"
                                                  " from oba.points_lots l where remaining > 0 and receipt_id is not null and expires_on <> '%s'"
                                                  " and not exists (select from oba.ledger_allocations a join oba.points_ledger e using (customer_id, entry_id)"
                                                  "                 where a.customer_id = l.customer_id and a.lot_id = l.lot_id and e.kind = 'expire')", ((Expiry *) model->expiry)->aged);
  g_auto (GStrv) lots = g_strsplit (all, ",", -1);

  for (guint i = 0; lots[i] != NULL; i++)
    {
      g_auto (GStrv) lot = g_strsplit (lots[i], " ", -1);
      const Receipt *receipt = receipt_by_id (model, g_ascii_strtoll (lot[1], NULL, 10));

      g_assert_nonnull (receipt);
      check_lot (model, (guint) g_ascii_strtoull (lot[0], NULL, 10), receipt, *lot[2] == '1', (guint32) g_ascii_strtoull (lot[3], NULL, 10));
    }
}

const OpKind op_expiry = { .name = "expiry", .begin = begin, .end = end, .round = age, .check = check };
