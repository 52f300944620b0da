#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** xoshiro256++ seeded by splitmix64: ours, so that a seed means the same chain with every GLib. Not for secrets. */
typedef struct
{
  guint64 s[4];
} ObaDemoRandom;

void    oba_demo_random_init    (ObaDemoRandom *self, guint64 seed, guint64 stream);
guint64 oba_demo_random_next    (ObaDemoRandom *self);
double  oba_demo_random_unit    (ObaDemoRandom *self);                          /* [0, 1) */
guint   oba_demo_random_below   (ObaDemoRandom *self, guint n);                 /* 0 .. n - 1; n > 0 */
int     oba_demo_random_between (ObaDemoRandom *self, int low, int high);       /* both included */
gboolean oba_demo_random_chance (ObaDemoRandom *self, double probability);
double  oba_demo_random_exponential (ObaDemoRandom *self);                      /* mean 1 */
double  oba_demo_random_normal  (ObaDemoRandom *self);                          /* mean 0, deviation 1 */
double  oba_demo_random_gamma   (ObaDemoRandom *self, double shape);            /* mean = shape */
guint   oba_demo_random_poisson (ObaDemoRandom *self, double mean);
guint   oba_demo_random_zipf    (ObaDemoRandom *self, guint n);                 /* 0 .. n - 1, the first most often */

/** A number that depends on its arguments only: choices that must be the same each time they are asked for. */
guint64 oba_demo_hash           (guint64 seed, guint64 a, guint64 b);
double  oba_demo_hash_unit      (guint64 seed, guint64 a, guint64 b);           /* [0, 1) */

/** ObaDemoAlias: draws an index by weight in constant time (Walker and Vose). */
typedef struct
{
  guint   n;
  double *keep;
  guint  *other;
} ObaDemoAlias;

ObaDemoAlias *oba_demo_alias_new  (guint n);
void          oba_demo_alias_free (ObaDemoAlias *self);
void          oba_demo_alias_set  (ObaDemoAlias *self, const double *weights);  /* n weights, not all zero */
guint         oba_demo_alias_draw (const ObaDemoAlias *self, ObaDemoRandom *random);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaDemoAlias, oba_demo_alias_free)

G_END_DECLS
