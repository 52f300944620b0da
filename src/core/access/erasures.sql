select to_jsonb (e) - 'xid' from oba.erasures e where e.customer_id = any ($1) order by e.erased_at
