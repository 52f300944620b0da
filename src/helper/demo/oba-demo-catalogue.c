#include "oba-demo-catalogue.h"

#include "oba-demo-data-catalogue.h"

#include <math.h>
#include <string.h>

#define TARGET_PRODUCTS 5000
#define YEARLY_INFLATION 0.058
#define REPRICE_DAYS 150 /* a shelf price is looked at two or three times a year */

enum
{
  HASH_KEEP = 100,
  HASH_RANK,
  HASH_BRAND_PRICE,
  HASH_LAUNCH,
  HASH_REPRICE,
  HASH_PROMOTION,
  HASH_HARVEST,
};

/* ---- the tree ---- */

static guint
count_siblings (const ObaDemoCatalogue *self, guint parent)
{
  guint n = 0;

  for (guint i = 0; i < self->categories->len; i++)
    if (oba_demo_catalogue_category (self, i)->parent == parent && i != parent)
      n++;
  return n;
}

static guint
add_category (ObaDemoCatalogue *self, const ObaDemoEntry *entry, int parent)
{
  ObaDemoCategory category = { .az = entry->az, .ru = entry->ru, .en = entry->en };
  guint index = self->categories->len;

  category.parent = parent < 0 ? index : (guint) parent;
  if (parent < 0)
    {
      guint n = 1;

      for (guint i = 0; i < index; i++)
        n += oba_demo_catalogue_category (self, i)->parent == i;
      category.position = n;
      category.code = g_strdup_printf ("%02u", n);
    }
  else
    {
      category.position = count_siblings (self, category.parent) + 1;
      category.code =
          g_strdup_printf ("%s-%02u", oba_demo_catalogue_category (self, category.parent)->code, category.position);
    }
  g_array_append_val (self->categories, category);
  return index;
}

/* ---- products of a noun ---- */

/* "1,5 l" is 1500, "250 q" is 250, "10 ədəd" is 10: only ratios of one noun's sizes are used. */
static double
size_amount (const char *size)
{
  double whole = 0.0, scale = 0.0;
  const char *p = size;

  for (; g_ascii_isdigit (*p) || *p == ','; p++)
    {
      if (*p == ',')
        scale = 1.0;
      else
        {
          whole = whole * 10.0 + (*p - '0');
          scale *= 10.0;
        }
    }
  whole = scale > 1.0 ? whole / scale : whole;
  return g_str_has_suffix (size, " kq") || g_str_has_suffix (size, " l") ? whole * 1000.0 : whole;
}

static char *
product_name (const ObaDemoEntry *entry, const char *brand, const char *variant, const char *size)
{
  GString *name = g_string_new (entry->az);

  g_string_append_printf (name, " %s", brand);
  if (variant != NULL)
    g_string_append_printf (name, " %s", variant);
  if (size != NULL)
    g_string_append_printf (name, " %s", size);
  return g_string_free (name, FALSE);
}

static double
product_price (const ObaDemoCatalogue *self,
               const ObaDemoEntry *entry,
               const char *brand,
               const char *variant,
               const char *size,
               const char *first_size)
{
  double brand_factor = 0.82 + 0.5 * oba_demo_hash_unit (self->seed, HASH_BRAND_PRICE, g_str_hash (brand));
  double variant_factor =
      variant == NULL ? 1.0 : 0.95 + 0.12 * oba_demo_hash_unit (self->seed, HASH_BRAND_PRICE, g_str_hash (variant));
  double size_factor = size == NULL ? 1.0 : pow (size_amount (size) / size_amount (first_size), 0.88);

  if (strcmp (brand, "OBA Seçim") == 0)
    brand_factor = 0.8;
  return entry->price * brand_factor * variant_factor * size_factor;
}

