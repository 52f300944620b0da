#pragma once

#include "db/oba-db-pool.h"
#include "oba-http-server.h"
#include "oba-metrics.h"

G_BEGIN_DECLS

/**
 * ObaHealth: /healthz (the process answers), /readyz (the database answers and has this program's schema; 503
 * otherwise), /metrics. They are for the machine and its monitoring: nginx does not pass them on.
 */
typedef struct _ObaHealth ObaHealth;

ObaHealth *oba_health_new        (ObaDbPool *pool, ObaHttpServer *server, ObaMetrics *metrics);
void       oba_health_free       (ObaHealth *self);
void       oba_health_add_routes (ObaHealth *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaHealth, oba_health_free)

G_END_DECLS
