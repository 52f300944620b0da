/* Points that staff take away, and the jobs, among them the one that expires points. */
#include "model.h"

static gboolean
invent_spend (Model *model, Op *op, guint n)
{
  op->line = 1 + pick (model, N_PEOPLE);
  op->amount = 1 + pick (model, 60);
  op->sql = g_strdup_printf ("select oba.adjust_points ('{\"customer_id\": %u, \"points\": -%d, \"reason\": \"x\"}', 'model', 'k%u')", op->line * 100, (int) op->amount, n);
  return TRUE;
}

static void
settle_spend (Model *model, Op *op)
{
  model->spent[op->line] += op->amount;
}

static gint64
spent (const Model *model, guint person)
{
  return - model->spent[person];
}

/* Some of the oldest points end at once, those that were spent and come back later among them: between the rounds, as the calendar changes nothing under a job's hands. */
static void
age (Model *model)
{
  if (pick (model, 5) == 0)
    run (model->house->conn, "update oba.points_lots set expires_on = '2024-12-31' where expires_on > '2025-01-01'"
                             " and (customer_id, lot_id) in (select customer_id, min (lot_id) from oba.points_lots where expires_on > '2025-01-01' group by 1)");
}

static gboolean
invent_job (Model *model, Op *op, guint n)
{
  static const char *const jobs[] = { "select oba.fold_rollups ()", "select oba.fold_liability ()", "select oba.fold_store_sales ()", "select oba.refresh_tiers (1)", "select oba.expire_points ()", "select oba.expire_redemptions ()" };

  op->sql = g_strdup (jobs[pick (model, G_N_ELEMENTS (jobs))]);
  return TRUE;
}

static void
settle_job (Model *model, Op *op)
{
}

/* What has expired is the database's to say; that it is no more and no less than the lots had, the invariants prove. */
static gint64
expired (const Model *model, guint person)
{
  return ask_int (model->house->conn, "select coalesce (sum (points), 0) from oba.points_ledger where customer_id = %u and kind = 'expire'", person * 100);
}

const OpKind op_spend = { .name = "adjustments", .weight = 1, .refusals = "OB007 OB008", .invent = invent_spend, .settle = settle_spend, .points = spent };
const OpKind op_job = { .name = "jobs", .weight = 1, .refusals = "", .round = age, .invent = invent_job, .settle = settle_job, .points = expired };
