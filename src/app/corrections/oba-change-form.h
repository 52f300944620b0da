#pragma once

#include "oba-correction-form.h"
#include "db/oba-db-pool.h"

G_BEGIN_DECLS

/** ObaChangeForm: a receipt as it should have been: where, when, its lines and, when those make something else, how it was paid. */
#define OBA_TYPE_CHANGE_FORM (oba_change_form_get_type ())
G_DECLARE_FINAL_TYPE (ObaChangeForm, oba_change_form, OBA, CHANGE_FORM, ObaCorrectionForm)

ObaCorrectionForm *oba_change_form_new (ObaDbPool *pool);

G_END_DECLS
