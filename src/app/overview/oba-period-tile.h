#pragma once

#include <adwaita.h>

#include "sales/oba-sales-overview.h"

G_BEGIN_DECLS

/** ObaPeriodTile: what was sold in a period, each figure against the period before, in words and with an arrow. */
#define OBA_TYPE_PERIOD_TILE (oba_period_tile_get_type ())
G_DECLARE_FINAL_TYPE (ObaPeriodTile, oba_period_tile, OBA, PERIOD_TILE, AdwBin)

void        oba_period_tile_set_period   (ObaPeriodTile *self, const ObaSalesPeriod *period);
/** What stands there, for tests: the revenue and the number of receipts as shown. */
const char *oba_period_tile_get_revenue  (ObaPeriodTile *self);
const char *oba_period_tile_get_receipts (ObaPeriodTile *self);

G_END_DECLS
