#pragma once

#include "sales/oba-correction.h"

G_BEGIN_DECLS

/** Why points are adjusted, NULL-terminated, as oba.adjustment_reasons () has them; and how people call one: NULL for none of them. "other" needs words. */
const char *const *oba_adjustment_reason_codes (void);
const char        *oba_adjustment_reason_title (const char *code);

/** What is asked of "adjust_points": @points up (> 0) or down (< 0). @text: (nullable). (transfer full) */
JsonNode *oba_adjustment_request      (gint64 customer_id, gint64 points, const char *code, const char *text);
/** The same to take back @adjustment_id. (transfer full) */
JsonNode *oba_adjustment_undo_request (gint64 adjustment_id);

/** What the request would do; nothing is changed. Fails with OBA_DB_ERROR_RULE where it would be refused. */
void                  oba_adjustment_preview_async  (ObaDbPool *pool, JsonNode *request, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
ObaCorrectionPreview *oba_adjustment_preview_finish (GAsyncResult *result, GError **error);

/** ObaAdjustment: one that was made. Texts are never NULL. */
typedef struct
{
  gint64     id;
  gint64     points;
  char      *reason_code;
  char      *reason;
  GDateTime *at;
  char      *who;
  char      *agreed;      /* who approved it; "": nobody had to */
  gboolean   undone;
} ObaAdjustment;

void       oba_adjustment_free         (ObaAdjustment *self);
/** Those of a customer, the last first. (transfer full) (element-type ObaAdjustment) */
void       oba_adjustments_read_async  (ObaDbPool *pool, gint64 customer_id, guint limit, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *oba_adjustments_read_finish (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaAdjustment, oba_adjustment_free)

G_END_DECLS
