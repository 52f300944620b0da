#pragma once

#include "oba-window.h"

G_BEGIN_DECLS

/**
 * `oba-backoffice --screenshots DIR`: a picture of every page, light and dark, at the window's size: DIR/overview-light.png, DIR/overview-dark.png...
 * For README, ./data/demo without a display, and eyes. Not shown by --help. Finishes when all are written, or fails with a page's own sentence.
 */
void     oba_screenshots_take_async  (ObaWindow *window, const char *directory, GAsyncReadyCallback callback, gpointer user_data);
gboolean oba_screenshots_take_finish (GAsyncResult *result, GError **error);

/** What @widget shows now, as a PNG. */
gboolean oba_screenshots_save_widget (GtkWidget *widget, const char *filename, GError **error);

G_END_DECLS
