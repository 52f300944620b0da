#pragma once

#include <adwaita.h>

#include "oba-page.h"
#include "oba-reward-editor.h"
#include "oba-session.h"

G_BEGIN_DECLS

/**
 * ObaRewardsView: the catalogue of rewards: what each costs, what of it is left, what was redeemed; searched, filtered, opened by Enter or a double click.
 *
 * Signal "loaded": the list is there, or why not.
 */
#define OBA_TYPE_REWARDS_VIEW (oba_rewards_view_get_type ())
G_DECLARE_FINAL_TYPE (ObaRewardsView, oba_rewards_view, OBA, REWARDS_VIEW, AdwBin)

GtkWidget       *oba_rewards_view_new        (ObaSession *session);
/** Shows it on @subpages with its buttons. Returns: (transfer none) */
ObaRewardsView  *oba_rewards_view_push       (ObaSubpages *subpages, ObaSession *session);

/** For pictures, as oba_page_pose_also(): 1 the list, 2 the editor; NULL: no more, and @subpages are as before. */
const char      *oba_rewards_view_pose       (ObaPage *page, ObaSubpages *subpages, guint n);

void             oba_rewards_view_refresh    (ObaRewardsView *self);
void             oba_rewards_view_search     (ObaRewardsView *self, const char *text);
/** "": any; of states: not the retired ones, "all" */
void             oba_rewards_view_set_kind   (ObaRewardsView *self, const char *kind);
void             oba_rewards_view_set_state  (ObaRewardsView *self, const char *state);
/** Opens one; 0: a new one. (nullable): NULL when the view is on no subpages */
ObaRewardEditor *oba_rewards_view_open       (ObaRewardsView *self, gint64 id);

gboolean         oba_rewards_view_is_loaded  (ObaRewardsView *self);
/** "loading", "list", "empty", "nothing", "failed" */
const char      *oba_rewards_view_get_shown  (ObaRewardsView *self);
guint            oba_rewards_view_get_n_rows (ObaRewardsView *self);
/** What a cell says: "name", "kind", "cost", "stock", "redeemed", "state", "validity". (transfer full) (nullable) */
char            *oba_rewards_view_get_cell   (ObaRewardsView *self, guint row, const char *column);
/** Is the button for a new one there? */
gboolean         oba_rewards_view_may_add    (ObaRewardsView *self);

G_END_DECLS
