#pragma once

#include "oba-session.h"
#include "redemptions/oba-redemption.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** Reads the voucher of @facts and prints it, or asks where to save it as a PDF; what goes wrong is said over the page that @owner is on. */
void oba_voucher_print (GtkWidget *owner, ObaSession *session, const ObaRedemptionFacts *facts, gboolean pdf);

G_END_DECLS
