#include "oba-http-limiter.h"

#include <math.h>

#define MAX_CLIENTS 20000

typedef struct
{
  double tokens;
  gint64 at;
} Bucket;

struct _ObaHttpLimiter
{
  GHashTable *buckets; /* client -> Bucket */
  double rate;
  double burst;
};

ObaHttpLimiter *
oba_http_limiter_new (double rate, double burst)
{
  ObaHttpLimiter *self = g_new0 (ObaHttpLimiter, 1);

  self->buckets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->rate = rate;
  self->burst = MAX (burst, 1.0);
  return self;
}

void
oba_http_limiter_free (ObaHttpLimiter *self)
{
  g_hash_table_unref (self->buckets);
  g_free (self);
}

static void
fill (ObaHttpLimiter *self, Bucket *bucket, gint64 now)
{
  double seconds = (double) (now - bucket->at) / G_USEC_PER_SEC;

  bucket->tokens = MIN (self->burst, bucket->tokens + MAX (seconds, 0.0) * self->rate);
  bucket->at = now;
}

/* A full bucket says nothing that a new one would not. */
static void
forget_full (ObaHttpLimiter *self, gint64 now)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->buckets);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      fill (self, value, now);
      if (((Bucket *) value)->tokens >= self->burst)
        g_hash_table_iter_remove (&iter);
    }
  if (g_hash_table_size (self->buckets) >= MAX_CLIENTS)
    g_hash_table_remove_all (self->buckets);
}

guint
oba_http_limiter_take (ObaHttpLimiter *self, const char *client, gint64 now)
{
  Bucket *bucket = g_hash_table_lookup (self->buckets, client);

  if (bucket == NULL)
    {
      if (g_hash_table_size (self->buckets) >= MAX_CLIENTS)
        forget_full (self, now);
      bucket = g_new0 (Bucket, 1);
      bucket->tokens = self->burst;
      bucket->at = now;
      g_hash_table_insert (self->buckets, g_strdup (client), bucket);
    }
  fill (self, bucket, now);
  if (bucket->tokens >= 1.0)
    {
      bucket->tokens -= 1.0;
      return 0;
    }
  return (guint) MAX (1.0, ceil ((1.0 - bucket->tokens) / self->rate));
}
