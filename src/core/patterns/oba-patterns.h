#pragma once

#include <json-glib/json-glib.h>

#include "db/oba-db-pool.h"

G_BEGIN_DECLS

/**
 * How somebody, or a store, buys or sells: how large baskets are, when, of what, and how much of it with a discount; each beside the whole chain in the
 * same time. A basket is a sale that was neither voided nor replaced by a correction. Money in qəpik. Migration 0075 has the definitions.
 */

/* How many baskets there are of each size: bucket 0 begins at 0 (amounts) or 1 (lines), each next one at its bound, the last has no end. */
typedef struct
{
  guint   n;
  gint64 *bounds;                         /* n - 1 */
  gint64 *counts;                         /* n */
  gint64 *chain;                          /* n */
  gint64 *tier;                           /* n; of customers of the same tier. (nullable): of a store */
} ObaPatternSizes;

typedef struct
{
  int     year;
  int     month;                          /* 1 to 12 */
  gint64  receipts;
  gint64  total;                          /* of a person's baskets; of a store less returns */
} ObaPatternMonth;

typedef struct
{
  gint64  id;                             /* a main category; 0: none */
  char   *name;                           /* in the language of the interface; "" for none */
  gint64  revenue;                        /* less returns */
  gint64  chain_revenue;
  gint64  tier_revenue;
} ObaPatternCategory;

typedef struct
{
  gint64  full;                           /* before discounts */
  gint64  discount;
  gint64  discounted;                     /* revenue of what was sold with a discount */
  gint64  revenue;
} ObaPatternPrice;

typedef struct
{
  gint64          receipts;               /* baskets */
  gint64          median_amount;          /* -1: none, or not known exactly: oba_pattern_sizes_get_median() */
  gint64          median_lines;
  ObaPatternSizes amounts;                /* qəpik */
  ObaPatternSizes lines;
  gint64          heat[7][24];            /* baskets by weekday, Monday first, and hour in Baku */
  GPtrArray      *months;                 /* of ObaPatternMonth: the last 12, this one last */
  GPtrArray      *categories;             /* of ObaPatternCategory, highest revenue first */
  gint64          chain_revenue;          /* of all categories */
  ObaPatternPrice price;
  ObaPatternPrice chain_price;
  char           *tier;                   /* (nullable): the tier beside which a person is put, in the language of the interface; a store has none */
  gint64          tier_revenue;
  ObaPatternPrice tier_price;
} ObaPatterns;

/** The last 12 months of a person and those merged into them. Retried when the connection is lost. OBA_ERROR_NOT_FOUND. Returns: (transfer full) */
void         oba_patterns_customer_async  (ObaDbPool *pool, gint64 customer, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
ObaPatterns *oba_patterns_customer_finish (GAsyncResult *result, GError **error);
void         oba_patterns_free            (ObaPatterns *self);

/** From what 0075's functions answer. Returns: (transfer full) */
ObaPatterns *oba_patterns_parse           (JsonObject *object);

/** As if baskets lay evenly in its bucket: right within one. -1: there are none. @counts: sizes->counts or sizes->chain */
gint64       oba_pattern_sizes_get_median (const ObaPatternSizes *sizes, const gint64 *counts);
/** Shares, 0 to 1; NAN where there is nothing. */
double       oba_pattern_sizes_get_share  (const ObaPatternSizes *sizes, const gint64 *counts, guint bucket);
double       oba_pattern_price_get_discounted_share (const ObaPatternPrice *price);     /* of the revenue, what was bought with a discount */
double       oba_pattern_price_get_rate             (const ObaPatternPrice *price);     /* of the full price, what was saved */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaPatterns, oba_patterns_free)

G_END_DECLS
