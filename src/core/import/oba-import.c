#include "oba-import-private.h"

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>

#include "base/oba-error.h"
#include "db/oba-db-sql.h"

#define COPY_CHUNK (256 * 1024)
#define PROGRESS_INTERVAL (G_USEC_PER_SEC / 10)

static const char *const KINDS[] = { "stores", "products", "customers", "sales" };

/* One run */
typedef struct
{
  ObaDbConnection        *connection;
  const ObaImportOptions *options;
  ObaImportProgress       progress;
  gpointer                progress_data;
  gint64                  progress_at;
  GCancellable           *cancellable;
  ObaCsvReader           *reader;
  ObaImportMapping       *mapping;
  ObaImportReport        *report;
  char                   *sha256;       /* (nullable) of the file */
  char                   *json;         /* options for the database */
} Run;

ObaImportOptions *
oba_import_options_new (ObaImportKind kind, GFile *file)
{
  ObaImportOptions *self = g_new0 (ObaImportOptions, 1);

  self->kind = kind;
  self->file = g_object_ref (file);
  self->create = OBA_IMPORT_CREATE_PRODUCTS;
  self->max_quantity = OBA_IMPORT_MAX_QUANTITY;
  return self;
}

ObaImportOptions *
oba_import_options_copy (const ObaImportOptions *self)
{
  ObaImportOptions *copy = g_memdup2 (self, sizeof *self);

  g_object_ref (copy->file);
  if (copy->rejects != NULL)
    g_object_ref (copy->rejects);
  copy->map = g_strdup (self->map);
  if (copy->columns != NULL)
    g_array_ref (copy->columns);
  copy->encoding = g_strdup (self->encoding);
  copy->null_text = g_strdup (self->null_text);
  copy->expected_sha256 = g_strdup (self->expected_sha256);
  return copy;
}

void
oba_import_options_free (ObaImportOptions *self)
{
  if (self == NULL)
    return;
  g_clear_object (&self->file);
  g_clear_object (&self->rejects);
  g_free (self->map);
  g_clear_pointer (&self->columns, g_array_unref);
  g_free (self->encoding);
  g_free (self->null_text);
  g_free (self->expected_sha256);
  g_free (self);
}

static void
tell (Run *self, ObaImportPhase phase, gboolean now)
{
  gint64 at = g_get_monotonic_time ();

  if (self->progress == NULL || (!now && at < self->progress_at + PROGRESS_INTERVAL))
    return;
  self->progress_at = at;
  self->progress (phase, oba_csv_reader_get_position (self->reader), oba_csv_reader_get_size (self->reader),
                  self->report->rows, self->progress_data);
}

static char *
make_json (Run *self)
{
  const ObaImportOptions *options = self->options;
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autofree char *name = g_file_get_basename (options->file);
  g_autofree char *shown = g_filename_display_name (name != NULL ? name : "");
  g_autofree char *columns = oba_import_mapping_to_json (self->mapping, oba_csv_reader_get_header (self->reader));
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "file");
  json_builder_add_string_value (builder, shown);
  json_builder_set_member_name (builder, "mapping");
  json_builder_add_value (builder, json_from_string (columns, NULL));
  json_builder_set_member_name (builder, "partial");
  json_builder_add_boolean_value (builder, options->partial_receipts);
  json_builder_set_member_name (builder, "changed");
  json_builder_add_int_value (builder, self->report->updated);
  if (self->sha256 != NULL)
    {
      json_builder_set_member_name (builder, "sha256");
      json_builder_add_string_value (builder, self->sha256);
    }
  json_builder_set_member_name (builder, "create");
  json_builder_begin_array (builder);
  if (options->create & OBA_IMPORT_CREATE_STORES)
    json_builder_add_string_value (builder, "stores");
  if (options->create & OBA_IMPORT_CREATE_CUSTOMERS)
    json_builder_add_string_value (builder, "customers");
  if (options->create & OBA_IMPORT_CREATE_PRODUCTS)
    json_builder_add_string_value (builder, "products");
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}

/* The file is read a second time for its rejected lines, which a pipe cannot be; and no device is to be replaced by a
 * file. */
static gboolean
check_rejects (const ObaImportOptions *options, GError **error)
{
  GFileType target = options->rejects != NULL ? g_file_query_file_type (options->rejects, G_FILE_QUERY_INFO_NONE, NULL)
                                              : G_FILE_TYPE_UNKNOWN;

  if (options->rejects == NULL)
    return TRUE;
  if (g_file_query_file_type (options->file, G_FILE_QUERY_INFO_NONE, NULL) != G_FILE_TYPE_REGULAR)
    g_set_error_literal (error, OBA_ERROR, OBA_ERROR_INVALID_INPUT,
                         _("Rejected lines can be kept only when the import is read from a file, not from a pipe."));
  else if (target != G_FILE_TYPE_UNKNOWN && target != G_FILE_TYPE_REGULAR)
    g_set_error_literal (error, OBA_ERROR, OBA_ERROR_INVALID_INPUT,
                         _("The rejected lines can only be written to a file."));
  else
    return TRUE;
  return FALSE;
}

