#pragma once

#include "db/oba-db-result.h"

G_BEGIN_DECLS

/** Strings are never NULL. Moments are seconds since 1970, 0 for none. */
typedef struct
{
  gint64      id;
  gint64      customer_id;
  char       *name;            /* "" for those who may not see it */
  gint64      reward_id;       /* 0: points alone */
  char       *reward_names[3]; /* az, ru, en; "" without */
  const char *kind;            /* interned: "voucher", "discount", "gift", "service"; "" without a reward */
  gint64      quantity;
  gint64      points;
  const char *state;           /* interned: "requested", "approved", "handed_out", "rejected", "cancelled", "expired" */
  gint64      since;
  gint64      requested_at;
  char       *requested_by;    /* login; "": the bot or a till */
  const char *through;         /* interned: "staff", "telegram", "till" */
  gint64      store_id;
  char       *store;
  gint64      expires_at;
  gint64      due_at;          /* by then it is to be decided; 0: it is */
  gboolean    overdue;         /* waits longer than it should */
  gboolean    needs_me;        /* waits for whoever asks */
  const char *proof;           /* interned: "bot", "code", "supervisor"; "": none yet */
  char       *last_by;         /* who made the last step */
  const char *last_through;    /* interned */
  const char *can_undo;        /* interned: the state to which the last step can be taken back; "" */
} ObaRedemptionFacts;

/** ObaRedemption: one row of the queue, as it was read. */
#define OBA_TYPE_REDEMPTION (oba_redemption_get_type ())
G_DECLARE_FINAL_TYPE (ObaRedemption, oba_redemption, OBA, REDEMPTION, GObject)

ObaRedemption            *oba_redemption_new_from_result (ObaDbResult *result, guint row);   /* of rows.sql */
const ObaRedemptionFacts *oba_redemption_get             (ObaRedemption *self);
/** What the reward is called in the language of whoever reads, or in Azerbaijani. */
const char               *oba_redemption_get_reward      (ObaRedemption *self);
/** Of az, ru, en names in the language "az", "ru", "en"; NULL: of whoever reads. The Azerbaijani one where there is no other. */
const char               *oba_redemption_choose_name     (const char *const names[3], const char *language);

/** In words of whoever reads; they live for ever. */
const char               *oba_redemption_state_text      (const char *state);
const char               *oba_redemption_through_text    (const char *through);

G_END_DECLS
