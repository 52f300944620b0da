#pragma once

#include "oba-customers-page.h"
#include "oba-register-window.h"

G_BEGIN_DECLS

/** The actions page.register (Ctrl+N) and page.edit (Ctrl+E) of the Customers page. */
void oba_customers_page_register_install (GtkWidgetClass *widget_class);
/** For those who may register; @button is not shown to the others. */
void oba_customers_page_register_set_up  (ObaCustomersPage *self, GtkWidget *button);
/** Opens the window, or brings forward the one that is open. (transfer none) */
ObaRegisterWindow *oba_customers_page_register (ObaCustomersPage *self);

G_END_DECLS
