/*
 * Sales, returns, voids, changes, moves, undos and repetitions from eight connections at once, some of which are killed in the middle; some bills are paid with points, and points
 * expire. After every round what the database says is compared with what this program has reckoned for itself from the answers, and every invariant must hold.
 */
#include "schema-house.h"

#include <json-glib/json-glib.h>
#include <string.h>

#define N_CONNS 8
#define N_ROUNDS 30
#define MAX_LINES 3
#define N_PEOPLE 3

typedef struct
{
  gint64 sold, returned; /* thousandths */
  gint64 total;          /* of what was sold, qəpik */
} Line;

/* What one receipt is, as far as a shopper with a pencil would know. */
typedef struct
{
  char *name;     /* {"customer_id": ..., "sold_at": ..., "receipt_id": ...} */
  guint person;   /* 0: nobody, else 1 ... N_PEOPLE */
  guint store;    /* 1 or 2 */
  gint64 rate;    /* qəpik a point */
  gint64 by_points; /* qəpik of it that points paid */
  gint64 value;   /* qəpik that a point paid */
  gboolean part_earns;
  Line lines[MAX_LINES];
  guint n_lines;
  guint answers;  /* receipts that answer this one */
} Receipt;

typedef enum { SALE, TILL_RETURN, RETURN, VOID, CHANGE, MOVE, UNDO, SPEND, JOB } Kind;

/* A correction that can be undone: what held before it. */
typedef struct
{
  gint64 id;
  Receipt *was;       /* as it stood then; not in the list */
  Receipt *original;
  Receipt *now;       /* the replacement, or NULL */
  gint64 points_back; /* qəpik that a return or void gave back in points */
  gboolean undone;
} Correction;

typedef struct
{
  Kind kind;
  char *sql;
  Receipt *receipt;
  Correction *correction;
  Receipt wanted;     /* what the receipt, or its replacement, is to be */
  guint line;
  gint64 amount;      /* quantity returned, or points spent */
  const JsonObject *answer;
  JsonNode *node;
} Op;

typedef struct
{
  House *house;
  GRand *dice;
  GPtrArray *receipts;
  GPtrArray *corrections;
  gint64 spent[N_PEOPLE + 1];
  guint n_ops;
  guint done[JOB + 1], paid_with_points, returned_with_points, refusals, killed;
} Model;

static guint
pick (Model *model, guint n)
{
  return (guint) g_rand_int_range (model->dice, 0, (gint32) n);
}

static gint64
line_left (const Line *line)
{
  return line->total - line->total * line->returned / line->sold;
}

static gint64
receipt_left (const Receipt *receipt)
{
  gint64 left = 0;

  for (guint i = 0; i < receipt->n_lines; i++)
    left += line_left (&receipt->lines[i]);
  return left;
}

/* What points still pay of it: less the share of the money that was returned, which is rounded down over all returns. */
static gint64
points_left (const Receipt *receipt)
{
  gint64 total = 0;

  for (guint i = 0; i < receipt->n_lines; i++)
    total += receipt->lines[i].total;
  return receipt->by_points == 0 ? 0 : receipt->by_points - receipt->by_points * (total - receipt_left (receipt)) / total;
}

static gboolean
is_alive (const Receipt *receipt)
{
  for (guint i = 0; i < receipt->n_lines; i++)
    if (receipt->lines[i].returned < receipt->lines[i].sold)
      return TRUE;
  return FALSE;
}

static Receipt *
any_receipt (Model *model)
{
  /* Mostly young ones, so that clerks meet. */
  guint n = model->receipts->len;

  return g_ptr_array_index (model->receipts, pick (model, 3) > 0 && n > 6 ? n - 1 - pick (model, 6) : pick (model, n));
}

/* What a carried receipt's lines become: those of which something is left. */
static void
carry (const Receipt *from, Receipt *to)
{
  *to = *from;
  to->by_points = points_left (from);
  to->n_lines = 0;
  for (guint i = 0; i < from->n_lines; i++)
    if (from->lines[i].returned < from->lines[i].sold)
      to->lines[to->n_lines++] = (Line) { from->lines[i].sold - from->lines[i].returned, 0, line_left (&from->lines[i]) };
}

