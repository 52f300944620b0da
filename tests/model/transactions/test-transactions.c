/*
 * Sales, returns, voids, changes, moves, undos, redemptions, adjustments, merges and repetitions from eight connections at once, some of which are killed in the middle; some bills are paid with points,
 * and points expire. After every round what the database says is compared with what this program has reckoned for itself from the answers, and every invariant must hold.
 */
#include "model.h"

#include <string.h>

#define N_ROUNDS 30

static const OpKind *const kinds[] = { &op_sale, &op_till_return, &op_return, &op_void, &op_change, &op_move, &op_undo, &op_spend, &op_give, &op_take_back, &op_redeem, &op_step, &op_use, &op_job, &op_merge, &op_adjust, &op_expiry, &op_override, &op_tiers, &op_rules };

guint
pick (Model *model, guint n)
{
  return (guint) g_rand_int_range (model->dice, 0, (gint32) n);
}

static const OpKind *
any_kind (Model *model)
{
  guint sum = 0, left;

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    sum += kinds[i]->weight;
  left = pick (model, sum);
  for (guint i = 0;; i++)
    {
      if (left < kinds[i]->weight)
        return kinds[i];
      left -= kinds[i]->weight;
    }
}

static void
invent (Model *model, Op *op)
{
  guint n = model->n_ops++;

  op->kind = model->receipts->len < 8 ? &op_sale : any_kind (model);
  if (!op->kind->invent (model, op, n))
    {
      op->kind = &op_sale;
      op_sale.invent (model, op, n);
    }
}

/* ---- the round */

/* The answer of a connection; asked again, over a new one, when it was lost, and after a deadlock with a merge, as tills and the application do. Refusals are NULL. */
static JsonNode *
answer_of (Model *model, PGconn **conn, const char *sql)
{
  JsonNode *node = NULL;

  for (;;)
    {
      gboolean lost = FALSE, again = FALSE;

      for (PGresult *result; (result = PQgetResult (*conn)) != NULL; PQclear (result))
        {
          const char *state = PQresultErrorField (result, PG_DIAG_SQLSTATE);

          if (PQresultStatus (result) == PGRES_TUPLES_OK)
            node = json_from_string (PQgetvalue (result, 0, 0), NULL);
          else if (state == NULL || strcmp (state, "57P01") == 0)
            lost = TRUE;
          else if (strcmp (state, "40P01") == 0)
            again = TRUE;
          else
            g_error ("%s\n%s", sql, PQresultErrorMessage (result));
        }
      if (!lost && !again && PQstatus (*conn) == CONNECTION_OK)
        break;
      g_clear_pointer (&node, json_node_unref);
      if (again)
        model->deadlocks++;
      else
        {
          PQfinish (*conn);
          *conn = house_connect (model->house);
          model->killed++;
        }
      g_assert_cmpint (PQsendQuery (*conn, sql), ==, 1);
    }
  return node;
}

static gboolean
is_refused (const Op *op)
{
  const char *code;

  if (op->answer == NULL || !json_object_has_member ((JsonObject *) op->answer, "refused"))
    return FALSE;
  code = json_object_get_string_member ((JsonObject *) op->answer, "code");
  if (op->kind->refusals != NULL && strstr (op->kind->refusals, code) == NULL)
    g_error ("%s: %s %s", op->sql, code, json_object_get_string_member ((JsonObject *) op->answer, "message"));
  return TRUE;
}

static void
reckon (Model *model, Op *op, guint *done)
{
  if (is_refused (op))
    {
      model->refusals++;
      return;
    }
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    done[i] += kinds[i] == op->kind;
  model->turn++;
  if (op->receipt != NULL)
    op->receipt->turn = model->turn;
  if (op->correction != NULL)
    op->correction->original->turn = model->turn;
  op->kind->settle (model, op);
}

static void
play_round (Model *model, PGconn **conns, guint *done)
{
  Op ops[N_CONNS] = { 0 };
  guint twin = pick (model, N_CONNS - 1) + 1, victim = pick (model, N_CONNS);
  int victim_pid = PQbackendPID (conns[victim]);

  for (guint i = 0; i < N_CONNS; i++)
    {
      /* One of them is a repetition of the one before it, at the same time. */
      if (i == twin)
        ops[i].sql = g_strdup (ops[i - 1].sql);
      else
        invent (model, &ops[i]);
    }
  for (guint i = 0; i < N_CONNS; i++)
    g_assert_cmpint (PQsendQuery (conns[i], ops[i].sql), ==, 1);
  if (pick (model, 2) == 0)
    {
      g_usleep (pick (model, 8000));
      g_free (ask (model->house->conn, "select pg_terminate_backend (%d)", victim_pid));
    }
  for (guint i = 0; i < N_CONNS; i++)
    {
      ops[i].node = answer_of (model, &conns[i], ops[i].sql);
      if (JSON_NODE_HOLDS_OBJECT (ops[i].node))
        ops[i].answer = json_node_get_object (ops[i].node);
    }
  if (ops[twin - 1].answer != NULL)
    {
      json_object_remove_member ((JsonObject *) ops[twin].answer, "replayed");
      json_object_remove_member ((JsonObject *) ops[twin - 1].answer, "replayed");
      g_assert_true (json_node_equal (ops[twin].node, ops[twin - 1].node));
    }

  for (guint late = 0; late < 2; late++)
    for (guint i = 0; i < N_CONNS; i++)
      if (i != twin && ops[i].kind->late == (late == 1))
        reckon (model, &ops[i], done);
  for (guint i = 0; i < N_CONNS; i++)
    {
      g_clear_pointer (&ops[i].node, json_node_unref);
      g_free (ops[i].sql);
    }
}

