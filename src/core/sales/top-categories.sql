-- The top-level categories that sold most in the last 7 days. $1: the moment, null for now; $2: how many; $3: language.
with recursive clock as (
  select oba.business_day (coalesce ($1::timestamptz, now())) as today
),
roots as (
  select category_id, category_id as root_id from oba.categories where parent_id is null
  union all
  select c.category_id, roots.root_id from oba.categories c join roots on roots.category_id = c.parent_id
),
products as (
  select product_id, sum (revenue)::bigint as revenue, sum (sales)::bigint as sales
  from oba.rollup_product_days, clock
  where day between today - 6 and today
  group by product_id
),
sums as (
  select root_id, sum (products.revenue)::bigint as revenue, sum (products.sales)::bigint as sales
  from products
  join oba.products p using (product_id)
  join roots using (category_id)
  group by root_id
)
select coalesce (nullif (case $3 when 'ru' then c.name_ru when 'en' then c.name_en end, ''), c.name_az), sums.revenue, sums.sales
from sums
join oba.categories c on c.category_id = sums.root_id
where sums.revenue > 0
order by sums.revenue desc, c.category_id
limit $2::integer
