#pragma once

#include <adwaita.h>

#include "oba-session.h"

G_BEGIN_DECLS

/** ObaBehindWindow: the customers whose points make a group of the liability, the most points first; one of them is opened by Enter or a click. Names for those who may see them. */
#define OBA_TYPE_BEHIND_WINDOW (oba_behind_window_get_type ())
G_DECLARE_FINAL_TYPE (ObaBehindWindow, oba_behind_window, OBA, BEHIND_WINDOW, AdwWindow)

/** @section: "tier", "age", "expiry"; @key: of the group; @name: as it is called */
ObaBehindWindow *oba_behind_window_new       (GtkWindow *parent, ObaSession *session, const char *section, const char *key, const char *name);

/* For tests. */
gboolean         oba_behind_window_is_loaded (ObaBehindWindow *self);
guint            oba_behind_window_get_n     (ObaBehindWindow *self);
/** Of those shown. */
gint64           oba_behind_window_get_points (ObaBehindWindow *self);

G_END_DECLS
