#pragma once

#include "oba-lazy-view.h"

G_BEGIN_DECLS

/**
 * ObaListFrame: the place of a page's list: the list itself, or why it is not there: not read yet, nothing there at all, nothing found, not to be read.
 * Rows that are there stay when they cannot be brought up to date, under a line that says so.
 *
 * Properties: "failed-title"; "empty" and "nothing": the widgets for those states; "busy": reading takes long enough for a spinner.
 * Signal "failed" (const char *sentence): there is no row, and none could be read.
 * The buttons activate the page's "page.retry".
 */
#define OBA_TYPE_LIST_FRAME (oba_list_frame_get_type ())
G_DECLARE_FINAL_TYPE (ObaListFrame, oba_list_frame, OBA, LIST_FRAME, AdwBin)

void        oba_list_frame_set_view  (ObaListFrame *self, ObaLazyView *view);
/** The model has its answer. @searching: that there is none, is of the search. */
void        oba_list_frame_show      (ObaListFrame *self, gboolean searching);
/** It is read from the start, unless there are rows to look at meanwhile. */
void        oba_list_frame_show_loading (ObaListFrame *self);
/** "loading", "list", "empty", "nothing", "failed" */
const char *oba_list_frame_get_shown (ObaListFrame *self);

G_END_DECLS
