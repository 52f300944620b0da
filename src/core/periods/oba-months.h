#pragma once

#include <json-glib/json-glib.h>

#include "db/oba-db-pool.h"

G_BEGIN_DECLS

typedef enum
{
  OBA_MONTH_OPEN,
  OBA_MONTH_CLOSING,   /* nothing can be dated into it any more; its totals are still to be counted */
  OBA_MONTH_CLOSED,
  OBA_MONTH_BEFORE,    /* before the first month that was closed: not open either */
} ObaMonthState;

/** What a month made. Money in qəpik; of points none is negative but what was adjusted. */
typedef struct
{
  gint64 receipts;
  gint64 returns;
  gint64 revenue;
  gint64 issued;
  gint64 redeemed;
  gint64 clawed_back;
  gint64 expired;
  gint64 adjusted;
  gint64 liability;      /* all points at the end of the month */
} ObaMonthTotals;

typedef struct
{
  GDate          month;         /* its first day */
  ObaMonthState  state;
  gboolean       may_close;     /* it is over, and its turn */
  GDateTime     *closed_at;     /* (nullable) */
  char          *closed_by;     /* the display name; "" while it is open */
  GDateTime     *counted_at;    /* (nullable) */
  ObaMonthTotals totals;        /* of one that is not closed: receipts, returns and revenue so far, no points */
} ObaMonthFacts;

/** ObaMonth: a month of the books. */
#define OBA_TYPE_MONTH (oba_month_get_type ())
G_DECLARE_FINAL_TYPE (ObaMonth, oba_month, OBA, MONTH, GObject)

const ObaMonthFacts *oba_month_get (ObaMonth *self);

/** All of them, the last first. (transfer full) (element-type ObaMonth) */
void       oba_months_read_async  (ObaDbPool *pool, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *oba_months_read_finish (GAsyncResult *result, GError **error);

/** The control totals of the closed ones of @months as CSV (RFC 4180, UTF-8), with a heading. (transfer full) */
char      *oba_months_to_csv      (GPtrArray *months);

/** What closing a month would write down, and what is still on its way into it. */
typedef struct
{
  ObaMonthTotals totals;
  gint64         imports;     /* sales files that are being loaded */
  gint64         approvals;   /* corrections that wait and would be dated into it */
  gint64         uncounted;   /* its receipts that the figures of Overview do not have yet */
  gint64         expiring;    /* points that should have expired in it and have not yet */
} ObaMonthCount;

/** Counts all receipts and points of the month that begins on @month. (transfer full): g_free() */
void           oba_month_count_async  (ObaDbPool *pool, const GDate *month, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
ObaMonthCount *oba_month_count_finish (GAsyncResult *result, GError **error);

/**
 * Closes a month, or goes on with one whose totals are still to be counted: the two steps of oba.close_month(), each with a key of its own.
 * @progress: (nullable): called on the main loop when the first step is done: from then on nothing can be dated into the month, whatever becomes of the second.
 */
typedef void (*ObaMonthProgress) (gpointer user_data);

void       oba_month_close_async  (ObaDbPool *pool, const GDate *month, ObaMonthState state, ObaMonthProgress progress, gpointer progress_data,
                                   GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean   oba_month_close_finish (GAsyncResult *result, GError **error);

G_END_DECLS
