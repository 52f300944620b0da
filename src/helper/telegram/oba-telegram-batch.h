#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Updates of one poll as oba.telegram_poll_store() takes them: one that cannot be read is kept beside the others, and keeps none of them out. */

/** @updates: as Telegram answered. (transfer full) */
JsonArray *oba_telegram_batch_rows       (JsonArray *updates);
/** The same of an answer that is no JSON as a whole: {…[ update, update… ]…}, each taken by itself. (transfer full): empty when nothing like it is there */
JsonArray *oba_telegram_batch_split      (const char *answer, gsize length);
/** The highest update_id that confirms its update; 0: none does. */
gint64     oba_telegram_batch_highest    (JsonArray *rows);

G_END_DECLS
