#pragma once

#include <adwaita.h>

#include "liability/oba-liability.h"
#include "oba-session.h"

G_BEGIN_DECLS

/**
 * ObaValuationWindow: what a point is valued at and how many are assumed never to be used, beside what the past months show; who changed it, when and why. An administrator changes it.
 * Signal "saved".
 */
#define OBA_TYPE_VALUATION_WINDOW (oba_valuation_window_get_type ())
G_DECLARE_FINAL_TYPE (ObaValuationWindow, oba_valuation_window, OBA, VALUATION_WINDOW, AdwWindow)

ObaValuationWindow *oba_valuation_window_new        (GtkWindow *parent, ObaSession *session, const ObaLiability *liability);

/* For tests. */
typedef enum { OBA_VALUATION_VALUE, OBA_VALUATION_BREAKAGE, OBA_VALUATION_REASON, OBA_VALUATION_N_ENTRIES } ObaValuationEntry;
GtkEditable        *oba_valuation_window_get_entry  (ObaValuationWindow *self, ObaValuationEntry which);
GtkWidget          *oba_valuation_window_get_button (ObaValuationWindow *self);
gboolean            oba_valuation_window_is_settled (ObaValuationWindow *self);
const char         *oba_valuation_window_get_problem (ObaValuationWindow *self);

G_END_DECLS
