#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * oba_lazy_scroll_attach: keeps fast wheel scrolling of a long list from running away.
 *
 * GTK before 4.10 moves a list by rows that are not there when its adjustment changes twice in a frame, and the jumps compound.
 * So the wheel's turns are gathered and applied once a frame.
 */
void oba_lazy_scroll_attach (GtkScrolledWindow *scroller);

G_END_DECLS