/* By its bytes, a file is known that was imported before under whatever name. A pipe can be read only once. */
static gboolean
hash_file (Run *self, GError **error)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr (GFileInputStream) stream = NULL;
  g_autofree guchar *buffer = NULL;
  gssize n;

  if (g_file_query_file_type (self->options->file, G_FILE_QUERY_INFO_NONE, NULL) != G_FILE_TYPE_REGULAR)
    return TRUE;
  stream = g_file_read (self->options->file, self->cancellable, error);
  if (stream == NULL)
    return FALSE;
  buffer = g_malloc (COPY_CHUNK);
  while ((n = g_input_stream_read (G_INPUT_STREAM (stream), buffer, COPY_CHUNK, self->cancellable, error)) > 0)
    g_checksum_update (checksum, buffer, n);
  self->sha256 = g_strdup (g_checksum_get_string (checksum));
  return n == 0;
}

/* Who looked at a check must not import something else. */
static gboolean
is_as_checked (Run *self, GError **error)
{
  const char *expected = self->options->expected_sha256;

  if (expected == NULL || g_strcmp0 (expected, self->sha256) == 0)
    return TRUE;
  g_set_error_literal (error, OBA_ERROR, OBA_ERROR_INVALID_INPUT, _("The file has changed since it was checked. Check it again before it is imported."));
  return FALSE;
}

static ObaImportMapping *
map_columns (const ObaImportOptions *options, const char *const *header, GError **error)
{
  if (options->columns != NULL)
    return oba_import_mapping_new_columns (options->kind, header, (const int *) options->columns->data, options->columns->len, error);
  return oba_import_mapping_new (options->kind, header, options->map, error);
}

static gboolean
open_file (Run *self, GError **error)
{
  self->reader = oba_csv_reader_open (self->options->file, self->options->encoding, self->options->delimiter,
                                      self->cancellable, error);
  if (self->reader == NULL || !check_rejects (self->options, error))
    return FALSE;
  self->mapping = map_columns (self->options, oba_csv_reader_get_header (self->reader), error);
  if (self->mapping == NULL || !hash_file (self, error) || !is_as_checked (self, error))
    return FALSE;
  self->json = make_json (self);
  return TRUE;
}

static ObaDecimalMark
get_decimal_mark (Run *self)
{
  char delimiter = oba_csv_reader_get_delimiter (self->reader);

  if (self->options->decimal != OBA_DECIMAL_AUTO)
    return self->options->decimal;
  /* Spreadsheets of the countries that write "1.234,50" cut at semicolons or tabs. */
  return delimiter == ';' || delimiter == '\t' ? OBA_DECIMAL_AUTO : OBA_DECIMAL_AUTO_POINT;
}

static gboolean
send_rows (Run *self, ObaImportRows *rows, GString *copy, GError **error)
{
  const ObaCsvRecord *record;
  GError *reason = NULL;

  while ((record = oba_csv_reader_next (self->reader, self->cancellable, &reason)) != NULL)
    {
      oba_import_rows_append (rows, record, copy);
      self->report->rows++;
      if (copy->len < COPY_CHUNK)
        continue;
      if (!oba_db_connection_copy_in_write_sync (self->connection, copy->str, copy->len, self->cancellable, error))
        return FALSE;
      g_string_truncate (copy, 0);
      tell (self, OBA_IMPORT_PHASE_READING, FALSE);
    }
  if (reason != NULL)
    {
      g_propagate_error (error, reason);
      return FALSE;
    }
  return copy->len == 0 ||
         oba_db_connection_copy_in_write_sync (self->connection, copy->str, copy->len, self->cancellable, error);
}

static gboolean
copy_rows (Run *self, GError **error)
{
  g_autofree char *name = g_strdup_printf ("import/copy-%s.sql", KINDS[self->options->kind]);
  g_autoptr (GString) copy = g_string_sized_new (COPY_CHUNK + 64 * 1024);
  ObaImportRows rows;
  gboolean sent;

  if (!oba_db_connection_copy_in_begin_sync (self->connection, oba_db_sql (name), self->cancellable, error))
    return FALSE;
  oba_import_rows_init (&rows, self->options->kind, self->mapping);
  rows.decimal = get_decimal_mark (self);
  rows.null_text = self->options->null_text;
  rows.max_quantity = self->options->max_quantity * 1000;
  rows.daily_numbers = self->options->daily_numbers;
  sent = send_rows (self, &rows, copy, error);
  self->report->rounded = rows.rounded;
  self->report->zero_quantity = rows.zero_quantity;
  oba_import_rows_clear (&rows);
  if (!sent)
    {
      /* The error is told already; the server only has to forget what it got. */
      oba_db_connection_copy_in_end_sync (self->connection, "the import was stopped", NULL, NULL);
      return FALSE;
    }
  return oba_db_connection_copy_in_end_sync (self->connection, NULL, self->cancellable, error) >= 0;
}

static gboolean
stage (Run *self, GError **error)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("t", KINDS[self->options->kind]);
  g_autoptr (ObaDbResult) result = oba_db_connection_query_sync (self->connection, oba_db_sql ("import/stage.sql"),
                                                                 params, self->cancellable, error);

  if (result == NULL)
    return FALSE;
  tell (self, OBA_IMPORT_PHASE_READING, TRUE);
  return copy_rows (self, error);
}

