#pragma once

#include "oba-demo-catalogue.h"

G_BEGIN_DECLS

#define OBA_DEMO_MAX_LINES 48

typedef struct
{
  guint  product;
  gint64 quantity;           /* thousandths */
  gint64 unit_price;         /* qəpik, as all below */
  gint64 discount;
  gint64 vat;
  gint64 total;
  guint  original_line;      /* of a return: the sale's line, from 1; else 0 */
} ObaDemoLine;

/** Who fills a basket, and where. */
typedef struct
{
  guint64  person;           /* a number whose tastes are always the same; 0: somebody */
  double   lines;            /* expected, on a plain day */
  double   range;            /* share of the products that the store stocks */
} ObaDemoShopper;

/** Fills @lines (OBA_DEMO_MAX_LINES of them); @catalogue is prepared for @day. Returns: how many, at least 1 */
guint  oba_demo_basket_fill (const ObaDemoCatalogue *catalogue,
                             const ObaDemoDay       *today,
                             guint                   day,
                             guint                   second,
                             const ObaDemoShopper   *shopper,
                             ObaDemoRandom          *random,
                             ObaDemoLine            *lines);

/** What @person is fond of: @which is below OBA_DEMO_N_FAVOURITES. Returns: a noun */
#define OBA_DEMO_N_FAVOURITES 9
guint  oba_demo_favourite_noun (const ObaDemoCatalogue *catalogue, guint64 person, guint which);

/** The VAT within @total, rounded to the nearest qəpik. */
gint64 oba_demo_vat_within  (gint64 total, guint traits);

G_END_DECLS
