#pragma once

#include "customers/oba-customer-profile.h"

G_BEGIN_DECLS

/* What the page says of a customer, in words. All (transfer full) but the constant ones. */

char       *oba_customer_text_name        (const char *name, ObaCustomerStatus status);   /* "Erased customer" where there is none */
char       *oba_customer_text_day         (GDateTime *moment);                             /* "5 Nov 2026", of Baku; "" for NULL */
char       *oba_customer_text_unix_day    (gint64 seconds);                                /* "" for 0 */
char       *oba_customer_text_moment      (GDateTime *moment);                             /* "5 Nov 2026, 18:24" */
char       *oba_customer_text_date        (const GDate *date);
char       *oba_customer_text_points      (gint64 points);                                 /* "1 234 points" */
char       *oba_customer_text_signed      (gint64 points);                                 /* "+12", "−5" */
char       *oba_customer_text_quantity    (gint64 thousandths, const char *unit);          /* "1.25 kg", "2" */
char       *oba_customer_text_registered  (const ObaCustomerProfile *profile);             /* "5 Nov 2024, OBA Nizami, through staff" */
char       *oba_customer_text_progress    (const ObaCustomerProfile *profile);             /* "120 ₼ of 1 000 ₼ to Silver" */
const char *oba_customer_text_status      (ObaCustomerStatus status);
const char *oba_customer_text_lifecycle   (const char *state);                               /* "Lapsing" */
char       *oba_customer_text_lifecycle_since (const char *state, const char *day);          /* "Lapsing since 3 Nov 2026" */
const char *oba_customer_text_language    (const char *code);
const char *oba_customer_text_erasure_reason (const char *code);                           /* "The customer asked for it" */
const char *oba_customer_text_channel     (const char *channel);
const char *oba_customer_text_through     (const char *through);                             /* "by staff"; "" when not known */
const char *oba_customer_text_card_state  (const char *state);
const char *oba_customer_text_receipt_kind (const char *kind);                             /* "" for a sale */

G_END_DECLS
