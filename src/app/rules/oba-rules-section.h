#pragma once

#include "administration/oba-section.h"
#include "oba-rule-editor.h"

G_BEGIN_DECLS

/** ObaRulesSection: the rules of earning, what each gives in a sentence, and whether it counts. Marketing and administrators write them; they open in a view of their own. */
#define OBA_TYPE_RULES_SECTION (oba_rules_section_get_type ())
G_DECLARE_FINAL_TYPE (ObaRulesSection, oba_rules_section, OBA, RULES_SECTION, ObaSection)

GtkWidget     *oba_rules_section_new  (ObaSession *session);

/** Opens a version of a rule; @version 0: the newest. (transfer none) (nullable): it is not known here */
ObaRuleEditor *oba_rules_section_open (ObaRulesSection *self, gint64 rule_id, gint64 version);
/** Begins a new one of a kind. (transfer none) (nullable) */
ObaRuleEditor *oba_rules_section_add  (ObaRulesSection *self, const char *kind);

G_END_DECLS
