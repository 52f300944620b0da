#pragma once

#include "oba-export-columns.h"
#include "oba-export-target.h"

G_BEGIN_DECLS

/* Of "2026-01-31 17:05:09.123+04", as the database gives a moment: up to the second. */
#define OBA_EXPORT_SECONDS 19

/** Puts rows into a target. A value is text as the database gives it, NULL for none. For rooms that write a list of their own, too. */
typedef struct _ObaExportWriter ObaExportWriter;
struct _ObaExportWriter
{
  gboolean (*write)  (ObaExportWriter *self, const char *const *values, GError **error);
  /* Everything is on the disk afterwards. */
  gboolean (*finish) (ObaExportWriter *self, GError **error);
  void     (*free)   (ObaExportWriter *self);

  /* (element-type ObaExportColumn) (unowned) */
  GPtrArray       *columns;
  ObaExportTarget *target;
  guint            n_sheets;
};

/**
 * oba_export_csv_new: RFC 4180 in UTF-8: CRLF, quotes where they are needed, names of columns in the first line.
 *
 * A spreadsheet takes a cell that begins with = + - @ or a tab for a formula, and whoever could type a name could so run something on the computer
 * of whoever opens the file. Such texts get an apostrophe before them, the usual way; so do texts that begin with apostrophes and then one of those
 * signs, so that the import, which takes one away, gives back exactly what was there. Phone numbers are written as +994 50 123 45 67, which no
 * spreadsheet can compute.
 */
ObaExportWriter *oba_export_csv_new  (ObaExportTarget *target, GPtrArray *columns, gboolean bom, char delimiter);

/**
 * oba_export_xlsx_new: a workbook written in constant memory; texts are texts and never formulas, numbers and days are such.
 * @sheet_rows: rows of a sheet, the header included, before the next sheet begins
 */
ObaExportWriter *oba_export_xlsx_new (ObaExportTarget *target, GPtrArray *columns, guint sheet_rows, GError **error);

/** "1234" as it comes, "12.34" for qəpik, "1.250" for thousandths: @decimals places. */
void             oba_export_append_decimal (GString *to, const char *number, guint decimals);

G_END_DECLS
