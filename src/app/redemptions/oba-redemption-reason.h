#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** ObaRedemptionReason: why a request is not granted: one of a list, and words of one's own; words alone where none of the list fits. Signals: "changed", "activate". */
#define OBA_TYPE_REDEMPTION_REASON (oba_redemption_reason_get_type ())
G_DECLARE_FINAL_TYPE (ObaRedemptionReason, oba_redemption_reason, OBA, REDEMPTION_REASON, GtkBox)

GtkWidget *oba_redemption_reason_new      (void);
void       oba_redemption_reason_clear    (ObaRedemptionReason *self);
/** @which of the list, 0 for none yet. */
void       oba_redemption_reason_set      (ObaRedemptionReason *self, guint which, const char *words);
/** As it is kept in the history; NULL as long as it says nothing. (transfer full) */
char      *oba_redemption_reason_dup_text (ObaRedemptionReason *self);

G_END_DECLS
