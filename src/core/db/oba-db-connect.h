#pragma once

#include <gio/gio.h>
#include <libpq-fe.h>

G_BEGIN_DECLS

/**
 * Makes a connection in a worker thread: looking up names, TLS and SCRAM may all block. The timeout of the conninfo holds for each address.
 * A cancelled attempt answers at once; its thread clears up when libpq lets go.
 */
void    oba_db_connect_async  (const char *conninfo, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/** Returns: (transfer full): non-blocking, its session set up */
PGconn *oba_db_connect_finish (GAsyncResult *result, GError **error);

G_END_DECLS
