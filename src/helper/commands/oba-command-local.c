#include "oba-config.h"
#include "oba-commands.h"

#include <stdio.h>
#include <string.h>
#include <glib/gi18n-lib.h>

#include "db/oba-db-source.h"

static int
start (ObaCommandContext *context, ObaLocalServer *server)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *uri = NULL;
  gboolean was_running = oba_local_server_is_running (server);

  if (!was_running && oba_local_server_get_major (server) == 0)
    fprintf (stderr, "%s\n", _("Making the private database; this takes a few seconds, once."));
  uri = oba_db_source_open_local (server, oba_command_context_get_cancellable (context), &error);
  if (uri == NULL)
    return oba_command_context_fail (context, error);
  printf (was_running ? _("The private server was running already, in %s.") : _("The private server is running, in %s."),
          oba_local_server_get_home (server));
  putchar ('\n');

  return OBA_EXIT_DONE;
}

static int
stop (ObaCommandContext *context, ObaLocalServer *server)
{
  g_autoptr (GError) error = NULL;
  gboolean was_running = oba_local_server_is_running (server);

  if (!oba_local_server_stop (server, &error))
    return oba_command_context_fail (context, error);
  puts (was_running ? _("The private server is stopped; its data is kept.") : _("The private server was not running."));

  return OBA_EXIT_DONE;
}

static int
show_status (ObaCommandContext *context, ObaLocalServer *server)
{
  g_autoptr (ObaTable) table = oba_table_new ();
  g_autofree char *uri = oba_local_server_get_uri (server);
  g_autofree char *log = oba_local_server_get_log_path (server);
  int pid = oba_local_server_get_pid (server);
  int major = oba_local_server_get_major (server);

  oba_table_set_upright (table);
  oba_table_add_column (table, "running", _("Running"), OBA_COLUMN_BOOLEAN);
  oba_table_add_column (table, "pid", _("Process"), OBA_COLUMN_ID);
  oba_table_add_column (table, "version", _("PostgreSQL"), OBA_COLUMN_ID);
  oba_table_add_column (table, "directory", _("Folder"), OBA_COLUMN_TEXT);
  oba_table_add_column (table, "log", _("Log"), OBA_COLUMN_TEXT);
  oba_table_add_column (table, "uri", _("Connection"), OBA_COLUMN_TEXT);
  oba_table_add_boolean (table, pid != 0);
  if (pid != 0)
    oba_table_add_integer (table, pid);
  else
    oba_table_add_null (table);
  if (major != 0)
    oba_table_add_integer (table, major);
  else
    oba_table_add_null (table);
  oba_table_add_text (table, oba_local_server_get_home (server));
  oba_table_add_text (table, log);
  oba_table_add_text (table, uri);

  return oba_command_context_print (context, table);
}

static int
show_uri (ObaLocalServer *server)
{
  g_autofree char *uri = oba_local_server_get_uri (server);

  puts (uri);
  return OBA_EXIT_DONE;
}

int
oba_command_local (ObaCommandContext *context, int argc, char **argv)
{
  g_autoptr (ObaLocalServer) server = NULL;
  int status;

  if (!oba_command_context_parse (context, "start|stop|status|uri",
                                  _("start    make it when there is none, start it, bring it to the schema of this program\n"
                                    "stop     end its sessions and stop it; the data is kept\n"
                                    "status   show it\n"
                                    "uri      print what --database and psql take\n\n"
                                    "It lives in $XDG_DATA_HOME/oba (for root without that: /var/lib/oba) and listens on no network port."),
                                  NULL, OBA_COMMAND_USES_FORMAT, &argc, &argv, &status))
    return status;
  if (argc != 2)
    return oba_command_context_usage (context, "%s", _("say start, stop, status or uri."));

  server = oba_local_server_new (NULL);
  if (strcmp (argv[1], "start") == 0)
    return start (context, server);
  if (strcmp (argv[1], "stop") == 0)
    return stop (context, server);
  if (strcmp (argv[1], "status") == 0)
    return show_status (context, server);
  if (strcmp (argv[1], "uri") == 0)
    return show_uri (server);

  return oba_command_context_usage (context, _("“%s” is not start, stop, status or uri."), argv[1]);
}
