copy pg_temp.import_rows (line, fault, store, till, receipt_no, sold_at, customer, product, quantity, total, discount, vat, cashier) from stdin
