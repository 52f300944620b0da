#pragma once

#include <adwaita.h>

#include "sales/oba-receipt.h"

G_BEGIN_DECLS

/**
 * ObaReceiptSide: what stands beside a receipt: to whom it belongs, the points it gave and took, and its whole family.
 *
 * Signal "open" (ObaReceiptKey *): another one of the family is wanted. Links go to the window: win.open-customer.
 */
#define OBA_TYPE_RECEIPT_SIDE (oba_receipt_side_get_type ())
G_DECLARE_FINAL_TYPE (ObaReceiptSide, oba_receipt_side, OBA, RECEIPT_SIDE, AdwBin)

void oba_receipt_side_show (ObaReceiptSide *self, ObaReceipt *receipt);

G_END_DECLS
