#include "oba-csv-reader.h"

#include <csv.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/oba-error.h"
#include "base/oba-money.h"
#include "oba-csv-dialect.h"
#include "oba-file-kind.h"
#include "oba-gunzip.h"
#include "oba-text-decoder.h"

#define CHUNK (256 * 1024)
#define SNIFF (64 * 1024)
/* What is kept of a line that is too long to keep. */
#define CLIP 1024

struct _ObaCsvReader
{
  GObject parent;

  GInputStream   *file;        /* the bytes as they are, counted */
  GInputStream   *stream;      /* the same, unpacked, and in UTF-8 if they were in UTF-16 */
  goffset         size;
  goffset         position;
  ObaTextDecoder *decoder;
  char            delimiter;
  char          **header;

  /* The window over the stream: [start, end) is not consumed yet. */
  char    *buffer;
  gsize    start;
  gsize    end;
  gsize    capacity;
  gboolean at_end;
  gboolean converted;          /* from an encoding that only a stream can have */
  gint64   line;               /* the number of the line at start */

  /* The record in the making */
  struct csv_parser strict;
  struct csv_parser lenient;
  GString     *text;
  GArray      *offsets;
  GPtrArray   *fields;
  gboolean     complete;
  gboolean     valid;
  gboolean     crowded;
  char        *clip;
  ObaCsvRecord record;
};

G_DEFINE_FINAL_TYPE (ObaCsvReader, oba_csv_reader, G_TYPE_OBJECT)

static void
on_field (void *bytes, size_t n, void *user_data)
{
  ObaCsvReader *self = user_data;
  gsize offset = self->text->len;

  if (self->offsets->len >= OBA_CSV_MAX_COLUMNS)
    {
      self->crowded = TRUE;
      return;
    }
  g_array_append_val (self->offsets, offset);
  if (n > 0 && !oba_text_decoder_append (self->decoder, self->text, bytes, n))
    self->valid = FALSE;
  g_string_append_c (self->text, '\0');
}

static void
on_record (int end, void *user_data)
{
  ObaCsvReader *self = user_data;

  self->complete = TRUE;
}

static void
clear_record (ObaCsvReader *self, struct csv_parser *parser)
{
  /* Forgets what the parser has half read. */
  csv_fini (parser, NULL, NULL, NULL);
  g_string_truncate (self->text, 0);
  g_array_set_size (self->offsets, 0);
  self->complete = self->crowded = FALSE;
  self->valid = TRUE;
}

static void
set_read_error (ObaCsvReader *self, GError *reason, GError **error)
{
  g_autofree char *line = oba_number_format (self->line);

  if (self->converted && (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT) || g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_INVALID_DATA)))
    g_set_error (error, OBA_ERROR, OBA_ERROR_INVALID_INPUT,
                 _("After line %s the file is not in %s: it is cut off or damaged there, or the encoding is another one."), line,
                 oba_text_decoder_get_name (self->decoder));
  else if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT))
    g_set_error (error, OBA_ERROR, OBA_ERROR_INVALID_INPUT,
                 _("The file is cut off in the middle, after line %s. Get a whole copy of it."), line);
  else if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_INVALID_DATA))
    g_set_error (error, OBA_ERROR, OBA_ERROR_INVALID_INPUT,
                 _("The file is damaged: nothing can be read after line %s. Get a good copy of it."), line);
  else
    {
      g_propagate_error (error, reason);
      return;
    }
  g_error_free (reason);
}

/* Reads more behind what is there; at_end is set when there is no more. */
static gboolean
fill (ObaCsvReader *self, GCancellable *cancellable, GError **error)
{
  GError *reason = NULL;
  gssize n;

  if (self->capacity - self->end < CHUNK && self->start > 0)
    {
      memmove (self->buffer, self->buffer + self->start, self->end - self->start);
      self->end -= self->start;
      self->start = 0;
    }
  if (self->capacity - self->end < CHUNK)
    {
      self->capacity = self->end + 2 * CHUNK;
      self->buffer = g_realloc (self->buffer, self->capacity);
    }
  n = g_input_stream_read (self->stream, self->buffer + self->end, CHUNK, cancellable, &reason);
  if (n < 0)
    {
      set_read_error (self, reason, error);
      return FALSE;
    }
  if (G_IS_SEEKABLE (self->file))
    self->position = g_seekable_tell (G_SEEKABLE (self->file));
  else
    self->position += n;
  self->end += (gsize) n;
  self->at_end = n == 0;
  return TRUE;
}

