#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/** A row of a list that says a title and, at its end, a value that can be copied. (transfer none) */
GtkWidget *oba_figure_row_new (const char *title, const char *value);

G_END_DECLS
