#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* The bot's figures in words. @board: of oba.telegram_board(). (transfer full) unless it is const */

const char *oba_bot_text_kind      (const char *kind);           /* "Receipt" */
const char *oba_bot_text_state     (const char *state);          /* of a message: "Not delivered" */
const char *oba_bot_text_broadcast (const char *state);          /* of a broadcast: "Paused" */
char       *oba_bot_text_way       (JsonObject *board);          /* "Webhook: https://…" */
/** What is wrong with the way in, or NULL. */
char       *oba_bot_text_trouble   (JsonObject *board);
char       *oba_bot_text_updates   (JsonObject *board);
char       *oba_bot_text_waiting   (JsonObject *board);
char       *oba_bot_text_pace      (JsonObject *board);
char       *oba_bot_text_errors    (JsonObject *board);
char       *oba_bot_text_progress  (JsonObject *broadcast);      /* "120 of 1 000 sent · 3 not delivered · done about 5 Nov 2026, 18:24" */
char       *oba_bot_text_moment    (JsonObject *object, const char *member);   /* "" for none */

G_END_DECLS
