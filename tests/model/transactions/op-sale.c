/* Sales, some of them paid with points. */
#include "model.h"

/* By the number, or by the card, which stays good when the person turns out to be another. */
static char *
invent_name (Model *model, guint person)
{
  return pick (model, 2) == 0 ? g_strdup_printf ("\"card\": \"" CARD "\", ", person) : g_strdup_printf ("\"customer_id\": %u, ", person * 100);
}

static gboolean
invent (Model *model, Op *op, guint n)
{
  gint64 total;
  g_autofree char *lines = invent_lines (model, &op->wanted, &total);
  g_autofree char *at = invent_time (model, &op->wanted);
  g_autofree char *who = NULL, *name = NULL;

  op->wanted.person = pick (model, N_PEOPLE + 1);
  name = op->wanted.person > 0 ? invent_name (model, op->wanted.person) : g_strdup ("");
  op->wanted.store = 1 + pick (model, 2);
  op->wanted.value = op->wanted.rate == 200 ? 3 : 1;
  op->wanted.part_earns = op->wanted.rate == 200;
  if (op->wanted.person > 0 && pick (model, 2) == 0)
    {
      g_autofree char *code = ask (model->house->conn, "select oba.make_spend_code (%u) ->> 'code'", op->wanted.person * 100);

      op->wanted.by_points = MIN (total, 1 + pick (model, 120));
      who = g_strdup_printf ("%s\"spend_code\": \"%s\", \"payments\": {\"cash\": %d, \"points\": %d}, ", name, code,
                             (int) (total - op->wanted.by_points), (int) op->wanted.by_points);
    }
  else
    who = g_steal_pointer (&name);
  op->sql = g_strdup_printf ("select oba.record_receipt ('{\"store\": %u, \"till\": 1, \"receipt_no\": \"%u\", \"sold_at\": \"%s\", %s\"total\": %d, \"lines\": %s}', 'model', 'k%u')",
                             op->wanted.store, n, at, who, (int) total, lines, n);
  return TRUE;
}

static void
settle (Model *model, Op *op)
{
  keep (model, &op->wanted, op->answer);
  model->paid_with_points += op->wanted.by_points > 0;
}

static gint64
points (const Model *model, guint person)
{
  gint64 sum = 0;

  for (guint i = 0; i < model->receipts->len; i++)
    {
      const Receipt *receipt = g_ptr_array_index (model->receipts, i);

      if (receipt->person == person)
        sum += receipt_points (receipt);
    }
  return sum;
}

static void
check (Model *model)
{
  gint64 money[N_PEOPLE + 1] = { 0 }, paid[N_PEOPLE + 1] = { 0 }, stores[3] = { 0 };

  for (guint i = 0; i < model->receipts->len; i++)
    {
      const Receipt *receipt = g_ptr_array_index (model->receipts, i);

      money[receipt->person] += receipt_left (receipt);
      stores[receipt->store] += receipt_left (receipt);
      paid[receipt->person] += points_left (receipt);
    }
  for (guint i = 0; i <= N_PEOPLE; i++)
    {
      g_assert_cmpint (ask_int (model->house->conn, "select coalesce (sum (total), 0) from oba.receipts r join oba.customers c using (customer_id) where case when %u = 0 then c.kind = 'walk_in' else customer_id = %u end", i, i * 100), ==, money[i]);
      if (i > 0)
        g_assert_cmpint (ask_int (model->house->conn, "select coalesce (sum (paid_points), 0) from oba.receipts where customer_id = %u", i * 100), ==, paid[i]);
    }
  for (guint i = 1; i <= 2; i++)
    g_assert_cmpint (ask_int (model->house->conn, "select coalesce (sum (total), 0) from oba.receipts where store_id = %u", i), ==, stores[i]);
}

const OpKind op_sale = {
  .name = "sales", .weight = 3, .refusals = "OB003 OB007 OB008 OB011 OB013 OB014", .invent = invent, .settle = settle, .points = points, .check = check,
};
