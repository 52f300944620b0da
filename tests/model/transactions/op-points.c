/* Points that staff take away, give and take back, and the jobs, among them the one that expires points. */
#include "model.h"

static gboolean
invent_spend (Model *model, Op *op, guint n)
{
  op->line = 1 + pick (model, N_PEOPLE);
  op->amount = 1 + pick (model, 60);
  op->sql = g_strdup_printf ("select oba.adjust_points ('{\"customer_id\": %u, \"points\": -%d, \"reason\": \"x\"}', 'model', 'k%u')", op->line * 100, (int) op->amount, n);
  return TRUE;
}

void
note_adjustment (Model *model, gint64 id, guint person, gint64 taken)
{
  Adjustment *made = g_new0 (Adjustment, 1);

  made->id = id;
  made->person = person;
  made->taken = taken;
  g_ptr_array_add (model->adjustments, made);
  model->spent[person] += taken;
}

void
undo_adjustment (Model *model, Adjustment *made)
{
  g_assert_false (made->undone); /* or it came back twice */
  made->undone = TRUE;
  model->spent[made->person] -= made->taken;
}

static void
settle_spend (Model *model, Op *op)
{
  note_adjustment (model, json_object_get_int_member ((JsonObject *) op->answer, "adjustment_id"), op->line, op->amount);
}

static gboolean
invent_give (Model *model, Op *op, guint n)
{
  op->line = 1 + pick (model, N_PEOPLE);
  op->amount = - (gint64) (1 + pick (model, 40));
  op->sql = g_strdup_printf ("select oba.adjust_points ('{\"customer_id\": %u, \"points\": %d, \"reason_code\": \"goodwill\"}', 'model', 'k%u')", op->line * 100, (int) - op->amount, n);
  return TRUE;
}

static gboolean
invent_take_back (Model *model, Op *op, guint n)
{
  if (model->adjustments->len == 0)
    return FALSE;
  op->about = g_ptr_array_index (model->adjustments, pick (model, model->adjustments->len));
  op->sql = g_strdup_printf ("select oba.adjust_points ('{\"undo\": %d}', 'model', 'k%u')", (int) ((Adjustment *) op->about)->id, n);
  return TRUE;
}

static void
settle_take_back (Model *model, Op *op)
{
  undo_adjustment (model, op->about);
}

static void
begin (Model *model)
{
  model->adjustments = g_ptr_array_new_with_free_func (g_free);
}

static void
end (Model *model)
{
  g_ptr_array_unref (model->adjustments);
}

static gint64
spent (const Model *model, guint person)
{
  return - model->spent[person];
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

const OpKind op_spend = { .name = "adjustments", .weight = 1, .refusals = "OB006 OB007 OB008", .begin = begin, .end = end, .invent = invent_spend, .settle = settle_spend, .points = spent };
const OpKind op_give = { .name = "points given", .weight = 1, .refusals = "OB006", .invent = invent_give, .settle = settle_spend };
const OpKind op_take_back = { .name = "adjustments taken back", .weight = 1, .refusals = "OB006 OB007 OB013", .invent = invent_take_back, .settle = settle_take_back };
const OpKind op_job = { .name = "jobs", .weight = 1, .refusals = "", .invent = invent_job, .settle = settle_job, .points = expired };
