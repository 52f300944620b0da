#include "oba-demo-stores.h"

#include "oba-demo-data-places.h"

#include <math.h>

#define OPENED_BEFORE 0.78 /* of all stores, before the demo's first day */
#define OLDEST_DAYS 4700   /* the chain's first store, before that day */
#define STREAM_STORES 2

enum
{
  HASH_WEEK = 200,
  HASH_DAY,
  HASH_STREET,
  HASH_HOUSE,
};

/* ---- how many where: by largest remainder, so that a small chain is in the large towns ---- */

typedef struct
{
  guint place;
  double rest;
} Remainder;

static int
compare_remainders (gconstpointer a, gconstpointer b)
{
  const Remainder *x = a, *y = b;

  return x->rest > y->rest ? -1 : x->rest < y->rest ? 1 : (int) x->place - (int) y->place;
}

static guint *
count_by_place (guint n_stores)
{
  guint *counts = g_new0 (guint, oba_demo_n_places);
  g_autofree Remainder *rest = g_new (Remainder, oba_demo_n_places);
  double sum = 0.0;
  guint given = 0;

  for (guint i = 0; i < oba_demo_n_places; i++)
    sum += oba_demo_places[i].weight;
  for (guint i = 0; i < oba_demo_n_places; i++)
    {
      double exact = n_stores * oba_demo_places[i].weight / sum;

      counts[i] = (guint) exact;
      given += counts[i];
      rest[i].place = i;
      rest[i].rest = exact - counts[i];
    }
  qsort (rest, oba_demo_n_places, sizeof *rest, compare_remainders);
  for (guint i = 0; given < n_stores; i++, given++)
    counts[rest[i % oba_demo_n_places].place]++;
  return counts;
}

/* ---- one store ---- */

static int
opening_day (double u, guint n_days)
{
  if (u < OPENED_BEFORE)
    return -(int) (OLDEST_DAYS * pow (1.0 - u / OPENED_BEFORE, 1.5)) - 1;
  return (int) ((u - OPENED_BEFORE) / (1.0 - OPENED_BEFORE) * MAX ((int) n_days - 20, 1));
}

static void
make_store (ObaDemoStore *store, guint place, ObaDemoRandom *random, guint n_days)
{
  const ObaDemoPlace *where = &oba_demo_places[place];
  double size = exp (0.42 * oba_demo_random_normal (random));

  store->place = place;
  store->opened = opening_day (oba_demo_random_unit (random), n_days);
  /* It began in Bakı. */
  if (store->opened < -3600 && oba_demo_places[place].district[0] == '\0')
    store->opened += 1000;
  store->closed = G_MAXINT;
  if (store->opened < -1200 && oba_demo_random_chance (random, 0.012))
    store->closed = oba_demo_random_between (random, (int) n_days / 5, (int) n_days);
  store->size = CLAMP (size, 0.35, 3.2);
  store->range = CLAMP (0.62 + 0.2 * store->size, 0.55, 1.0);
  store->n_tills = (guint) CLAMP (lround (1.4 + 1.9 * store->size), 2, 8);
  store->night = oba_demo_random_chance (random, 0.05);
  store->latitude = where->latitude + where->spread * 0.6 * oba_demo_random_normal (random);
  store->longitude = where->longitude + where->spread * 0.6 * oba_demo_random_normal (random);
}

static int
compare_openings (gconstpointer a, gconstpointer b)
{
  const ObaDemoStore *x = a, *y = b;

  if (x->opened != y->opened)
    return x->opened < y->opened ? -1 : 1;
  return x->latitude < y->latitude ? -1 : x->latitude > y->latitude;
}

/* Numbers within a place, tills, and the index by place. The first stores are there from the first day, however few
 * there are. */
static void
number_stores (ObaDemoStores *self)
{
  g_autofree guint *filled = g_new0 (guint, oba_demo_n_places);
  guint always = MAX ((guint) (self->n_stores * 0.6), 1);

  for (guint i = 0; i < self->n_stores; i++)
    {
      ObaDemoStore *store = &self->stores[i];

      if (i < always)
        store->opened = MIN (store->opened, -30);
      if (i == 0)
        store->closed = G_MAXINT;
      store->serial = ++filled[store->place];
      store->first_till = self->n_tills;
      self->n_tills += store->n_tills;
    }
  self->place_first = g_new0 (guint, oba_demo_n_places + 1);
  for (guint p = 0; p < oba_demo_n_places; p++)
    self->place_first[p + 1] = self->place_first[p] + filled[p];
  self->by_place = g_new (guint, self->n_stores);
  for (guint i = 0; i < self->n_stores; i++)
    self->by_place[self->place_first[self->stores[i].place] + self->stores[i].serial - 1] = i;
}

