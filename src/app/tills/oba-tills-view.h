#pragma once

#include "oba-page.h"

#include "oba-till-detail.h"
#include "widgets/oba-subpages.h"

G_BEGIN_DECLS

/**
 * ObaTillsView: what was found about tills, or what at cashiers is worth a look: a list with conditions, one of it in full beside, and a decision a row. It follows what happens.
 * Signals: "open" (const ObaReceiptKey *), "show-receipts" (const ObaReceiptFilter *): see ObaTillDetailBox; "loaded": the list is there, or why not; "exported" (gboolean): see oba_tills_export().
 */
#define OBA_TYPE_TILLS_VIEW (oba_tills_view_get_type ())
G_DECLARE_FINAL_TYPE (ObaTillsView, oba_tills_view, OBA, TILLS_VIEW, AdwBin)

/** Who may see what was found about tills. */
#define OBA_TILLS_VIEW_ROLES (OBA_ROLE_CLERK | OBA_ROLE_SUPERVISOR | OBA_ROLE_ADMIN | OBA_ROLE_AUDITOR)

GtkWidget        *oba_tills_view_new        (ObaSession *session, ObaTillList list);
void              oba_tills_view_refresh    (ObaTillsView *self);

/** The actions page.tills and page.cashiers of the page of transactions: who may not, does not see them. */
void              oba_tills_view_install    (GtkWidgetClass *page_class);
void              oba_tills_view_allow      (ObaPage *page);

/** For pictures: opens the @n-th list from the page and returns its name; NULL when there are no more, or they are not for this person. */
const char       *oba_tills_view_pose       (ObaPage *page, guint n);

/* For tests and the export. */
gboolean          oba_tills_view_is_settled (ObaTillsView *self);
const char       *oba_tills_view_get_shown  (ObaTillsView *self);    /* "loading", "list", "empty", "failed" */
guint             oba_tills_view_get_n_rows (ObaTillsView *self);
gint64            oba_tills_view_get_total  (ObaTillsView *self);
void              oba_tills_view_select     (ObaTillsView *self, guint row);
ObaTillDetailBox *oba_tills_view_get_detail (ObaTillsView *self);
ObaTillList       oba_tills_view_get_list   (ObaTillsView *self);
/** Its strings are constant. */
ObaTillFilter     oba_tills_view_get_filter (ObaTillsView *self);
ObaSession       *oba_tills_view_get_session (ObaTillsView *self);
/** As the fields over the list do; NULL and 0 for all. */
void              oba_tills_view_set_filter (ObaTillsView *self, const ObaTillFilter *filter);

G_END_DECLS
