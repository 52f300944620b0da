#pragma once

#include <json-glib/json-glib.h>

#include "db/oba-db-pool.h"

G_BEGIN_DECLS

/** ObaLiabilityRule: what points were valued at from a moment on. */
typedef struct
{
  int        version;
  gint64     point_value;   /* hundredths of a qəpik; 0: what a point pays at the till */
  int        breakage;      /* hundredths of a per cent */
  char      *reason;
  GDateTime *valid_from;    /* (nullable): from the beginning */
  char      *who;
} ObaLiabilityRule;

void       oba_liability_rule_free     (ObaLiabilityRule *self);

/** The last first. (transfer full) (element-type ObaLiabilityRule) */
void       oba_liability_rules_async   (ObaDbPool *pool, guint limit, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *oba_liability_rules_finish  (GAsyncResult *result, GError **error);

/** What "set_liability_rule" is asked; @version: the last one that was looked at. (transfer full) */
JsonNode  *oba_liability_rule_to_json  (gint64 point_value, int breakage, const char *reason, int version);

/** "0.85" of qəpik or per cent in hundredths, with a point or a comma; FALSE when it is none, or beyond @max. */
gboolean   oba_liability_parse_hundredths (const char *text, gint64 max, gint64 *hundredths);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaLiabilityRule, oba_liability_rule_free)

G_END_DECLS
