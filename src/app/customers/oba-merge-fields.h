#pragma once

#include <gtk/gtk.h>

#include "customers/oba-merge.h"

G_BEGIN_DECLS

/**
 * ObaMergeFields: two customers in two columns: who of them stays, and for each detail in which they differ whose it is from then on.
 * Signal "changed": something else was chosen.
 */
#define OBA_TYPE_MERGE_FIELDS (oba_merge_fields_get_type ())
G_DECLARE_FINAL_TYPE (ObaMergeFields, oba_merge_fields, OBA, MERGE_FIELDS, GtkGrid)

/** @survivor: 0 or 1, who is proposed to stay */
GtkWidget *oba_merge_fields_new          (ObaMergePerson *first, ObaMergePerson *second, guint survivor);
/** Adds the members "source", "survivor" and "fields" of a request; what nobody chose is left to the database, which chooses as it is shown here. */
void       oba_merge_fields_add_to       (ObaMergeFields *self, JsonBuilder *builder);
/** 0 or 1 */
guint      oba_merge_fields_get_survivor (ObaMergeFields *self);
/** Has anything been chosen by hand? */
gboolean   oba_merge_fields_is_touched   (ObaMergeFields *self);

G_END_DECLS
