#include "oba-store-patterns.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "base/oba-error.h"
#include "customers/oba-customer-json.h"
#include "customers/oba-customers.h"
#include "db/oba-db-sql.h"

static double
share (gint64 part, gint64 whole)
{
  return whole > 0 ? (double) part / (double) whole : NAN;
}

/* [revenue, receipts; and of whole days: with a card, returns, discount, receipts, revenue] */
static void
read_figures (ObaStoreFigures *figures, JsonObject *object, const char *name)
{
  g_autoptr (JsonArray) none = json_array_new ();
  JsonArray *array = oba_customer_json_member_array (object, name);
  gint64 discount, receipts;

  array = array != NULL ? array : none;
  figures->revenue = oba_customer_json_int (array, 0);
  figures->receipts = oba_customer_json_int (array, 1);
  discount = oba_customer_json_int (array, 4);
  receipts = oba_customer_json_int (array, 5);
  figures->basket = share (figures->revenue, figures->receipts);
  figures->card_share = share (oba_customer_json_int (array, 2), receipts);
  figures->returns_share = share (oba_customer_json_int (array, 3), receipts);
  figures->discount_rate = share (discount, discount + oba_customer_json_int (array, 6));
}

static void
read_customers (ObaStorePatterns *self, JsonObject *object)
{
  JsonArray *array = oba_customer_json_member_array (object, "customers");
  ObaStoreFigures *figures[] = { &self->now, &self->before };

  for (guint i = 0; i < G_N_ELEMENTS (figures); i++)
    {
      figures[i]->customers = array != NULL ? oba_customer_json_int (array, i) : 0;
      figures[i]->visits = share (array != NULL ? oba_customer_json_int (array, i + 2) : 0, figures[i]->customers);
    }
}

static gpointer
product_parse (JsonArray *fields)
{
  ObaStoreProduct *product = g_new0 (ObaStoreProduct, 1);

  product->name = oba_customer_json_text (fields, 1);
  product->unit = oba_customer_json_text (fields, 2);
  product->quantity = oba_customer_json_int (fields, 3);
  product->revenue = oba_customer_json_int (fields, 4);
  product->before = oba_customer_json_int (fields, 5);
  product->chain_share = (double) oba_customer_json_int (fields, 6);
  return product;
}

static void
product_free (gpointer data)
{
  ObaStoreProduct *product = data;

  g_free (product->name);
  g_free (product->unit);
  g_free (product);
}

static void
read_products (ObaStorePatterns *self, JsonObject *object)
{
  self->products = oba_customer_json_list (object, "products", product_parse, product_free);
  for (guint i = 0; i < self->products->len; i++)
    {
      ObaStoreProduct *product = self->products->pdata[i];

      product->share = share (product->revenue, self->patterns->price.revenue);
      product->chain_share = share ((gint64) product->chain_share, self->patterns->chain_revenue);
    }
}

static void
read_days (ObaStorePatterns *self, JsonObject *object)
{
  JsonArray *days = oba_customer_json_member_array (object, "days");
  g_autoptr (GDate) first = oba_customer_json_member_date (object, "first_day");

  self->first_day = first != NULL ? g_date_get_julian (first) : 1;
  self->n_days = days != NULL ? json_array_get_length (days) : 0;
  self->revenue = g_new (double, MAX (self->n_days, 1));
  self->receipts = g_new (double, MAX (self->n_days, 1));
  for (guint i = 0; i < self->n_days; i++)
    {
      JsonNode *node = json_array_get_element (days, i);
      JsonArray *day = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

      self->revenue[i] = day != NULL ? (double) oba_customer_json_int (day, 0) : NAN;
      self->receipts[i] = day != NULL ? (double) oba_customer_json_int (day, 1) : NAN;
      self->any = self->any || (day != NULL && (oba_customer_json_int (day, 0) != 0 || oba_customer_json_int (day, 1) != 0));
    }
}

static ObaStorePatterns *
store_patterns_parse (JsonObject *object)
{
  ObaStorePatterns *self = g_new0 (ObaStorePatterns, 1);

  self->name = oba_customer_json_member_text (object, "name");
  self->city = oba_customer_json_member_text (object, "city");
  self->open = json_object_get_boolean_member_with_default (object, "open", TRUE);
  self->closed_on = oba_customer_json_member_date (object, "closed_on");
  self->folded_at = oba_customer_json_member_time (object, "folded_at");
  read_figures (&self->now, object, "now");
  read_figures (&self->before, object, "before");
  read_days (self, object);
  read_customers (self, object);
  self->patterns = oba_patterns_parse (object);
  read_products (self, object);
  return self;
}

void
oba_store_patterns_free (ObaStorePatterns *self)
{
  g_free (self->name);
  g_free (self->city);
  g_clear_pointer (&self->closed_on, g_date_free);
  g_clear_pointer (&self->folded_at, g_date_time_unref);
  g_free (self->revenue);
  g_free (self->receipts);
  g_ptr_array_unref (self->products);
  oba_patterns_free (self->patterns);
  g_free (self);
}

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
    g_task_return_new_error (task, OBA_ERROR, OBA_ERROR_NOT_FOUND, "%s", _("There is no such store any more."));
  else
    g_task_return_pointer (task, store_patterns_parse (json_node_get_object (root)), (GDestroyNotify) oba_store_patterns_free);
}

void
oba_store_patterns_async (ObaDbPool           *pool,
                          gint64               store,
                          guint                days,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr (ObaDbParams) params = oba_db_params_build ("iitt", store, (gint64) days, oba_customers_get_language (), NULL);

  g_task_set_source_tag (task, oba_store_patterns_async);
  oba_db_pool_read_async (pool, oba_db_sql ("patterns/store.sql"), params, cancellable, read_cb, g_object_ref (task));
}

ObaStorePatterns *
oba_store_patterns_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
