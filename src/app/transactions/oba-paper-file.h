#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef void (*ObaPaperFileFunc) (GtkWidget *owner, const char *path, gpointer user_data);

/** Asks where to save a PDF; @func is called when a place was chosen and @owner is still there. @name: proposed, made fit to be a file's. */
void oba_paper_file_choose (GtkWidget *owner, const char *title, const char *name, ObaPaperFileFunc func, gpointer user_data, GDestroyNotify free_data);

G_END_DECLS
