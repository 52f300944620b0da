#include "oba-config.h"
#include "oba-commands.h"

#include <stdio.h>
#include <glib/gi18n-lib.h>

#include "oba-service.h"
#include "oba-supervisor.h"

#define MAX_WORKERS 64

static int
serve (ObaCommandContext *context, ObaConfigFile *config, const char *listen, guint worker)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *conninfo = oba_command_context_get_conninfo (context, &error);
  g_autoptr (ObaService) service = NULL;

  if (conninfo != NULL)
    service = oba_service_new (config, conninfo, listen, worker, &error);
  if (service == NULL)
    return oba_command_context_fail (context, error);

  /* Whoever started it finds the address here, also when the port was 0. */
  printf ("oba-helper: listening on %s\n", oba_service_get_uri (service));
  fflush (stdout);
  if (!oba_service_run (service, oba_command_context_get_cancellable (context), &error))
    return oba_command_context_fail (context, error);
  return OBA_EXIT_DONE;
}

static int
supervise (ObaCommandContext *context, char **arguments, const char *listen, guint n_workers)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *address = oba_supervisor_address (listen, n_workers, &error);

  if (address == NULL || !oba_supervisor_run ((const char *const *) arguments, listen, n_workers,
                                              oba_command_context_get_cancellable (context), &error))
    {
      fprintf (stderr, "oba-helper serve: %s\n", error->message);
      return OBA_EXIT_FAILED;
    }
  return OBA_EXIT_DONE;
}

int
oba_command_serve (ObaCommandContext *context, int argc, char **argv)
{
  g_auto (GStrv) arguments = g_strdupv (argv); /* as they were given, for the workers */
  g_autofree char *listen = NULL;
  g_autofree char *configured = NULL;
  g_autoptr (GError) error = NULL;
  ObaConfigFile *config;
  int status, worker = 0;
  gint64 n_workers;
  const GOptionEntry entries[] = {
    { "listen", 0, 0, G_OPTION_ARG_STRING, &listen,
      N_ ("Where to listen: 127.0.0.1:PORT (0: any free one) or unix:PATH"), N_ ("ADDRESS") },
    { "worker", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_INT, &worker, NULL, NULL },
    { NULL },
  };

  if (!oba_command_context_parse (context, NULL,
                                  _ ("Answers tills, Telegram and monitoring, and runs the background jobs, until "
                                     "SIGTERM or Ctrl+C. nginx stands in front of it."),
                                  entries, OBA_COMMAND_USES_DATABASE, &argc, &argv, &status))
    return status;
  if (argc > 1)
    return oba_command_context_usage (context, _ ("“%s” is not wanted here."), argv[1]);
  config = oba_command_context_get_config (context, &error);
  if (config == NULL)
    return oba_command_context_fail (context, error);

  configured = oba_config_file_get_string (config, "http", "listen", "127.0.0.1:8080");
  n_workers = CLAMP (oba_config_file_get_int (config, "http", "workers", 1), 1, MAX_WORKERS);
  if (n_workers > 1 && worker == 0)
    return supervise (context, arguments, listen != NULL ? listen : configured, (guint) n_workers);
  return serve (context, config, listen != NULL ? listen : configured, (guint) MAX (worker, 1));
}
