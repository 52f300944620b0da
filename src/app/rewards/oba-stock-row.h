#pragma once

#include <gtk/gtk.h>

#include "rewards/oba-reward-stock.h"

G_BEGIN_DECLS

/** ObaStockRow: a store in the stock window, and the number that it is to get. Property "number" (gint64, notifies): -1 for none. */
#define OBA_TYPE_STOCK_ROW (oba_stock_row_get_type ())
G_DECLARE_FINAL_TYPE (ObaStockRow, oba_stock_row, OBA, STOCK_ROW, GObject)

/** @place: is not copied */
ObaStockRow          *oba_stock_row_new        (const ObaRewardPlace *place);
const ObaRewardPlace *oba_stock_row_get_place  (ObaStockRow *self);
gint64                oba_stock_row_get_number (ObaStockRow *self);
void                  oba_stock_row_set_number (ObaStockRow *self, gint64 number);
const char           *oba_stock_row_get_folded (ObaStockRow *self);    /* to search in */

/** The table of them. @model: (transfer full) */
GtkWidget            *oba_stock_row_view_new   (GtkSelectionModel *model);

G_END_DECLS
