-- $1 receipts of the customers from $2 on, over two years, in the order of their time as tills send them; some customers buy far more than
-- others. Three lines each, the points they earn, and a message for one in ten. Customer $2 has 5,000 of them.
with one as materialized (
  select n, case when n <= 5000 then $2::bigint else $2 + 1 + floor (power (random (), 2) * ($3 - 1))::bigint end as customer_id,
         date_trunc ('second', now () - random () * interval '720 days') as sold_at, 300 + floor (random () * 9000)::bigint as price
    from generate_series (1, $1::bigint) n
), receipts as (
  insert into oba.receipts (customer_id, sold_at, receipt_id, store_id, till_no, receipt_no, total, paid_cash, line_count, source)
  select customer_id, sold_at, n, 1 + n % 40, 1, n::text, 3 * price, 3 * price, 3, 'import' from one order by sold_at
), lines as (
  insert into oba.receipt_lines (customer_id, sold_at, receipt_id, line_no, product_id, quantity, unit_price, total)
  select customer_id, sold_at, n, l, 1 + (n * 7 + l * 13) % 500, 1000, price, price from (select * from one order by sold_at) o, generate_series (1, 3) l
), points as (
  insert into oba.points_ledger (customer_id, occurred_at, entry_id, kind, points, rule_id, rule_version, inputs, receipt_id, receipt_sold_at, source)
  select customer_id, sold_at, n, 'earn', 3 * price / 100, 1, 1, jsonb_build_object ('total', 3 * price), n, sold_at, 'import' from one order by sold_at
), lots as (
  insert into oba.points_lots (customer_id, lot_id, entry_id, entry_at, receipt_id, points, remaining, expires_on)
  select customer_id, n, n, sold_at, n, 3 * price / 100, 3 * price / 100, (sold_at + interval '24 months')::date from one order by sold_at
)
insert into oba.outbox (customer_id, chat_id, kind, payload, state, created_at, sent_at)
select customer_id, customer_id, 'receipt', '{}', 'sent', sold_at, sold_at from one where n <= 5000 or n % 10 = 0 order by sold_at
