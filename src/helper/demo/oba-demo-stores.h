#pragma once

#include "oba-demo-calendar.h"
#include "oba-demo-random.h"

G_BEGIN_DECLS

typedef struct
{
  guint    place;            /* into oba_demo_places */
  guint    serial;           /* which one of its place, from 1 */
  int      opened;           /* day of the demo, negative before it */
  int      closed;           /* first day without it, G_MAXINT while it is open */
  double   size;             /* 1 is a common one */
  double   range;            /* share of the products that it stocks */
  guint    n_tills;          /* 2 to 8 */
  guint    first_till;       /* into the chain's tills */
  gboolean night;            /* never closes */
  double   latitude, longitude;
} ObaDemoStore;

/** The stores in the order in which they opened, and who would shop where on a day. */
typedef struct
{
  guint64       seed;
  guint         n_stores;
  guint         n_tills;
  ObaDemoStore *stores;
  guint        *by_place;        /* store indexes, those of a place side by side */
  guint        *place_first;     /* n_places + 1: into by_place */
  double       *weights;
  ObaDemoAlias *today;           /* stores by custom on the day last prepared */
  ObaDemoAlias *ever;            /* by size, for home stores */
} ObaDemoStores;

ObaDemoStores *oba_demo_stores_new     (guint64 seed, guint n_stores, guint n_days);
void           oba_demo_stores_free    (ObaDemoStores *self);
void           oba_demo_stores_prepare (ObaDemoStores *self, guint day);

gboolean       oba_demo_store_is_open  (const ObaDemoStore *store, int day);
/** @store when it is open, else a neighbour that is. */
guint          oba_demo_stores_open_near (const ObaDemoStores *self, guint store, int day, ObaDemoRandom *random);
/** Another store of the same town, or @store itself when there is none. */
guint          oba_demo_stores_neighbour (const ObaDemoStores *self, guint store, ObaDemoRandom *random);

/* Texts, (transfer full) */
char          *oba_demo_stores_name    (const ObaDemoStores *self, guint store);
char          *oba_demo_stores_address (const ObaDemoStores *self, guint store);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaDemoStores, oba_demo_stores_free)

G_END_DECLS
