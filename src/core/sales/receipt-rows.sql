select receipt_id, customer_id, at, kind, store, till_no, receipt_no, cashier, fiscal_id, total, discount, vat, paid_points, line_count, points, person, name, answered
from oba.receipt_rows ($1, $2, $3)
