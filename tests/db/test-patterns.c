/* Spending patterns: a manager decides what to put on the shelf by them, so that they must be what was bought, after returns and corrections, too. */
#include "schema-house.h"

#include <json-glib/json-glib.h>
#include <string.h>

#define N_STEPS 90
#define N_AMOUNTS 12
#define N_LINES 11
#define N_CATEGORIES 3
/* Evening of the last day of the month in which everything happens. */
#define NOW "2024-03-31T23:30:00+04:00"

/* The test's own arithmetic: nothing of it is asked of the database. */
typedef struct
{
  int    store;
  gint64 customer;             /* 0: without a card */
  int    day;                  /* of March 2024 */
  int    hour;
  gint64 total;
  int    n_lines;
  int    products[8];
  gint64 totals[8];
  gint64 discounts[8];
  double quantities[8];
  gboolean returned[8];
  gboolean stands;             /* was not voided or replaced */
  char   no[16];
} Basket;

typedef struct
{
  gint64 amounts[N_AMOUNTS];
  gint64 lines[N_LINES];
  gint64 heat[8][24];
  gint64 categories[N_CATEGORIES];
  gint64 price[4];             /* before discounts, discount, of lines with one, revenue */
  gint64 n;
} Sums;

static const gint64 amount_bounds[] = { 200, 500, 1000, 1500, 2000, 3000, 5000, 7500, 10000, 15000, 20000 };
static const gint64 line_bounds[] = { 2, 3, 4, 5, 6, 8, 11, 16, 21, 31 };

static guint
bucket_of (gint64 value, const gint64 *bounds, guint n)
{
  guint bucket = 0;

  while (bucket < n && value >= bounds[bucket])
    bucket++;
  return bucket;
}

/* Tea and sugar are below food (1); apples are fruit (4); nothing is in no category but what is sold as product 4. */
static const int category_of[] = { 0, 1, 1, 4, 0 };

static void
count_lines (Sums *sums, const Basket *basket, int sign, int only)
{
  for (int i = 0; i < basket->n_lines; i++)
    {
      int category = category_of[basket->products[i]];

      if (only >= 0 && i != only)
        continue;
      sums->categories[category == 1 ? 0 : category == 4 ? 1 : 2] += sign * basket->totals[i];
      sums->price[0] += sign * (basket->totals[i] + basket->discounts[i]);
      sums->price[1] += sign * basket->discounts[i];
      sums->price[2] += basket->discounts[i] != 0 ? sign * basket->totals[i] : 0;
      sums->price[3] += sign * basket->totals[i];
    }
}

static void
count (Sums *sums, const Basket *basket)
{
  /* The first of March 2024 was a Friday. */
  int weekday = (basket->day - 1 + 4) % 7 + 1;

  if (!basket->stands)
    return;
  sums->n++;
  sums->amounts[bucket_of (basket->total, amount_bounds, G_N_ELEMENTS (amount_bounds))]++;
  sums->lines[bucket_of (basket->n_lines, line_bounds, G_N_ELEMENTS (line_bounds))]++;
  sums->heat[weekday][basket->hour]++;
  count_lines (sums, basket, 1, -1);
  for (int i = 0; i < basket->n_lines; i++)
    if (basket->returned[i])
      count_lines (sums, basket, -1, i);
}

/* PostgreSQL's own housekeeping may be a transaction that is older than ours, for a moment: what it hides is not counted yet. */
static void
fold (House *house)
{
  while (ask_int (house->conn, "select count (*) from oba.receipts r where r.xid >= pg_snapshot_xmin (pg_current_snapshot ())") > 0)
    ;
  run (house->conn, "select oba.fold_rollups ()");
}

/* ---- what people do */

static void
free_hands (House *house)
{
  run (house->conn, "update oba.correction_limits set amount = 1000000000, points = 1000000000, age_days = 36600, own_receipts = false;"
                    "insert into oba.categories (code, name_az, parent_id) values ('C2', 'Çay', 1), ('C3', 'Qara çay', 2);"
                    "insert into oba.categories (code, name_az, name_en) values ('C4', 'Meyvə', 'Fruit');"
                    "update oba.products set category_id = 3 where product_id = 1; update oba.products set category_id = 4 where product_id = 3;"
                    "insert into oba.products (code, name) values ('P4', 'Nə isə')");
}

