#pragma once

#include "oba-page.h"

#include "approvals/oba-approvals.h"

G_BEGIN_DECLS

/**
 * ObaApprovalsList: the requests that wait for a second person, each with what it would do, and below them what became of others. It follows what others do.
 * Who may decides here: on what was shown, and once.
 *
 * Signals: "loaded": it is of now; "asked": somebody pressed something.
 */
#define OBA_TYPE_APPROVALS_LIST (oba_approvals_list_get_type ())
G_DECLARE_FINAL_TYPE (ObaApprovalsList, oba_approvals_list, OBA, APPROVALS_LIST, AdwBin)

typedef enum
{
  OBA_APPROVALS_SHOW_BOTH,
  OBA_APPROVALS_SHOW_WAITING,
  OBA_APPROVALS_SHOW_DECIDED,
} ObaApprovalsShow;

/** Who sees them at all: marketing does not know who a customer is. */
#define OBA_APPROVALS_ROLES (OBA_ROLE_CLERK | OBA_ROLE_SUPERVISOR | OBA_ROLE_ADMIN | OBA_ROLE_AUDITOR)
#define OBA_APPROVALS_DECIDERS (OBA_ROLE_SUPERVISOR | OBA_ROLE_ADMIN)

/** @kind: only these, to begin with */
GtkWidget  *oba_approvals_list_new         (ObaSession *session, ObaApprovalsKind kind);
void        oba_approvals_list_set_filter  (ObaApprovalsList *self, const ObaApprovalsFilter *filter, ObaApprovalsShow show);
void        oba_approvals_list_refresh     (ObaApprovalsList *self);
/** Of those that wait, how many are shown. */
guint       oba_approvals_list_get_n_open  (ObaApprovalsList *self);
gboolean    oba_approvals_list_is_settled  (ObaApprovalsList *self);
const char *oba_approvals_list_get_shown   (ObaApprovalsList *self);      /* "loading", "list", "empty", "failed" */
const char *oba_approvals_list_get_problem (ObaApprovalsList *self);      /* "" for none */

G_END_DECLS
