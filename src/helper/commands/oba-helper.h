#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  OBA_EXIT_DONE = 0,
  OBA_EXIT_FAILED = 1,   /* failed, or found something wrong */
  OBA_EXIT_USAGE = 2,
} ObaExitCode;

/**
 * oba_helper_run: the whole program: finds the subcommand in @argv, gives it a context and runs it.
 * SIGINT and SIGTERM cancel the context's cancellable once; the second one ends the process.
 * Returns: the exit code of the process
 */
int oba_helper_run (int argc, char **argv);

G_END_DECLS