static char *
lines_json (const Basket *basket)
{
  GString *json = g_string_new ("[");

  for (int i = 0; i < basket->n_lines; i++)
    g_string_append_printf (json, "%s{'product': %d, 'quantity': %d, 'unit_price': %" G_GINT64_FORMAT ", 'discount': %" G_GINT64_FORMAT ", 'total': %" G_GINT64_FORMAT "}",
                            i > 0 ? ", " : "", basket->products[i], (int) basket->quantities[i],
                            (basket->totals[i] + basket->discounts[i]) / (gint64) basket->quantities[i], basket->discounts[i], basket->totals[i]);
  return g_string_free (g_string_append_c (json, ']'), FALSE);
}

static void
fill (Basket *basket)
{
  basket->n_lines = g_test_rand_int_range (1, 9);
  basket->total = 0;
  for (int i = 0; i < basket->n_lines; i++)
    {
      gint64 price = g_test_rand_int_range (1, 40) * 100;

      basket->products[i] = g_test_rand_int_range (1, 5);
      basket->quantities[i] = g_test_rand_int_range (1, 4);
      basket->discounts[i] = g_test_rand_int_range (0, 3) == 0 ? price / 10 * (gint64) basket->quantities[i] : 0;
      basket->totals[i] = price * (gint64) basket->quantities[i] - basket->discounts[i];
      basket->total += basket->totals[i];
    }
}

static Basket *
buy (House *house, GPtrArray *baskets)
{
  static const char *const owners[] = { "", "'customer_id': 100, ", "'customer_id': 200, " };
  Basket *basket = g_new0 (Basket, 1);
  int owner = g_test_rand_int_range (0, 3);
  g_autofree char *lines = NULL;

  basket->store = g_test_rand_int_range (1, 3);
  basket->customer = owner * 100;
  basket->day = g_test_rand_int_range (1, 32);
  basket->hour = g_test_rand_int_range (0, 24);
  basket->stands = TRUE;
  g_snprintf (basket->no, sizeof basket->no, "n%u", baskets->len);
  fill (basket);
  lines = lines_json (basket);
  g_free (call (house->conn, "record_receipt", NULL, "{'store': %d, 'till': 1, 'receipt_no': '%s', %s'sold_at': '2024-03-%02dT%02d:15:00+04:00', 'total': %" G_GINT64_FORMAT ", 'lines': %s}",
                basket->store, basket->no, owners[owner], basket->day, basket->hour, basket->total, lines));
  g_ptr_array_add (baskets, basket);
  return basket;
}

static void
bring_back (House *house, Basket *basket)
{
  int line = g_test_rand_int_range (0, basket->n_lines);

  if (basket->returned[line])
    return;
  basket->returned[line] = TRUE;
  g_free (call (house->conn, "return_lines", NULL,
                "{'original': {'store': %d, 'till': 1, 'receipt_no': '%s'}, 'sold_at': '2024-03-31T23:15:00+04:00', 'lines': [{'line': %d, 'quantity': %d}], 'reason_code': 'damaged'}",
                basket->store, basket->no, line + 1, (int) basket->quantities[line]));
}

static void
correct (House *house, const Basket *basket, const char *kind, const char *rest)
{
  g_autofree char *receipt = ask (house->conn, "select receipt_id from oba.receipt_keys where store_id = %d and till_no = 1 and receipt_no = '%s'", basket->store, basket->no);
  g_autofree char *answers = ask (house->conn, "select count (*) from oba.receipts where original_receipt_id = %s", receipt);

  g_free (call (house->conn, "correct_receipt", NULL,
                "{'kind': '%s', 'receipt': {'store': %d, 'till': 1, 'receipt_no': '%s'}%s, 'seen': %s, 'reason_code': 'cashier_error', 'reason': 'as the customer says'}",
                kind, basket->store, basket->no, rest, answers));
}

static gboolean
any_returned (const Basket *basket)
{
  for (int i = 0; i < basket->n_lines; i++)
    if (basket->returned[i])
      return TRUE;
  return FALSE;
}

