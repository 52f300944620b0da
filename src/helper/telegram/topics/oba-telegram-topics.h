#pragma once

#include "telegram/oba-telegram-talk.h"

G_BEGIN_DECLS

/* What the bot can talk about, in the order in which a message is offered to them. */

extern const ObaTelegramTopic oba_telegram_topic_start;      /* becoming a customer, or being known again */
extern const ObaTelegramTopic oba_telegram_topic_profile;
extern const ObaTelegramTopic oba_telegram_topic_wishes;     /* of the profile: the store, what one likes, consents */
extern const ObaTelegramTopic oba_telegram_topic_purchases;
extern const ObaTelegramTopic oba_telegram_topic_rewards;
extern const ObaTelegramTopic oba_telegram_topic_code;       /* paying with points */
extern const ObaTelegramTopic oba_telegram_topic_scan;       /* what a picture or a code is */
extern const ObaTelegramTopic oba_telegram_topic_export;     /* everything that is stored about one */
extern const ObaTelegramTopic oba_telegram_topic_forget;     /* being erased */
extern const ObaTelegramTopic oba_telegram_topic_help;

/** The command for what somebody has said in words. Returns: (nullable): "/profile" */
const char *oba_telegram_help_find (const char *said);

extern const ObaTelegramTopic *const oba_telegram_topics[];   /* null-ended */

G_END_DECLS
