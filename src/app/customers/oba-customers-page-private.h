#pragma once

#include "customers/oba-customer-choices.h"
#include "oba-customers-page.h"
#include "widgets/oba-view-menu.h"

G_BEGIN_DECLS

/* Parts of the page that live in files of their own. */

/* oba-customers-page.c */
void                oba_customers_page_read_choices (ObaCustomersPage *self);   /* what conditions can name */
ObaCustomerChoices *oba_customers_page_get_choices  (ObaCustomersPage *self);   /* (nullable) */

/* oba-customers-page-segments.c */
void oba_customers_page_follow_segments (ObaCustomersPage *self);

/* oba-customers-page-views.c */
extern const ObaViewMenuPage oba_customers_page_views;

/* oba-customers-page-bulk.c */
void oba_customers_page_install_bulk (GtkWidgetClass *widget_class);
void oba_customers_page_setup_bulk   (ObaCustomersPage *self, GtkWidget *segment_button, GtkWidget *head_box);
/** @many: what is done to two or more; @remove: takes out of the segment that the list shows */
void oba_customers_page_show_chosen  (ObaCustomersPage *self, GtkRevealer *revealer, GtkLabel *label, GtkWidget *many, GtkWidget *remove);

/* oba-customers-page-members.c */
void oba_customers_page_install_members (GtkWidgetClass *widget_class);
/** Shows @button where the list is that of a segment whose members may be taken out, as soon as that is known. Returns: whether it is shown now */
gboolean oba_customers_page_show_remove (ObaCustomersPage *self, GtkWidget *button);

G_END_DECLS
