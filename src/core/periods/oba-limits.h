#pragma once

#include <json-glib/json-glib.h>

#include "db/oba-db-pool.h"

G_BEGIN_DECLS

/** ObaLimits: up to where one person may correct a receipt or adjust points alone; what is more waits for a second one. */
typedef struct
{
  gint64   amount;         /* qəpik */
  gint64   points;
  int      age_days;       /* of the receipt */
  gboolean own_receipts;   /* what one has entered oneself needs a second person */
  gint64   adjust_points;  /* that one person gives to or takes from one customer within a day */
  int      version;
} ObaLimits;

/** The latest age that can be chosen. */
#define OBA_LIMITS_MAX_DAYS 36600

/** (transfer full): g_free() */
void       oba_limits_read_async      (ObaDbPool *pool, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
ObaLimits *oba_limits_read_finish     (GAsyncResult *result, GError **error);

/** What "set_correction_limits" is asked. (transfer full) */
JsonNode  *oba_limits_to_json         (const ObaLimits *limits);
/** Its answer. */
void       oba_limits_from_json       (ObaLimits *limits, JsonObject *object);

/** One change; where the two are equal, that limit was left as it was. The versions are 0. */
typedef struct
{
  GDateTime *at;
  char      *who;
  ObaLimits  before;
  ObaLimits  after;
} ObaLimitsChange;

void       oba_limits_change_free     (ObaLimitsChange *self);
/** The last first; for those who read the audit trail. (transfer full) (element-type ObaLimitsChange) */
void       oba_limits_history_async   (ObaDbPool *pool, guint limit, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *oba_limits_history_finish  (GAsyncResult *result, GError **error);

G_END_DECLS
