#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** ObaProblemBox: a sentence about what went wrong, in place; not shown while there is none. Announced to assistive technology as an alert. */
#define OBA_TYPE_PROBLEM_BOX (oba_problem_box_get_type ())
G_DECLARE_FINAL_TYPE (ObaProblemBox, oba_problem_box, OBA, PROBLEM_BOX, GtkBox)

void        oba_problem_box_set_text (ObaProblemBox *self, const char *text);     /* NULL or "" hides it */
const char *oba_problem_box_get_text (ObaProblemBox *self);

G_END_DECLS
