#include "oba-customer-choices.h"

#include "db/oba-db-sql.h"
#include "oba-customers.h"

struct _ObaCustomerChoices
{
  gatomicrefcount  refs;
  GPtrArray       *lists[OBA_CUSTOMER_FILTER_N_FIELDS];   /* (nullable) of ObaCustomerChoice */
};

static const ObaCustomerFilterField offered[] = {
  OBA_CUSTOMER_FILTER_TIERS,
  OBA_CUSTOMER_FILTER_STORES,
  OBA_CUSTOMER_FILTER_CITIES,
  OBA_CUSTOMER_FILTER_SEGMENTS,
};

static void
oba_customer_choice_free (gpointer data)
{
  ObaCustomerChoice *choice = data;

  g_free (choice->name);
  g_free (choice);
}

static void
oba_customer_choices_add (ObaCustomerChoices *self,
                          const char         *kind,
                          gint64              id,
                          const char         *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (offered); i++)
    if (g_str_equal (oba_customer_filter_field_get_name (offered[i]), kind))
      {
        ObaCustomerChoice *choice = g_new0 (ObaCustomerChoice, 1);

        choice->id = id;
        choice->name = g_strdup (name);
        g_ptr_array_add (self->lists[offered[i]], choice);
      }
}

static ObaCustomerChoices *
oba_customer_choices_new (ObaDbResult *result)
{
  ObaCustomerChoices *self = g_new0 (ObaCustomerChoices, 1);

  g_atomic_ref_count_init (&self->refs);
  for (guint i = 0; i < G_N_ELEMENTS (offered); i++)
    self->lists[offered[i]] = g_ptr_array_new_with_free_func (oba_customer_choice_free);
  for (guint i = 0; i < oba_db_result_get_n_rows (result); i++)
    oba_customer_choices_add (self, oba_db_result_get_text (result, i, 0), oba_db_result_get_int64 (result, i, 1), oba_db_result_get_text (result, i, 2));
  return self;
}

static void
oba_customer_choices_read_cb (GObject      *pool,
                              GAsyncResult *answer,
                              gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (ObaDbResult) result = oba_db_pool_read_finish (OBA_DB_POOL (pool), answer, &error);

  if (result == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, oba_customer_choices_new (result), (GDestroyNotify) oba_customer_choices_unref);
}

void
oba_customer_choices_read_async (ObaDbPool           *pool,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  GTask *task = g_task_new (pool, cancellable, callback, user_data);
  g_autoptr (ObaDbParams) params = oba_db_params_build ("t", oba_customers_get_language ());

  g_task_set_source_tag (task, oba_customer_choices_read_async);
  oba_db_pool_read_async (pool, oba_db_sql ("customers/choices.sql"), params, cancellable, oba_customer_choices_read_cb, task);
}

ObaCustomerChoices *
oba_customer_choices_read_finish (GAsyncResult  *result,
                                  GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

ObaCustomerChoices *
oba_customer_choices_ref (ObaCustomerChoices *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
oba_customer_choices_unref (ObaCustomerChoices *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (offered); i++)
    g_ptr_array_unref (self->lists[offered[i]]);
  g_free (self);
}

GPtrArray *
oba_customer_choices_list (ObaCustomerChoices     *self,
                           ObaCustomerFilterField  field)
{
  return self->lists[field];
}

const char *
oba_customer_choices_get_name (ObaCustomerChoices     *self,
                               ObaCustomerFilterField  field,
                               gint64                  id)
{
  GPtrArray *list = self->lists[field];

  for (guint i = 0; list != NULL && i < list->len; i++)
    {
      ObaCustomerChoice *choice = list->pdata[i];

      if (choice->id == id)
        return choice->name;
    }
  return NULL;
}
