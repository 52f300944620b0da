#pragma once

#include "oba-customer-filter.h"
#include "db/oba-db-pool.h"

G_BEGIN_DECLS

typedef struct
{
  gint64  id;      /* 0 where the name is all there is */
  char   *name;
} ObaCustomerChoice;

/**
 * ObaCustomerChoices: what a filter can name at one moment: tiers, stores, cities and segments, with what people call them. Reference counted.
 */
typedef struct _ObaCustomerChoices ObaCustomerChoices;

void                oba_customer_choices_read_async  (ObaDbPool *pool, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
ObaCustomerChoices *oba_customer_choices_read_finish (GAsyncResult *result, GError **error);
ObaCustomerChoices *oba_customer_choices_ref         (ObaCustomerChoices *self);
void                oba_customer_choices_unref       (ObaCustomerChoices *self);

/** In the order in which they are offered. (transfer none) (element-type ObaCustomerChoice) (nullable): NULL for a field of other things */
GPtrArray          *oba_customer_choices_list        (ObaCustomerChoices *self, ObaCustomerFilterField field);
/** (nullable): NULL when it is not known (any more). */
const char         *oba_customer_choices_get_name    (ObaCustomerChoices *self, ObaCustomerFilterField field, gint64 id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaCustomerChoices, oba_customer_choices_unref)

G_END_DECLS
