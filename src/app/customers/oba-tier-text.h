#pragma once

#include <glib.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/** What a scheme counts: money, or points. (transfer full) */
char *oba_tier_text_amount    (const char *basis, gint64 amount);
/** "Lost when the grace of 30 days is over", of a scheme. (transfer full) */
char *oba_tier_text_downgrade (const char *downgrade, gint64 grace_days);
/** "2027-01-09" -> "9 Jan 2027" (transfer full) */
char *oba_tier_text_day       (const char *iso);
/** A change of oba_tiers_standing_async(): why, in words. (transfer full) */
char *oba_tier_text_why       (JsonObject *change);

G_END_DECLS