/* A receipt that was put right is a basket of what is right, and the wrong one is none. */
static void
put_right (House *house, GPtrArray *baskets, Basket *basket)
{
  Basket *right;
  g_autofree char *lines = NULL;
  g_autofree char *rest = NULL;

  if (any_returned (basket))
    return;
  right = g_memdup2 (basket, sizeof *basket);
  basket->stands = FALSE;
  fill (right);
  /* It cannot be found by its till's number any more: nobody touches it again. */
  *right->no = '\0';
  lines = lines_json (right);
  rest = g_strdup_printf (", 'total': %" G_GINT64_FORMAT ", 'lines': %s", right->total, lines);
  correct (house, basket, "change", rest);
  g_ptr_array_add (baskets, right);
}

static gboolean
all_returned (const Basket *basket)
{
  for (int i = 0; i < basket->n_lines; i++)
    if (!basket->returned[i])
      return FALSE;
  return TRUE;
}

static void
take_out (House *house, Basket *basket)
{
  if (all_returned (basket))
    return;
  correct (house, basket, "void", "");
  basket->stands = FALSE;
}

static void
live (House *house, GPtrArray *baskets)
{
  for (guint i = 0; i < N_STEPS; i++)
    {
      int what = g_test_rand_int_range (0, 10);
      Basket *basket = baskets->len > 0 ? baskets->pdata[g_test_rand_int_range (0, (gint32) baskets->len)] : NULL;

      if (basket == NULL || what < 6 || !basket->stands || *basket->no == '\0')
        buy (house, baskets);
      else if (what < 8)
        bring_back (house, basket);
      else if (what == 8)
        put_right (house, baskets, basket);
      else
        take_out (house, basket);
      if (g_test_rand_int_range (0, 6) == 0)
        fold (house);
      if (g_test_rand_int_range (0, 6) == 0)
        run (house->conn, "select oba.fold_store_sales ()");
    }
  fold (house);
  run (house->conn, "select oba.fold_store_sales ()");
}

/* ---- comparing */

static JsonObject *
patterns (House *house, const char *sql)
{
  g_autofree char *json = ask (house->conn, "%s", sql);
  g_autoptr (JsonNode) root = json_from_string (json, NULL);

  g_assert_nonnull (root);
  return json_object_ref (json_node_get_object (root));
}

static void
assert_counts (JsonObject *object, const char *name, const gint64 *expected, guint n)
{
  JsonArray *array = json_object_get_array_member (object, name);

  g_assert_cmpuint (json_array_get_length (array), ==, n);
  for (guint i = 0; i < n; i++)
    {
      if (json_array_get_int_element (array, i) != expected[i])
        g_error ("%s, %u: %" G_GINT64_FORMAT " instead of %" G_GINT64_FORMAT, name, i, json_array_get_int_element (array, i), expected[i]);
    }
}

static void
assert_heat (JsonObject *object, const Sums *sums)
{
  gint64 heat[8][24] = { 0 };
  JsonArray *cells = json_object_get_array_member (object, "heat");

  for (guint i = 0; i < json_array_get_length (cells); i++)
    {
      JsonArray *cell = json_array_get_array_element (cells, i);

      heat[json_array_get_int_element (cell, 0)][json_array_get_int_element (cell, 1)] = json_array_get_int_element (cell, 2);
    }
  g_assert_cmpmem (heat, sizeof heat, sums->heat, sizeof sums->heat);
}

static void
assert_categories (JsonObject *object, const Sums *sums, const Sums *chain)
{
  JsonArray *list = json_object_get_array_member (object, "categories");

  for (guint i = 0; i < json_array_get_length (list); i++)
    {
      JsonArray *row = json_array_get_array_element (list, i);
      gint64 id = json_array_get_int_element (row, 0);
      guint place = id == 1 ? 0 : id == 4 ? 1 : 2;

      g_assert_true (id == 0 || id == 1 || id == 4);
      g_assert_cmpint (json_array_get_int_element (row, 2), ==, sums->categories[place]);
      g_assert_cmpint (json_array_get_int_element (row, 3), ==, chain->categories[place]);
    }
}

