-- Ids of redemptions, the newest first: $1 state, $2 reward, $3 store, $4 through, $5 customer, $6 asked for so many hours ago or more, $7 late ones only, $8 those that wait for whoever asks,
-- $9 what was searched, $10 after this id, at most $11,
-- $12 kind of reward, 'points' for points alone, $13 and $14 the first and the last day on which they were asked for. Null is any.
select r.redemption_id from oba.redemptions r
where ($1::text is null or r.state = $1) and ($2::bigint is null or r.reward_id = $2) and ($3::bigint is null or r.store_id = $3) and ($4::text is null or r.through = $4)
  and ($5::bigint is null or r.customer_id = any (array (select oba.customer_family ($5)))) and ($6::bigint is null or r.requested_at <= now() - $6 * interval '1 hour')
  and (not $7 or (r.state = 'requested' and r.requested_at < now() - (select s.sla_hours * interval '1 hour' from oba.redemption_settings s)))
  and (not $8 or (r.state = 'requested' and r.requested_by <> session_user))
  and ($9::text is null or r.redemption_id in (select oba.redemptions_like ($9)))
  and ($12::text is null or (case $12 when 'points' then r.reward_id is null else r.reward_id in (select w.reward_id from oba.rewards w where w.kind = $12) end))
  and ($13::date is null or r.requested_at >= $13::timestamp at time zone 'Asia/Baku') and ($14::date is null or r.requested_at < ($14 + 1)::timestamp at time zone 'Asia/Baku')
  and ($10::bigint is null or r.redemption_id < $10)
order by r.redemption_id desc limit $11::bigint
