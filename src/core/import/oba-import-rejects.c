#include "oba-import-private.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>

#include "base/oba-error.h"
#include "db/oba-db-sql.h"

typedef struct
{
  ObaCsvReader  *reader;
  GOutputStream *stream;
  GCancellable  *cancellable;
  GString       *text;
  GString       *original;
  char           delimiter;
} Writer;

static void
append_quoted (GString *to, const char *text, gsize length)
{
  g_string_append_c (to, '"');
  for (gsize i = 0; i < length; i++)
    {
      if (text[i] == '"')
        g_string_append_c (to, '"');
      g_string_append_c (to, text[i]);
    }
  g_string_append_c (to, '"');
}

/* The rejects come in the order of their lines, so that the file is read once. */
static const ObaCsvRecord *
find_record (Writer *self, gint64 line, GError **error)
{
  const ObaCsvRecord *record;
  GError *reason = NULL;

  do
    record = oba_csv_reader_next (self->reader, self->cancellable, &reason);
  while (record != NULL && record->line < line);
  if (reason != NULL)
    g_propagate_error (error, reason);
  else if (record == NULL || record->line != line)
    {
      g_set_error_literal (
          error, OBA_ERROR, OBA_ERROR_INVALID_INPUT,
          _("The file was changed while it was read. Nothing was imported; leave it alone and try again."));
      return NULL;
    }
  return record;
}

static gboolean
write_reject (const char *data, gsize length, gpointer user_data, GError **error)
{
  Writer *self = user_data;
  g_autofree char *row = g_strchomp (g_strndup (data, length));
  char *tab = strchr (row, '\t');
  g_autofree char *sentence = NULL;
  const ObaCsvRecord *record = find_record (self, g_ascii_strtoll (row, NULL, 10), error);

  if (record == NULL)
    return FALSE;
  sentence = oba_import_reason_describe (tab != NULL ? tab + 1 : "");
  g_string_truncate (self->original, 0);
  oba_csv_reader_append_original (self->reader, record, self->original);
  g_string_printf (self->text, "%" G_GINT64_FORMAT "%c", record->line, self->delimiter);
  append_quoted (self->text, sentence, strlen (sentence));
  g_string_append_c (self->text, self->delimiter);
  append_quoted (self->text, self->original->str, self->original->len);
  g_string_append_c (self->text, '\n');
  return g_output_stream_write_all (self->stream, self->text->str, self->text->len, NULL, self->cancellable, error);
}

static gboolean
write_all (Writer *self, ObaDbConnection *connection, GError **error)
{
  g_autofree char *header = g_strdup_printf ("line%creason%coriginal\n", self->delimiter, self->delimiter);

  return g_output_stream_write_all (self->stream, header, strlen (header), NULL, self->cancellable, error) &&
         oba_db_connection_copy_out_sync (connection, oba_db_sql ("import/rejects.sql"), write_reject, self,
                                          self->cancellable, error) >= 0 &&
         g_output_stream_close (self->stream, self->cancellable, error);
}

/* Closing with a cancelled cancellable leaves the old file in its place. */
static void
give_up (GOutputStream *stream)
{
  g_autoptr (GCancellable) cancelled = g_cancellable_new ();

  g_cancellable_cancel (cancelled);
  g_output_stream_close (stream, cancelled, NULL);
}

gboolean
oba_import_write_rejects (ObaDbConnection *connection,
                          const ObaImportOptions *options,
                          GCancellable *cancellable,
                          GError **error)
{
  g_autoptr (ObaCsvReader) reader =
      oba_csv_reader_open (options->file, options->encoding, options->delimiter, cancellable, error);
  g_autoptr (GFileOutputStream) file = NULL;
  g_autoptr (GOutputStream) buffered = NULL;
  Writer self = { 0 };
  gboolean done;

  if (reader == NULL)
    return FALSE;
  file = g_file_replace (options->rejects, NULL, FALSE, G_FILE_CREATE_REPLACE_DESTINATION, cancellable, error);
  if (file == NULL)
    return FALSE;
  buffered = g_buffered_output_stream_new_sized (G_OUTPUT_STREAM (file), 64 * 1024);
  self.reader = reader;
  self.stream = buffered;
  self.cancellable = cancellable;
  self.delimiter = ',';
  self.text = g_string_new (NULL);
  self.original = g_string_new (NULL);
  done = write_all (&self, connection, error);
  if (!done)
    give_up (G_OUTPUT_STREAM (file));
  g_string_free (self.text, TRUE);
  g_string_free (self.original, TRUE);
  return done;
}
