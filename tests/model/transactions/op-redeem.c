/*
 * Redemptions: asked for, approved, handed out, rejected, cancelled, undone, their vouchers used at a till, and the job that expires them. Whoever moves one says which state they have
 * seen, so that of all who move it in a round one succeeds.
 */
#include "model.h"

#define STOCK 12
#define REFUSALS "OB003 OB006 OB007 OB012 OB013"

/* Of reward 1 there are few, and it is approved first; reward 2 is never out of stock. */
static const gint64 costs[] = { 7, 4 };

static const char *const states[] = { "requested", "approved", "handed_out", "rejected", "cancelled", "expired" };

typedef struct
{
  gint64 id;
  guint person;
  guint reward;
  gint64 quantity;
  const char *state;
} Redemption;

static gboolean
stands (const Redemption *redemption)
{
  return g_strcmp0 (redemption->state, "requested") == 0 || g_strcmp0 (redemption->state, "approved") == 0 || g_strcmp0 (redemption->state, "handed_out") == 0;
}

static void
begin (Model *model)
{
  model->redemptions = g_ptr_array_new_with_free_func (g_free);
  run (model->house->conn, "insert into oba.rewards (reward_id, code, kind, name_az, cost, stock, needs_approval, state) values"
                           " (1, 'few', 'gift', 'Few', %d, %d, true, 'live'), (2, 'many', 'voucher', 'Many', %d, null, false, 'live')",
       (int) costs[0], STOCK, (int) costs[1]);
}

/* Some of those that are good run out of time. */
static void
run_out (Model *model)
{
  if (pick (model, 4) == 0)
    run (model->house->conn, "update oba.redemptions set expires_at = now() - interval '1 second' where redemption_id in (select min (redemption_id) from oba.redemptions where expires_at > now()"
                             " and state in ('requested', 'approved') group by reward_id)");
}

static Redemption *
any_redemption (Model *model)
{
  guint n = model->redemptions->len;

  return n == 0 ? NULL : g_ptr_array_index (model->redemptions, n > 5 && pick (model, 3) > 0 ? n - 1 - pick (model, 5) : pick (model, n));
}

static gboolean
invent_redeem (Model *model, Op *op, guint n)
{
  op->line = 1 + pick (model, N_PEOPLE);
  op->thing = 1 + pick (model, 2);
  op->amount = 1 + pick (model, 2);
  op->sql = g_strdup_printf ("select oba.redeem_points ('{\"customer_id\": %u, \"reward_id\": %d, \"quantity\": %d}', 'model', 'k%u')", op->line * 100, (int) op->thing, (int) op->amount, n);
  return TRUE;
}

static void
settle_redeem (Model *model, Op *op)
{
  Redemption *redemption = g_new0 (Redemption, 1);

  redemption->id = json_object_get_int_member ((JsonObject *) op->answer, "redemption_id");
  redemption->person = op->line; /* who is part of another asks for none */
  redemption->reward = (guint) op->thing;
  redemption->quantity = op->amount;
  redemption->state = op->thing == 1 ? "requested" : "approved";
  g_assert_cmpstr (json_object_get_string_member ((JsonObject *) op->answer, "state"), ==, redemption->state);
  g_assert_cmpint (json_object_get_int_member ((JsonObject *) op->answer, "points"), ==, op->amount * costs[op->thing - 1]);
  g_ptr_array_add (model->redemptions, redemption);
}

static gboolean
invent_step (Model *model, Op *op, guint n)
{
  Redemption *redemption = any_redemption (model);
  gboolean undo;

  if (redemption == NULL)
    return FALSE;
  op->about = redemption;
  op->thing = pick (model, G_N_ELEMENTS (states) - 1);
  undo = op->thing == 0 || (op->thing == 1 && !g_str_equal (redemption->state, "requested"));
  op->sql = g_strdup_printf ("select oba.move_redemption ('{\"customer_id\": %u, \"redemption_id\": %d, \"state\": \"%s\", \"seen\": \"%s\", \"undo\": %s}', 'model', 'k%u')",
                             redemption->person * 100, (int) redemption->id, states[op->thing], redemption->state, undo ? "true" : "false", n);
  return TRUE;
}

static void
settle_step (Model *model, Op *op)
{
  ((Redemption *) op->about)->state = states[op->thing];
}

static gboolean
invent_use (Model *model, Op *op, guint n)
{
  Redemption *redemption = any_redemption (model);
  g_autofree char *code = NULL;

  if (redemption == NULL || !g_str_equal (redemption->state, "approved"))
    return FALSE;
  code = ask (model->house->conn, "select oba.voucher (%u, %d)", redemption->person * 100, (int) redemption->id);
  op->about = redemption;
  op->sql = g_strdup_printf ("select oba.use_voucher ('{\"code\": \"%s\", \"store_id\": %u, \"till_no\": 1}', 'model', 'k%u')", code, 1 + pick (model, 2), n);
  return TRUE;
}

static void
settle_use (Model *model, Op *op)
{
  Redemption *redemption = op->about;

  g_assert_cmpstr (redemption->state, ==, "approved"); /* or it was used twice */
  redemption->state = "handed_out";
}

static gint64
reserved (const Model *model, guint person)
{
  gint64 points = 0;

  for (guint i = 0; i < model->redemptions->len; i++)
    {
      const Redemption *redemption = g_ptr_array_index (model->redemptions, i);

      if (redemption->person == person && stands (redemption))
        points -= redemption->quantity * costs[redemption->reward - 1];
    }
  return points;
}

/* What the job has expired, the database tells; it may not have been over. Then states and stock are what the pencil says. */
static void
check (Model *model)
{
  gint64 away = 0;

  for (guint i = 0; i < model->redemptions->len; i++)
    {
      Redemption *redemption = g_ptr_array_index (model->redemptions, i);
      g_autofree char *state = ask (model->house->conn, "select state from oba.redemptions where redemption_id = %d", (int) redemption->id);

      if (g_str_equal (state, "expired") && !g_str_equal (redemption->state, "expired"))
        {
          g_assert_true (g_str_equal (redemption->state, "requested") || g_str_equal (redemption->state, "approved"));
          redemption->state = "expired";
        }
      g_assert_cmpstr (state, ==, redemption->state);
      away += redemption->reward == 1 && stands (redemption) ? redemption->quantity : 0;
    }
  g_assert_cmpint (ask_int (model->house->conn, "select stock from oba.rewards where reward_id = 1"), ==, STOCK - away);
}

static void
end (Model *model)
{
  g_ptr_array_unref (model->redemptions);
}

const OpKind op_redeem = {
  .name = "redemptions", .weight = 3, .refusals = REFUSALS, .begin = begin, .end = end, .round = run_out, .invent = invent_redeem, .settle = settle_redeem, .points = reserved, .check = check,
};
const OpKind op_step = { .name = "steps of redemptions", .weight = 5, .refusals = REFUSALS, .invent = invent_step, .settle = settle_step };
const OpKind op_use = { .name = "vouchers used", .weight = 2, .refusals = REFUSALS, .invent = invent_use, .settle = settle_use };
