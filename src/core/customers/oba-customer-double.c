#include "oba-customer-double.h"

#include <glib/gi18n-lib.h>

#include "base/oba-error.h"
#include "db/oba-db-sql.h"
#include "oba-customers.h"

static GTask *
task_new (ObaDbPool           *pool,
          GCancellable        *cancellable,
          GAsyncReadyCallback  callback,
          gpointer             user_data,
          gpointer             tag)
{
  GTask *task = g_task_new (pool, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  return task;
}

/* ---- likely doubles */

void
oba_customer_double_free (ObaCustomerDouble *self)
{
  g_free (self->name);
  g_free (self->phone);
  g_free (self->city);
  g_clear_pointer (&self->birth_date, g_date_free);
  g_clear_pointer (&self->registered_at, g_date_time_unref);
  g_free (self);
}

static ObaCustomerDoubleReason
parse_reason (const char *reason)
{
  if (g_str_equal (reason, "phone"))
    return OBA_CUSTOMER_DOUBLE_PHONE;
  return g_str_equal (reason, "name_birth") ? OBA_CUSTOMER_DOUBLE_NAME_BIRTH : OBA_CUSTOMER_DOUBLE_NAME_CITY;
}

static ObaCustomerDouble *
double_from_result (ObaDbResult *result,
                    guint        row)
{
  ObaCustomerDouble *self = g_new0 (ObaCustomerDouble, 1);

  self->id = oba_db_result_get_int64 (result, row, 0);
  self->reason = parse_reason (oba_db_result_get_text (result, row, 1));
  self->name = g_strdup (oba_db_result_get_text (result, row, 2));
  self->phone = g_strdup (oba_db_result_get_text (result, row, 3));
  self->birth_date = oba_db_result_get_date (result, row, 4);
  self->city = g_strdup (oba_db_result_get_text (result, row, 5));
  self->is_blocked = oba_db_result_get_bool (result, row, 6);
  self->registered_at = oba_db_result_get_time (result, row, 7);
  return self;
}

static void
doubles_cb (GObject      *pool,
            GAsyncResult *answer,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) result = oba_db_pool_read_finish (OBA_DB_POOL (pool), answer, &error);
  g_autoptr (GPtrArray) doubles = g_ptr_array_new_with_free_func ((GDestroyNotify) oba_customer_double_free);

  if (result == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  for (guint i = 0; i < oba_db_result_get_n_rows (result); i++)
    g_ptr_array_add (doubles, double_from_result (result, i));
  g_task_return_pointer (task, g_steal_pointer (&doubles), (GDestroyNotify) g_ptr_array_unref);
}

void
oba_customer_doubles_read_async (ObaDbPool           *pool,
                                 JsonNode            *person,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_autofree char *text = json_to_string (person, FALSE);
  g_autoptr (ObaDbParams) params = oba_db_params_build ("t", text);

  oba_db_pool_read_async (pool, oba_db_sql ("customers/doubles.sql"), params, cancellable, doubles_cb,
                          task_new (pool, cancellable, callback, user_data, oba_customer_doubles_read_async));
}

GPtrArray *
oba_customer_doubles_read_finish (GAsyncResult  *result,
                                  GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- cards */

void
oba_card_found_free (ObaCardFound *self)
{
  g_free (self->number);
  g_free (self->state);
  g_free (self->customer_name);
  g_free (self);
}

static void
card_cb (GObject      *pool,
         GAsyncResult *answer,
         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) result = oba_db_pool_read_finish (OBA_DB_POOL (pool), answer, &error);
  ObaCardFound *found;

  if (result == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  if (oba_db_result_get_n_rows (result) == 0)
    {
      g_task_return_new_error (task, OBA_ERROR, OBA_ERROR_NOT_FOUND, _("This card is not one of ours. Check the number under the code, or take another card."));
      return;
    }
  found = g_new0 (ObaCardFound, 1);
  found->number = g_strdup (oba_db_result_get_text (result, 0, 0));
  found->state = g_strdup (oba_db_result_get_text (result, 0, 1));
  found->customer_id = oba_db_result_get_int64 (result, 0, 2);
  found->customer_name = g_strdup (oba_db_result_get_text (result, 0, 3));
  g_task_return_pointer (task, found, (GDestroyNotify) oba_card_found_free);
}

void
oba_card_look_up_async (ObaDbPool           *pool,
                        const char          *code,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("t", code);

  oba_db_pool_read_async (pool, oba_db_sql ("customers/card.sql"), params, cancellable, card_cb,
                          task_new (pool, cancellable, callback, user_data, oba_card_look_up_async));
}

ObaCardFound *
oba_card_look_up_finish (GAsyncResult  *result,
                         GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- what a form offers */

void
oba_choices_free (ObaChoices *self)
{
  g_ptr_array_unref (self->cities);
  g_array_unref (self->category_ids);
  g_ptr_array_unref (self->categories);
  g_free (self);
}

static void
categories_cb (GObject      *pool,
               GAsyncResult *answer,
               gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) result = oba_db_pool_read_finish (OBA_DB_POOL (pool), answer, &error);
  ObaChoices *self = g_task_get_task_data (task);
  ObaChoices *copy;

  if (result == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  for (guint i = 0; i < oba_db_result_get_n_rows (result); i++)
    {
      gint64 id = oba_db_result_get_int64 (result, i, 0);

      g_array_append_val (self->category_ids, id);
      g_ptr_array_add (self->categories, g_strdup (oba_db_result_get_text (result, i, 1)));
    }
  /* The task keeps its own reference to each list. */
  copy = g_new0 (ObaChoices, 1);
  copy->cities = g_ptr_array_ref (self->cities);
  copy->category_ids = g_array_ref (self->category_ids);
  copy->categories = g_ptr_array_ref (self->categories);
  g_task_return_pointer (task, copy, (GDestroyNotify) oba_choices_free);
}

static void
cities_cb (GObject      *pool,
           GAsyncResult *answer,
           gpointer      user_data)
{
  GTask *task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) result = oba_db_pool_read_finish (OBA_DB_POOL (pool), answer, &error);
  ObaChoices *self = g_task_get_task_data (task);
  g_autoptr (ObaDbParams) params = NULL;

  if (result == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      g_object_unref (task);
      return;
    }
  for (guint i = 0; i < oba_db_result_get_n_rows (result); i++)
    g_ptr_array_add (self->cities, g_strdup (oba_db_result_get_text (result, i, 0)));
  params = oba_db_params_build ("t", oba_customers_get_language ());
  oba_db_pool_read_async (OBA_DB_POOL (pool), oba_db_sql ("customers/categories.sql"), params, g_task_get_cancellable (task), categories_cb, task);
}

void
oba_choices_read_async (ObaDbPool           *pool,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  GTask *task = task_new (pool, cancellable, callback, user_data, oba_choices_read_async);
  ObaChoices *self = g_new0 (ObaChoices, 1);

  self->cities = g_ptr_array_new_with_free_func (g_free);
  self->category_ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->categories = g_ptr_array_new_with_free_func (g_free);
  g_task_set_task_data (task, self, (GDestroyNotify) oba_choices_free);
  oba_db_pool_read_async (pool, oba_db_sql ("customers/cities.sql"), NULL, cancellable, cities_cb, task);
}

ObaChoices *
oba_choices_read_finish (GAsyncResult  *result,
                         GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
