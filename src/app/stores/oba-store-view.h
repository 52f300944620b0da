#pragma once

#include "oba-session.h"
#include "widgets/oba-subpages.h"

G_BEGIN_DECLS

/**
 * ObaStoreView: what a store sold in a period against the one before, day by day, and how it is bought there: its spending patterns beside the chain's.
 *
 * Signal: "loaded": what was asked for is shown, or why not.
 */
#define OBA_TYPE_STORE_VIEW (oba_store_view_get_type ())
G_DECLARE_FINAL_TYPE (ObaStoreView, oba_store_view, OBA, STORE_VIEW, AdwBin)

/** Shows it on @subpages, where the same store is not on top already. */
void        oba_store_view_push         (ObaSubpages *subpages, ObaSession *session, gint64 store);
GtkWidget  *oba_store_view_new          (ObaSession *session, gint64 store);

gint64      oba_store_view_get_store    (ObaStoreView *self);
void        oba_store_view_refresh      (ObaStoreView *self);
void        oba_store_view_toggle_table (ObaStoreView *self);

/** The period: 7, 30, 90 or 365 days. */
void        oba_store_view_set_days     (ObaStoreView *self, guint days);

/* For tests: is nothing being read; "loading", "failed", "figures"; the revenue and the number of customers as they are read. */
gboolean    oba_store_view_is_loaded    (ObaStoreView *self);
const char *oba_store_view_get_shown    (ObaStoreView *self);
const char *oba_store_view_get_revenue  (ObaStoreView *self);
const char *oba_store_view_get_customers (ObaStoreView *self);

G_END_DECLS
