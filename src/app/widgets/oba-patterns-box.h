#pragma once

#include <adwaita.h>

#include "patterns/oba-patterns.h"

G_BEGIN_DECLS

/** ObaPatternsBox: the charts of somebody's, or a store's, spending patterns beside the chain's, and a person's beside those of the same tier; each has its numbers as a table behind a button. */
#define OBA_TYPE_PATTERNS_BOX (oba_patterns_box_get_type ())
G_DECLARE_FINAL_TYPE (ObaPatternsBox, oba_patterns_box, OBA, PATTERNS_BOX, GtkBox)

/** @name: what the first of two series is called, "This customer", "This store" */
void     oba_patterns_box_set_patterns (ObaPatternsBox *self, const ObaPatterns *patterns, const char *name);
void     oba_patterns_box_toggle_table (ObaPatternsBox *self);
gboolean oba_patterns_box_shows_table  (ObaPatternsBox *self);

G_END_DECLS
