#pragma once

#include <gtk/gtk.h>

#include "sales/oba-correction-note.h"
#include "sales/oba-receipt-paper.h"

G_BEGIN_DECLS

/** A print operation of @receipt in the customer's language, on any paper: the roll stands at its top left, over several pages when it is long. */
GtkPrintOperation *oba_receipt_print_new (ObaReceipt *receipt);

/** The note of a correction; takes @note. (transfer full) */
GtkPrintOperation *oba_receipt_print_new_note (ObaCorrectionNote *note);

G_END_DECLS
