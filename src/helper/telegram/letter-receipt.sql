-- What a letter about a receipt or a return says: $1 the customer, $2 its payload.
select c.language, coalesce (s.name, ''), ($2::jsonb ->> 'total')::bigint, coalesce ($2::jsonb ->> 'points', $2::jsonb ->> 'clawback')::bigint, ($2::jsonb ->> 'balance')::bigint, ($2::jsonb ->> 'spent')::bigint,
       (extract (epoch from ($2::jsonb ->> 'sold_at')::timestamptz) * 1000000)::bigint, ($2::jsonb ->> 'receipt_id')::bigint
from oba.customers c left join oba.stores s on s.store_id = ($2::jsonb ->> 'store')::bigint
where c.customer_id = $1 and c.status <> 'erased'
