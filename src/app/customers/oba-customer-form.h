#pragma once

#include <gtk/gtk.h>

#include "customers/oba-customer-draft.h"

G_BEGIN_DECLS

/**
 * ObaCustomerForm: the fields of a customer, checked as they are typed. A field says what is wrong with it under itself, but not before something was typed
 * there or saving was tried. What is typed stays whatever happens to the connection; the form reads nothing but what it offers (cities, categories, stores).
 *
 * Signal "changed": something was typed or chosen. Signal "submit": Enter in a field of one line.
 */
#define OBA_TYPE_CUSTOMER_FORM (oba_customer_form_get_type ())
G_DECLARE_FINAL_TYPE (ObaCustomerForm, oba_customer_form, OBA, CUSTOMER_FORM, GtkBox)

/** @columns: 1 for a narrow place, 2; @consents: ask what the customer agrees to, too. */
GtkWidget        *oba_customer_form_new           (ObaDbPool *pool, guint columns, gboolean consents);

/** Shows these values; what is typed from now on is a change of them. */
void              oba_customer_form_set_base      (ObaCustomerForm *self, const ObaCustomerDraft *base);
const ObaCustomerDraft *oba_customer_form_get_base (ObaCustomerForm *self);
/** Shows @draft as if it had been typed over @base. */
void              oba_customer_form_set_draft     (ObaCustomerForm *self, const ObaCustomerDraft *base, const ObaCustomerDraft *draft);
/** What is in the form now; a field that is wrong has its value of the base. (transfer full) */
ObaCustomerDraft *oba_customer_form_get_draft     (ObaCustomerForm *self);
/** The channels that were ticked, {"sms": true}; NULL when none was. (transfer full) (nullable) */
JsonObject       *oba_customer_form_get_consents  (ObaCustomerForm *self);

gboolean          oba_customer_form_is_dirty      (ObaCustomerForm *self);
/** What is in the way of saving, a sentence; NULL when nothing is. (transfer full) (nullable) */
char             *oba_customer_form_get_obstacle  (ObaCustomerForm *self);
/** Marks all that is wrong and goes to the first of it. */
void              oba_customer_form_show_problems (ObaCustomerForm *self);
/** A problem that only the database knows, until the field is changed. */
void              oba_customer_form_set_problem   (ObaCustomerForm *self, ObaCustomerField field, const char *sentence);
void              oba_customer_form_focus         (ObaCustomerForm *self, ObaCustomerField field);

/** What a value of @draft is called where it is shown: the name of a store, of categories, of a language. (transfer full) */
char             *oba_customer_form_describe      (ObaCustomerForm *self, ObaCustomerField field, const ObaCustomerDraft *draft);

/** As typed into the field, for tests and the card scanner. */
void              oba_customer_form_set_text      (ObaCustomerForm *self, ObaCustomerField field, const char *text);
char             *oba_customer_form_get_text      (ObaCustomerForm *self, ObaCustomerField field);      /* (transfer full) */
const char       *oba_customer_form_get_problem   (ObaCustomerForm *self, ObaCustomerField field);      /* (nullable): as it is shown */

G_END_DECLS
