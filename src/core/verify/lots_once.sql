-- No ledger entry has two lots.
select format ('customer %s, entry %s has %s lots', customer_id, entry_id, count (*))
from oba.points_lots group by customer_id, entry_id having count (*) > 1
