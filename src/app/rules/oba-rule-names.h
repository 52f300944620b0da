#pragma once

#include <adwaita.h>
#include <json-glib/json-glib.h>

#include "db/oba-db-pool.h"

G_BEGIN_DECLS

/** ObaRuleNames: products, or stores, that were chosen by their names, each with a cross, and the way to one more. Signal "changed". */
#define OBA_TYPE_RULE_NAMES (oba_rule_names_get_type ())
G_DECLARE_FINAL_TYPE (ObaRuleNames, oba_rule_names, OBA, RULE_NAMES, AdwBin)

GtkWidget *oba_rule_names_new        (ObaDbPool *pool, gboolean stores);
void       oba_rule_names_clear      (ObaRuleNames *self);
/** Nothing when it is there already. */
void       oba_rule_names_add        (ObaRuleNames *self, gint64 id, const char *name);
/** In the order in which they were chosen. (transfer full) */
JsonArray *oba_rule_names_get_ids    (ObaRuleNames *self);
gboolean   oba_rule_names_is_empty   (ObaRuleNames *self);
/** What takes the keyboard. (transfer none) */
GtkWidget *oba_rule_names_get_target (ObaRuleNames *self);

G_END_DECLS
