#pragma once

#include "db/oba-db-connection.h"
#include "oba-import-fields.h"
#include "oba-import-value.h"

G_BEGIN_DECLS

/**
 * The import of a file: read in constant memory, staged, checked and merged in one transaction of the database. Whatever interrupts it
 * (cancelling, a full disk, a lost server, a crash), nothing of it stays; the same file twice changes nothing the second time.
 *
 * What is decided about sales:
 *  - A receipt is the lines with the same store, till and number. It is booked once; lines that come later for it are rejected ("differs").
 *  - A receipt of which a line is rejected waits as a whole, so that it can be imported complete after the line is mended
 *    (partial_receipts keeps the rest at once). A line of quantity 0 and amount 0 holds nobody up: it says nothing and is rejected alone.
 *  - No money is lost over the catalogue: a product that it lacks is kept as a bare record (known = false) named by its code.
 *  - Quantity 0 with an amount is kept as one piece, amount 0 with a quantity (a gift, a coupon) as it is; amounts with more decimals than qəpik are
 *    rounded half away from zero, unless the rest is noise of floating point; all three are counted.
 *  - Negative quantities and amounts are rejected: a return names the sale that it returns, which these files do not.
 */
typedef enum
{
  OBA_IMPORT_CREATE_NOTHING = 0,
  OBA_IMPORT_CREATE_STORES = 1 << 0,
  OBA_IMPORT_CREATE_CUSTOMERS = 1 << 1,
  OBA_IMPORT_CREATE_PRODUCTS = 1 << 2,
} ObaImportCreate;

#define OBA_IMPORT_MAX_QUANTITY 100000

typedef struct
{
  ObaImportKind   kind;
  GFile          *file;
  GFile          *rejects;           /* (nullable): where the rejected lines go, as CSV; written in a dry run, too */
  char           *map;               /* (nullable): see oba_import_mapping_new() */
  GArray         *columns;           /* (nullable) (element-type int): of each field its column, -1 for none; instead of @map */
  char           *encoding;          /* (nullable): guessed */
  char            delimiter;         /* 0: guessed */
  ObaDecimalMark  decimal;           /* OBA_DECIMAL_AUTO: by the delimiter and the values */
  char           *null_text;         /* (nullable): what stands for nothing, beside nothing */
  char           *expected_sha256;   /* (nullable): of the file as it was checked; another one is not imported */
  gboolean        dry_run;
  ObaImportCreate create;            /* sales: what may be made when it is not known */
  gint64          max_quantity;      /* sales: pieces on one line that are believed */
  gboolean        partial_receipts;
  gboolean        daily_numbers;     /* tills begin their numbers anew each day */
} ObaImportOptions;

ObaImportOptions *oba_import_options_new  (ObaImportKind kind, GFile *file);
ObaImportOptions *oba_import_options_copy (const ObaImportOptions *self);
void              oba_import_options_free (ObaImportOptions *self);

typedef struct
{
  char   *code;              /* "unknown:store" */
  gint64  count;
} ObaImportReason;

/** A translated sentence for a code. (transfer full) */
char             *oba_import_reason_describe (const char *code);

typedef struct
{
  ObaImportKind kind;
  gboolean      dry_run;     /* then the counts say what would be */
  gint64        batch_id;    /* 0 in a dry run, and when there was nothing new */
  gint64        same_batch;  /* an earlier import of the very same file; 0 for none */
  gint64        same_at;     /* when that was (Unix seconds) */
  gboolean      same_reversed;
  char         *encoding;
  gboolean      encoding_guessed;
  char          delimiter;
  char         *sha256;      /* (nullable): of a file that can be read twice */

  gint64        rows;        /* records read; = inserted + updated + unchanged + rejected */
  gint64        inserted;
  gint64        updated;
  gint64        unchanged;
  gint64        rejected;
  GPtrArray    *reasons;     /* of ObaImportReason, the most frequent first */
  gint64        rounded;
  gint64        unnamed;     /* records without a name, named by their code */
  gint64        categories;  /* made for products */

  /* Sales: what was (or would be) booked */
  gint64        receipts;
  gint64        anonymous;   /* of them those that name the card of somebody who was erased: nobody's */
  gint64        receipts_known;
  gint64        quantity;    /* thousandths */
  gint64        money;       /* qəpik */
  gint64        money_known;
  gint64        discount;
  gint64        zero_quantity;
  gint64        new_stores;
  gint64        new_customers;
  gint64        new_products;
  gint64        unknown_lines;  /* on products that the catalogue lacks, and their money */
  gint64        unknown_money;
} ObaImportReport;

void              oba_import_report_free (ObaImportReport *self);

typedef enum
{
  OBA_IMPORT_PHASE_READING,
  OBA_IMPORT_PHASE_CHECKING,
  OBA_IMPORT_PHASE_REJECTS,
  OBA_IMPORT_PHASE_WRITING,
  OBA_IMPORT_PHASE_POINTS,
  OBA_IMPORT_PHASE_ROLLUPS,
} ObaImportPhase;

/** @done and @size: bytes of the file as it is on the disk (compressed ones); @size is 0 when not known. @rows: read so far. */
typedef void (*ObaImportProgress) (ObaImportPhase phase, goffset done, goffset size, gint64 rows, gpointer user_data);

/**
 * oba_import_run: for commands and threads; blocks.
 * @connection: an open one without a transaction; it is not to be used for anything else meanwhile
 * @progress: (nullable): called in this thread, at most some times a second
 *
 * Errors: OBA_ERROR_INVALID_INPUT for a file that cannot be read as what it should be, G_IO_ERROR of files, OBA_DB_ERROR. Nothing was changed then,
 * except that a connection lost at the very moment of the commit leaves it open: a repetition tells.
 */
ObaImportReport  *oba_import_run        (ObaDbConnection        *connection,
                                         const ObaImportOptions *options,
                                         ObaImportProgress       progress,
                                         gpointer                user_data,
                                         GCancellable           *cancellable,
                                         GError                **error);

/** The same in a thread with a connection of its own; @progress is called in the caller's main context. */
void              oba_import_run_async  (const char             *conninfo,
                                         const ObaImportOptions *options,
                                         ObaImportProgress       progress,
                                         gpointer                progress_data,
                                         GCancellable           *cancellable,
                                         GAsyncReadyCallback     callback,
                                         gpointer                user_data);
ObaImportReport  *oba_import_run_finish (GAsyncResult           *result,
                                         GError                **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaImportOptions, oba_import_options_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaImportReport, oba_import_report_free)

G_END_DECLS
