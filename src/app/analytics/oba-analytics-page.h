#pragma once

#include "oba-liability-view.h"
#include "oba-page.h"

G_BEGIN_DECLS

/** ObaAnalyticsPage: what the figures of the chain say together; its first section is what is owed in points. */
#define OBA_TYPE_ANALYTICS_PAGE (oba_analytics_page_get_type ())
G_DECLARE_FINAL_TYPE (ObaAnalyticsPage, oba_analytics_page, OBA, ANALYTICS_PAGE, ObaPage)

ObaLiabilityView *oba_analytics_page_get_liability (ObaAnalyticsPage *self);

G_END_DECLS
