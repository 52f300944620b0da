analyze oba.stores, oba.categories, oba.products, oba.customers, oba.customer_phones, oba.customer_categories, oba.customer_stats, oba.cards,
        oba.consents, oba.receipts, oba.receipt_lines, oba.receipt_keys, oba.points_accounts, oba.points_ledger, oba.points_lots,
        oba.ledger_allocations, oba.tier_changes, oba.redemptions, oba.redemption_events, oba.rollup_days, oba.rollup_store_days,
        oba.rollup_hours, oba.rollup_product_days
