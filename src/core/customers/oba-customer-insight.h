#pragma once

#include "db/oba-db-pool.h"

G_BEGIN_DECLS

/**
 * What the purchases of a person, and of those merged into them, tell: beside ObaCustomerProfile, which tells who they are.
 * Money in qəpik. Texts are never NULL; "" where nothing is known. Times and dates are NULL where nothing happened. Lists are never NULL.
 * “The year” is the twelve months up to today.
 */

typedef enum
{
  OBA_CHURN_UNKNOWN,                      /* never bought */
  OBA_CHURN_LOW,                          /* below 30 % */
  OBA_CHURN_MEDIUM,
  OBA_CHURN_HIGH,                         /* 70 % and more */
} ObaChurnGrade;

typedef struct
{
  char      *from;                        /* "": the first */
  char      *to;                          /* "new", "active", "lapsing", "lost", "won_back" */
  GDateTime *at;                          /* the midnight on which it became so */
  gint64     days;                        /* how many days the person had been away; -1: the first visit */
  double     usual_days;                  /* the usual gap then; 0: no rhythm yet */
} ObaLifecycleChange;

typedef struct
{
  int        year;
  int        month;                       /* 1 to 12 */
  gint64     receipts;                    /* sales */
  gint64     revenue;                     /* less returns */
} ObaCustomerMonth;

typedef struct
{
  gint64     id;
  char      *name;                        /* of a category: in the language of the interface */
  gint64     receipts;                    /* sales */
  gint64     revenue;                     /* less returns */
  gboolean   stated;                      /* the person named it as a preference */
} ObaCustomerHabit;

typedef struct
{
  GDate      last_day;                    /* on which they can be spent */
  gint64     points;
} ObaPointsExpiry;

typedef struct
{
  char      *channel;                     /* "telegram", "sms", "email", "phone", "profiling" */
  gboolean   granted;
  GDateTime *at;
  char      *through;                     /* "staff", "telegram", "import", "till", "demo", "system" */
  char      *store;
  char      *who;                         /* the login */
  char      *wording;                     /* which text was agreed to */
} ObaConsentEntry;

typedef struct
{
  char      *number;
  char      *state;                       /* "active", "blocked", "lost" */
  GDateTime *issued_at;
  char      *issued_by;
  GDateTime *state_since;
} ObaHeldCard;

typedef struct
{
  gint64     id;
  char      *name;
  char      *kind;                        /* "static", "rule" */
  GDateTime *added_at;                    /* NULL: by its rule */
} ObaCustomerSegment;

typedef struct
{
  gint64         id;

  /* Lifecycle and rhythm: migration 0041 has the formulas. */
  char          *lifecycle;               /* "": never bought */
  GDateTime     *lifecycle_since;
  GDate         *lifecycle_due;           /* the day on which it changes without a visit */
  GPtrArray     *changes;                 /* of ObaLifecycleChange, newest first */
  gint64         visits;                  /* days on which they bought, in all */
  GDate         *last_visit;
  gint64         days_away;               /* since then; -1: never came */
  double         usual_days;              /* between two visits, of the last ten gaps; 0: fewer than four visits, no rhythm yet */
  double         usual_spread;            /* standard deviation of that, days */
  gint64         lapsing_after;           /* days without a visit */
  gint64         lost_after;
  ObaChurnGrade  churn;
  int            churn_percent;           /* how likely it is that they do not come back by themselves; -1: unknown */

  gint64         weekdays[7];             /* visit days of the year: Monday first */
  gint64         hours[24];               /* sales of the year by the hour of the day in Baku */

  GPtrArray     *months;                  /* of ObaCustomerMonth: 24, oldest first, this month last; months without purchases are there */
  GPtrArray     *stores;                  /* of ObaCustomerHabit: of the year, most receipts first, at most 5; a stated one always */
  GPtrArray     *categories;              /* of ObaCustomerHabit: main categories of the year, highest revenue first; stated ones always */

  GPtrArray     *expiries;                /* of ObaPointsExpiry: all, soonest first */
  GPtrArray     *consents;                /* of ObaConsentEntry: what holds now, by channel; @at: since when */
  GPtrArray     *consent_history;         /* of ObaConsentEntry: newest first */
  GPtrArray     *cards;                   /* of ObaHeldCard: active ones first */
  GPtrArray     *segments;                /* of ObaCustomerSegment, by name */

  gboolean       telegram_linked;
  char          *telegram_username;
  GDateTime     *telegram_linked_at;
  char          *telegram_linked_by;
  GDateTime     *telegram_unreachable_at; /* the customer blocked the bot */
} ObaCustomerInsight;

/** In one round trip; retried when the connection is lost. Fails with OBA_ERROR_NOT_FOUND. Returns: (transfer full) */
void                oba_customers_insight_async   (ObaDbPool *pool, gint64 id, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
ObaCustomerInsight *oba_customers_insight_finish  (GAsyncResult *result, GError **error);
void                oba_customer_insight_free     (ObaCustomerInsight *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaCustomerInsight, oba_customer_insight_free)

G_END_DECLS
