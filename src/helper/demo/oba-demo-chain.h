#pragma once

#include <gio/gio.h>

#include "oba-demo-basket.h"
#include "oba-demo-people.h"

G_BEGIN_DECLS

typedef struct
{
  guint64 seed;
  guint   n_stores;
  guint   n_customers;
  gint64  n_sales;
  guint   n_days;
  GDate   until;
  guint   last_second;       /* of the last day, 86400 when it is over */
} ObaDemoOptions;

typedef enum
{
  OBA_DEMO_PAID_CASH,
  OBA_DEMO_PAID_CARD,
} ObaDemoPayment;

/** A sale, or a return with an original; amounts of a return are negative. Valid during the callback. */
typedef struct
{
  gint64             id;             /* from 1, in the order of time */
  guint              day;
  guint              second;
  int                customer;       /* index, -1: nobody known */
  guint              store;          /* index */
  guint              till;           /* 1 .. n_tills */
  guint              number;         /* of that till */
  gboolean           late;           /* it reached the house long after */
  guint              cashier;        /* slot, for oba_demo_cashier_name() */
  ObaDemoPayment     payment;
  gint64             total, discount, vat;
  guint              n_lines;
  const ObaDemoLine *lines;
  gint64             original_id;    /* 0: a sale */
  guint              original_day;
  guint              original_second;
  const char        *reason_code;    /* of a return */
} ObaDemoReceipt;

/** Points spent on a reward at a visit. */
typedef struct
{
  int    customer;
  guint  store;
  guint  day;
  guint  second;
  guint  reward;             /* into the list that was given */
} ObaDemoRedemption;

typedef struct
{
  gboolean (*receipt)    (const ObaDemoReceipt *receipt, gpointer user_data, GError **error);
  gboolean (*redemption) (const ObaDemoRedemption *redemption, gpointer user_data, GError **error);
} ObaDemoSink;

/** The whole chain at work. Its memory grows with stores and customers, not with receipts. */
typedef struct _ObaDemoChain ObaDemoChain;

ObaDemoChain           *oba_demo_chain_new           (const ObaDemoOptions *options);
void                    oba_demo_chain_free          (ObaDemoChain *self);

const ObaDemoOptions   *oba_demo_chain_get_options   (ObaDemoChain *self);
const ObaDemoCalendar  *oba_demo_chain_get_calendar  (ObaDemoChain *self);
const ObaDemoCatalogue *oba_demo_chain_get_catalogue (ObaDemoChain *self);
const ObaDemoStores    *oba_demo_chain_get_stores    (ObaDemoChain *self);
const ObaDemoPerson    *oba_demo_chain_get_person    (ObaDemoChain *self, guint index);
/** When on the day of registration, in seconds. */
guint                   oba_demo_chain_get_registered_second (ObaDemoChain *self, guint index);

/** What rewards cost, in points; rewards of 0 are not drawn, and none after @last_day. Kept by the caller. */
void                    oba_demo_chain_set_rewards   (ObaDemoChain *self, const gint64 *costs, guint n, guint last_day);

/** Runs all days in order and hands every receipt to @sink; once. */
gboolean                oba_demo_chain_run           (ObaDemoChain *self, const ObaDemoSink *sink, gpointer user_data,
                                                      GCancellable *cancellable, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaDemoChain, oba_demo_chain_free)

G_END_DECLS
