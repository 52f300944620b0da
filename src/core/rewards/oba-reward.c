#include "oba-reward.h"

#include <glib/gi18n-lib.h>

#include "base/oba-error.h"
#include "db/oba-db-sql.h"

static void
ask (ObaDbPool *pool, const char *query, ObaDbParams *params, GCancellable *cancellable, GAsyncReadyCallback answered, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (pool, cancellable, callback, user_data);

  oba_db_pool_read_async (pool, oba_db_sql (query), params, cancellable, answered, task);
}

/* NULL: the task was told why. */
static ObaDbResult *
answer (GTask *task, GObject *pool, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  ObaDbResult *rows = oba_db_pool_read_finish (OBA_DB_POOL (pool), result, &error);

  if (rows == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  return rows;
}

static GBytes *
bytes_from_base64 (const char *text)
{
  gsize length = 0;
  guchar *data = *text != '\0' ? g_base64_decode (text, &length) : NULL;

  return data != NULL ? g_bytes_new_take (data, length) : NULL;
}

/* ---- the list, and one of it */

static ObaReward *
reward_from_result (ObaDbResult *rows, guint row)
{
  g_autoptr (JsonNode) node = json_from_string (oba_db_result_get_text (rows, row, 0), NULL);
  ObaReward *self = oba_reward_from_json (json_node_get_object (node));

  self->thumbnail = bytes_from_base64 (oba_db_result_get_text (rows, row, 1));
  return self;
}

static void
list_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (ObaDbResult) rows = answer (task, pool, result);
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) oba_reward_free);

  if (rows == NULL)
    return;
  for (guint i = 0; i < oba_db_result_get_n_rows (rows); i++)
    g_ptr_array_add (list, reward_from_result (rows, i));
  g_task_return_pointer (task, g_steal_pointer (&list), (GDestroyNotify) g_ptr_array_unref);
}

void
oba_rewards_list_async (ObaDbPool *pool, const char *search, const char *kind, const char *state, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (ObaDbParams) params = oba_db_params_new ();

  oba_db_params_add_null (params);
  oba_db_params_add_text (params, search);
  oba_db_params_add_text (params, kind);
  oba_db_params_add_text (params, state);
  ask (pool, "rewards/list.sql", params, cancellable, list_cb, callback, user_data);
}

GPtrArray *
oba_rewards_list_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
read_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (ObaDbResult) rows = answer (task, pool, result);

  if (rows == NULL)
    return;
  if (oba_db_result_get_n_rows (rows) == 0)
    g_task_return_new_error (task, OBA_ERROR, OBA_ERROR_NOT_FOUND, "%s", _("There is no such reward."));
  else
    g_task_return_pointer (task, reward_from_result (rows, 0), (GDestroyNotify) oba_reward_free);
}

void
oba_reward_read_async (ObaDbPool *pool, gint64 id, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("ittt", id, "", "", "");

  ask (pool, "rewards/list.sql", params, cancellable, read_cb, callback, user_data);
}

ObaReward *
oba_reward_read_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- its picture, and what is open */

static void
picture_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (ObaDbResult) rows = answer (task, pool, result);

  if (rows != NULL)
    g_task_return_pointer (task, oba_db_result_get_n_rows (rows) > 0 ? bytes_from_base64 (oba_db_result_get_text (rows, 0, 0)) : NULL, (GDestroyNotify) g_bytes_unref);
}

void
oba_reward_picture_async (ObaDbPool *pool, gint64 id, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("i", id);

  ask (pool, "rewards/picture.sql", params, cancellable, picture_cb, callback, user_data);
}

GBytes *
oba_reward_picture_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
open_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (ObaDbResult) rows = answer (task, pool, result);
  GArray *ids = rows != NULL ? g_array_new (FALSE, FALSE, sizeof (gint64)) : NULL;

  if (rows == NULL)
    return;
  for (guint i = 0; i < oba_db_result_get_n_rows (rows); i++)
    for (guint k = 0; k < 2; k++)
      {
        gint64 id = oba_db_result_get_int64 (rows, i, k);

        g_array_append_val (ids, id);
      }
  g_task_return_pointer (task, ids, (GDestroyNotify) g_array_unref);
}

void
oba_reward_open_async (ObaDbPool *pool, gint64 id, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("i", id);

  ask (pool, "rewards/open.sql", params, cancellable, open_cb, callback, user_data);
}

GArray *
oba_reward_open_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- for a customer */

void
oba_reward_offer_free (ObaRewardOffer *self)
{
  g_free (self->code);
  g_free (self->kind);
  g_free (self->name);
  g_free (self->description);
  g_free (self->block);
  g_free (self->tier);
  g_free (self);
}

static ObaRewardOffer *
offer_from_result (ObaDbResult *rows, guint row)
{
  ObaRewardOffer *self = g_new0 (ObaRewardOffer, 1);
  g_autoptr (GDate) valid_to = oba_db_result_get_date (rows, row, 13);

  self->id = oba_db_result_get_int64 (rows, row, 0);
  self->code = g_strdup (oba_db_result_get_text (rows, row, 1));
  self->kind = g_strdup (oba_db_result_get_text (rows, row, 2));
  self->name = g_strdup (oba_db_result_get_text (rows, row, 3));
  self->description = g_strdup (oba_db_result_get_text (rows, row, 4));
  self->language = oba_language_parse (oba_db_result_get_text (rows, row, 5));
  self->cost = oba_db_result_get_int64 (rows, row, 6);
  self->value = oba_db_result_get_int64 (rows, row, 7);
  self->has_picture = oba_db_result_get_bool (rows, row, 8);
  self->stock = oba_db_result_get_int64 (rows, row, 9);
  self->needs_approval = oba_db_result_get_bool (rows, row, 10);
  self->block = g_strdup (oba_db_result_get_text (rows, row, 11));
  self->missing = oba_db_result_get_int64 (rows, row, 12);
  self->valid_to = valid_to != NULL ? g_date_get_julian (valid_to) : 0;
  self->tier = g_strdup (oba_db_result_get_text (rows, row, 14));
  return self;
}

static void
offers_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (ObaDbResult) rows = answer (task, pool, result);
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) oba_reward_offer_free);

  if (rows == NULL)
    return;
  for (guint i = 0; i < oba_db_result_get_n_rows (rows); i++)
    g_ptr_array_add (list, offer_from_result (rows, i));
  g_task_return_pointer (task, g_steal_pointer (&list), (GDestroyNotify) g_ptr_array_unref);
}

void
oba_reward_offers_async (ObaDbPool *pool, gint64 customer, ObaLanguage language, gint64 store, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("it", customer, oba_language_get_code (language));

  if (store != 0)
    oba_db_params_add_int64 (params, store);
  else
    oba_db_params_add_null (params);
  ask (pool, "rewards/offers.sql", params, cancellable, offers_cb, callback, user_data);
}

GPtrArray *
oba_reward_offers_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
