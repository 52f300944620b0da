#pragma once

#include "oba-customer-profile.h"
#include "oba-customer-query.h"
#include "oba-customer-receipt.h"
#include "db/oba-db-pool.h"

G_BEGIN_DECLS

/* Reading customers. All are reads of the pool: retried when the connection is lost. */

/** "az", "ru" or "en": the language of the interface, for names that the database has in three. */
const char         *oba_customers_get_language     (void);

/** How many persons there are. Returns: -1 on error */
void                oba_customers_count_async      (ObaDbPool *pool, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gint64              oba_customers_count_finish     (GAsyncResult *result, GError **error);

/** The ids a query finds, in its order; at most @limit, 0 for all. Returns: (transfer full): gint64 */
void                oba_customers_find_async       (ObaDbPool *pool, ObaCustomerQuery *query, guint limit, GCancellable *cancellable,
                                                    GAsyncReadyCallback callback, gpointer user_data);
GArray             *oba_customers_find_finish      (GAsyncResult *result, GError **error);

/** What a ranked search finds at once. */
typedef struct
{
  GArray   *ids;       /* (element-type gint64) the best, in order */
  gint64    count;     /* how many these are */
  gboolean  more;      /* there may be more: oba_customers_find_async() reads them all */
  gboolean  similar;   /* nobody has it: these names are like it */
} ObaCustomersFound;

void                oba_customers_found_clear      (ObaCustomersFound *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ObaCustomersFound, oba_customers_found_clear)

/** The best @limit of a query that oba_customer_query_is_ranked(): within 100 ms among a million. */
void                oba_customers_search_async     (ObaDbPool *pool, ObaCustomerQuery *query, guint limit, GCancellable *cancellable,
                                                    GAsyncReadyCallback callback, gpointer user_data);
gboolean            oba_customers_search_finish    (GAsyncResult *result, ObaCustomersFound *found, GError **error);

/**
 * The customers with these ids (gint64), in no order; those there are not are left out. @segments: with the names of their segments, which costs a
 * statement a rule. Returns: (transfer full) (element-type ObaCustomer)
 */
void                oba_customers_read_async       (ObaDbPool *pool, GArray *ids, gboolean segments, GCancellable *cancellable,
                                                    GAsyncReadyCallback callback, gpointer user_data);
GPtrArray          *oba_customers_read_finish      (GAsyncResult *result, GError **error);

/** Fails with OBA_ERROR_NOT_FOUND. (transfer full) */
void                oba_customers_profile_async    (ObaDbPool *pool, gint64 id, GCancellable *cancellable,
                                                    GAsyncReadyCallback callback, gpointer user_data);
ObaCustomerProfile *oba_customers_profile_finish   (GAsyncResult *result, GError **error);

/** The last @limit receipts, newest first. Returns: (transfer full) (element-type ObaCustomerReceipt) */
void                oba_customers_receipts_async   (ObaDbPool *pool, gint64 id, guint limit, GCancellable *cancellable,
                                                    GAsyncReadyCallback callback, gpointer user_data);
GPtrArray          *oba_customers_receipts_finish  (GAsyncResult *result, GError **error);

/** One receipt, sold @at to customer @id. Fails with OBA_ERROR_NOT_FOUND. (transfer full) */
void                oba_customers_receipt_async    (ObaDbPool *pool, gint64 id, GDateTime *at, gint64 receipt_id, GCancellable *cancellable,
                                                    GAsyncReadyCallback callback, gpointer user_data);
ObaCustomerReceipt *oba_customers_receipt_finish   (GAsyncResult *result, GError **error);

G_END_DECLS
