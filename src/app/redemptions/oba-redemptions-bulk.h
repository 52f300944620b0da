#pragma once

#include "oba-page.h"
#include "redemptions/oba-redemptions.h"

G_BEGIN_DECLS

/**
 * ObaRedemptionsBulk: a step for many at once. First what it would do to each, and what is refused and why; then the deed, one after the other, with its progress and a way to stop;
 * then what became of it, with those that somebody else had moved meanwhile.
 */
#define OBA_TYPE_REDEMPTIONS_BULK (oba_redemptions_bulk_get_type ())
G_DECLARE_FINAL_TYPE (ObaRedemptionsBulk, oba_redemptions_bulk, OBA, REDEMPTIONS_BULK, AdwBin)

GtkWidget  *oba_redemptions_bulk_new       (ObaSession *session);
/** Those chosen; (element-type gint64). What is under way goes on. */
void        oba_redemptions_bulk_set_ids   (ObaRedemptionsBulk *self, GArray *ids);
gboolean    oba_redemptions_bulk_is_busy   (ObaRedemptionsBulk *self);
/** The dry run, as the buttons do. */
void        oba_redemptions_bulk_preview   (ObaRedemptionsBulk *self, const char *state);
/** The deed, after the dry run. */
void        oba_redemptions_bulk_do        (ObaRedemptionsBulk *self);
/** "choose", "counting", "preview", "running", "done", "failed" */
const char *oba_redemptions_bulk_get_shown (ObaRedemptionsBulk *self);
/** What the dry run, or the deed, has counted. */
void        oba_redemptions_bulk_get_counts (ObaRedemptionsBulk *self, guint *good, guint *refused);

G_END_DECLS
