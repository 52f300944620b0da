#pragma once

#include <adwaita.h>

#include "sales/oba-products.h"

G_BEGIN_DECLS

/**
 * ObaProductChooser: a search field for articles by name, article number or barcode, and what it finds; Enter takes the first, Down goes into the list.
 *
 * Signal "chosen" (ObaProduct *): the field is empty again, for the next one.
 */
#define OBA_TYPE_PRODUCT_CHOOSER (oba_product_chooser_get_type ())
G_DECLARE_FINAL_TYPE (ObaProductChooser, oba_product_chooser, OBA, PRODUCT_CHOOSER, AdwBin)

GtkWidget *oba_product_chooser_new          (ObaDbPool *pool);
/** As typed, and at once; the one that has exactly this number or barcode is chosen when @choose. */
void       oba_product_chooser_search       (ObaProductChooser *self, const char *text, gboolean choose);
gboolean   oba_product_chooser_is_searching (ObaProductChooser *self);

G_END_DECLS
