#pragma once

#include "charts/oba-chart.h"
#include "db/oba-db-pool.h"

G_BEGIN_DECLS

/** Some of the points that are there, and what they are worth. */
typedef struct
{
  char   *key;            /* of a tier: its id; of an age: its number; of a month: "2026-11-01" */
  char   *name;           /* as people read it */
  gint64  points;
  gint64  value;          /* qəpik, if all of them are used */
  gint64  expected;       /* qəpik, without those that nobody will use */
} ObaLiabilityGroup;

/** What a month added and took: opening + issued - redeemed - expired - clawed_back + adjusted = closing. Points that are owed to us count against it. */
typedef struct
{
  GDate   month;          /* its first day */
  char   *name;
  gint64  opening;
  gint64  issued;
  gint64  redeemed;       /* less what was given back */
  gint64  expired;
  gint64  clawed_back;
  gint64  adjusted;       /* by hand and by merges */
  gint64  closing;
  gint64  value;          /* qəpik, as points were valued then */
  gint64  expected;
} ObaLiabilityMonth;

/** ObaLiability: what the chain owes its customers in points. Agrees with the ledger to the point. */
typedef struct
{
  GPtrArray         *tiers;        /* of ObaLiabilityGroup, as are the next two */
  GPtrArray         *ages;
  GPtrArray         *expiry;
  gint64            *cells;        /* points by month of expiry and tier: [month * tiers->len + tier] */
  GPtrArray         *months;       /* of ObaLiabilityMonth, the first one first */
  ObaLiabilityGroup  total;        /* all points that are there */
  gint64             owed;         /* taken back after they were spent: paid by what these customers earn next */
  gint64             point_value;  /* hundredths of a qəpik */
  gint64             till_value;   /* what a point pays at the till, in the same */
  gboolean           own_value;    /* FALSE: what a point pays at the till */
  int                breakage;     /* hundredths of a per cent of the points that nobody will use */
  int                version;      /* of the two */
  GDate              today;
} ObaLiability;

void          oba_liability_free        (ObaLiability *self);

/** From the rows of liability/liability.sql. */
ObaLiability *oba_liability_from_rows   (ObaDbResult *rows);

/** The parameters of that statement; names are in the language of the program. @first, @last: as below. (transfer full) */
ObaDbParams  *oba_liability_params      (const char *first, const char *last);

/** @first, @last: "2026-01-31", (nullable): from the first entry, up to today. (transfer full) */
void          oba_liability_read_async  (ObaDbPool *pool, const char *first, const char *last, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
ObaLiability *oba_liability_read_finish (GAsyncResult *result, GError **error);

/** What was used of what was issued and not taken back: redeemed / (issued - clawed back). Of months @from up to before @to; NAN: there is nothing to divide by */
double        oba_liability_redemption_rate (const ObaLiability *self, guint from, guint to);
/** What expired of all that went: expired / (expired + redeemed). */
double        oba_liability_breakage_rate   (const ObaLiability *self, guint from, guint to);

/** "0.85 qəpik", as numbers are written here. (transfer full) */
char         *oba_liability_format_value    (gint64 point_value);

/* Pictures: (transfer full) */
ObaChart     *oba_liability_chart_expiry    (const ObaLiability *self);    /* months of expiry, tiers one on the other */
ObaChart     *oba_liability_chart_tiers     (const ObaLiability *self);
ObaChart     *oba_liability_chart_ages      (const ObaLiability *self);
ObaChart     *oba_liability_chart_movements (const ObaLiability *self);
ObaChart     *oba_liability_chart_closing   (const ObaLiability *self);

/** All figures in one table: CSV, or a workbook for a name that ends in ".xlsx", or, for ".pdf", the report for finance. Errors: G_FILE_ERROR, G_IO_ERROR, OBA_ERROR. */
gboolean      oba_liability_write       (const ObaLiability *self, const char *path, GError **error);
gboolean      oba_liability_write_pdf   (const ObaLiability *self, const char *path, GError **error);

typedef enum
{
  OBA_LIABILITY_TEXT,
  OBA_LIABILITY_POINTS,
  OBA_LIABILITY_MONEY,
  OBA_LIABILITY_RATE,        /* 0 to 1, 4 decimals */
} ObaLiabilityColumnType;

typedef struct
{
  const char            *key;
  const char            *title;      /* N_() */
  ObaLiabilityColumnType type;
} ObaLiabilityColumn;

#define OBA_LIABILITY_N_COLUMNS 14
extern const ObaLiabilityColumn oba_liability_columns[OBA_LIABILITY_N_COLUMNS];

typedef gboolean (*ObaLiabilityRowFunc) (const char *const *values, gpointer user_data);

/** Each row of that table: values as plain text, NULL for none; @func returns FALSE to stop. Returns: whether it came to the end */
gboolean      oba_liability_foreach_row (const ObaLiability *self, ObaLiabilityRowFunc func, gpointer user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaLiability, oba_liability_free)

G_END_DECLS
