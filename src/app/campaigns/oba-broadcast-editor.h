#pragma once

#include <json-glib/json-glib.h>

#include "oba-broadcast-form.h"
#include "oba-broadcast-preview.h"
#include "oba-session.h"
#include "widgets/oba-subpages.h"

G_BEGIN_DECLS

/**
 * ObaBroadcastEditor: a broadcast that has not been started: to be written beside what it looks like in Telegram and whom it would reach, tried on one's own chat, started, or discarded. What was
 * typed stays when the connection is lost or a colleague was faster; what is started is what was seen, once.
 *
 * Signal "left" (id): it is no draft any more, and was closed: started here or by somebody else.
 */
#define OBA_TYPE_BROADCAST_EDITOR (oba_broadcast_editor_get_type ())
G_DECLARE_FINAL_TYPE (ObaBroadcastEditor, oba_broadcast_editor, OBA, BROADCAST_EDITOR, AdwBin)

/** @id: 0: a new one. Returns: (transfer none) */
ObaBroadcastEditor  *oba_broadcast_editor_push         (ObaSubpages *subpages, ObaSession *session, gint64 id);

/* As the buttons do; also for tests. */
void                 oba_broadcast_editor_save         (ObaBroadcastEditor *self);
/** Keeps what was typed here, or takes what the colleague wrote. */
void                 oba_broadcast_editor_settle       (ObaBroadcastEditor *self, gboolean mine);
/** "discard", "test", "save", "start". (transfer none) (nullable): NULL when it is not offered */
GtkWidget           *oba_broadcast_editor_get_button   (ObaBroadcastEditor *self, const char *name);
ObaBroadcastForm    *oba_broadcast_editor_get_form     (ObaBroadcastEditor *self);
ObaBroadcastPreview *oba_broadcast_editor_get_preview  (ObaBroadcastEditor *self);
/** The question that is open, and what is typed there. (transfer none) (nullable) */
AdwMessageDialog    *oba_broadcast_editor_get_question (ObaBroadcastEditor *self);
GtkEditable         *oba_broadcast_editor_get_number   (ObaBroadcastEditor *self);
/** What is said of whom it reaches and when. */
const char          *oba_broadcast_editor_get_reach    (ObaBroadcastEditor *self);
const char          *oba_broadcast_editor_get_problem  (ObaBroadcastEditor *self);
gboolean             oba_broadcast_editor_has_conflict (ObaBroadcastEditor *self);
gint64               oba_broadcast_editor_get_id       (ObaBroadcastEditor *self);
gboolean             oba_broadcast_editor_is_dirty     (ObaBroadcastEditor *self);
gboolean             oba_broadcast_editor_is_settled   (ObaBroadcastEditor *self);

G_END_DECLS
