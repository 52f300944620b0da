#include "oba-telegram-topics.h"

const ObaTelegramTopic *const oba_telegram_topics[] = {
  &oba_telegram_topic_start,
  &oba_telegram_topic_profile,
  &oba_telegram_topic_wishes,
  &oba_telegram_topic_purchases,
  &oba_telegram_topic_rewards,
  &oba_telegram_topic_code,
  &oba_telegram_topic_scan,
  &oba_telegram_topic_export,
  &oba_telegram_topic_forget,
  &oba_telegram_topic_help,
  NULL,
};
