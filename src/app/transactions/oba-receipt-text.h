#pragma once

#include "sales/oba-receipts.h"

G_BEGIN_DECLS

/* What the page says of receipts and their filter, in words. All (transfer full) but the constant ones. */

const char *oba_receipt_text_kind     (ObaReceiptKind kind);        /* "Sale" */
char       *oba_receipt_text_moment   (const ObaReceiptKey *key);   /* "5 Nov 2026, 18:24" */
const char *oba_receipt_text_correction (const char *kind);       /* "change": "Changed"; of a correction */
const char *oba_receipt_text_reason   (const char *code);           /* "Damaged or spoiled"; the code itself when it is another */

/** What the ids of a filter are called, as far as it is known: stores and products. Reference counted. */
typedef struct _ObaReceiptNames ObaReceiptNames;

ObaReceiptNames *oba_receipt_names_new   (void);
ObaReceiptNames *oba_receipt_names_ref   (ObaReceiptNames *self);
void             oba_receipt_names_unref (ObaReceiptNames *self);
void             oba_receipt_names_put   (ObaReceiptNames *self, ObaReceiptFilterField field, gint64 id, const char *name);
const char      *oba_receipt_names_get   (ObaReceiptNames *self, ObaReceiptFilterField field, gint64 id);   /* (nullable) */

/** One condition that can be taken away by itself. */
typedef struct
{
  ObaReceiptFilterField  field;
  gint64                 number;   /* of the field's numbers, or 0 */
  char                  *name;     /* of its names, or NULL */
  char                  *text;     /* "Store: Nizami" */
} ObaReceiptFilterPart;

/** Of the text nothing is said. (transfer full) (element-type ObaReceiptFilterPart) */
GPtrArray       *oba_receipt_text_list   (const ObaReceiptFilter *filter, ObaReceiptNames *names);
/** All of it in one line, the text too. */
char            *oba_receipt_text_line   (const ObaReceiptFilter *filter, ObaReceiptNames *names);
void             oba_receipt_part_remove (const ObaReceiptFilterPart *part, ObaReceiptFilter *filter);

/** A minute as people write it, "31.03.2026 18:30", and a day alone for its first or @last one. FALSE when it is none. */
gboolean         oba_receipt_time_parse  (const char *text, gboolean last, gint64 *minute);
/** What oba_receipt_time_parse() reads back. */
char            *oba_receipt_time_format (gint64 minute, gboolean last);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaReceiptNames, oba_receipt_names_unref)

G_END_DECLS
