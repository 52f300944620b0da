#pragma once

#include <adwaita.h>

#include "oba-session.h"
#include "rewards/oba-reward-stock.h"
#include "rewards/oba-reward.h"

G_BEGIN_DECLS

/**
 * ObaStockWindow: goods of a reward that were received, or counted: for the one stock, or for many stores at once: searched for, chosen, given the same number, or pasted as lines
 * of a code and a number.
 *
 * Signals: "saved"; "loaded": the stores are there, or why not.
 */
#define OBA_TYPE_STOCK_WINDOW (oba_stock_window_get_type ())
G_DECLARE_FINAL_TYPE (ObaStockWindow, oba_stock_window, OBA, STOCK_WINDOW, AdwWindow)

GtkWindow  *oba_stock_window_new         (GtkWindow *parent, ObaSession *session, const ObaReward *reward);

/** As if typed, chosen, clicked. */
void        oba_stock_window_set_counted (ObaStockWindow *self, gboolean counted);
void        oba_stock_window_set_reason  (ObaStockWindow *self, const char *reason);
void        oba_stock_window_search      (ObaStockWindow *self, const char *text);
void        oba_stock_window_set_number  (ObaStockWindow *self, const char *text);
/** The number for those that are chosen in the list, or all that are shown when none is. */
void        oba_stock_window_apply       (ObaStockWindow *self);
void        oba_stock_window_paste       (ObaStockWindow *self, const char *text);
void        oba_stock_window_save        (ObaStockWindow *self);

guint       oba_stock_window_get_n_shown (ObaStockWindow *self);
guint       oba_stock_window_get_n_given (ObaStockWindow *self);      /* stores with a number */
gboolean    oba_stock_window_is_settled  (ObaStockWindow *self);
const char *oba_stock_window_get_problem (ObaStockWindow *self);      /* "" for none */

G_END_DECLS
