/*
 * Rules of earning besides the base, while receipts are entered, put right and brought back: a multiplier, bonuses for amounts, pieces and receipts of which one counts, one that stands alone
 * at weekends, a gift a day; and caps of a day. What they give is reckoned here from what the rules say of themselves.
 */
#include "model.h"

#include <string.h>

#define FIRST 401 /* they hold from the first of April */
#define CAP_NAMED 120
#define CAP_ALL 150

enum { DOUBLE, TEA, NEAR, PIECES, WEEKEND, GIFT };

static const struct
{
  int id;
  const char *kind, *parameters;
  guint product; /* 0: the whole receipt */
} rules[N_RULES] = {
  [DOUBLE] = { 10, "multiplier", "{\"factor\": 1500}", 0 },
  [TEA] = { 11, "bonus", "{\"points\": 3, \"per\": \"amount\", \"qepik\": 700, \"products\": [2], \"valid_months\": 1200}", 2 },
  [NEAR] = { 12, "bonus", "{\"points\": 25, \"per\": \"receipt\", \"stores\": [2], \"min_basket\": 3000, \"stacking\": \"best\", \"group\": \"one\"}", 0 },
  [PIECES] = { 13, "bonus", "{\"points\": 5, \"per\": \"piece\", \"products\": [3], \"stacking\": \"best\", \"group\": \"one\"}", 3 },
  [WEEKEND] = { 14, "multiplier", "{\"factor\": 2200, \"weekdays\": [6, 7], \"stacking\": \"exclusive\"}", 0 },
  [GIFT] = { 15, "bonus", "{\"points\": 7, \"per\": \"receipt\", \"stores\": [1], \"once\": \"day\"}", 0 },
};

static gboolean
is_named (guint rule)
{
  return rule == DOUBLE || rule == WEEKEND;
}

static void
begin (Model *model)
{
  g_autofree char *first = model_day (model, FIRST);

  for (guint i = 0; i < N_RULES; i++)
    run (model->house->conn, "insert into oba.earning_rules (rule_id, version, kind, name, state, parameters, valid_from) values (%d, 1, '%s', 'Rule %u', 'live', '%s', '%s 00:00+04')",
         rules[i].id, rules[i].kind, i, rules[i].parameters, first);
  run (model->house->conn, "insert into oba.earning_rules (rule_id, version, kind, name, state, parameters, valid_from) values"
                           " (16, 1, 'cap', 'Named', 'live', '{\"points\": %d, \"rules\": [10, 14]}', '%s 00:00+04'),"
                           " (17, 1, 'cap', 'All', 'live', '{\"points\": %d}', '%s 00:00+04')", CAP_NAMED, first, CAP_ALL, first);
}

/* ---- by pencil */

static gint64
sold_for (const Receipt *receipt, guint product)
{
  gint64 sum = 0;

  for (guint i = 0; i < receipt->n_lines; i++)
    sum += product == 0 || receipt->lines[i].product == product ? receipt->lines[i].total : 0;
  return sum;
}

static gint64
left_of (const Receipt *receipt, guint product)
{
  gint64 sum = 0;

  for (guint i = 0; i < receipt->n_lines; i++)
    sum += product == 0 || receipt->lines[i].product == product ? line_left (&receipt->lines[i]) : 0;
  return sum;
}

static gint64
pieces_of (const Receipt *receipt, guint product)
{
  gint64 sum = 0;

  for (guint i = 0; i < receipt->n_lines; i++)
    sum += receipt->lines[i].product == product ? receipt->lines[i].sold : 0;
  return sum / 1000;
}

gint64
bonus_left (const Receipt *receipt)
{
  gint64 sum = 0;

  for (guint i = 0; i < N_RULES; i++)
    if (receipt->bonus[i] > 0)
      sum += receipt->bonus[i] * left_of (receipt, rules[i].product) / sold_for (receipt, rules[i].product);
  return sum;
}

static gboolean
is_weekend (const Model *model, const Receipt *receipt)
{
  GDate date;

  model_date (model, receipt->day, &date);
  return g_date_get_weekday (&date) >= G_DATE_SATURDAY;
}

/* What each rule would give if there were no other. */
static void
reckon_alone (const Model *model, const Receipt *receipt, gint64 *full)
{
  gint64 total = sold_for (receipt, 0), base = receipt->part_earns ? total : total - receipt->by_points;

  full[DOUBLE] = base / receipt->rate * 500 / 1000;
  full[TEA] = sold_for (receipt, 2) * base / total / 700 * 3;
  full[NEAR] = receipt->store == 2 && total >= 3000 ? 25 : 0;
  full[PIECES] = pieces_of (receipt, 3) * 5;
  full[WEEKEND] = is_weekend (model, receipt) ? base / receipt->rate * 1200 / 1000 : 0;
  full[GIFT] = receipt->store == 1 ? 7 : 0;
}

