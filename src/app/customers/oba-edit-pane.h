#pragma once

#include <adwaita.h>

#include "oba-conflict-view.h"
#include "oba-customer-form.h"
#include "oba-session.h"

G_BEGIN_DECLS

/**
 * ObaEditPane: what is known of a customer, and in the same place, when it is edited, the form. Only what was changed is sent, with the version that was read.
 * When somebody else has changed the customer meanwhile, what does not collide is brought together and the rest is asked (ObaConflictView). What was saved can
 * be undone from the message that says so, as long as nobody has changed anything since.
 *
 * Properties: "facts" (GtkWidget): what is shown when nothing is edited, for templates.
 * Signals: "changed": the form came, went, or something was saved.
 */
#define OBA_TYPE_EDIT_PANE (oba_edit_pane_get_type ())
G_DECLARE_FINAL_TYPE (ObaEditPane, oba_edit_pane, OBA, EDIT_PANE, AdwBin)

/** Reads the customer and shows the form; does nothing while one is edited. */
void             oba_edit_pane_edit         (ObaEditPane *self, ObaSession *session, gint64 customer_id);
gboolean         oba_edit_pane_is_editing   (ObaEditPane *self);
/** Is something typed that would be lost? */
gboolean         oba_edit_pane_is_dirty     (ObaEditPane *self);
void             oba_edit_pane_save         (ObaEditPane *self);

/** Ends editing, and asks before anything is lost; @left (nullable) is called once it has ended. */
typedef void (*ObaEditPaneLeft) (GtkWidget *widget);
void             oba_edit_pane_leave        (ObaEditPane *self, ObaEditPaneLeft left, GtkWidget *widget);

/** Ends editing without asking: there is nobody any more whom it could be saved for. */
void             oba_edit_pane_drop         (ObaEditPane *self);

/* Its parts, for tests; NULL while nothing is edited. */
ObaCustomerForm *oba_edit_pane_get_form     (ObaEditPane *self);
ObaConflictView *oba_edit_pane_get_conflict (ObaEditPane *self);     /* NULL, too, while there is none */
gboolean         oba_edit_pane_is_busy      (ObaEditPane *self);

G_END_DECLS
