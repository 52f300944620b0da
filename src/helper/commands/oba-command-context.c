#include "oba-config.h"
#include "oba-command.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "base/oba-error.h"
#include "db/oba-db-source.h"
#include "db/oba-db-sql.h"
#include "db/oba-migrator.h"

struct _ObaCommandContext
{
  const ObaCommand *command;
  GCancellable *cancellable;
  ObaConfigFile *config;
  char *database;
  char *config_path;
  char *format_name;
  char *local_conninfo;
  ObaTableFormat format;
  gboolean local;
  gboolean help;
};

ObaCommandContext *
oba_command_context_new (const ObaCommand *command, GCancellable *cancellable)
{
  ObaCommandContext *self = g_new0 (ObaCommandContext, 1);

  self->command = command;
  self->cancellable = g_object_ref (cancellable);

  return self;
}

void
oba_command_context_free (ObaCommandContext *self)
{
  g_object_unref (self->cancellable);
  g_clear_object (&self->config);
  g_free (self->database);
  g_free (self->config_path);
  g_free (self->format_name);
  g_free (self->local_conninfo);
  g_free (self);
}

static GOptionContext *
make_options (ObaCommandContext  *self,
              const char         *parameters,
              const char         *description,
              const GOptionEntry *entries,
              ObaCommandUses      uses)
{
  const GOptionEntry common[] = {
    { "config", 0, 0, G_OPTION_ARG_FILENAME, &self->config_path, N_("Read this configuration instead of the usual one"), N_("FILE") },
    { "help", 'h', 0, G_OPTION_ARG_NONE, &self->help, N_("Show this help"), NULL },
    { NULL },
  };
  const GOptionEntry database[] = {
    { "database", 0, 0, G_OPTION_ARG_STRING, &self->database, N_("The database, as a libpq connection string or URI"), N_("CONNINFO") },
    { "local", 0, 0, G_OPTION_ARG_NONE, &self->local, N_("The private server of this computer, started and migrated when needed"), NULL },
    { NULL },
  };
  const GOptionEntry format[] = {
    { "format", 0, 0, G_OPTION_ARG_STRING, &self->format_name, N_("How to print: table, json or csv"), N_("FORMAT") },
    { NULL },
  };
  GOptionContext *options = g_option_context_new (parameters);

  g_option_context_set_help_enabled (options, FALSE);
  g_option_context_set_translation_domain (options, GETTEXT_PACKAGE);
  g_option_context_set_summary (options, self->command->summary);
  g_option_context_set_description (options, description);
  if (entries != NULL)
    g_option_context_add_main_entries (options, entries, GETTEXT_PACKAGE);
  if (uses & OBA_COMMAND_USES_DATABASE)
    g_option_context_add_main_entries (options, database, GETTEXT_PACKAGE);
  if (uses & OBA_COMMAND_USES_FORMAT)
    g_option_context_add_main_entries (options, format, GETTEXT_PACKAGE);
  g_option_context_add_main_entries (options, common, GETTEXT_PACKAGE);

  return options;
}

gboolean
oba_command_context_parse (ObaCommandContext  *self,
                           const char         *parameters,
                           const char         *description,
                           const GOptionEntry *entries,
                           ObaCommandUses      uses,
                           int                *argc,
                           char             ***argv,
                           int                *status)
{
  g_autoptr (GOptionContext) options = make_options (self, parameters, description, entries, uses);
  g_autofree char *program = g_strdup_printf ("oba-helper %s", self->command->name);
  g_autoptr (GError) error = NULL;

  /* GOption prints the usage line with this name. */
  g_set_prgname (program);
  *status = OBA_EXIT_USAGE;
  if (!g_option_context_parse (options, argc, argv, &error))
    oba_command_context_usage (self, "%s", error->message);
  else if (self->help)
    {
      g_autofree char *help = g_option_context_get_help (options, TRUE, NULL);

      fputs (help, stdout);
      *status = OBA_EXIT_DONE;
    }
  else if (self->format_name != NULL && !oba_table_format_parse (self->format_name, &self->format))
    oba_command_context_usage (self, _("--format is table, json or csv, not “%s”."), self->format_name);
  else if (self->local && self->database != NULL)
    oba_command_context_usage (self, "%s", _("--local and --database name two databases; give one of them."));
  else
    return TRUE;

  return FALSE;
}

