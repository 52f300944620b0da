#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** ObaField: a control with its name over it and, under it, a sentence: what is wrong with what was typed, or a note about it. */
#define OBA_TYPE_FIELD (oba_field_get_type ())
G_DECLARE_FINAL_TYPE (ObaField, oba_field, OBA, FIELD, GtkBox)

/** @control: what is shown; @target: (nullable): the part of it that takes the keyboard, when it is not @control itself. */
GtkWidget  *oba_field_new         (const char *title, GtkWidget *control, GtkWidget *target);
/** NULL: all is well, and the note is shown. */
void        oba_field_set_problem (ObaField *self, const char *sentence);
void        oba_field_set_note    (ObaField *self, const char *sentence);
/** Of a new record: while nothing was typed into an empty entry and it was not left, what is missing there is said as a note and is no reproach. */
void        oba_field_set_fresh   (ObaField *self);
const char *oba_field_get_problem (ObaField *self);    /* (nullable) */
const char *oba_field_get_note    (ObaField *self);    /* (nullable) */
GtkWidget  *oba_field_get_target  (ObaField *self);

G_END_DECLS
