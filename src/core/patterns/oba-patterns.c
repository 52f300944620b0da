#include "oba-patterns.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "base/oba-error.h"
#include "customers/oba-customer-json.h"
#include "customers/oba-customers.h"
#include "db/oba-db-sql.h"

/* ---- parsing */

static gint64 *
read_numbers (JsonObject *object, const char *name, guint n)
{
  JsonArray *array = oba_customer_json_member_array (object, name);
  gint64 *numbers = g_new0 (gint64, MAX (n, 1));

  for (guint i = 0; array != NULL && i < n && i < json_array_get_length (array); i++)
    numbers[i] = oba_customer_json_int (array, i);
  return numbers;
}

static void
read_sizes (ObaPatternSizes *sizes, JsonObject *object, const char *name, const char *chain, const char *tier, const char *bounds)
{
  JsonArray *array = oba_customer_json_member_array (object, bounds);

  sizes->n = array != NULL ? json_array_get_length (array) + 1 : 1;
  sizes->bounds = read_numbers (object, bounds, sizes->n - 1);
  sizes->counts = read_numbers (object, name, sizes->n);
  sizes->chain = read_numbers (object, chain, sizes->n);
  sizes->tier = json_object_has_member (object, tier) ? read_numbers (object, tier, sizes->n) : NULL;
}

static void
sizes_clear (ObaPatternSizes *sizes)
{
  g_free (sizes->bounds);
  g_free (sizes->counts);
  g_free (sizes->chain);
  g_free (sizes->tier);
}

static void
read_price (ObaPatternPrice *price, JsonObject *object, const char *name)
{
  g_autofree gint64 *numbers = read_numbers (object, name, 4);

  price->full = numbers[0];
  price->discount = numbers[1];
  price->discounted = numbers[2];
  price->revenue = numbers[3];
}

static void
read_heat (ObaPatterns *self, JsonObject *object)
{
  JsonArray *cells = oba_customer_json_member_array (object, "heat");

  for (guint i = 0; cells != NULL && i < json_array_get_length (cells); i++)
    {
      JsonArray *cell = json_array_get_array_element (cells, i);
      gint64 weekday = oba_customer_json_int (cell, 0);
      gint64 hour = oba_customer_json_int (cell, 1);

      if (weekday >= 1 && weekday <= 7 && hour >= 0 && hour < 24)
        self->heat[weekday - 1][hour] = oba_customer_json_int (cell, 2);
    }
}

static gpointer
month_parse (JsonArray *fields)
{
  ObaPatternMonth *month = g_new0 (ObaPatternMonth, 1);

  month->year = (int) oba_customer_json_int (fields, 0);
  month->month = (int) oba_customer_json_int (fields, 1);
  month->receipts = oba_customer_json_int (fields, 2);
  month->total = oba_customer_json_int (fields, 3);
  return month;
}

static gpointer
category_parse (JsonArray *fields)
{
  ObaPatternCategory *category = g_new0 (ObaPatternCategory, 1);

  category->id = oba_customer_json_int (fields, 0);
  category->name = oba_customer_json_text (fields, 1);
  category->revenue = oba_customer_json_int (fields, 2);
  category->chain_revenue = oba_customer_json_int (fields, 3);
  return category;
}

static void
category_free (gpointer data)
{
  ObaPatternCategory *category = data;

  g_free (category->name);
  g_free (category);
}

static void
read_tier (ObaPatterns *self, JsonObject *object)
{
  JsonArray *rows = oba_customer_json_member_array (object, "tier_categories");

  if (!json_object_has_member (object, "tier"))
    return;
  self->tier = oba_customer_json_member_text (object, "tier");
  self->tier_revenue = oba_customer_json_member_int (object, "tier_revenue", 0);
  read_price (&self->tier_price, object, "tier_price");
  for (guint i = 0; rows != NULL && i < json_array_get_length (rows); i++)
    for (guint k = 0; k < self->categories->len; k++)
      {
        JsonArray *row = json_array_get_array_element (rows, i);
        ObaPatternCategory *category = self->categories->pdata[k];

        if (category->id == oba_customer_json_int (row, 0))
          category->tier_revenue = oba_customer_json_int (row, 1);
      }
}

