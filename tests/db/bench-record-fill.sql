-- What bench-record.c records into: 50 stores, 2,000 products, 20,000 customers (every fourth with a Telegram chat), points they had before.
set client_min_messages = warning;
select oba.ensure_partitions ('2024-01-01', '2024-12-31');
insert into oba.stores (code, name) select 'S' || n, 'Store ' || n from generate_series (1, 50) n;
insert into oba.products (code, barcode, name, price) select 'P' || n, (4760000000000 + n)::text, 'Product ' || n, 250 from generate_series (1, 2000) n;
insert into oba.customers (customer_id, given_name, family_name) select 100000 + n, 'Given ' || n, 'Family ' || n from generate_series (1, 20000) n;
insert into oba.telegram_links (chat_id, customer_id) select n, 100000 + n from generate_series (4, 20000, 4) n;
create sequence public.bench_no;
grant usage on sequence public.bench_no to oba_owner;
vacuum analyze;
