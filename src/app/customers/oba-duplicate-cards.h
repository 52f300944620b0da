#pragma once

#include <gtk/gtk.h>

#include "customers/oba-duplicates.h"

G_BEGIN_DECLS

/*
 * The cards of the review of duplicates. What they do are actions of the view around them, with an id as their target:
 * duplicates.open (x: a customer), duplicates.apart and duplicates.merge ((xx): two customers), duplicates.back (x: a merge).
 */

GtkWidget *oba_duplicate_card_new (const ObaDuplicatePair *pair, gboolean may_propose);
/** What duplicates.apart asks for: {"customer_id", "other_id", "apart"} of its target. (transfer floating) */
GVariant  *oba_duplicate_card_apart_request (GVariant *both, gboolean apart);
GtkWidget *oba_merge_card_new     (const ObaMergeEntry *entry, gboolean may_propose);

G_END_DECLS
