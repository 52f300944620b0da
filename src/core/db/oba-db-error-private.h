#pragma once

#include <libpq-fe.h>
#include "oba-db-error.h"

G_BEGIN_DECLS

GError *oba_db_error_new_from_result  (const PGresult *result);
/** @seconds: the timeout that ran out, 0 when it did not. The connection must have been made with PQERRORS_VERBOSE. */
GError *oba_db_error_new_from_connect (PGconn *conn, guint seconds);
GError *oba_db_error_new_lost         (PGconn *conn);

/** What a rule of ours said no with; the sentences as the database has them, they are translated here. */
GError *oba_db_error_new_refused      (const char *sqlstate, const char *message, const char *hint, const char *detail);

G_END_DECLS
