#pragma once

#include "oba-demo-stores.h"

G_BEGIN_DECLS

typedef enum
{
  OBA_DEMO_LOYAL,
  OBA_DEMO_REGULAR,
  OBA_DEMO_OCCASIONAL,
  OBA_DEMO_LAPSING,
  OBA_DEMO_ONE_TIME,
} ObaDemoLoyalty;

/** What is kept of each customer while the years go by: small, for there may be millions. */
typedef struct
{
  float   rate;              /* visits a unit of the calendar's clock, before scaling */
  float   basket;            /* lines on a plain day */
  guint32 home;              /* store */
  guint32 second;
  gint32  registered;        /* day of the demo, negative before it */
  gint32  last;              /* comes no more after this day */
  guint8  loyalty;           /* ObaDemoLoyalty */
  guint8  habit;             /* 1..7: shops on that weekday, 0: on any */
} ObaDemoPerson;

typedef enum
{
  OBA_DEMO_THROUGH_TILL,
  OBA_DEMO_THROUGH_STAFF,
  OBA_DEMO_THROUGH_TELEGRAM,
} ObaDemoThrough;

/** What is only needed to write a customer down. */
typedef struct
{
  char           *given_name;
  char           *family_name;
  char           *patronymic;
  char            phone[16];
  int             birth_day;        /* day of the demo, far below 0; G_MININT: not told */
  const char     *language;
  const char     *city;
  char           *email;            /* (nullable) */
  ObaDemoThrough  through;
  gboolean        consents[5];      /* telegram, sms, email, phone, profiling */
} ObaDemoProfile;

void     oba_demo_person_make         (ObaDemoPerson *person, const ObaDemoStores *stores, guint64 seed, guint index, guint n_days);
/** @people: all, the one with @index among them. Some have registered before, as one of those before them. */
void     oba_demo_profile_describe    (ObaDemoProfile *profile, const ObaDemoPerson *people, const ObaDemoStores *stores,
                                       guint64 seed, guint index);
void     oba_demo_profile_clear       (ObaDemoProfile *profile);
/** Whether the first purchase is on the day of registration. */
gboolean oba_demo_person_starts_at_once (const ObaDemoPerson *person, guint64 seed, guint index);

/** When on that day: a share of the opening hours in [0, 1), for oba_demo_hours_pick(). */
double   oba_demo_person_registered_at (guint64 seed, guint index);

/** "+99450…": another one for each index below OBA_DEMO_MAX_CUSTOMERS. */
#define OBA_DEMO_MAX_CUSTOMERS 32000000
void     oba_demo_phone               (char phone[16], guint64 seed, guint index);

/** "Aynur Məmmədova": who sits at a till. (transfer full) */
char    *oba_demo_cashier_name        (guint64 seed, guint store, guint slot);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ObaDemoProfile, oba_demo_profile_clear)

G_END_DECLS
