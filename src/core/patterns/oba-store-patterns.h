#pragma once

#include "oba-patterns.h"

G_BEGIN_DECLS

/** What a store sold in a period, from the rollups only. Money in qəpik. */
typedef struct
{
  gint64 revenue;                         /* sales less returns */
  gint64 receipts;                        /* sales */
  double basket;                          /* revenue a receipt; NAN without receipts, as all shares */
  double card_share;                      /* of the receipts */
  double returns_share;                   /* returns and voids for each receipt */
  double discount_rate;                   /* of the full price */
  gint64 customers;                       /* different persons with a card */
  double visits;                          /* receipts for each of them; NAN without */
} ObaStoreFigures;

/** One of the products that brought a store the most. */
typedef struct
{
  char  *name;
  char  *unit;                            /* "pcs", "kg", "l", "m" */
  gint64 quantity;                        /* thousandths of it, less returns */
  gint64 revenue;                         /* less returns */
  gint64 before;                          /* in as many days before, up to the same time of day */
  double share;                           /* of the store's revenue; NAN without any */
  double chain_share;                     /* of the chain's */
} ObaStoreProduct;

typedef struct
{
  char           *name;
  char           *city;
  GDate          *closed_on;              /* (nullable) */
  gboolean        open;
  GDateTime      *folded_at;              /* (nullable): what was posted until then is counted */
  ObaStoreFigures now;
  ObaStoreFigures before;                 /* as many days before, up to the same time of day */
  guint32         first_day;              /* Julian, of the arrays below */
  guint           n_days;
  double         *revenue;                /* NAN before the first sale */
  double         *receipts;
  GPtrArray      *products;               /* of ObaStoreProduct, the best first; at most ten */
  gboolean        any;                    /* was anything sold in these days? */
  ObaPatterns    *patterns;               /* of the same days */
} ObaStorePatterns;

/** The last @days days, today included. Retried when the connection is lost. OBA_ERROR_NOT_FOUND. Returns: (transfer full) */
void              oba_store_patterns_async  (ObaDbPool *pool, gint64 store, guint days, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
ObaStorePatterns *oba_store_patterns_finish (GAsyncResult *result, GError **error);
void              oba_store_patterns_free   (ObaStorePatterns *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaStorePatterns, oba_store_patterns_free)

G_END_DECLS
