#pragma once

#include "base/oba-catalogue.h"

G_BEGIN_DECLS

/**
 * What the bot says, as HTML for Telegram; everything that comes from outside is escaped. Each returns (transfer
 * full).
 */

typedef struct
{
  const char *given_name;
  const char *family_name;
  const char *tier;
  const char *next_tier;       /* (nullable): none is higher */
  gint64 spent;                /* of the twelve months that count for the tier: qəpik, or points where those count */
  gint64 tier_from;            /* of the same, at which this tier began */
  gint64 next_from;            /* at which the next one begins */
  gint64 points;
  const GDate *expires_on;     /* (nullable) */
  gint64 expiring;
  gboolean by_points;
  gint64 number;               /* the customer's */
} ObaTelegramProfile;

char *oba_telegram_text_welcome      (ObaCatalogue *catalogue, const char *given_name);
/** @support: whom the house wants to be asked; "" for the staff of a store */
char *oba_telegram_text_help         (ObaCatalogue *catalogue, const char *support);
char *oba_telegram_text_profile      (ObaCatalogue *catalogue, const ObaTelegramProfile *profile);
char *oba_telegram_text_blocked      (ObaCatalogue *catalogue);
char *oba_telegram_text_group        (ObaCatalogue *catalogue);
/** @command: (nullable): what they may have meant */
char *oba_telegram_text_not_understood (ObaCatalogue *catalogue, const char *command);

G_END_DECLS
