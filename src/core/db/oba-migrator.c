#include "oba-config.h"
#include "oba-migrator.h"

#include <stdlib.h>
#include <string.h>
#include <glib/gi18n-lib.h>

#include "oba-db-sql.h"

#define MIGRATIONS "/az/oba/migrations"

/* A file that this program carries. */
typedef struct
{
  char *name;
  char *sha256;
  GBytes *text;
} Migration;

/* What the caller of apply wants to hear. */
typedef struct
{
  ObaDbConnection *connection;
  ObaMigratorProgress progress;
  ObaMigratorProgress waiting;
  gpointer user_data;
  GCancellable *cancellable;
} Run;

void
oba_migration_free (ObaMigration *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_clear_pointer (&self->applied_at, g_date_time_unref);
  g_free (self->applied_by);
  g_free (self);
}

static void
migration_free (gpointer data)
{
  Migration *migration = data;

  g_free (migration->name);
  g_free (migration->sha256);
  g_bytes_unref (migration->text);
  g_free (migration);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* In lexical order of the bytes, as the database's "C" collation has it. */
static GPtrArray *
load_migrations (void)
{
  GPtrArray *migrations = g_ptr_array_new_with_free_func (migration_free);
  g_auto (GStrv) names = g_resources_enumerate_children (MIGRATIONS, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  guint n = names != NULL ? g_strv_length (names) : 0;

  if (n > 0)
    qsort (names, n, sizeof *names, compare_names);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *path = g_strconcat (MIGRATIONS "/", names[i], NULL);
      Migration *migration = g_new0 (Migration, 1);

      migration->name = g_strdup (names[i]);
      migration->text = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
      migration->sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, migration->text);
      g_ptr_array_add (migrations, migration);
    }
  return migrations;
}

/*
 * Holds @history against what this program carries; both are in order.
 * Returns: how many are applied, always the first ones; -1 with @error when this is not the history of our files
 */
static int
judge (GPtrArray *migrations, ObaDbResult *history, GError **error)
{
  guint n = oba_db_result_get_n_rows (history);

  for (guint i = 0; i < n; i++)
    {
      const char *name = oba_db_result_get_text (history, i, 0);
      const Migration *migration = i < migrations->len ? g_ptr_array_index (migrations, i) : NULL;
      int order = migration != NULL ? strcmp (name, migration->name) : 1;

      if (migration == NULL)
        g_set_error (error, OBA_DB_ERROR, OBA_DB_ERROR_SCHEMA,
                     _("The database is newer than this program: it has “%s”, which this program does not know. Update the program; nothing was changed."), name);
      else if (order < 0)
        g_set_error (error, OBA_DB_ERROR, OBA_DB_ERROR_SCHEMA,
                     _("The database was changed by “%s”, which this program does not carry. Use the program that this database belongs to; nothing was changed."), name);
      else if (order > 0)
        g_set_error (error, OBA_DB_ERROR, OBA_DB_ERROR_SCHEMA,
                     _("“%s” was never applied to the database, but the later “%s” was. The history must be mended by its keeper; nothing was changed."),
                     migration->name, name);
      else if (strcmp (oba_db_result_get_text (history, i, 1), migration->sha256) != 0)
        g_set_error (error, OBA_DB_ERROR, OBA_DB_ERROR_SCHEMA,
                     _("“%s” is not the text that was applied to the database: one of them was edited. Use the program that this database belongs to; nothing was changed."), name);
      else
        continue;
      return -1;
    }
  return (int) n;
}

/* 42P01: no table; 3F000: no schema */
static gboolean
is_without_history (const GError *error)
{
  const char *state = error->domain == OBA_DB_ERROR ? oba_db_error_get_sqlstate (error) : "";

  return strcmp (state, "42P01") == 0 || strcmp (state, "3F000") == 0;
}

/* NULL without @error: a database that was never migrated */
static ObaDbResult *
read_history (ObaDbConnection *connection, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  ObaDbResult *history = oba_db_connection_query_sync (connection, oba_db_sql ("db/migrator-history.sql"), NULL, cancellable, &local_error);

  if (history == NULL && !is_without_history (local_error))
    g_propagate_error (error, g_steal_pointer (&local_error));
  return history;
}

static int
count_applied (ObaDbConnection *connection, GPtrArray *migrations, ObaDbResult **history, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (ObaDbResult) result = read_history (connection, cancellable, &local_error);
  int applied;

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return -1;
    }
  applied = result != NULL ? judge (migrations, result, error) : 0;
  if (history != NULL)
    *history = g_steal_pointer (&result);

  return applied;
}

