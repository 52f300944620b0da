#pragma once

#include <gtk/gtk.h>

#include "rewards/oba-reward.h"

G_BEGIN_DECLS

/** ObaRewardPreview: a reward as it appears in Telegram, in one language: the picture, the text under it, how long that is, and what stands in the way. */
#define OBA_TYPE_REWARD_PREVIEW (oba_reward_preview_get_type ())
G_DECLARE_FINAL_TYPE (ObaRewardPreview, oba_reward_preview, OBA, REWARD_PREVIEW, GtkBox)

GtkWidget  *oba_reward_preview_new         (void);
void        oba_reward_preview_set_reward  (ObaRewardPreview *self, const ObaReward *reward, ObaLanguage language);
/** (nullable) */
void        oba_reward_preview_set_picture (ObaRewardPreview *self, GBytes *picture);

/* What it says: the text under the picture without tags, the note on its language (""), and how long it is. */
const char *oba_reward_preview_get_text    (ObaRewardPreview *self);
const char *oba_reward_preview_get_note    (ObaRewardPreview *self);
const char *oba_reward_preview_get_length  (ObaRewardPreview *self);

G_END_DECLS
