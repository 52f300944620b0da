-- What became of a redemption by one of its steps: $1 the customer, $2 the payload of the outbox. The voucher's code while it is good, and not for a step that is history.
select c.language, w.name_az, w.name_ru, w.name_en, r.quantity, r.points, e.to_state,
       case when e.event_no = (select max (x.event_no) from oba.redemption_events x where x.customer_id = r.customer_id and x.redemption_id = r.redemption_id)
            then oba.voucher (r.customer_id, r.redemption_id) else '' end,
       oba.business_day (r.expires_at), coalesce (s.name, '')
from (select ($2::jsonb ->> 'customer_id')::bigint as customer_id, ($2::jsonb ->> 'redemption_id')::bigint as redemption_id, ($2::jsonb ->> 'event_no')::integer as event_no) p
join oba.redemptions r using (customer_id, redemption_id)
join oba.redemption_events e on e.customer_id = r.customer_id and e.redemption_id = r.redemption_id and e.event_no = p.event_no
join oba.customers c on c.customer_id = $1
left join oba.rewards w on w.reward_id = r.reward_id
left join oba.stores s on s.store_id = r.store_id
