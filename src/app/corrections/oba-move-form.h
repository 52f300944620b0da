#pragma once

#include "oba-correction-form.h"
#include "db/oba-db-pool.h"

G_BEGIN_DECLS

/** ObaMoveForm: whose a receipt is: of one without a card, the customer who forgot theirs; of one that is somebody's, another customer, or nobody. */
#define OBA_TYPE_MOVE_FORM (oba_move_form_get_type ())
G_DECLARE_FINAL_TYPE (ObaMoveForm, oba_move_form, OBA, MOVE_FORM, ObaCorrectionForm)

ObaCorrectionForm *oba_move_form_new (ObaDbPool *pool);

G_END_DECLS
