#pragma once

#include "customers/oba-erasure.h"
#include "customers/oba-merge.h"
#include "sales/oba-correction.h"

G_BEGIN_DECLS

/** ObaApprovalReceipt: the receipt that a correction is about. */
typedef struct
{
  ObaReceiptKey key;        /* receipt_id 0: it is on paper only, or gone */
  char         *store;
  int           till;
  char         *number;
  gint64        at;         /* microseconds since 1970 */
  gint64        total;      /* qəpik */
} ObaApprovalReceipt;

/** ObaApproval: what one person asked for and another one decides. Texts are never NULL. */
typedef struct
{
  gint64                id;
  char                 *kind;             /* "merge", "unmerge", "adjust", "undo_adjust"; of a correction what it does: "return", "void", "change", "move", "missed", "undo" */
  char                 *state;            /* "requested", "approved", "rejected", "withdrawn", "stale" */
  GDateTime            *requested_at;
  char                 *requested_by;     /* the display name */
  char                 *reason;           /* in their own words */
  gboolean              is_mine;
  gboolean              is_renewed;       /* the figures had changed when somebody approved: the preview is the new one */
  char                 *seen;             /* names this preview, for oba_approval_decide_request() */
  GDateTime            *decided_at;       /* (nullable) */
  char                 *decided_by;
  char                 *decision_reason;

  /* Of a merge, or of taking one back. */
  ObaMergePerson       *source;           /* (nullable) */
  ObaMergePerson       *survivor;         /* (nullable) */
  ObaMergePreview      *merge;            /* (nullable) */

  /* Of an erasure that the customer has asked for. */
  ObaErasure           *erasure;          /* (nullable) */
  char                 *person;           /* (nullable): their name */

  /* Of a correction. */
  char                 *reason_code;      /* "" for none */
  ObaApprovalReceipt   *receipt;          /* (nullable) */
  ObaCorrectionPreview *correction;       /* (nullable) */
} ObaApproval;

void       oba_approval_free (ObaApproval *self);

/** What is asked of "decide_approval". @reason: (nullable): needed to reject. (transfer full) */
JsonNode  *oba_approval_decide_request   (gint64 id, gboolean approve, const char *seen, const char *reason);
/** What is asked of "withdraw_approval". (transfer full) */
JsonNode  *oba_approval_withdraw_request (gint64 id);

typedef enum
{
  OBA_APPROVALS_EVERYTHING,
  OBA_APPROVALS_CORRECTIONS,
  OBA_APPROVALS_MERGES,
} ObaApprovalsKind;

/** Which requests are meant; zeroed, all of them. */
typedef struct
{
  ObaApprovalsKind  kind;
  const char       *asker;      /* a login; NULL: whoever asked */
  gint64            store_id;   /* 0: any */
} ObaApprovalsFilter;

/** Requests that wait (@open), the oldest first; or those that were decided, the last first. (transfer full) (element-type ObaApproval) */
void       oba_approvals_read_async   (ObaDbPool *pool, gboolean open, const ObaApprovalsFilter *filter, guint limit, GCancellable *cancellable,
                                       GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *oba_approvals_read_finish  (GAsyncResult *result, GError **error);

/** ObaApprovalsCount: how many requests wait. */
typedef struct
{
  gint64     n;
  gint64     n_corrections;     /* of them, those that others asked for */
  gint64     n_merges;          /* the same */
  gint64     n_mine;
  GDateTime *oldest;            /* (nullable) */
} ObaApprovalsCount;

void               oba_approvals_count_free   (ObaApprovalsCount *self);
void               oba_approvals_count_async  (ObaDbPool *pool, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
ObaApprovalsCount *oba_approvals_count_finish (GAsyncResult *result, GError **error);

/** Somebody who asked for something that waits, or lately. */
typedef struct
{
  char *login;
  char *name;
} ObaApprovalsAsker;

void       oba_approvals_asker_free    (ObaApprovalsAsker *self);
/** By name. (transfer full) (element-type ObaApprovalsAsker) */
void       oba_approvals_askers_async  (ObaDbPool *pool, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *oba_approvals_askers_finish (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaApproval, oba_approval_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaApprovalsCount, oba_approvals_count_free)

G_END_DECLS
