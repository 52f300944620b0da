#pragma once

#include "oba-page.h"
#include "oba-redemption-reason.h"
#include "redemptions/oba-redemptions.h"

G_BEGIN_DECLS

/**
 * ObaRedemptionsBulk: a step for many at once. First what it would do to each, and what is refused and why; then the deed, one after the other, with its progress and a way to stop;
 * then what became of it, with those that somebody else had moved meanwhile, and a way back. Signal "closed": what became of it was read.
 */
#define OBA_TYPE_REDEMPTIONS_BULK (oba_redemptions_bulk_get_type ())
G_DECLARE_FINAL_TYPE (ObaRedemptionsBulk, oba_redemptions_bulk, OBA, REDEMPTIONS_BULK, AdwBin)

GtkWidget  *oba_redemptions_bulk_new       (ObaSession *session);
/** Those chosen; (element-type gint64). What is under way goes on. */
void        oba_redemptions_bulk_set_ids   (ObaRedemptionsBulk *self, GArray *ids);
gboolean    oba_redemptions_bulk_is_busy   (ObaRedemptionsBulk *self);
/** As the buttons do: rejecting asks why, all else is tried out. */
void        oba_redemptions_bulk_ask       (ObaRedemptionsBulk *self, const char *state);
/** (nullable): as long as it is asked for */
ObaRedemptionReason *oba_redemptions_bulk_get_reason (ObaRedemptionsBulk *self);
/** The dry run. */
void        oba_redemptions_bulk_preview   (ObaRedemptionsBulk *self, const char *state);
/** The deed, after the dry run. */
void        oba_redemptions_bulk_do        (ObaRedemptionsBulk *self);
/** Takes back what was done. */
void        oba_redemptions_bulk_undo      (ObaRedemptionsBulk *self);
/** "choose", "reason", "counting", "preview", "running", "interrupted", "done", "failed" */
const char *oba_redemptions_bulk_get_shown (ObaRedemptionsBulk *self);
/** What the dry run, or the deed, has counted. */
void        oba_redemptions_bulk_get_counts (ObaRedemptionsBulk *self, guint *good, guint *refused);

G_END_DECLS
