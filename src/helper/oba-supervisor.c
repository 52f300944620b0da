#include "oba-config.h"
#include "oba-supervisor.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <systemd/sd-daemon.h>
#include <glib/gi18n-lib.h>

#include "base/oba-error.h"
#include "http/oba-log.h"

#define FIRST_PAUSE_MS 500
#define LONGEST_PAUSE_MS 30000
#define GOOD_AFTER_US (60 * G_USEC_PER_SEC)

typedef struct
{
  const char *const *arguments;
  const char *listen;
  GMainLoop *loop;
  GPtrArray *workers;
  guint n_listening; /* have said so once */
  guint n_running;
  gboolean stopping;
  GError *error;
} Supervisor;

typedef struct
{
  Supervisor *supervisor;
  guint number;
  GSubprocess *process; /* (nullable) */
  gint64 started;
  guint pause_ms;
  guint timer_id;
  gboolean listened;
} Worker;

static void start (Worker *worker);

static void
worker_free (gpointer data)
{
  Worker *worker = data;

  g_clear_handle_id (&worker->timer_id, g_source_remove);
  g_clear_object (&worker->process);
  g_free (worker);
}

char *
oba_supervisor_address (const char *listen, guint number, GError **error)
{
  if (g_str_has_prefix (listen, "unix:"))
    return number == 1 ? g_strdup (listen) : g_strdup_printf ("%s.%u", listen, number);
  if (g_str_has_suffix (listen, ":0"))
    {
      g_set_error_literal (error, OBA_ERROR, OBA_ERROR_CONFIGURATION,
                           _ ("Several workers need a port that is given: 0 would be another one for each."));
      return NULL;
    }
  return g_strdup (listen);
}

static void
stop_all (Supervisor *self)
{
  self->stopping = TRUE;
  for (guint i = 0; i < self->workers->len; i++)
    {
      Worker *worker = g_ptr_array_index (self->workers, i);

      g_clear_handle_id (&worker->timer_id, g_source_remove);
      if (worker->process != NULL)
        g_subprocess_send_signal (worker->process, SIGTERM);
    }
  if (self->n_running == 0)
    g_main_loop_quit (self->loop);
}

static void
give_up (Supervisor *self, const char *why)
{
  if (self->error == NULL)
    self->error = g_error_new_literal (OBA_ERROR, OBA_ERROR_UNAVAILABLE, why);
  stop_all (self);
}

static gboolean
start_again (gpointer user_data)
{
  Worker *worker = user_data;

  worker->timer_id = 0;
  start (worker);
  return G_SOURCE_REMOVE;
}

static void
ended (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Worker *worker = user_data;
  Supervisor *self = worker->supervisor;
  gboolean well = g_subprocess_get_if_exited (worker->process) && g_subprocess_get_exit_status (worker->process) == 0;
  g_autofree char *number = g_strdup_printf ("%u", worker->number);

  g_subprocess_wait_finish (worker->process, result, NULL);
  g_clear_object (&worker->process);
  self->n_running--;
  if (self->stopping)
    {
      if (!well && self->error == NULL)
        self->error =
            g_error_new_literal (OBA_ERROR, OBA_ERROR_UNAVAILABLE,
                                 _ ("A worker did not stop as it should; its last lines in the log say why."));
      if (self->n_running == 0)
        g_main_loop_quit (self->loop);
      return;
    }
  if (!worker->listened)
    {
      give_up (self, _ ("A worker could not start; its lines above say why."));
      return;
    }
  if (g_get_monotonic_time () - worker->started > GOOD_AFTER_US)
    worker->pause_ms = FIRST_PAUSE_MS;
  oba_log (OBA_LOG_ERROR, "worker", "number", number, "what", "ended, is started again", NULL);
  worker->timer_id = g_timeout_add (worker->pause_ms, start_again, worker);
  worker->pause_ms = MIN (worker->pause_ms * 2, LONGEST_PAUSE_MS);
}

