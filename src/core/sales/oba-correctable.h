#pragma once

#include "oba-correction.h"

G_BEGIN_DECLS

/* Money in qəpik, quantities in thousandths of the unit, times in microseconds since 1970; strings are never NULL. */

typedef struct
{
  int     line_no;
  gint64  product_id;
  char   *code;
  char   *name;
  char   *unit;           /* "pcs", "kg", "l", "m" */
  int     vat_permille;
  gint64  unit_price;
  gint64  quantity;       /* that was sold */
  gint64  left;           /* of it; and what is left of the others: */
  gint64  discount;
  gint64  vat;
  gint64  total;
} ObaCorrectableLine;

/** What answered a receipt: a return, a void, what replaced it. */
typedef struct
{
  gint64          receipt_id;
  ObaReceiptKind  kind;
  gint64          total;
  char           *by;     /* "" for a till */
  gint64          at;
} ObaCorrectableAnswer;

/** ObaCorrectable: what can still be put right of a receipt. When the one that was asked for was replaced, it is the one that holds now. Reference counted. */
typedef struct
{
  gatomicrefcount refs;
  ObaReceiptKey   key;
  gint64          sold_at;       /* as key.at, unless its month was closed */
  ObaReceiptKind  kind;
  gint64          store_id;
  char           *store;
  int             till;
  char           *number;
  char           *cashier;
  gint64          total;
  gint64          left;          /* of the total */
  gint64          cash;          /* how that was paid */
  gint64          card;
  gint64          other;
  gint64          points;        /* the money that points paid */
  gboolean        person;        /* FALSE: nobody's */
  char           *name;
  GPtrArray      *lines;         /* of ObaCorrectableLine */
  GPtrArray      *answers;       /* of ObaCorrectableAnswer, in their order */
  gint64          undo_id;       /* the correction that can be undone; 0: none */
  ObaCorrectionKind undo_kind;
  char           *waits_by;      /* who asked for a correction that waits for a second person; NULL: none waits */
  gint64          waits_at;
} ObaCorrectable;

ObaCorrectable *oba_correctable_new_from_json (const char *json);
ObaCorrectable *oba_correctable_ref           (ObaCorrectable *self);
void            oba_correctable_unref         (ObaCorrectable *self);

/** Fails with OBA_ERROR_NOT_FOUND. (transfer full) */
void            oba_correctable_read_async    (ObaDbPool *pool, const ObaReceiptKey *key, GCancellable *cancellable, GAsyncReadyCallback callback,
                                               gpointer user_data);
ObaCorrectable *oba_correctable_read_finish   (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaCorrectable, oba_correctable_unref)

G_END_DECLS
