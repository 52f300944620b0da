#pragma once

#include "oba-db-params.h"

G_BEGIN_DECLS

/**
 * ObaDbStatements: what a connection has prepared, by text and parameter types; the least recently used one goes when there are too many.
 */
typedef struct _ObaDbStatements ObaDbStatements;

ObaDbStatements *oba_db_statements_new          (guint limit);
void             oba_db_statements_free         (ObaDbStatements *self);

typedef enum
{
  OBA_DB_STATEMENT_NEW,         /* has to be prepared first */
  OBA_DB_STATEMENT_PENDING,     /* is being prepared: what uses it now would only fail once more when that fails */
  OBA_DB_STATEMENT_READY,
} ObaDbStatementState;

/** The name for a statement. Valid until it is forgotten. */
const char      *oba_db_statements_use          (ObaDbStatements *self, const char *sql, ObaDbParams *params, ObaDbStatementState *state);
/** The server has prepared it. */
void             oba_db_statements_confirm      (ObaDbStatements *self, const char *name);
/** @on_server: it is still known there and has to be deallocated */
void             oba_db_statements_forget       (ObaDbStatements *self, const char *name, gboolean on_server);
/** Returns: (transfer full) (nullable): a name to DEALLOCATE */
char            *oba_db_statements_pop_evicted  (ObaDbStatements *self);
/** @name: (transfer full): deallocating it failed, to be tried again later */
void             oba_db_statements_push_evicted (ObaDbStatements *self, char *name);

G_END_DECLS
