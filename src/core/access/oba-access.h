#pragma once

#include <gio/gio.h>

#include "db/oba-db-connection.h"

G_BEGIN_DECLS

/**
 * Access: everything that is held on a person, in a file for that person. A customer who was merged with others is given as one person.
 *
 * That it is given out is committed to the audit trail before the first row is read (customer.access: who, when, which format). All is read in one snapshot through
 * cursors, a few hundred rows at a time, so that ten thousand receipts take no more memory than ten. The file gets its name when it is whole, and only
 * its owner may read it. Supervisors and administrators may; the database refuses others.
 *
 * JSON: one object.
 *   "format": "oba-personal-data", "version": 1, "customer_id", "given_out_at": ISO time of Baku, "given_out_by";
 *   then an array for each of, in this order:
 *   "records"            names, phone, e-mail, birth date, language, city, notes, status, when and where registered: one a merged record, the person's own first
 *   "phones" "external_ids" "telegram" "cards" "preferences"     how the person is known and reached, and which categories they prefer
 *   "segments"           groups the person was put into by hand
 *   "consents"           every consent given or withdrawn: channel, when, where, through whom, to which wording
 *   "accounts"           points and tier now
 *   "statistics"         number and sum of purchases, visits, rhythm, lifecycle
 *   "tier_changes" "tier_overrides" "lifecycle"       each with its reason
 *   "receipts"           each with its "lines", its "store" and the "points" it gave
 *   "points"             the ledger: every entry with the rule and version and the "inputs" it was computed from
 *   "lots"               points that can be spent, and until when
 *   "redemptions"        each with its "events"
 *   "messages_sent" "messages_received"
 *   "staff_actions"      the audit trail: who did what when, the old and the new value
 *   "merges"             which records were found to be one person, and the "values" that gave way
 *   "corrections"        receipts that were put right: how, when, by whom
 *   "approvals"          what a second person was asked to approve about this one
 *   "erasures"           of a person who was erased: when, by whom, why
 * Money is in qəpik (100 = 1 AZN), quantities are in thousandths, times in ISO 8601. What a table has more is there under its column's name.
 *
 * PDF: the same, to be read: in the person's or the wished language, receipts without their lines, messages by their text.
 */
typedef enum
{
  OBA_ACCESS_JSON,
  OBA_ACCESS_PDF,
} ObaAccessFormat;

/** About @rows of @total are written. */
typedef void (*ObaAccessProgress) (gint64 rows, gint64 total, gpointer user_data);

/**
 * oba_access_write: for commands and threads; blocks.
 * @connection: an open one without a transaction
 * @language: (nullable): "az", "ru" or "en"; NULL: the person's own
 * @path: of the file; one that is there is replaced when the new one is whole
 * @progress: (nullable): called in this thread
 *
 * Errors: OBA_ERROR_NOT_FOUND, OBA_DB_ERROR, G_FILE_ERROR, OBA_ERROR_INVALID_INPUT (not a place for a file), G_IO_ERROR_CANCELLED: then there is no new file.
 */
gboolean oba_access_write        (ObaDbConnection    *connection,
                                  gint64              customer_id,
                                  ObaAccessFormat     format,
                                  const char         *language,
                                  const char         *path,
                                  ObaAccessProgress   progress,
                                  gpointer            user_data,
                                  GCancellable       *cancellable,
                                  GError            **error);

/** The same in a thread with a connection of its own; @progress is called in the caller's main context, and not after the end. */
void     oba_access_write_async  (const char         *conninfo,
                                  gint64              customer_id,
                                  ObaAccessFormat     format,
                                  const char         *language,
                                  const char         *path,
                                  ObaAccessProgress   progress,
                                  gpointer            progress_data,
                                  GCancellable       *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer            user_data);
gboolean oba_access_write_finish (GAsyncResult *result, GError **error);

G_END_DECLS
