#pragma once

#include "base/oba-catalogue.h"
#include "oba-receipt.h"

G_BEGIN_DECLS

/**
 * ObaReceiptMessage: a receipt, or a note about one, as HTML for Telegram: names and values, and as many of the lines as a message takes, the others counted.
 * What comes from outside is escaped here.
 */
typedef struct _ObaReceiptMessage ObaReceiptMessage;

/* Of a message's text after its markup was read, in UTF-16 units. */
#define OBA_RECEIPT_MESSAGE_MAX 4096

/** @catalogue: of the room "sales"; borrowed */
ObaReceiptMessage *oba_receipt_message_new         (ObaCatalogue *catalogue);
void               oba_receipt_message_add_heading (ObaReceiptMessage *self, const char *text);
/** @name: "" for a value alone */
void               oba_receipt_message_add_fact    (ObaReceiptMessage *self, const char *name, const char *value);
void               oba_receipt_message_add_item    (ObaReceiptMessage *self, const char *what, const char *amount);
/** Frees it. Returns: (transfer full) */
char              *oba_receipt_message_finish      (ObaReceiptMessage *self);

/** "Çörək, 2 əd × 0,65 ₼" */
char              *oba_receipt_message_line        (ObaCatalogue *catalogue, const ObaReceiptLine *line);
/** The whole receipt in the customer's language. */
char              *oba_receipt_message_of          (ObaReceipt *receipt);

/** Every text of it, NULL-terminated: for the test that they are translated. */
extern const char *const oba_receipt_message_texts[];

G_END_DECLS