/*
 * Finds the end of the line that begins @from bytes behind start (newline included). 0 with *at_end when nothing is
 * there, 0 otherwise when the line makes the record longer than it may be. The bytes are looked at once, however small
 * the pieces they come in.
 */
static gboolean
find_line (ObaCsvReader *self, gsize from, gsize *length, GCancellable *cancellable, GError **error)
{
  gsize seen = from;

  for (;;)
    {
      const char *bytes = self->buffer + self->start;
      gsize n = self->end - self->start;

      for (; seen < n && seen < OBA_CSV_MAX_RECORD; seen++)
        {
          if (bytes[seen] == '\n')
            {
              *length = seen + 1 - from;
              return TRUE;
            }
          if (bytes[seen] == '\r' && (seen + 1 < n || self->at_end))
            {
              *length = seen + (seen + 1 < n && bytes[seen + 1] == '\n' ? 2 : 1) - from;
              return TRUE;
            }
          if (bytes[seen] == '\r')
            break;
        }
      if (seen >= OBA_CSV_MAX_RECORD || self->at_end)
        {
          *length = seen >= OBA_CSV_MAX_RECORD ? 0 : n - from;
          return TRUE;
        }
      if (!fill (self, cancellable, error))
        return FALSE;
    }
}

static gsize
without_newline (const char *bytes, gsize n)
{
  while (n > 0 && (bytes[n - 1] == '\n' || bytes[n - 1] == '\r'))
    n--;
  return n;
}

static const ObaCsvRecord *
finish_record (ObaCsvReader *self, ObaCsvFault fault, gsize length, gint64 lines)
{
  ObaCsvRecord *record = &self->record;

  record->line = self->line;
  record->fault = fault;
  record->original = self->buffer + self->start;
  record->original_length = without_newline (record->original, length);
  record->n_fields = self->offsets->len;
  g_ptr_array_set_size (self->fields, 0);
  for (guint i = 0; i < self->offsets->len; i++)
    g_ptr_array_add (self->fields, self->text->str + g_array_index (self->offsets, gsize, i));
  record->fields = (const char *const *) self->fields->pdata;
  self->start += length;
  self->line += lines;
  return record;
}

/* A line of which only the beginning is kept: the rest is read and dropped up to the next newline. */
static const ObaCsvRecord *
skip_long_line (ObaCsvReader *self, GCancellable *cancellable, GError **error)
{
  const ObaCsvRecord *record;

  g_free (self->clip);
  self->clip = g_strndup (self->buffer + self->start, CLIP);
  for (;;)
    {
      gsize i = self->start;

      while (i < self->end && self->buffer[i] != '\n' && self->buffer[i] != '\r')
        i++;
      /* The newline that may follow a carriage return belongs to it. */
      if (i < self->end && (self->buffer[i] == '\n' || i + 1 < self->end || self->at_end))
        {
          gboolean pair = self->buffer[i] == '\r' && i + 1 < self->end && self->buffer[i + 1] == '\n';

          self->start = i + (pair ? 2 : 1);
          break;
        }
      self->start = i;
      if (self->at_end)
        break;
      if (!fill (self, cancellable, error))
        return NULL;
    }
  record = finish_record (self, OBA_CSV_FAULT_TOO_LONG, 0, 1);
  self->record.original = self->clip;
  self->record.original_length = strlen (self->clip);
  return record;
}

static gboolean
feed (ObaCsvReader *self, struct csv_parser *parser, const char *bytes, gsize n)
{
  if (csv_parse (parser, bytes, n, on_field, on_record, self) != n)
    return FALSE;
  /* The last line of a file may lack its newline. */
  if (!self->complete && self->at_end && bytes + n == self->buffer + self->end && without_newline (bytes, n) == n)
    return csv_parse (parser, "\n", 1, on_field, on_record, self) == 1;
  return TRUE;
}

static gboolean
is_blank (ObaCsvReader *self, const char *bytes, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if (bytes[i] != '\n' && bytes[i] != '\r' && bytes[i] != ' ' && bytes[i] != '\t' && bytes[i] != self->delimiter)
      return FALSE;
  return TRUE;
}

