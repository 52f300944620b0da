#pragma once

#include <libpq-fe.h>
#include "oba-db-result.h"

G_BEGIN_DECLS

/** @result: (transfer full) */
ObaDbResult *oba_db_result_new         (PGresult *result);
const char  *oba_db_result_get_command (ObaDbResult *self);   /* the command tag: "COMMIT", "INSERT 0 1" */

G_END_DECLS
