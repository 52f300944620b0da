#pragma once

#include "oba-customer.h"

G_BEGIN_DECLS

typedef struct
{
  char       *channel;      /* "telegram", "sms", "email", "phone", "profiling" */
  gboolean    granted;
  gint64      since;        /* Unix time */
} ObaCustomerConsent;

typedef struct
{
  char       *number;
  char       *state;        /* "active", "blocked", "lost" */
} ObaCustomerCard;

typedef struct
{
  GDate       last_day;     /* on which they can be spent */
  gint64      points;
} ObaCustomerExpiry;

/**
 * ObaCustomerProfile: what is known of one customer at one moment, without receipts. Texts are never NULL; "" where nothing is known.
 * Times are NULL where nothing happened. Money in qəpik.
 */
typedef struct
{
  gint64             id;
  gint64             version;
  char              *family_name;
  char              *given_name;
  char              *patronymic;
  ObaCustomerStatus  status;
  GDateTime         *status_since;
  char              *blocked_reason;
  char              *status_by;            /* the login that blocked or erased the customer */
  gint64             merged_into;          /* the customer who stands for this one; 0: nobody */
  char              *merged_into_name;
  char              *phone;
  char              *email;
  GDate             *birth_date;
  char              *language;
  char              *city;
  char              *notes;
  GDateTime         *registered_at;
  char              *registered_through;   /* "staff", "telegram", "import", "till", "demo", "system" */
  char              *registered_store;
  char              *preferred_store;

  gint64             balance;
  gint64             lifetime;
  gint64             owed;                 /* points clawed back after they were spent */
  GDateTime         *spending_locked_at;   /* NULL: it is not */
  char              *spending_lock_reason; /* "customer", "lost_phone", "suspicion", "dispute" */
  char              *tier_code;
  char              *tier;
  GDateTime         *tier_since;
  gint64             tier_amount;          /* of the last twelve months: qəpik, or points when those count */
  gboolean           tier_by_points;
  gint64             tier_threshold;
  char              *next_tier;            /* "" at the top */
  gint64             next_threshold;

  gint64             receipts;
  gint64             returns;
  gint64             revenue;
  GDateTime         *first_purchase_at;
  GDateTime         *last_purchase_at;

  char              *telegram_username;
  GDateTime         *telegram_linked_at;

  GPtrArray         *consents;             /* of ObaCustomerConsent */
  GPtrArray         *cards;                /* of ObaCustomerCard */
  GPtrArray         *expiries;             /* of ObaCustomerExpiry, soonest first, at most 3 */
  GPtrArray         *categories;           /* of char*: stated preferences */
} ObaCustomerProfile;

/** Of row 0 of profile.sql. (transfer full) */
ObaCustomerProfile *oba_customer_profile_new_from_result (ObaDbResult *result);
void                oba_customer_profile_free            (ObaCustomerProfile *self);

/** "Əliyeva Aysel Rəşid qızı"; "" when erased. (transfer full) */
char               *oba_customer_profile_get_name        (const ObaCustomerProfile *self);
/** How far to the next tier, 0 to 1; 1 at the top. */
double              oba_customer_profile_get_progress    (const ObaCustomerProfile *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaCustomerProfile, oba_customer_profile_free)

G_END_DECLS
