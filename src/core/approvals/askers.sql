-- Who asked for something that waits, or lately.
select x.requested_by, coalesce (s.display_name, x.requested_by) as name
from (select distinct a.requested_by from oba.approvals a where a.state = 'requested' or a.requested_at > now() - interval '90 days') x
left join oba.staff s on s.login = x.requested_by
order by oba.sort_key (coalesce (s.display_name, x.requested_by)), 1
