#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/** ObaTopProducts: what a store sold best: how much, for how much, against the period before, and its share here and in the whole chain. */
#define OBA_TYPE_TOP_PRODUCTS (oba_top_products_get_type ())
G_DECLARE_FINAL_TYPE (ObaTopProducts, oba_top_products, OBA, TOP_PRODUCTS, AdwBin)

/** @products: of ObaStoreProduct, the best first */
void oba_top_products_set (ObaTopProducts *self, const GPtrArray *products);

G_END_DECLS
