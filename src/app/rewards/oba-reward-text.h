#pragma once

#include "rewards/oba-reward.h"

G_BEGIN_DECLS

/** What the parts of a reward are called. Those with const return static texts, the others (transfer full). */
const char *oba_reward_text_kind     (const char *kind);
const char *oba_reward_text_state    (const char *state);
const char *oba_reward_text_field    (guint field);            /* as oba_reward_field_name() */
char       *oba_reward_text_value    (const ObaReward *reward, guint field);
char       *oba_reward_text_name     (const ObaReward *reward);   /* in the person's language, or Azerbaijani */
char       *oba_reward_text_stock    (const ObaReward *reward);
char       *oba_reward_text_validity (const ObaReward *reward);
char       *oba_reward_text_schedule (const ObaReward *reward);
char       *oba_reward_text_minute   (gint64 minute);          /* "09:30" */
/** "9:30", "09:30", "9", "24:00"; FALSE when it is none. "" gives -1. */
gboolean    oba_reward_text_parse_minute (const char *text, gint64 *minute);
/** The language that the person reads. */
ObaLanguage oba_reward_text_language (void);

G_END_DECLS
