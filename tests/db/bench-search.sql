-- Customers as a chain has them, as many as bench.customers says, quickly: names are folded once a name and not once a person, indexes are made when all is in.
-- Some family names are very common; two of three have a patronymic, one of five an e-mail address, nine of ten a card, each of them bought once.
set session_replication_role = replica;
set jit = off;
set work_mem = '256MB';
set maintenance_work_mem = '512MB';
set synchronous_commit = off;
select setseed (0.4711);

create temporary table later as
  select i.indexdef, format ('drop index oba.%I', i.indexname) as dropped from pg_indexes i
   where i.schemaname = 'oba' and i.tablename in ('customers', 'cards', 'receipt_keys', 'points_accounts', 'customer_stats', 'name_words')
     and not exists (select from pg_constraint k where k.conname = i.indexname and k.connamespace = 'oba'::regnamespace);
do $$ declare d text; begin for d in select dropped from later loop execute d; end loop; end $$;

insert into oba.stores (store_id, code, name) select n, 'S' || n, 'OBA ' || n from generate_series (1, 40) n;
select oba.ensure_partitions ((now () - interval '125 days')::date, now ()::date);

-- The 1st is some 150 times as common as the 200th.
create temporary table family as
  select root || ending as family, row_number () over (order by rank * (1 + e / 3)) as f
    from unnest (array['Məmməd', 'Əli', 'Həsən', 'Hüseyn', 'Quli', 'İsmayıl', 'Abdulla', 'Əhməd', 'Rəhim', 'Mustafa', 'Kərim', 'Cəfər', 'Şirin', 'Baba', 'Rəsul',
                       'Nəsir', 'Səfər', 'Vəli', 'Yusif', 'Zeynal', 'Orucəli', 'Bayram', 'Cabbar', 'Dadaş', 'Eyvaz', 'Fərhad', 'Qasım', 'Heydər', 'İbrahim', 'Musa',
                       'Novruz', 'Tağı', 'Mirzə', 'Xəlil', 'Çingiz', 'Ağa', 'Lütfi', 'Səmədağa', 'Pənah', 'Uğur'])
         with ordinality r (root, rank),
         unnest (array['ov', 'ova', 'yev', 'yeva', 'zadə', 'lı', 'bəyli', 'oğlu', 'xanlı']) with ordinality w (ending, e);
create temporary table given as
  select given, g, g % 2 = 0 as woman
    from unnest (array['Əli', 'Aysel', 'Murad', 'Leyla', 'Elçin', 'Nigar', 'Rəşad', 'Günel', 'İlqar', 'Şəbnəm', 'Cavid', 'Ülviyyə', 'Tural', 'Sevinc', 'Kamran',
                       'Aynur', 'Orxan', 'Lalə', 'Vüsal', 'Zəhra', 'Fərid', 'Könül', 'Emin', 'Arzu', 'Samir', 'Nərmin', 'Ramin', 'Günay', 'Anar', 'Fidan',
                       'Elnur', 'Aygün', 'Məmməd', 'Xədicə', 'Hüseyn', 'Jalə', 'Ceyhun', 'Yeganə', 'Məhəmməd', 'Çinarə'])
         with ordinality g (given, g);
create temporary table name as
  select f, g, family, given, woman, oba.fold (family) as folded_family, oba.fold (given) as folded_given, oba.sort_key (family || ' ' || given) as sort_name
    from family, given;
create unique index on name (f, g);
analyze name;
create temporary table father as
  select g as p, given || ' oğlu' as son, given || ' qızı' as daughter, oba.fold (given || ' oğlu') as folded_son, oba.fold (given || ' qızı') as folded_daughter,
         oba.sort_key (given || ' oğlu') as sort_son, oba.sort_key (given || ' qızı') as sort_daughter
    from given where not woman;

insert into oba.customers (customer_id, given_name, family_name, patronymic, phone, city, email, birth_date, status, blocked_reason, registered_store_id, registered_at,
                           registered_through, sort_name, search_text)
