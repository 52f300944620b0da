-- The returns of a receipt take back what it earned less what its remaining amount earns, never more than it earned. Where the part paid with points did not earn, it is left out.
select format ('customer %s, receipt %s: earned %s, %s qəpik of %s returned, %s clawed back instead of %s', x.customer_id, x.receipt_id, x.points,
               x.amount, x.total, coalesce (c.points, 0), x.points - greatest (0, x.total - x.amount) / x.qepik_per_point)
from (select e.*, case when e.without_points then b.without_points else b.amount end as amount
      from (select original_customer_id, original_sold_at, original_receipt_id, (- sum (total))::bigint as amount, (- sum (total - paid_points))::bigint as without_points
            from oba.receipts where kind in ('return', 'void') group by 1, 2, 3) b
      join (select l.customer_id, l.occurred_at, l.entry_id, l.receipt_id, l.points, coalesce (l.inputs ->> 'base', l.inputs ->> 'total')::bigint as total,
                   l.inputs -> 'earns_on_points' = 'false' as without_points, (u.parameters ->> 'qepik_per_point')::bigint as qepik_per_point
            from oba.points_ledger l join oba.earning_rules u on u.rule_id = l.rule_id and u.version = l.rule_version
            where l.kind = 'earn' and l.points > 0) e
        on e.customer_id = b.original_customer_id and e.occurred_at = b.original_sold_at and e.receipt_id = b.original_receipt_id) x
left join (select customer_id, reverses_id, - sum (points) as points from oba.points_ledger where kind = 'clawback' group by 1, 2) c
  on c.customer_id = x.customer_id and c.reverses_id = x.entry_id
where coalesce (c.points, 0) <> x.points - greatest (0, x.total - x.amount) / x.qepik_per_point
union all
select format ('customer %s, clawback %s of %s points reverses entry %s, which did not earn as much', c.customer_id, c.entry_id, - c.points, c.reverses_id)
from (select *, sum (- points) over (partition by customer_id, reverses_id) as together from oba.points_ledger where kind = 'clawback') c
left join oba.points_ledger e on e.customer_id = c.customer_id and e.occurred_at = c.reverses_at and e.entry_id = c.reverses_id and e.kind in ('earn', 'bonus')
where e.entry_id is null or c.together > e.points
union all
-- Of what the other rules gave, the share of the amount it was given for.
select format ('customer %s, receipt %s, bonus %s of %s points: %s qəpik of %s returned, %s clawed back', x.customer_id, x.receipt_id, x.entry_id, x.points, x.back, x.amount, coalesce (c.points, 0))
from (select l.customer_id, l.entry_id, l.receipt_id, l.points, coalesce (l.inputs ->> 'amount', l.inputs ->> 'total')::bigint as amount, b.back
      from (select original_customer_id, original_sold_at, original_receipt_id from oba.receipts where kind in ('return', 'void') group by 1, 2, 3) r
      join oba.points_ledger l on l.kind = 'bonus' and l.points > 0 and l.rule_id is not null and l.customer_id = r.original_customer_id and l.occurred_at = r.original_sold_at and l.receipt_id = r.original_receipt_id
      cross join lateral (select coalesce (- sum (i.total), 0)::bigint as back from oba.receipts v join oba.receipt_lines i using (customer_id, sold_at, receipt_id)
                          where v.original_receipt_id = l.receipt_id and v.kind in ('return', 'void') and v.sold_at >= l.occurred_at
                            and (not l.inputs ? 'lines' or l.inputs -> 'lines' @> to_jsonb (i.original_line_no))) b) x
left join (select customer_id, reverses_id, - sum (points) as points from oba.points_ledger where kind = 'clawback' group by 1, 2) c on c.customer_id = x.customer_id and c.reverses_id = x.entry_id
where coalesce (c.points, 0) <> x.points - x.points * greatest (0, x.amount - x.back) / x.amount
