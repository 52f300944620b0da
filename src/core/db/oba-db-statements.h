#pragma once

#include "oba-db-params.h"

G_BEGIN_DECLS

/**
 * ObaDbStatements: what a connection has prepared, by text and parameter types; the least recently used one goes when there are too many.
 */
typedef struct _ObaDbStatements ObaDbStatements;

ObaDbStatements *oba_db_statements_new          (guint limit);
void             oba_db_statements_free         (ObaDbStatements *self);

/** The name for a statement; @is_new says that it has to be prepared first. Valid until it is forgotten. */
const char      *oba_db_statements_use          (ObaDbStatements *self, const char *sql, ObaDbParams *params, gboolean *is_new);
/** @on_server: it is still known there and has to be deallocated */
void             oba_db_statements_forget       (ObaDbStatements *self, const char *name, gboolean on_server);
/** Returns: (transfer full) (nullable): a name to DEALLOCATE */
char            *oba_db_statements_pop_evicted  (ObaDbStatements *self);
/** @name: (transfer full): deallocating it failed, to be tried again later */
void             oba_db_statements_push_evicted (ObaDbStatements *self, char *name);

G_END_DECLS
