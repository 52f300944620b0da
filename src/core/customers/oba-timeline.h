#pragma once

#include "db/oba-db-pool.h"
#include "oba-points-reason.h"

G_BEGIN_DECLS

/**
 * The one timeline of a person: everything that happened to them, and to those merged into them, newest first.
 *
 * Events of one moment are ordered by kind, then by id, so that a page never repeats or leaves out what another page showed, also while new
 * events come in. What a login may not see is left out by the database: marketing sees purchases, points, redemptions, tiers, lifecycle and
 * registration; clerks see which fields a colleague changed, but not the values: those are for whoever reads the audit trail.
 */

/** In the order of one moment: a receipt, then the points it gave, then the tier these reached. */
typedef enum
{
  OBA_TIMELINE_REGISTRATION = 1 << 0,
  OBA_TIMELINE_CONSENT = 1 << 1,
  OBA_TIMELINE_CARD = 1 << 2,
  OBA_TIMELINE_LIFECYCLE = 1 << 3,
  OBA_TIMELINE_RECEIPT = 1 << 4,
  OBA_TIMELINE_POINTS = 1 << 5,
  OBA_TIMELINE_REDEMPTION = 1 << 6,
  OBA_TIMELINE_TIER = 1 << 7,
  OBA_TIMELINE_MESSAGE = 1 << 8,
  OBA_TIMELINE_ACTION = 1 << 9,           /* of staff, from the audit trail, but for what is one of the kinds above */
  OBA_TIMELINE_ALL = (1 << 10) - 1,
} ObaTimelineKinds;

/** One changed field of an action. Values are "" where there was none, or where they may not be seen: see ObaTimelineFacts.values_shown. */
typedef struct
{
  char *field;                            /* "city", "phone", ... */
  char *before;
  char *after;
} ObaTimelineChange;

/**
 * What is known of an event. Texts are never NULL; "" where there is nothing to tell. Names of rewards and tiers are in the language of the
 * interface. @what says, by kind:
 *   registration  "staff", "telegram", "import", "till", "demo", "system": through which it came
 *   consent       the channel: "telegram", "sms", "email", "phone", "profiling"; @granted tells which way
 *   card          "issued"
 *   lifecycle     the state reached: "new", "active", "lapsing", "lost", "won_back"; @before: the state before
 *   receipt       "sale", "return", "void", "correction"
 *   points        "earn", "bonus", "redeem", "clawback", "restore", "expire", "adjust", "transfer"
 *   redemption    the step: "requested", "approved", "handed_out", "rejected", "cancelled", "expired"; @before: the step before
 *   tier          "spend", "downgrade", "override", "merge"; @name: the tier reached, @before: the tier before
 *   message       the kind of an outgoing message ("receipt", "tier", "reply", ...), "command" for what the customer sent
 *   action        as in the audit trail: "customer.update", "spending.lock", ...
 */
typedef struct
{
  ObaTimelineKinds kind;                  /* exactly one */
  gint64           id;                    /* within its kind */
  GDateTime       *at;
  char            *what;
  char            *before;
  char            *name;                  /* the receipt's number, the rule's, reward's or tier's name, the card's number, the bot's command */
  gint64           amount;                /* qəpik: of a receipt; of a tier: what was spent in the twelve months */
  gint64           points;                /* of a points line; of a receipt: what it gave or took in all; of a redemption: its price */
  gboolean         granted;               /* of a consent */
  char            *store;
  char            *who;                   /* the login; "" when the customer or a job did it */
  char            *through;               /* "till", "staff", "telegram", "import", "demo", "job", "sms", ... */
  char            *state;                 /* of a message: "queued", "sending", "sent", "failed", "blocked", "unknown" */
  char            *reason;
  gint64           customer_id;           /* whose it is: the person, or somebody merged into them */
  gint64           receipt_id;            /* of a receipt, and of points that came with one; 0: none */
  gint64           redemption_id;         /* of a redemption, and of points spent or given back; 0: none */
  gint64           rule_id;               /* of points; 0: no rule */
  gint64           rule_version;
  gint64           days;                  /* of a lifecycle change: how many days the person had been away; -1: the first visit */
  gint64           usual_days;            /* of a lifecycle change: the usual gap then, in days; 0: no rhythm yet */
  gboolean         values_shown;          /* of an action: @changes have their values */
  GPtrArray       *changes;               /* of ObaTimelineChange: of an action; empty for the others */
} ObaTimelineFacts;

#define OBA_TYPE_TIMELINE_EVENT (oba_timeline_event_get_type ())
G_DECLARE_FINAL_TYPE (ObaTimelineEvent, oba_timeline_event, OBA, TIMELINE_EVENT, GObject)

/** (transfer none): lives as long as the event. */
const ObaTimelineFacts *oba_timeline_event_get_facts (ObaTimelineEvent *self);

/**
 * The next @n events (1 to 500) of @kinds before @after, NULL for the newest; fewer than @n when there are no more.
 * Retried when the connection is lost. Returns: (transfer full) (element-type ObaTimelineEvent)
 */
void       oba_timeline_read_async  (ObaDbPool *pool, gint64 customer, ObaTimelineKinds kinds, ObaTimelineEvent *after, guint n,
                                     GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *oba_timeline_read_finish (GAsyncResult *result, GError **error);

/** Why points are what they are. Fails with OBA_ERROR_INVALID_INPUT when @event is not of points, OBA_ERROR_NOT_FOUND when it is not there. Returns: (transfer full) */
void             oba_timeline_why_async     (ObaDbPool *pool, ObaTimelineEvent *event, GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
ObaPointsReason *oba_timeline_why_finish    (GAsyncResult *result, GError **error);

G_END_DECLS
