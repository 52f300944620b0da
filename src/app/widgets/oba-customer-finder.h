#pragma once

#include <gtk/gtk.h>

#include "db/oba-db-pool.h"

G_BEGIN_DECLS

/**
 * ObaCustomerFinder: a search field for one customer: a name in any spelling, a part of a phone number, a card, an e-mail address, a receipt. Who shows what
 * it finds is another's business.
 *
 * Signals: "found" (GArray *ids: gint64, the best first; NULL: nothing to search for was typed), "failed" (GError *), "activate": Enter was pressed.
 */
#define OBA_TYPE_CUSTOMER_FINDER (oba_customer_finder_get_type ())
G_DECLARE_FINAL_TYPE (ObaCustomerFinder, oba_customer_finder, OBA, CUSTOMER_FINDER, GtkWidget)

/** @title: what is searched for, in the field and for assistive technology; @limit: at most so many are found */
GtkWidget  *oba_customer_finder_new          (ObaDbPool *pool, const char *title, guint limit);
/** As if typed, and at once. */
void        oba_customer_finder_search       (ObaCustomerFinder *self, const char *text);
const char *oba_customer_finder_get_text     (ObaCustomerFinder *self);
gboolean    oba_customer_finder_is_searching (ObaCustomerFinder *self);

G_END_DECLS
