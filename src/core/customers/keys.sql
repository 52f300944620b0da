-- What a number found: the newest 3 receipts that have the receipt or fiscal number $1, and the cards that have it in theirs, unless those are more than 3;
-- each with its store and second (a card: null), and whose it is.
with found_cards as (select d.number, d.customer_id from oba.cards_like (upper (translate ($1, ' -', '')), 4) d),
found as (
  (select x.number, x.store_id, x.sold_at, x.customer_id
     from (select k.receipt_no as number, k.store_id, k.sold_at, k.customer_id from oba.receipt_keys k where k.receipt_no = $1
           union all
           select r.fiscal_id, r.store_id, r.sold_at, r.customer_id from oba.receipts r where r.fiscal_id = $1) x
     join oba.customers w on w.customer_id = x.customer_id and w.kind = 'person'
    order by x.sold_at desc limit 3)
  union all
  select d.number, null, null, d.customer_id from found_cards d where (select count (*) from found_cards) <= 3)
select x.number, s.name, extract (epoch from x.sold_at)::bigint, btrim (concat_ws (' ', c.family_name, c.given_name))
  from found x
  left join oba.stores s on s.store_id = x.store_id
  join oba.customers c on c.customer_id = oba.customer_root (x.customer_id) and c.kind = 'person' and c.status <> 'erased'
 order by x.sold_at desc nulls last, x.number
