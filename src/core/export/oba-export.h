#pragma once

#include <gio/gio.h>

#include "customers/oba-customer-query.h"
#include "db/oba-db-connection.h"
#include "oba-export-columns.h"

G_BEGIN_DECLS

/**
 * The export of a list or a selection to a file, of any size in constant memory (of customers the ids are kept, 8 bytes each, as the list keeps them): the rows
 * are read a few thousand at a time, and the next ones only when those are written.
 *
 *  - One snapshot: rows, their number and the control totals are counted by the database first, and again row by row as they are written. When the
 *    two do not agree, it is an error and there is no file: an export is never cut silently.
 *  - The file is written as FILE.part and renamed when it is whole. The file itself holds the header and the rows and nothing else, so that any program reads it;
 *    number of rows and control totals are in the report, which is shown, and in the audit.
 *  - An export is written into the audit before the first row is read (who, what, which filter, which columns), and once more when it has
 *    ended, with its rows and totals. What was searched for is not written there, since it may be a name: only that something was.
 */
typedef enum
{
  OBA_EXPORT_CSV,
  OBA_EXPORT_XLSX,
} ObaExportFormat;

/** Of a sheet in a workbook, the header included. */
#define OBA_EXPORT_SHEET_ROWS 1048576

typedef struct
{
  ObaExportKind     kind;
  ObaExportFormat   format;
  char             *path;
  GStrv             columns;        /* (nullable): names in their order; NULL for the usual ones that this login may see */
  gboolean          bom;            /* CSV: Excel takes a file without it for one of the old encodings */
  char              delimiter;      /* CSV: Excel in Azerbaijani and Russian wants ';' */
  guint             sheet_rows;

  /* Customers: those of the ids in their order, or those of the filter in the order of the sort. */
  GArray           *ids;            /* (nullable) (element-type gint64) */
  ObaCustomerFilter *filter;        /* (nullable): everybody */
  ObaCustomerSort   sort;
  gboolean          descending;

  /* Sales and points: NULL or 0 for all */
  char             *from;           /* "2026-01-31", the first day */
  char             *to;             /* the last day */
  char             *store;          /* a code; sales only */
  char             *receipts;       /* sales only: those of a filter of receipts, as oba_receipt_query_get_json(); the others above are not asked for then */
  gint64            customer;
} ObaExportOptions;

ObaExportOptions *oba_export_options_new  (ObaExportKind kind, ObaExportFormat format, const char *path);
ObaExportOptions *oba_export_options_copy (const ObaExportOptions *self);
void              oba_export_options_free (ObaExportOptions *self);

typedef struct
{
  gint64  rows;
  gint64  points;            /* customers: sum of their balances; points: sum of the entries */
  gint64  money;             /* qəpik. Customers: sum of their spend of 12 months; sales: sum of the amounts */
  guint   sheets;
  gint64  bytes;
  double  seconds;
  gint64  export_id;         /* in the audit */
} ObaExportReport;

void              oba_export_report_free (ObaExportReport *self);

/** @rows of @total are written. */
typedef void (*ObaExportProgress) (gint64 rows, gint64 total, gpointer user_data);

/**
 * oba_export_run: for commands and threads; blocks.
 * @connection: an open one without a transaction; it is not to be used for anything else meanwhile
 * @progress: (nullable): called in this thread
 *
 * Errors: OBA_ERROR_INVALID_INPUT (a column that there is not), OBA_ERROR_REFUSED (one that this login may not see), G_FILE_ERROR, OBA_DB_ERROR,
 * G_IO_ERROR_CANCELLED. Then there is no file, and what was there under its name before is still there.
 */
ObaExportReport  *oba_export_run        (ObaDbConnection        *connection,
                                         const ObaExportOptions *options,
                                         ObaExportProgress       progress,
                                         gpointer                user_data,
                                         GCancellable           *cancellable,
                                         GError                **error);

/** The same in a thread with a connection of its own; @progress is called in the caller's main context. */
void              oba_export_run_async  (const char             *conninfo,
                                         const ObaExportOptions *options,
                                         ObaExportProgress       progress,
                                         gpointer                progress_data,
                                         GCancellable           *cancellable,
                                         GAsyncReadyCallback     callback,
                                         gpointer                user_data);
ObaExportReport  *oba_export_run_finish (GAsyncResult           *result,
                                         GError                **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaExportOptions, oba_export_options_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaExportReport, oba_export_report_free)

G_END_DECLS
