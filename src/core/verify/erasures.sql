-- Of an erased customer there is nothing personal left anywhere, no points and no debt; and who has the status was erased by the function.
select format ('customer %s: status %s, %s', coalesce (c.customer_id, e.customer_id), c.status,
               case when e.customer_id is null then 'but no erasure is noted' else format ('but erased at %s', e.erased_at) end)
from (select * from oba.customers where status = 'erased') c full join oba.erasures e on e.customer_id = c.customer_id
where c.customer_id is null or e.customer_id is null
union all
select format ('customer %s: the record is not empty', c.customer_id)
from oba.customers c where c.status = 'erased'
  and (concat (c.given_name, c.family_name, c.patronymic, c.city, c.notes, c.phone, c.email, c.blocked_reason, c.sort_name, c.search_text) <> '' or c.birth_date is not null)
union all
select format ('customer %s: %s', e.customer_id, x.what)
from oba.erasures e cross join lateral (
  select 'a phone number' as what from oba.customer_phones x where x.customer_id = e.customer_id
  union all select 'an id of another system' from oba.customer_external_ids x where x.customer_id = e.customer_id
  union all select 'card ' || x.number from oba.cards x where x.customer_id = e.customer_id
  union all select 'a Telegram account' from oba.telegram_links x where x.customer_id = e.customer_id
  union all select format ('message %s', x.message_id) from oba.outbox x where x.customer_id = e.customer_id
  union all select format ('preferred category %s', x.category_id) from oba.customer_categories x where x.customer_id = e.customer_id
  union all select format ('segment %s', x.segment_id) from oba.segment_members x where x.customer_id = e.customer_id
  union all select format ('a granted consent (%s)', x.channel) from oba.consents x where x.customer_id = e.customer_id and x.granted
  union all select format ('values of audit row %s', x.audit_id) from oba.audit_personal x where x.customer_id = e.customer_id
  union all select format ('a reason of receipt %s', x.receipt_id) from oba.receipts x where x.customer_id = e.customer_id and x.reason is not null
  union all select format ('a reason of ledger entry %s', x.entry_id) from oba.points_ledger x
            where x.customer_id = e.customer_id and x.reason is not null and x.reason <> 'erased'
  union all select format ('a reason of redemption %s', x.redemption_id) from oba.redemption_events x where x.customer_id = e.customer_id and x.reason is not null
  union all select format ('a reason of tier change %s', x.change_id) from oba.tier_changes x where x.customer_id = e.customer_id and x.reason is not null
  union all select format ('a reason of tier %s by hand', x.override_id) from oba.tier_overrides x where x.customer_id = e.customer_id and (x.reason is not null or x.end_reason is not null)
  union all select format ('key %s of %s', x.key, x.scope) from oba.idempotency_keys x
            where x.customer_id = e.customer_id and not x.refused and (x.answer - 'customer_id' - 'figures') <> '{}'
  union all select format ('balance %s, owed %s', x.balance, x.owed) from oba.points_accounts x where x.customer_id = e.customer_id and (x.balance <> 0 or x.owed <> 0)
) x
