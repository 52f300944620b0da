#pragma once

#include "base/oba-catalogue.h"

G_BEGIN_DECLS

/**
 * What the bot says, as HTML for Telegram; everything that comes from outside is escaped. Each returns (transfer
 * full).
 */

/** What sharing one's number agrees to; kept with the consent, in English. */
#define OBA_TELEGRAM_CONSENT \
  "To become an OBA customer, or to see your points here, share your phone number with the button below. " \
  "You agree that OBA keeps it with your purchases and writes to you here."

typedef struct
{
  const char *given_name;
  const char *family_name;
  const char *tier;
  const char *next_tier;       /* (nullable): none is higher */
  gint64 spent;                /* qəpik in the twelve months that count for the tier */
  gint64 tier_from;            /* qəpik at which this tier began */
  gint64 next_from;            /* qəpik at which the next one begins */
  gint64 points;
  const GDate *expires_on;     /* (nullable) */
  gint64 expiring;
} ObaTelegramProfile;

char *oba_telegram_text_welcome      (ObaCatalogue *catalogue, const char *given_name);
char *oba_telegram_text_how_to_link  (ObaCatalogue *catalogue, gint64 chat_id);
char *oba_telegram_text_share_button (ObaCatalogue *catalogue);
char *oba_telegram_text_registered   (ObaCatalogue *catalogue, const char *given_name);
char *oba_telegram_text_not_own_number (ObaCatalogue *catalogue);
char *oba_telegram_text_not_a_number (ObaCatalogue *catalogue);
char *oba_telegram_text_help         (ObaCatalogue *catalogue);
char *oba_telegram_text_profile      (ObaCatalogue *catalogue, const ObaTelegramProfile *profile);
char *oba_telegram_text_blocked      (ObaCatalogue *catalogue);
char *oba_telegram_text_group        (ObaCatalogue *catalogue);
char *oba_telegram_text_not_understood (ObaCatalogue *catalogue);

G_END_DECLS
