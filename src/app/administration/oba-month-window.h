#pragma once

#include <adwaita.h>

#include "db/oba-db-pool.h"
#include "periods/oba-months.h"

G_BEGIN_DECLS

/**
 * ObaMonthWindow: asks whether a month is to be closed: what that means, what would be written down, what is still on its way into it.
 * Signal "confirmed": yes; the window is gone then.
 */
#define OBA_TYPE_MONTH_WINDOW (oba_month_window_get_type ())
G_DECLARE_FINAL_TYPE (ObaMonthWindow, oba_month_window, OBA, MONTH_WINDOW, AdwWindow)

/** @first: no month was closed before: those before it are closed with it */
ObaMonthWindow *oba_month_window_new        (GtkWindow *parent, ObaDbPool *pool, const GDate *month, gboolean first);

/* For tests. */
gboolean        oba_month_window_is_settled (ObaMonthWindow *self);

G_END_DECLS
