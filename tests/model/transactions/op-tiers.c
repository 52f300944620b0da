/*
 * Tiers by what was spent in twelve months, by one of the ways in which a scheme lets them go, and tiers by hand. The money of each day is in the books of receipts.c; of the rest this is
 * reckoned: nobody has less than they reach, nobody keeps a tier longer than the scheme allows once the job was there, and nobody has one that they never can have reached.
 */
#include "model.h"

#include <stdio.h>
#include <string.h>

#define N_TIERS 4

static const gint64 thresholds[N_TIERS] = { 0, 30000, 70000, 120000 };

static const struct
{
  const char *downgrade;
  int grace;
} policies[] = { { "never", 0 }, { "at_once", 0 }, { "after_grace", 60 }, { "one_step", 45 } };

typedef struct
{
  guint policy;
  guint by_hand[N_PEOPLE + 1]; /* the tier that somebody gave and did not end, or 0 */
  guint given[N_PEOPLE + 1];   /* the highest that ever was */
  guint n_kept, n_held, n_looked;
} Tiers;

static void
begin (Model *model)
{
  Tiers *it = model->tiers = g_new0 (Tiers, 1);

  it->policy = pick (model, G_N_ELEMENTS (policies));
#define TIER "{'tier_id': %d, 'name_az': 'a', 'name_ru': 'b', 'name_en': 'c', 'threshold': %d}"
  g_free (call (model->house->conn, "save_tier_scheme", NULL, "{'version': 1, 'basis': 'spend', 'downgrade': '%s', 'grace_days': %d, 'tiers': [" TIER ", " TIER ", " TIER ", " TIER "]}",
                policies[it->policy].downgrade, policies[it->policy].grace, 1, 0, 2, (int) thresholds[1], 3, (int) thresholds[2], 4, (int) thresholds[3]));
#undef TIER
  while (ask_int (model->house->conn, "select count (*) from oba.tier_carrying where done_at is null") > 0)
    g_free (ask (model->house->conn, "select oba.carry_out_tiers ()"));
}

static void
end (Model *model)
{
  Tiers *it = model->tiers;

  g_test_message ("tiers go %s: %u times one was looked at, %u were kept though not reached, %u held by hand", policies[it->policy].downgrade, it->n_looked, it->n_kept, it->n_held);
  g_free (it);
}

/* ---- by hand */

static gboolean
invent (Model *model, Op *op, guint n)
{
  g_autofree char *seen = NULL, *day = NULL;

  op->line = 1 + pick (model, N_PEOPLE);
  op->thing = pick (model, 3) == 0 ? 0 : 1 + pick (model, N_TIERS); /* 0: end it */
  seen = ask (model->house->conn, "select override_id from oba.tier_overrides where customer_id = %u and ended_at is null", op->line * 100);
  if (op->thing == 0 && *seen == '\0')
    return FALSE;
  day = ask (model->house->conn, "select oba.business_day (now()) + 30");
  op->sql = op->thing == 0 ? g_strdup_printf ("select oba.end_tier_override ('{\"customer_id\": %u, \"override_id\": %s, \"reason\": \"x\"}', 'model', 'k%u')", op->line * 100, seen, n)
                           : g_strdup_printf ("select oba.override_tier ('{\"customer_id\": %u, \"tier_id\": %d, \"until\": \"%s\", \"reason\": \"x\", \"seen\": %s}', 'model', 'k%u')",
                                              op->line * 100, (int) op->thing, day, *seen == '\0' ? "null" : seen, n);
  return TRUE;
}

static void
settle (Model *model, Op *op)
{
  Tiers *it = model->tiers;

  it->by_hand[op->line] = (guint) op->thing;
  it->given[op->line] = MAX (it->given[op->line], (guint) op->thing);
}

/* ---- by pencil */

static guint
reached_by (gint64 amount)
{
  guint tier = 1;

  while (tier < N_TIERS && thresholds[tier] <= amount)
    tier++;
  return tier;
}

