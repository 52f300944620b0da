-- Messages are in a state that makes sense: a recipient to send to, a lease while sending, a time when sent.
select format ('message %s to customer %s: %s, lease %s, sent %s, %s attempts, chat %s', o.message_id, o.customer_id, o.state, o.leased_until, o.sent_at, o.attempts, o.chat_id)
from oba.outbox o
where (o.state = 'sending') is distinct from (o.leased_until is not null)
   or (o.state = 'sent') is distinct from (o.sent_at is not null)
   or (o.state in ('queued', 'sending') and o.channel = 'telegram' and o.chat_id is null)
   or (o.state = 'sending' and o.leased_until < now() - interval '1 day')
   or o.attempts < 0
   or (o.customer_id <> 0 and not exists (select from oba.customers c where c.customer_id = o.customer_id))
union all
select format ('update %s: %s, lease %s, done %s', u.update_id, u.state, u.leased_until, u.done_at)
from oba.telegram_updates u
where (u.state = 'working') is distinct from (u.leased_until is not null) or (u.state in ('done', 'poison')) is distinct from (u.done_at is not null)
union all
select format ('broadcast %s: %s, %s messages, %s noted', b.broadcast_id, b.state, m.n, b.filled)
from oba.broadcasts b cross join lateral (select count (*) as n from oba.outbox o where o.broadcast_id = b.broadcast_id) m
where m.n > b.filled
