#pragma once

#include <json-glib/json-glib.h>

#include "db/oba-db-pool.h"
#include "sales/oba-receipts.h"

G_BEGIN_DECLS

/**
 * What the job check-tills has found (0074_tills.sql says how, with the formulas): of tills, receipts that never arrived, late ones, numbers used twice, silence; of cashiers,
 * what is worth a look. Both are lists to go through, with a decision a row.
 */
typedef enum
{
  OBA_TILL_LIST_TILLS,
  OBA_TILL_LIST_CASHIERS,      /* for supervisors, administrators and auditors */
} ObaTillList;

/** Strings are never NULL. Moments are microseconds since 1970, 0 for none. */
typedef struct
{
  ObaTillList list;
  gint64      id;
  char       *kind;            /* tills: "gap", "late", "duplicate", "silent"; cashiers: "card", "returns" */
  char       *state;           /* tills: "open", "explained", "resolved"; cashiers: "open", "follow_up", "fine" */
  gint64      store_id;
  char       *store;
  gint64      till;            /* 0: the whole store */
  char       *cashier;
  gint64      customer_id;     /* 0: none */
  char       *customer;
  char       *series;          /* what stands before the missing numbers; the number used twice */
  gint64      first_no;        /* the missing numbers */
  gint64      last_no;
  gint64      receipts;        /* missing, late, refused; silent: would have been sold; cashiers: which are meant */
  gint64      begins_at;       /* the receipt before, the first late one, the last before the silence; cashiers: the first day */
  gint64      ends_at;         /* the receipt after, the last late one; cashiers: the last day */
  JsonObject *figures;
  gint64      version;
} ObaTillFinding;

/** Which: NULL and 0 for all. */
typedef struct
{
  const char *kind;
  const char *state;
  gint64      store_id;
} ObaTillFilter;

/** Something that happened to a finding. */
typedef struct
{
  gint64  at;                  /* seconds */
  char   *who;                 /* "": by itself */
  char   *state;
  char   *reason;              /* code of an explanation, "" for none */
  char   *note;
  gint64  receipts;
} ObaTillEvent;

typedef struct
{
  ObaReceiptKey key;
  char         *number;
  char         *cashier;
  gint64        total;         /* qəpik */
  char         *kind;
  gint64        arrived_at;    /* of a late one, in seconds; else 0 */
} ObaTillReceipt;

/** What was refused. */
typedef struct
{
  char   *number;
  char   *code;                /* "OB004" */
  gint64  times;
  gint64  last_at;             /* seconds */
} ObaTillRefusal;

typedef struct
{
  char   *name;
  gint64  value;
} ObaTillFigure;

typedef struct
{
  gint64     id;
  gint64     version;
  char      *state;
  GPtrArray *events;           /* of ObaTillEvent, the first first */
  GPtrArray *receipts;         /* of ObaTillReceipt */
  GPtrArray *refusals;         /* of ObaTillRefusal */
  GPtrArray *cashiers;         /* of ObaTillFigure: the one who is meant, then the store's others; receipts with a card again, or returns */
  guint32    first_day;        /* Julian, as g_date_get_julian() */
  GArray    *days;             /* of double: sales of the till a day */
} ObaTillDetail;

ObaTillFinding *oba_till_finding_copy         (const ObaTillFinding *self);
void            oba_till_finding_free         (ObaTillFinding *self);
gint64          oba_till_finding_get_figure   (const ObaTillFinding *self, const char *name);    /* 0 when there is none */
double          oba_till_finding_get_norm     (const ObaTillFinding *self, const char *name);

/**
 * oba_till_findings_read_async: those of @filter after @last (nullable), the latest (of cashiers the least likely) first.
 * Returns: (transfer full) (element-type ObaTillFinding); @total: (out) (optional): how many there are in all, 0 when none came
 */
void            oba_till_findings_read_async  (ObaDbPool *pool, ObaTillList list, const ObaTillFilter *filter, const ObaTillFinding *last, guint limit,
                                               GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray      *oba_till_findings_read_finish (GAsyncResult *result, gint64 *total, GError **error);

/** Everything about one. Errors: as oba_db_pool_read_finish(); OBA_ERROR_NOT_FOUND. */
void            oba_till_detail_read_async    (ObaDbPool *pool, ObaTillList list, gint64 id, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
ObaTillDetail  *oba_till_detail_read_finish   (GAsyncResult *result, GError **error);
void            oba_till_detail_free          (ObaTillDetail *self);

/**
 * oba_till_decide_async: explains a finding or decides a review, as it is in @version; both can be opened again.
 * @state: as in ObaTillFinding; @reason: (nullable): code of an explanation; @note: (nullable): up to 500 characters
 * Errors: as oba_db_request_finish(): OB003 when it has changed meanwhile, OB001 when something is missing.
 */
void            oba_till_decide_async         (ObaDbPool *pool, ObaTillList list, gint64 id, gint64 version, const char *state, const char *reason, const char *note,
                                               const char *key, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean        oba_till_decide_finish        (ObaDbPool *pool, GAsyncResult *result, GError **error);

/** The filter of Transactions that shows what is meant: store, till or cashier, and the time around it. (transfer full) */
ObaReceiptFilter *oba_till_finding_filter     (const ObaTillFinding *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaTillFinding, oba_till_finding_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaTillDetail, oba_till_detail_free)

G_END_DECLS
