#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * ObaProfileLayout: two parts side by side where there is room for both, one at a time, behind two buttons, where there is not.
 * The choice of the narrow form is kept while the window is wide.
 */
#define OBA_TYPE_PROFILE_LAYOUT (oba_profile_layout_get_type ())
G_DECLARE_FINAL_TYPE (ObaProfileLayout, oba_profile_layout, OBA, PROFILE_LAYOUT, GtkWidget)

/* Properties, for templates: "side", "content" (widgets), "side-title", "content-title" (what the buttons say). */

/** Is only one of the parts seen? */
gboolean oba_profile_layout_is_narrow (ObaProfileLayout *self);
/** In the narrow form: brings the content forward, or the side. */
void     oba_profile_layout_show_content (ObaProfileLayout *self, gboolean content);

G_END_DECLS
