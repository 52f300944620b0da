#pragma once

#include <json-glib/json-glib.h>

#include "db/oba-db-pool.h"

G_BEGIN_DECLS

/** ObaSpendingRules: how bills are paid with points from a moment on. */
typedef struct
{
  int        version;
  gint64     point_value;    /* qəpik that a point pays, 1 to 10,000 */
  gint64     daily_points;   /* that a person can spend in a day, up to 10,000,000; 0: any */
  gboolean   earns;          /* the part that is paid with points earns, too */
  int        code_seconds;   /* how long a spend code is good, 60 to 120 */
  int        wrong_codes;    /* after so many, codes do not spend, 1 to 20 */
  int        lock_minutes;   /* for so long, 1 to 1,440 */
  GDateTime *valid_from;     /* (nullable): from the beginning; in what is asked for: from now on */
  GDateTime *created_at;     /* (nullable) */
  char      *who;
  gboolean   holds;          /* now */
  gboolean   coming;         /* later */
  gint64     held;           /* points that customers have */
} ObaSpendingRules;

void       oba_spending_rules_free       (ObaSpendingRules *self);
/** Of a row of spending/rules.sql. (transfer full) */
ObaSpendingRules *oba_spending_rules_from_row (ObaDbResult *rows, guint row);

/** The versions, the last first. (transfer full) (element-type ObaSpendingRules) */
void       oba_spending_rules_async      (ObaDbPool *pool, guint limit, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *oba_spending_rules_finish     (GAsyncResult *result, GError **error);

/** What "set_spending_rules" is asked; its version: the last one that was looked at. (transfer full) */
JsonNode  *oba_spending_rules_to_json    (const ObaSpendingRules *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaSpendingRules, oba_spending_rules_free)

G_END_DECLS