select i, given, family, coalesce (patronymic, ''), '+' || phone, city, email,
       date '1950-01-01' + (i * 7919 % 20000)::integer, status, case status when 'blocked' then 'a reason' end, 1 + i % 40,
       timestamptz '2021-01-01' + i * 7 % 3000000 * interval '1 minute', 'import', concat_ws (' ', sort_name, sort_father),
       concat_ws (' ', folded_family, folded_given, folded_father) || ' ' || phone || ' ' || coalesce (email, '')
  from (select i, given, family, n.sort_name, folded_family, folded_given, case when woman then daughter else son end as patronymic,
               case when woman then folded_daughter else folded_son end as folded_father, case when woman then sort_daughter else sort_son end as sort_father,
               '994' || (array['50', '51', '55', '70', '77', '99', '10'])[1 + i % 7] || lpad ((i * 7368787 % 10000000)::text, 7, '0') as phone,
               (array['Bakı', 'Bakı', 'Bakı', 'Gəncə', 'Sumqayıt', 'Mingəçevir', 'Şəki', 'Lənkəran', 'Quba', ''])[1 + (i * 31 % 97) % 10] as city,
               case when i % 5 = 0 then translate (lower (given), 'əğıöüçş', 'egioucs') || '.' || folded_family || i % 10000 || '@'
                                        || (array['mail.example', 'post.example', 'inbox.example'])[1 + i % 3] end as email,
               case when i % 500 = 0 then 'blocked' else 'active' end as status
          from (select i, 1 + floor (power (random (), 2.2) * (select count (*) from family))::integer as f,
                       1 + floor (power (random (), 1.5) * (select count (*) from given))::integer as g, 2 * (i * 104729 % 30) - 1 as p
                  from generate_series (1, current_setting ('bench.customers')::bigint) i) d
          join name n using (f, g) left join father using (p)) x;
insert into oba.customer_phones (phone, customer_id) select phone, customer_id from oba.customers where phone is not null;
insert into oba.points_accounts (customer_id, tier_id, balance, tier_spend)
  select customer_id, 1 + customer_id % 4, customer_id * 7919 % 5000, customer_id * 104729 % 700000 from oba.customers where kind = 'person';
insert into oba.customer_stats (customer_id, receipts, last_purchase_at)
  select customer_id, 1, now () - customer_id * 6007 % 170000 * interval '1 minute' from oba.customers where kind = 'person';
insert into oba.cards (token_hash, number, customer_id)
  select sha256 (customer_id::text::bytea), case when customer_id % 2 = 0 then 'OBA-' || substr (n, 1, 4) || '-' || substr (n, 5, 4)
                                                 else '9994' || lpad (customer_id::text, 10, '0') || '1' || customer_id * 7 % 10 end, customer_id
    from (select customer_id, lpad ((customer_id * 7368787 % 100000000)::text, 8, '0') as n from oba.customers where kind = 'person' and customer_id % 10 <> 0) c;
insert into oba.receipts (customer_id, sold_at, receipt_id, store_id, till_no, receipt_no, fiscal_id, total, paid_cash, line_count, source)
  select customer_id, last_purchase_at, customer_id, 1 + customer_id % 40, 1 + customer_id % 3, (20000000 + customer_id / 2)::text,
         substr (md5 (customer_id::text), 1, 12), 500, 500, 1, 'import' from oba.customer_stats;
insert into oba.receipt_keys (store_id, till_no, receipt_no, customer_id, sold_at, receipt_id)
  select store_id, till_no, receipt_no, customer_id, sold_at, receipt_id from oba.receipts;
insert into oba.segments (segment_id, name, kind, filter)
  values (1, 'Çay', 'static', null), (2, 'Xallı', 'rule', '{"points": [4990, null]}'), (3, 'Əsas', 'static', null), (4, 'Boş', 'static', null);
insert into oba.segment_members (customer_id, segment_id)
  select customer_id, case when customer_id % 200 = 0 then 1 else 3 end from oba.customers where kind = 'person' and (customer_id % 200 = 0 or customer_id % 7 = 0);
insert into oba.name_words (word) select distinct w from oba.customers c cross join lateral oba.words_of (c.search_text) w where c.kind = 'person';

do $$ declare d text; begin for d in select indexdef from later loop execute d; end loop; end $$;
select setval (pg_get_serial_sequence ('oba.customers', 'customer_id'), (select max (customer_id) from oba.customers));
drop table later, family, given, name, father;
reset session_replication_role;
