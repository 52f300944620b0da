#pragma once

#include "oba-customer-form.h"

G_BEGIN_DECLS

/**
 * ObaConflictView: two people have changed the same fields of one customer: what each of them wrote, field by field, and which of it shall hold. Nothing is
 * chosen beforehand. Signal "changed": a choice was made.
 */
#define OBA_TYPE_CONFLICT_VIEW (oba_conflict_view_get_type ())
G_DECLARE_FINAL_TYPE (ObaConflictView, oba_conflict_view, OBA, CONFLICT_VIEW, GtkBox)

GtkWidget *oba_conflict_view_new         (void);
/** @fields: a bit for each field that both have changed; @form: knows what values are called */
void       oba_conflict_view_show        (ObaConflictView *self, ObaCustomerForm *form, const ObaCustomerDraft *mine, const ObaCustomerDraft *theirs, guint fields);
/** Is something chosen for every field? */
gboolean   oba_conflict_view_is_decided  (ObaConflictView *self);
/** A bit for each field that shall be as the clerk here wrote it. */
guint      oba_conflict_view_get_mine    (ObaConflictView *self);
/** Chooses for one field, as a click on it does. */
void       oba_conflict_view_choose      (ObaConflictView *self, ObaCustomerField field, gboolean mine);
void       oba_conflict_view_choose_all  (ObaConflictView *self, gboolean mine);

G_END_DECLS
