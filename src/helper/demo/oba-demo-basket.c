#include "oba-demo-basket.h"

#include "oba-demo-data-catalogue.h"

#include <math.h>

#define FAVOURITE_SHARE 0.36
#define MAX_PENDING 32

enum
{
  HASH_TASTE = 400,
  HASH_BRAND,
};

typedef struct
{
  const ObaDemoCatalogue *catalogue;
  const ObaDemoAlias *demand;
  const ObaDemoShopper *shopper;
  ObaDemoRandom *random;
  guint day;
  ObaDemoLine *lines;
  guint nouns[OBA_DEMO_MAX_LINES];
  guint n_lines;
  guint pending[MAX_PENDING]; /* what goes with what is in the basket */
  guint n_pending;
} Filling;

/* ---- which noun ---- */

static gboolean
has_noun (const Filling *self, guint noun)
{
  for (guint i = 0; i < self->n_lines; i++)
    if (self->nouns[i] == noun)
      return TRUE;
  for (guint i = 0; i < self->n_pending; i++)
    if (self->pending[i] == noun)
      return TRUE;
  return FALSE;
}

guint
oba_demo_favourite_noun (const ObaDemoCatalogue *catalogue, guint64 person, guint which)
{
  ObaDemoRandom taste;

  oba_demo_random_init (&taste, oba_demo_hash (catalogue->seed, person, which), HASH_TASTE);
  return oba_demo_alias_draw (catalogue->tastes, &taste);
}

static guint
favourite_noun (const Filling *self)
{
  return oba_demo_favourite_noun (self->catalogue, self->shopper->person,
                                  oba_demo_random_below (self->random, OBA_DEMO_N_FAVOURITES));
}

static guint
draw_noun (const Filling *self)
{
  for (guint attempt = 0; attempt < 4; attempt++)
    {
      gboolean fond = self->shopper->person != 0 && oba_demo_random_chance (self->random, FAVOURITE_SHARE);
      guint noun = fond ? favourite_noun (self) : oba_demo_alias_draw (self->demand, self->random);

      /* Nobody finds a watermelon in January, however fond of it. */
      if (fond && self->catalogue->weights[noun] < 0.4 * oba_demo_catalogue_noun (self->catalogue, noun)->weight)
        continue;
      if (!has_noun (self, noun))
        return noun;
    }
  return oba_demo_alias_draw (self->demand, self->random);
}

static void
add_partners (Filling *self, guint noun_index)
{
  const ObaDemoNoun *noun = oba_demo_catalogue_noun (self->catalogue, noun_index);

  for (guint i = 0; i < noun->n_partners && self->n_pending < MAX_PENDING; i++)
    {
      const ObaDemoPartner *partner = &self->catalogue->partners[noun->first_partner + i];

      if (oba_demo_random_chance (self->random, partner->chance) && self->catalogue->weights[partner->noun] > 0.0 &&
          !has_noun (self, partner->noun))
        self->pending[self->n_pending++] = partner->noun;
    }
}

/* ---- which product ---- */

static gboolean
on_sale (const Filling *self, guint product)
{
  const ObaDemoProduct *p = oba_demo_catalogue_product (self->catalogue, product);

  return (int) self->day >= p->from_day && (int) self->day < p->to_day;
}

static guint
draw_product (const Filling *self, guint noun_index)
{
  const ObaDemoNoun *noun = oba_demo_catalogue_noun (self->catalogue, noun_index);
  guint n = (guint) CLAMP (ceil (noun->n_products * self->shopper->range), 1.0, (double) noun->n_products);
  guint product;

  if (self->shopper->person != 0 && oba_demo_random_chance (self->random, 0.6))
    {
      ObaDemoRandom brand;

      oba_demo_random_init (&brand, oba_demo_hash (self->catalogue->seed, self->shopper->person, noun_index),
                            HASH_BRAND);
      product = noun->first_product + oba_demo_random_zipf (&brand, n);
    }
  else
    product = noun->first_product + oba_demo_random_zipf (self->random, n);
  /* Some look for what is cheaper this week. */
  if (self->catalogue->promotions[product] == 0 && oba_demo_random_chance (self->random, 0.3))
    {
      guint other = noun->first_product + oba_demo_random_below (self->random, n);

      if (self->catalogue->promotions[other] != 0)
        product = other;
    }
  return on_sale (self, product) ? product : noun->first_product;
}

