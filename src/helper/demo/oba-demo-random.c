#include "oba-demo-random.h"

#include <math.h>

static guint64
mix (guint64 x)
{
  x = (x ^ (x >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  x = (x ^ (x >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return x ^ (x >> 31);
}

static guint64
splitmix (guint64 *state)
{
  *state += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  return mix (*state);
}

static inline guint64
rotate (guint64 x, int k)
{
  return (x << k) | (x >> (64 - k));
}

void
oba_demo_random_init (ObaDemoRandom *self, guint64 seed, guint64 stream)
{
  guint64 state = mix (seed) ^ mix (stream + G_GUINT64_CONSTANT (0xd1342543de82ef95));

  for (int i = 0; i < 4; i++)
    self->s[i] = splitmix (&state);
}

guint64
oba_demo_random_next (ObaDemoRandom *self)
{
  guint64 *s = self->s;
  guint64 result = rotate (s[0] + s[3], 23) + s[0];
  guint64 t = s[1] << 17;

  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = rotate (s[3], 45);
  return result;
}

double
oba_demo_random_unit (ObaDemoRandom *self)
{
  return (double) (oba_demo_random_next (self) >> 11) * 0x1.0p-53;
}

guint
oba_demo_random_below (ObaDemoRandom *self, guint n)
{
  return (guint) (((oba_demo_random_next (self) >> 32) * (guint64) n) >> 32);
}

int
oba_demo_random_between (ObaDemoRandom *self, int low, int high)
{
  return low + (int) oba_demo_random_below (self, (guint) (high - low + 1));
}

gboolean
oba_demo_random_chance (ObaDemoRandom *self, double probability)
{
  return oba_demo_random_unit (self) < probability;
}

double
oba_demo_random_exponential (ObaDemoRandom *self)
{
  return -log1p (-oba_demo_random_unit (self));
}

double
oba_demo_random_normal (ObaDemoRandom *self)
{
  double r = sqrt (2.0 * oba_demo_random_exponential (self));

  return r * cos (2.0 * G_PI * oba_demo_random_unit (self));
}

/* Marsaglia and Tsang; below shape 1 by the usual power of a uniform. */
double
oba_demo_random_gamma (ObaDemoRandom *self, double shape)
{
  double boost = 1.0;
  double d, c;

  if (shape < 1.0)
    {
      boost = pow (1.0 - oba_demo_random_unit (self), 1.0 / shape);
      shape += 1.0;
    }
  d = shape - 1.0 / 3.0;
  c = 1.0 / sqrt (9.0 * d);
  for (;;)
    {
      double x = oba_demo_random_normal (self);
      double v = 1.0 + c * x;

      if (v <= 0.0)
        continue;
      v = v * v * v;
      if (log1p (-oba_demo_random_unit (self)) < 0.5 * x * x + d - d * v + d * log (v))
        return boost * d * v;
    }
}

guint
oba_demo_random_poisson (ObaDemoRandom *self, double mean)
{
  double limit, product;
  guint n = 0;

  if (mean > 30.0)
    {
      double x = floor (mean + sqrt (mean) * oba_demo_random_normal (self) + 0.5);

      return x < 0.0 ? 0 : (guint) x;
    }
  limit = exp (-mean);
  product = oba_demo_random_unit (self);
  while (product > limit)
    {
      product *= oba_demo_random_unit (self);
      n++;
    }
  return n;
}

/* The continuous inverse of 1/x: near enough to Zipf, and no table. */
guint
oba_demo_random_zipf (ObaDemoRandom *self, guint n)
{
  double x = pow ((double) n + 1.0, oba_demo_random_unit (self)) - 1.0;

  return MIN ((guint) x, n - 1);
}

guint64
oba_demo_hash (guint64 seed, guint64 a, guint64 b)
{
  return mix (mix (mix (seed + G_GUINT64_CONSTANT (0x9e3779b97f4a7c15)) + a) +
              b * G_GUINT64_CONSTANT (0xda942042e4dd58b5));
}

double
oba_demo_hash_unit (guint64 seed, guint64 a, guint64 b)
{
  return (double) (oba_demo_hash (seed, a, b) >> 11) * 0x1.0p-53;
}

ObaDemoAlias *
oba_demo_alias_new (guint n)
{
  ObaDemoAlias *self = g_new0 (ObaDemoAlias, 1);

  self->n = n;
  self->keep = g_new (double, n);
  self->other = g_new (guint, n);
  return self;
}

void
oba_demo_alias_free (ObaDemoAlias *self)
{
  g_free (self->keep);
  g_free (self->other);
  g_free (self);
}

void
oba_demo_alias_set (ObaDemoAlias *self, const double *weights)
{
  g_autofree guint *small = g_new (guint, self->n);
  g_autofree guint *large = g_new (guint, self->n);
  guint n_small = 0, n_large = 0;
  double sum = 0.0;

  for (guint i = 0; i < self->n; i++)
    sum += weights[i];
  for (guint i = 0; i < self->n; i++)
    {
      self->keep[i] = weights[i] * self->n / sum;
      self->other[i] = i;
      if (self->keep[i] < 1.0)
        small[n_small++] = i;
      else
        large[n_large++] = i;
    }
  while (n_small > 0 && n_large > 0)
    {
      guint s = small[--n_small];
      guint l = large[n_large - 1];

      self->other[s] = l;
      self->keep[l] -= 1.0 - self->keep[s];
      if (self->keep[l] < 1.0)
        small[n_small++] = large[--n_large];
    }
  while (n_small > 0)
    self->keep[small[--n_small]] = 1.0;
  while (n_large > 0)
    self->keep[large[--n_large]] = 1.0;
}

guint
oba_demo_alias_draw (const ObaDemoAlias *self, ObaDemoRandom *random)
{
  double x = oba_demo_random_unit (random) * self->n;
  guint i = (guint) x;

  return x - i < self->keep[i] ? i : self->other[i];
}