static void
assert_patterns (House *house, const char *sql, const Sums *sums, const Sums *chain)
{
  JsonObject *object = patterns (house, sql);

  g_assert_cmpint (json_object_get_int_member (object, "receipts"), ==, sums->n);
  assert_counts (object, "amounts", sums->amounts, N_AMOUNTS);
  assert_counts (object, "lines", sums->lines, N_LINES);
  assert_counts (object, "chain_amounts", chain->amounts, N_AMOUNTS);
  assert_counts (object, "chain_lines", chain->lines, N_LINES);
  assert_counts (object, "price", sums->price, 4);
  assert_counts (object, "chain_price", chain->price, 4);
  assert_heat (object, sums);
  assert_categories (object, sums, chain);
  json_object_unref (object);
}

/* What the store sold of each product, less what came back, and to how many people. */
static void
assert_goods (House *house, GPtrArray *baskets, int store)
{
  g_autofree char *sql = g_strdup_printf ("select oba.store_goods (%d, 31, '" NOW "')", store);
  JsonObject *object = patterns (house, sql);
  JsonArray *products = json_object_get_array_member (object, "products");
  gint64 totals[5] = { 0 };
  double quantities[5] = { 0 };
  gboolean came[3] = { FALSE };
  guint n = 0;

  for (guint i = 0; i < baskets->len; i++)
    {
      const Basket *basket = baskets->pdata[i];

      if (basket->store != store || !basket->stands)
        continue;
      came[basket->customer / 100] = TRUE;
      for (int line = 0; line < basket->n_lines; line++)
        if (!basket->returned[line])
          {
            totals[basket->products[line]] += basket->totals[line];
            quantities[basket->products[line]] += basket->quantities[line];
          }
    }
  for (guint product = 1; product < G_N_ELEMENTS (totals); product++)
    n += totals[product] > 0;
  g_assert_cmpuint (json_array_get_length (products), ==, n);
  for (guint i = 0; i < n; i++)
    {
      JsonArray *row = json_array_get_array_element (products, i);
      gint64 id = json_array_get_int_element (row, 0);

      g_assert_cmpint (json_array_get_int_element (row, 4), ==, totals[id]);
      g_assert_cmpint (json_array_get_int_element (row, 3), ==, (gint64) quantities[id] * 1000);
    }
  g_assert_cmpint (json_array_get_int_element (json_object_get_array_member (object, "customers"), 0), ==, came[1] + came[2]);
  json_object_unref (object);
}

static void
assert_all (House *house, GPtrArray *baskets)
{
  Sums chain = { { 0 } }, stores[3] = { { { 0 } } }, persons[3] = { { { 0 } } };

  for (guint i = 0; i < baskets->len; i++)
    {
      const Basket *basket = baskets->pdata[i];

      count (&chain, basket);
      count (&stores[basket->store], basket);
      count (&persons[basket->customer / 100], basket);
    }
  assert_patterns (house, "select oba.store_patterns (1, 31, 'en', '" NOW "')", &stores[1], &chain);
  assert_patterns (house, "select oba.store_patterns (2, 31, 'az', '" NOW "')", &stores[2], &chain);
  assert_patterns (house, "select oba.customer_patterns (100, 'az', '" NOW "')", &persons[1], &chain);
  assert_patterns (house, "select oba.customer_patterns (200, 'ru', '" NOW "')", &persons[2], &chain);
  assert_goods (house, baskets, 1);
  assert_goods (house, baskets, 2);
}

/* Whatever was sold, brought back, voided and put right, in whichever order it was counted. */
static void
test_random (House *house, gconstpointer unused)
{
  g_autoptr (GPtrArray) baskets = g_ptr_array_new_with_free_func (g_free);

  free_hands (house);
  live (house, baskets);
  assert_all (house, baskets);
  all_is_well (house);

  /* Counted anew, and in the way in which millions are counted: the same. */
  run (house->conn, "select oba.rebuild_rollups ()");
  run (house->conn, "update oba.rollup_sales_state set system_identifier = 1");
  run (house->conn, "select oba.fold_store_sales ()");
  assert_all (house, baskets);
  all_is_well (house);
  take_out (house, buy (house, baskets));
  fold (house);
  run (house->conn, "select oba.fold_store_sales ()");
  assert_all (house, baskets);
  all_is_well (house);
}