GPtrArray *
oba_migrator_status (ObaDbConnection *connection, GError **error)
{
  g_autoptr (GPtrArray) migrations = load_migrations ();
  g_autoptr (ObaDbResult) history = NULL;
  GPtrArray *status;
  int applied = count_applied (connection, migrations, &history, NULL, error);

  if (applied < 0)
    return NULL;
  status = g_ptr_array_new_with_free_func ((GDestroyNotify) oba_migration_free);
  for (guint i = 0; i < migrations->len; i++)
    {
      const Migration *migration = g_ptr_array_index (migrations, i);
      ObaMigration *row = g_new0 (ObaMigration, 1);

      row->name = g_strdup (migration->name);
      row->applied = (int) i < applied;
      if (row->applied)
        {
          row->applied_at = oba_db_result_get_time (history, i, 2);
          row->applied_by = g_strdup (oba_db_result_get_text (history, i, 3));
          row->duration_ms = oba_db_result_get_int64 (history, i, 4);
        }
      g_ptr_array_add (status, row);
    }
  return status;
}

static gboolean
tell_holder (const Run *run, GError **error)
{
  g_autoptr (ObaDbResult) holder = NULL;
  g_autofree char *text = NULL;

  if (run->waiting == NULL)
    return TRUE;
  holder = oba_db_connection_query_sync (run->connection, oba_db_sql ("db/migrator-holder.sql"), NULL, run->cancellable, error);
  if (holder == NULL)
    return FALSE;
  /* It may have finished just now. */
  if (oba_db_result_get_n_rows (holder) == 0)
    return TRUE;
  text = g_strdup_printf (_("%s (process %d, user %s)"), oba_db_result_get_text (holder, 0, 0),
                          (int) oba_db_result_get_int64 (holder, 0, 1), oba_db_result_get_text (holder, 0, 2));
  run->waiting (text, run->user_data);

  return TRUE;
}

/* Held to the end of the transaction, so that it also works behind a pooler of transactions. */
static gboolean
take_lock (const Run *run, GError **error)
{
  g_autoptr (ObaDbResult) tried = NULL;
  g_autoptr (ObaDbResult) locked = NULL;

  tried = oba_db_connection_query_sync (run->connection, oba_db_sql ("db/migrator-trylock.sql"), NULL, run->cancellable, error);
  if (tried == NULL)
    return FALSE;
  if (oba_db_result_get_bool (tried, 0, 0))
    return TRUE;
  if (!tell_holder (run, error))
    return FALSE;
  locked = oba_db_connection_query_sync (run->connection, oba_db_sql ("db/migrator-lock.sql"), NULL, run->cancellable, error);

  return locked != NULL;
}

/* An error in a transaction spoils it, so the table is looked for, not tried. */
static gboolean
make_history (const Run *run, GError **error)
{
  g_autoptr (ObaDbResult) found = NULL;

  found = oba_db_connection_query_sync (run->connection, "SELECT to_regclass('oba_meta.migrations') IS NOT NULL", NULL, run->cancellable, error);
  if (found == NULL)
    return FALSE;
  return oba_db_result_get_bool (found, 0, 0) ||
         oba_db_connection_script_sync (run->connection, oba_db_sql ("db/migrator-create.sql"), run->cancellable, error);
}

static char *
transaction_id (const Run *run, GError **error)
{
  g_autoptr (ObaDbResult) result = NULL;

  result = oba_db_connection_query_sync (run->connection, "SELECT pg_current_xact_id()::text", NULL, run->cancellable, error);
  return result != NULL ? g_strdup (oba_db_result_get_text (result, 0, 0)) : NULL;
}

/* The file's own words to whoever has to mend it. What is not the file's fault passes unchanged. */
static void
name_file (const Migration *migration, GError **error)
{
  g_autoptr (GError) cause = *error;
  const char *detail;

  if (cause->domain != OBA_DB_ERROR || cause->code == OBA_DB_ERROR_LOST || cause->code == OBA_DB_ERROR_DISK_FULL ||
      cause->code == OBA_DB_ERROR_READ_ONLY)
    {
      *error = g_steal_pointer (&cause);
      return;
    }
  detail = oba_db_error_get_detail (cause);
  *error = g_error_new (OBA_DB_ERROR, OBA_DB_ERROR_SCHEMA, _("“%s” could not be applied, and nothing of it was kept: %s%s%s"),
                        migration->name, cause->message, detail != NULL ? " " : "", detail != NULL ? detail : "");
}