static void
add_noun_products (ObaDemoCatalogue *self, const ObaDemoEntry *entry, guint noun)
{
  g_auto (GStrv) brands = g_strsplit (entry->brands, "|", -1);
  g_auto (GStrv) variants = g_strsplit (entry->variants != NULL ? entry->variants : "", "|", -1);
  g_auto (GStrv) sizes = g_strsplit (entry->sizes != NULL ? entry->sizes : "", "|", -1);
  guint n_variants = MAX (g_strv_length (variants), 1), n_sizes = MAX (g_strv_length (sizes), 1);

  for (guint b = 0; brands[b] != NULL; b++)
    for (guint v = 0; v < n_variants; v++)
      for (guint s = 0; s < n_sizes; s++)
        {
          ObaDemoProduct product = { .noun = noun };

          product.name = product_name (entry, brands[b], variants[v], sizes[s]);
          product.brand =
              g_strdup (entry->traits & OBA_DEMO_WEIGHED && entry->traits & OBA_DEMO_EXEMPT ? "" : brands[b]);
          product.price = product_price (self, entry, brands[b], variants[v], sizes[s], sizes[0]);
          g_array_append_val (self->products, product);
        }
}

typedef struct
{
  double key;
  ObaDemoProduct product;
} Ranked;

static int
compare_ranked (gconstpointer a, gconstpointer b)
{
  double x = ((const Ranked *) a)->key, y = ((const Ranked *) b)->key;

  return x < y ? -1 : x > y;
}

/* Which of a noun's products sell best is chance, but cheap ones have the better chances. */
static void
rank_products (ObaDemoCatalogue *self, ObaDemoNoun *noun)
{
  g_autofree Ranked *ranked = g_new (Ranked, noun->n_products);
  ObaDemoProduct *products = oba_demo_catalogue_product (self, noun->first_product);

  for (guint i = 0; i < noun->n_products; i++)
    {
      ranked[i].product = products[i];
      ranked[i].key =
          oba_demo_hash_unit (self->seed, HASH_RANK, g_str_hash (products[i].name)) * pow (products[i].price, 0.6);
    }
  qsort (ranked, noun->n_products, sizeof *ranked, compare_ranked);
  for (guint i = 0; i < noun->n_products; i++)
    products[i] = ranked[i].product;
}

static void
product_clear (gpointer data)
{
  ObaDemoProduct *product = data;

  g_free (product->name);
  g_free (product->brand);
}

/* Every combination exists on paper; a buyer lists fewer. The best seller of a noun always stays. */
static void
drop_surplus (ObaDemoCatalogue *self)
{
  GArray *kept = g_array_sized_new (FALSE, FALSE, sizeof (ObaDemoProduct), self->products->len);
  double drop = 1.0 - (double) TARGET_PRODUCTS / self->products->len;

  for (guint n = 0; n < self->nouns->len; n++)
    {
      ObaDemoNoun *noun = oba_demo_catalogue_noun (self, n);
      guint first = kept->len;

      for (guint i = 0; i < noun->n_products; i++)
        {
          ObaDemoProduct *product = oba_demo_catalogue_product (self, noun->first_product + i);

          if (i > 0 && oba_demo_hash_unit (self->seed, HASH_KEEP, g_str_hash (product->name)) < drop)
            product_clear (product);
          else
            g_array_append_val (kept, *product);
        }
      noun->first_product = first;
      noun->n_products = kept->len - first;
    }
  g_array_unref (self->products);
  self->products = kept;
}

/* Some are new in the range, some went; a noun's best seller has always been there. */
static void
set_shelf_life (ObaDemoCatalogue *self, guint n_days)
{
  for (guint i = 0; i < self->products->len; i++)
    {
      ObaDemoProduct *product = oba_demo_catalogue_product (self, i);
      double u = oba_demo_hash_unit (self->seed, HASH_LAUNCH, i);

      product->from_day = G_MININT;
      product->to_day = G_MAXINT;
      if (i != oba_demo_catalogue_noun (self, product->noun)->first_product)
        {
          if (u < 0.07)
            product->from_day = (int) (u / 0.07 * n_days);
          else if (u < 0.09)
            product->to_day = (int) ((u - 0.07) / 0.02 * n_days);
        }
      oba_demo_barcode (product->barcode, i);
    }
}

void
oba_demo_barcode (char barcode[14], guint number)
{
  guint sum = 0;

  /* 476, a maker of two thousand articles, the article. */
  g_snprintf (barcode, 14, "476%05u%04u", 10200 + 7 * (number / 2000), 1000 + number % 2000);
  for (guint i = 0; i < 12; i++)
    sum += (guint) (barcode[i] - '0') * (i % 2 == 0 ? 1 : 3);
  barcode[12] = (char) ('0' + (10 - sum % 10) % 10);
  barcode[13] = '\0';
}

/* ---- affinities ---- */

