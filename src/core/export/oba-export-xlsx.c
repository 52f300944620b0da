/* A workbook through libxlsxwriter, which keeps one row in memory and the rest in temporary files. */

#include "oba-export-writer.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <xlsxwriter.h>

#include "base/oba-phone.h"
#include "oba-export-xlsx-check.h"

typedef struct
{
  ObaExportWriter  parent;
  lxw_workbook    *workbook;
  lxw_worksheet   *sheet;
  lxw_row_t        row;
  guint            sheet_rows;
  gint64           rows;
  lxw_format      *header;
  lxw_format      *formats[OBA_EXPORT_TIME + 1];
  char            *folder;
  GString         *number;
  locale_t         c_locale;
} Xlsx;

/* The library writes numbers with printf(): in an Azerbaijani locale they would get commas, and the workbook would be broken. */
static locale_t
enter (Xlsx *self)
{
  return uselocale (self->c_locale);
}

static double
width_of (const ObaExportColumn *column)
{
  static const double widths[] = { 20, 20, 12, 14, 12, 12, 18 };

  return MAX (widths[column->type], (double) g_utf8_strlen (oba_export_column_get_title (column), -1) + 3);
}

static void
add_sheet (Xlsx *self)
{
  GPtrArray *columns = self->parent.columns;

  self->sheet = workbook_add_worksheet (self->workbook, NULL);
  self->parent.n_sheets++;
  for (guint i = 0; i < columns->len; i++)
    worksheet_set_column (self->sheet, (lxw_col_t) i, (lxw_col_t) i, width_of (columns->pdata[i]), NULL);
  worksheet_freeze_panes (self->sheet, 1, 0);
  for (guint i = 0; i < columns->len; i++)
    worksheet_write_string (self->sheet, 0, (lxw_col_t) i, oba_export_column_get_title (columns->pdata[i]), self->header);
  self->row = 1;
}

/* The library looks at nothing that it writes into its temporary file. */
static gboolean
check_disk (Xlsx *self, GError **error)
{
  if (self->sheet->optimize_tmpfile == NULL || (fflush (self->sheet->optimize_tmpfile) == 0 && !ferror (self->sheet->optimize_tmpfile)))
    return TRUE;
  oba_export_set_errno (error, ENOSPC, oba_export_target_get_path (self->parent.target));
  return FALSE;
}

/* "2024-05-01 10:00:05+04", "2024-05-01" */
static gboolean
parse_moment (const char *value, lxw_datetime *moment)
{
  gsize n = strlen (value);

  *moment = (lxw_datetime) { 0 };
  if (n < 10 || value[4] != '-' || value[7] != '-')
    return FALSE;
  moment->year = atoi (value);
  moment->month = atoi (value + 5);
  moment->day = atoi (value + 8);
  if (n >= OBA_EXPORT_SECONDS)
    {
      moment->hour = atoi (value + 11);
      moment->min = atoi (value + 14);
      moment->sec = atoi (value + 17);
    }
  return moment->year >= 1900 && moment->year <= 9999;
}

static lxw_error
write_text (Xlsx *self, lxw_col_t i, const char *text)
{
  return *text == '\0' ? LXW_NO_ERROR : worksheet_write_string (self->sheet, self->row, i, text, NULL);
}

static lxw_error
write_value (Xlsx *self, lxw_col_t i, ObaExportType type, const char *value)
{
  static const double units[] = { 1, 1, 1, 100, 1000, 1, 1 };
  lxw_datetime moment;
  g_autofree char *phone = NULL;

  switch (type)
    {
    case OBA_EXPORT_PHONE:
      phone = oba_phone_format (value);
      return write_text (self, i, phone);
    case OBA_EXPORT_INTEGER:
    case OBA_EXPORT_MONEY:
    case OBA_EXPORT_QUANTITY:
      return worksheet_write_number (self->sheet, self->row, i, g_ascii_strtod (value, NULL) / units[type], self->formats[type]);
    case OBA_EXPORT_DAY:
    case OBA_EXPORT_TIME:
      if (parse_moment (value, &moment))
        return worksheet_write_datetime (self->sheet, self->row, i, &moment, self->formats[type]);
      return write_text (self, i, value);
    case OBA_EXPORT_TEXT:
    default:
      return write_text (self, i, value);
    }
}

