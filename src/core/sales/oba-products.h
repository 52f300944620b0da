#pragma once

#include "db/oba-db-pool.h"

G_BEGIN_DECLS

/** A product as it is chosen. Money in qəpik; strings are never NULL. */
typedef struct
{
  gint64  id;
  char   *code;           /* the article number */
  char   *barcode;
  char   *name;
  char   *unit;           /* "pcs", "kg", "l", "m" */
  gint64  price;          /* -1: not known */
  int     vat_permille;
} ObaProduct;

void  oba_product_free          (ObaProduct *self);

/** What @text may mean: an article number, a barcode, words of the name in any spelling; the likeliest first, at most @limit. */
void  oba_products_list_async   (ObaDbPool *pool, const char *text, guint limit, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/** Returns: (transfer full) (element-type ObaProduct) */
GPtrArray *oba_products_list_finish (GAsyncResult *result, GError **error);

/** Who sold in a store lately: names of cashiers, as tills write them. */
void  oba_cashiers_async        (ObaDbPool *pool, gint64 store_id, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/** Returns: (transfer full) (element-type utf8) */
GPtrArray *oba_cashiers_finish  (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaProduct, oba_product_free)

G_END_DECLS
