#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * ObaLocalServer: the private PostgreSQL in $XDG_DATA_HOME/oba (or @directory): no network port, a Unix socket only its owner reaches.
 * As root it is run by the system user postgres (initdb refuses root); then, without XDG_DATA_HOME, it lives in /var/lib/oba, which postgres can reach.
 *
 * DIRECTORY/postgresql holds data, server.log, lock and socket (the socket elsewhere when its path would be too long).
 * A server that was killed, a half-made data directory and two starters at once are all taken care of by start.
 * Errors are OBA_ERROR_UNAVAILABLE or OBA_ERROR_REFUSED with a sentence for people that quotes the log's last lines where it helps.
 */
#define OBA_TYPE_LOCAL_SERVER (oba_local_server_get_type ())
G_DECLARE_FINAL_TYPE (ObaLocalServer, oba_local_server, OBA, LOCAL_SERVER, GObject)

ObaLocalServer *oba_local_server_new            (const char *directory);                  /* NULL: the default */
const char     *oba_local_server_get_directory  (ObaLocalServer *self);
const char     *oba_local_server_get_home       (ObaLocalServer *self);                   /* DIRECTORY/postgresql: all that the server has */
char           *oba_local_server_get_log_path   (ObaLocalServer *self);
char           *oba_local_server_get_uri        (ObaLocalServer *self);                   /* conninfo of database "oba", as its owner */
gboolean        oba_local_server_is_running     (ObaLocalServer *self);
int             oba_local_server_get_pid        (ObaLocalServer *self);                   /* 0 when stopped */
int             oba_local_server_get_major      (ObaLocalServer *self);                   /* PostgreSQL version of the data, 0 when there is none */
/** initdb when needed, start when stopped, create the database "oba"; does not migrate. */
void            oba_local_server_start_async    (ObaLocalServer *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean        oba_local_server_start_finish   (ObaLocalServer *self, GAsyncResult *result, GError **error);
gboolean        oba_local_server_start          (ObaLocalServer *self, GCancellable *cancellable, GError **error);
/** Ends its sessions and stops it; TRUE also when it was not running. */
gboolean        oba_local_server_stop           (ObaLocalServer *self, GError **error);

G_END_DECLS
