#pragma once

#include "oba-correction-form.h"

G_BEGIN_DECLS

/** ObaReturnForm: which lines of a receipt come back, and how much of each; how it is paid out. */
#define OBA_TYPE_RETURN_FORM (oba_return_form_get_type ())
G_DECLARE_FINAL_TYPE (ObaReturnForm, oba_return_form, OBA, RETURN_FORM, ObaCorrectionForm)

ObaCorrectionForm *oba_return_form_new (void);

/** For tests: as if typed into the field of a line. */
void               oba_return_form_set (ObaReturnForm *self, int line_no, const char *quantity);

G_END_DECLS