static ObaDbResult *
call (Run *self, const char *sql, GError **error)
{
  g_autoptr (ObaDbParams) params = oba_db_params_build ("tt", KINDS[self->options->kind], self->json);

  return oba_db_connection_query_sync (self->connection, oba_db_sql (sql), params, self->cancellable, error);
}

static gboolean
check (Run *self, GError **error)
{
  g_autoptr (ObaDbResult) result = NULL;

  tell (self, OBA_IMPORT_PHASE_CHECKING, TRUE);
  result = call (self, "import/check.sql", error);
  if (result == NULL || !oba_import_report_take_check (self->report, oba_db_result_get_text (result, 0, 0), error))
    return FALSE;
  if (self->options->rejects == NULL)
    return TRUE;
  tell (self, OBA_IMPORT_PHASE_REJECTS, TRUE);
  return oba_import_write_rejects (self->connection, self->options, self->cancellable, error);
}

/* A file that brings nothing new leaves no trace, not even a batch. */
static gboolean
writes (Run *self)
{
  return !self->options->dry_run && self->report->inserted + self->report->updated > 0;
}

static gboolean
merge (Run *self, GError **error)
{
  g_autoptr (ObaDbResult) result = NULL, posted = NULL;
  g_autoptr (ObaDbParams) batch = NULL;

  tell (self, OBA_IMPORT_PHASE_WRITING, TRUE);
  g_free (self->json);
  self->json = make_json (self);
  result = call (self, "import/merge.sql", error);
  if (result == NULL)
    return FALSE;
  self->report->batch_id = oba_db_result_get_int64 (result, 0, 0);
  if (self->options->kind != OBA_IMPORT_SALES)
    return TRUE;
  tell (self, OBA_IMPORT_PHASE_POINTS, TRUE);
  batch = oba_db_params_build ("i", self->report->batch_id);
  posted =
      oba_db_connection_query_sync (self->connection, oba_db_sql ("import/post.sql"), batch, self->cancellable, error);
  return posted != NULL;
}

/* A commit under way is not cancelled: nobody would know what has become of it. */
static gboolean
commit (Run *self, GError **error)
{
  g_autoptr (GError) reason = NULL;

  if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return FALSE;
  if (oba_db_connection_script_sync (self->connection, "commit", NULL, &reason))
    return TRUE;
  if (g_error_matches (reason, OBA_DB_ERROR, OBA_DB_ERROR_LOST))
    g_set_error_literal (error, OBA_ERROR, OBA_ERROR_UNAVAILABLE,
                         _("The connection was lost at the very end, so it is not known whether the import was stored. "
                           "Run it once more: what is there already is left as it is."));
  else
    g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}

static gboolean
work (Run *self, GError **error)
{
  if (!oba_db_connection_script_sync (self->connection, oba_db_sql ("import/begin.sql"), self->cancellable, error)
      || !stage (self, error) || !check (self, error))
    return FALSE;
  return !writes (self) || (merge (self, error) && commit (self, error));
}

/* The money is booked by now; rollups that fail here are folded by the next job. */
static void
fold (Run *self)
{
  g_autoptr (ObaDbResult) folded = NULL;

  if (self->options->kind != OBA_IMPORT_SALES || !writes (self))
    return;
  tell (self, OBA_IMPORT_PHASE_ROLLUPS, TRUE);
  folded = oba_db_connection_query_sync (self->connection, oba_db_sql ("import/fold.sql"), NULL, NULL, NULL);
}

static void
run_clear (Run *self)
{
  g_clear_object (&self->reader);
  g_clear_pointer (&self->mapping, oba_import_mapping_free);
  g_clear_pointer (&self->report, oba_import_report_free);
  g_clear_pointer (&self->sha256, g_free);
  g_clear_pointer (&self->json, g_free);
}

ObaImportReport *
oba_import_run (ObaDbConnection        *connection,
                const ObaImportOptions *options,
                ObaImportProgress       progress,
                gpointer                user_data,
                GCancellable           *cancellable,
                GError                **error)
{
  Run self = { .connection = connection,
               .options = options,
               .progress = progress,
               .progress_data = user_data,
               .cancellable = cancellable };
  g_autoptr (ObaImportReport) report = NULL;
  gboolean done;

  self.report = oba_import_report_new (options->kind, options->dry_run);
  done = open_file (&self, error) && work (&self, error);
  if (!done || !writes (&self))
    oba_db_connection_script_sync (connection, "rollback", NULL, NULL);
  if (done)
    {
      fold (&self);
      self.report->encoding = g_strdup (oba_csv_reader_get_encoding (self.reader));
      self.report->encoding_guessed = oba_csv_reader_is_encoding_guessed (self.reader);
      self.report->delimiter = oba_csv_reader_get_delimiter (self.reader);
      self.report->sha256 = g_steal_pointer (&self.sha256);
      report = g_steal_pointer (&self.report);
    }
  run_clear (&self);
  return g_steal_pointer (&report);
}
