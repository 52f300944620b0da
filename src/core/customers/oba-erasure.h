#pragma once

#include <json-glib/json-glib.h>

#include "db/oba-db-pool.h"

G_BEGIN_DECLS

/**
 * ObaErasure: what an erasure would take, or has taken, in numbers. All records that were merged with a customer are that person.
 */
typedef struct
{
  gint64  customer_id;
  GArray *family;        /* gint64: every record of the person; empty after the deed */
  gint64  records;
  /* goes */
  gint64  points;        /* are forfeited, with those of open redemptions */
  gint64  redemptions;   /* open ones: cancelled */
  gint64  cards;
  gint64  phones;
  gint64  telegram;
  gint64  external_ids;
  gint64  segments;
  gint64  messages;      /* both ways */
  gint64  audited;       /* entries of the audit trail that lose their values */
  gint64  owed;          /* points that are owed no more */
  /* stays, without a name */
  gint64  receipts;
  gint64  entries;       /* of the points' ledger */
  gint64  consents;
} ObaErasure;

/** @figures: as oba.erasure_figures () has them. (transfer full) */
ObaErasure *oba_erasure_new_from_json (gint64 customer_id, JsonObject *figures);
void        oba_erasure_free (ObaErasure *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaErasure, oba_erasure_free)

/** Why: the codes of oba.erasures, in the order in which they are offered. */
extern const char *const oba_erasure_reasons[];

#define OBA_ERASURE_MAX_NOTE 200

/** Looks only. Errors: OBA_DB_ERROR_RULE when there is no such person, or it was erased. (transfer full) */
void        oba_erasure_preview_async  (ObaDbPool *pool, gint64 customer_id, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
ObaErasure *oba_erasure_preview_finish (ObaDbPool *pool, GAsyncResult *result, GError **error);

/**
 * oba_erasure_run_async: erases the person; it cannot be undone.
 * @shown: what was previewed: when the person consists of other records by now, it is refused ("OB003")
 * @confirm: the customer's number, as somebody typed it
 * @reason: one of oba_erasure_reasons
 * @note: "" for none; refused when it names the person
 * @key: of oba_db_request_new_key(), for this very request; asked again with it after a lost connection, it happens once
 *
 * Errors: as oba_db_request_finish().
 */
void        oba_erasure_run_async      (ObaDbPool *pool, const ObaErasure *shown, const char *confirm, const char *reason, const char *note, const char *key,
                                        GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/** What went. (transfer full) */
ObaErasure *oba_erasure_run_finish     (ObaDbPool *pool, GAsyncResult *result, GError **error);

G_END_DECLS
