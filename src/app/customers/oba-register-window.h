#pragma once

#include <adwaita.h>

#include "oba-card-entry.h"
#include "oba-customer-form.h"
#include "oba-doubles-box.h"
#include "oba-session.h"

G_BEGIN_DECLS

/**
 * ObaRegisterWindow: registers one customer. A card may be scanned whatever has the focus (see ObaScanBurst). What was typed stays until it is saved or given up,
 * and is saved once, however often Save is pressed or the connection breaks.
 *
 * Signals: "registered" (gint64 id, const char *name), after COMMIT; "open-customer" (gint64 id): the clerk wants one who was there already. Then it closes.
 */
#define OBA_TYPE_REGISTER_WINDOW (oba_register_window_get_type ())
G_DECLARE_FINAL_TYPE (ObaRegisterWindow, oba_register_window, OBA, REGISTER_WINDOW, AdwWindow)

ObaRegisterWindow *oba_register_window_new         (GtkWindow *parent, ObaSession *session);
void               oba_register_window_save        (ObaRegisterWindow *self);
gboolean           oba_register_window_is_saving   (ObaRegisterWindow *self);

/* Its parts, for tests and pictures. */
ObaCustomerForm   *oba_register_window_get_form    (ObaRegisterWindow *self);
ObaCardEntry      *oba_register_window_get_card    (ObaRegisterWindow *self);
ObaDoublesBox     *oba_register_window_get_doubles (ObaRegisterWindow *self);
/** The keys that a scanner would have sent at @time. */
gboolean           oba_register_window_feed_key    (ObaRegisterWindow *self, guint keyval, guint32 time);
/** Nothing is asked of the database just now. */
gboolean           oba_register_window_is_settled  (ObaRegisterWindow *self);

G_END_DECLS
