#pragma once

#include "oba-session.h"
#include "redemptions/oba-redemption.h"
#include "redemptions/oba-voucher-paper.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** Reads the voucher of @facts and prints it, or asks where to save it as a PDF; what goes wrong is said over the page that @owner is on. */
void oba_voucher_print (GtkWidget *owner, ObaSession *session, const ObaRedemptionFacts *facts, gboolean pdf);
/** @paper: (transfer full). What prints it. (transfer full) */
GtkPrintOperation *oba_voucher_print_operation_new (ObaVoucherPaper *paper, gint64 id);

G_END_DECLS
