#pragma once

#include "oba-demo-chain.h"

G_BEGIN_DECLS

/** Rows in COPY's text format, appended to a GString. Ids in the database are indexes from 1. */
typedef struct
{
  ObaDemoChain *chain;
  gint64        batch;
  gint64        first_customer;   /* id of customer 0 */
  gint64       *walk_ins;         /* customer id of a store's walk-ins; owned */
  char        **cashiers;         /* a till's four, made when first seen */
  char        (*dates)[11];       /* "2026-11-22", by day */
} ObaDemoRows;

ObaDemoRows *oba_demo_rows_new  (ObaDemoChain *chain);
void         oba_demo_rows_free (ObaDemoRows *self);

/* Columns of each, as COPY names them. */
#define OBA_DEMO_STORE_COLUMNS "store_id, code, name, region, city, district, address, latitude, longitude, opened_on, closed_on"
#define OBA_DEMO_CATEGORY_COLUMNS "category_id, parent_id, code, name_az, name_ru, name_en, position"
#define OBA_DEMO_PRODUCT_COLUMNS "product_id, code, barcode, name, brand, category_id, unit, price, vat_permille, created_at, withdrawn_at"
#define OBA_DEMO_REWARD_COLUMNS \
  "reward_id, code, kind, name_az, name_ru, name_en, description_az, description_ru, description_en, cost, value, stock, " \
  "needs_approval, min_tier, per_customer, per_month, voucher_days, weekdays, from_minute, to_minute, stock_by_store, picture, thumbnail, " \
  "state, created_at"
#define OBA_DEMO_CUSTOMER_COLUMNS \
  "customer_id, given_name, family_name, patronymic, phone, birth_date, language, city, email, preferred_store_id, " \
  "registered_at, status_since, updated_at, registered_store_id, registered_through, batch_id"
#define OBA_DEMO_CARD_COLUMNS "token_hash, number, customer_id, state, issued_at, state_since"
#define OBA_DEMO_CONSENT_COLUMNS "customer_id, channel, granted, since"
#define OBA_DEMO_CONSENT_HISTORY_COLUMNS "customer_id, channel, granted, at, through"
#define OBA_DEMO_CUSTOMER_CATEGORY_COLUMNS "customer_id, category_id, stated_at"
#define OBA_DEMO_RECEIPT_COLUMNS \
  "customer_id, sold_at, receipt_id, kind, store_id, till_no, receipt_no, cashier, fiscal_id, total, discount, vat, paid_cash, " \
  "paid_card, line_count, original_customer_id, original_sold_at, original_receipt_id, reason_code, source, batch_id"
#define OBA_DEMO_LINE_COLUMNS \
  "customer_id, sold_at, receipt_id, line_no, product_id, quantity, unit_price, discount, vat, total, original_line_no"
#define OBA_DEMO_REDEMPTION_COLUMNS "n, customer_id, at, store_id, reward_id, through"

void oba_demo_rows_store    (ObaDemoRows *self, GString *out, guint store);
void oba_demo_rows_category (ObaDemoRows *self, GString *out, guint category);
void oba_demo_rows_product  (ObaDemoRows *self, GString *out, guint product);
void oba_demo_rows_reward   (ObaDemoRows *self, GString *out, guint reward);

/** One customer with what hangs on it; each in its own text. */
typedef struct
{
  GString *customers;
  GString *cards;
  GString *consents;
  GString *consent_history;
  GString *categories;
} ObaDemoCustomerRows;

void oba_demo_rows_customer   (ObaDemoRows *self, ObaDemoCustomerRows *out, guint customer);
void oba_demo_rows_receipt    (ObaDemoRows *self, GString *receipts, GString *lines, const ObaDemoReceipt *receipt);
void oba_demo_rows_redemption (ObaDemoRows *self, GString *out, guint n, const ObaDemoRedemption *redemption);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaDemoRows, oba_demo_rows_free)

G_END_DECLS