/* A sale that was merged away with its buyer belongs to whoever they are now; a walk-in is nobody whose habits could be told. */
static void
test_persons (House *house, gconstpointer unused)
{
  sale (house->conn, 100, "1", "2024-03-10T10:00:00+04:00", 1000);
  sale (house->conn, 200, "2", "2024-03-11T10:00:00+04:00", 3000);
  run (house->conn, "update oba.customers set phone = null, given_name = 'Aygün', family_name = 'Əliyeva' where customer_id = 200");
  run (house->conn, "select oba.merge_customers ('{\"source\": 200, \"survivor\": 100}', null)");
  assert_ask (house->conn, "2 2000 1", "select concat_ws (' ', p -> 'receipts', p -> 'median_amount', p -> 'median_lines') from oba.customer_patterns (100, 'az', '" NOW "') p");
  assert_ask (house->conn, "t", "select oba.customer_patterns (w.customer_id, 'az') is null from oba.walk_ins w where w.store_id = 1");
  assert_ask (house->conn, "t", "select oba.customer_patterns (424242, 'az') is null");
  assert_ask (house->conn, "t", "select oba.store_patterns (424242, 30, 'az') is null");
}

/* Nobody yet, nothing yet: zeroes, not nulls in the middle of a chart. */
static void
test_empty (House *house, gconstpointer unused)
{
  assert_ask (house->conn, "0 12 12 12 0", "select concat_ws (' ', p -> 'receipts', jsonb_array_length (p -> 'months'), jsonb_array_length (p -> 'amounts'),"
                                         " jsonb_array_length (p -> 'chain_amounts'), p #> '{price,0}') from oba.customer_patterns (100, 'az', '" NOW "') p");
  assert_ask (house->conn, "0 7 null OBA Gəncə", "select concat_ws (' ', p #> '{now,0}', jsonb_array_length (p -> 'days'), p #> '{days,6}', p ->> 'name') from oba.store_patterns (2, 7, 'az', '" NOW "') p");
}

/* Half a day is compared with half a day. */
static void
test_before (House *house, gconstpointer unused)
{
  sale (house->conn, 100, "1", "2024-03-30T10:30:00+04:00", 1000);
  sale (house->conn, 100, "2", "2024-03-30T20:30:00+04:00", 5000);
  sale (house->conn, 200, "3", "2024-03-31T09:30:00+04:00", 1500);
  fold (house);
  assert_ask (house->conn, "[1500, 1, 1, 0, 0, 1, 1500] [1000, 1, 2, 0, 0, 2, 6000]",
              "select (p -> 'now')::text || ' ' || (p -> 'before')::text from oba.store_patterns (1, 1, 'az', '2024-03-31T12:00:00+04:00') p");
  assert_ask (house->conn, "[7500, 3, 3, 0, 0, 3, 7500] [0, 0, 0, 0, 0, 0, 0]",
              "select (p -> 'now')::text || ' ' || (p -> 'before')::text from oba.store_patterns (1, 7, 'az', '2024-03-31T12:00:00+04:00') p");
}

#define GOODS "select concat_ws (' ', g -> 'customers', g -> 'products') from oba.store_goods (1, %d, '2024-03-31T12:00:00+04:00') g"

