-- Lifecycle: the changes that stand are those that the folded receipts make, the last of them is the person's state, and its rhythm and day of change follow.
with settled as materialized (
  select t.* from oba.customer_stats t
  where t.receipts + t.returns = t.lifecycle_seen and coalesce (t.lifecycle_due > oba.business_day (now()), true)
    and t.customer_id not in (select m.customer_id from oba.customers m where m.merged_into is not null)   -- the survivor's has it all
), told as materialized (
  select e.*, max (e.at) filter (where e.changed) over (partition by e.customer_id) as since
  from oba.lifecycle_events (array (select customer_id from settled), oba.business_day (now())) e
), standing as materialized (
  select h.* from oba.lifecycle_history h join settled using (customer_id)
)
select format ('customer %s: %s since %s, receipts make %s', s.customer_id, coalesce (s.lifecycle, 'nothing'), s.lifecycle_since, coalesce (t.to_state, 'nothing'))
from settled s left join told t on t.customer_id = s.customer_id and t.is_last
where row (s.lifecycle, s.visit_days, s.last_visit_day, s.gaps, s.gap_sum, s.gap_squares, s.lifecycle_since, s.lifecycle_due)
      is distinct from row (t.to_state, coalesce (t.visits, 0), t.last_visit_day, coalesce (t.gaps, 0), coalesce (t.gap_sum, 0), coalesce (t.gap_squares, 0),
                            t.since, t.last_visit_day + case t.to_state when 'lost' then null when 'lapsing' then oba.lost_after (t.gaps, t.gap_sum, t.gap_squares)
                                               else oba.lapsing_after (t.gaps, t.gap_sum, t.gap_squares) end)
union all
select format ('customer %s: %s at %s is recorded %s times, receipts make it %s times', customer_id, to_state, at, count (*) filter (where recorded), count (*) filter (where not recorded))
from (select customer_id, at, from_state, to_state, visits, last_visit_day, absent_days, gaps, gap_sum, gap_squares, true as recorded from standing
      union all
      select customer_id, at, from_state, to_state, visits, last_visit_day, absent_days, gaps, gap_sum, gap_squares, false from told where changed) u
group by customer_id, at, from_state, to_state, visits, last_visit_day, absent_days, gaps, gap_sum, gap_squares
having count (*) filter (where recorded) <> 1 or count (*) filter (where not recorded) <> 1
union all
select format ('customer %s: change %s belongs to nobody, or was withdrawn and never made', customer_id, change_id)
from (select c.customer_id, c.change_id from oba.lifecycle_changes c where not exists (select from oba.customer_stats t where t.customer_id = c.customer_id)
      union all
      select w.customer_id, w.change_id from oba.lifecycle_withdrawals w
      where not exists (select from oba.lifecycle_changes c where c.customer_id = w.customer_id and c.change_id = w.change_id)) o