static char *
invent_lines (Model *model, Receipt *receipt, gint64 *total)
{
  GString *text = g_string_new ("[");

  *total = 0;
  receipt->n_lines = 1 + pick (model, MAX_LINES);
  for (guint i = 0; i < receipt->n_lines; i++)
    {
      gint64 quantity = 1 + pick (model, 4), price = 1 + pick (model, 4000), discount = price > 10 ? pick (model, 9) : 0;

      receipt->lines[i] = (Line) { quantity * 1000, 0, quantity * price - discount };
      *total += quantity * price - discount;
      g_string_append_printf (text, "%s{\"product\": %u, \"quantity\": %d, \"unit_price\": %d, \"discount\": %d, \"total\": %d}", i > 0 ? ", " : "", 1 + pick (model, 3), (int) quantity,
                              (int) price, (int) discount, (int) (quantity * price - discount));
    }
  g_string_append (text, "]");
  return g_string_free (text, FALSE);
}

/* From the first of June 2024 on a point costs two manats. */
static char *
invent_time (Model *model, gint64 *rate)
{
  guint month = 2 + pick (model, 9);

  *rate = month >= 6 ? 200 : 100;
  return g_strdup_printf ("2024-%02u-%02uT%02u:00:00+04:00", month, 1 + pick (model, 28), 8 + pick (model, 12));
}

static char *
correction_sql (Op *op, guint n, const char *kind, guint seen, const char *rest)
{
  return g_strdup_printf ("select oba.correct_receipt ('{\"kind\": \"%s\", \"seen\": %u, \"reason_code\": \"other\", \"reason\": \"by chance\", %s}', 'model', 'k%u')", kind, seen, rest, n);
}

static void
invent_sale (Model *model, Op *op, guint n)
{
  gint64 total;
  g_autofree char *lines = invent_lines (model, &op->wanted, &total);
  g_autofree char *at = invent_time (model, &op->wanted.rate);
  g_autofree char *who = NULL;

  op->wanted.person = pick (model, N_PEOPLE + 1);
  op->wanted.store = 1 + pick (model, 2);
  op->wanted.value = op->wanted.rate == 200 ? 3 : 1;
  op->wanted.part_earns = op->wanted.rate == 200;
  if (op->wanted.person > 0 && pick (model, 2) == 0)
    {
      g_autofree char *code = ask (model->house->conn, "select oba.make_spend_code (%u) ->> 'code'", op->wanted.person * 100);

      op->wanted.by_points = MIN (total, 1 + pick (model, 120));
      who = g_strdup_printf ("\"customer_id\": %u, \"spend_code\": \"%s\", \"payments\": {\"cash\": %d, \"points\": %d}, ", op->wanted.person * 100, code,
                             (int) (total - op->wanted.by_points), (int) op->wanted.by_points);
    }
  else
    who = op->wanted.person > 0 ? g_strdup_printf ("\"customer_id\": %u, ", op->wanted.person * 100) : g_strdup ("");
  op->sql = g_strdup_printf ("select oba.record_receipt ('{\"store\": %u, \"till\": 1, \"receipt_no\": \"%u\", \"sold_at\": \"%s\", %s\"total\": %d, \"lines\": %s}', 'model', 'k%u')",
                             op->wanted.store, n, at, who, (int) total, lines, n);
}

