#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * ObaScanBurst: tells a card scanner from somebody who types. A scanner that is a keyboard (a "wedge") sends its code as keys, ended by Enter or Tab, some
 * milliseconds one after the other; nobody types six keys in a row with less than 40 ms between each. Times are those of the keys themselves, so that a
 * busy computer changes nothing. Attached to a window, it sees every key before the focus does: when a burst has ended, the field that had the focus gets
 * back what it held before, the end key goes nowhere, and "scanned" tells the code.
 *
 * Signal "scanned" (const char *code).
 */
#define OBA_TYPE_SCAN_BURST (oba_scan_burst_get_type ())
G_DECLARE_FINAL_TYPE (ObaScanBurst, oba_scan_burst, OBA, SCAN_BURST, GObject)

/** Watches the keys of @window as long as it lives. */
ObaScanBurst *oba_scan_burst_new  (GtkWindow *window);
/** One key that was pressed at @time (milliseconds), before anybody has it. Returns: TRUE when nobody shall have it. */
gboolean      oba_scan_burst_feed (ObaScanBurst *self, guint keyval, GdkModifierType state, guint32 time);

G_END_DECLS
