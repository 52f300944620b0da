#pragma once

#include <gtk/gtk.h>
#include <json-glib/json-glib.h>

#include "db/oba-db-pool.h"

G_BEGIN_DECLS

/**
 * ObaRuleForm: the terms of a rule of earning to type into, those that its kind has. What is not possible is said beside its field. Fields have the names of oba.rule_problem ().
 *
 * Signal "changed": something was typed or chosen.
 */
#define OBA_TYPE_RULE_FORM (oba_rule_form_get_type ())
G_DECLARE_FINAL_TYPE (ObaRuleForm, oba_rule_form, OBA, RULE_FORM, GtkBox)

GtkWidget  *oba_rule_form_new         (ObaDbPool *pool, const char *kind);
/** @read: as oba_rules_read_async() has it; @rule: "name", "parameters", "valid_from", "valid_to" */
void        oba_rule_form_set_rule    (ObaRuleForm *self, JsonObject *read, JsonObject *rule);
void        oba_rule_form_set_editable (ObaRuleForm *self, gboolean editable);
/** {"name", "parameters", "valid_from", "valid_to"} as "save_rule" takes them. @good: (out) (optional): FALSE when something is wrong: it is said in the form. (transfer full) */
JsonObject *oba_rule_form_read        (ObaRuleForm *self, gboolean *good);
/** Says something beside the field @name. Returns: FALSE when there is no such field */
gboolean    oba_rule_form_say         (ObaRuleForm *self, const char *name, const char *sentence);

/** The control of a field; for weekdays a GtkBox of toggles. (nullable) */
GtkWidget  *oba_rule_form_get_control (ObaRuleForm *self, const char *name);
const char *oba_rule_form_get_problem (ObaRuleForm *self, const char *name);      /* (nullable) */

G_END_DECLS
