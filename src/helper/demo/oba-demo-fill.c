#include "oba-config.h"
#include "oba-demo-fill.h"

#include <glib/gi18n-lib.h>

#include "base/oba-error.h"
#include "db/oba-db-sql.h"
#include "oba-demo-data-rewards.h"
#include "oba-demo-writer.h"

#define CUSTOMERS_AT_ONCE 20000
#define LOT_MONTHS 24 /* within them nothing of the demo's points can have expired */

typedef struct
{
  ObaDbConnection *connection;
  ObaDemoChain *chain;
  ObaDemoRows *rows;
  const ObaDemoReporter *reporter;
  gpointer user_data;
  gint64 n_receipts;
  GCancellable *cancellable;
} Fill;

/* ---- small helpers ---- */

static gboolean
run_sql (Fill *self, const char *sql, ObaDbParams *params, GError **error)
{
  g_autoptr (ObaDbResult) result =
      oba_db_connection_query_sync (self->connection, sql, params, self->cancellable, error);

  return result != NULL;
}

static gboolean
run_script (Fill *self, const char *name, GError **error)
{
  return oba_db_connection_script_sync (self->connection, oba_db_sql (name), self->cancellable, error);
}

static gboolean
run_with_batch (Fill *self, const char *sql, GError **error)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("i", self->rows->batch);

  return run_sql (self, sql, params, error);
}

static void
stage (Fill *self, const char *label, gint64 total)
{
  self->reporter->stage (label, total, self->user_data);
}

typedef void (*AddRow) (ObaDemoRows *rows, GString *out, guint index);

static gboolean
copy_rows (Fill *self, const char *target, const char *columns, AddRow add, guint n, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    add (self->rows, text, i);
  return oba_demo_copy (self->connection, target, columns, text, self->cancellable, error);
}

/* ---- the stages ---- */

