-- Every sale to a customer earned once, by the rule and version that its entry names: full manats, rounded down; nothing while blocked.
-- The part that was paid with points earned when the rules of spending by which it was paid say so.
select format ('customer %s, receipt %s of %s: %s qəpik that earn, entry %s, %s points by rule %s version %s', coalesce (r.customer_id, e.customer_id),
               coalesce (r.receipt_id, e.receipt_id), coalesce (r.sold_at, e.occurred_at), r.base, e.entry_id, e.points, e.rule_id, e.rule_version)
from (select r.customer_id, r.sold_at, r.receipt_id, r.total, r.paid_points,
             r.total - case when r.paid_points <> 0 and not (select s.earns from oba.points_ledger p join oba.spending_rules s on s.version = (p.inputs ->> 'spending_version')::integer
                                                             where p.customer_id = r.customer_id and p.occurred_at = r.sold_at and p.receipt_id = r.receipt_id and p.kind = 'redeem' limit 1)
                            then r.paid_points else 0 end as base
      from oba.receipts r
      where r.kind = 'sale' and r.customer_id in (select customer_id from oba.points_accounts)) r
full join (select l.*, (u.parameters ->> 'qepik_per_point')::bigint as qepik_per_point
           from oba.points_ledger l left join oba.earning_rules u on u.rule_id = l.rule_id and u.version = l.rule_version
           where l.kind = 'earn') e
  on e.customer_id = r.customer_id and e.occurred_at = r.sold_at and e.receipt_id = r.receipt_id
where r.receipt_id is null
   or (e.entry_id is null
       and r.base >= coalesce ((select (u.parameters ->> 'qepik_per_point')::bigint from oba.earning_rules u
                                 where u.kind = 'base' and u.state = 'live' and r.sold_at >= u.valid_from and r.sold_at < u.valid_to
                                 order by u.version desc limit 1), 9223372036854775807))
   or (e.entry_id is not null
       and (e.qepik_per_point is null
            or (e.inputs ->> 'total')::bigint is distinct from r.total
            or coalesce (e.inputs ->> 'base', e.inputs ->> 'total')::bigint is distinct from r.base
            or coalesce (e.inputs ->> 'paid_points', '0')::bigint is distinct from r.paid_points
            or e.points <> case when e.inputs ? 'withheld' then 0 else r.base / e.qepik_per_point end))