/* The decoder decides once, by all that is at hand. */
static void
learn (ObaCsvReader *self, const char *bytes, gsize n)
{
  if (oba_text_decoder_is_decided (self->decoder))
    return;
  for (gsize i = 0; i < n; i++)
    if (bytes[i] & 0x80)
      {
        oba_text_decoder_learn (self->decoder, bytes, (gsize) (self->buffer + self->end - bytes));
        return;
      }
}

static ObaCsvFault
get_fault (ObaCsvReader *self, gsize length)
{
  guint wanted = self->header != NULL ? g_strv_length (self->header) : self->offsets->len;

  if (memchr (self->buffer + self->start, 0, length) != NULL)
    return OBA_CSV_FAULT_NUL;
  if (!self->valid)
    return OBA_CSV_FAULT_ENCODING;
  if (self->crowded || self->offsets->len < wanted)
    return OBA_CSV_FAULT_COLUMNS;
  /* Empty fields behind the last column are a habit of spreadsheets. */
  for (guint i = wanted; i < self->offsets->len; i++)
    if (self->text->str[g_array_index (self->offsets, gsize, i)] != '\0')
      return OBA_CSV_FAULT_COLUMNS;
  return OBA_CSV_FAULT_NONE;
}

/* One line alone, by laxer rules: a quote inside a field is a character of it ("5" pipe"). */
static const ObaCsvRecord *
read_quirky_line (ObaCsvReader *self, gsize length)
{
  gboolean complete;

  clear_record (self, &self->lenient);
  complete = feed (self, &self->lenient, self->buffer + self->start, length) && self->complete;
  return finish_record (self, complete ? get_fault (self, length) : OBA_CSV_FAULT_QUOTES, length, 1);
}

/* Takes lines until they make a record. Only the first is given up when they do not, so that the next ones get their
 * chance. */
static const ObaCsvRecord *
read_record (ObaCsvReader *self, gsize first, GCancellable *cancellable, GError **error)
{
  gsize used = 0, length = first;
  gint64 lines = 0;

  clear_record (self, &self->strict);
  for (;;)
    {
      const char *bytes = self->buffer + self->start + used;

      learn (self, bytes, length);
      if (!feed (self, &self->strict, bytes, length))
        break;
      used += length;
      lines++;
      if (self->complete)
        return finish_record (self, get_fault (self, used), used, lines);
      if (!find_line (self, used, &length, cancellable, error))
        return NULL;
      if (length == 0)
        break;
    }
  return read_quirky_line (self, first);
}

const ObaCsvRecord *
oba_csv_reader_next (ObaCsvReader *self, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (OBA_IS_CSV_READER (self), NULL);

  for (;;)
    {
      gsize length;

      if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
          !find_line (self, 0, &length, cancellable, error))
        return NULL;
      if (length == 0)
        return self->start == self->end ? NULL : skip_long_line (self, cancellable, error);
      if (!is_blank (self, self->buffer + self->start, length))
        return read_record (self, length, cancellable, error);
      self->start += length;
      self->line++;
    }
}

static gboolean
refuse (GError **error, const char *kind)
{
  g_set_error (error, OBA_ERROR, OBA_ERROR_INVALID_INPUT,
               _("This is not a CSV file: it looks like %s. Save it as CSV (text, one record a line) and try again."),
               kind);
  return FALSE;
}

/* Puts a buffer around @stream and fills it as far as it goes. */
static GInputStream *
peek (GInputStream *stream, const guint8 **bytes, gsize *n, GCancellable *cancellable, GError **error)
{
  g_autoptr (GInputStream) buffered = g_buffered_input_stream_new_sized (stream, SNIFF);
  gssize got;

  do
    got = g_buffered_input_stream_fill (G_BUFFERED_INPUT_STREAM (buffered), -1, cancellable, error);
  while (got > 0 && g_buffered_input_stream_get_available (G_BUFFERED_INPUT_STREAM (buffered)) < SNIFF);
  if (got < 0)
    return NULL;
  *bytes = g_buffered_input_stream_peek_buffer (G_BUFFERED_INPUT_STREAM (buffered), n);
  return g_steal_pointer (&buffered);
}

static gboolean
convert_stream (ObaCsvReader *self, const char *encoding, GError **error)
{
  g_autoptr (GCharsetConverter) converter = g_charset_converter_new ("UTF-8", encoding, error);
  g_autoptr (GInputStream) from = g_steal_pointer (&self->stream);

  if (converter == NULL)
    return FALSE;
  self->converted = TRUE;
  self->stream = g_converter_input_stream_new (from, G_CONVERTER (converter));
  return TRUE;
}

