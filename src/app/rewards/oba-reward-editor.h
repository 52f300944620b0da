#pragma once

#include "oba-reward-form.h"
#include "oba-reward-preview.h"
#include "oba-session.h"
#include "widgets/oba-subpages.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * ObaRewardEditor: a reward to be written, beside what it looks like in Telegram. What somebody else has changed meanwhile is taken in; where both have changed the same,
 * both are shown, and nothing that was typed is lost.
 *
 * Signal "settled": nothing is being read or saved.
 */
#define OBA_TYPE_REWARD_EDITOR (oba_reward_editor_get_type ())
G_DECLARE_FINAL_TYPE (ObaRewardEditor, oba_reward_editor, OBA, REWARD_EDITOR, AdwBin)

/** @id: 0: a new one; @like: with an @id of 0, whose fields and picture it begins with; 0: none. Returns: (transfer none) */
ObaRewardEditor  *oba_reward_editor_push         (ObaSubpages *subpages, ObaSession *session, gint64 id, gint64 like);

ObaRewardForm    *oba_reward_editor_get_form     (ObaRewardEditor *self);
ObaRewardPreview *oba_reward_editor_get_preview  (ObaRewardEditor *self);
void              oba_reward_editor_save         (ObaRewardEditor *self, gboolean live);
/** As if chosen. */
void              oba_reward_editor_set_file     (ObaRewardEditor *self, GFile *file);
/** Of what both have changed: what was typed here, or what the other one wrote. */
void              oba_reward_editor_settle       (ObaRewardEditor *self, gboolean mine);

gint64            oba_reward_editor_get_id       (ObaRewardEditor *self);
gboolean          oba_reward_editor_is_settled   (ObaRewardEditor *self);
gboolean          oba_reward_editor_is_dirty     (ObaRewardEditor *self);
const char       *oba_reward_editor_get_problem  (ObaRewardEditor *self);     /* "" for none */
/** What both have changed, in words; "" for nothing. */
const char       *oba_reward_editor_get_conflict (ObaRewardEditor *self);
/** "save", "live", "stock", "copy", "retire": (nullable): NULL when it is not offered. */
GtkWidget        *oba_reward_editor_get_button   (ObaRewardEditor *self, const char *name);

G_END_DECLS
