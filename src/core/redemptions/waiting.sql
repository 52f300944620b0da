-- How many requests wait for whoever asks, and how many of them longer than they should; not more than 10,000 are counted.
select count(*), count(*) filter (where w.requested_at < now() - s.sla_hours * interval '1 hour')
from (select r.requested_at from oba.redemptions r where r.state = 'requested' and r.requested_by <> session_user order by r.redemption_id limit 10000) w
cross join oba.redemption_settings s
