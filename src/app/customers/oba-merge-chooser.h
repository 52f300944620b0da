#pragma once

#include "oba-profile-view.h"

G_BEGIN_DECLS

/**
 * ObaMergeChooser: with whom a customer is merged: the likely ones, those who were merged into it already, and whoever is searched for, each laid side by side.
 * Opened by profile.merge-with; profile.merge-back takes back the merge of a customer who was merged.
 */
#define OBA_TYPE_MERGE_CHOOSER (oba_merge_chooser_get_type ())
G_DECLARE_FINAL_TYPE (ObaMergeChooser, oba_merge_chooser, OBA, MERGE_CHOOSER, AdwWindow)

/** The actions of ObaProfileView. */
void             oba_merge_chooser_install    (GtkWidgetClass *view_class);
/** Which of them this profile allows, to this person. */
void             oba_merge_chooser_allow      (ObaProfileView *view);

/* For tests. */
void             oba_merge_chooser_search     (ObaMergeChooser *self, const char *text);      /* as if typed */
gboolean         oba_merge_chooser_is_settled (ObaMergeChooser *self);

G_END_DECLS
