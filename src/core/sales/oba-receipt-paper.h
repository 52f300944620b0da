#pragma once

#include <cairo.h>

#include "base/oba-catalogue.h"
#include "oba-receipt.h"

G_BEGIN_DECLS

/**
 * ObaReceiptPaper: a receipt as the customer holds it, 42 characters wide, with the QR code of its fiscal id, in the customer's language: the same on screen,
 * in print and in a PDF. Black on nothing: who draws it lays the paper under it.
 */
typedef struct _ObaReceiptPaper ObaReceiptPaper;

#define OBA_RECEIPT_PAPER_COLUMNS 42
/* Of the roll, in points: 80 mm. */
#define OBA_RECEIPT_PAPER_WIDTH 226.772

/** Keeps @receipt. */
ObaReceiptPaper *oba_receipt_paper_new        (ObaReceipt *receipt, ObaLanguage language);
void             oba_receipt_paper_free       (ObaReceiptPaper *self);
/** The same without the QR code, lines of at most 42 columns; for those who read with their ears, and for tests. (transfer none) */
const char      *oba_receipt_paper_get_text   (ObaReceiptPaper *self);
/** What the QR code says: where the tax office shows the receipt; NULL without a fiscal id. (transfer none) */
const char      *oba_receipt_paper_get_link   (ObaReceiptPaper *self);
/** In points, all of it. */
double           oba_receipt_paper_get_height (ObaReceiptPaper *self);
/** How many pages of @height points it takes. */
guint            oba_receipt_paper_count_pages (ObaReceiptPaper *self, double height);
/** Page @page of those, at the origin of @cr, OBA_RECEIPT_PAPER_WIDTH wide; points are the units. */
void             oba_receipt_paper_draw       (ObaReceiptPaper *self, cairo_t *cr, double height, guint page);
/** As a PDF, the roll in one piece unless it is longer than a man. Returns: FALSE with G_FILE_ERROR or G_IO_ERROR: then there is no new file */
gboolean         oba_receipt_paper_write_pdf  (ObaReceiptPaper *self, const char *path, GError **error);

/** Every text of it, NULL-terminated: for the test that they are translated. */
extern const char *const oba_receipt_paper_texts[];

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaReceiptPaper, oba_receipt_paper_free)

G_END_DECLS
