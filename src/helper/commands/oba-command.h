#pragma once

#include "base/oba-config-file.h"
#include "db/oba-db-connection.h"
#include "oba-helper.h"
#include "oba-table.h"

G_BEGIN_DECLS

/**
 * ObaCommandContext: what a subcommand gets: the options that all share, the configuration, the way to the database, and a cancellable
 * that Ctrl+C cancels (from another thread: use GCancellable sources and checks, not "cancelled" handlers that touch your data).
 *
 * The first lines of a command:
 * |[
 *   int
 *   oba_command_till (ObaCommandContext *context, int argc, char **argv)
 *   {
 *     int status;
 *
 *     if (!oba_command_context_parse (context, "add|list|revoke", _("Longer help."), entries,
 *                                     OBA_COMMAND_USES_DATABASE | OBA_COMMAND_USES_FORMAT, &argc, &argv, &status))
 *       return status;
 * ]|
 * After that argv[1]... are the words that are not options. An option's value is checked by the command, with oba_command_context_usage().
 */
typedef struct _ObaCommandContext ObaCommandContext;

typedef int (*ObaCommandFunc) (ObaCommandContext *context, int argc, char **argv);

typedef struct
{
  const char     *name;
  const char     *summary;   /* one line, N_() */
  ObaCommandFunc  run;
} ObaCommand;

typedef enum
{
  OBA_COMMAND_USES_NOTHING = 0,
  OBA_COMMAND_USES_DATABASE = 1 << 0,   /* --database, --local */
  OBA_COMMAND_USES_FORMAT = 1 << 1,     /* --format table|json|csv */
} ObaCommandUses;

typedef enum
{
  OBA_COMMAND_ANY_SCHEMA = 0,           /* connect whatever the schema is: migrate, local */
  OBA_COMMAND_CURRENT_SCHEMA = 1 << 0,  /* refuse a schema that this program does not serve */
} ObaCommandConnect;

ObaCommandContext *oba_command_context_new (const ObaCommand *command, GCancellable *cancellable);
void               oba_command_context_free (ObaCommandContext *self);

/**
 * oba_command_context_parse: takes the options of @entries and the common ones out of @argv.
 * @parameters: (nullable): shown after "oba-helper NAME [OPTION…]", for example "FILE"
 * @description: (nullable): shown under the options in --help
 * Returns: TRUE to go on; FALSE to return @status at once (--help was asked, or usage was wrong and has been told)
 */
gboolean oba_command_context_parse (ObaCommandContext  *self,
                                    const char         *parameters,
                                    const char         *description,
                                    const GOptionEntry *entries,
                                    ObaCommandUses      uses,
                                    int                *argc,
                                    char             ***argv,
                                    int                *status);

const char     *oba_command_context_get_name        (ObaCommandContext *self);
GCancellable   *oba_command_context_get_cancellable (ObaCommandContext *self);
ObaTableFormat  oba_command_context_get_format      (ObaCommandContext *self);

/** The configuration of --config or its default places; read once. Returns: (transfer none) (nullable): NULL with @error */
ObaConfigFile *oba_command_context_get_config (ObaCommandContext *self, GError **error);

/**
 * oba_command_context_get_conninfo: which database is meant: --local (started and migrated when needed), --database, OBA_DATABASE,
 * [database] uri of the configuration, else "" for libpq's PG* variables and services.
 * Returns: (transfer full) (nullable): NULL with @error
 */
char *oba_command_context_get_conninfo (ObaCommandContext *self, GError **error);

/** Opens a connection there, synchronously. Returns: (transfer full) (nullable): NULL with @error */
ObaDbConnection *oba_command_context_connect (ObaCommandContext *self, ObaCommandConnect connect, GError **error);

/** oba_db_connection_query_sync() of the file @name ("staff/list.sql") that Ctrl+C ends. */
ObaDbResult *oba_command_context_query (ObaCommandContext *self,
                                        ObaDbConnection   *connection,
                                        const char        *name,
                                        ObaDbParams       *params,
                                        GError           **error);

/** Says on stderr, in a plain sentence, what @error means (or that the user stopped the work). Returns: OBA_EXIT_FAILED */
int oba_command_context_fail (ObaCommandContext *self, const GError *error);

/** Says on stderr what is wrong with the command line and how to get help. Returns: OBA_EXIT_USAGE */
int oba_command_context_usage (ObaCommandContext *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

/** Prints @table on stdout in the chosen format. Returns: OBA_EXIT_DONE, or OBA_EXIT_FAILED when stdout cannot be written */
int oba_command_context_print (ObaCommandContext *self, ObaTable *table);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaCommandContext, oba_command_context_free)

G_END_DECLS
