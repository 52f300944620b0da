-- No receipt earned twice.
select format ('customer %s, receipt %s earned %s times', customer_id, receipt_id, count (*))
from oba.points_ledger where kind = 'earn' group by customer_id, occurred_at, receipt_id having count (*) > 1
