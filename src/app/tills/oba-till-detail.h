#pragma once

#include <adwaita.h>

#include "oba-session.h"
#include "tills/oba-till-finding.h"

G_BEGIN_DECLS

/**
 * ObaTillDetailBox: one finding or review, with the receipts beside it, its history, and what can be said to it. A half-typed note stays when it is read again.
 * Signals: "open" (const ObaReceiptKey *): a receipt; "show-receipts" (const ObaReceiptFilter *): in Transactions; "decided"; "loaded".
 */
#define OBA_TYPE_TILL_DETAIL_BOX (oba_till_detail_box_get_type ())
G_DECLARE_FINAL_TYPE (ObaTillDetailBox, oba_till_detail_box, OBA, TILL_DETAIL_BOX, AdwBin)

GtkWidget *oba_till_detail_box_new       (ObaSession *session);
/** (nullable): nothing */
void       oba_till_detail_box_show      (ObaTillDetailBox *self, const ObaTillFinding *finding);
gint64     oba_till_detail_box_get_id    (ObaTillDetailBox *self);
gboolean   oba_till_detail_box_is_loaded (ObaTillDetailBox *self);
/** Says it: as the buttons do. @reason is one of oba_till_reasons, for findings. */
void       oba_till_detail_box_decide    (ObaTillDetailBox *self, const char *state, const char *reason, const char *note);
/** What stands in its problem box; NULL or "" for none. */
const char *oba_till_detail_box_get_problem (ObaTillDetailBox *self);

G_END_DECLS
