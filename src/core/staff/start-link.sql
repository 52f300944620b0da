-- The link on the poster of the store with the code or number $1, for the campaign $2: url, payload, the store's name.
select l.link ->> 'url', l.link ->> 'payload', s.name
from oba.stores s cross join lateral (select oba.make_start_link (s.store_id, $2) as link) l
where s.code = $1 or s.store_id::text = $1
order by s.code = $1 desc limit 1
