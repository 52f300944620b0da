#pragma once

#include <gtk/gtk.h>

#include "customers/oba-customer-choices.h"
#include "rewards/oba-reward.h"

G_BEGIN_DECLS

/**
 * ObaRewardForm: the fields of a reward to type into. What is not possible is said beside its field.
 *
 * Signals: "changed": something was typed or chosen, or another language is looked at.
 */
#define OBA_TYPE_REWARD_FORM (oba_reward_form_get_type ())
G_DECLARE_FINAL_TYPE (ObaRewardForm, oba_reward_form, OBA, REWARD_FORM, GtkBox)

GtkWidget  *oba_reward_form_new          (void);
/** What can be chosen of tiers and segments; before it is set, these fields keep what they had. */
void        oba_reward_form_set_choices  (ObaRewardForm *self, ObaCustomerChoices *choices);
/** @texts, @terms: whether texts, and what costs points or money, may be changed */
void        oba_reward_form_set_rights   (ObaRewardForm *self, gboolean texts, gboolean terms);
void        oba_reward_form_set_reward   (ObaRewardForm *self, const ObaReward *reward);
/** @reward gets what was typed; what cannot be read stays as it is there. Returns: FALSE when something is wrong: it is said in the form */
gboolean    oba_reward_form_read         (ObaRewardForm *self, ObaReward *reward);

ObaLanguage oba_reward_form_get_language (ObaRewardForm *self);      /* that is looked at */
void        oba_reward_form_set_language (ObaRewardForm *self, ObaLanguage language);
/** Where the picture is chosen. (transfer none) */
GtkBox     *oba_reward_form_get_pictures (ObaRewardForm *self);
/** The control of a field, as oba_reward_field_name() calls it; for descriptions a GtkTextView, for weekdays a GtkBox of toggles. (nullable) */
GtkWidget  *oba_reward_form_get_control  (ObaRewardForm *self, const char *name);
/** The sentence beside a field. (nullable) */
const char *oba_reward_form_get_problem  (ObaRewardForm *self, const char *name);

G_END_DECLS