/* What anyone who ever was one with @person has bought in all, or was given. */
static guint
highest (const Model *model, guint person)
{
  const Tiers *it = model->tiers;
  gint64 bought = 0;
  guint given = 1;

  for (guint i = 0; i < model->receipts->len; i++)
    {
      const Receipt *receipt = g_ptr_array_index (model->receipts, i);

      for (guint k = 0; k < receipt->n_lines && (model->met[person] & (1u << receipt->person)) != 0; k++)
        bought += receipt->lines[k].total;
    }
  for (guint i = 1; i <= N_PEOPLE; i++)
    if ((model->met[person] & (1u << i)) != 0)
      given = MAX (given, it->given[i]);
  return MAX (given, reached_by (bought));
}

typedef struct
{
  guint tier, day, below, held; /* days as Julian numbers; 0: none */
  gint64 spent;
  char holds[9];                /* "at_least", "at_most", or "-" */
} Standing;

static Standing
standing_of (Model *model, guint person)
{
  g_autofree char *row = ask (model->house->conn, "select concat_ws (' ', a.tier_id, coalesce (a.tier_day - date '0001-01-01' + 1, 0), coalesce (a.tier_below_since - date '0001-01-01' + 1, 0),"
                                                  " coalesce (o.tier_id, 0), a.tier_spend, coalesce (o.holds, '-')) from oba.points_accounts a"
                                                  " left join oba.tier_overrides o on o.customer_id = a.customer_id and o.ended_at is null where a.customer_id = %u", person * 100);
  Standing s = { 0 };

  g_assert_cmpint (sscanf (row, "%u %u %u %u %" G_GINT64_FORMAT " %8s", &s.tier, &s.day, &s.below, &s.held, &s.spent, s.holds), ==, 6);
  return s;
}

static void
check_person (Model *model, guint person, gboolean job_done)
{
  Tiers *it = model->tiers;
  Standing s = standing_of (model, person);
  guint goal = reached_by (s.spent), grace = (guint) policies[it->policy].grace;

  g_assert_cmpint (s.spent, ==, s.day == 0 ? 0 : booked (model, person, s.day));
  if (model->met[person] == 1u << person)
    g_assert_cmpuint (s.held, ==, it->by_hand[person]);
  if (s.held > 0)
    goal = g_str_equal (s.holds, "at_least") ? MAX (goal, s.held) : MIN (goal, s.held);
  it->n_looked++;
  it->n_held += s.held > 0;
  it->n_kept += s.tier > goal;
  if (s.tier < goal || s.tier > highest (model, person) || (s.tier == goal ? s.below > 0 : s.below == 0 || s.below > model->today))
    g_error ("customer %u has tier %u since below it on %u, %s %u by hand, of at most %u; %" G_GINT64_FORMAT " qəpik reach %u", person * 100, s.tier, s.below, s.holds, s.held,
             highest (model, person), s.spent, goal);
  if (s.tier == goal || !job_done || g_str_equal (policies[it->policy].downgrade, "never"))
    return;
  g_assert_cmpuint (grace, >, 0); /* or it would be gone */
  g_assert_cmpuint (s.below + grace, >, model->today);
}

/* In some rounds after the job was there. What midnight has overtaken is not looked at. */
static void
check (Model *model)
{
  gboolean job_done = pick (model, 3) == 0;

  while (job_done && ask_int (model->house->conn, "select oba.refresh_tiers (10)") > 0)
    ;
  if (ask_int (model->house->conn, "select oba.business_day (now()) - date '0001-01-01' + 1") != model->today)
    return;
  for (guint person = 1; person <= N_PEOPLE; person++)
    if (model->into[person] == 0)
      check_person (model, person, job_done);
}

const OpKind op_override = { .name = "tiers by hand", .weight = 1, .refusals = "OB003 OB006", .invent = invent, .settle = settle };
const OpKind op_tiers = { .name = "tiers", .begin = begin, .end = end, .check = check };
