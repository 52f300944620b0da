#pragma once

#include "oba-correction-form.h"

G_BEGIN_DECLS

/** ObaWholeForm: a void, or an undo: there is nothing to type; what is left of the receipt is listed. */
#define OBA_TYPE_WHOLE_FORM (oba_whole_form_get_type ())
G_DECLARE_FINAL_TYPE (ObaWholeForm, oba_whole_form, OBA, WHOLE_FORM, ObaCorrectionForm)

ObaCorrectionForm *oba_whole_form_new (ObaCorrectionKind kind);

G_END_DECLS
