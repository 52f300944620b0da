#pragma once

#include <adwaita.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/** Asks which tier the customer gets by hand, until when and why. @owner is in a profile; @read: of oba_tiers_standing_async() */
void oba_tier_dialog_present     (GtkWidget *owner, gint64 customer_id, JsonObject *read);
/** Asks why the one that runs ends now. */
void oba_tier_dialog_present_end (GtkWidget *owner, gint64 customer_id, JsonObject *read);

G_END_DECLS