/* An exclusive one alone gives; of a group the one that gives most. Gifts are apart. */
static void
choose (gint64 *full)
{
  if (full[WEEKEND] > 0)
    full[DOUBLE] = full[TEA] = full[NEAR] = full[PIECES] = 0;
  else if (full[PIECES] > full[NEAR])
    full[NEAR] = 0;
  else
    full[PIECES] = 0;
}

/* What was given for what else the family, or the one record, bought on that day and was not voided; and whether it was anything else than @receipt's own operation that happened to that day. */
static void
look_at_day (const Model *model, const Receipt *receipt, gboolean family, gint64 *named, gint64 *all, gboolean *gift, gboolean *crowded)
{
  *named = *all = 0;
  *gift = FALSE;
  *crowded = families_changed (model);
  for (guint i = 0; i < model->receipts->len; i++)
    {
      const Receipt *other = g_ptr_array_index (model->receipts, i);

      if (other == receipt || other->person == 0 || other->day != receipt->day
          || (family ? root_of (model, other->person) != root_of (model, receipt->person) : other->person != receipt->person))
        continue;
      *crowded |= other->turn > model->turn_before && other->turn != receipt->turn;
      if (other->voided)
        continue;
      *gift |= other->bonus[GIFT] > 0;
      for (guint k = 0; k < GIFT; k++)
        {
          *all += other->bonus[k];
          *named += is_named (k) ? other->bonus[k] : 0;
        }
    }
}

static void
ask_for_bonus (const Model *model, const Receipt *receipt, gint64 *found)
{
  for (guint i = 0; i < N_RULES; i++)
    found[i] = ask_int (model->house->conn, "select coalesce (sum (points), 0) from oba.points_ledger where customer_id = %u and kind = 'bonus' and rule_id = %d and receipt_id = %" G_GINT64_FORMAT,
                        receipt->person * 100, rules[i].id, receipt->id);
}

/* Which of several that came at once had what the caps left, the database says: no more than they left, and no more than the rule gives. */
static void
reckon_bonus (const Model *model, Receipt *receipt)
{
  gint64 full[N_RULES] = { 0 }, found[N_RULES], named, all;
  gboolean gift, crowded;

  receipt->fresh = FALSE;
  memset (receipt->bonus, 0, sizeof receipt->bonus);
  if (receipt->person == 0 || sold_for (receipt, 0) == 0)
    return;
  look_at_day (model, receipt, TRUE, &named, &all, &gift, &crowded);
  ask_for_bonus (model, receipt, found);
  if (receipt->day >= FIRST)
    {
      reckon_alone (model, receipt, full);
      choose (full);
    }
  for (guint i = 0; i < N_RULES; i++)
    {
      gint64 points = full[i];

      if (i == GIFT)
        points = gift ? 0 : points;
      else if (!crowded)
        {
          points = MIN (points, MAX (0, is_named (i) ? MIN (CAP_NAMED - named, CAP_ALL - all) : CAP_ALL - all));
          named += is_named (i) ? points : 0;
          all += points;
        }
      if (crowded ? found[i] < 0 || found[i] > full[i] : found[i] != points)
        g_error ("receipt %" G_GINT64_FORMAT " of customer %u, day %u: rule %d gave %" G_GINT64_FORMAT ", and not %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT, receipt->id, receipt->person * 100,
                 receipt->day, rules[i].id, found[i], points, full[i]);
      receipt->bonus[i] = found[i];
    }
}

static void
assert_caps (const Model *model, const Receipt *receipt)
{
  gint64 named, all;
  gboolean gift, crowded;

  if (receipt->person == 0 || receipt->voided)
    return;
  look_at_day (model, receipt, FALSE, &named, &all, &gift, &crowded);
  for (guint k = 0; k < GIFT; k++)
    {
      all += receipt->bonus[k];
      named += is_named (k) ? receipt->bonus[k] : 0;
    }
  g_assert_cmpint (named, <=, CAP_NAMED);
  g_assert_cmpint (all, <=, CAP_ALL);
  g_assert_false (gift && receipt->bonus[GIFT] > 0);
}

static void
check (Model *model)
{
  for (guint i = 0; i < model->receipts->len; i++)
    {
      Receipt *receipt = g_ptr_array_index (model->receipts, i);

      if (receipt->fresh)
        reckon_bonus (model, receipt);
    }
  for (guint i = 0; i < model->receipts->len; i++)
    assert_caps (model, g_ptr_array_index (model->receipts, i));
  model->turn_before = model->turn;
}

const OpKind op_rules = { .name = "rules", .begin = begin, .check = check };
