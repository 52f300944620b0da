#pragma once

#include <glib-object.h>

#include "db/oba-db-result.h"

G_BEGIN_DECLS

/** ObaCustomer: one row of the list of customers, as it was read. Strings are never NULL. */
#define OBA_TYPE_CUSTOMER (oba_customer_get_type ())
G_DECLARE_FINAL_TYPE (ObaCustomer, oba_customer, OBA, CUSTOMER, GObject)

typedef enum
{
  OBA_CUSTOMER_ACTIVE,
  OBA_CUSTOMER_BLOCKED,
  OBA_CUSTOMER_ERASED,
  OBA_CUSTOMER_MERGED,   /* into another customer, who stands for it now */
} ObaCustomerStatus;

ObaCustomerStatus oba_customer_status_parse (const char *text);

ObaCustomer      *oba_customer_new_from_result     (ObaDbResult *result, guint row);   /* of rows.sql */
gint64            oba_customer_get_id              (ObaCustomer *self);
const char       *oba_customer_get_name            (ObaCustomer *self);                /* "Əliyeva Aysel"; "" when erased */
const char       *oba_customer_get_phone           (ObaCustomer *self);                /* E.164 or "" */
const char       *oba_customer_get_city            (ObaCustomer *self);
const char       *oba_customer_get_tier            (ObaCustomer *self);                /* in the language of the interface */
ObaCustomerStatus oba_customer_get_status          (ObaCustomer *self);
gint64            oba_customer_get_points          (ObaCustomer *self);
gint64            oba_customer_get_spend           (ObaCustomer *self);                /* qəpik, twelve months */
gint64            oba_customer_get_last_purchase   (ObaCustomer *self);                /* Unix time; 0: never */
gint64            oba_customer_get_registered      (ObaCustomer *self);                /* Unix time */
const char       *oba_customer_get_email           (ObaCustomer *self);
const GDate      *oba_customer_get_birth_date      (ObaCustomer *self);                /* (nullable) */
const char       *oba_customer_get_language        (ObaCustomer *self);                /* "az", "ru", "en" */
const char       *oba_customer_get_store           (ObaCustomer *self);                /* the preferred one, else where they registered */
gint64            oba_customer_get_receipts        (ObaCustomer *self);
const char       *oba_customer_get_lifecycle       (ObaCustomer *self);                /* "new", "active", "lapsing", "lost", "won_back"; "": never bought */
gint64            oba_customer_get_lifecycle_since (ObaCustomer *self);                /* Unix time; 0: never bought */
const char       *oba_customer_get_segments        (ObaCustomer *self);                /* their names; "" where they were not asked for */

G_END_DECLS
