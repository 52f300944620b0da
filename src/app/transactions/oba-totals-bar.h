#pragma once

#include <adwaita.h>

#include "sales/oba-receipts.h"

G_BEGIN_DECLS

/**
 * ObaTotalsBar: what all receipts of a filter are together, exactly: how many, revenue, discount, VAT, points. What is not counted yet is “…”; what
 * is asked for next gives up what is still counted.
 * Signal "counted": everything is there.
 */
#define OBA_TYPE_TOTALS_BAR (oba_totals_bar_get_type ())
G_DECLARE_FINAL_TYPE (ObaTotalsBar, oba_totals_bar, OBA, TOTALS_BAR, AdwBin)

GtkWidget              *oba_totals_bar_new        (ObaDbPool *pool);
void                    oba_totals_bar_count      (ObaTotalsBar *self, ObaReceiptQuery *query);
/** FALSE as long as they are not all known. */
gboolean                oba_totals_bar_get_totals (ObaTotalsBar *self, ObaReceiptTotals *totals, gint64 *points);

G_END_DECLS