/* Runs the file and writes its row, in the transaction that is open. */
static gboolean
run_file (const Run *run, const Migration *migration, GError **error)
{
  gint64 started = g_get_monotonic_time ();
  g_autofree char *text = g_strndup (g_bytes_get_data (migration->text, NULL), g_bytes_get_size (migration->text));
  g_autofree char *before = transaction_id (run, error);
  g_autofree char *after = NULL;
  g_autoptr (ObaDbParams) row = NULL;
  g_autoptr (ObaDbResult) recorded = NULL;

  if (before == NULL || !oba_db_connection_script_sync (run->connection, text, run->cancellable, error))
    return FALSE;
  after = transaction_id (run, error);
  if (after == NULL)
    return FALSE;
  if (strcmp (before, after) != 0)
    {
      g_set_error (error, OBA_DB_ERROR, OBA_DB_ERROR_SCHEMA, _("it ends its transaction by itself, so it cannot be undone as a whole"));
      return FALSE;
    }
  /* The file may have taken another role for its work; the history is ours. */
  if (!oba_db_connection_script_sync (run->connection, "RESET ROLE", run->cancellable, error))
    return FALSE;
  row = oba_db_params_build ("ttit", migration->name, migration->sha256, (gint64) ((g_get_monotonic_time () - started) / 1000), "oba " OBA_VERSION);
  recorded = oba_db_connection_query_sync (run->connection, oba_db_sql ("db/migrator-record.sql"), row, run->cancellable, error);

  return recorded != NULL;
}

/* Returns: 1 applied, 0 somebody else did meanwhile, -1 with @error */
static int
apply_in_transaction (const Run *run, GPtrArray *migrations, guint index, GError **error)
{
  const Migration *migration = g_ptr_array_index (migrations, index);
  int applied;

  if (!take_lock (run, error) || !make_history (run, error))
    return -1;
  applied = count_applied (run->connection, migrations, NULL, run->cancellable, error);
  if (applied != (int) index)
    return applied < 0 ? -1 : 0;
  if (run->progress != NULL)
    run->progress (migration->name, run->user_data);
  if (run_file (run, migration, error))
    return 1;
  name_file (migration, error);

  return -1;
}

static int
apply_one (const Run *run, GPtrArray *migrations, guint index, GError **error)
{
  int done;

  if (!oba_db_connection_script_sync (run->connection, "BEGIN", run->cancellable, error))
    return -1;
  done = apply_in_transaction (run, migrations, index, error);
  if (done < 0)
    oba_db_connection_script_sync (run->connection, "ROLLBACK", NULL, NULL);
  else if (!oba_db_connection_script_sync (run->connection, "COMMIT; RESET ALL", NULL, error))
    return -1;

  return done;
}

int
oba_migrator_apply (ObaDbConnection *connection, ObaMigratorProgress progress, ObaMigratorProgress waiting, gpointer user_data,
                    GCancellable *cancellable, GError **error)
{
  const Run run = { connection, progress, waiting, user_data, cancellable };
  g_autoptr (GPtrArray) migrations = load_migrations ();
  int applied = count_applied (connection, migrations, NULL, cancellable, error);
  int total = 0;

  if (applied < 0)
    return -1;
  for (guint i = (guint) applied; i < migrations->len; i++)
    {
      int done = apply_one (&run, migrations, i, error);

      if (done < 0)
        return -1;
      total += done;
    }
  return total;
}

static gboolean
demand_current (GPtrArray *migrations, ObaDbResult *history, GError **error)
{
  int applied = history != NULL ? judge (migrations, history, error) : 0;

  if (applied < 0)
    return FALSE;
  if (applied == (int) migrations->len)
    return TRUE;
  if (applied == 0)
    g_set_error (error, OBA_DB_ERROR, OBA_DB_ERROR_SCHEMA,
                 _("This database holds no OBA data yet. Its owner prepares it with “oba-helper migrate”."));
  else
    g_set_error (error, OBA_DB_ERROR, OBA_DB_ERROR_SCHEMA,
                 _("The database is older than this program: “%s” is not applied yet. Its owner brings it up to date with “oba-helper migrate”; no data is lost."),
                 ((const Migration *) g_ptr_array_index (migrations, (guint) applied))->name);
  return FALSE;
}

gboolean
oba_migrator_check (ObaDbConnection *connection, GError **error)
{
  g_autoptr (GPtrArray) migrations = load_migrations ();
  g_autoptr (GError) local_error = NULL;
  g_autoptr (ObaDbResult) history = read_history (connection, NULL, &local_error);

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  return demand_current (migrations, history, error);
}

static void
on_history (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  g_autoptr (GPtrArray) migrations = load_migrations ();
  g_autoptr (ObaDbResult) history = NULL;
  GError *error = NULL;

  history = oba_db_pool_read_finish (OBA_DB_POOL (source), result, &error);
  if (history == NULL && is_without_history (error))
    g_clear_error (&error);
  if (error == NULL && demand_current (migrations, history, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
oba_migrator_check_async (ObaDbPool *pool, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (pool, cancellable, callback, user_data);

  g_task_set_source_tag (task, oba_migrator_check_async);
  oba_db_pool_read_async (pool, oba_db_sql ("db/migrator-history.sql"), NULL, cancellable, on_history, task);
}

gboolean
oba_migrator_check_finish (ObaDbPool *pool, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
