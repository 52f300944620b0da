#pragma once

#include "oba-page.h"

#include "approvals/oba-approvals.h"
#include "oba-approvals-list.h"

G_BEGIN_DECLS

/** ObaApprovalsBar: which requests are meant: what kind, who asked, about which store, waiting or decided. Signal "changed". */
#define OBA_TYPE_APPROVALS_BAR (oba_approvals_bar_get_type ())
G_DECLARE_FINAL_TYPE (ObaApprovalsBar, oba_approvals_bar, OBA, APPROVALS_BAR, AdwBin)

GtkWidget       *oba_approvals_bar_new        (ObaSession *session);
/** What is chosen; the text in it is the bar's. */
ObaApprovalsShow oba_approvals_bar_get_filter (ObaApprovalsBar *self, ObaApprovalsFilter *filter);
/** Reads anew who asked. */
void             oba_approvals_bar_refresh    (ObaApprovalsBar *self);

/* For tests: the choices, in the order in which they stand. */
GtkDropDown     *oba_approvals_bar_get_kinds  (ObaApprovalsBar *self);
GtkDropDown     *oba_approvals_bar_get_askers (ObaApprovalsBar *self);
GtkDropDown     *oba_approvals_bar_get_states (ObaApprovalsBar *self);
GtkWidget       *oba_approvals_bar_get_store  (ObaApprovalsBar *self);      /* an ObaStoreChooser */

G_END_DECLS
