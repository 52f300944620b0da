/*
 * Two of the customers are one person: asked for by one of the staff, approved by somebody else while the tills go on, and sometimes taken apart again. Receipts, redemptions and adjustments stay
 * with the record that has them; what can be spent is the survivor's alone. Between records of one family points change hands, otherwise none do, and none come or go by it.
 */
#include "model.h"

#include <string.h>

typedef struct
{
  gint64 approval;            /* that waits, or 0 */
  guint source, survivor;     /* that it is about */
  gboolean apart;             /* it takes a merge back */
  gboolean asked;             /* in this round */
  guint merged, parted, stale; /* how often it was done, or the figures were old */
  gint64 merge[N_PEOPLE + 1]; /* by which a person is part of another */
  gint64 moved[N_PEOPLE + 1]; /* points that others gave, less those given to others */
} Merging;

static guint
up (const guint *into, guint person)
{
  while (into[person] != 0)
    person = into[person];
  return person;
}

guint
root_of (const Model *model, guint person)
{
  return up (model->into, person);
}

gboolean
families_changed (const Model *model)
{
  return memcmp (model->into, model->was_into, sizeof model->into) != 0;
}

/* ---- what is asked for */

static gint64
member_of (House *house, const char *answer, const char *name)
{
  return ask_int (house->conn, "select $r$%s$r$::jsonb ->> '%s'", answer, name);
}

/* Of those who stand for themselves two, or the one of whom a merge can be taken back. FALSE: there is no such. */
static gboolean
choose (Model *model, Merging *it)
{
  it->source = 1 + pick (model, N_PEOPLE);
  it->survivor = 1 + (it->source - 1 + 1 + pick (model, N_PEOPLE - 1)) % N_PEOPLE;
  it->apart = model->into[it->source] != 0;
  if (it->apart)
    it->survivor = model->into[it->source];
  return model->into[it->survivor] == 0;
}

static gboolean
request (Model *model, Merging *it)
{
  g_autofree char *answer = NULL;

  if (it->approval != 0)
    g_free (call (model->asker, "withdraw_approval", NULL, "{'approval_id': %" G_GINT64_FORMAT "}", it->approval));
  it->approval = 0;
  if (!choose (model, it))
    return FALSE;
  answer = it->apart ? call (model->asker, "request_unmerge", NULL, "{'merge_id': %" G_GINT64_FORMAT ", 'reason': 'twins'}", it->merge[it->source])
                     : call (model->asker, "request_merge", NULL, "{'source': %u, 'survivor': %u}", it->source * 100, it->survivor * 100);
  it->approval = member_of (model->house, answer, "approval_id");
  it->asked = TRUE;
  return TRUE;
}

static void
meet (Model *model, guint all)
{
  for (guint i = 1; i <= N_PEOPLE; i++)
    if ((all & (1u << i)) != 0)
      model->met[i] |= all;
}

static void
done (Model *model, Merging *it, gint64 merge)
{
  g_assert_cmpuint (it->approval, !=, 0); /* or it was done twice */
  it->approval = 0;
  g_assert_cmpint (merge, >, 0);
  g_assert_true (!it->apart || merge == it->merge[it->source]);
  it->merged += !it->apart;
  it->parted += it->apart;
  meet (model, model->met[it->source] | model->met[it->survivor]);
  model->into[it->source] = it->apart ? 0 : it->survivor;
  it->merge[it->source] = it->apart ? 0 : merge;
}

/* ---- among the others */

/* Mostly what was asked for just now; else it has waited, and its figures may be of yesterday. */
static gboolean
invent (Model *model, Op *op, guint n)
{
  Merging *it = model->merging;

  if (!it->asked && (it->approval == 0 || pick (model, 4) > 0) && !request (model, it))
    return FALSE;
  if (it->approval == 0) /* what was asked for could not be */
    return FALSE;
  op->thing = it->approval;
  op->sql = g_strdup_printf ("select oba.decide_approval ('{\"approval_id\": %" G_GINT64_FORMAT ", \"approve\": true}', 'model', 'k%u')", op->thing, n);
  return TRUE;
}

static void
settle (Model *model, Op *op)
{
  Merging *it = model->merging;
  const char *state = json_object_get_string_member ((JsonObject *) op->answer, "state");

  if (json_object_has_member ((JsonObject *) op->answer, "stale"))
    {
      g_assert_cmpstr (state, ==, "requested"); /* the figures have changed: it waits with the new ones */
      it->stale++;
      return;
    }
  g_assert_cmpstr (state, ==, "approved");
  g_assert_cmpint (op->thing, ==, it->approval);
  done (model, it, json_object_get_int_member ((JsonObject *) op->answer, "outcome_id"));
}

/* ---- alone: what a merge moves, to the point and to the day, and back */

static char *
lots_of (Model *model, guint one, guint other)
{
  return ask (model->house->conn, "select coalesce (string_agg (points || ' until ' || expires_on, ', ' order by expires_on), '') from (select expires_on, sum (remaining) as points"
                                  " from oba.points_lots where customer_id in (%u, %u) and remaining > 0 group by 1) l", one * 100, other * 100);
}

