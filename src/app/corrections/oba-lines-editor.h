#pragma once

#include <adwaita.h>

#include "sales/oba-correctable.h"
#include "sales/oba-products.h"

G_BEGIN_DECLS

/**
 * ObaLinesEditor: the lines of a receipt as they should be: quantities, prices, discounts; articles are added by search or scanner, and taken away. What the
 * lines make is known at every key.
 *
 * Signal "changed".
 */
#define OBA_TYPE_LINES_EDITOR (oba_lines_editor_get_type ())
G_DECLARE_FINAL_TYPE (ObaLinesEditor, oba_lines_editor, OBA, LINES_EDITOR, AdwBin)

GtkWidget *oba_lines_editor_new         (ObaDbPool *pool);
/** What is left of @receipt. */
void       oba_lines_editor_set_receipt (ObaLinesEditor *self, ObaCorrectable *receipt);
void       oba_lines_editor_add         (ObaLinesEditor *self, const ObaProduct *product);
/** An article was held before the scanner: one more of it. */
void       oba_lines_editor_scan        (ObaLinesEditor *self, const char *code);
/** Are they others than those that were given? */
gboolean   oba_lines_editor_is_changed  (ObaLinesEditor *self);
guint      oba_lines_editor_get_n_lines (ObaLinesEditor *self);
/** FALSE when there is none, or one is wrong. */
gboolean   oba_lines_editor_get_total   (ObaLinesEditor *self, gint64 *total);
void       oba_lines_editor_apply       (ObaLinesEditor *self, ObaCorrection *correction);
/** The keyboard goes to what is wrong, or to where one is added. */
void       oba_lines_editor_focus_problem (ObaLinesEditor *self);

/* For tests: as if typed into a line, from 0; NULL: left as it is. */
void       oba_lines_editor_type        (ObaLinesEditor *self, guint line, const char *quantity, const char *price, const char *discount);
void       oba_lines_editor_remove      (ObaLinesEditor *self, guint line);
void       oba_lines_editor_search      (ObaLinesEditor *self, const char *text);   /* and take what has this number */
gboolean   oba_lines_editor_is_settled  (ObaLinesEditor *self);

G_END_DECLS