static gboolean
unpack (ObaCsvReader *self, GCancellable *cancellable, GError **error)
{
  const guint8 *bytes;
  gsize n;

  self->stream = peek (self->file, &bytes, &n, cancellable, error);
  if (self->stream == NULL)
    return FALSE;
  if (n >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b)
    {
      g_autoptr (GConverter) gunzip = oba_gunzip_new ();
      g_autoptr (GInputStream) packed = g_steal_pointer (&self->stream);
      g_autoptr (GInputStream) plain = g_converter_input_stream_new (packed, gunzip);
      GError *reason = NULL;

      self->stream = peek (plain, &bytes, &n, cancellable, &reason);
      if (self->stream == NULL)
        {
          set_read_error (self, reason, error);
          return FALSE;
        }
    }
  return TRUE;
}

/* Decides what the bytes are and leaves self->stream giving text. */
static gboolean
sniff (ObaCsvReader *self, const char *encoding, GCancellable *cancellable, GError **error)
{
  const guint8 *bytes;
  const char *kind;
  gsize n;

  self->decoder = oba_text_decoder_new (encoding, error);
  if (self->decoder == NULL || !unpack (self, cancellable, error))
    return FALSE;
  bytes = g_buffered_input_stream_peek_buffer (G_BUFFERED_INPUT_STREAM (self->stream), &n);
  if (n == 0)
    {
      g_set_error_literal (error, OBA_ERROR, OBA_ERROR_INVALID_INPUT, _("The file is empty."));
      return FALSE;
    }
  if (encoding == NULL && n >= 2 && ((bytes[0] == 0xff && bytes[1] == 0xfe) || (bytes[0] == 0xfe && bytes[1] == 0xff)))
    {
      g_clear_pointer (&self->decoder, oba_text_decoder_free);
      self->decoder = oba_text_decoder_new (encoding = "UTF-16", error);
    }
  if (self->decoder != NULL && oba_text_decoder_needs_stream (self->decoder))
    return convert_stream (self, encoding, error);

  kind = oba_file_kind_guess (bytes, MIN (n, 4096));
  return self->decoder != NULL && (kind == NULL || refuse (error, kind));
}

/* "sep=;": what Excel writes to tell its delimiter */
static void
take_sep_line (ObaCsvReader *self)
{
  const char *p = self->buffer + self->start;
  gsize n = self->end - self->start;

  if (n < 6 || g_ascii_strncasecmp (p, "sep=", 4) != 0 || strchr (",;\t|", p[4]) == NULL || p[4] == '\0'
      || (p[5] != '\n' && p[5] != '\r'))
    return;
  if (self->delimiter == 0)
    self->delimiter = p[4];
  self->start += p[5] == '\r' && n > 6 && p[6] == '\n' ? 7 : 6;
  self->line++;
}

static gboolean
read_header (ObaCsvReader *self, GCancellable *cancellable, GError **error)
{
  const ObaCsvRecord *record = oba_csv_reader_next (self, cancellable, error);
  const char *kind;

  if (record == NULL)
    {
      if (error != NULL && *error == NULL)
        g_set_error_literal (error, OBA_ERROR, OBA_ERROR_INVALID_INPUT,
                             _("The file has no header: its first line must name the columns."));
      return FALSE;
    }
  kind = record->fault == OBA_CSV_FAULT_NUL ? _("a binary file") : NULL;
  if (kind != NULL)
    return refuse (error, kind);
  if (record->fault != OBA_CSV_FAULT_NONE)
    {
      g_set_error_literal (error, OBA_ERROR, OBA_ERROR_INVALID_INPUT,
                           _("The first line cannot be read as a header: it must name the columns."));
      return FALSE;
    }
  self->header = g_new0 (char *, record->n_fields + 1);
  for (guint i = 0; i < record->n_fields; i++)
    self->header[i] = g_strdup (record->fields[i]);
  return TRUE;
}