static void
invent_return (Model *model, Op *op, guint n)
{
  Receipt *receipt = op->receipt;
  g_autofree char *rest = NULL;

  op->line = pick (model, receipt->n_lines);
  op->amount = 250 * (1 + pick (model, 8));
  if (op->kind == TILL_RETURN)
    op->sql = g_strdup_printf ("select oba.return_lines ('{\"original\": %s, \"lines\": [{\"line\": %u, \"quantity\": %d.%03d}], \"reason_code\": \"x\"}', 'model', 'k%u')", receipt->name,
                               op->line + 1, (int) op->amount / 1000, (int) op->amount % 1000, n);
  else
    {
      rest = g_strdup_printf ("\"receipt\": %s, \"lines\": [{\"line\": %u, \"quantity\": %d.%03d}]", receipt->name, op->line + 1, (int) op->amount / 1000, (int) op->amount % 1000);
      op->sql = correction_sql (op, n, "return", receipt->answers, rest);
    }
}

static void
invent_change (Model *model, Op *op, guint n)
{
  g_autofree char *rest = NULL, *lines = NULL, *at = NULL;
  gint64 total;

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
      at = invent_time (model, &op->wanted.rate);
      rest = g_strdup_printf ("\"receipt\": %s, \"sold_at\": \"%s\"", op->receipt->name, at);
    }
  op->sql = correction_sql (op, n, "change", op->receipt->answers, rest);
}

static void
invent_move (Model *model, Op *op, guint n)
{
  g_autofree char *rest = NULL, *who = NULL;

  carry (op->receipt, &op->wanted);
  op->wanted.person = pick (model, N_PEOPLE + 1);
  who = op->wanted.person > 0 ? g_strdup_printf (", \"customer_id\": %u", op->wanted.person * 100) : g_strdup ("");
  rest = g_strdup_printf ("\"receipt\": %s%s", op->receipt->name, who);
  op->sql = correction_sql (op, n, "move", op->receipt->answers, rest);
}

static void
invent_undo (Model *model, Op *op, guint n)
{
  g_autofree char *rest = NULL;

  op->correction = g_ptr_array_index (model->corrections, pick (model, model->corrections->len));
  op->receipt = op->correction->now != NULL ? op->correction->now : op->correction->original;
  rest = g_strdup_printf ("\"correction_id\": %d", (int) op->correction->id);
  op->sql = correction_sql (op, n, "undo", op->receipt->answers, rest);
}

static void
invent (Model *model, Op *op)
{
  static const Kind kinds[] = { SALE, SALE, SALE, TILL_RETURN, TILL_RETURN, RETURN, RETURN, VOID, CHANGE, CHANGE, MOVE, MOVE, UNDO, UNDO, UNDO, SPEND, JOB };
  /* Some of the oldest points end at once, those that were spent and come back later among them. */
  static const char *const jobs[] = {
    "select oba.fold_rollups ()", "select oba.refresh_tiers (1)", "select oba.expire_points ()",
    "with aged as (update oba.points_lots set expires_on = '2024-12-31' where expires_on > '2025-01-01'"
    " and (customer_id, lot_id) in (select customer_id, min (lot_id) from oba.points_lots where expires_on > '2025-01-01' group by 1) returning 1) select count (*) from aged",
  };
  g_autofree char *rest = NULL;
  guint n = model->n_ops++;

  op->kind = model->receipts->len < 8 ? SALE : kinds[pick (model, G_N_ELEMENTS (kinds))];
  if (op->kind == UNDO && model->corrections->len == 0)
    op->kind = VOID;
  if (op->kind != SALE)
    op->receipt = any_receipt (model);
  switch (op->kind)
    {
    case SALE:
      invent_sale (model, op, n);
      break;
    case TILL_RETURN:
    case RETURN:
      invent_return (model, op, n);
      break;
    case VOID:
      rest = g_strdup_printf ("\"receipt\": %s", op->receipt->name);
      op->sql = correction_sql (op, n, "void", op->receipt->answers, rest);
      break;
    case CHANGE:
      invent_change (model, op, n);
      break;
    case MOVE:
      invent_move (model, op, n);
      break;
    case UNDO:
      invent_undo (model, op, n);
      break;
    case SPEND:
      op->line = 1 + pick (model, N_PEOPLE);
      op->amount = 1 + pick (model, 60);
      op->sql = g_strdup_printf ("select oba.adjust_points ('{\"customer_id\": %u, \"points\": -%d, \"reason\": \"x\"}', 'model', 'k%u')", op->line * 100, (int) op->amount, n);
      break;
    case JOB:
    default:
      op->sql = g_strdup (jobs[pick (model, G_N_ELEMENTS (jobs))]);
    }
}