static gint64
draw_quantity (const Filling *self, const ObaDemoNoun *noun, guint price)
{
  gint64 n = 1;

  if (noun->traits & OBA_DEMO_WEIGHED)
    {
      /* Half a kilogram of meat, two of potatoes, a whole watermelon; the scale has steps of two grams. */
      double mean = noun->traits & OBA_DEMO_SUMMER && price < 75 ? 6.2
                    : price < 110                                ? 2.4
                                                                 : CLAMP (20.0 / sqrt (price), 0.3, 1.6);
      double kilograms = mean * (0.25 + 0.75 * oba_demo_random_gamma (self->random, 3.0) / 3.0);

      return (gint64) (MAX (kilograms, 0.06) * 500.0) * 2;
    }
  if (noun->traits & OBA_DEMO_MANY)
    while (n < 12 && oba_demo_random_chance (self->random, 0.36))
      n++;
  else if (price < 500 && oba_demo_random_chance (self->random, 0.1))
    n = 2;
  return n * 1000;
}

gint64
oba_demo_vat_within (gint64 total, guint traits)
{
  return traits & OBA_DEMO_EXEMPT ? 0 : (total * 180 + 590) / 1180;
}

static void
add_line (Filling *self, guint noun_index)
{
  const ObaDemoNoun *noun = oba_demo_catalogue_noun (self->catalogue, noun_index);
  ObaDemoLine *line = &self->lines[self->n_lines];
  guint off;
  gint64 gross;

  line->product = draw_product (self, noun_index);
  line->unit_price = self->catalogue->prices[line->product];
  line->quantity = draw_quantity (self, noun, (guint) line->unit_price);
  gross = (line->quantity * line->unit_price + 500) / 1000;
  off = self->catalogue->promotions[line->product];
  line->discount = gross * off / 100;
  line->total = gross - line->discount;
  line->vat = oba_demo_vat_within (line->total, noun->traits);
  line->original_line = 0;
  self->nouns[self->n_lines++] = noun_index;
  add_partners (self, noun_index);
}

guint
oba_demo_basket_fill (const ObaDemoCatalogue *catalogue,
                      const ObaDemoDay *today,
                      guint day,
                      guint second,
                      const ObaDemoShopper *shopper,
                      ObaDemoRandom *random,
                      ObaDemoLine *lines)
{
  Filling self = { .catalogue = catalogue, .shopper = shopper, .random = random, .day = day, .lines = lines };
  double mean = MAX (shopper->lines * today->basket - 1.0, 0.2);
  guint wanted = 1 + oba_demo_random_poisson (random, mean * oba_demo_random_gamma (random, 1.8) / 1.8);

  self.demand = catalogue->demand[second < 11 * 3600 ? 0 : second < 17 * 3600 ? 1 : 2];
  wanted = MIN (wanted, OBA_DEMO_MAX_LINES - 4);
  add_line (&self, draw_noun (&self));
  while (self.n_lines < wanted)
    add_line (&self, self.n_pending > 0 ? self.pending[--self.n_pending] : draw_noun (&self));
  /* The list is done, but what belongs together is often not left behind. */
  while (self.n_pending > 0 && self.n_lines < OBA_DEMO_MAX_LINES)
    {
      guint noun = self.pending[--self.n_pending];

      if (oba_demo_random_chance (random, 0.35))
        add_line (&self, noun);
    }
  return self.n_lines;
}
