#pragma once

#include <adwaita.h>

#include "oba-session.h"
#include "sales/oba-correction-note.h"
#include "sales/oba-receipt.h"

G_BEGIN_DECLS

/**
 * ObaReceiptNotes: the notes of what was corrected at a receipt, to print, save and send; and the button that sends the receipt itself by Telegram, with what
 * became of it. Not shown where nothing was corrected.
 *
 * Signal "say" (const char *): something is to be told about a paper.
 */
#define OBA_TYPE_RECEIPT_NOTES (oba_receipt_notes_get_type ())
G_DECLARE_FINAL_TYPE (ObaReceiptNotes, oba_receipt_notes, OBA, RECEIPT_NOTES, AdwBin)

GtkWidget *oba_receipt_notes_new        (ObaSession *session);
/** @receipt: (nullable): none */
void       oba_receipt_notes_show       (ObaReceiptNotes *self, ObaReceipt *receipt);
gboolean   oba_receipt_notes_is_loaded  (ObaReceiptNotes *self);
/** Where nobody may send, it is not visible. (transfer none) */
GtkWidget *oba_receipt_notes_get_button (ObaReceiptNotes *self);
/** What became of the receipt that was sent, or why it cannot be. (transfer none) */
GtkWidget *oba_receipt_notes_get_status (ObaReceiptNotes *self);
/** For tests: as if chosen in the file chooser. */
void       oba_receipt_notes_save       (ObaReceiptNotes *self, gint64 correction_id, const char *path);

G_END_DECLS
