#pragma once

#include <gtk/gtk.h>

#include "sales/oba-correction.h"

G_BEGIN_DECLS

/** ObaPaymentBox: how a receipt was paid: in one way, or so much in each. What points paid stays so, as far as the total goes. Signal "changed". */
#define OBA_TYPE_PAYMENT_BOX (oba_payment_box_get_type ())
G_DECLARE_FINAL_TYPE (ObaPaymentBox, oba_payment_box, OBA, PAYMENT_BOX, GtkBox)

GtkWidget *oba_payment_box_new       (void);
void       oba_payment_box_set       (ObaPaymentBox *self, gint64 cash, gint64 card, gint64 other, gint64 points);
/** What is to be paid; says so when what was typed does not make it. */
void       oba_payment_box_set_total (ObaPaymentBox *self, gint64 total);
/** Does it make the total? */
gboolean   oba_payment_box_is_right  (ObaPaymentBox *self);
void       oba_payment_box_apply     (ObaPaymentBox *self, ObaCorrection *correction);
/** Whether some of it can have been paid with points: somebody's. */
void       oba_payment_box_take_points (ObaPaymentBox *self, gboolean take);
/** As if chosen and typed: in several ways. */
void       oba_payment_box_type      (ObaPaymentBox *self, const char *cash, const char *card, const char *other, const char *points);

G_END_DECLS
