#include "oba-config.h"
#include "oba-commands.h"

#include <stdio.h>
#include <glib/gi18n-lib.h>

#include "db/oba-migrator.h"

static int
print_status (ObaCommandContext *context, ObaDbConnection *connection)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) status = oba_migrator_status (connection, &error);
  g_autoptr (ObaTable) table = oba_table_new ();

  if (status == NULL)
    return oba_command_context_fail (context, error);

  oba_table_add_column (table, "file", _("File"), OBA_COLUMN_TEXT);
  oba_table_add_column (table, "applied", _("Applied"), OBA_COLUMN_BOOLEAN);
  /* Translators: heads of columns: when, and by whom, a change was applied to the database. */
  oba_table_add_column (table, "applied_at", _("When"), OBA_COLUMN_TIME);
  oba_table_add_column (table, "applied_by", _("By"), OBA_COLUMN_TEXT);
  oba_table_add_column (table, "duration_ms", _("Took, ms"), OBA_COLUMN_INTEGER);
  for (guint i = 0; i < status->len; i++)
    {
      const ObaMigration *migration = g_ptr_array_index (status, i);

      oba_table_add_text (table, migration->name);
      oba_table_add_boolean (table, migration->applied);
      oba_table_add_time (table, migration->applied_at);
      oba_table_add_text (table, migration->applied_by);
      if (migration->applied)
        oba_table_add_integer (table, migration->duration_ms);
      else
        oba_table_add_null (table);
    }
  return oba_command_context_print (context, table);
}

static void
on_progress (const char *name, gpointer user_data)
{
  printf (_("Applying %s"), name);
  putchar ('\n');
  fflush (stdout);
}

static void
on_waiting (const char *holder, gpointer user_data)
{
  fprintf (stderr, _("Another program is migrating this database: %s. Waiting for it to finish."), holder);
  fputc ('\n', stderr);
}

static int
apply (ObaCommandContext *context, ObaDbConnection *connection)
{
  g_autoptr (GError) error = NULL;
  int applied = oba_migrator_apply (connection, on_progress, on_waiting, NULL, oba_command_context_get_cancellable (context), &error);

  if (applied < 0)
    return oba_command_context_fail (context, error);
  if (applied == 0)
    puts (_("The database is up to date."));
  else
    {
      printf (ngettext ("%d migration applied. The database is up to date.", "%d migrations applied. The database is up to date.", (gulong) applied), applied);
      putchar ('\n');
    }
  return OBA_EXIT_DONE;
}

int
oba_command_migrate (ObaCommandContext *context, int argc, char **argv)
{
  gboolean status_only = FALSE;
  const GOptionEntry entries[] = {
    { "status", 0, 0, G_OPTION_ARG_NONE, &status_only, N_("Only show what is applied and what is not"), NULL },
    { NULL },
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaDbConnection) connection = NULL;
  int status;

  if (!oba_command_context_parse (context, NULL,
                                  _("Log in as the owner of the database, never as a member of staff. Two at once are safe."),
                                  entries, OBA_COMMAND_USES_DATABASE | OBA_COMMAND_USES_FORMAT, &argc, &argv, &status))
    return status;
  if (argc > 1)
    return oba_command_context_usage (context, _("“%s” is one word too many."), argv[1]);

  connection = oba_command_context_connect (context, OBA_COMMAND_ANY_SCHEMA, &error);
  if (connection == NULL)
    return oba_command_context_fail (context, error);

  return status_only ? print_status (context, connection) : apply (context, connection);
}
