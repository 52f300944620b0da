#pragma once

#include <glib-object.h>

#include "db/oba-db-result.h"

G_BEGIN_DECLS

typedef enum
{
  OBA_RECEIPT_SALE,
  OBA_RECEIPT_RETURN,
  OBA_RECEIPT_VOID,
  OBA_RECEIPT_CORRECTION,
} ObaReceiptKind;

ObaReceiptKind oba_receipt_kind_parse (const char *text);

/** How the database finds one receipt: by all three. */
typedef struct
{
  gint64 customer_id;
  gint64 at;            /* when it was sold, microseconds since 1970 */
  gint64 receipt_id;
} ObaReceiptKey;

/** What a list says of a receipt. Money in qəpik, negative for what was given back; strings are never NULL. */
typedef struct
{
  ObaReceiptKey   key;
  ObaReceiptKind  kind;
  const char     *store;       /* interned */
  int             till;        /* 0: entered at head office */
  char           *number;
  const char     *cashier;     /* interned */
  char           *fiscal_id;
  gint64          total;
  gint64          discount;
  gint64          vat;
  gint64          paid_points;
  int             n_lines;
  gint64          points;      /* all that it gave and took */
  gboolean        person;      /* FALSE: the store's walk-in customer */
  char           *name;        /* "" for a walk-in, and for those who may not see it */
  gboolean        answered;    /* by a return, a void or a correction */
} ObaReceiptFacts;

/** ObaReceiptRecord: one row of the list of receipts, as it was read. */
#define OBA_TYPE_RECEIPT_RECORD (oba_receipt_record_get_type ())
G_DECLARE_FINAL_TYPE (ObaReceiptRecord, oba_receipt_record, OBA, RECEIPT_RECORD, GObject)

ObaReceiptRecord         *oba_receipt_record_new_from_result (ObaDbResult *result, guint row);   /* of receipt-rows.sql */
const ObaReceiptFacts *oba_receipt_record_get             (ObaReceiptRecord *self);

G_END_DECLS