ObaDemoStores *
oba_demo_stores_new (guint64 seed, guint n_stores, guint n_days)
{
  ObaDemoStores *self = g_new0 (ObaDemoStores, 1);
  g_autofree guint *counts = count_by_place (n_stores);
  ObaDemoRandom random;
  guint n = 0;

  self->seed = seed;
  self->n_stores = n_stores;
  self->stores = g_new0 (ObaDemoStore, n_stores);
  oba_demo_random_init (&random, seed, STREAM_STORES);
  for (guint place = 0; place < oba_demo_n_places; place++)
    for (guint i = 0; i < counts[place]; i++)
      make_store (&self->stores[n++], place, &random, n_days);
  qsort (self->stores, n_stores, sizeof *self->stores, compare_openings);
  number_stores (self);

  self->weights = g_new (double, n_stores);
  self->today = oba_demo_alias_new (n_stores);
  self->ever = oba_demo_alias_new (n_stores);
  for (guint i = 0; i < n_stores; i++)
    self->weights[i] = self->stores[i].size;
  oba_demo_alias_set (self->ever, self->weights);
  return self;
}

void
oba_demo_stores_free (ObaDemoStores *self)
{
  oba_demo_alias_free (self->today);
  oba_demo_alias_free (self->ever);
  g_free (self->stores);
  g_free (self->by_place);
  g_free (self->place_first);
  g_free (self->weights);
  g_free (self);
}

/* ---- a day ---- */

gboolean
oba_demo_store_is_open (const ObaDemoStore *store, int day)
{
  return day >= store->opened && day < store->closed;
}

static double
custom (const ObaDemoStores *self, guint i, guint day)
{
  const ObaDemoStore *store = &self->stores[i];
  double week = oba_demo_hash_unit (self->seed, HASH_WEEK + (guint64) i * 64, day / 7) - 0.5;
  double noise = oba_demo_hash_unit (self->seed, HASH_DAY + (guint64) i * 64, day) - 0.5;
  double age = (double) day - store->opened;

  if (!oba_demo_store_is_open (store, (int) day))
    return 0.0;
  /* A new store is full in its first week, then finds its customers within some months. */
  return store->size * (0.55 + 0.45 * (1.0 - exp (-age / 70.0)) + 0.5 * exp (-age / 4.0)) *
         exp (0.24 * week + 0.3 * noise);
}

void
oba_demo_stores_prepare (ObaDemoStores *self, guint day)
{
  for (guint i = 0; i < self->n_stores; i++)
    self->weights[i] = custom (self, i, day);
  oba_demo_alias_set (self->today, self->weights);
}

guint
oba_demo_stores_neighbour (const ObaDemoStores *self, guint store, ObaDemoRandom *random)
{
  guint place = self->stores[store].place;
  guint first = self->place_first[place], n = self->place_first[place + 1] - first;

  return self->by_place[first + oba_demo_random_below (random, n)];
}

guint
oba_demo_stores_open_near (const ObaDemoStores *self, guint store, int day, ObaDemoRandom *random)
{
  guint other;

  for (guint attempt = 0; attempt < 6; attempt++)
    {
      if (oba_demo_store_is_open (&self->stores[store], day))
        return store;
      store = oba_demo_stores_neighbour (self, store, random);
    }
  for (other = oba_demo_random_below (random, self->n_stores); !oba_demo_store_is_open (&self->stores[other], day);
       other--)
    if (other == 0)
      return 0;
  return other;
}

/* ---- texts ---- */

char *
oba_demo_stores_name (const ObaDemoStores *self, guint i)
{
  const ObaDemoStore *store = &self->stores[i];
  const ObaDemoPlace *place = &oba_demo_places[store->place];

  if (place->areas != NULL)
    {
      g_auto (GStrv) areas = g_strsplit (place->areas, "|", -1);
      guint n = g_strv_length (areas);

      return g_strdup_printf ("OBA %s %s %u", place->district[0] != '\0' ? "Bakı" : place->city,
                              areas[(store->serial - 1) % n], (store->serial - 1) / n + 1);
    }
  return g_strdup_printf ("OBA %s %u", place->city, store->serial);
}

char *
oba_demo_stores_address (const ObaDemoStores *self, guint i)
{
  const ObaDemoStore *store = &self->stores[i];
  const ObaDemoPlace *place = &oba_demo_places[store->place];
  gboolean baku = place->district[0] != '\0';
  guint n = baku ? oba_demo_n_baku_streets : oba_demo_n_streets;
  const char *const *streets = baku ? oba_demo_baku_streets : oba_demo_streets;
  guint64 h = oba_demo_hash (self->seed, HASH_STREET, i);
  guint house = (guint) (1 + (h >> 32) % 180);
  const char *street = streets[h % n];

  if (h >> 60 < 5)
    return g_strdup_printf ("%s %u%c", street, house, (int) ('A' + (h >> 56) % 4));
  return g_strdup_printf ("%s %u", street, house);
}