/* People are counted once, products to the gram; of yesterday as much as until now; what is taken back is not there. */
static void
test_goods (House *house, gconstpointer unused)
{
  g_autofree char *now = ask (house->conn, "select to_json (now ()) #>> '{}'");

  free_hands (house);
  sale (house->conn, 100, "1", "2024-03-30T10:30:00+04:00", 1000);
  sale (house->conn, 100, "2", "2024-03-30T20:30:00+04:00", 5000);
  sale (house->conn, 200, "3", "2024-03-31T09:30:00+04:00", 1500);
  fold (house);
  job_does (house, "fold_store_sales", 3);
  assert_ask (house->conn, "[1, 1, 1, 1] [[1, \"Çay\", \"pcs\", 1000, 1500, 1000, 1500]]", GOODS, 1);
  assert_ask (house->conn, "[2, 0, 3, 0] [[1, \"Çay\", \"pcs\", 3000, 7500, 0, 7500]]", GOODS, 7);
  assert_ask (house->conn, "0 2", "select (select count (*) from oba.rollup_store_pieces) || ' ' || (select count (*) from oba.rollup_store_sales)");
  all_is_well (house);

  g_free (call (house->conn, "correct_receipt", NULL, "{'kind': 'void', 'receipt': {'store': 1, 'till': 1, 'receipt_no': '3'}, 'seen': 0, 'reason_code': 'cashier_error', 'reason': 'as the customer says'}"));
  fold (house);
  job_does (house, "fold_store_sales", 1);
  assert_ask (house->conn, "[0, 1, 0, 1] []", GOODS, 1);
  assert_ask (house->conn, "{} {}", "select products || ' ' || buyers from (select products::text, buyers::text from oba.rollup_store_sales where day = '2024-03-31') x");
  all_is_well (house);

  /* Whoever was merged is one person; what is sold today is there before its day is packed. */
  g_free (call (house->conn, "record_receipt", NULL, "{'store': 1, 'till': 1, 'receipt_no': 'now', 'sold_at': '%s', 'customer_id': 200, 'total': 200, 'lines': [{'product': 1, 'quantity': 2, 'unit_price': 100, 'total': 200}]}", now));
  g_free (call (house->conn, "record_receipt", NULL, "{'store': 1, 'till': 1, 'receipt_no': 'now2', 'sold_at': '%s', 'customer_id': 100, 'total': 200, 'lines': [{'product': 1, 'quantity': 2, 'unit_price': 100, 'total': 200}]}", now));
  fold (house);
  job_does (house, "fold_store_sales", 2);
  assert_ask (house->conn, "1", "select count (*) from oba.rollup_store_pieces");
  assert_ask (house->conn, "2 400", "select concat_ws (' ', g #>> '{customers,0}', g #>> '{products,0,4}') from oba.store_goods (1, 7) g");
  all_is_well (house);
  run (house->conn, "update oba.customers set phone = null, given_name = 'Aygün', family_name = 'Əliyeva' where customer_id = 200");
  run (house->conn, "select oba.merge_customers ('{\"source\": 200, \"survivor\": 100}', null)");
  assert_ask (house->conn, "1 400", "select concat_ws (' ', g #>> '{customers,0}', g #>> '{products,0,4}') from oba.store_goods (1, 7) g");
  assert_ask (house->conn, "[0, 0, 0, 0] []", "select concat_ws (' ', g -> 'customers', g -> 'products') from oba.store_goods (2, 30) g");
}

/* Beside whom somebody is put: those who bought while they had the tier, each receipt in the tier of its moment. */
static void
test_tiers (House *house, gconstpointer unused)
{
  free_hands (house);
  sale (house->conn, 100, "1", "2024-03-10T10:30:00+04:00", 1000);
  sale (house->conn, 100, "2", "2024-03-11T10:30:00+04:00", 150000);
  sale (house->conn, 100, "3", "2024-03-12T10:30:00+04:00", 2000);
  sale (house->conn, 200, "4", "2024-03-13T10:30:00+04:00", 3000);
  run (house->conn, "select oba.record_receipt ('{\"store\": 1, \"till\": 1, \"receipt_no\": \"5\", \"sold_at\": \"2024-03-13T11:00:00+04:00\", \"total\": 700,"
                    " \"lines\": [{\"product\": 3, \"quantity\": 1, \"unit_price\": 700, \"total\": 700}]}', null, null)");
  job_does (house, "fold_store_sales", 5);
  assert_ask (house->conn, "Gümüş 152000 [[1, 152000]] [152000, 0, 0, 152000]", "select concat_ws (' ', p ->> 'tier', p -> 'tier_revenue', p -> 'tier_categories', p -> 'tier_price') from oba.tier_patterns (100, 'az', '" NOW "') p");
  assert_ask (house->conn, "Bronze 4000 [0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0]", "select concat_ws (' ', p ->> 'tier', p -> 'tier_revenue', p -> 'tier_amounts') from oba.tier_patterns (200, 'en', '" NOW "') p");
  g_free (call (house->conn, "correct_receipt", NULL, "{'kind': 'void', 'receipt': {'store': 1, 'till': 1, 'receipt_no': '1'}, 'seen': 0, 'reason_code': 'cashier_error', 'reason': 'as the customer says'}"));
  job_does (house, "fold_store_sales", 1);
  assert_ask (house->conn, "3000 [0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0]", "select concat_ws (' ', p -> 'tier_revenue', p -> 'tier_amounts') from oba.tier_patterns (200, 'en', '" NOW "') p");
  assert_ask (house->conn, "{}", "select oba.tier_patterns (424242, 'az')");
  all_is_well (house);
}

