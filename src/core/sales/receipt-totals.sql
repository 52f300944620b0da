select receipts, sales, revenue, discount, vat from oba.receipt_totals ($1::jsonb)
