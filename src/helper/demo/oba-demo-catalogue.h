#pragma once

#include "oba-demo-calendar.h"
#include "oba-demo-random.h"

G_BEGIN_DECLS

typedef struct
{
  const char *az, *ru, *en;
  char       *code;          /* "03", "03-02", "03-02-01" */
  guint       parent;        /* index, or the own one for a department */
  guint       position;      /* among its siblings, from 1 */
} ObaDemoCategory;

typedef struct
{
  const char *name;
  guint       category;
  guint       traits;
  double      weight;
  guint       first_product;
  guint       n_products;    /* best seller first */
  guint       first_partner; /* into ObaDemoCatalogue.partners */
  guint       n_partners;
} ObaDemoNoun;

typedef struct
{
  guint  noun;
  double chance;
} ObaDemoPartner;

typedef struct
{
  char   *name;              /* "Qara çay Xəzri bərgamotlu 100 q" */
  char   *brand;             /* "" for loose goods named by their origin */
  char    barcode[14];
  guint   noun;
  double  price;             /* qəpik at the end of the demo, before it is made to look like a price */
  int     from_day;          /* on sale from this day to the day before to_day */
  int     to_day;
} ObaDemoProduct;

typedef struct
{
  guint64          seed;
  GArray          *categories;      /* ObaDemoCategory, parents first */
  GArray          *nouns;           /* ObaDemoNoun */
  GArray          *products;        /* ObaDemoProduct, those of a noun side by side */
  ObaDemoPartner  *partners;
  guint           *prices;          /* of the day last prepared, by product: qəpik */
  guint8          *promotions;      /* per cent off that day */
  ObaDemoAlias    *demand[3];       /* nouns by weight: morning, noon, evening of that day */
  double          *weights;         /* of the nouns at noon of that day */
  ObaDemoAlias    *tastes;          /* nouns, flatter: what somebody may be fond of */
} ObaDemoCatalogue;

/** About 5,000 products for a demo of @n_days days. */
ObaDemoCatalogue *oba_demo_catalogue_new  (guint64 seed, guint n_days);
void              oba_demo_catalogue_free (ObaDemoCatalogue *self);

/** Prices, promotions and seasons of @day: before baskets of that day are filled. */
void              oba_demo_catalogue_prepare (ObaDemoCatalogue *self, const ObaDemoCalendar *calendar, guint day);

/** The noun called @name; it must exist. */
guint             oba_demo_catalogue_find_noun (const ObaDemoCatalogue *self, const char *name);

/** Fills @barcode with the EAN-13 of article @number: prefix 476, Azerbaijan. */
void              oba_demo_barcode (char barcode[14], guint number);

#define oba_demo_catalogue_noun(self, i) (&g_array_index ((self)->nouns, ObaDemoNoun, (i)))
#define oba_demo_catalogue_product(self, i) (&g_array_index ((self)->products, ObaDemoProduct, (i)))
#define oba_demo_catalogue_category(self, i) (&g_array_index ((self)->categories, ObaDemoCategory, (i)))

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaDemoCatalogue, oba_demo_catalogue_free)

G_END_DECLS
