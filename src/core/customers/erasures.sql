-- Everybody who was erased, to be kept apart from the backups; "registered" proves later that the number still means the same person.
select e.customer_id, (extract (epoch from c.registered_at) * 1000000)::bigint as registered, e.erased_at, e.by_whom, e.reason_code, e.asked_for
from oba.erasures e join oba.customers c using (customer_id) order by e.erased_at, e.customer_id