static void
compare (Model *model)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (kinds[i]->check != NULL)
      kinds[i]->check (model);
  for (guint person = 1; person <= N_PEOPLE; person++)
    {
      gint64 points = 0;

      for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
        points += kinds[i]->points != NULL ? kinds[i]->points (model, person) : 0;
      g_assert_cmpint (ask_int (model->house->conn, "select balance from oba.points_accounts where customer_id = %u", person * 100), ==, points);
    }
  all_is_well (model->house);
}

static void
receipt_free (gpointer data)
{
  g_free (((Receipt *) data)->name);
  g_free (data);
}

static void
correction_free (gpointer data)
{
  g_free (((Correction *) data)->was);
  g_free (data);
}

/* Julian numbers of days begin with the first of the year 1. */
static void
begin_calendar (Model *model)
{
  g_autofree char *first = NULL;

  model->today = (guint32) ask_int (model->house->conn, "select oba.business_day (now()) - date '0001-01-01' + 1");
  model->shift = (int) ask_int (model->house->conn, "select 12 * (extract (year from d) - 2024) + extract (month from d) - 15 from oba.business_day (now()) d");
  model->money = g_array_new (FALSE, FALSE, sizeof (struct { guint person; guint32 day; gint64 amount; }));
  first = model_day (model, 101);
  run (model->house->conn, "select oba.ensure_partitions ('%1$s', oba.business_day (now()));"
                           "do $$ declare t text; begin for t in select c.oid::regclass from pg_class c where c.relispartition and c.relkind = 'r' and c.relname ~ '_[0-9]{4}_[0-9]{2}$'"
                           " and right (c.relname, 7) < to_char (date '%1$s', 'YYYY_MM') loop execute 'drop table ' || t; end loop; end $$", first); /* each costs every question */
}

static void
begin (Model *model, PGconn **conns)
{
  g_autofree char *june = NULL;

  begin_calendar (model);
  june = model_day (model, 601);
  run (model->house->conn, "insert into oba.customers (customer_id, given_name) values (300, 'Nigar');"
                           "update oba.correction_limits set amount = 1000000000, points = 1000000000, age_days = 36600, own_receipts = false;"
                           "update oba.earning_rules set valid_to = '%1$s 00:00+04';"
                           "insert into oba.earning_rules (rule_id, version, kind, name, state, parameters, valid_from)"
                           " values (1, 2, 'base', 'two manats a point', 'live', '{\"qepik_per_point\": 200, \"valid_months\": 1200}', '%1$s 00:00+04');"
                           "insert into oba.spending_rules (version, point_value, daily_points, earns, code_seconds, valid_from) values (2, 3, null, true, 120, '%1$s 00:00+04')", june);
  for (guint i = 0; i < N_CONNS; i++)
    conns[i] = house_connect (model->house);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (kinds[i]->begin != NULL)
      kinds[i]->begin (model);
}

/* The months up to May are closed: what is wrong in them is put right today. */
static void
close_months (Model *model)
{
  GDate june;

  for (guint i = 0; i < 8; i++)
    {
      g_autofree char *month = model_day (model, 100 * (2 + i / 2) + 1);

      g_free (call (model->house->conn, "close_month", NULL, "{'month': '%s'}", month));
    }
  model_date (model, 601, &june);
  model->open_from = g_date_get_julian (&june);
}

static void
before_round (Model *model, guint round)
{
  if (round == model->n_rounds / 2)
    close_months (model);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (kinds[i]->round != NULL)
      kinds[i]->round (model);
}

static void
tell (const Model *model, const guint *done)
{
  g_test_message ("%u refusals, %u connections lost, %u deadlocks, %u bills paid with points, which %u returns gave back", model->refusals, model->killed, model->deadlocks, model->paid_with_points, model->returned_with_points);
  g_assert_cmpuint (model->deadlocks, <, 5 + model->n_rounds / N_ROUNDS); /* they are rare */
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_test_message ("%u %s", done[i], kinds[i]->name);
      if (model->n_rounds >= 4 * N_ROUNDS && kinds[i]->weight > 0)
        g_assert_cmpuint (done[i], >, 0); /* one that never succeeds proves nothing */
    }
}

static void
test_model (House *house, gconstpointer unused)
{
  guint32 seed = (guint32) g_test_rand_int ();
  Model model = { .house = house, .dice = g_rand_new_with_seed (seed) };
  const char *wanted = g_getenv ("OBA_MODEL_ROUNDS");
  guint done[G_N_ELEMENTS (kinds)] = { 0 };
  PGconn *conns[N_CONNS];

  g_test_message ("seed %u", seed);
  model.n_rounds = wanted != NULL ? (guint) g_ascii_strtoull (wanted, NULL, 10) : N_ROUNDS;
  model.receipts = g_ptr_array_new_with_free_func (receipt_free);
  model.corrections = g_ptr_array_new_with_free_func (correction_free);
  begin (&model, conns);
  for (guint round = 0; round < model.n_rounds; round++)
    {
      before_round (&model, round);
      play_round (&model, conns, done);
      compare (&model);
    }
  tell (&model, done);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (kinds[i]->end != NULL)
      kinds[i]->end (&model);
  for (guint i = 0; i < N_CONNS; i++)
    PQfinish (conns[i]);
  g_array_unref (model.money);
  g_ptr_array_unref (model.receipts);
  g_ptr_array_unref (model.corrections);
  g_rand_free (model.dice);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_test_add ("/transactions/model", House, NULL, house_setup, test_model, house_teardown);
  status = g_test_run ();
  house_server_stop ();
  return status;
}