ObaPatterns *
oba_patterns_parse (JsonObject *object)
{
  ObaPatterns *self = g_new0 (ObaPatterns, 1);

  self->receipts = oba_customer_json_member_int (object, "receipts", 0);
  self->median_amount = oba_customer_json_member_int (object, "median_amount", -1);
  self->median_lines = oba_customer_json_member_int (object, "median_lines", -1);
  read_sizes (&self->amounts, object, "amounts", "chain_amounts", "tier_amounts", "amount_bounds");
  read_sizes (&self->lines, object, "lines", "chain_lines", "tier_lines", "line_bounds");
  read_heat (self, object);
  self->months = oba_customer_json_list (object, "months", month_parse, g_free);
  self->categories = oba_customer_json_list (object, "categories", category_parse, category_free);
  self->chain_revenue = oba_customer_json_member_int (object, "chain_revenue", 0);
  read_price (&self->price, object, "price");
  read_price (&self->chain_price, object, "chain_price");
  read_tier (self, object);
  return self;
}

void
oba_patterns_free (ObaPatterns *self)
{
  sizes_clear (&self->amounts);
  sizes_clear (&self->lines);
  g_ptr_array_unref (self->months);
  g_ptr_array_unref (self->categories);
  g_free (self->tier);
  g_free (self);
}

/* ---- figures */

static gint64
sum (const gint64 *counts, guint n)
{
  gint64 total = 0;

  for (guint i = 0; i < n; i++)
    total += counts[i];
  return total;
}

gint64
oba_pattern_sizes_get_median (const ObaPatternSizes *sizes, const gint64 *counts)
{
  double half = (double) sum (counts, sizes->n) / 2;
  double before = 0;

  if (half <= 0 || sizes->n < 2)
    return -1;
  for (guint i = 0; i < sizes->n - 1; i++)
    {
      double count = (double) counts[i];
      double low = i > 0 ? (double) sizes->bounds[i - 1] : 0;

      if (count > 0 && before + count >= half)
        return (gint64) llround (low + ((double) sizes->bounds[i] - low) * (half - before) / count);
      before += count;
    }
  return sizes->bounds[sizes->n - 2];
}

double
oba_pattern_sizes_get_share (const ObaPatternSizes *sizes, const gint64 *counts, guint bucket)
{
  gint64 total = sum (counts, sizes->n);

  return total > 0 ? (double) counts[bucket] / (double) total : NAN;
}

double
oba_pattern_price_get_discounted_share (const ObaPatternPrice *price)
{
  return price->revenue > 0 ? (double) price->discounted / (double) price->revenue : NAN;
}

double
oba_pattern_price_get_rate (const ObaPatternPrice *price)
{
  return price->full > 0 ? (double) price->discount / (double) price->full : NAN;
}

/* ---- reading */

static void
read_cb (GObject *pool, GAsyncResult *answer, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (OBA_DB_POOL (pool), answer, &error);
  g_autoptr (JsonNode) root = NULL;

  if (rows == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  if (!oba_db_result_is_null (rows, 0, 0))
    root = json_from_string (oba_db_result_get_text (rows, 0, 0), NULL);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    g_task_return_new_error (task, OBA_ERROR, OBA_ERROR_NOT_FOUND, "%s", _("There is no such customer any more."));
  else
    g_task_return_pointer (task, oba_patterns_parse (json_node_get_object (root)), (GDestroyNotify) oba_patterns_free);
}

void
oba_patterns_customer_async (ObaDbPool           *pool,
                             gint64               customer,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr (ObaDbParams) params = oba_db_params_build ("it", customer, oba_customers_get_language ());

  g_task_set_source_tag (task, oba_patterns_customer_async);
  oba_db_pool_read_async (pool, oba_db_sql ("patterns/customer.sql"), params, cancellable, read_cb, g_object_ref (task));
}

ObaPatterns *
oba_patterns_customer_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