guint
oba_demo_catalogue_find_noun (const ObaDemoCatalogue *self, const char *name)
{
  for (guint i = 0; i < self->nouns->len; i++)
    if (strcmp (oba_demo_catalogue_noun (self, i)->name, name) == 0)
      return i;
  g_error ("The demo's catalogue has no \"%s\"", name);
}

static void
link_partners (ObaDemoCatalogue *self)
{
  guint next = 0;

  self->partners = g_new (ObaDemoPartner, oba_demo_n_affinities);
  for (guint n = 0; n < self->nouns->len; n++)
    {
      ObaDemoNoun *noun = oba_demo_catalogue_noun (self, n);

      noun->first_partner = next;
      for (guint i = 0; i < oba_demo_n_affinities; i++)
        if (strcmp (oba_demo_affinities[i].noun, noun->name) == 0)
          {
            self->partners[next].noun = oba_demo_catalogue_find_noun (self, oba_demo_affinities[i].partner);
            self->partners[next++].chance = oba_demo_affinities[i].chance;
          }
      noun->n_partners = next - noun->first_partner;
    }
  g_assert (next == oba_demo_n_affinities);
}

/* ---- the whole ---- */

static void
read_plan (ObaDemoCatalogue *self)
{
  guint department = 0, category = 0, subcategory = 0;

  for (guint i = 0; i < oba_demo_n_entries; i++)
    {
      const ObaDemoEntry *entry = &oba_demo_entries[i];

      switch (entry->kind)
        {
        case OBA_DEMO_ENTRY_DEPARTMENT:
          department = add_category (self, entry, -1);
          break;
        case OBA_DEMO_ENTRY_CATEGORY:
          category = add_category (self, entry, (int) department);
          break;
        case OBA_DEMO_ENTRY_SUBCATEGORY:
          subcategory = add_category (self, entry, (int) category);
          break;
        case OBA_DEMO_ENTRY_NOUN:
        default:
          {
            ObaDemoNoun noun = {
              .name = entry->az, .category = subcategory, .traits = entry->traits, .weight = entry->weight
            };

            noun.first_product = self->products->len;
            add_noun_products (self, entry, self->nouns->len);
            noun.n_products = self->products->len - noun.first_product;
            rank_products (self, &noun);
            g_array_append_val (self->nouns, noun);
          }
        }
    }
}

static void
category_clear (gpointer data)
{
  g_free (((ObaDemoCategory *) data)->code);
}

static void
set_tastes (ObaDemoCatalogue *self)
{
  self->tastes = oba_demo_alias_new (self->nouns->len);
  for (guint i = 0; i < self->nouns->len; i++)
    self->weights[i] = pow (oba_demo_catalogue_noun (self, i)->weight, 0.55);
  oba_demo_alias_set (self->tastes, self->weights);
}

ObaDemoCatalogue *
oba_demo_catalogue_new (guint64 seed, guint n_days)
{
  ObaDemoCatalogue *self = g_new0 (ObaDemoCatalogue, 1);

  self->seed = seed;
  self->categories = g_array_new (FALSE, FALSE, sizeof (ObaDemoCategory));
  g_array_set_clear_func (self->categories, category_clear);
  self->nouns = g_array_new (FALSE, FALSE, sizeof (ObaDemoNoun));
  self->products = g_array_new (FALSE, FALSE, sizeof (ObaDemoProduct));
  read_plan (self);
  drop_surplus (self);
  g_array_set_clear_func (self->products, product_clear);
  set_shelf_life (self, n_days);
  link_partners (self);
  self->prices = g_new0 (guint, self->products->len);
  self->promotions = g_new0 (guint8, self->products->len);
  self->weights = g_new0 (double, self->nouns->len);
  for (guint i = 0; i < G_N_ELEMENTS (self->demand); i++)
    self->demand[i] = oba_demo_alias_new (self->nouns->len);
  set_tastes (self);
  return self;
}

void
oba_demo_catalogue_free (ObaDemoCatalogue *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->demand); i++)
    oba_demo_alias_free (self->demand[i]);
  oba_demo_alias_free (self->tastes);
  g_array_unref (self->categories);
  g_array_unref (self->nouns);
  g_array_unref (self->products);
  g_free (self->partners);
  g_free (self->prices);
  g_free (self->promotions);
  g_free (self->weights);
  g_free (self);
}

