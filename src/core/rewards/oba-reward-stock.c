#include "oba-reward-stock.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "base/oba-error.h"
#include "db/oba-db-sql.h"

#define MOST_PIECES 10000000
#define MOST_TEXT (1024 * 1024)

void
oba_reward_place_free (ObaRewardPlace *self)
{
  g_free (self->code);
  g_free (self->name);
  g_free (self->city);
  g_free (self);
}

static void
places_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbResult) rows = oba_db_pool_read_finish (OBA_DB_POOL (pool), result, &error);
  g_autoptr (GPtrArray) places = g_ptr_array_new_with_free_func ((GDestroyNotify) oba_reward_place_free);

  if (rows == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  for (guint i = 0; i < oba_db_result_get_n_rows (rows); i++)
    {
      ObaRewardPlace *place = g_new0 (ObaRewardPlace, 1);

      place->store_id = oba_db_result_get_int64 (rows, i, 0);
      place->code = g_strdup (oba_db_result_get_text (rows, i, 1));
      place->name = g_strdup (oba_db_result_get_text (rows, i, 2));
      place->city = g_strdup (oba_db_result_get_text (rows, i, 3));
      place->stock = oba_db_result_get_int64 (rows, i, 4);
      place->reserved = oba_db_result_get_int64 (rows, i, 5);
      g_ptr_array_add (places, place);
    }
  g_task_return_pointer (task, g_steal_pointer (&places), (GDestroyNotify) g_ptr_array_unref);
}

void
oba_reward_places_async (ObaDbPool *pool, gint64 reward, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (pool, cancellable, callback, user_data);
  g_autoptr (ObaDbParams) params = oba_db_params_build ("i", reward);

  oba_db_pool_read_async (pool, oba_db_sql ("rewards/stock.sql"), params, cancellable, places_cb, task);
}

GPtrArray *
oba_reward_places_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- pasted numbers */

static GHashTable *
index_codes (GPtrArray *places)
{
  GHashTable *codes = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < places->len; i++)
    g_hash_table_insert (codes, ((ObaRewardPlace *) places->pdata[i])->code, GUINT_TO_POINTER (i + 1));
  return codes;
}

/* The code and the number of a line, without quotes and spaces around. */
static void
split_line (const char *line, char **code, char **number)
{
  g_auto (GStrv) cells = g_regex_split_simple ("\\s*[;,\\t]\\s*|\\s+(?=\\S+\\s*$)", line, 0, 0);
  guint n = g_strv_length (cells);

  *code = g_strdup (n > 0 ? cells[0] : "");
  *number = g_strdup (n > 1 ? cells[1] : "");
  for (guint i = 0; i < 2; i++)
    {
      char *text = i == 0 ? *code : *number;
      gsize length;

      g_strstrip (text);
      length = strlen (text);
      if (length >= 2 && text[0] == '"' && text[length - 1] == '"')
        {
          text[length - 1] = '\0';
          memmove (text, text + 1, length - 1);
        }
    }
}

static gboolean
read_line (const char *line, guint no, GHashTable *codes, GArray *numbers, GError **error)
{
  g_autofree char *code = NULL, *number = NULL, *place_no = g_strdup_printf ("%u", no);
  gint64 pieces = 0;
  guint place;
  gboolean is_number;

  split_line (line, &code, &number);
  if (*code == '\0' && *number == '\0')
    return TRUE;
  place = GPOINTER_TO_UINT (g_hash_table_lookup (codes, code));
  is_number = g_ascii_string_to_signed (number, 10, 0, MOST_PIECES, &pieces, NULL);
  if (no == 1 && place == 0 && !is_number)
    return TRUE;
  if (place == 0)
    g_set_error (error, OBA_ERROR, OBA_ERROR_INVALID_INPUT, _("Line %s: there is no open store “%.60s”."), place_no, code);
  else if (!is_number)
    g_set_error (error, OBA_ERROR, OBA_ERROR_INVALID_INPUT, _("Line %s: “%.60s” is not a number of pieces up to 10 000 000."), place_no, number);
  else if (g_array_index (numbers, gint64, place - 1) >= 0)
    g_set_error (error, OBA_ERROR, OBA_ERROR_INVALID_INPUT, _("Line %s: store “%.60s” is named twice."), place_no, code);
  else
    {
      g_array_index (numbers, gint64, place - 1) = pieces;
      return TRUE;
    }
  return FALSE;
}

GArray *
oba_reward_stock_parse (const char *text, GPtrArray *places, GError **error)
{
  g_autoptr (GHashTable) codes = index_codes (places);
  g_autoptr (GArray) numbers = g_array_sized_new (FALSE, FALSE, sizeof (gint64), places->len);
  g_auto (GStrv) lines = NULL;
  const gint64 none = -1;
  gboolean any = FALSE;

  if (text == NULL || strlen (text) > MOST_TEXT || !g_utf8_validate (text, -1, NULL))
    {
      g_set_error_literal (error, OBA_ERROR, OBA_ERROR_INVALID_INPUT, _("This is no text, or more than 1 MiB of it."));
      return NULL;
    }
  for (guint i = 0; i < places->len; i++)
    g_array_append_val (numbers, none);
  lines = g_regex_split_simple ("\\r\\n|\\r|\\n", text, 0, 0);
  for (guint i = 0; lines[i] != NULL; i++)
    if (!read_line (lines[i], i + 1, codes, numbers, error))
      return NULL;
  for (guint i = 0; i < numbers->len; i++)
    any = any || g_array_index (numbers, gint64, i) >= 0;
  if (!any)
    {
      g_set_error_literal (error, OBA_ERROR, OBA_ERROR_INVALID_INPUT, _("There is no line with a store's code and a number."));
      return NULL;
    }
  return g_steal_pointer (&numbers);
}
