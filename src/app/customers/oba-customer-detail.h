#pragma once

#include <adwaita.h>

#include "db/oba-db-pool.h"

G_BEGIN_DECLS

/** ObaCustomerDetail: all that matters of one customer at a glance. Signal "loaded": the chosen customer is shown (or nobody is, or it failed). */
#define OBA_TYPE_CUSTOMER_DETAIL (oba_customer_detail_get_type ())
G_DECLARE_FINAL_TYPE (ObaCustomerDetail, oba_customer_detail, OBA, CUSTOMER_DETAIL, AdwBin)

void        oba_customer_detail_set_pool     (ObaCustomerDetail *self, ObaDbPool *pool);
/** 0: nobody. */
void        oba_customer_detail_show         (ObaCustomerDetail *self, gint64 customer_id);
gint64      oba_customer_detail_get_id       (ObaCustomerDetail *self);
/** Reads the shown customer again, behind what is shown. */
void        oba_customer_detail_refresh      (ObaCustomerDetail *self);
/** To the first thing in the profile that takes the keyboard. */
gboolean    oba_customer_detail_focus        (ObaCustomerDetail *self);
/** Is there somebody to edit? FALSE of who was erased or merged. */
gboolean    oba_customer_detail_is_editable  (ObaCustomerDetail *self);
gboolean    oba_customer_detail_is_loaded    (ObaCustomerDetail *self);
const char *oba_customer_detail_get_shown    (ObaCustomerDetail *self);   /* "none", "loading", "failed", "profile" */

G_END_DECLS
