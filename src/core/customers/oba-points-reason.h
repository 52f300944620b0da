#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** Points that went into a lot or came out of it. */
typedef struct
{
  gint64     points;                      /* above 0: into the lot; below 0: out of it */
  GDate      last_day;                    /* on which points of this lot can be spent */
  GDateTime *from;                        /* when the lot was made */
  gint64     lot_points;                  /* the lot's size */
  gint64     remaining;                   /* what is left of it today */
} ObaPointsShare;

/** One input of a rule, as the rule was given it: "total" = "1250". */
typedef struct
{
  char *name;
  char *value;
} ObaPointsInput;

/** Why a points line is what it is. Texts are never NULL, times are where nothing is known. */
typedef struct
{
  char      *kind;                        /* "earn", ...: as of the event */
  gint64     points;
  GDateTime *at;
  char      *rule;                        /* its name; "" when no rule made it */
  char      *rule_kind;                   /* "base", "multiplier", "bonus", "cap" */
  gint64     rule_id;
  gint64     rule_version;
  gint64     qepik_per_point;             /* of a base rule; else 0 */
  gint64     valid_months;                /* of a base rule that has its own; else 0 */
  gint64     factor;                      /* of a multiplier, in thousandths; else 0 */
  GPtrArray *inputs;                      /* of ObaPointsInput */
  GPtrArray *shares;                      /* of ObaPointsShare, soonest expiry first */
  gint64     owed;                        /* of a clawback: what was not there any more and is paid by the next points, in all */
  char      *reason;
  char      *who;
  char      *through;
  gint64     balance;                     /* the person's, right after it */

  gint64     receipt_id;                  /* 0: none */
  char      *receipt_no;
  char      *receipt_kind;
  char      *receipt_store;
  gint64     receipt_total;
  GDateTime *receipt_at;
  gint64     redemption_id;               /* 0: none */
  char      *redemption_state;
  char      *reward;                      /* "": part of a bill */
  gint64     reverses_id;                 /* the points line this one takes back or gives back; 0: none */
  char      *reverses_kind;
  gint64     reverses_points;
  GDateTime *reverses_at;
} ObaPointsReason;

/** The name of a rule as people read it: one that every database begins with is translated, others are called as they were named. (transfer none) */
const char      *oba_points_rule_name    (const char *name);

/** Of the answer of why.sql. Returns: (transfer full) (nullable) */
ObaPointsReason *oba_points_reason_parse (const char *json);
void             oba_points_reason_free  (ObaPointsReason *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaPointsReason, oba_points_reason_free)

G_END_DECLS
