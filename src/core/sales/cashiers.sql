-- Who sold in the store $1 in the last thirty days.
select distinct r.cashier
  from (select cashier from oba.receipts where store_id = $1 and sold_at > now() - interval '30 days' and cashier is not null order by sold_at desc limit 3000) r
 order by 1
