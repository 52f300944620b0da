#pragma once

#include <adwaita.h>

#include "db/oba-db-pool.h"

G_BEGIN_DECLS

/**
 * ObaCustomerChooser: one customer, or none: searched for and chosen in a list, by mouse or keyboard (Enter takes the first); a scanned card chooses at once.
 *
 * Property "customer-id" (gint64, notifies): 0 for none.
 */
#define OBA_TYPE_CUSTOMER_CHOOSER (oba_customer_chooser_get_type ())
G_DECLARE_FINAL_TYPE (ObaCustomerChooser, oba_customer_chooser, OBA, CUSTOMER_CHOOSER, AdwBin)

GtkWidget *oba_customer_chooser_new          (ObaDbPool *pool);
gint64     oba_customer_chooser_get_customer (ObaCustomerChooser *self);
/** @name: what they are called; 0: none is chosen */
void       oba_customer_chooser_set_customer (ObaCustomerChooser *self, gint64 customer_id, const char *name);
/** As typed; the only one who is found is chosen when @choose. */
void       oba_customer_chooser_search       (ObaCustomerChooser *self, const char *text, gboolean choose);
gboolean   oba_customer_chooser_is_settled   (ObaCustomerChooser *self);
gboolean   oba_customer_chooser_is_touched   (ObaCustomerChooser *self);

G_END_DECLS
