#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/** What is wrong with a record as a line of the file; its fields are not to be trusted then. */
typedef enum
{
  OBA_CSV_FAULT_NONE,
  OBA_CSV_FAULT_TOO_LONG,         /* a line over OBA_CSV_MAX_RECORD; the original is cut */
  OBA_CSV_FAULT_QUOTES,           /* a quote that is opened and not closed, or closed in the middle */
  OBA_CSV_FAULT_COLUMNS,          /* more or fewer than the header has */
  OBA_CSV_FAULT_ENCODING,
  OBA_CSV_FAULT_NUL,
} ObaCsvFault;

#define OBA_CSV_MAX_RECORD (1024 * 1024)
#define OBA_CSV_MAX_COLUMNS 1000

/** One record; everything belongs to the reader and lives until its next call. */
typedef struct
{
  gint64             line;         /* of the file, where the record begins; the first is 1 */
  ObaCsvFault        fault;
  guint              n_fields;
  const char *const *fields;       /* UTF-8 */
  const char        *original;     /* the bytes of the file without the line end, as they were (UTF-16: as UTF-8) */
  gsize              original_length;
} ObaCsvRecord;

/**
 * ObaCsvReader: records of a CSV file of any size in constant memory.
 *
 * Takes plain and gzip files; UTF-8 with and without BOM, UTF-16 with BOM, Windows-1251 and Windows-1254 by guess, any other by name; a comma, semicolon,
 * tab or bar between the fields, by guess or given; quoted newlines; any line ends; Excel's "sep=" line. Blank lines and lines of empty fields are skipped.
 * A faulty line costs itself only: a quote that is never closed does not swallow the lines after it.
 * Blocks, so it belongs into a thread.
 */
#define OBA_TYPE_CSV_READER (oba_csv_reader_get_type ())
G_DECLARE_FINAL_TYPE (ObaCsvReader, oba_csv_reader, OBA, CSV_READER, GObject)

/**
 * oba_csv_reader_new:
 * @stream: the file's bytes as they are
 * @size: of the file, for progress; 0 when not known
 * @encoding: (nullable): NULL to guess
 * @delimiter: 0 to guess
 *
 * Reads the header. OBA_ERROR_INVALID_INPUT when this is no CSV (the message names what it seems to be), is empty or has no usable header.
 */
ObaCsvReader       *oba_csv_reader_new          (GInputStream *stream,
                                                 goffset       size,
                                                 const char   *encoding,
                                                 char          delimiter,
                                                 GCancellable *cancellable,
                                                 GError      **error);
ObaCsvReader       *oba_csv_reader_open         (GFile        *file,
                                                 const char   *encoding,
                                                 char          delimiter,
                                                 GCancellable *cancellable,
                                                 GError      **error);

/** NULL-terminated, as written in the file. */
const char *const  *oba_csv_reader_get_header   (ObaCsvReader *self);
char                oba_csv_reader_get_delimiter (ObaCsvReader *self);
/** So far: "ASCII" until something else is seen. */
const char         *oba_csv_reader_get_encoding (ObaCsvReader *self);
gboolean            oba_csv_reader_is_encoding_guessed (ObaCsvReader *self);
/** Bytes of the file (compressed ones) that were taken. */
goffset             oba_csv_reader_get_position (ObaCsvReader *self);
goffset             oba_csv_reader_get_size     (ObaCsvReader *self);

/** Returns: (nullable): NULL at the end, and on an error of reading with @error set */
const ObaCsvRecord *oba_csv_reader_next         (ObaCsvReader *self, GCancellable *cancellable, GError **error);

/** The original line as UTF-8 for people and files; bytes that are no text stay as they are. */
void                oba_csv_reader_append_original (ObaCsvReader *self, const ObaCsvRecord *record, GString *to);

G_END_DECLS
