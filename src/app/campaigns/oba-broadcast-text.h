#pragma once

#include <json-glib/json-glib.h>

#include "base/oba-catalogue.h"

G_BEGIN_DECLS

/* What the windows say of a broadcast, an object of oba_broadcasts_list_async(). (transfer full) but for constants. */

/** "24 Nov 2026, 10:00"; "" for what is not known. */
char       *oba_broadcast_text_moment   (JsonObject *object, const char *member);
/** "1 204": a member that is a number. */
char       *oba_broadcast_text_number   (JsonObject *object, const char *member);
/** "6 minutes", "2 hours 10 minutes" */
char       *oba_broadcast_text_duration (gint64 seconds);
/** The text of a language, or the Azerbaijani one where there is none; @own: (out) (optional): whether it is the language's own. (transfer none) */
const char *oba_broadcast_text_in       (JsonObject *broadcast, ObaLanguage language, gboolean *own);
/** Why a message was not sent: a sentence of the database, in the person's language; what Telegram said is as it was said. (transfer none) */
const char *oba_broadcast_text_why      (const char *why);
/** What becomes of it: "failed" -> "Not delivered". (transfer none) */
const char *oba_broadcast_text_outcome  (const char *state);
/** The lines under the preview: whom it reaches, whom not and why, when. @preview: oba_broadcasts_preview_async()'s */
char       *oba_broadcast_text_reach    (JsonObject *preview);
char       *oba_broadcast_text_when     (JsonObject *preview);
char       *oba_broadcast_text_rules    (JsonObject *preview);

G_END_DECLS
