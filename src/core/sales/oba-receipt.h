#pragma once

#include <json-glib/json-glib.h>

#include "oba-receipt-record.h"

G_BEGIN_DECLS

/* Money in qəpik, negative for what was given back; strings are never NULL. */

typedef struct
{
  char   *product;
  char   *code;           /* the article number */
  gint64  quantity;       /* thousandths of the unit; negative on a return */
  char   *unit;           /* "pcs", "kg", "l", "m" */
  gint64  unit_price;
  gint64  discount;       /* already taken off */
  gint64  vat;            /* within the total */
  gint64  total;
  int     vat_permille;   /* of the product today */
} ObaReceiptLine;

typedef struct
{
  gint64 points;          /* what the entry gave to the lot or took from it */
  GDate  expires;
  gint64 given;           /* all that the lot began with */
  gint64 remaining;       /* of it, now */
} ObaReceiptLot;

/** An entry of the receipt in the points ledger. */
typedef struct
{
  char      *kind;        /* "earn", "clawback", "restore"… */
  gint64     points;
  char      *reason;
  char      *rule;        /* "" for none */
  int        version;
  GPtrArray *lots;        /* of ObaReceiptLot */
} ObaReceiptPoints;

/** One of those that belong together: the first receipt, and what answers it. */
typedef struct
{
  ObaReceiptKey   key;
  ObaReceiptKind  kind;
  char           *number;
  gint64          total;
  gint64          points;
  char           *reason_code;
  char           *reason;
  char           *by;     /* who of the staff entered it; "" for a till */
} ObaReceiptRelative;

/** ObaReceipt: a receipt and all that belongs to it. Reference counted, not changed once it is read. */
typedef struct
{
  gatomicrefcount refs;
  ObaReceiptKey   key;
  ObaReceiptKind  kind;
  int             till;          /* 0: entered at head office */
  char           *number;
  char           *cashier;
  char           *fiscal_id;     /* "" for none */
  gint64          total;
  gint64          discount;
  gint64          vat;
  gint64          paid_cash;
  gint64          paid_card;
  gint64          paid_points;
  gint64          paid_other;
  gint64          store_id;
  char           *store;
  char           *city;
  char           *address;
  gboolean        person;        /* FALSE: the store's walk-in customer */
  char           *name;          /* "" for a walk-in, and for those who may not see it */
  char           *language;      /* the customer's: "az", "ru" or "en"; "az" for a walk-in */
  gint64          balance;       /* of points, now */
  gint64          points;        /* what it earned, or what was taken back of that */
  gint64          points_spent;  /* that paid for it; below 0: that came back */
  gboolean        part_earns;    /* whether the part that was paid with points earned, too */
  GPtrArray      *lines;         /* of ObaReceiptLine */
  GPtrArray      *entries;       /* of ObaReceiptPoints */
  GPtrArray      *family;        /* of ObaReceiptRelative, itself among them, in the order of time */
} ObaReceipt;

/** Of what oba.receipt() answers; NULL when it is not that. (transfer full) (nullable) */
ObaReceipt *oba_receipt_new_from_json (const char *json);
ObaReceipt *oba_receipt_new_from_object (JsonObject *object);   /* (transfer full) */
ObaReceipt *oba_receipt_ref           (ObaReceipt *self);
void        oba_receipt_unref         (ObaReceipt *self);
/** When it was sold, by the chain's clock (Asia/Baku). (transfer full) */
GDateTime  *oba_receipt_key_get_time  (const ObaReceiptKey *key);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaReceipt, oba_receipt_unref)

G_END_DECLS
