#pragma once

#include "oba-broadcast-editor.h"
#include "oba-broadcast-report.h"
#include "oba-campaign-table.h"
#include "oba-page.h"

G_BEGIN_DECLS

/** ObaCampaignsPage: messages to many and how far each is, opened to be written or looked at; and what the posters in the stores brought. */
#define OBA_TYPE_CAMPAIGNS_PAGE (oba_campaigns_page_get_type ())
G_DECLARE_FINAL_TYPE (ObaCampaignsPage, oba_campaigns_page, OBA, CAMPAIGNS_PAGE, ObaPage)

/** Opens the draft in its editor, what was started as its report; 0: a new one. Returns: (transfer none): ObaBroadcastEditor or ObaBroadcastReport */
GtkWidget        *oba_campaigns_page_open             (ObaCampaignsPage *self, gint64 id, gboolean draft);
/** "broadcasts", "posters" */
void              oba_campaigns_page_show             (ObaCampaignsPage *self, const char *name);

/* For tests. */
ObaSubpages      *oba_campaigns_page_get_subpages     (ObaCampaignsPage *self);
ObaCampaignTable *oba_campaigns_page_get_broadcasts   (ObaCampaignsPage *self);
ObaCampaignTable *oba_campaigns_page_get_posters      (ObaCampaignsPage *self);
GtkWidget        *oba_campaigns_page_get_add_button   (ObaCampaignsPage *self);
gboolean          oba_campaigns_page_is_settled       (ObaCampaignsPage *self);

G_END_DECLS
