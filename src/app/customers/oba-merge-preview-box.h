#pragma once

#include <gtk/gtk.h>

#include "customers/oba-merge.h"

G_BEGIN_DECLS

/** ObaMergePreviewBox: what a merge, or taking one back, does to both customers: a table of before and after. */
#define OBA_TYPE_MERGE_PREVIEW_BOX (oba_merge_preview_box_get_type ())
G_DECLARE_FINAL_TYPE (ObaMergePreviewBox, oba_merge_preview_box, OBA, MERGE_PREVIEW_BOX, GtkBox)

GtkWidget *oba_merge_preview_box_new     (void);
/** @source, @survivor: (nullable): as they are now, before it is done. @back: a merge is taken back. */
void       oba_merge_preview_box_show    (ObaMergePreviewBox *self, const ObaMergePreview *preview, const ObaMergePerson *source,
                                          const ObaMergePerson *survivor, gboolean back);
/** Dims what is there: it is being calculated anew. */
void       oba_merge_preview_box_set_old (ObaMergePreviewBox *self, gboolean old);

G_END_DECLS
