#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * ObaMetrics: what this process counts, written in Prometheus' text format. Names start with "oba_".
 * Counters live here; gauges that are read when asked for are appended with oba_metrics_append_gauge().
 */
typedef struct _ObaMetrics ObaMetrics;

ObaMetrics *oba_metrics_new           (void);
void        oba_metrics_free          (ObaMetrics *self);

/** One request of @route (a name of ours, never a path from outside). */
void        oba_metrics_count_request (ObaMetrics *self, const char *route, guint status, double seconds);
/** @name: a literal, "oba_telegram_calls_total"; @label: (nullable): literal label pairs, "result=\"sent\"" */
void        oba_metrics_count         (ObaMetrics *self, const char *name, const char *label, guint64 by);

/** Everything counted so far, and what the process itself knows (memory, uptime). */
void        oba_metrics_append_all    (ObaMetrics *self, GString *text);
void        oba_metrics_append_gauge  (GString *text, const char *name, const char *label, double value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaMetrics, oba_metrics_free)

G_END_DECLS
