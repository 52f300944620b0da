#pragma once

#include "db/oba-db-pool.h"
#include "http/oba-http-server.h"
#include "oba-api-token.h"

G_BEGIN_DECLS

/** ObaApi: the REST interface; data/openapi.yaml is its contract. */
typedef struct _ObaApi ObaApi;

/** @keys: (transfer full) */
ObaApi *oba_api_new        (ObaDbPool *pool, ObaApiKeys *keys);
void    oba_api_free       (ObaApi *self);
void    oba_api_add_routes (ObaApi *self, ObaHttpServer *server);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaApi, oba_api_free)

G_END_DECLS
