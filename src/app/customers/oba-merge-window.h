#pragma once

#include <adwaita.h>

#include "customers/oba-duplicates.h"
#include "oba-session.h"

G_BEGIN_DECLS

/**
 * ObaMergeWindow: asks for a merge of two customers, or for taking one back: who stays, which details are kept, and what exactly it would do.
 * Signal "asked": the request waits for somebody else's approval now; the window is closed.
 */
#define OBA_TYPE_MERGE_WINDOW (oba_merge_window_get_type ())
G_DECLARE_FINAL_TYPE (ObaMergeWindow, oba_merge_window, OBA, MERGE_WINDOW, AdwWindow)

/** The one who bought more, or is known for longer, is proposed to stay. */
ObaMergeWindow *oba_merge_window_new      (GtkWindow *parent, ObaSession *session, ObaMergePerson *first, ObaMergePerson *second);
ObaMergeWindow *oba_merge_window_new_back (GtkWindow *parent, ObaSession *session, const ObaMergeEntry *entry);

/** As the button does; pressed twice is meant once. */
void            oba_merge_window_send       (ObaMergeWindow *self);
/* For tests: the preview is there and is of what is chosen, and nothing is on its way. */
gboolean        oba_merge_window_is_settled (ObaMergeWindow *self);

G_END_DECLS
