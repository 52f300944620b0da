#pragma once

#include <json-glib/json-glib.h>

#include "base/oba-catalogue.h"
#include "db/oba-db-pool.h"

G_BEGIN_DECLS

/** ObaReward: what is given for points. Texts are never NULL; 0 stands for "no limit" and "none" except where another number is named. */
typedef struct
{
  gint64   id;                        /* 0: not saved yet */
  gint64   version;
  char    *code;
  char    *kind;                      /* "voucher", "discount", "gift", "service" */
  char    *state;                     /* "draft", "live", "retired" */
  char    *names[OBA_N_LANGUAGES];
  char    *descriptions[OBA_N_LANGUAGES];   /* HTML as Telegram has it, see oba_reward_markup_parse() */
  gint64   cost;                      /* points */
  gint64   value;                     /* qəpik; -1: none */
  gboolean stock_by_store;
  gboolean needs_approval;
  gint64   min_tier;
  gint64   segment_id;
  gint64   per_customer;
  gint64   per_day;
  gint64   per_month;
  guint    weekdays;                  /* a bit a day, 1 << 0 Monday; 0: any */
  gint64   from_minute;               /* of the day; -1: any time. From 22:00 to 02:00 belongs to the day it begins on. */
  gint64   to_minute;
  guint32  valid_from;                /* Julian day, as g_date_get_julian(); 0: any */
  guint32  valid_to;
  gint64   voucher_days;

  /* Read only. */
  char    *segment;
  gint64   stock;                     /* what can be promised, in all; -1: unlimited */
  gint64   places;                    /* stores that have some */
  gint64   redeemed;                  /* pieces, those still open too */
  gint64   open;
  gboolean has_picture;
  GBytes  *thumbnail;                 /* (nullable): JPEG or PNG */
  gint64   updated_at;                /* seconds */
  char    *updated_by;
} ObaReward;

ObaReward *oba_reward_new             (void);
ObaReward *oba_reward_copy            (const ObaReward *self);
void       oba_reward_free            (ObaReward *self);
/** From what the database tells; what is missing stays as it is in a new one. */
ObaReward *oba_reward_from_json       (JsonObject *object);
/** The fields that can be saved, and id and version where there are. (transfer full) */
JsonNode  *oba_reward_to_json         (const ObaReward *self);
/** A bit for each field in which the two differ, of those that can be saved; see oba_reward_field_name(). */
guint32    oba_reward_compare         (const ObaReward *self, const ObaReward *other);
/** The name of a field in the request: "cost"; NULL behind the last one. */
const char *oba_reward_field_name     (guint field);
/** Puts a copy of @text in the place of a text. */
void       oba_reward_take_text       (char **place, const char *text);
/** Takes a field over from @other. */
void       oba_reward_take_field      (ObaReward *self, const ObaReward *other, guint field);

/** Those in whose code or names @search occurs; @kind, @state: "" for all (of states: those that are not retired), "all". (transfer full) (element-type ObaReward) */
void       oba_rewards_list_async     (ObaDbPool *pool, const char *search, const char *kind, const char *state, GCancellable *cancellable, GAsyncReadyCallback callback,
                                       gpointer user_data);
GPtrArray *oba_rewards_list_finish    (GAsyncResult *result, GError **error);
/** One of them. Errors: OBA_ERROR_NOT_FOUND. */
void       oba_reward_read_async      (ObaDbPool *pool, gint64 id, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
ObaReward *oba_reward_read_finish     (GAsyncResult *result, GError **error);
/** Its picture. Returns: (transfer full) (nullable): NULL without an error: it has none */
void       oba_reward_picture_async   (ObaDbPool *pool, gint64 id, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GBytes    *oba_reward_picture_finish  (GAsyncResult *result, GError **error);
/** What of it is redeemed and not handed out: pairs of customer and redemption. (transfer full) (element-type gint64) */
void       oba_reward_open_async      (ObaDbPool *pool, gint64 id, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GArray    *oba_reward_open_finish     (GAsyncResult *result, GError **error);

/** A reward as it is on offer for one customer, in one language. */
typedef struct
{
  gint64    id;
  char     *code;
  char     *kind;
  char     *name;
  char     *description;              /* HTML, as it was typed */
  ObaLanguage language;               /* of the texts */
  gint64    cost;
  gint64    value;                    /* qəpik; -1: none */
  gboolean  has_picture;
  gint64    stock;                    /* -1: unlimited */
  gboolean  needs_approval;
  char     *block;                    /* "": can be had; else "points", "tier", "segment", "limit", "dates", "schedule", "stock", "locked" */
  gint64    missing;                  /* points that are short, for "points" */
  guint32   valid_to;                 /* Julian day; 0: any */
  char     *tier;                     /* from which on; "": any */
} ObaRewardOffer;

void       oba_reward_offer_free      (ObaRewardOffer *self);
/**
 * oba_reward_offers_async: what is live, for one customer: first what they can have, the cheapest first, then what they lack points for, then the rest.
 * @store: whose stock counts; 0: any
 * Returns: (transfer full) (element-type ObaRewardOffer)
 */
void       oba_reward_offers_async    (ObaDbPool *pool, gint64 customer, ObaLanguage language, gint64 store, GCancellable *cancellable, GAsyncReadyCallback callback,
                                       gpointer user_data);
GPtrArray *oba_reward_offers_finish   (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaReward, oba_reward_free)

G_END_DECLS