/* ---- what an answer means, by pencil */

static char *
name_of (const JsonObject *answer)
{
  JsonObject *it = (JsonObject *) answer;

  return g_strdup_printf ("{\"customer_id\": %" G_GINT64_FORMAT ", \"sold_at\": \"%s\", \"receipt_id\": %" G_GINT64_FORMAT "}", json_object_get_int_member (it, "customer_id"),
                          json_object_get_string_member (it, "sold_at"), json_object_get_int_member (it, "receipt_id"));
}

static Receipt *
keep (Model *model, const Receipt *wanted, const JsonObject *answer)
{
  Receipt *receipt = g_memdup2 (wanted, sizeof *wanted);

  receipt->name = name_of (answer);
  receipt->answers = 0;
  g_ptr_array_add (model->receipts, receipt);
  return receipt;
}

static Receipt *
replacement (Model *model, Op *op, const Receipt *wanted)
{
  return keep (model, wanted, json_object_get_object_member ((JsonObject *) op->answer, "receipt"));
}

static void
empty (Receipt *receipt)
{
  g_assert_true (is_alive (receipt));
  for (guint i = 0; i < receipt->n_lines; i++)
    receipt->lines[i].returned = receipt->lines[i].sold;
  receipt->answers++;
}

static void
give_back (Receipt *receipt, guint line, gint64 quantity)
{
  receipt->lines[line].returned += quantity;
  g_assert_cmpint (receipt->lines[line].returned, <=, receipt->lines[line].sold);
  receipt->answers++;
}

static Correction *
note (Model *model, Op *op)
{
  Correction *correction = g_new0 (Correction, 1);

  correction->id = json_object_get_int_member ((JsonObject *) op->answer, "correction_id");
  correction->was = g_memdup2 (op->receipt, sizeof *op->receipt);
  correction->original = op->receipt;
  g_ptr_array_add (model->corrections, correction);
  return correction;
}

/* Of a return: what is left now, and what that return took; of all else: what there was. */
static void
undo (Model *model, Op *op)
{
  Correction *c = op->correction;
  Receipt wanted = *c->original;

  g_assert_false (c->undone);
  c->undone = TRUE;
  if (c->now != NULL)
    {
      carry (c->was, &wanted);
      g_assert_cmpuint (c->now->answers, ==, 0);
      empty (c->now);
    }
  else
    {
      guint n = 0;

      wanted.by_points = points_left (c->original) + c->points_back;
      for (guint i = 0; i < wanted.n_lines; i++)
        {
          Line before = c->original->lines[i];
          gint64 taken = c->was->lines[i].returned - c->was->lines[i].sold; /* see do_correction() */
          gint64 quantity = before.sold - before.returned + taken;

          if (quantity > 0)
            wanted.lines[n++] = (Line) { quantity, 0, line_left (&before) + c->was->lines[i].total };
        }
      wanted.n_lines = n;
      if (is_alive (c->original))
        empty (c->original);
    }
  c->original->answers++;
  replacement (model, op, &wanted);
}

static void
do_correction (Model *model, Op *op)
{
  Correction *c = note (model, op);
  Receipt *receipt = op->receipt;
  Receipt before = *receipt;

  if (op->kind == RETURN)
    give_back (receipt, op->line, op->amount);
  else
    empty (receipt);
  if (op->kind == RETURN || op->kind == VOID)
    {
      c->points_back = points_left (&before) - points_left (receipt);
      model->returned_with_points += c->points_back > 0;
      /* Of each line, what this one took: quantity (returned - sold) and money. */
      for (guint i = 0; i < receipt->n_lines; i++)
        {
          c->was->lines[i].sold = before.lines[i].returned;
          c->was->lines[i].returned = receipt->lines[i].returned;
          c->was->lines[i].total = line_left (&before.lines[i]) - line_left (&receipt->lines[i]);
        }
      return;
    }
  receipt->answers++;
  c->now = replacement (model, op, &op->wanted);
}

