#include "oba-config.h"
#include "oba-helper.h"

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <glib-unix.h>
#include <glib/gi18n-lib.h>

#include "oba-commands.h"

/*
 * Commands work synchronously, without a main loop of their own, so signals are waited for in a thread with one.
 * A source that fired is gone, and GLib then restores the default action: a second Ctrl+C ends the process.
 */
typedef struct
{
  GMainContext *context;
  GMainLoop *loop;
  GThread *thread;
} SignalWatch;

static gboolean
on_signal (gpointer data)
{
  g_cancellable_cancel (data);
  return G_SOURCE_REMOVE;
}

static gpointer
watch_signals (gpointer data)
{
  SignalWatch *watch = data;

  g_main_context_push_thread_default (watch->context);
  g_main_loop_run (watch->loop);
  g_main_context_pop_thread_default (watch->context);

  return NULL;
}

static void
signal_watch_start (SignalWatch *watch, GCancellable *cancellable)
{
  static const int signals[] = { SIGINT, SIGTERM };

  watch->context = g_main_context_new ();
  watch->loop = g_main_loop_new (watch->context, FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    {
      g_autoptr (GSource) source = g_unix_signal_source_new (signals[i]);

      g_source_set_callback (source, on_signal, g_object_ref (cancellable), g_object_unref);
      g_source_attach (source, watch->context);
    }
  watch->thread = g_thread_new ("signals", watch_signals, watch);
}

static gboolean
quit_loop (gpointer data)
{
  g_main_loop_quit (data);
  return G_SOURCE_REMOVE;
}

static void
signal_watch_stop (SignalWatch *watch)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_callback (source, quit_loop, watch->loop, NULL);
  g_source_attach (source, watch->context);
  g_thread_join (watch->thread);
  g_main_loop_unref (watch->loop);
  g_main_context_unref (watch->context);
}

static void
print_help (void)
{
  printf ("%s\n  oba-helper %s\n\n%s\n", _("Usage:"), _("COMMAND [OPTION…]"), _("Commands:"));
  for (const ObaCommand *command = oba_commands; command->name != NULL; command++)
    printf ("  %-10s %s\n", command->name, _(command->summary));
  printf ("\n%s\n%s\n", _("“oba-helper COMMAND --help” tells the options of a command."),
          _("Exit codes: 0 done, 1 failed or found something wrong, 2 wrong usage."));
}

static int
refuse_unknown (const char *name)
{
  const char *suggestion = oba_commands_suggest (name);
  g_autofree char *shown = g_utf8_make_valid (name, MIN (strlen (name), 40));

  if (name[0] == '-')
    fprintf (stderr, _("oba-helper: there is no option %s here."), shown);
  else
    fprintf (stderr, _("oba-helper: there is no command “%s”."), shown);
  if (suggestion != NULL)
    fprintf (stderr, _(" Did you mean “%s”?"), suggestion);
  fprintf (stderr, "\n%s\n", _("“oba-helper --help” lists the commands."));

  return OBA_EXIT_USAGE;
}

static int
run_command (const ObaCommand *command, int argc, char **argv)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (ObaCommandContext) context = oba_command_context_new (command, cancellable);
  SignalWatch watch;
  int status;

  signal_watch_start (&watch, cancellable);
  status = command->run (context, argc, argv);
  signal_watch_stop (&watch);

  return status;
}

static int
dispatch (int argc, char **argv)
{
  const char *name = argc > 1 ? argv[1] : NULL;
  const ObaCommand *command;

  if (name == NULL)
    {
      fprintf (stderr, "%s\n", _("oba-helper: which command? “oba-helper --help” lists them."));
      return OBA_EXIT_USAGE;
    }
  if (strcmp (name, "--help") == 0 || strcmp (name, "-h") == 0 || (strcmp (name, "help") == 0 && argc == 2))
    {
      print_help ();
      return OBA_EXIT_DONE;
    }
  if (strcmp (name, "--version") == 0)
    {
      printf ("oba-helper %s\n", OBA_VERSION);
      return OBA_EXIT_DONE;
    }
  if (strcmp (name, "help") == 0)
    {
      char *help_argv[] = { argv[2], (char *) "--help", NULL };

      command = oba_commands_find (argv[2]);
      return command != NULL ? run_command (command, 2, help_argv) : refuse_unknown (argv[2]);
    }
  command = oba_commands_find (name);

  return command != NULL ? run_command (command, argc - 1, argv + 1) : refuse_unknown (name);
}

int
oba_helper_run (int argc, char **argv)
{
  int status;

  setlocale (LC_ALL, "");
  /* libpq's sentences are read to tell what happened, so they must stay in their own language. */
  g_setenv ("PGLOCALEDIR", "/dev/null", TRUE);
  bindtextdomain (GETTEXT_PACKAGE, OBA_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  /* ngettext() knows no other. */
  textdomain (GETTEXT_PACKAGE);
  g_set_prgname ("oba-helper");

  status = dispatch (argc, argv);
  if (fflush (stdout) != 0 || ferror (stdout))
    {
      fprintf (stderr, "%s\n", _("oba-helper: the output could not be written whole (is the disk full?)."));
      status = MAX (status, OBA_EXIT_FAILED);
    }
  return status;
}