static void
said (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Worker *worker = user_data;
  Supervisor *self = worker->supervisor;
  g_autofree char *line = g_data_input_stream_read_line_finish (G_DATA_INPUT_STREAM (source), result, NULL, NULL);

  if (line == NULL || worker->listened)
    return; /* it has ended: ended() tells; or it was started again */
  worker->listened = TRUE;
  if (++self->n_listening < self->workers->len)
    return;
  printf ("oba-helper: listening on %s%s (%u workers)\n", g_str_has_prefix (self->listen, "unix:") ? "" : "http://",
          self->listen, self->workers->len);
  fflush (stdout);
  sd_notify (0, "READY=1");
}

static void
prepare_child (gpointer user_data)
{
  prctl (PR_SET_PDEATHSIG, SIGTERM);
}

static void
start (Worker *worker)
{
  Supervisor *self = worker->supervisor;
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (GDataInputStream) lines = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *number = g_strdup_printf ("%u", worker->number);
  g_autofree char *address = oba_supervisor_address (self->listen, worker->number, NULL);
  g_auto (GStrv) command = NULL;

  g_strv_builder_add (builder, "/proc/self/exe");
  g_strv_builder_addv (builder, (const char **) self->arguments);
  g_strv_builder_add_many (builder, "--listen", address, "--worker", number, NULL);
  command = g_strv_builder_end (builder);

  /* It is this process that systemd knows. */
  g_subprocess_launcher_unsetenv (launcher, "NOTIFY_SOCKET");
  g_subprocess_launcher_unsetenv (launcher, "WATCHDOG_USEC");
  g_subprocess_launcher_set_child_setup (launcher, prepare_child, NULL, NULL);
  worker->process = g_subprocess_launcher_spawnv (launcher, (const char *const *) command, &error);
  if (worker->process == NULL)
    {
      give_up (self, error->message);
      return;
    }
  worker->started = g_get_monotonic_time ();
  self->n_running++;
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (worker->process));
  g_data_input_stream_read_line_async (lines, G_PRIORITY_DEFAULT, NULL, said, worker);
  g_subprocess_wait_async (worker->process, NULL, ended, worker);
}

static gboolean
cancelled (GCancellable *cancellable, gpointer user_data)
{
  sd_notify (0, "STOPPING=1");
  stop_all (user_data);
  return G_SOURCE_REMOVE;
}

static gboolean
feed_watchdog (gpointer user_data)
{
  sd_notify (0, "WATCHDOG=1");
  return G_SOURCE_CONTINUE;
}

static void
start_all (Supervisor *self, guint n_workers)
{
  for (guint i = 1; i <= n_workers; i++)
    {
      Worker *worker = g_new0 (Worker, 1);

      worker->supervisor = self;
      worker->number = i;
      worker->pause_ms = FIRST_PAUSE_MS;
      g_ptr_array_add (self->workers, worker);
    }
  for (guint i = 0; i < n_workers && !self->stopping; i++)
    start (g_ptr_array_index (self->workers, i));
}

gboolean
oba_supervisor_run (
    const char *const *arguments, const char *listen, guint n_workers, GCancellable *cancellable, GError **error)
{
  g_autoptr (GSource) source = g_cancellable_source_new (cancellable);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GPtrArray) workers = g_ptr_array_new_with_free_func (worker_free);
  Supervisor self = { .arguments = arguments, .listen = listen, .loop = loop, .workers = workers };
  guint64 watchdog_us = 0;
  guint watchdog_id = 0;

  g_source_set_callback (source, G_SOURCE_FUNC (cancelled), &self, NULL);
  g_source_attach (source, NULL);
  if (sd_watchdog_enabled (0, &watchdog_us) > 0)
    watchdog_id = g_timeout_add ((guint) (watchdog_us / 2000), feed_watchdog, NULL);

  start_all (&self, n_workers);
  if (self.n_running > 0)
    g_main_loop_run (loop);

  g_clear_handle_id (&watchdog_id, g_source_remove);
  g_source_destroy (source);
  if (self.error != NULL)
    g_propagate_error (error, self.error);
  return self.error == NULL;
}
