#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/** ObaCategoryPicker: a button that names what is chosen, and opens a list of check marks. Signal "changed". */
#define OBA_TYPE_CATEGORY_PICKER (oba_category_picker_get_type ())
G_DECLARE_FINAL_TYPE (ObaCategoryPicker, oba_category_picker, OBA, CATEGORY_PICKER, AdwBin)

GtkWidget  *oba_category_picker_new        (void);
/** What there is to choose from: gint64 and char*, side by side. */
void        oba_category_picker_set_choices (ObaCategoryPicker *self, GArray *ids, GPtrArray *names);
/** Ids as "3,17", in their order; also those that are not among the choices. */
void        oba_category_picker_set_value  (ObaCategoryPicker *self, const char *value);
const char *oba_category_picker_get_value  (ObaCategoryPicker *self);
/** The names of "3,17". (transfer full) */
char       *oba_category_picker_describe   (ObaCategoryPicker *self, const char *value);
GtkWidget  *oba_category_picker_get_button (ObaCategoryPicker *self);

G_END_DECLS
