#pragma once

#include "oba-correction-form.h"
#include "oba-session.h"

G_BEGIN_DECLS

/**
 * ObaCorrectionWindow: puts something right: on the left what and why, on the right exactly what that does, asked of the database as it is typed. What is
 * posted is what is shown, once, whatever happens to the connection. Over a limit it waits for a second person, and says so before and after.
 *
 * Signals: "posted" (gint64 correction_id): it is done, and the window goes; "waits" (gint64 approval_id): a second person is asked, nothing has changed yet;
 * "previewed": what it would do is shown, or why it cannot be.
 */
#define OBA_TYPE_CORRECTION_WINDOW (oba_correction_window_get_type ())
G_DECLARE_FINAL_TYPE (ObaCorrectionWindow, oba_correction_window, OBA, CORRECTION_WINDOW, AdwWindow)

/** @receipt: (nullable): what is corrected; of a missed one there is none. @form: (transfer floating) */
ObaCorrectionWindow *oba_correction_window_new        (GtkWindow *parent, ObaSession *session, ObaCorrectable *receipt, ObaCorrectionForm *form);
void                 oba_correction_window_post       (ObaCorrectionWindow *self);

/* For tests. */
gboolean             oba_correction_window_is_settled (ObaCorrectionWindow *self);
/** As if chosen and typed. */
void                 oba_correction_window_set_reason (ObaCorrectionWindow *self, const char *code, const char *text);

G_END_DECLS
