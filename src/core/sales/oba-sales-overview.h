#pragma once

#include "db/oba-db-pool.h"

G_BEGIN_DECLS

/** What the whole chain sold lately, read from the rollups only. Money in qəpik. */
typedef struct
{
  gint64 revenue;            /* sales less returns */
  gint64 receipts;           /* sales */
  double card_share;         /* 0-1 of the receipts; NAN when there are none */
  gint64 new_customers;
} ObaSalesFigures;

typedef struct
{
  guint           days;      /* 1: today */
  ObaSalesFigures now;
  ObaSalesFigures before;    /* as many days before, up to the same time of day */
} ObaSalesPeriod;

typedef struct
{
  gint64 id;                 /* of a store; 0 of a category */
  char  *name;
  gint64 revenue;
  gint64 count;              /* receipts of a store, lines of a category */
} ObaSalesTop;

typedef struct
{
  gboolean       any;            /* is there a sale at all? */
  GDateTime     *folded_at;      /* (nullable): what was posted until then is counted */
  GDate          today;          /* of the business */
  ObaSalesPeriod periods[3];     /* 1, 7 and 30 days */
  guint32        first_day;      /* Julian, of the arrays below */
  guint          n_days;
  double        *revenue;        /* NAN before the first sale */
  double        *receipts;
  double        *mean;           /* of the 7 whole days up to each; NAN where there are not as many */
  gboolean       complete;       /* FALSE: without new customers and the two lists below */
  GPtrArray     *stores;         /* of ObaSalesTop, the best of the last 7 days first */
  GPtrArray     *categories;
} ObaSalesOverview;

/** What to read: the figures that move with every receipt cost 2 ms, all of them some 50 ms with 1,600 stores. */
typedef enum
{
  OBA_SALES_LIVE,
  OBA_SALES_ALL,
} ObaSalesParts;

/** Money a receipt on average, 0 when there are none */
gint64            oba_sales_figures_get_basket (const ObaSalesFigures *self);

/** @language "az", "ru" or "en": of the categories' names. */
void              oba_sales_overview_load_async  (ObaDbPool           *pool,
                                                  ObaSalesParts        parts,
                                                  const char          *language,
                                                  GCancellable        *cancellable,
                                                  GAsyncReadyCallback  callback,
                                                  gpointer             user_data);
ObaSalesOverview *oba_sales_overview_load_finish (GAsyncResult *result, GError **error);
/** Fills what @self, read with OBA_SALES_LIVE, lacks from the complete @older. */
void              oba_sales_overview_complete    (ObaSalesOverview *self, const ObaSalesOverview *older);
void              oba_sales_overview_free        (ObaSalesOverview *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaSalesOverview, oba_sales_overview_free)

G_END_DECLS
