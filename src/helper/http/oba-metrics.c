#include "oba-metrics.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const double bounds[] = { 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10 };

typedef struct
{
  guint64 counts[G_N_ELEMENTS (bounds) + 1];
  guint64 total;
  double sum;
} Histogram;

typedef struct
{
  char *name;
  char *label;
  guint64 value;
} Counter;

struct _ObaMetrics
{
  GHashTable *histograms; /* route -> Histogram */
  GHashTable *counters;   /* "name{label}" -> Counter */
  double started;         /* Unix time */
};

static void
counter_free (gpointer data)
{
  Counter *counter = data;

  g_free (counter->name);
  g_free (counter->label);
  g_free (counter);
}

ObaMetrics *
oba_metrics_new (void)
{
  ObaMetrics *self = g_new0 (ObaMetrics, 1);

  self->histograms = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->counters = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, counter_free);
  self->started = (double) g_get_real_time () / G_USEC_PER_SEC;
  return self;
}

void
oba_metrics_free (ObaMetrics *self)
{
  g_hash_table_unref (self->histograms);
  g_hash_table_unref (self->counters);
  g_free (self);
}

void
oba_metrics_count (ObaMetrics *self, const char *name, const char *label, guint64 by)
{
  char key[160];
  Counter *counter;

  g_snprintf (key, sizeof key, "%s{%s}", name, label != NULL ? label : "");
  counter = g_hash_table_lookup (self->counters, key);
  if (counter == NULL)
    {
      counter = g_new0 (Counter, 1);
      counter->name = g_strdup (name);
      counter->label = g_strdup (label);
      g_hash_table_insert (self->counters, g_strdup (key), counter);
    }
  counter->value += by;
}

void
oba_metrics_count_request (ObaMetrics *self, const char *route, guint status, double seconds)
{
  Histogram *histogram = g_hash_table_lookup (self->histograms, route);
  char label[96];
  guint bucket = 0;

  if (histogram == NULL)
    {
      histogram = g_new0 (Histogram, 1);
      g_hash_table_insert (self->histograms, g_strdup (route), histogram);
    }
  while (bucket < G_N_ELEMENTS (bounds) && seconds > bounds[bucket])
    bucket++;
  histogram->counts[bucket]++;
  histogram->total++;
  histogram->sum += seconds;

  g_snprintf (label, sizeof label, "route=\"%s\",status=\"%u\"", route, status);
  oba_metrics_count (self, "oba_http_requests_total", label, 1);
}

static void
append_number (GString *text, double value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append (text, g_ascii_formatd (buffer, sizeof buffer, "%.15g", value));
}

void
oba_metrics_append_gauge (GString *text, const char *name, const char *label, double value)
{
  g_autofree char *heading = g_strdup_printf ("# TYPE %s gauge\n", name);

  if (strstr (text->str, heading) == NULL)
    g_string_append (text, heading);
  g_string_append (text, name);
  if (label != NULL)
    g_string_append_printf (text, "{%s}", label);
  g_string_append_c (text, ' ');
  append_number (text, value);
  g_string_append_c (text, '\n');
}

static void
append_histogram (GString *text, const char *route, Histogram *histogram)
{
  guint64 below = 0;

  for (guint i = 0; i < G_N_ELEMENTS (bounds); i++)
    {
      below += histogram->counts[i];
      g_string_append_printf (text, "oba_http_request_seconds_bucket{route=\"%s\",le=\"", route);
      append_number (text, bounds[i]);
      g_string_append_printf (text, "\"} %" G_GUINT64_FORMAT "\n", below);
    }
  g_string_append_printf (text, "oba_http_request_seconds_bucket{route=\"%s\",le=\"+Inf\"} %" G_GUINT64_FORMAT "\n",
                          route, histogram->total);
  g_string_append_printf (text, "oba_http_request_seconds_sum{route=\"%s\"} ", route);
  append_number (text, histogram->sum);
  g_string_append_printf (text, "\noba_http_request_seconds_count{route=\"%s\"} %" G_GUINT64_FORMAT "\n", route,
                          histogram->total);
}

static gint
compare_counters (gconstpointer a, gconstpointer b)
{
  const Counter *left = a, *right = b;
  int by_name = strcmp (left->name, right->name);

  return by_name != 0 ? by_name : g_strcmp0 (left->label, right->label);
}

static void
append_counters (ObaMetrics *self, GString *text)
{
  g_autoptr (GList) counters = g_list_sort (g_hash_table_get_values (self->counters), compare_counters);
  const char *previous = "";

  for (GList *l = counters; l != NULL; l = l->next)
    {
      Counter *counter = l->data;

      if (strcmp (previous, counter->name) != 0)
        g_string_append_printf (text, "# TYPE %s counter\n", counter->name);
      previous = counter->name;
      g_string_append (text, counter->name);
      if (counter->label != NULL)
        g_string_append_printf (text, "{%s}", counter->label);
      g_string_append_printf (text, " %" G_GUINT64_FORMAT "\n", counter->value);
    }
}

static double
resident_bytes (void)
{
  g_autofree char *statm = NULL;
  unsigned long total, resident;

  if (!g_file_get_contents ("/proc/self/statm", &statm, NULL, NULL) ||
      sscanf (statm, "%lu %lu", &total, &resident) != 2)
    return 0;
  return (double) resident * (double) sysconf (_SC_PAGESIZE);
}

void
oba_metrics_append_all (ObaMetrics *self, GString *text)
{
  g_autoptr (GList) routes = g_list_sort (g_hash_table_get_keys (self->histograms), (GCompareFunc) strcmp);

  append_counters (self, text);
  if (routes != NULL)
    g_string_append (text, "# TYPE oba_http_request_seconds histogram\n");
  for (GList *l = routes; l != NULL; l = l->next)
    append_histogram (text, l->data, g_hash_table_lookup (self->histograms, l->data));
  oba_metrics_append_gauge (text, "oba_process_resident_memory_bytes", NULL, resident_bytes ());
  oba_metrics_append_gauge (text, "oba_process_start_time_seconds", NULL, self->started);
}
