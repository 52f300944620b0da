#pragma once

#include "db/oba-db-pool.h"
#include "oba-receipt-record.h"

G_BEGIN_DECLS

typedef enum
{
  OBA_CHAT_NOBODY,        /* the receipt is the store's walk-in customer's */
  OBA_CHAT_UNLINKED,
  OBA_CHAT_UNREACHABLE,   /* the customer blocked the bot */
  OBA_CHAT_READY,
} ObaChatState;

/** A paper that was sent, or is to be. */
typedef struct
{
  gint64  correction_id;  /* 0: the receipt itself */
  char   *state;          /* "queued", "sending", "sent", "failed", "blocked", "unknown" */
  gint64  at;             /* when it was sent, else asked for; microseconds since 1970 */
  char   *error;
} ObaSentPaper;

/** A correction of the receipt or of one of its family that touched its customer. */
typedef struct
{
  gint64  correction_id;
  char   *kind;           /* "return", "void", "change", "move", "missed", "undo" */
  gint64  at;
  char   *by;
} ObaCorrectionEntry;

/** ObaReceiptPapers: what can be printed and sent of a receipt beside itself, and what became of what was sent. */
typedef struct
{
  ObaChatState  chat;
  GPtrArray    *corrections;   /* of ObaCorrectionEntry, newest first */
  GPtrArray    *sent;          /* of ObaSentPaper, newest first */
} ObaReceiptPapers;

void                oba_receipt_papers_free        (ObaReceiptPapers *self);
/** The newest of the receipt (0) or of a correction's note; (nullable) */
const ObaSentPaper *oba_receipt_papers_find        (const ObaReceiptPapers *self, gint64 correction_id);

void                oba_receipt_papers_read_async  (ObaDbPool *pool, const ObaReceiptKey *key, GCancellable *cancellable,
                                                    GAsyncReadyCallback callback, gpointer user_data);
ObaReceiptPapers   *oba_receipt_papers_read_finish (GAsyncResult *result, GError **error);

/** Queues the receipt (@correction_id 0) or the note of a correction for its customer. @key: see oba_db_request_async(). */
void                oba_receipt_papers_send_async  (ObaDbPool *pool, const ObaReceiptKey *receipt, gint64 correction_id, const char *key, GCancellable *cancellable,
                                                    GAsyncReadyCallback callback, gpointer user_data);
gboolean            oba_receipt_papers_send_finish (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaReceiptPapers, oba_receipt_papers_free)

G_END_DECLS
