#pragma once

#include <gtk/gtk.h>
#include <json-glib/json-glib.h>

#include "db/oba-db-pool.h"

G_BEGIN_DECLS

/** ObaRuleExample: an example of a receipt to play with, and what the rules that are live, and the one being written, give for it, in their order. */
#define OBA_TYPE_RULE_EXAMPLE (oba_rule_example_get_type ())
G_DECLARE_FINAL_TYPE (ObaRuleExample, oba_rule_example, OBA, RULE_EXAMPLE, GtkBox)

/** @read: as oba_rules_read_async() has it */
GtkWidget *oba_rule_example_new        (ObaDbPool *pool, JsonObject *read);
/** What is being written: {"rule_id", "kind", "name", "parameters"}; NULL: only what is live. */
void       oba_rule_example_set_rule   (ObaRuleExample *self, JsonNode *rule);
gboolean   oba_rule_example_is_settled (ObaRuleExample *self);

G_END_DECLS
