#include "oba-customer-draft.h"

#include <glib/gi18n-lib.h>

#include "base/oba-error.h"
#include "db/oba-db-sql.h"

/* As the requests of the database, and the columns of draft.sql, call them. */
static const char *const keys[OBA_CUSTOMER_N_FIELDS] = {
  "family_name", "given_name", "patronymic", "phone", "email", "birth_date", "language", "city", "preferred_store_id", "categories", "notes",
};

ObaCustomerDraft *
oba_customer_draft_new (void)
{
  ObaCustomerDraft *self = g_new0 (ObaCustomerDraft, 1);

  for (guint i = 0; i < OBA_CUSTOMER_N_FIELDS; i++)
    self->values[i] = g_strdup (i == OBA_CUSTOMER_LANGUAGE ? "az" : "");
  self->store_name = g_strdup ("");
  return self;
}

ObaCustomerDraft *
oba_customer_draft_copy (const ObaCustomerDraft *self)
{
  ObaCustomerDraft *copy = g_memdup2 (self, sizeof *self);

  for (guint i = 0; i < OBA_CUSTOMER_N_FIELDS; i++)
    copy->values[i] = g_strdup (self->values[i]);
  copy->store_name = g_strdup (self->store_name);
  return copy;
}

void
oba_customer_draft_free (ObaCustomerDraft *self)
{
  for (guint i = 0; i < OBA_CUSTOMER_N_FIELDS; i++)
    g_free (self->values[i]);
  g_free (self->store_name);
  g_free (self);
}

void
oba_customer_draft_set (ObaCustomerDraft *self,
                        ObaCustomerField  field,
                        const char       *value)
{
  char *copy = g_strdup (value);

  g_free (self->values[field]);
  self->values[field] = copy;
}

void
oba_customer_draft_set_store_name (ObaCustomerDraft *self,
                                   const char       *name)
{
  char *copy = g_strdup (name);

  g_free (self->store_name);
  self->store_name = copy;
}

gboolean
oba_customer_draft_equal (const ObaCustomerDraft *self,
                          const ObaCustomerDraft *other)
{
  for (guint i = 0; i < OBA_CUSTOMER_N_FIELDS; i++)
    if (!g_str_equal (self->values[i], other->values[i]))
      return FALSE;
  return TRUE;
}

static JsonNode *
value_node (ObaCustomerField  field,
            const char       *value)
{
  JsonNode *node = json_node_new (JSON_NODE_NULL);

  if (field == OBA_CUSTOMER_CATEGORIES)
    {
      g_auto (GStrv) ids = g_strsplit (value, ",", -1);
      JsonArray *array = json_array_new ();

      for (guint i = 0; ids[i] != NULL; i++)
        json_array_add_int_element (array, g_ascii_strtoll (ids[i], NULL, 10));
      json_node_init_array (node, array);
      json_array_unref (array);
    }
  else if (field == OBA_CUSTOMER_PREFERRED_STORE && *value != '\0')
    json_node_init_int (node, g_ascii_strtoll (value, NULL, 10));
  else if (*value != '\0')
    json_node_init_string (node, value);
  return node;
}

JsonObject *
oba_customer_draft_get_changes (const ObaCustomerDraft *self,
                                const ObaCustomerDraft *base)
{
  JsonObject *changes = json_object_new ();

  for (guint i = 0; i < OBA_CUSTOMER_N_FIELDS; i++)
    if (!g_str_equal (self->values[i], base->values[i]))
      json_object_set_member (changes, keys[i], value_node (i, self->values[i]));
  return changes;
}

guint
oba_customer_draft_collisions (const ObaCustomerDraft *self,
                               const ObaCustomerDraft *base,
                               const ObaCustomerDraft *theirs)
{
  guint fields = 0;

  for (guint i = 0; i < OBA_CUSTOMER_N_FIELDS; i++)
    if (!g_str_equal (self->values[i], base->values[i]) && !g_str_equal (theirs->values[i], base->values[i])
        && !g_str_equal (self->values[i], theirs->values[i]))
      fields |= 1u << i;
  return fields;
}

ObaCustomerDraft *
oba_customer_draft_rebase (const ObaCustomerDraft *self,
                           const ObaCustomerDraft *base,
                           const ObaCustomerDraft *theirs,
                           guint                   mine)
{
  ObaCustomerDraft *rebased = oba_customer_draft_copy (theirs);
  guint collisions = oba_customer_draft_collisions (self, base, theirs);

  for (guint i = 0; i < OBA_CUSTOMER_N_FIELDS; i++)
    {
      gboolean changed = !g_str_equal (self->values[i], base->values[i]);

      if (changed && ((collisions & 1u << i) == 0 || (mine & 1u << i) != 0))
        {
          oba_customer_draft_set (rebased, i, self->values[i]);
          if (i == OBA_CUSTOMER_PREFERRED_STORE)
            oba_customer_draft_set_store_name (rebased, self->store_name);
        }
    }
  return rebased;
}

/* ---- reading */

static ObaCustomerDraft *
draft_from_result (ObaDbResult *result,
                   gint64       id)
{
  ObaCustomerDraft *self = g_new0 (ObaCustomerDraft, 1);

  self->id = id;
  self->version = oba_db_row_int64 (result, 0, "version");
  self->status = oba_customer_status_parse (oba_db_row_text (result, 0, "status"));
  for (guint i = 0; i < OBA_CUSTOMER_N_FIELDS; i++)
    self->values[i] = g_strdup (oba_db_row_text (result, 0, keys[i]));
  self->store_name = g_strdup (oba_db_row_text (result, 0, "store_name"));
  return self;
}

static void
read_cb (GObject      *pool,
         GAsyncResult *answer,
         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) result = oba_db_pool_read_finish (OBA_DB_POOL (pool), answer, &error);
  gint64 *id = g_task_get_task_data (task);

  if (result == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else if (oba_db_result_get_n_rows (result) == 0)
    g_task_return_new_error (task, OBA_ERROR, OBA_ERROR_NOT_FOUND, _("There is no such customer any more."));
  else
    g_task_return_pointer (task, draft_from_result (result, *id), (GDestroyNotify) oba_customer_draft_free);
}

void
oba_customer_draft_read_async (ObaDbPool           *pool,
                               gint64               id,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  GTask *task = g_task_new (pool, cancellable, callback, user_data);
  g_autoptr (ObaDbParams) params = oba_db_params_build ("i", id);

  g_task_set_source_tag (task, oba_customer_draft_read_async);
  g_task_set_task_data (task, g_memdup2 (&id, sizeof id), g_free);
  oba_db_pool_read_async (pool, oba_db_sql ("customers/draft.sql"), params, cancellable, read_cb, task);
}

ObaCustomerDraft *
oba_customer_draft_read_finish (GAsyncResult  *result,
                                GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
