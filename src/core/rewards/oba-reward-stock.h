#pragma once

#include "db/oba-db-pool.h"

G_BEGIN_DECLS

/** A reward's stock in a store. */
typedef struct
{
  gint64  store_id;
  char   *code;
  char   *name;
  char   *city;
  gint64  stock;         /* what can be promised */
  gint64  reserved;      /* redeemed and not handed out: they are there as well */
} ObaRewardPlace;

void       oba_reward_place_free        (ObaRewardPlace *self);
/** All stores that are open, by code. (transfer full) (element-type ObaRewardPlace) */
void       oba_reward_places_async      (ObaDbPool *pool, gint64 reward, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *oba_reward_places_finish     (GAsyncResult *result, GError **error);

/**
 * oba_reward_stock_parse:
 * @text: a line a store: its code and a number, with a comma, semicolon, tab or spaces between; a first line of headings is passed over
 * @places: (element-type ObaRewardPlace): the stores there are
 *
 * Returns: (transfer full) (element-type gint64): the number of each of @places, -1 for those that are not named; NULL and OBA_ERROR_INVALID_INPUT, with the line,
 * when a code is nobody's or named twice, or a number is none
 */
GArray    *oba_reward_stock_parse       (const char *text, GPtrArray *places, GError **error);

G_END_DECLS
