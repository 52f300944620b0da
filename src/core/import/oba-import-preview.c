#include "oba-import-preview.h"

#include <glib/gi18n-lib.h>

#include "base/oba-error.h"
#include "oba-csv-reader.h"

typedef struct
{
  GFile *file;
  char  *encoding;
  char   delimiter;
  guint  n_rows;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_object_unref (job->file);
  g_free (job->encoding);
  g_free (job);
}

void
oba_import_preview_free (ObaImportPreview *self)
{
  if (self == NULL)
    return;
  g_object_unref (self->file);
  g_strfreev (self->header);
  g_ptr_array_unref (self->rows);
  g_free (self->encoding);
  g_free (self);
}

static void
take_row (ObaImportPreview *self, const ObaCsvRecord *record)
{
  guint n = g_strv_length (self->header);
  GStrv row = g_new0 (char *, n + 1);

  for (guint i = 0; i < n; i++)
    row[i] = g_strdup (record->fault == OBA_CSV_FAULT_NONE && i < record->n_fields ? record->fields[i] : "");
  /* A line that cannot be cut into fields is shown as it is. */
  if (record->fault != OBA_CSV_FAULT_NONE && n > 0)
    {
      g_free (row[0]);
      row[0] = g_utf8_make_valid (record->original, (gssize) MIN (record->original_length, 200));
    }
  g_ptr_array_add (self->rows, row);
}

/* A pipe or a device could keep a reader waiting for ever, and can be read only once. */
static ObaCsvReader *
open_reader (Job *job, GCancellable *cancellable, GError **error)
{
  switch (g_file_query_file_type (job->file, G_FILE_QUERY_INFO_NONE, cancellable))
    {
    case G_FILE_TYPE_DIRECTORY:
      g_set_error_literal (error, OBA_ERROR, OBA_ERROR_INVALID_INPUT, _("This is a folder. Choose a file in it."));
      return NULL;
    case G_FILE_TYPE_SPECIAL:
      g_set_error_literal (error, OBA_ERROR, OBA_ERROR_INVALID_INPUT, _("This is no file that can be read twice. Save it as a CSV file."));
      return NULL;
    default:
      return oba_csv_reader_open (job->file, job->encoding, job->delimiter, cancellable, error);
    }
}

static ObaImportPreview *
read_preview (Job *job, GCancellable *cancellable, GError **error)
{
  g_autoptr (ObaCsvReader) reader = open_reader (job, cancellable, error);
  g_autoptr (ObaImportPreview) self = NULL;
  const ObaCsvRecord *record;
  GError *reason = NULL;

  if (reader == NULL)
    return NULL;
  self = g_new0 (ObaImportPreview, 1);
  self->file = g_object_ref (job->file);
  self->header = g_strdupv ((char **) oba_csv_reader_get_header (reader));
  self->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  while (self->rows->len < job->n_rows && (record = oba_csv_reader_next (reader, cancellable, &reason)) != NULL)
    take_row (self, record);
  if (reason != NULL)
    {
      g_propagate_error (error, reason);
      return NULL;
    }
  self->encoding = g_strdup (oba_csv_reader_get_encoding (reader));
  self->encoding_guessed = oba_csv_reader_is_encoding_guessed (reader);
  self->delimiter = oba_csv_reader_get_delimiter (reader);
  self->size = oba_csv_reader_get_size (reader);
  return g_steal_pointer (&self);
}

static void
run_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  GError *error = NULL;
  ObaImportPreview *preview = read_preview (task_data, cancellable, &error);

  if (preview != NULL)
    g_task_return_pointer (task, preview, (GDestroyNotify) oba_import_preview_free);
  else
    g_task_return_error (task, error);
}

void
oba_import_preview_async (GFile *file, const char *encoding, char delimiter, guint n_rows, GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Job *job = g_new (Job, 1);

  *job = (Job) { g_object_ref (file), g_strdup (encoding), delimiter, n_rows };
  g_task_set_source_tag (task, oba_import_preview_async);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, run_in_thread);
}

ObaImportPreview *
oba_import_preview_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

ObaImportKind
oba_import_kind_guess (const char *const *header)
{
  ObaImportKind best = OBA_IMPORT_CUSTOMERS;
  guint most = 0;

  for (guint kind = OBA_IMPORT_STORES; kind <= OBA_IMPORT_SALES; kind++)
    {
      g_autoptr (ObaImportMapping) mapping = oba_import_mapping_guess ((ObaImportKind) kind, header);
      guint n = 0;

      for (guint f = 0; f < mapping->n_fields; f++)
        n += mapping->columns[f]->len > 0;
      if (n > most || (n == most && kind == OBA_IMPORT_CUSTOMERS))
        {
          most = n;
          best = (ObaImportKind) kind;
        }
    }
  return best;
}
