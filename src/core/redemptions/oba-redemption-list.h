#pragma once

#include <cairo.h>

#include "oba-redemption.h"

G_BEGIN_DECLS

/**
 * ObaRedemptionList: a list of redemptions on paper, with a box to tick for whoever hands them out: a page as high as is asked for, with its number and that of all.
 */
typedef struct _ObaRedemptionList ObaRedemptionList;

/** @redemptions: (element-type ObaRedemption), in their order; @title: what they are: "Waiting for me"; @all: how many there are of them. */
ObaRedemptionList *oba_redemption_list_new         (GPtrArray *redemptions, const char *title, gint64 all);
void               oba_redemption_list_free        (ObaRedemptionList *self);
guint              oba_redemption_list_count_pages (ObaRedemptionList *self, double height);
/** Page @page, from 0, at the origin of @cr, in points. */
void               oba_redemption_list_draw        (ObaRedemptionList *self, cairo_t *cr, double width, double height, guint page);
/** On A4, lying. Returns: FALSE with G_FILE_ERROR or G_IO_ERROR: then there is no new file */
gboolean           oba_redemption_list_write_pdf   (ObaRedemptionList *self, const char *path, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaRedemptionList, oba_redemption_list_free)

G_END_DECLS
