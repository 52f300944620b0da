#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * ObaReviewList: a list of cards to go through, with what is shown while it loads, is empty or could not be read.
 * Signals: "more": the button below the last card was pressed; "retry".
 */
#define OBA_TYPE_REVIEW_LIST (oba_review_list_get_type ())
G_DECLARE_FINAL_TYPE (ObaReviewList, oba_review_list, OBA, REVIEW_LIST, AdwBin)

GtkWidget  *oba_review_list_new         (const char *icon, const char *empty_title, const char *empty_text, const char *name);
void        oba_review_list_clear       (ObaReviewList *self);
void        oba_review_list_add         (ObaReviewList *self, GtkWidget *card);
/** A heading between cards. */
void        oba_review_list_add_heading (ObaReviewList *self, const char *text);
/** All cards are there: shows them, or that there are none. */
void        oba_review_list_show        (ObaReviewList *self, gboolean more);
/** Cards that are there stay. */
void        oba_review_list_fail        (ObaReviewList *self, const char *sentence);
const char *oba_review_list_get_shown   (ObaReviewList *self);    /* "loading", "list", "empty", "failed" */

G_END_DECLS
