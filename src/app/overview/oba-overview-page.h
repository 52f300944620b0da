#pragma once

#include "oba-page.h"
#include "oba-period-tile.h"

G_BEGIN_DECLS

/** ObaOverviewPage: how the chain sells now, live. */
#define OBA_TYPE_OVERVIEW_PAGE (oba_overview_page_get_type ())
G_DECLARE_FINAL_TYPE (ObaOverviewPage, oba_overview_page, OBA, OVERVIEW_PAGE, ObaPage)

/** @index 0: today, 1: 7 days, 2: 30 days */
ObaPeriodTile *oba_overview_page_get_tile       (ObaOverviewPage *self, guint index);
/** The state that is shown: "loading", "failed", "empty" or "figures" */
const char    *oba_overview_page_get_shown      (ObaOverviewPage *self);
gboolean       oba_overview_page_shows_table    (ObaOverviewPage *self);

G_END_DECLS
