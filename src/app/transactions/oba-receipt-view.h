#pragma once

#include <adwaita.h>

#include "oba-receipt-notes.h"
#include "sales/oba-receipts.h"

G_BEGIN_DECLS

/**
 * ObaReceiptView: a receipt as the customer saw it; beside it, or below where it is narrow, to whom it belongs, the points it gave and took, and its
 * whole family. Print, Save as PDF.
 *
 * Signals: "loaded": what was asked for is shown, or could not be read; "open" (ObaReceiptKey *): another one of the family is wanted.
 * Links go to the window: win.open-customer.
 */
#define OBA_TYPE_RECEIPT_VIEW (oba_receipt_view_get_type ())
G_DECLARE_FINAL_TYPE (ObaReceiptView, oba_receipt_view, OBA, RECEIPT_VIEW, AdwBin)

/** @wide: points and family stand beside the paper. */
GtkWidget           *oba_receipt_view_new         (ObaSession *session, gboolean wide);
/** @key: (nullable): nothing. */
void                 oba_receipt_view_show        (ObaReceiptView *self, const ObaReceiptKey *key);
void                 oba_receipt_view_refresh     (ObaReceiptView *self);
gint64               oba_receipt_view_get_id      (ObaReceiptView *self);        /* 0: nothing */
gboolean             oba_receipt_view_is_loaded   (ObaReceiptView *self);
ObaReceipt          *oba_receipt_view_get_receipt (ObaReceiptView *self);        /* (transfer none) (nullable) */
ObaSession          *oba_receipt_view_get_session (ObaReceiptView *self);
/** Below the buttons over the paper, until another receipt is shown. @text: (nullable): nothing */
void                 oba_receipt_view_say         (ObaReceiptView *self, const char *text);
/** After those that are over the paper. */
void                 oba_receipt_view_add_button  (ObaReceiptView *self, GtkWidget *button);
/** What the paper says, for tests. (nullable) */
const char          *oba_receipt_view_get_text    (ObaReceiptView *self);
ObaReceiptNotes     *oba_receipt_view_get_notes   (ObaReceiptView *self);
/** For tests: as if chosen in the file chooser. */
void                 oba_receipt_view_save        (ObaReceiptView *self, const char *path);

G_END_DECLS
