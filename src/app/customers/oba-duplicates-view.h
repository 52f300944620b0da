#pragma once

#include "oba-customers-page.h"

G_BEGIN_DECLS

/**
 * ObaDuplicatesView: the review of likely pairs, the requests that wait for a second person, and what was merged. It follows what others do.
 * Pushed on the page of customers by the action page.duplicates, for those who see who a customer is.
 *
 * Signal "loaded": all three lists are of now.
 */
#define OBA_TYPE_DUPLICATES_VIEW (oba_duplicates_view_get_type ())
G_DECLARE_FINAL_TYPE (ObaDuplicatesView, oba_duplicates_view, OBA, DUPLICATES_VIEW, AdwBin)

GtkWidget  *oba_duplicates_view_new        (ObaSession *session);
/** "pairs", "approvals", "merges" */
void        oba_duplicates_view_show_tab   (ObaDuplicatesView *self, const char *tab);

/* For tests and pictures. */
gboolean    oba_duplicates_view_is_settled (ObaDuplicatesView *self);
const char *oba_duplicates_view_get_shown  (ObaDuplicatesView *self);      /* of the tab that is seen: "loading", "list", "empty", "failed" */
const char *oba_duplicates_view_get_problem (ObaDuplicatesView *self);     /* "" for none */

void        oba_duplicates_view_install    (GtkWidgetClass *page_class);
void        oba_duplicates_view_allow      (ObaPage *page);

G_END_DECLS
