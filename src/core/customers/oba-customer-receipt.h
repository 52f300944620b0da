#pragma once

#include "db/oba-db-result.h"

G_BEGIN_DECLS

typedef struct
{
  char   *product;
  gint64  quantity;       /* thousandths of the unit; negative on a return */
  char   *unit;           /* "pcs", "kg", "l", "m" */
  gint64  total;          /* qəpik */
} ObaCustomerReceiptLine;

/** ObaCustomerReceipt: a receipt as the customer's page shows it. Money in qəpik; negative for what was given back. */
typedef struct
{
  gint64     receipt_id;
  GDateTime *sold_at;
  char      *kind;         /* "sale", "return", "void", "correction" */
  char      *number;
  char      *store;
  gint64     total;
  gint64     discount;
  gint64     points;       /* all that the receipt gave and took */
  GPtrArray *lines;        /* of ObaCustomerReceiptLine */
} ObaCustomerReceipt;

ObaCustomerReceipt *oba_customer_receipt_new_from_result (ObaDbResult *result, guint row);   /* of receipts.sql */
void                oba_customer_receipt_free            (ObaCustomerReceipt *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaCustomerReceipt, oba_customer_receipt_free)

G_END_DECLS
