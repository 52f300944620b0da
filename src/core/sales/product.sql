-- The products that $1 may mean, the likeliest first, at most two: article number or barcode, the name, its beginning.
select product_id, name,
       case when code = $1::text or barcode = $1::text then 0 when oba.fold (name) = oba.fold ($1::text) then 1 else 2 end as place
  from oba.products
 where code = $1::text or barcode = $1::text or starts_with (oba.fold (name), nullif (oba.fold ($1::text), ''))
 order by place, name, product_id limit 2
