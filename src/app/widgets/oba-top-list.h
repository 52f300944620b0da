#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * ObaTopList: the best of something, each with a bar that compares it to the first.
 *
 * Properties, for templates: "title"; "empty": what it says while there is nothing.
 */
#define OBA_TYPE_TOP_LIST (oba_top_list_get_type ())
G_DECLARE_FINAL_TYPE (ObaTopList, oba_top_list, OBA, TOP_LIST, AdwBin)

void oba_top_list_clear (ObaTopList *self);
/** @revenue, @best: in qəpik; @best is the first row's. @action: (nullable): opens what it is about, with @id (an int64) */
void oba_top_list_add   (ObaTopList *self, const char *name, gint64 revenue, gint64 best, const char *action, gint64 id);

G_END_DECLS
