#pragma once

#include "oba-approvals-bar.h"
#include "oba-approvals-list.h"
#include "widgets/oba-subpages.h"

G_BEGIN_DECLS

/** ObaApprovalsView: everything that waits for a second person, whatever it is, and what became of it, with conditions over the list. */
#define OBA_TYPE_APPROVALS_VIEW (oba_approvals_view_get_type ())
G_DECLARE_FINAL_TYPE (ObaApprovalsView, oba_approvals_view, OBA, APPROVALS_VIEW, AdwBin)

GtkWidget        *oba_approvals_view_new      (ObaSession *session);
/** Shows it on @subpages, where it is not on top already. */
void              oba_approvals_view_push     (ObaSubpages *subpages, ObaSession *session);

/** The action page.approvals of the page of transactions, for those who may see the requests. */
void              oba_approvals_view_install  (GtkWidgetClass *page_class);
void              oba_approvals_view_allow    (ObaPage *page);

/** Shows it for a picture; the page is ready when it is. FALSE: not for the one who is signed in. */
gboolean          oba_approvals_view_pose     (ObaPage *page);

/* For tests and pictures. */
ObaApprovalsList *oba_approvals_view_get_list (ObaApprovalsView *self);
ObaApprovalsBar  *oba_approvals_view_get_bar  (ObaApprovalsView *self);

G_END_DECLS
