-- A return names a sale of the same customer and, line by line, what was sold; no line is returned twice or beyond its money.
with returned as (
  select r.receipt_id, r.sold_at, r.original_customer_id as customer_id, r.original_sold_at, r.original_receipt_id, r.customer_id as by_customer,
         l.line_no, l.original_line_no, l.product_id, l.quantity, l.total
  from oba.receipts r join oba.receipt_lines l on l.customer_id = r.customer_id and l.sold_at = r.sold_at and l.receipt_id = r.receipt_id
  where r.kind in ('return', 'void')
)
select format ('customer %s, return %s of receipt %s, line %s: there is no such sale, line or product, or it is later than the return', b.by_customer, b.receipt_id,
               b.original_receipt_id, b.line_no)
from returned b
left join oba.receipts s on s.customer_id = b.customer_id and s.sold_at = b.original_sold_at and s.receipt_id = b.original_receipt_id and s.kind = 'sale'
left join oba.receipt_lines l on l.customer_id = b.customer_id and l.sold_at = b.original_sold_at and l.receipt_id = b.original_receipt_id
                             and l.line_no = b.original_line_no
where s.receipt_id is null or l.line_no is null or l.product_id <> b.product_id or b.quantity >= 0 or b.sold_at < b.original_sold_at
   or b.by_customer <> b.customer_id
union all
select format ('customer %s, receipt %s, line %s: sold %s for %s, returned %s for %s', l.customer_id, l.receipt_id, l.line_no, l.quantity, l.total, b.quantity, b.total)
from (select customer_id, original_sold_at, original_receipt_id, original_line_no, - sum (quantity) as quantity, - sum (total) as total
      from returned group by 1, 2, 3, 4) b
join oba.receipt_lines l on l.customer_id = b.customer_id and l.sold_at = b.original_sold_at and l.receipt_id = b.original_receipt_id
                        and l.line_no = b.original_line_no
where b.quantity > l.quantity or b.total > l.total or (b.quantity = l.quantity and b.total <> l.total)
