#pragma once

#include <gtk/gtk.h>

#include "sales/oba-receipt-paper.h"

G_BEGIN_DECLS

/** A print operation of @receipt in the customer's language, on any paper: the roll stands at its top left, over several pages when it is long. */
GtkPrintOperation *oba_receipt_print_new (ObaReceipt *receipt);

G_END_DECLS