static gboolean
start (ObaCsvReader *self, GCancellable *cancellable, GError **error)
{
  /* Everything that is guessed is guessed by the first 64 KiB. */
  while (self->end < SNIFF && !self->at_end)
    if (!fill (self, cancellable, error))
      return FALSE;
  if (self->end >= 3 && memcmp (self->buffer, "\xef\xbb\xbf", 3) == 0)
    {
      self->start = 3;
      if (!oba_text_decoder_is_decided (self->decoder))
        oba_text_decoder_set_utf8 (self->decoder);
    }
  take_sep_line (self);
  learn (self, self->buffer + self->start, self->end - self->start);
  if (self->delimiter == 0)
    self->delimiter = oba_csv_guess_delimiter (self->buffer + self->start, MIN (self->end - self->start, SNIFF));
  csv_set_delim (&self->strict, (unsigned char) self->delimiter);
  csv_set_delim (&self->lenient, (unsigned char) self->delimiter);
  return read_header (self, cancellable, error);
}

ObaCsvReader *
oba_csv_reader_new (
    GInputStream *stream, goffset size, const char *encoding, char delimiter, GCancellable *cancellable, GError **error)
{
  g_autoptr (ObaCsvReader) self = g_object_new (OBA_TYPE_CSV_READER, NULL);
  g_autoptr (GError) reason = NULL;

  self->file = g_object_ref (stream);
  self->size = size;
  self->delimiter = delimiter;
  if (!sniff (self, encoding, cancellable, &reason) || !start (self, cancellable, &reason))
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return NULL;
    }
  return g_steal_pointer (&self);
}

ObaCsvReader *
oba_csv_reader_open (GFile *file, const char *encoding, char delimiter, GCancellable *cancellable, GError **error)
{
  g_autoptr (GFileInputStream) stream = g_file_read (file, cancellable, error);
  g_autoptr (GFileInfo) info = NULL;

  if (stream == NULL)
    return NULL;
  info = g_file_input_stream_query_info (stream, G_FILE_ATTRIBUTE_STANDARD_SIZE, cancellable, NULL);
  return oba_csv_reader_new (G_INPUT_STREAM (stream), info != NULL ? g_file_info_get_size (info) : 0,
                             encoding, delimiter, cancellable, error);
}

const char *const *
oba_csv_reader_get_header (ObaCsvReader *self)
{
  return (const char *const *) self->header;
}

char
oba_csv_reader_get_delimiter (ObaCsvReader *self)
{
  return self->delimiter;
}

const char *
oba_csv_reader_get_encoding (ObaCsvReader *self)
{
  return oba_text_decoder_get_name (self->decoder);
}

gboolean
oba_csv_reader_is_encoding_guessed (ObaCsvReader *self)
{
  return oba_text_decoder_is_guess (self->decoder);
}

goffset
oba_csv_reader_get_position (ObaCsvReader *self)
{
  return self->position;
}

goffset
oba_csv_reader_get_size (ObaCsvReader *self)
{
  return self->size;
}

void
oba_csv_reader_append_original (ObaCsvReader *self, const ObaCsvRecord *record, GString *to)
{
  gsize before = to->len;

  if (oba_text_decoder_append (self->decoder, to, record->original, record->original_length))
    return;
  g_string_truncate (to, before);
  g_string_append_len (to, record->original, (gssize) record->original_length);
}

static void
oba_csv_reader_finalize (GObject *object)
{
  ObaCsvReader *self = OBA_CSV_READER (object);

  g_clear_object (&self->stream);
  g_clear_object (&self->file);
  g_clear_pointer (&self->decoder, oba_text_decoder_free);
  g_strfreev (self->header);
  g_free (self->buffer);
  g_free (self->clip);
  csv_free (&self->strict);
  csv_free (&self->lenient);
  g_string_free (self->text, TRUE);
  g_array_unref (self->offsets);
  g_ptr_array_unref (self->fields);
  G_OBJECT_CLASS (oba_csv_reader_parent_class)->finalize (object);
}

static void
oba_csv_reader_class_init (ObaCsvReaderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = oba_csv_reader_finalize;
}

static void
oba_csv_reader_init (ObaCsvReader *self)
{
  self->line = 1;
  self->text = g_string_new (NULL);
  self->offsets = g_array_new (FALSE, FALSE, sizeof (gsize));
  self->fields = g_ptr_array_new ();
  if (csv_init (&self->strict, CSV_STRICT) != 0 || csv_init (&self->lenient, 0) != 0)
    g_error ("libcsv cannot be started");
  csv_set_blk_size (&self->strict, 4096);
  csv_set_blk_size (&self->lenient, 4096);
}