static void
settle (Model *model, Op *op)
{
  model->done[op->kind]++;
  switch (op->kind)
    {
    case SALE:
      keep (model, &op->wanted, op->answer);
      model->paid_with_points += op->wanted.by_points > 0;
      break;
    case TILL_RETURN:
      give_back (op->receipt, op->line, op->amount);
      break;
    case MOVE:
      g_assert_cmpint (points_left (op->receipt), ==, 0); /* or it is its customer's */
      do_correction (model, op);
      break;
    case RETURN:
    case VOID:
    case CHANGE:
      do_correction (model, op);
      break;
    case UNDO:
      undo (model, op);
      break;
    case SPEND:
      model->spent[op->line] += op->amount;
      break;
    case JOB:
    default:
      break;
    }
}

/* ---- the round */

/* The answer of a connection; asked again, over a new one, when it was lost. Refusals are NULL. */
static JsonNode *
answer_of (Model *model, PGconn **conn, const char *sql)
{
  JsonNode *node = NULL;

  for (;;)
    {
      gboolean lost = FALSE;

      for (PGresult *result; (result = PQgetResult (*conn)) != NULL; PQclear (result))
        {
          const char *state = PQresultErrorField (result, PG_DIAG_SQLSTATE);

          if (PQresultStatus (result) == PGRES_TUPLES_OK)
            node = json_from_string (PQgetvalue (result, 0, 0), NULL);
          else if (state == NULL || strcmp (state, "57P01") == 0)
            lost = TRUE;
          else
            g_error ("%s\n%s", sql, PQresultErrorMessage (result));
        }
      if (!lost && PQstatus (*conn) == CONNECTION_OK)
        break;
      g_clear_pointer (&node, json_node_unref);
      PQfinish (*conn);
      *conn = house_connect (model->house);
      model->killed++;
      g_assert_cmpint (PQsendQuery (*conn, sql), ==, 1);
    }
  return node;
}

/* Too late, too little, too much, or nothing to do; never because the request could not be read. */
static gboolean
is_refused (const Op *op)
{
  static const char *const codes[] = { "OB003", "OB007", "OB008", "OB011", "OB013", "OB014", NULL };
  const char *code;

  if (op->answer == NULL || !json_object_has_member ((JsonObject *) op->answer, "refused"))
    return FALSE;
  code = json_object_get_string_member ((JsonObject *) op->answer, "code");
  if (!g_strv_contains (codes, code) && op->kind != MOVE)
    g_error ("%s: %s %s", op->sql, code, json_object_get_string_member ((JsonObject *) op->answer, "message"));
  return TRUE;
}

static void
play_round (Model *model, PGconn **conns)
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

  /* A clerk who has seen all comes before the tills, or would have been refused. */
  for (guint tills = 0; tills < 2; tills++)
    for (guint i = 0; i < N_CONNS; i++)
      if (i != twin && (ops[i].kind == TILL_RETURN) == (tills == 1))
        {
          if (is_refused (&ops[i]))
            model->refusals++;
          else
            settle (model, &ops[i]);
        }
  for (guint i = 0; i < N_CONNS; i++)
    {
      g_clear_pointer (&ops[i].node, json_node_unref);
      g_free (ops[i].sql);
    }
}

