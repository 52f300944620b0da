#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** A city, or a district of Bakı: how much of the chain it has (people in thousands, roughly), where it is. */
typedef struct
{
  const char *region;
  const char *city;
  const char *district;       /* of Bakı, else "" */
  const char *areas;          /* settlements and quarters "A|B", or NULL */
  double      latitude;
  double      longitude;
  double      spread;         /* degrees around it in which stores are */
  double      weight;
} ObaDemoPlace;

extern const ObaDemoPlace oba_demo_places[];
extern const guint oba_demo_n_places;
extern const char *const oba_demo_streets[];         /* found everywhere */
extern const guint oba_demo_n_streets;
extern const char *const oba_demo_baku_streets[];
extern const guint oba_demo_n_baku_streets;

G_END_DECLS
