/*
 * Adjustments that wait for a second person: a supervisor, who has given away all that one may in a day, asks for points to be given, taken, or a former adjustment to be taken back, and
 * somebody else decides while the tills go on. What is approved is what was shown; who was merged meanwhile, or has too little by then, keeps what they have.
 */
#include "model.h"

#include <string.h>

#define LIMIT 500000

typedef struct
{
  gint64 approval;   /* that waits, or 0 */
  guint person;
  gint64 taken;      /* negative: given */
  Adjustment *undoes; /* or NULL */
  gboolean asked;    /* in this round */
  guint n, done, undone, stale, refused;
} Adjusting;

/* The one who asks has nothing left of the day for any of them. */
static void
begin (Model *model)
{
  model->adjusting = g_new0 (Adjusting, 1);
  run (model->house->conn, "update oba.correction_limits set adjust_points = %d", LIMIT);
  for (guint i = 0; i < 2 * N_PEOPLE; i++)
    g_free (call (model->asker, "adjust_points", NULL, "{'customer_id': %u, 'points': %d, 'reason_code': 'goodwill'}", 100 + i / 2 * 100, i % 2 == 0 ? LIMIT / 2 : - LIMIT / 2));
}

static void
end (Model *model)
{
  Adjusting *it = model->adjusting;

  g_test_message ("%u approved, %u of them taken back what was adjusted before, %u times the figures were old, %u times it could not be done any more", it->done, it->undone, it->stale, it->refused);
  g_free (it);
}

static void
before (Model *model)
{
  ((Adjusting *) model->adjusting)->asked = FALSE;
}

static char *
invent_request (Model *model, Adjusting *it)
{
  it->undoes = model->adjustments->len > 0 && pick (model, 3) == 0 ? g_ptr_array_index (model->adjustments, pick (model, model->adjustments->len)) : NULL;
  it->person = it->undoes != NULL ? it->undoes->person : 1 + pick (model, N_PEOPLE);
  it->taken = it->undoes != NULL ? - it->undoes->taken : (gint64) (1 + pick (model, 40)) * (pick (model, 2) == 0 ? 1 : -1);
  return it->undoes != NULL ? g_strdup_printf ("{'undo': %d, 'reason': 'x'}", (int) it->undoes->id)
                            : g_strdup_printf ("{'customer_id': %u, 'points': %d, 'reason': 'x'}", it->person * 100, (int) - it->taken);
}

/* FALSE: it cannot be done as things are. */
static gboolean
request (Model *model, Adjusting *it)
{
  g_autofree char *wanted = NULL, *key = g_strdup_printf ("a%u", it->n++), *answer = NULL;

  if (it->approval != 0)
    g_free (call (model->asker, "withdraw_approval", NULL, "{'approval_id': %" G_GINT64_FORMAT "}", it->approval));
  wanted = invent_request (model, it);
  answer = call (model->asker, "adjust_points", key, "%s", wanted);
  it->approval = ask_int (model->house->conn, "select $r$%s$r$::jsonb ->> 'approval_id'", answer);
  it->asked = it->approval != 0;
  if (!it->asked)
    assert_ask (model->house->conn, "refused", "select case when $r$%s$r$::jsonb ->> 'code' in ('OB006', 'OB007', 'OB013') then 'refused' else $r$%s$r$ end", answer, answer);
  return it->asked;
}

static gboolean
invent (Model *model, Op *op, guint n)
{
  Adjusting *it = model->adjusting;

  if (!it->asked && (it->approval == 0 || pick (model, 3) > 0) && !request (model, it))
    return FALSE;
  op->thing = it->approval;
  op->sql = g_strdup_printf ("select oba.decide_approval ('{\"approval_id\": %" G_GINT64_FORMAT ", \"approve\": true}', 'model', 'k%u')", op->thing, n);
  return TRUE;
}

static void
settle (Model *model, Op *op)
{
  Adjusting *it = model->adjusting;
  JsonObject *answer = (JsonObject *) op->answer;
  const char *state = json_object_get_string_member (answer, "state");

  if (g_str_equal (state, "requested"))
    {
      g_assert_true (json_object_get_boolean_member (answer, "stale")); /* it waits with the new figures */
      it->stale++;
      return;
    }
  g_assert_cmpint (op->thing, ==, it->approval); /* or it was decided twice */
  it->approval = 0;
  if (g_str_equal (state, "stale"))
    {
      it->refused++;
      return;
    }
  g_assert_cmpstr (state, ==, "approved");
  it->done++;
  it->undone += it->undoes != NULL;
  if (it->undoes != NULL)
    undo_adjustment (model, it->undoes);
  else
    note_adjustment (model, json_object_get_int_member (answer, "outcome_id"), it->person, it->taken);
}

const OpKind op_adjust = {
  .name = "adjustments of two persons", .weight = 2, .late = TRUE, .refusals = "OB013", .begin = begin, .end = end, .round = before, .invent = invent, .settle = settle,
};
