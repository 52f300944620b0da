#include "oba-telegram-export.h"

#include <glib/gstdio.h>

#include "access/oba-access.h"

#define PDF_NAME "oba.pdf"
#define JSON_NAME "oba.json"

typedef struct
{
  char *directory; /* for this file alone, of this user alone */
  char *path;
  const char *name;
} Export;

static void
export_free (gpointer data)
{
  Export *export = data;

  g_remove (export->path);
  g_rmdir (export->directory);
  g_free (export->path);
  g_free (export->directory);
  g_free (export);
}

static void
written (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Export *export = g_task_get_task_data (task);
  g_autofree char *bytes = NULL;
  GError *error = NULL;
  gsize length;

  if (!oba_access_write_finish (result, &error) || !g_file_get_contents (export->path, &bytes, &length, &error))
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_bytes_new_take (g_steal_pointer (&bytes), length), (GDestroyNotify) g_bytes_unref);
}

void
oba_telegram_export_make_async (ObaDbPool *pool, gint64 customer_id, JsonObject *payload, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (pool, cancellable, callback, user_data);
  gboolean json = g_str_equal (json_object_get_string_member_with_default (payload, "format", "pdf"), "json");
  GError *error = NULL;
  char *directory = g_dir_make_tmp ("oba-export-XXXXXX", &error);
  Export *export;

  if (directory == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  export = g_new0 (Export, 1);
  export->name = json ? JSON_NAME : PDF_NAME;
  export->directory = directory;
  export->path = g_build_filename (directory, export->name, NULL);
  g_task_set_task_data (task, export, export_free);
  oba_access_write_async (oba_db_pool_get_conninfo (pool), customer_id, json ? OBA_ACCESS_JSON : OBA_ACCESS_PDF, NULL, export->path, NULL, NULL, cancellable, written, g_steal_pointer (&task));
}

GBytes *
oba_telegram_export_make_finish (GAsyncResult *result, const char **name, GError **error)
{
  Export *export = g_task_get_task_data (G_TASK (result));

  *name = export != NULL ? export->name : NULL;
  return g_task_propagate_pointer (G_TASK (result), error);
}