static gint64
owed_by (Model *model, guint person)
{
  return ask_int (model->house->conn, "select owed from oba.points_accounts where customer_id = %u", person * 100);
}

static void
decide (Model *model, Merging *it)
{
  g_autofree char *answer = call (model->house->conn, "decide_approval", NULL, "{'approval_id': %" G_GINT64_FORMAT ", 'approve': true}", it->approval);

  done (model, it, member_of (model->house, answer, "outcome_id"));
}

/* Nobody owes anything: the survivor has the lots of both, with their last days; taken apart at once, each has its own again. */
static void
merge_alone (Model *model, Merging *it)
{
  g_autofree char *of_source = NULL, *of_survivor = NULL, *both = NULL, *after = NULL;

  if (!request (model, it) || it->apart || owed_by (model, it->source) + owed_by (model, it->survivor) > 0)
    return;
  while (ask_int (model->house->conn, "select oba.expire_points ()") > 0)
    ;
  of_source = lots_of (model, it->source, 0);
  of_survivor = lots_of (model, it->survivor, 0);
  both = lots_of (model, it->source, it->survivor);
  decide (model, it);
  after = lots_of (model, it->survivor, 0);
  g_assert_cmpstr (after, ==, both);
  if (pick (model, 2) == 0)
    {
      g_autofree char *asked = call (model->asker, "request_unmerge", NULL, "{'merge_id': %" G_GINT64_FORMAT ", 'reason': 'twins'}", it->merge[it->source]);
      g_autofree char *source = NULL, *survivor = NULL;

      it->approval = member_of (model->house, asked, "approval_id");
      it->apart = TRUE;
      decide (model, it);
      source = lots_of (model, it->source, 0);
      survivor = lots_of (model, it->survivor, 0);
      g_assert_cmpstr (source, ==, of_source);
      g_assert_cmpstr (survivor, ==, of_survivor);
    }
}

static void
before (Model *model)
{
  Merging *it = model->merging;

  it->asked = FALSE;
  if (pick (model, 8) == 0 && model->receipts->len > 8)
    merge_alone (model, it);
  memcpy (model->was_into, model->into, sizeof model->into);
  run (model->house->conn, "delete from oba.spend_tries"); /* a code of who was merged meanwhile is a wrong one */
}

static void
begin (Model *model)
{
  House as = { g_strdup_printf ("%s user=model_asker", model->house->conninfo), NULL };

  model->merging = g_new0 (Merging, 1);
  run (model->house->conn, "select oba.staff_add ('model_asker', 'Asker', 'supervisor')");
  model->asker = house_connect (&as);
  g_free (as.conninfo);
  for (guint i = 1; i <= N_PEOPLE; i++)
    {
      model->met[i] = 1u << i;
      g_free (call (model->house->conn, "issue_card", NULL, "{'customer_id': %u, 'token': 'OBA1.model%u', 'number': '" CARD "'}", i * 100, i, i));
    }
}

static void
end (Model *model)
{
  Merging *it = model->merging;

  g_test_message ("%u merged, %u taken apart, %u times the figures were old", it->merged, it->parted, it->stale);
  PQfinish (model->asker);
  g_free (it);
}

/* ---- by pencil */

static gint64
points (const Model *model, guint person)
{
  return ask_int (model->house->conn, "select coalesce (sum (points), 0) from oba.points_ledger where customer_id = %u and kind = 'transfer'", person * 100);
}

/* A sale that names a record is of who stood for it, before or after what was merged meanwhile. */
static void
check_names (const Model *model)
{
  for (guint i = 0; i < model->receipts->len; i++)
    {
      Receipt *receipt = g_ptr_array_index (model->receipts, i);

      if (receipt->asked > 0 && receipt->fresh)
        g_assert_true (receipt->person == up (model->into, receipt->asked) || receipt->person == up (model->was_into, receipt->asked));
    }
}

/* Who is part of another has nothing and owes nothing; points change hands within a family alone, be it one that was or one that is. */
static void
check (Model *model)
{
  Merging *it = model->merging;
  gint64 changed[N_PEOPLE + 1] = { 0 };
  gboolean parted = FALSE;

  check_names (model);
  for (guint i = 1; i <= N_PEOPLE; i++)
    parted |= model->was_into[i] != 0 && model->into[i] == 0;
  for (guint i = 1; i <= N_PEOPLE; i++)
    {
      gint64 moved = points (model, i);

      changed[up (parted ? model->was_into : model->into, i)] += moved - it->moved[i];
      it->moved[i] = moved;
      if (model->into[i] != 0)
        assert_ask (model->house->conn, "0 0 merged", "select balance || ' ' || owed || ' ' || status from oba.points_accounts join oba.customers using (customer_id) where customer_id = %u", i * 100);
    }
  for (guint i = 1; i <= N_PEOPLE; i++)
    g_assert_cmpint (changed[i], ==, 0);
}

const OpKind op_merge = {
  .name = "merges", .weight = 4, .late = TRUE, .refusals = "OB013", .begin = begin, .end = end, .round = before, .invent = invent, .settle = settle, .points = points, .check = check,
};
