#pragma once

#include <adwaita.h>

#include "liability/oba-liability.h"
#include "oba-session.h"
#include "oba-behind-window.h"
#include "oba-valuation-window.h"

G_BEGIN_DECLS

/**
 * ObaLiabilityView: what the chain owes its customers in points: how much, of whom, how old, until when; what the months added and took; what it is worth.
 * Signal "loaded" (problem): the figures are there, or a sentence why not.
 */
#define OBA_TYPE_LIABILITY_VIEW (oba_liability_view_get_type ())
G_DECLARE_FINAL_TYPE (ObaLiabilityView, oba_liability_view, OBA, LIABILITY_VIEW, AdwBin)

GtkWidget          *oba_liability_view_new           (ObaSession *session);
void                oba_liability_view_refresh       (ObaLiabilityView *self);
/** The tables of the charts' numbers, and back. */
void                oba_liability_view_toggle_table  (ObaLiabilityView *self);
/** How many months are shown: 12, 24, 0 for all. */
void                oba_liability_view_set_months    (ObaLiabilityView *self, guint months);
/** Writes the figures that are shown: .csv, .xlsx, .pdf; a toast tells. */
gboolean            oba_liability_view_export        (ObaLiabilityView *self, const char *path);
/** What points are valued at: to look at and, for administrators, to change. */
ObaValuationWindow *oba_liability_view_open_valuation (ObaLiabilityView *self);

/* For tests. */
const ObaLiability *oba_liability_view_get_liability (ObaLiabilityView *self);    /* (nullable) */
gboolean            oba_liability_view_is_loaded     (ObaLiabilityView *self);
const char         *oba_liability_view_get_shown     (ObaLiabilityView *self);    /* "loading", "failed", "empty" or "figures" */
gboolean            oba_liability_view_shows_table   (ObaLiabilityView *self);
const char         *oba_liability_view_get_tile      (ObaLiabilityView *self, guint tile);
/** The customers behind a group: "tier", "age" or "expiry", its key and its name. */
ObaBehindWindow *oba_liability_view_open_behind (ObaLiabilityView *self, const char *section, const char *key, const char *name);

G_END_DECLS
