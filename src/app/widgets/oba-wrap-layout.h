#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** ObaWrapLayout: children side by side at their natural width, in as many lines as they need. */
#define OBA_TYPE_WRAP_LAYOUT (oba_wrap_layout_get_type ())
G_DECLARE_FINAL_TYPE (ObaWrapLayout, oba_wrap_layout, OBA, WRAP_LAYOUT, GtkLayoutManager)

GtkLayoutManager *oba_wrap_layout_new (int spacing);

G_END_DECLS
