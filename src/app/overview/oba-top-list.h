#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/** ObaTopList: the best of something, each with a bar that compares it to the first. */
#define OBA_TYPE_TOP_LIST (oba_top_list_get_type ())
G_DECLARE_FINAL_TYPE (ObaTopList, oba_top_list, OBA, TOP_LIST, AdwBin)

/** @rows: of ObaSalesTop, the best first */
void oba_top_list_set_rows (ObaTopList *self, GPtrArray *rows);

G_END_DECLS
