#pragma once

#include <gtk/gtk.h>

#include "approvals/oba-approvals.h"

G_BEGIN_DECLS

/** What the one who is signed in may do with the requests of others. */
typedef enum
{
  OBA_APPROVAL_MAY_READ,
  OBA_APPROVAL_MAY_ASK,
  OBA_APPROVAL_MAY_DECIDE,
} ObaApprovalMay;

/**
 * The card of a request. What it does are actions of the list around it: approvals.approve ((xs): the request, and the preview that is shown), approvals.reject and
 * approvals.withdraw (x: the request), approvals.open-receipt ((xxx): its key).
 */
GtkWidget *oba_approval_card_new (const ObaApproval *approval, ObaApprovalMay may);

G_END_DECLS
