#pragma once

#include <adwaita.h>
#include <json-glib/json-glib.h>

#include "db/oba-db-pool.h"

G_BEGIN_DECLS

/**
 * ObaProfileChanges: what the clerk changes on a profile, one after another, each with a key of its own. Said to be done after COMMIT, in a message with Undo
 * where there is a way back. Closing the profile does not stop what was asked.
 *
 * Signals: "done": something was committed; "failed" (const char *sentence): nothing was, and why.
 */
#define OBA_TYPE_PROFILE_CHANGES (oba_profile_changes_get_type ())
G_DECLARE_FINAL_TYPE (ObaProfileChanges, oba_profile_changes, OBA, PROFILE_CHANGES, GObject)

/** @view: what the messages are shown over, while it is there */
ObaProfileChanges *oba_profile_changes_new     (ObaDbPool *pool, GtkWidget *view);

/**
 * oba_profile_changes_ask:
 * @action: of the database, see oba_db_request_async()
 * @request: (transfer none): a floating GVariant of type a{sv}
 * @said: what is said when it is done
 * @undo: (nullable): the request of the same action that takes it back
 */
void               oba_profile_changes_ask     (ObaProfileChanges *self, const char *action, GVariant *request, const char *said, GVariant *undo);
gboolean           oba_profile_changes_is_busy (ObaProfileChanges *self);

G_END_DECLS
