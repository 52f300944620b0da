-- The products that $1 may mean, the likeliest first, at most $2: article number or barcode, the name, its beginning, its words in this order. What is not
-- sold any more comes last.
with sought as materialized (select '%' || nullif (translate (oba.fold ($1::text), ' %_\', '%'), '') || '%' as pattern, oba.fold ($1::text) as name)
select p.product_id, p.code, p.name, p.unit, p.price, p.vat_permille, coalesce (p.barcode, '')
  from oba.products p
 where p.code = $1 or p.barcode = $1 or oba.fold (p.name) like (select s.pattern from sought s)
 order by p.code <> $1 and p.barcode is distinct from $1, p.withdrawn_at is not null, not starts_with (oba.fold (p.name), (select s.name from sought s)), p.name, p.product_id
 limit $2
