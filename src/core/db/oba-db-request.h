#pragma once

#include <json-glib/json-glib.h>

#include "oba-db-pool.h"

G_BEGIN_DECLS

/**
 * oba_db_request_async:
 * @action: a function of the database, oba.ACTION (request jsonb, scope text, key text), in lower case: [a-z_]+
 * @request: its request; it is written down now, so that the caller may change it afterwards
 * @key: names this request for ever, see oba_db_request_new_key(). Keep it until there is an answer or a refusal: what is asked again after a lost connection
 *       must be asked with the same key, and then happens once. Another request needs another key, one that was refused and mended too.
 *
 * The one way to change something. The request is committed when the answer is there. Lost on the way, it is sent again with its key until it is answered or
 * cancelled, or until the pool's patience (four times that of a read, 2 minutes by default) is at its end; so are a deadlock and two who were equally fast.
 * A new action is oba.do_ACTION (request jsonb) returns jsonb in a migration, and oba.add_action ('ACTION', 'oba_clerk', …) there to open the door (0032).
 */
void        oba_db_request_async  (ObaDbPool *pool, const char *action, JsonNode *request, const char *key, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer user_data);

/**
 * oba_db_request_finish:
 *
 * Returns: (transfer full): the answer; "replayed" is true in it when an earlier try had done it already.
 * Errors: OBA_DB_ERROR_RULE when a rule of the house said no: the message is its sentence in the person's language, oba_db_error_get_hint() the next step (translated, too),
 * oba_db_error_get_sqlstate() its code ("OB004"), oba_db_error_get_detail() what it is about (an id, a version). OBA_DB_ERROR_CONNECT: it was never sent.
 * OBA_DB_ERROR_LOST: it was sent, and nobody knows whether it was done: ask again with the same key. G_IO_ERROR_CANCELLED likewise. Others as oba_db_pool_write_finish().
 */
JsonObject *oba_db_request_finish (ObaDbPool *pool, GAsyncResult *result, GError **error);

/** A key that nobody has used. (transfer full) */
char       *oba_db_request_new_key (void);

/** Is @error the refusal @code, such as "OB003"? */
gboolean    oba_db_error_is_refusal (const GError *error, const char *code);

G_END_DECLS
