#pragma once

#include <adwaita.h>

#include "db/oba-db-pool.h"

G_BEGIN_DECLS

/**
 * ObaSuggestions: below a field, what the database knows of what is being typed. Down goes to the list, Enter or a click chooses, Escape goes back.
 *
 * Signal "chosen" (gint64 id, const char *text).
 */
#define OBA_TYPE_SUGGESTIONS (oba_suggestions_get_type ())
G_DECLARE_FINAL_TYPE (ObaSuggestions, oba_suggestions, OBA, SUGGESTIONS, AdwBin)

/** @query: a statement of oba_db_sql() with the text as $1, which answers with an id, the text, and more about it. */
GtkWidget *oba_suggestions_new  (GtkEntry *entry, ObaDbPool *pool, const char *query);
/** What was typed is done with: nothing more is suggested for it. */
void       oba_suggestions_stop (ObaSuggestions *self);

G_END_DECLS
