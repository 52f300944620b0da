#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * ObaLinkWindow: a link as a QR code that a phone reads from the screen, and as a text to be copied. What belongs to it stands above it; buttons for more below.
 */
#define OBA_TYPE_LINK_WINDOW (oba_link_window_get_type ())
G_DECLARE_FINAL_TYPE (ObaLinkWindow, oba_link_window, OBA, LINK_WINDOW, AdwWindow)

/** @explanation: what the link does */
ObaLinkWindow *oba_link_window_new      (GtkWindow *parent, const char *title, const char *explanation);
/** @url: (nullable): none is there now. @note: (nullable): what is said under it: until when it is good, or why there is none */
void           oba_link_window_show     (ObaLinkWindow *self, const char *url, const char *note);
/** (nullable) */
const char    *oba_link_window_get_url  (ObaLinkWindow *self);
/** Above the code, below the explanation. */
void           oba_link_window_add      (ObaLinkWindow *self, GtkWidget *widget);
/** Beside “Copy”. */
void           oba_link_window_add_button (ObaLinkWindow *self, GtkWidget *button);

G_END_DECLS
