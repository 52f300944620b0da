#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef void (*ObaPaperFileFunc) (GtkWidget *owner, const char *path, gpointer user_data);

/** Asks where to save a PDF; @func is called when a place was chosen and @owner is still there. @name: proposed, made fit to be a file's. */
void oba_paper_file_choose (GtkWidget *owner, const char *title, const char *name, ObaPaperFileFunc func, gpointer user_data, GDestroyNotify free_data);

typedef void (*ObaPaperSayFunc) (GtkWidget *owner, const char *sentence);

/** Asks for a printer and prints; @say is told what went wrong while @owner is still there. */
void oba_paper_print (GtkWidget *owner, GtkPrintOperation *operation, ObaPaperSayFunc say);

G_END_DECLS
