-- Every receipt is the sum of its lines, in money, discount, VAT and number, and was paid to the qəpik; no line is without its receipt.
select format ('customer %s, receipt %s of %s: total %s, lines %s; discount %s, lines %s; VAT %s, lines %s; %s lines, %s counted; paid %s',
               coalesce (r.customer_id, l.customer_id), coalesce (r.receipt_id, l.receipt_id), coalesce (r.sold_at, l.sold_at), coalesce (r.total::text, 'no receipt'),
               l.total, r.discount, l.discount, r.vat, l.vat, r.line_count, l.n, r.paid_cash + r.paid_card + r.paid_points + r.paid_other)
from oba.receipts r
full join (select customer_id, sold_at, receipt_id, sum (total) as total, sum (discount) as discount, sum (vat) as vat, count (*) as n
           from oba.receipt_lines group by customer_id, sold_at, receipt_id) l
  on l.customer_id = r.customer_id and l.sold_at = r.sold_at and l.receipt_id = r.receipt_id
where r.receipt_id is null or l.receipt_id is null
   or r.total <> l.total or r.discount <> l.discount or r.vat <> l.vat or r.line_count <> l.n
   or r.paid_cash + r.paid_card + r.paid_points + r.paid_other <> r.total