static const char *
describe_occupied (const char *what)
{
  static const struct
  {
    const char *what, *sentence;
  } sentences[] = {
    { "receipts", N_("This database has receipts already.") },
    { "customers", N_("This database has customers already.") },
    { "stores", N_("This database has stores already.") },
    { "products", N_("This database has products already.") },
    { "rewards", N_("This database has rewards already.") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (sentences); i++)
    if (g_str_equal (what, sentences[i].what))
      return _(sentences[i].sentence);
  return _("Files were imported into this database already.");
}

static gboolean
refuse_occupied (Fill *self, GError **error)
{
  g_autoptr (ObaDbResult) found =
      oba_db_connection_query_sync (self->connection, oba_db_sql ("demo/occupied.sql"), NULL, self->cancellable, error);

  if (found == NULL)
    return FALSE;
  if (oba_db_result_get_n_rows (found) == 0)
    return TRUE;
  g_set_error (error, OBA_ERROR, OBA_ERROR_REFUSED,
               _("%s The demo chain fills an empty one only; nothing was changed."),
               describe_occupied (oba_db_result_get_text (found, 0, 0)));
  return FALSE;
}

static char *
describe_options (const ObaDemoOptions *options)
{
  return g_strdup_printf ("{\"stores\": %u, \"customers\": %u, \"sales\": %" G_GINT64_FORMAT
                          ", \"days\": %u, \"seed\": %" G_GUINT64_FORMAT ", \"until\": \"%04u-%02u-%02u\"}",
                          options->n_stores, options->n_customers, options->n_sales, options->n_days, options->seed,
                          (guint) g_date_get_year (&options->until), (guint) g_date_get_month (&options->until),
                          (guint) g_date_get_day (&options->until));
}

static gboolean
open_batch (Fill *self, GError **error)
{
  g_autofree char *options = describe_options (oba_demo_chain_get_options (self->chain));
  g_autoptr (ObaDbParams) params = oba_db_params_build ("t", options);
  g_autoptr (ObaDbResult) batch = NULL;

  if (!run_script (self, "demo/restart-ids.sql", error))
    return FALSE;
  batch = oba_db_connection_query_sync (self->connection, oba_db_sql ("demo/open-batch.sql"), params, self->cancellable,
                                        error);
  if (batch == NULL)
    return FALSE;
  self->rows->batch = oba_db_result_get_int64 (batch, 0, 0);
  return TRUE;
}

static gboolean
read_walk_ins (Fill *self, GError **error)
{
  guint n_stores = oba_demo_chain_get_options (self->chain)->n_stores;
  g_autoptr (ObaDbResult) ids =
      oba_db_connection_query_sync (self->connection, oba_db_sql ("demo/walk-ins.sql"), NULL, self->cancellable, error);

  if (ids == NULL)
    return FALSE;
  g_assert (oba_db_result_get_n_rows (ids) == n_stores);
  for (guint i = 0; i < n_stores; i++)
    {
      self->rows->walk_ins[i] = oba_db_result_get_int64 (ids, i, 0);
      self->rows->first_customer = MAX (self->rows->first_customer, self->rows->walk_ins[i] + 1);
    }
  return TRUE;
}

static gboolean
write_catalogue (Fill *self, GError **error)
{
  const ObaDemoCatalogue *catalogue = oba_demo_chain_get_catalogue (self->chain);

  stage (self, _("Stores and products"), 0);
  return copy_rows (self, "oba.stores", OBA_DEMO_STORE_COLUMNS, oba_demo_rows_store,
                    oba_demo_chain_get_options (self->chain)->n_stores, error) &&
         read_walk_ins (self, error) &&
         copy_rows (self, "oba.categories", OBA_DEMO_CATEGORY_COLUMNS, oba_demo_rows_category,
                    catalogue->categories->len, error) &&
         copy_rows (self, "oba.products", OBA_DEMO_PRODUCT_COLUMNS, oba_demo_rows_product, catalogue->products->len,
                    error) &&
         copy_rows (self, "oba.rewards", OBA_DEMO_REWARD_COLUMNS, oba_demo_rows_reward, oba_demo_n_rewards, error) &&
         run_script (self, "demo/reward-stock.sql", error) &&
         run_script (self, "demo/tiers.sql", error);
}

static gboolean
copy_customers (Fill *self, const ObaDemoCustomerRows *rows, GError **error)
{
  return oba_demo_copy (self->connection, "oba.customers", OBA_DEMO_CUSTOMER_COLUMNS, rows->customers,
                        self->cancellable, error) &&
         oba_demo_copy (self->connection, "oba.cards", OBA_DEMO_CARD_COLUMNS, rows->cards, self->cancellable, error) &&
         oba_demo_copy (self->connection, "oba.consents", OBA_DEMO_CONSENT_COLUMNS, rows->consents, self->cancellable,
                        error) &&
         oba_demo_copy (self->connection, "oba.consent_history", OBA_DEMO_CONSENT_HISTORY_COLUMNS,
                        rows->consent_history, self->cancellable, error) &&
         oba_demo_copy (self->connection, "oba.customer_categories", OBA_DEMO_CUSTOMER_CATEGORY_COLUMNS,
                        rows->categories, self->cancellable, error);
}

static gboolean
write_customers (Fill *self, GError **error)
{
  guint n = oba_demo_chain_get_options (self->chain)->n_customers;
  g_autoptr (GString) customers = g_string_new (NULL), cards = g_string_new (NULL), consents = g_string_new (NULL);
  g_autoptr (GString) history = g_string_new (NULL), categories = g_string_new (NULL);
  ObaDemoCustomerRows rows = { customers, cards, consents, history, categories };

  stage (self, _("Customers"), n);
  for (guint i = 0; i < n; i++)
    {
      oba_demo_rows_customer (self->rows, &rows, i);
      if ((i + 1) % CUSTOMERS_AT_ONCE != 0 && i + 1 != n)
        continue;
      if (!copy_customers (self, &rows, error))
        return FALSE;
      g_string_set_size (customers, 0);
      g_string_set_size (cards, 0);
      g_string_set_size (consents, 0);
      g_string_set_size (history, 0);
      g_string_set_size (categories, 0);
      self->reporter->progress (i + 1, self->user_data);
    }
  return TRUE;
}

/* What the generator may redeem: rewards without conditions, while no lot can have expired. */
static void
offer_rewards (Fill *self, gint64 *costs)
{
  GDate first, last;

  oba_demo_calendar_get_date (oba_demo_chain_get_calendar (self->chain), 0, &first);
  last = first;
  g_date_add_months (&last, LOT_MONTHS);
  for (guint i = 0; i < oba_demo_n_old_rewards; i++)
    {
      const ObaDemoReward *reward = &oba_demo_rewards[i];

      costs[i] = reward->min_tier == 0 && reward->per_customer == 0 ? reward->cost : 0;
    }
  oba_demo_chain_set_rewards (self->chain, costs, oba_demo_n_old_rewards, (guint) g_date_days_between (&first, &last) - 1);
}

static GStrv
read_months (Fill *self, GError **error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (ObaDbResult) months =
      oba_db_connection_query_sync (self->connection, oba_db_sql ("demo/months.sql"), NULL, self->cancellable, error);

  if (months == NULL)
    return NULL;
  for (guint i = 0; i < oba_db_result_get_n_rows (months); i++)
    g_strv_builder_add (builder, oba_db_result_get_text (months, i, 0));
  return g_strv_builder_end (builder);
}

static gboolean
write_receipts (Fill *self, GError **error)
{
  const ObaDemoOptions *options = oba_demo_chain_get_options (self->chain);
  g_autoptr (ObaDbParams) span = NULL;
  g_auto (GStrv) months = NULL;

  stage (self, _("Receipts"), options->n_sales + options->n_sales / 70);
  span = oba_db_params_build ("tt", self->rows->dates[0], self->rows->dates[options->n_days - 1]);
  months = read_months (self, error);
  if (months == NULL || !run_sql (self, "select oba.ensure_partitions ($1::date, $2::date)", span, error) ||
      !run_script (self, "demo/redemptions-table.sql", error))
    return FALSE;
  self->n_receipts = oba_demo_write_receipts (self->rows, self->connection, (const char *const *) months,
                                              self->reporter->progress, self->user_data, self->cancellable, error);
  return self->n_receipts >= 0;
}

/* A longer demo has points that nobody spent in time: as the job would have left them on the last day. */
static gboolean
expire_points (Fill *self, GError **error)
{
  const char *last_day = self->rows->dates[oba_demo_chain_get_options (self->chain)->n_days - 1];
  g_autoptr (ObaDbParams) params = oba_db_params_build ("t", last_day);

  for (;;)
    {
      g_autoptr (ObaDbResult) expired = oba_db_connection_query_sync (
          self->connection, "select oba.expire_points (5000, $1::date)", params, self->cancellable, error);

      if (expired == NULL)
        return FALSE;
      if (oba_db_result_get_int64 (expired, 0, 0) == 0)
        return TRUE;
    }
}

static gboolean
post (Fill *self, GError **error)
{
  stage (self, _("Points and tiers"), 0);
  if (!run_sql (self, "analyze oba.receipts", NULL, error) ||
      !run_with_batch (self, "select oba.post_batch ($1)", error) ||
      !run_script (self, "demo/post-redemptions.sql", error) || !expire_points (self, error))
    return FALSE;

  stage (self, _("Statistics for the planner"), 0);
  return run_sql (self, oba_db_sql ("demo/end-ids.sql"), NULL, error) && run_script (self, "demo/analyze.sql", error);
}

static gboolean
fill (Fill *self, GError **error)
{
  g_autofree gint64 *costs = g_new (gint64, oba_demo_n_old_rewards);

  offer_rewards (self, costs);
  return oba_db_connection_script_sync (self->connection, "begin", self->cancellable, error) &&
         run_script (self, "demo/begin.sql", error) && refuse_occupied (self, error) && open_batch (self, error) &&
         write_catalogue (self, error) && write_customers (self, error) && write_receipts (self, error) &&
         post (self, error) && oba_db_connection_script_sync (self->connection, "commit", self->cancellable, error);
}

/* Folding counts what is committed. When it is stopped, the receipts stay unfolded and the service's job goes on with
 * them. */
static gboolean
fold (Fill *self, GError **error)
{
  const char *last_day = self->rows->dates[oba_demo_chain_get_options (self->chain)->n_days - 1];
  g_autoptr (ObaDbParams) params = oba_db_params_build ("t", last_day);

  stage (self, _("Totals for the dashboards"), 0);
  return run_sql (self, "select oba.fold_rollups ()", NULL, error) && run_sql (self, "select oba.fold_liability ()", NULL, error) &&
         run_sql (self, "select oba.fold_store_sales ()", NULL, error) &&
         run_sql (self, "select oba.refresh_lifecycle (10000000, $1::date)", params, error) && run_sql (self, "select oba.check_tills (10000000)", NULL, error);
}

/* When it is stopped here, nobody has asked for anything yet, and no month is closed: no harm. */
static gboolean
leave_work (Fill *self, GError **error)
{
  const char *last_day = self->rows->dates[oba_demo_chain_get_options (self->chain)->n_days - 1];
  g_autoptr (ObaDbParams) params = oba_db_params_build ("t", last_day);

  stage (self, _("Closed months and work to do"), 0);
  return run_script (self, "demo/work.sql", error) && run_sql (self, "select pg_temp.demo_work ($1::date)", params, error);
}

gint64
oba_demo_fill (ObaDbConnection *connection,
               const ObaDemoOptions *options,
               const ObaDemoReporter *reporter,
               gpointer user_data,
               GCancellable *cancellable,
               GError **error)
{
  g_autoptr (ObaDemoChain) chain = oba_demo_chain_new (options);
  g_autoptr (ObaDemoRows) rows = oba_demo_rows_new (chain);
  Fill self = { connection, chain, rows, reporter, user_data, 0, cancellable };

  if (fill (&self, error))
    return fold (&self, error) && leave_work (&self, error) ? self.n_receipts : -1;
  /* Without the caller's cancellable: it may be what brought us here. */
  if (oba_db_connection_is_open (connection))
    oba_db_connection_script_sync (connection, "rollback", NULL, NULL);
  return -1;
}
