set local default_statistics_target = 100;
analyze oba.stores, oba.categories, oba.products, oba.customers, oba.customer_phones, oba.customer_categories, oba.customer_stats, oba.cards,
        oba.consents, oba.receipt_keys, oba.points_accounts, oba.points_lots, oba.ledger_allocations, oba.tier_changes, oba.redemptions,
        oba.redemption_events;
-- Each month is sampled by itself and again for the whole: a smaller sample of each does. Autovacuum looks at the months again, but never at the whole.
set local default_statistics_target = 25;
analyze oba.receipts, oba.receipt_lines, oba.points_ledger;
