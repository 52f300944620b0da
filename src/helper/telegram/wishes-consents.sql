-- By which ways the house may write to the customer $1, and whether it may reckon what they like.
select x.channel, coalesce (k.granted, false)
from unnest (array['telegram', 'sms', 'email', 'phone', 'profiling']) with ordinality x (channel, n)
left join oba.consents k on k.customer_id = $1 and k.channel = x.channel
order by x.n
