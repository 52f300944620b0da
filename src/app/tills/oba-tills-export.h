#pragma once

#include "oba-tills-view.h"

G_BEGIN_DECLS

/** A button that asks where to, and writes the whole list as CSV. */
GtkWidget *oba_tills_export_button_new (ObaTillsView *view);

/** Writes everything of the view's conditions into @path, page by page; says so, or why not, in a message over the window. Signal of the view: "exported". */
void       oba_tills_export            (ObaTillsView *view, const char *path);

G_END_DECLS