static void
set_library_error (GError **error, Xlsx *self, lxw_error code)
{
  if (code == LXW_ERROR_CREATING_TMPFILE || code == LXW_ERROR_ZIP_FILE_OPERATION || code == LXW_ERROR_ZIP_FILE_ADD
      || code == LXW_ERROR_ZIP_CLOSE || code == LXW_ERROR_CREATING_XLSX_FILE)
    oba_export_set_errno (error, errno != 0 ? errno : EIO, oba_export_target_get_path (self->parent.target));
  else
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_FAILED, _("The workbook could not be written: %s."), lxw_strerror (code));
}

static gboolean
xlsx_write (ObaExportWriter *writer, const char *const *values, GError **error)
{
  Xlsx *self = (Xlsx *) writer;
  lxw_error code = LXW_NO_ERROR;
  locale_t before;

  if (self->row >= self->sheet_rows)
    {
      if (!check_disk (self, error))
        return FALSE;
      before = enter (self);
      add_sheet (self);
      uselocale (before);
    }
  before = enter (self);
  for (guint i = 0; i < writer->columns->len && code == LXW_NO_ERROR; i++)
    if (values[i] != NULL)
      code = write_value (self, (lxw_col_t) i, ((const ObaExportColumn *) writer->columns->pdata[i])->type, values[i]);
  uselocale (before);
  if (code != LXW_NO_ERROR)
    {
      set_library_error (error, self, code);
      return FALSE;
    }
  self->row++;
  self->rows++;
  return self->rows % 16384 != 0 || check_disk (self, error);
}

static gboolean
xlsx_finish (ObaExportWriter *writer, GError **error)
{
  Xlsx *self = (Xlsx *) writer;
  locale_t before;
  lxw_error code;

  if (!check_disk (self, error))
    return FALSE;
  before = enter (self);
  errno = 0;
  code = workbook_close (self->workbook);
  uselocale (before);
  self->workbook = NULL;
  if (code != LXW_NO_ERROR)
    {
      set_library_error (error, self, code);
      return FALSE;
    }
  return oba_export_xlsx_check (oba_export_target_get_fd (writer->target), oba_export_target_get_path (writer->target),
                                self->rows + writer->n_sheets, error);
}

static void
xlsx_free (ObaExportWriter *writer)
{
  Xlsx *self = (Xlsx *) writer;

  g_ptr_array_unref (writer->columns);
  if (self->workbook != NULL)
    lxw_workbook_free (self->workbook);
  freelocale (self->c_locale);
  g_free (self->folder);
  g_free (self);
}

static void
add_formats (Xlsx *self)
{
  static const char *const patterns[] = { NULL, NULL, "#,##0", "#,##0.00", "#,##0.000", "yyyy-mm-dd", "yyyy-mm-dd hh:mm" };

  self->header = workbook_add_format (self->workbook);
  format_set_bold (self->header);
  for (guint i = 0; i < G_N_ELEMENTS (patterns); i++)
    if (patterns[i] != NULL)
      {
        self->formats[i] = workbook_add_format (self->workbook);
        format_set_num_format (self->formats[i], patterns[i]);
      }
}

ObaExportWriter *
oba_export_xlsx_new (ObaExportTarget *target, GPtrArray *columns, guint sheet_rows, GError **error)
{
  Xlsx *self = g_new0 (Xlsx, 1);
  const char *path = oba_export_target_get_path (target);
  lxw_workbook_options options = { .constant_memory = LXW_TRUE, .use_zip64 = LXW_TRUE };
  locale_t before;

  self->parent = (ObaExportWriter) { xlsx_write, xlsx_finish, xlsx_free, g_ptr_array_ref (columns), target, 0 };
  self->sheet_rows = CLAMP (sheet_rows, 2, LXW_ROW_MAX);
  self->c_locale = newlocale (LC_ALL_MASK, "C", NULL);
  /* Where the file goes there is room for it, which /tmp in memory may not have; and it is of the same owner. */
  self->folder = g_path_get_dirname (path);
  options.tmpdir = self->folder;
  before = enter (self);
  self->workbook = workbook_new_opt (path, &options);
  if (self->workbook != NULL)
    {
      add_formats (self);
      add_sheet (self);
    }
  uselocale (before);
  if (self->workbook == NULL || self->sheet == NULL || self->sheet->optimize_tmpfile == NULL)
    {
      oba_export_set_errno (error, errno != 0 ? errno : EIO, path);
      xlsx_free (&self->parent);
      return NULL;
    }
  return &self->parent;
}
