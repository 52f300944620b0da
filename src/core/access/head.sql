-- The whole person: the customer and those merged with it; in which language; by whom it is given out; about how many rows there are.
select f.family, c.language, coalesce (w.display_name, w.login), to_char (now() at time zone 'Asia/Baku', 'YYYY-MM-DD"T"HH24:MI:SS"+04:00"'),
       (select coalesce (sum (2 * (s.receipts + s.returns)), 0)::bigint from oba.customer_stats s where s.customer_id = any (f.family)), now()::date
from (select oba.whole_family ($1) as family) f cross join oba.whoami () w join oba.customers c on c.customer_id = $1 and c.kind = 'person'
