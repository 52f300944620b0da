#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* A rule of earning in words. @read is what oba_rules_read_async() read. Those with const return static texts, the others (transfer full). */

const char *oba_rule_text_kind     (const char *kind);
const char *oba_rule_text_state    (const char *state);
const char *oba_rule_text_state_class (const char *state);       /* of a pill */
/** "×2 for Gold, Mon–Fri, 10:00–12:00, of Dairy" */
char       *oba_rule_text_terms    (JsonObject *read, const char *kind, JsonObject *parameters);
/** "from 1 Dec 2026 on" */
char       *oba_rule_text_validity (JsonObject *rule);
/** "1.5", of thousandths. */
char       *oba_rule_text_factor   (gint64 thousandths);

G_END_DECLS
