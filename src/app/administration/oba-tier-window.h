#pragma once

#include <adwaita.h>
#include <json-glib/json-glib.h>

#include "db/oba-db-pool.h"

G_BEGIN_DECLS

/**
 * ObaTierWindow: the scheme of the tiers while it is edited. What it would do to whom is shown before it can be saved. Signal "saved": a version was committed.
 */
#define OBA_TYPE_TIER_WINDOW (oba_tier_window_get_type ())
G_DECLARE_FINAL_TYPE (ObaTierWindow, oba_tier_window, OBA, TIER_WINDOW, AdwWindow)

/** @read: of oba_tiers_read_async() */
ObaTierWindow *oba_tier_window_new         (GtkWindow *parent, ObaDbPool *pool, JsonObject *read);

/* For tests. */
GPtrArray     *oba_tier_window_get_rows    (ObaTierWindow *self);    /* of ObaTierRow */
void           oba_tier_window_add         (ObaTierWindow *self);
void           oba_tier_window_check       (ObaTierWindow *self);
void           oba_tier_window_save        (ObaTierWindow *self);
gboolean       oba_tier_window_may_save    (ObaTierWindow *self);
gboolean       oba_tier_window_is_settled  (ObaTierWindow *self);
const char    *oba_tier_window_get_result  (ObaTierWindow *self);    /* what the what-if says; "" before it */
const char    *oba_tier_window_get_problem (ObaTierWindow *self);    /* "" for none */

G_END_DECLS
