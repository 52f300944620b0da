/* Changes and moves, which put another receipt in the place of one, and undoing any correction. */
#include "model.h"

#define REFUSALS "OB003 OB007 OB008 OB011 OB013 OB014"

char *
correction_sql (Op *op, guint n, const char *kind, guint seen, const char *rest)
{
  return g_strdup_printf ("select oba.correct_receipt ('{\"kind\": \"%s\", \"seen\": %u, \"reason_code\": \"other\", \"reason\": \"by chance\", %s}', 'model', 'k%u')", kind, seen, rest, n);
}

Correction *
note_correction (Model *model, Op *op)
{
  Correction *correction = g_new0 (Correction, 1);

  correction->id = json_object_get_int_member ((JsonObject *) op->answer, "correction_id");
  correction->was = g_memdup2 (op->receipt, sizeof *op->receipt);
  correction->original = op->receipt;
  g_ptr_array_add (model->corrections, correction);
  return correction;
}

static Receipt *
replacement (Model *model, Op *op, const Receipt *wanted)
{
  return keep (model, wanted, json_object_get_object_member ((JsonObject *) op->answer, "receipt"));
}

static gboolean
invent_change (Model *model, Op *op, guint n)
{
  g_autofree char *rest = NULL, *lines = NULL, *at = NULL;
  gint64 total;

  op->receipt = any_receipt (model);
  carry (op->receipt, &op->wanted);
  switch (pick (model, 3))
    {
    case 0:
      lines = invent_lines (model, &op->wanted, &total);
      op->wanted.by_points = MIN (op->wanted.by_points, total) / (1 + pick (model, 3));
      rest = g_strdup_printf ("\"receipt\": %s, \"total\": %d, \"lines\": %s, \"payments\": {\"card\": %d, \"points\": %d}", op->receipt->name, (int) total, lines,
                              (int) (total - op->wanted.by_points), (int) op->wanted.by_points);
      break;
    case 1:
      op->wanted.store = 3 - op->wanted.store;
      rest = g_strdup_printf ("\"receipt\": %s, \"store\": %u", op->receipt->name, op->wanted.store);
      break;
    default:
      at = invent_time (model, &op->wanted);
      rest = g_strdup_printf ("\"receipt\": %s, \"sold_at\": \"%s\"", op->receipt->name, at);
    }
  op->sql = correction_sql (op, n, "change", op->receipt->answers, rest);
  return TRUE;
}

static gboolean
invent_move (Model *model, Op *op, guint n)
{
  g_autofree char *rest = NULL, *who = NULL;

  op->receipt = any_receipt (model);
  carry (op->receipt, &op->wanted);
  op->wanted.person = pick (model, N_PEOPLE + 1);
  who = op->wanted.person > 0 ? g_strdup_printf (", \"customer_id\": %u", op->wanted.person * 100) : g_strdup ("");
  rest = g_strdup_printf ("\"receipt\": %s%s", op->receipt->name, who);
  op->sql = correction_sql (op, n, "move", op->receipt->answers, rest);
  return TRUE;
}

static gboolean
invent_undo (Model *model, Op *op, guint n)
{
  g_autofree char *rest = NULL;

  if (model->corrections->len == 0)
    return FALSE;
  op->correction = g_ptr_array_index (model->corrections, pick (model, model->corrections->len));
  op->receipt = op->correction->now != NULL ? op->correction->now : op->correction->original;
  rest = g_strdup_printf ("\"correction_id\": %d", (int) op->correction->id);
  op->sql = correction_sql (op, n, "undo", op->receipt->answers, rest);
  return TRUE;
}

static void
settle_change (Model *model, Op *op)
{
  Correction *c = note_correction (model, op);

  empty (model, op->receipt, booked_on (model, op->receipt->entered));
  op->receipt->answers++;
  c->now = replacement (model, op, &op->wanted);
}

static void
settle_move (Model *model, Op *op)
{
  g_assert_cmpint (points_left (op->receipt), ==, 0); /* or it is its customer's */
  settle_change (model, op);
}

/* Of a return: what is left now, and what that return took; of all else: what there was. */
static void
settle_undo (Model *model, Op *op)
{
  Correction *c = op->correction;
  Receipt wanted = *c->original;

  g_assert_false (c->undone);
  c->undone = TRUE;
  if (c->now != NULL)
    {
      carry (c->was, &wanted);
      g_assert_cmpuint (c->now->answers, ==, 0);
      empty (model, c->now, booked_on (model, c->now->entered));
    }
  else
    {
      guint n = 0;

      wanted.by_points = points_left (c->original) + c->points_back;
      for (guint i = 0; i < wanted.n_lines; i++)
        {
          Line before = c->original->lines[i];
          gint64 taken = c->was->lines[i].returned - c->was->lines[i].sold; /* see note_back() */
          gint64 quantity = before.sold - before.returned + taken;

          if (quantity > 0)
            wanted.lines[n++] = (Line) { quantity, 0, line_left (&before) + c->was->lines[i].total, before.product };
        }
      wanted.n_lines = n;
      if (is_alive (c->original))
        empty (model, c->original, model->today);
      c->original->voided = TRUE; /* the replacement stands for it */
    }
  c->original->answers++;
  replacement (model, op, &wanted);
}

const OpKind op_change = { .name = "changes", .weight = 2, .refusals = REFUSALS, .invent = invent_change, .settle = settle_change };
const OpKind op_move = { .name = "moves", .weight = 2, .invent = invent_move, .settle = settle_move };
const OpKind op_undo = { .name = "undos", .weight = 3, .refusals = REFUSALS, .invent = invent_undo, .settle = settle_undo };