static void
compare (Model *model)
{
  gint64 points[N_PEOPLE + 1] = { 0 }, money[N_PEOPLE + 1] = { 0 }, paid[N_PEOPLE + 1] = { 0 }, stores[3] = { 0 };

  for (guint i = 0; i < model->receipts->len; i++)
    {
      const Receipt *receipt = g_ptr_array_index (model->receipts, i);
      gint64 left = receipt_left (receipt), by_points = points_left (receipt);

      money[receipt->person] += left;
      stores[receipt->store] += left;
      paid[receipt->person] += by_points;
      points[receipt->person] += (receipt->part_earns ? left : left - by_points) / receipt->rate;
      if (by_points > 0)
        points[receipt->person] -= (by_points + receipt->value - 1) / receipt->value;
    }
  for (guint i = 0; i <= N_PEOPLE; i++)
    {
      g_assert_cmpint (ask_int (model->house->conn, "select coalesce (sum (total), 0) from oba.receipts r join oba.customers c using (customer_id) where case when %u = 0 then c.kind = 'walk_in' else customer_id = %u end", i, i * 100), ==, money[i]);
      if (i > 0)
        {
          gint64 expired = ask_int (model->house->conn, "select coalesce (- sum (points), 0) from oba.points_ledger where customer_id = %u and kind = 'expire'", i * 100);

          g_assert_cmpint (ask_int (model->house->conn, "select balance from oba.points_accounts where customer_id = %u", i * 100), ==, points[i] - model->spent[i] - expired);
          g_assert_cmpint (ask_int (model->house->conn, "select coalesce (sum (paid_points), 0) from oba.receipts where customer_id = %u", i * 100), ==, paid[i]);
        }
    }
  for (guint i = 1; i <= 2; i++)
    g_assert_cmpint (ask_int (model->house->conn, "select coalesce (sum (total), 0) from oba.receipts where store_id = %u", i), ==, stores[i]);
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

static void
test_model (House *house, gconstpointer unused)
{
  guint32 seed = (guint32) g_test_rand_int ();
  Model model = { .house = house, .dice = g_rand_new_with_seed (seed) };
  const char *wanted = g_getenv ("OBA_MODEL_ROUNDS");
  guint n_rounds = wanted != NULL ? (guint) g_ascii_strtoull (wanted, NULL, 10) : N_ROUNDS;
  PGconn *conns[N_CONNS];

  g_test_message ("seed %u", seed);
  model.receipts = g_ptr_array_new_with_free_func (receipt_free);
  model.corrections = g_ptr_array_new_with_free_func (correction_free);
  run (house->conn, "insert into oba.customers (customer_id, given_name) values (300, 'Nigar');"
                    "update oba.correction_limits set amount = 1000000000, points = 1000000000, age_days = 36600, own_receipts = false;"
                    "update oba.earning_rules set valid_to = '2024-06-01 00:00+04';"
                    "insert into oba.earning_rules (rule_id, version, kind, name, state, parameters, valid_from)"
                    " values (1, 2, 'base', 'two manats a point', 'live', '{\"qepik_per_point\": 200, \"valid_months\": 1200}', '2024-06-01 00:00+04');"
                    "insert into oba.spending_rules (version, point_value, daily_points, earns, code_seconds, valid_from) values (2, 3, null, true, 120, '2024-06-01 00:00+04')");
  for (guint i = 0; i < N_CONNS; i++)
    conns[i] = house_connect (house);
  for (guint round = 0; round < n_rounds; round++)
    {
      /* From the middle on, February is closed: what is wrong in it is put right today. */
      if (round == n_rounds / 2)
        for (guint i = 0; i < 2; i++)
          g_free (call (house->conn, "close_month", NULL, "{'month': '2024-02-01'}"));
      play_round (&model, conns);
      compare (&model);
    }
  g_test_message ("%u sales, %u of them paid with points, which %u returns gave back", model.done[SALE], model.paid_with_points, model.returned_with_points);
  g_test_message ("%u sales, %u and %u returns, %u voids, %u changes, %u moves, %u undos, %u refusals, %u connections lost", model.done[SALE], model.done[TILL_RETURN], model.done[RETURN],
                  model.done[VOID], model.done[CHANGE], model.done[MOVE], model.done[UNDO], model.refusals, model.killed);
  for (guint i = 0; i < N_CONNS; i++)
    PQfinish (conns[i]);
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
