#pragma once

#include <gtk/gtk.h>

#include "oba-session.h"

G_BEGIN_DECLS

/** Shows the code of a store's poster, by which passers-by come to the bot, for a campaign; prints it and saves it as a PDF. @name: of the store */
GtkWindow *oba_poster_window_new (GtkWindow *parent, ObaSession *session, gint64 store, const char *name);

G_END_DECLS
