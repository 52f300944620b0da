#pragma once

#include <adwaita.h>

#include "oba-session.h"

G_BEGIN_DECLS

/** May this person record a receipt from paper? */
gboolean oba_record_missed_may  (ObaSession *session);
/**
 * Opens the window for a receipt that was not recorded; what became of it is said over @widget, with Undo.
 * @customer_id: whose it is; 0: not known yet. @name: of them
 */
void     oba_record_missed_open (GtkWidget *widget, ObaSession *session, gint64 customer_id, const char *name);

/** The action page.record-missed of an ObaPage, and Ctrl+N. */
void     oba_record_missed_install (GtkWidgetClass *page_class);

G_END_DECLS
