#pragma once

#include <json-glib/json-glib.h>

#include "oba-replay-window.h"
#include "oba-rule-example.h"
#include "oba-rule-form.h"
#include "oba-session.h"
#include "widgets/oba-subpages.h"

G_BEGIN_DECLS

/**
 * ObaRuleEditor: one version of a rule of earning: its terms, what it gives beside the others for an example, its versions and what became of each; testing it, putting it live, retiring it,
 * another version of it, running it over past receipts. What was typed stays when the connection is lost or a colleague was faster.
 */
#define OBA_TYPE_RULE_EDITOR (oba_rule_editor_get_type ())
G_DECLARE_FINAL_TYPE (ObaRuleEditor, oba_rule_editor, OBA, RULE_EDITOR, AdwBin)

/** @read: as oba_rules_read_async() has it, @rule: a version of it, or what oba_rule_editor_make_rule() made. (transfer none) */
ObaRuleEditor   *oba_rule_editor_push         (ObaSubpages *subpages, ObaSession *session, JsonObject *read, JsonObject *rule);
/** One that is not written yet. (transfer full) */
JsonObject      *oba_rule_editor_make_rule    (const char *kind);

/* As the buttons do; also for tests. */
void             oba_rule_editor_save         (ObaRuleEditor *self);
ObaReplayWindow *oba_rule_editor_replay       (ObaRuleEditor *self);      /* (transfer none) */
/** "save", "test", "draft", "live", "retire", "version", "replay". (transfer none) */
GtkWidget       *oba_rule_editor_get_button   (ObaRuleEditor *self, const char *name);
ObaRuleForm     *oba_rule_editor_get_form     (ObaRuleEditor *self);
ObaRuleExample  *oba_rule_editor_get_example  (ObaRuleEditor *self);
/** The question that is open. (transfer none) (nullable) */
AdwMessageDialog *oba_rule_editor_get_question (ObaRuleEditor *self);
GtkEditable     *oba_rule_editor_get_reason   (ObaRuleEditor *self);      /* of that question; (nullable) */
const char      *oba_rule_editor_get_problem  (ObaRuleEditor *self);
gboolean         oba_rule_editor_has_conflict (ObaRuleEditor *self);
/** Keeps what was typed here, or takes what the colleague wrote. */
void             oba_rule_editor_settle       (ObaRuleEditor *self, gboolean mine);
gboolean         oba_rule_editor_is_dirty     (ObaRuleEditor *self);
gboolean         oba_rule_editor_is_settled   (ObaRuleEditor *self);

G_END_DECLS
