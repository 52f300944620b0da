#pragma once

#include "oba-local-server.h"

G_BEGIN_DECLS

/** Which database is meant, in the order that both programs follow. */

/**
 * oba_db_source_choose: @given (an option; nullable) else the variable OBA_DATABASE, else @configured (nullable), else "", with which libpq takes
 * PG* variables and service files. Empty texts count as absent.
 * Returns: (transfer full) (nullable): NULL and OBA_ERROR_CONFIGURATION when it is no conninfo string or URI
 */
char *oba_db_source_choose      (const char *given, const char *configured, GError **error);

/** "oba on db.example.az as aysel": for titles and messages; never a password. (transfer full) */
char *oba_db_source_describe    (const char *conninfo);

/**
 * oba_db_source_open_local: makes and starts the private server when needed, and migrates it.
 * @server: (nullable): NULL for the default place
 * Returns: (transfer full) (nullable): its conninfo. Blocks; the async version works in a thread.
 */
char *oba_db_source_open_local        (ObaLocalServer *server, GCancellable *cancellable, GError **error);
void  oba_db_source_open_local_async  (ObaLocalServer *server, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
char *oba_db_source_open_local_finish (GAsyncResult *result, GError **error);

G_END_DECLS
