select jsonb_build_object ('customer_id', k.customer_id, 'number', k.number, 'state', k.state, 'state_since', k.state_since, 'issued_at', k.issued_at, 'issued_by', k.issued_by)
from oba.cards k where k.customer_id = any ($1) order by k.issued_at, k.number
