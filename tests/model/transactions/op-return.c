/* Returns, at a till and by staff, and voids. */
#include "model.h"

#define REFUSALS "OB003 OB007 OB008 OB011 OB013 OB014"

static void
invent_part (Model *model, Op *op)
{
  op->receipt = any_receipt (model);
  op->line = pick (model, op->receipt->n_lines);
  op->amount = 250 * (1 + pick (model, 8));
}

static gboolean
invent_till_return (Model *model, Op *op, guint n)
{
  invent_part (model, op);
  op->sql = g_strdup_printf ("select oba.return_lines ('{\"original\": %s, \"lines\": [{\"line\": %u, \"quantity\": %d.%03d}], \"reason_code\": \"x\"}', 'model', 'k%u')", op->receipt->name,
                             op->line + 1, (int) op->amount / 1000, (int) op->amount % 1000, n);
  return TRUE;
}

static gboolean
invent_return (Model *model, Op *op, guint n)
{
  g_autofree char *rest = NULL;

  invent_part (model, op);
  rest = g_strdup_printf ("\"receipt\": %s, \"lines\": [{\"line\": %u, \"quantity\": %d.%03d}]", op->receipt->name, op->line + 1, (int) op->amount / 1000, (int) op->amount % 1000);
  op->sql = correction_sql (op, n, "return", op->receipt->answers, rest);
  return TRUE;
}

static gboolean
invent_void (Model *model, Op *op, guint n)
{
  g_autofree char *rest = NULL;

  op->receipt = any_receipt (model);
  rest = g_strdup_printf ("\"receipt\": %s", op->receipt->name);
  op->sql = correction_sql (op, n, "void", op->receipt->answers, rest);
  return TRUE;
}

static void
settle_till_return (Model *model, Op *op)
{
  give_back (model, op->receipt, op->line, op->amount);
}

/* What it took of each line, for its undo: quantity (returned - sold) and money. */
static void
note_back (Model *model, Correction *c, const Receipt *before)
{
  c->points_back = points_left (before) - points_left (c->original);
  model->returned_with_points += c->points_back > 0;
  for (guint i = 0; i < before->n_lines; i++)
    c->was->lines[i] = (Line) { before->lines[i].returned, c->original->lines[i].returned, line_left (&before->lines[i]) - line_left (&c->original->lines[i]) };
}

static void
settle_return (Model *model, Op *op)
{
  Correction *c = note_correction (model, op);
  Receipt before = *op->receipt;

  give_back (model, op->receipt, op->line, op->amount);
  note_back (model, c, &before);
}

static void
settle_void (Model *model, Op *op)
{
  Correction *c = note_correction (model, op);
  Receipt before = *op->receipt;

  empty (model, op->receipt, booked_on (model, op->receipt->entered));
  note_back (model, c, &before);
}

const OpKind op_till_return = { .name = "returns at tills", .weight = 2, .late = TRUE, .refusals = REFUSALS, .invent = invent_till_return, .settle = settle_till_return };
const OpKind op_return = { .name = "returns by staff", .weight = 2, .refusals = REFUSALS, .invent = invent_return, .settle = settle_return };
const OpKind op_void = { .name = "voids", .weight = 1, .refusals = REFUSALS, .invent = invent_void, .settle = settle_void };
