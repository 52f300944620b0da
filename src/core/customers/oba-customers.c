#include "oba-customers.h"

#include <glib/gi18n-lib.h>

#include "base/oba-error.h"
#include "db/oba-db-sql.h"

/* The rank of oba.search_customers() for what is only like the search. */
#define SIMILAR 4

/* Names of tiers and categories are in the database in three languages: the one of the interface, else English. */
const char *
oba_customers_get_language (void)
{
  const char *const *names = g_get_language_names ();

  for (guint i = 0; names[i] != NULL; i++)
    {
      if (g_str_has_prefix (names[i], "az"))
        return "az";
      if (g_str_has_prefix (names[i], "ru"))
        return "ru";
      if (g_str_has_prefix (names[i], "en"))
        break;
    }
  return "en";
}

static GTask *
oba_customers_task_new (ObaDbPool           *pool,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data,
                        gpointer             tag)
{
  GTask *task = g_task_new (pool, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  return task;
}

static void
oba_customers_count_cb (GObject      *pool,
                        GAsyncResult *answer,
                        gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) result = oba_db_pool_read_finish (OBA_DB_POOL (pool), answer, &error);

  if (result == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_int (task, (gssize) oba_db_result_get_int64 (result, 0, 0));
}

void
oba_customers_count_async (ObaDbPool           *pool,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  GTask *task = oba_customers_task_new (pool, cancellable, callback, user_data, oba_customers_count_async);

  oba_db_pool_read_async (pool, oba_db_sql ("customers/count.sql"), NULL, cancellable, oba_customers_count_cb, task);
}

gint64
oba_customers_count_finish (GAsyncResult  *result,
                            GError       **error)
{
  return g_task_propagate_int (G_TASK (result), error);
}

static void
oba_customers_find_cb (GObject      *pool,
                       GAsyncResult *answer,
                       gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  GArray *ids = oba_db_pool_read_ids_finish (OBA_DB_POOL (pool), answer, &error);

  if (ids == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, ids, (GDestroyNotify) g_array_unref);
}

typedef struct
{
  ObaCustomerQuery *query;
  guint             limit;
} ObaCustomersFind;

static void
oba_customers_find_free (gpointer data)
{
  ObaCustomersFind *find = data;

  oba_customer_query_unref (find->query);
  g_free (find);
}

static void
oba_customers_find_ids (GTask *task)
{
  ObaCustomersFind *find = g_task_get_task_data (task);
  g_autofree char *sql = oba_customer_query_get_sql (find->query, find->limit);
  g_autoptr (ObaDbParams) params = oba_customer_query_get_params (find->query);

  if (oba_customer_query_is_nobody (find->query))
    {
      g_task_return_pointer (task, g_array_new (FALSE, FALSE, sizeof (gint64)), (GDestroyNotify) g_array_unref);
      g_object_unref (task);
      return;
    }
  oba_db_pool_read_ids_async (g_task_get_source_object (task), sql, params, g_task_get_cancellable (task),
                              oba_customers_find_cb, task);
}

void
oba_customers_find_async (ObaDbPool           *pool,
                          ObaCustomerQuery    *query,
                          guint                limit,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  GTask *task = oba_customers_task_new (pool, cancellable, callback, user_data, oba_customers_find_async);
  ObaCustomersFind *find = g_new0 (ObaCustomersFind, 1);

  find->query = oba_customer_query_ref (query);
  find->limit = limit;
  g_task_set_task_data (task, find, oba_customers_find_free);
  oba_customers_find_ids (task);
}

GArray *
oba_customers_find_finish (GAsyncResult  *result,
                           GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- the ranked search */

void
oba_customers_found_clear (ObaCustomersFound *self)
{
  g_clear_pointer (&self->ids, g_array_unref);
}

static void
oba_customers_found_free (gpointer data)
{
  oba_customers_found_clear (data);
  g_free (data);
}

static void
oba_customers_search_cb (GObject      *pool,
                         GAsyncResult *answer,
                         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  ObaCustomersFound *found = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (ObaDbResult) result = oba_db_pool_read_finish (OBA_DB_POOL (pool), answer, &error);
  guint n = result != NULL ? oba_db_result_get_n_rows (result) : 0;

  if (result == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  for (guint i = 0; i < n; i++)
    {
      gint64 id = oba_db_result_get_int64 (result, i, 0);

      g_array_append_val (found->ids, id);
    }
  found->count = n;
  found->similar = n > 0 && oba_db_result_get_int64 (result, 0, 1) == SIMILAR;
  found->more = n > 0 && oba_db_result_is_null (result, 0, 2);
  g_task_return_boolean (task, TRUE);
}

void
oba_customers_search_async (ObaDbPool           *pool,
                            ObaCustomerQuery    *query,
                            guint                limit,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  GTask *task = oba_customers_task_new (pool, cancellable, callback, user_data, oba_customers_search_async);
  ObaCustomersFound *found = g_new0 (ObaCustomersFound, 1);
  g_autoptr (ObaDbParams) params = oba_db_params_build ("ti", (const char *) oba_customer_query_get_values (query)->pdata[0], (gint64) limit);

  g_assert (oba_customer_query_is_ranked (query));
  found->ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_task_set_task_data (task, found, oba_customers_found_free);
  oba_db_pool_read_async (pool, oba_db_sql ("customers/search.sql"), params, cancellable, oba_customers_search_cb, task);
}

gboolean
oba_customers_search_finish (GAsyncResult       *result,
                             ObaCustomersFound  *found,
                             GError            **error)
{
  ObaCustomersFound *own = g_task_get_task_data (G_TASK (result));

  *found = (ObaCustomersFound) { 0 };
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  *found = *own;
  own->ids = NULL;
  return TRUE;
}

/* ---- rows */

static void
oba_customers_read_cb (GObject      *pool,
                       GAsyncResult *answer,
                       gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) result = oba_db_pool_read_finish (OBA_DB_POOL (pool), answer, &error);
  GPtrArray *customers;

  if (result == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  customers = g_ptr_array_new_full (oba_db_result_get_n_rows (result), g_object_unref);
  for (guint i = 0; i < oba_db_result_get_n_rows (result); i++)
    g_ptr_array_add (customers, oba_customer_new_from_result (result, i));
  g_task_return_pointer (task, customers, (GDestroyNotify) g_ptr_array_unref);
}

void
oba_customers_read_async (ObaDbPool           *pool,
                          GArray              *ids,
                          gboolean             segments,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  GTask *task = oba_customers_task_new (pool, cancellable, callback, user_data, oba_customers_read_async);
  g_autoptr (ObaDbParams) params = oba_db_params_new ();

  oba_db_params_add_int64_array (params, (const gint64 *) (gpointer) ids->data, ids->len);
  oba_db_params_add_text (params, oba_customers_get_language ());
  oba_db_params_add_bool (params, segments);
  oba_db_pool_read_async (pool, oba_db_sql ("customers/rows.sql"), params, cancellable, oba_customers_read_cb, task);
}

GPtrArray *
oba_customers_read_finish (GAsyncResult  *result,
                           GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
oba_customers_profile_cb (GObject      *pool,
                          GAsyncResult *answer,
                          gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) result = oba_db_pool_read_finish (OBA_DB_POOL (pool), answer, &error);

  if (result == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else if (oba_db_result_get_n_rows (result) == 0)
    g_task_return_new_error (task, OBA_ERROR, OBA_ERROR_NOT_FOUND, "%s", _("There is no such customer any more."));
  else
    g_task_return_pointer (task, oba_customer_profile_new_from_result (result), (GDestroyNotify) oba_customer_profile_free);
}

void
oba_customers_profile_async (ObaDbPool           *pool,
                             gint64               id,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  GTask *task = oba_customers_task_new (pool, cancellable, callback, user_data, oba_customers_profile_async);
  g_autoptr (ObaDbParams) params = oba_db_params_build ("it", id, oba_customers_get_language ());

  oba_db_pool_read_async (pool, oba_db_sql ("customers/profile.sql"), params, cancellable, oba_customers_profile_cb, task);
}

ObaCustomerProfile *
oba_customers_profile_finish (GAsyncResult  *result,
                              GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
oba_customers_receipts_cb (GObject      *pool,
                           GAsyncResult *answer,
                           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) result = oba_db_pool_read_finish (OBA_DB_POOL (pool), answer, &error);
  GPtrArray *receipts;

  if (result == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  receipts = g_ptr_array_new_with_free_func ((GDestroyNotify) oba_customer_receipt_free);
  for (guint i = 0; i < oba_db_result_get_n_rows (result); i++)
    g_ptr_array_add (receipts, oba_customer_receipt_new_from_result (result, i));
  g_task_return_pointer (task, receipts, (GDestroyNotify) g_ptr_array_unref);
}

void
oba_customers_receipts_async (ObaDbPool           *pool,
                              gint64               id,
                              guint                limit,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  GTask *task = oba_customers_task_new (pool, cancellable, callback, user_data, oba_customers_receipts_async);
  g_autoptr (ObaDbParams) params = oba_db_params_build ("ii", id, (gint64) limit);

  oba_db_pool_read_async (pool, oba_db_sql ("customers/receipts.sql"), params, cancellable, oba_customers_receipts_cb, task);
}

GPtrArray *
oba_customers_receipts_finish (GAsyncResult  *result,
                               GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
oba_customers_receipt_cb (GObject      *pool,
                          GAsyncResult *answer,
                          gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) result = oba_db_pool_read_finish (OBA_DB_POOL (pool), answer, &error);

  if (result == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else if (oba_db_result_get_n_rows (result) == 0)
    g_task_return_new_error (task, OBA_ERROR, OBA_ERROR_NOT_FOUND, _("This receipt is not there any more."));
  else
    g_task_return_pointer (task, oba_customer_receipt_new_from_result (result, 0), (GDestroyNotify) oba_customer_receipt_free);
}

void
oba_customers_receipt_async (ObaDbPool           *pool,
                             gint64               id,
                             GDateTime           *at,
                             gint64               receipt_id,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  GTask *task = oba_customers_task_new (pool, cancellable, callback, user_data, oba_customers_receipt_async);
  g_autofree char *moment = g_date_time_format_iso8601 (at);
  g_autoptr (ObaDbParams) params = oba_db_params_build ("iti", id, moment, receipt_id);

  oba_db_pool_read_async (pool, oba_db_sql ("customers/receipt.sql"), params, cancellable, oba_customers_receipt_cb, task);
}

ObaCustomerReceipt *
oba_customers_receipt_finish (GAsyncResult  *result,
                              GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