/* ---- a day ---- */

/* What has hardly a place in a plain week (a bowl of semeni, a bunch of tulips) or grows in the field follows its
 * season more strictly. */
static double
noun_season (const ObaDemoNoun *noun, const ObaDemoDay *day)
{
  gboolean harvest =
      (noun->traits & OBA_DEMO_WEIGHED) && (noun->traits & (OBA_DEMO_SUMMER | OBA_DEMO_AUTUMN | OBA_DEMO_SPRING));
  double factor = 1.0;

  for (guint i = 0; i < OBA_DEMO_N_SEASONS; i++)
    if (noun->traits & (1u << i))
      factor *= day->season[i];
  if (noun->weight <= 0.12)
    return pow (factor, 2.2);
  if (harvest)
    return factor < 1.2 ? 0.0 : pow (factor, 1.4);
  return factor;
}

/* People read 1,99 and 2,49; loose goods by the kilogram cost round sums. */
static guint
shelf_price (double price, gboolean weighed)
{
  if (price < 50.0)
    return (guint) MAX (lround (price / 5.0) * 5, 5);
  if (weighed)
    return (guint) (price < 1000.0 ? lround (price / 10.0) * 10 : lround (price / 50.0) * 50 - 10);
  if (price < 1000.0)
    return (guint) (lround (price / 10.0) * 10 - (lround (price) % 2 != 0 ? 1 : 5));
  return (guint) (lround (price / 50.0) * 50 - 1);
}

static double
product_price_on (const ObaDemoCatalogue *self, const ObaDemoProduct *product, guint index, guint n_days, guint day)
{
  const ObaDemoNoun *noun = oba_demo_catalogue_noun (self, product->noun);
  int phase = (int) (oba_demo_hash_unit (self->seed, HASH_REPRICE, index) * REPRICE_DAYS);
  int since = ((int) day + phase) / REPRICE_DAYS * REPRICE_DAYS - phase;
  double price = product->price * pow (1.0 + YEARLY_INFLATION, (MAX (since, -phase) - (int) n_days) / 365.25);

  if (noun->traits & OBA_DEMO_WEIGHED && noun->traits & OBA_DEMO_EXEMPT)
    price *= 0.92 + 0.16 * oba_demo_hash_unit (self->seed, HASH_HARVEST + (guint64) index * 64, day / 7);
  return price;
}

void
oba_demo_catalogue_prepare (ObaDemoCatalogue *self, const ObaDemoCalendar *calendar, guint day)
{
  static const guint8 depths[] = { 10, 10, 15, 15, 20, 20, 25, 30, 40 };
  const ObaDemoDay *today = &calendar->days[day];
  g_autofree double *weights = g_new (double, self->nouns->len);

  for (guint i = 0; i < self->products->len; i++)
    {
      const ObaDemoProduct *product = oba_demo_catalogue_product (self, i);
      guint64 h = oba_demo_hash (self->seed, HASH_PROMOTION + (guint64) i * 64, (day + 3) / 14);
      gboolean weighed = (oba_demo_catalogue_noun (self, product->noun)->traits & OBA_DEMO_WEIGHED) != 0;

      self->prices[i] = shelf_price (product_price_on (self, product, i, calendar->n_days, day), weighed);
      self->promotions[i] = h % 100 < 7 ? depths[(h >> 32) % G_N_ELEMENTS (depths)] : 0;
    }
  for (guint i = 0; i < self->nouns->len; i++)
    {
      const ObaDemoNoun *noun = oba_demo_catalogue_noun (self, i);

      self->weights[i] = noun->weight * noun_season (noun, today);
    }
  for (guint part = 0; part < G_N_ELEMENTS (self->demand); part++)
    {
      for (guint i = 0; i < self->nouns->len; i++)
        {
          guint traits = oba_demo_catalogue_noun (self, i)->traits;
          double factor = 1.0;

          if (traits & OBA_DEMO_MORNING)
            factor *= part == 0 ? 1.6 : part == 2 ? 0.85 : 1.0;
          if (traits & OBA_DEMO_EVENING)
            factor *= part == 0 ? 0.6 : part == 2 ? 1.35 : 1.0;
          weights[i] = self->weights[i] * factor;
        }
      oba_demo_alias_set (self->demand[part], weights);
    }
}
