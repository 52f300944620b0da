#include "oba-telegram-scanner.h"

#include "base/oba-error.h"
#include "scan/oba-scan.h"

#define MAX_UNDER_WAY 2
#define SCAN_MS 8000

struct _ObaTelegramScanner
{
  GObject parent_instance;

  ObaTelegramClient *client;
  GQueue waiting; /* of GTask */
  guint under_way;
};

G_DEFINE_FINAL_TYPE (ObaTelegramScanner, oba_telegram_scanner, G_TYPE_OBJECT)

typedef struct
{
  char *file_id;
  GCancellable *cancellable; /* the time is over */
  guint timer_id;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_clear_handle_id (&job->timer_id, g_source_remove);
  g_object_unref (job->cancellable);
  g_free (job->file_id);
  g_free (job);
}

static void begin_next (ObaTelegramScanner *self);

/* Either @codes or @error. Takes @task and both. */
static void
end (GTask *task, char **codes, GError *error)
{
  ObaTelegramScanner *self = g_task_get_source_object (task);

  self->under_way--;
  if (codes != NULL)
    g_task_return_pointer (task, codes, (GDestroyNotify) g_strfreev);
  else
    g_task_return_error (task, error);
  begin_next (self);
  g_object_unref (task);
}

static void
scanned (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GError *error = NULL;
  char **codes = oba_scan_picture_finish (result, &error);

  end (user_data, codes, error);
}

static void
downloaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Job *job = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GBytes) picture = oba_telegram_client_download_finish (OBA_TELEGRAM_CLIENT (source), result, &error);

  if (g_error_matches (error, OBA_ERROR, OBA_ERROR_INVALID_INPUT))
    {
      g_clear_error (&error);
      error = g_error_new_literal (OBA_SCAN_ERROR, OBA_SCAN_ERROR_TOO_LARGE, "The file is too large.");
    }
  if (picture == NULL)
    end (task, NULL, error);
  else
    oba_scan_picture_async (picture, SCAN_MS, job->cancellable, scanned, task);
}

/* Returns: (nullable) (unowned): where the file is */
static const char *
read_path (const ObaTelegramReply *reply)
{
  JsonObject *file = reply->result != NULL && JSON_NODE_HOLDS_OBJECT (reply->result) ? json_node_get_object (reply->result) : NULL;
  JsonNode *path = file != NULL ? json_object_get_member (file, "file_path") : NULL;

  return path != NULL && json_node_get_value_type (path) == G_TYPE_STRING ? json_node_get_string (path) : NULL;
}

static void
located (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Job *job = g_task_get_task_data (task);
  g_autoptr (ObaTelegramReply) reply = oba_telegram_client_call_finish (OBA_TELEGRAM_CLIENT (source), result);
  const char *path = reply->outcome == OBA_TELEGRAM_SENT ? read_path (reply) : NULL;

  if (path != NULL)
    oba_telegram_client_download_async (OBA_TELEGRAM_CLIENT (source), path, OBA_SCAN_MAX_BYTES, job->cancellable, downloaded, task);
  else
    end (task, NULL, g_error_new (OBA_ERROR, OBA_ERROR_NOT_FOUND, "getFile: %s", reply->problem != NULL ? reply->problem : "no path"));
}

static void
begin (ObaTelegramScanner *self, GTask *task)
{
  Job *job = g_task_get_task_data (task);
  g_autoptr (JsonNode) parameters = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "file_id", job->file_id);
  json_node_take_object (parameters, object);
  self->under_way++;
  oba_telegram_client_call_async (self->client, "getFile", parameters, job->cancellable, located, task);
}

static void
begin_next (ObaTelegramScanner *self)
{
  while (self->under_way < MAX_UNDER_WAY && !g_queue_is_empty (&self->waiting))
    begin (self, g_queue_pop_head (&self->waiting));
}

static gboolean
time_over (gpointer user_data)
{
  GTask *task = user_data;
  Job *job = g_task_get_task_data (task);
  ObaTelegramScanner *self = g_task_get_source_object (task);

  job->timer_id = 0;
  g_cancellable_cancel (job->cancellable);
  if (g_queue_remove (&self->waiting, task))
    {
      g_task_return_new_error (task, OBA_SCAN_ERROR, OBA_SCAN_ERROR_TOO_SLOW, "There was no time for it.");
      g_object_unref (task);
    }
  return G_SOURCE_REMOVE;
}

void
oba_telegram_scanner_scan_async (ObaTelegramScanner *self, const char *file_id, gint64 size, guint seconds, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  Job *job = g_new0 (Job, 1);

  job->file_id = g_strdup (file_id);
  job->cancellable = g_cancellable_new ();
  g_task_set_task_data (task, job, job_free);
  if (size > OBA_SCAN_MAX_BYTES)
    {
      g_task_return_new_error (task, OBA_SCAN_ERROR, OBA_SCAN_ERROR_TOO_LARGE, "The file is too large.");
      g_object_unref (task);
      return;
    }
  job->timer_id = g_timeout_add_seconds (seconds, time_over, task);
  g_queue_push_tail (&self->waiting, task);
  begin_next (self);
}

char **
oba_telegram_scanner_scan_finish (ObaTelegramScanner *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
oba_telegram_scanner_finalize (GObject *object)
{
  ObaTelegramScanner *self = OBA_TELEGRAM_SCANNER (object);

  g_clear_object (&self->client);
  G_OBJECT_CLASS (oba_telegram_scanner_parent_class)->finalize (object);
}

static void
oba_telegram_scanner_class_init (ObaTelegramScannerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = oba_telegram_scanner_finalize;
}

static void
oba_telegram_scanner_init (ObaTelegramScanner *self)
{
  g_queue_init (&self->waiting);
}

ObaTelegramScanner *
oba_telegram_scanner_new (ObaTelegramClient *client)
{
  ObaTelegramScanner *self = g_object_new (OBA_TYPE_TELEGRAM_SCANNER, NULL);

  self->client = g_object_ref (client);
  return self;
}
