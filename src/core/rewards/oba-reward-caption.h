#pragma once

#include "oba-reward.h"

G_BEGIN_DECLS

/** In which language the texts are that a customer of @language reads: theirs, or Azerbaijani where the reward has no name in theirs. */
ObaLanguage oba_reward_caption_language (const ObaReward *reward, ObaLanguage language);

/**
 * oba_reward_caption:
 * @language: the customer's
 * @units: (out) (optional): how long it would be, in units of UTF-16 as Telegram counts
 *
 * What stands under the picture in Telegram: the name, the description, the cost and its last day. Telegram takes it whatever was typed: a description that it would refuse is
 * shown as plain text, and one that is too long (@units over OBA_REWARD_CAPTION_UNITS) is cut.
 * Returns: (transfer full): HTML
 */
char       *oba_reward_caption          (const ObaReward *reward, ObaLanguage language, gsize *units);

G_END_DECLS