const char *
oba_command_context_get_name (ObaCommandContext *self)
{
  return self->command->name;
}

GCancellable *
oba_command_context_get_cancellable (ObaCommandContext *self)
{
  return self->cancellable;
}

ObaTableFormat
oba_command_context_get_format (ObaCommandContext *self)
{
  return self->format;
}

ObaConfigFile *
oba_command_context_get_config (ObaCommandContext *self, GError **error)
{
  if (self->config == NULL)
    self->config = oba_config_file_load (self->config_path, error);
  return self->config;
}

char *
oba_command_context_get_conninfo (ObaCommandContext *self, GError **error)
{
  g_autofree char *configured = NULL;
  ObaConfigFile *config;

  if (self->local)
    {
      if (self->local_conninfo == NULL)
        self->local_conninfo = oba_db_source_open_local (NULL, self->cancellable, error);
      return g_strdup (self->local_conninfo);
    }
  config = oba_command_context_get_config (self, error);
  if (config == NULL)
    return NULL;
  configured = oba_config_file_get_string (config, "database", "uri", NULL);

  return oba_db_source_choose (self->database, configured, error);
}

ObaDbConnection *
oba_command_context_connect (ObaCommandContext *self, ObaCommandConnect connect, GError **error)
{
  g_autofree char *conninfo = oba_command_context_get_conninfo (self, error);
  g_autoptr (ObaDbConnection) connection = NULL;

  if (conninfo == NULL)
    return NULL;
  connection = oba_db_connection_open_sync (conninfo, OBA_DB_CONNECTION_DEFAULT, self->cancellable, error);
  if (connection == NULL)
    return NULL;
  if ((connect & OBA_COMMAND_CURRENT_SCHEMA) && !oba_migrator_check (connection, error))
    return NULL;

  return g_steal_pointer (&connection);
}

ObaDbResult *
oba_command_context_query (ObaCommandContext *self, ObaDbConnection *connection, const char *name, ObaDbParams *params, GError **error)
{
  return oba_db_connection_query_sync (connection, oba_db_sql (name), params, self->cancellable, error);
}

int
oba_command_context_fail (ObaCommandContext *self, const GError *error)
{
  g_autofree char *sentence = NULL;

  if (g_cancellable_is_cancelled (self->cancellable))
    sentence = g_strdup (_("stopped, as you asked."));
  else if (error == NULL)
    sentence = g_strdup (_("failed."));
  else if (error->domain == OBA_DB_ERROR)
    sentence = oba_db_error_describe (error);
  else
    sentence = g_strdup (error->message);
  fflush (stdout);
  fprintf (stderr, "oba-helper %s: %s\n", self->command->name, sentence);

  return OBA_EXIT_FAILED;
}

int
oba_command_context_usage (ObaCommandContext *self, const char *format, ...)
{
  g_autofree char *sentence = NULL;
  va_list args;

  va_start (args, format);
  sentence = g_strdup_vprintf (format, args);
  va_end (args);
  fprintf (stderr, "oba-helper %s: %s\n", self->command->name, sentence);
  fprintf (stderr, _("“oba-helper %s --help” tells how it is used."), self->command->name);
  fputc ('\n', stderr);

  return OBA_EXIT_USAGE;
}

int
oba_command_context_print (ObaCommandContext *self, ObaTable *table)
{
  g_autofree char *text = oba_table_to_string (table, self->format);

  return fputs (text, stdout) >= 0 ? OBA_EXIT_DONE : OBA_EXIT_FAILED;
}
