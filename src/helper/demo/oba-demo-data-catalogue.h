#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  OBA_DEMO_ENTRY_DEPARTMENT,
  OBA_DEMO_ENTRY_CATEGORY,
  OBA_DEMO_ENTRY_SUBCATEGORY,
  OBA_DEMO_ENTRY_NOUN,
} ObaDemoEntryKind;

/** When a thing sells better than on a plain day, and what else is special about it. */
typedef enum
{
  OBA_DEMO_NOVRUZ = 1 << 0,
  OBA_DEMO_RAMAZAN = 1 << 1,
  OBA_DEMO_NEW_YEAR = 1 << 2,
  OBA_DEMO_SUMMER = 1 << 3,
  OBA_DEMO_WINTER = 1 << 4,
  OBA_DEMO_SCHOOL = 1 << 5,
  OBA_DEMO_SPRING = 1 << 6,
  OBA_DEMO_AUTUMN = 1 << 7,
  OBA_DEMO_MARCH8 = 1 << 8,
  OBA_DEMO_PICNIC = 1 << 9,          /* kabab: warm weekends and holidays */
  OBA_DEMO_SEASONS = (1 << 10) - 1,
  OBA_DEMO_WEIGHED = 1 << 10,        /* sold by the kilogram, quantity with three decimals */
  OBA_DEMO_EXEMPT = 1 << 11,         /* no VAT */
  OBA_DEMO_MANY = 1 << 12,           /* bought by several: water, yoghurt, ice cream */
  OBA_DEMO_MORNING = 1 << 13,
  OBA_DEMO_EVENING = 1 << 14,
  OBA_DEMO_DURABLE = 1 << 15,        /* comes back more often: textiles, appliances, toys */
} ObaDemoTrait;

/** One row of the catalogue's plan. Rows are in the tree's order: a noun belongs to the subcategory above it. */
typedef struct
{
  ObaDemoEntryKind kind;
  const char      *az;
  const char      *ru;               /* categories only */
  const char      *en;
  const char      *brands;           /* "A|B|C"; nouns only, as all below */
  const char      *variants;         /* "x|y" or NULL */
  const char      *sizes;            /* "100 q|250 q" or NULL */
  int              price;            /* qəpik, the first size */
  double           weight;           /* how often it is in a basket */
  guint            traits;
} ObaDemoEntry;

/** What is bought together: who has @noun in the basket takes @partner too with @chance. */
typedef struct
{
  const char *noun;
  const char *partner;
  double      chance;
} ObaDemoAffinity;

extern const ObaDemoEntry oba_demo_entries[];
extern const guint oba_demo_n_entries;
extern const ObaDemoAffinity oba_demo_affinities[];
extern const guint oba_demo_n_affinities;

G_END_DECLS
