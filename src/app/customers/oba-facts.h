#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** ObaFacts: names on the left, what is known on the right. Nothing known, no line; no line, not shown. */
#define OBA_TYPE_FACTS (oba_facts_get_type ())
G_DECLARE_FINAL_TYPE (ObaFacts, oba_facts, OBA, FACTS, GtkBox)

void oba_facts_set_title (ObaFacts *self, const char *title);
void oba_facts_clear     (ObaFacts *self);
/** @value "" or NULL: no line. @button: (nullable) at the end of the line. */
void oba_facts_add       (ObaFacts *self, const char *name, const char *value, GtkWidget *button);

G_END_DECLS
