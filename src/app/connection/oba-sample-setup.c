#include "oba-sample-setup.h"

#include <glib/gi18n-lib.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/oba-error.h"
#include "base/oba-text.h"
#include "db/oba-db-source.h"
#include "db/oba-db-pool.h"
#include "db/oba-db-sql.h"

typedef struct
{
  ObaSampleProgress progress;
  gpointer          progress_data;
  ObaLocalServer   *server;
  char             *conninfo;
  ObaDbPool        *pool;
  GSubprocess      *helper;
  GDataInputStream *lines;
  char             *last_line;   /* of the helper: its reason, should it fail */
  gulong            cancelled_id;
} SetupData;

static void
setup_data_free (gpointer pointer)
{
  SetupData *data = pointer;

  if (data->pool != NULL)
    oba_db_pool_close (data->pool);
  g_clear_object (&data->pool);
  g_clear_object (&data->server);
  g_clear_object (&data->helper);
  g_clear_object (&data->lines);
  g_free (data->conninfo);
  g_free (data->last_line);
  g_free (data);
}

static void
tell (GTask *task, const char *stage, const char *detail, double fraction)
{
  SetupData *data = g_task_get_task_data (task);

  data->progress (stage, detail, fraction, data->progress_data);
}

/* ---- the helper fills the chain */

/* Beside this program when installed, in the neighbouring folder when not, else wherever the person has it. */
static char *
find_helper (void)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *directory = program != NULL ? g_path_get_dirname (program) : g_strdup (".");
  const char *const places[] = { ".", "../helper", "../../src/helper" };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autofree char *path = g_build_filename (directory, places[i], "oba-helper", NULL);

      if (g_file_test (path, G_FILE_TEST_IS_EXECUTABLE))
        return g_steal_pointer (&path);
    }
  return g_find_program_in_path ("oba-helper");
}

/* "Receipts  42 %  420000 of 1000000": the share in front of the first percent sign, negative when there is none. */
static double
parse_fraction (const char *line)
{
  const char *sign = strchr (line, '%');
  const char *start = sign;

  while (start != NULL && start > line && (g_ascii_isdigit (start[-1]) || start[-1] == ' '))
    start--;
  if (start == NULL || start == sign)
    return -1;
  return g_ascii_strtod (start, NULL) / 100.0;
}

static void
filled_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  SetupData *data = g_task_get_task_data (task);

  g_cancellable_disconnect (g_task_get_cancellable (task), data->cancelled_id);
  g_subprocess_wait_finish (G_SUBPROCESS (source), result, NULL);
  if (g_task_return_error_if_cancelled (task))
    return;
  if (!g_subprocess_get_successful (data->helper))
    {
      g_task_return_new_error (task, OBA_ERROR, OBA_ERROR_UNAVAILABLE, _("The sample chain could not be filled in: %s"),
                               data->last_line != NULL ? data->last_line : _("the helper ended without saying why"));
      return;
    }
  g_task_return_pointer (task, g_strdup (data->conninfo), g_free);
}

static void
line_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  SetupData *data = g_task_get_task_data (task);
  g_autofree char *line = g_data_input_stream_read_line_finish_utf8 (data->lines, result, NULL, NULL);

  if (line == NULL)
    {
      g_subprocess_wait_async (data->helper, NULL, filled_cb, g_steal_pointer (&task));
      return;
    }
  g_strstrip (line);
  if (*line != '\0')
    {
      g_autofree char *tidy = oba_text_clean (line, 200, NULL);

      tell (task, _("Filling in the sample chain…"), tidy, parse_fraction (line));
      g_free (data->last_line);
      data->last_line = g_steal_pointer (&line);
    }
  g_data_input_stream_read_line_async (data->lines, G_PRIORITY_DEFAULT, NULL, line_cb, g_steal_pointer (&task));
}

/* The helper takes SIGTERM as a wish to stop: it takes back what it began. */
static void
cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  g_subprocess_send_signal (user_data, SIGTERM);
}

static void
fill (GTask *task)
{
  SetupData *data = g_task_get_task_data (task);
  g_autofree char *program = find_helper ();
  GError *error = NULL;

  if (program == NULL)
    {
      g_task_return_new_error (task, OBA_ERROR, OBA_ERROR_UNAVAILABLE,
                               _("The sample chain could not be filled in: the program “oba-helper” is missing. Install it beside this one."));
      g_object_unref (task);
      return;
    }
  tell (task, _("Filling in the sample chain…"), _("This takes a minute or two, only the first time."), 0);
  data->helper = g_subprocess_new (G_SUBPROCESS_FLAGS_STDERR_PIPE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE, &error, program, "demo", "--database",
                                   data->conninfo, NULL);
  if (data->helper == NULL)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  data->lines = g_data_input_stream_new (g_subprocess_get_stderr_pipe (data->helper));
  data->cancelled_id = g_cancellable_connect (g_task_get_cancellable (task), G_CALLBACK (cancelled_cb), g_object_ref (data->helper), g_object_unref);
  g_data_input_stream_read_line_async (data->lines, G_PRIORITY_DEFAULT, NULL, line_cb, task);
}

/* ---- server, tables, is there anything in them? */

static void
folded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  SetupData *data = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (ObaDbResult) folded = oba_db_pool_write_finish (data->pool, result, &error);

  oba_db_pool_close (data->pool);
  if (folded == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_strdup (data->conninfo), g_free);
}

static void
looked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  SetupData *data = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (ObaDbResult) found = oba_db_pool_read_finish (data->pool, result, &error);

  if (found == NULL)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
    }
  else if (oba_db_result_get_bool (found, 0, 0))
    {
      /* No service may be running here, and a fill may have been stopped before it had counted what it filled in. */
      tell (task, _("Counting the receipts…"), NULL, -1);
      oba_db_pool_write_async (data->pool, oba_db_sql ("sales/fold.sql"), NULL, g_task_get_cancellable (task), folded_cb, task);
    }
  else
    {
      oba_db_pool_close (data->pool);
      fill (task);
    }
}

static void
migrated_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  SetupData *data = g_task_get_task_data (task);
  GError *error = NULL;

  data->conninfo = oba_db_source_open_local_finish (result, &error);
  if (data->conninfo == NULL)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  data->pool = oba_db_pool_new (data->conninfo, 1, OBA_DB_CONNECTION_DEFAULT);
  oba_db_pool_read_async (data->pool, oba_db_sql ("sales/any.sql"), NULL, g_task_get_cancellable (task), looked_cb, task);
}

static void
started_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  SetupData *data = g_task_get_task_data (task);
  GError *error = NULL;

  if (!oba_local_server_start_finish (data->server, result, &error))
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  tell (task, _("Preparing the tables…"), NULL, -1);
  oba_db_source_open_local_async (data->server, g_task_get_cancellable (task), migrated_cb, task);
}

void
oba_sample_setup_async (ObaSampleProgress    progress,
                        gpointer             progress_data,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  SetupData *data = g_new0 (SetupData, 1);

  g_task_set_source_tag (task, oba_sample_setup_async);
  g_task_set_task_data (task, data, setup_data_free);
  data->progress = progress;
  data->progress_data = progress_data;
  data->server = oba_local_server_new (NULL);

  tell (task, _("Starting the private database…"), NULL, -1);
  oba_local_server_start_async (data->server, cancellable, started_cb, task);
}

char *
oba_sample_setup_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
