#pragma once

#include "oba-correction-form.h"
#include "db/oba-db-pool.h"

G_BEGIN_DECLS

/** ObaMissedForm: a receipt that was not recorded, as it is on the paper. */
#define OBA_TYPE_MISSED_FORM (oba_missed_form_get_type ())
G_DECLARE_FINAL_TYPE (ObaMissedForm, oba_missed_form, OBA, MISSED_FORM, ObaCorrectionForm)

/** @customer_id: whose it is; 0: not known yet. @name: of them */
ObaCorrectionForm *oba_missed_form_new  (ObaDbPool *pool, gint64 customer_id, const char *name);

/* For tests: as if typed. */
void               oba_missed_form_type (ObaMissedForm *self, const char *number, const char *cashier, const char *fiscal_id, const char *total);
gboolean           oba_missed_form_is_settled (ObaMissedForm *self);

G_END_DECLS
