#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * Keys as a keyboard sends them: through the X server, to the window that has the focus. Nothing else is touched, so that a way that needs a mouse fails.
 * Needs a display of its own (Xvfb) and libXtst, which comes with at-spi2-core.
 */

/** FALSE when keys cannot be sent here: the test is skipped then. */
gboolean app_keys_init  (void);
void     app_keys_end   (void);

/** The keyboard's focus, as a window manager would give it; waits until it is there. */
void     app_keys_focus (GtkWindow *window);

/** "Tab", "<Control>e", "<Shift>Tab", "Return" */
void     app_keys_press (const char *key);
/** As a person types: 50 ms between two keys. Only what is on a US keyboard. */
void     app_keys_type  (const char *text);

G_END_DECLS
