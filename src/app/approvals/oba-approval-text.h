#pragma once

#include <glib.h>

#include "approvals/oba-approvals.h"

G_BEGIN_DECLS

/* What is said of requests, in words. All (transfer full). */

char *oba_approval_text_title   (const ObaApproval *approval);   /* "Void of receipt 000123" */
char *oba_approval_text_place   (const ObaApproval *approval);   /* of a correction: store, till, moment, total; "" for others */
char *oba_approval_text_asked   (const ObaApproval *approval);   /* "Asked by Tural Əhmədov, 5 Nov 2026, 18:24" */
char *oba_approval_text_why     (const ObaApproval *approval);   /* the reason from the list and in their own words; "" for none */
char *oba_approval_text_decided (const ObaApproval *approval);   /* "" while it waits */
char *oba_approval_text_age     (GDateTime *since);              /* "3 days" */

G_END_DECLS
