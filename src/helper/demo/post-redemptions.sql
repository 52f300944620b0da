-- Rewards handed out during the demo: debits spread over lots, soonest expiry first. The generator saw to it that the points were there
-- at the time, and within the demo's first two years no lot has expired yet, so cumulated points decide which lot pays for what.
create temp table demo_spend on commit drop as
select x.*, nextval ('oba.entry_ids') as entry_id, nextval (pg_get_serial_sequence ('oba.redemptions', 'redemption_id')) as redemption_id
from (
select r.customer_id, r.at, r.store_id, r.reward_id, r.through, w.cost as points, w.needs_approval,
       sum (w.cost) over mine - w.cost as from_point, sum (w.cost) over mine as to_point
from (select * from pg_temp.demo_redemptions order by n) r join oba.rewards w using (reward_id)
window mine as (partition by r.customer_id order by r.n rows unbounded preceding)) x
order by x.at, x.customer_id;

insert into oba.points_ledger (customer_id, occurred_at, entry_id, kind, points, redemption_id, source)
select customer_id, at, entry_id, 'redeem', - points, redemption_id, through from pg_temp.demo_spend order by entry_id;

insert into oba.redemptions (customer_id, redemption_id, reward_id, points, state, state_since, store_id, entry_id, entry_at, requested_at, through, proof)
overriding system value
select s.customer_id, s.redemption_id, s.reward_id, s.points, s.state, e.at, s.store_id, s.entry_id, s.at, s.at, s.through,
       case s.through when 'telegram' then 'bot' when 'till' then 'code' else 'supervisor' end
from (select d.*, case when d.at + interval '2 days' < u.moment then 'handed_out' when d.needs_approval then 'requested' else 'approved' end as state
      from pg_temp.demo_spend d cross join (select max (at) as moment from pg_temp.demo_spend) u) s
cross join lateral (select case s.state when 'handed_out' then s.at + interval '26 hours' else s.at end as at) e;

insert into oba.redemption_events (customer_id, redemption_id, event_no, at, from_state, to_state, store_id)
select r.customer_id, r.redemption_id, row_number () over (partition by r.redemption_id order by e.step), e.at, e.from_state, e.to_state, r.store_id
from oba.redemptions r join oba.rewards w using (reward_id)
cross join lateral (values (1, r.entry_at, null, case when w.needs_approval then 'requested' else 'approved' end, true),
                           (2, r.entry_at + interval '3 hours', 'requested', 'approved', w.needs_approval and r.state = 'handed_out'),
                           (3, r.state_since, 'approved', 'handed_out', r.state = 'handed_out')) as e (step, at, from_state, to_state, happened)
where e.happened;

update oba.redemptions r set expires_at = r.state_since + (oba.redemption_until (r.state, r.reward_id) - now ()) where r.state in ('requested', 'approved');
update oba.redemptions r set voucher_hash = oba.make_voucher (r) where r.state = 'approved';

create temp table demo_shares on commit drop as
with lots as (
  select l.customer_id, l.lot_id, sum (l.remaining) over mine - l.remaining as from_point, sum (l.remaining) over mine as to_point
  from oba.points_lots l where l.remaining > 0 and l.customer_id in (select s.customer_id from pg_temp.demo_spend s)
  window mine as (partition by l.customer_id order by l.expires_on, l.lot_id rows unbounded preceding)
)
select s.customer_id, s.entry_id, l.lot_id, s.at, (least (s.to_point, l.to_point) - greatest (s.from_point, l.from_point))::bigint as points
from pg_temp.demo_spend s join lots l on l.customer_id = s.customer_id and l.from_point < s.to_point and s.from_point < l.to_point;

insert into oba.ledger_allocations (customer_id, entry_id, lot_id, points, allocated_at)
select customer_id, entry_id, lot_id, points, at from pg_temp.demo_shares order by entry_id, lot_id;

update oba.points_lots l set remaining = l.remaining - s.points
from (select customer_id, lot_id, sum (points)::bigint as points from pg_temp.demo_shares group by 1, 2) s
where l.customer_id = s.customer_id and l.lot_id = s.lot_id;

update oba.points_accounts a set balance = a.balance - s.points, redeemed_on = s.last_day, redeemed_points = s.of_last_day
from (select d.customer_id, sum (d.points)::bigint as points, d.last_day, (sum (d.points) filter (where oba.business_day (d.at) = d.last_day))::bigint as of_last_day
      from (select x.*, max (oba.business_day (x.at)) over (partition by x.customer_id) as last_day from pg_temp.demo_spend x) d group by d.customer_id, d.last_day) s
where a.customer_id = s.customer_id;

-- Had more been wanted than there was at the beginning, more was received meanwhile.
with taken as (
  select s.reward_id, s.n, greatest (s.n - w.stock, 0) as more, s.since
  from (select reward_id, count (*) as n, min (at) as since from pg_temp.demo_spend group by 1) s join oba.rewards w on w.reward_id = s.reward_id and w.stock is not null
), moved as (
  insert into oba.stock_movements (reward_id, kind, quantity, at)
  select reward_id, 'receipt', more, since from taken where more > 0
  union all select s.reward_id, 'reserve', -1, s.at from pg_temp.demo_spend s join taken using (reward_id)
)
update oba.rewards w set stock = w.stock + t.more - t.n from taken t where w.reward_id = t.reward_id;

drop table pg_temp.demo_shares, pg_temp.demo_spend, pg_temp.demo_redemptions;
