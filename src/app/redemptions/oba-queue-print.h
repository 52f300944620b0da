#pragma once

#include <gtk/gtk.h>

#include "oba-session.h"
#include "redemptions/oba-redemption-list.h"
#include "redemptions/oba-redemptions.h"

G_BEGIN_DECLS

#define OBA_QUEUE_PRINT_MOST 1000

/** Reads the redemptions of @filter in their order, at most OBA_QUEUE_PRINT_MOST, and prints them, or asks for a PDF's place. @title: what they are. What went wrong is a toast of @owner's page. */
void               oba_queue_print               (GtkWidget *owner, ObaSession *session, const ObaRedemptionFilter *filter, gboolean descending, const char *title, gint64 all, gboolean pdf);
/** @list: (transfer full). What prints it. (transfer full) */
GtkPrintOperation *oba_queue_print_operation_new (ObaRedemptionList *list);

G_END_DECLS
