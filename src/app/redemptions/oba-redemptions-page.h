#pragma once

#include "oba-page.h"
#include "oba-redemption-filter-bar.h"
#include "oba-redemption-view.h"
#include "oba-redemptions-bulk.h"
#include "widgets/oba-lazy-view.h"
#include "widgets/oba-subpages.h"

G_BEGIN_DECLS

/**
 * ObaRedemptionsPage: the queue of redemptions: search, conditions, an endless list, and the chosen one beside it.
 */
#define OBA_TYPE_REDEMPTIONS_PAGE (oba_redemptions_page_get_type ())
G_DECLARE_FINAL_TYPE (ObaRedemptionsPage, oba_redemptions_page, OBA, REDEMPTIONS_PAGE, ObaPage)

ObaSubpages            *oba_redemptions_page_get_subpages (ObaRedemptionsPage *self);
/** All that a customer redeemed. */
void                    oba_redemptions_page_show_customer (ObaRedemptionsPage *self, gint64 customer_id);
/** The header's box: what stands at its end. */
void                    oba_redemptions_page_add_end      (ObaRedemptionsPage *self, GtkWidget *widget);

/* For tests and pictures. */
ObaLazyView            *oba_redemptions_page_get_view     (ObaRedemptionsPage *self);
ObaRedemptionFilterBar *oba_redemptions_page_get_filter   (ObaRedemptionsPage *self);
ObaRedemptionView      *oba_redemptions_page_get_detail   (ObaRedemptionsPage *self);
ObaRedemptionsBulk     *oba_redemptions_page_get_bulk     (ObaRedemptionsPage *self);    /* (nullable) */
void                    oba_redemptions_page_search       (ObaRedemptionsPage *self, const char *text);
gint64                  oba_redemptions_page_get_selected (ObaRedemptionsPage *self);
const char             *oba_redemptions_page_get_shown    (ObaRedemptionsPage *self);
gboolean                oba_redemptions_page_is_settled   (ObaRedemptionsPage *self);

G_END_DECLS
