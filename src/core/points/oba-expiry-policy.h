#pragma once

#include <json-glib/json-glib.h>

#include "db/oba-db-pool.h"

G_BEGIN_DECLS

#define OBA_EXPIRY_MAX_MONTHS  120
#define OBA_EXPIRY_MAX_MINIMUM 10000000

/** ObaExpiryPolicy: how long points are good, from a day on. */
typedef struct
{
  int        version;
  gboolean   by_purchase;    /* from the last purchase; else from earning */
  int        months;
  gboolean   whole_months;   /* to the end of the month; else to the day */
  gint64     warn_minimum;   /* nobody is warned of less */
  GDate      valid_from;     /* not valid: always */
  char      *who;
  GDateTime *at;
  gboolean   holds;          /* today */
} ObaExpiryPolicy;

void       oba_expiry_policy_free      (ObaExpiryPolicy *self);
/** Every version, the last first. (transfer full) (element-type ObaExpiryPolicy) */
void       oba_expiry_policies_async   (ObaDbPool *pool, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *oba_expiry_policies_finish  (GAsyncResult *result, GError **error);

/** What "set_expiry_policy" is asked; "version" is the one that was looked at. (transfer full) */
JsonNode  *oba_expiry_policy_to_json   (const ObaExpiryPolicy *self);

/** Points that are lost in a month. */
typedef struct
{
  GDate  month;
  gint64 now;
  gint64 then;
} ObaExpiryMonth;

/** ObaExpiryForecast: what is there now, by the month in which it is lost: as it is, and as if a policy had held when it was given. */
typedef struct
{
  GArray *months;   /* of ObaExpiryMonth */
  gint64  points;   /* all */
  gint64  gone;     /* of them, what would be lost already */
} ObaExpiryForecast;

void               oba_expiry_forecast_free   (ObaExpiryForecast *self);
/** Reads every lot that is not empty: it may take seconds. */
void               oba_expiry_forecast_async  (ObaDbPool *pool, const ObaExpiryPolicy *policy, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
ObaExpiryForecast *oba_expiry_forecast_finish (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaExpiryForecast, oba_expiry_forecast_free)

G_END_DECLS