/* A store's page is open to everybody who works here; marketing may read a person's habits, too, as it may read their receipts, but not who they are. */
static void
test_roles (House *house, gconstpointer unused)
{
  static const char *const roles[] = { "oba_clerk", "oba_supervisor", "oba_admin", "oba_auditor", "oba_marketing" };

  sale (house->conn, 100, "1", "2024-03-30T10:30:00+04:00", 1000);
  fold (house);
  for (guint i = 0; i < G_N_ELEMENTS (roles); i++)
    {
      run (house->conn, "set role %s", roles[i]);
      assert_ask (house->conn, "1000", "select oba.store_patterns (1, 30, 'az', '" NOW "') #>> '{now,0}'");
      assert_ask (house->conn, "1", "select oba.customer_patterns (100, 'az', '" NOW "') ->> 'receipts'");
      assert_ask (house->conn, "[0, 0, 0, 0]", "select oba.store_goods (2, 30, '" NOW "') -> 'customers'");
      assert_ask (house->conn, "Bürünc", "select oba.tier_patterns (100, 'az', '" NOW "') ->> 'tier'");
      refused (house->conn, "42501", "update oba.rollup_store_hours set receipts = 0");
      refused (house->conn, "42501", "delete from oba.rollup_store_sales");
      refused (house->conn, "42501", "select oba.pack_store_sales (1)");
      refused (house->conn, "42501", "select oba.fold_patterns ('0', '1', 0, '-infinity')");
      run (house->conn, "reset role");
    }
}

/* What was sold as tea was tea: putting the catalogue in another order neither moves what was counted nor breaks what verify adds up. */
static void
test_recategorised (House *house, gconstpointer unused)
{
  free_hands (house);
  sale (house->conn, 100, "1", "2024-03-30T10:30:00+04:00", 1000);
  fold (house);
  run (house->conn, "update oba.products set category_id = 4 where product_id = 1");
  sale (house->conn, 100, "2", "2024-03-31T10:30:00+04:00", 500);
  fold (house);
  assert_ask (house->conn, "1 1000, 4 500", "select string_agg (category_id || ' ' || revenue, ', ' order by day) from oba.rollup_store_categories where store_id = 1");
  all_is_well (house);
}

/* The database of a release before: what it had counted is in the patterns after the migration, what it had not is counted once. */
static void
test_backfill (House *house, gconstpointer unused)
{
  g_autoptr (GPtrArray) baskets = g_ptr_array_new_with_free_func (g_free);

  free_hands (house);
  live (house, baskets);
  /* As 0075 does it. */
  run (house->conn, "truncate oba.rollup_store_hours, oba.rollup_store_baskets, oba.rollup_store_categories");
  buy (house, baskets);
  run (house->conn, "select oba.fold_many_patterns (row (true, s.system_identifier, '0', s.folded_at, 0, '-infinity')::oba.rollup_state, s.folded_below) from oba.rollup_state s");
  fold (house);
  run (house->conn, "select oba.fold_store_sales ()");
  assert_all (house, baskets);
  all_is_well (house);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
#define TEST(name, function) g_test_add ("/patterns/" name, House, NULL, house_setup, function, house_teardown)
  TEST ("random", test_random);
  TEST ("persons", test_persons);
  TEST ("empty", test_empty);
  TEST ("before", test_before);
  TEST ("goods", test_goods);
  TEST ("tiers", test_tiers);
  TEST ("roles", test_roles);
  TEST ("recategorised", test_recategorised);
  TEST ("backfill", test_backfill);
  status = g_test_run ();
  house_server_stop ();
  return status;
}
