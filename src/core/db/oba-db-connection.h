#pragma once

#include <gio/gio.h>
#include "oba-db-error.h"
#include "oba-db-params.h"
#include "oba-db-result.h"

G_BEGIN_DECLS

/**
 * ObaDbConnection: one asynchronous connection to PostgreSQL in the thread-default main context of its maker.
 *
 * Statements queue: any number may be given before the first has answered, and answers come in order. Parametrised statements are prepared on first use and
 * kept by their text (an LRU of 200), unless the connection was made without. Consecutive queries are sent in libpq's
 * pipeline mode with one sync each. Cancelling a GCancellable removes a queued statement, and sends PQcancel for the running one.
 * Functions that may be called on a closed connection fail with OBA_DB_ERROR_LOST.
 */
#define OBA_TYPE_DB_CONNECTION (oba_db_connection_get_type ())
G_DECLARE_FINAL_TYPE (ObaDbConnection, oba_db_connection, OBA, DB_CONNECTION, GObject)

typedef enum
{
  OBA_DB_CONNECTION_DEFAULT = 0,
  OBA_DB_CONNECTION_NO_PREPARE = 1 << 0,    /* for PgBouncer before 1.21 */
} ObaDbConnectionFlags;

/**
 * oba_db_connection_open_async: @conninfo is libpq's conninfo string or URI; "" takes PG* variables.
 * application_name and connect_timeout=10 are added when not given; client_encoding is UTF8, TimeZone Asia/Baku.
 */
void             oba_db_connection_open_async  (const char           *conninfo,
                                                ObaDbConnectionFlags  flags,
                                                GCancellable         *cancellable,
                                                GAsyncReadyCallback   callback,
                                                gpointer              user_data);
ObaDbConnection *oba_db_connection_open_finish (GAsyncResult *result, GError **error);

gboolean         oba_db_connection_is_open     (ObaDbConnection *self);
void             oba_db_connection_close       (ObaDbConnection *self);
guint            oba_db_connection_get_queue_length (ObaDbConnection *self);
/* Signals: "closed" (GError *reason): the server or the way to it is gone. "notice" (const char *severity, const char *message). */

/** One statement with parameters (NULL for none). */
void             oba_db_connection_query_async  (ObaDbConnection     *self,
                                                 const char          *sql,
                                                 ObaDbParams         *params,
                                                 GCancellable        *cancellable,
                                                 GAsyncReadyCallback  callback,
                                                 gpointer             user_data);
ObaDbResult     *oba_db_connection_query_finish (ObaDbConnection *self, GAsyncResult *result, GError **error);

/** One statement whose rows come in libpq's binary format and are not parsed: for id vectors. Column 0 of each row, int8. */
void             oba_db_connection_query_ids_async  (ObaDbConnection     *self,
                                                     const char          *sql,
                                                     ObaDbParams         *params,
                                                     GCancellable        *cancellable,
                                                     GAsyncReadyCallback  callback,
                                                     gpointer             user_data);
/** Returns: (transfer full): gint64 elements, streamed row by row, never all as a PGresult */
GArray          *oba_db_connection_query_ids_finish (ObaDbConnection *self, GAsyncResult *result, GError **error);

/** Several statements without parameters, as a script (simple protocol, so also DDL and COMMIT). */
void             oba_db_connection_script_async  (ObaDbConnection     *self,
                                                  const char          *sql,
                                                  GCancellable        *cancellable,
                                                  GAsyncReadyCallback  callback,
                                                  gpointer             user_data);
gboolean         oba_db_connection_script_finish (ObaDbConnection *self, GAsyncResult *result, GError **error);

/* The same for commands without a main loop of their own: they run a private GMainContext until the answer is there. */
ObaDbConnection *oba_db_connection_open_sync   (const char *conninfo, ObaDbConnectionFlags flags, GCancellable *cancellable, GError **error);
ObaDbResult     *oba_db_connection_query_sync  (ObaDbConnection *self, const char *sql, ObaDbParams *params, GCancellable *cancellable, GError **error);
gboolean         oba_db_connection_script_sync (ObaDbConnection *self, const char *sql, GCancellable *cancellable, GError **error);

/**
 * COPY. Text or CSV as the statement says. Memory is bounded: write_async answers when libpq's buffer has gone to the socket.
 * copy_in_end with @abort_message non-NULL makes the server refuse the whole COPY with that message.
 * The connection does nothing else between begin and end.
 */
void             oba_db_connection_copy_in_begin_async  (ObaDbConnection *self, const char *sql, GCancellable *cancellable,
                                                         GAsyncReadyCallback callback, gpointer user_data);
gboolean         oba_db_connection_copy_in_begin_finish (ObaDbConnection *self, GAsyncResult *result, GError **error);
void             oba_db_connection_copy_in_write_async  (ObaDbConnection *self, GBytes *data, GCancellable *cancellable,
                                                         GAsyncReadyCallback callback, gpointer user_data);
gboolean         oba_db_connection_copy_in_write_finish (ObaDbConnection *self, GAsyncResult *result, GError **error);
void             oba_db_connection_copy_in_end_async    (ObaDbConnection *self, const char *abort_message, GCancellable *cancellable,
                                                         GAsyncReadyCallback callback, gpointer user_data);
/** Returns: rows copied, -1 on error */
gint64           oba_db_connection_copy_in_end_finish   (ObaDbConnection *self, GAsyncResult *result, GError **error);

gboolean         oba_db_connection_copy_in_begin_sync   (ObaDbConnection *self, const char *sql, GCancellable *cancellable, GError **error);
gboolean         oba_db_connection_copy_in_write_sync   (ObaDbConnection *self, const char *data, gsize length, GCancellable *cancellable, GError **error);
gint64           oba_db_connection_copy_in_end_sync     (ObaDbConnection *self, const char *abort_message, GCancellable *cancellable, GError **error);

/** Called with each COPY row (a line with its newline); FALSE with @error set stops and cancels the statement. */
typedef gboolean (*ObaDbCopyFunc) (const char *data, gsize length, gpointer user_data, GError **error);
void             oba_db_connection_copy_out_async       (ObaDbConnection *self, const char *sql, ObaDbCopyFunc func, gpointer func_data,
                                                         GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gint64           oba_db_connection_copy_out_finish      (ObaDbConnection *self, GAsyncResult *result, GError **error);
gint64           oba_db_connection_copy_out_sync        (ObaDbConnection *self, const char *sql, ObaDbCopyFunc func, gpointer func_data,
                                                         GCancellable *cancellable, GError **error);

G_END_DECLS
