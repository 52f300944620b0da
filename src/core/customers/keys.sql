-- The newest 3 receipts that have the number or fiscal number $1, and whose they are.
select x.number, s.name, extract (epoch from x.sold_at)::bigint, btrim (concat_ws (' ', c.family_name, c.given_name))
  from (select k.receipt_no as number, k.store_id, k.sold_at, k.customer_id from oba.receipt_keys k where k.receipt_no = $1
        union all
        select r.fiscal_id, r.store_id, r.sold_at, r.customer_id from oba.receipts r where r.fiscal_id = $1) x
  join oba.stores s on s.store_id = x.store_id
  join oba.customers c on c.customer_id = oba.customer_root (x.customer_id) and c.kind = 'person' and c.status <> 'erased'
 order by x.sold_at desc limit 3
