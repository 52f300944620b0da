#include "oba-config.h"
#include "oba-command-import-batches.h"

#include <glib/gi18n-lib.h>

#include "base/oba-money.h"
#include "import/oba-import-batch.h"
#include "oba-progress.h"

#define MAX_BATCHES 1000

/* What the core does in a main loop, waited for. */

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
}

static ObaDbPool *
open_pool (ObaCommandContext *context, GError **error)
{
  /* It says better than a pool would what is wrong with the database. */
  g_autoptr (ObaDbConnection) connection = oba_command_context_connect (context, OBA_COMMAND_CURRENT_SCHEMA, error);
  g_autofree char *conninfo = connection != NULL ? oba_command_context_get_conninfo (context, error) : NULL;

  return conninfo != NULL ? oba_db_pool_new (conninfo, 2, OBA_DB_CONNECTION_DEFAULT) : NULL;
}

/* The list */

static void
add_moment (ObaTable *table, gint64 seconds)
{
  g_autoptr (GDateTime) at = seconds != 0 ? g_date_time_new_from_unix_local (seconds) : NULL;

  oba_table_add_time (table, at);
}

static void
add_batch (ObaTable *table, const ObaImportBatch *batch)
{
  oba_table_add_integer (table, batch->id);
  oba_table_add_text (table, batch->kind);
  oba_table_add_text (table, batch->file_name);
  add_moment (table, batch->started_at);
  oba_table_add_text (table, batch->by_login);
  oba_table_add_integer (table, batch->inserted);
  oba_table_add_integer (table, batch->known);
  oba_table_add_integer (table, batch->rejected);
  oba_table_add_integer (table, batch->money);
  oba_table_add_text (table, batch->state);
  add_moment (table, batch->reversed_at);
  oba_table_add_text (table, batch->reversed_by);
}

static int
print_batches (ObaCommandContext *context, GPtrArray *batches)
{
  g_autoptr (ObaTable) table = oba_table_new ();

  oba_table_add_column (table, "batch", _("Import"), OBA_COLUMN_ID);
  oba_table_add_column (table, "kind", _("Of"), OBA_COLUMN_TEXT);
  oba_table_add_column (table, "file", _("File"), OBA_COLUMN_TEXT);
  oba_table_add_column (table, "at", _("Time"), OBA_COLUMN_TIME);
  oba_table_add_column (table, "by", _("By"), OBA_COLUMN_TEXT);
  oba_table_add_column (table, "new", _("New"), OBA_COLUMN_INTEGER);
  oba_table_add_column (table, "known", _("Known"), OBA_COLUMN_INTEGER);
  oba_table_add_column (table, "rejected", _("Rejected"), OBA_COLUMN_INTEGER);
  oba_table_add_column (table, "money", _("Money"), OBA_COLUMN_MONEY);
  oba_table_add_column (table, "state", _("State"), OBA_COLUMN_TEXT);
  oba_table_add_column (table, "reversed", _("Reversed"), OBA_COLUMN_TIME);
  oba_table_add_column (table, "reversed_by", _("Reversed by"), OBA_COLUMN_TEXT);
  for (guint i = 0; i < batches->len; i++)
    add_batch (table, batches->pdata[i]);
  return oba_command_context_print (context, table);
}

int
oba_command_import_list (ObaCommandContext *context)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbPool) pool = open_pool (context, &error);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) batches = NULL;

  if (pool == NULL)
    return oba_command_context_fail (context, error);
  oba_import_batches_read_async (pool, MAX_BATCHES, oba_command_context_get_cancellable (context), answered_cb, &result);
  wait_for (&result);
  batches = oba_import_batches_read_finish (pool, result, &error);
  oba_db_pool_close (pool);
  return batches != NULL ? print_batches (context, batches) : oba_command_context_fail (context, error);
}

/* Reversing */

static void
add_figure (ObaTable *table, const char *key, const char *title, gboolean human, gint64 value, gboolean money)
{
  g_autofree char *text = money ? (human ? oba_money_format (value) : oba_money_format_plain (value))
                                : human ? oba_number_format (value) : g_strdup_printf ("%" G_GINT64_FORMAT, value);

  oba_table_add_text (table, human ? title : key);
  oba_table_add_text (table, text);
}

static int
print_figures (ObaCommandContext *context, const ObaReversal *figures, gboolean dry_run)
{
  g_autoptr (ObaTable) table = oba_table_new ();
  gboolean human = oba_command_context_get_format (context) == OBA_TABLE_HUMAN;

  oba_table_add_column (table, "measure", dry_run ? _("What would happen") : _("What happened"), OBA_COLUMN_TEXT);
  oba_table_add_column (table, "value", "", OBA_COLUMN_TEXT);
  add_figure (table, "receipts", _("Receipts reversed"), human, figures->receipts, FALSE);
  add_figure (table, "money", _("Their money"), human, figures->money, TRUE);
  add_figure (table, "points", _("Points taken back"), human, figures->points, FALSE);
  add_figure (table, "customers", _("Customers erased"), human, figures->customers, FALSE);
  add_figure (table, "kept", _("Customers who stay"), human, figures->kept, FALSE);
  add_figure (table, "products", _("Products withdrawn"), human, figures->products, FALSE);
  add_figure (table, "stores", _("Stores closed"), human, figures->stores, FALSE);
  return oba_command_context_print (context, table);
}

static void
step_cb (const ObaReversal *so_far, gpointer user_data)
{
  oba_progress_set (user_data, so_far->receipts + so_far->customers + so_far->kept);
}

static gboolean
preview (ObaCommandContext *context, ObaDbPool *pool, gint64 batch, ObaReversal *figures, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  oba_reversal_preview_async (pool, batch, oba_command_context_get_cancellable (context), answered_cb, &result);
  wait_for (&result);
  return oba_reversal_preview_finish (pool, result, figures, error);
}

static gboolean
reverse (ObaCommandContext *context, ObaDbPool *pool, gint64 batch, ObaReversal *figures, GError **error)
{
  g_autoptr (ObaProgress) progress = oba_progress_new (_("Reversing"), figures->receipts + figures->customers + figures->kept);
  g_autoptr (GAsyncResult) result = NULL;

  oba_reversal_run_async (pool, batch, step_cb, progress, oba_command_context_get_cancellable (context), answered_cb, &result);
  wait_for (&result);
  if (!oba_reversal_run_finish (pool, result, figures, error))
    return FALSE;
  oba_progress_finish (progress);
  return TRUE;
}

int
oba_command_import_reverse (ObaCommandContext *context, gint64 batch, gboolean dry_run)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbPool) pool = open_pool (context, &error);
  ObaReversal figures = { 0 };
  gboolean begun = FALSE;
  int status;

  if (pool != NULL && preview (context, pool, batch, &figures, &error) && !dry_run)
    {
      begun = TRUE;
      reverse (context, pool, batch, &figures, &error);
    }
  status = error != NULL ? oba_command_context_fail (context, error) : print_figures (context, &figures, dry_run);
  if (error != NULL && begun)
    g_printerr ("%s\n", _("What was reversed so far stays so; the next time it goes on from there."));
  if (pool != NULL)
    oba_db_pool_close (pool);
  return status;
}
