#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** The title of the column that was appended last stands over its figures, to the right. GTK has no way to say it. */
void oba_column_title_align (GtkColumnView *view);

G_END_DECLS
