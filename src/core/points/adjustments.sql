-- The last adjustments of a customer ($1), at most $2; "undoes" those that took another back are left to it.
select a.adjustment_id, a.points, a.reason_code, coalesce (l.reason, '') as reason, a.made_at, coalesce (s.display_name, a.made_by) as who,
       coalesce (d.display_name, case when a.posted_by <> a.made_by then a.posted_by end, '') as agreed, exists (select from oba.adjustments u where u.undoes = a.adjustment_id) as undone
from oba.adjustments a
left join oba.points_ledger l on l.customer_id = a.customer_id and l.occurred_at = a.entry_at and l.entry_id = a.entry_id
left join oba.staff s on s.login = a.made_by
left join oba.staff d on d.login = a.posted_by and a.posted_by <> a.made_by
where a.customer_id = $1 and a.undoes is null
order by a.adjustment_id desc limit $2::integer
