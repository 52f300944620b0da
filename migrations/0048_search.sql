-- Searching customers: one field for everything that identifies a person, ranked, as fast for a million as for a hundred.

set local role oba_owner;
set local search_path = oba, pg_catalog;

-- The ranked search reads names in their folded order and stops when it has enough: this is all it reads.
create index customers_search_order on oba.customers (search_text collate "C", customer_id) where kind = 'person';
drop index oba.customers_search_start;
create index customers_by_mail on oba.customers (lower (email) collate "C") where email is not null;
-- A printed number, however it is grouped.
create index cards_by_number on oba.cards (upper (translate (number, ' -', ''))) where customer_id is not null;
drop index oba.cards_number_start;
create index receipt_keys_by_no on oba.receipt_keys (receipt_no, sold_at);

-- ---------------------------------------------------------------- the words of names, for typing errors

-- Every word of every name, folded, once: some ten thousand for millions of customers, so that one that was mistyped is compared with all of them.
create table oba.name_words (
  word text collate "C" primary key
);
create index name_words_trgm on oba.name_words using gin (word oba.gin_trgm_ops);

-- Of a search_text: what is neither phone nor e-mail, and long enough to be mistyped.
create function oba.words_of (search_text text) returns setof text
language sql immutable parallel safe
as $$ select w from string_to_table (search_text, ' ') w where length (w) >= 3 and w !~ '[0-9@]' $$;

create function oba.name_words_add () returns trigger
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
begin
  insert into oba.name_words (word)
    select distinct w.word collate "C" as word from fresh f cross join lateral oba.words_of (f.search_text) w (word)
    where not exists (select from oba.name_words k where k.word = w.word collate "C") order by word
    on conflict do nothing;
  return null;
end $$;
create trigger name_words_add after insert on oba.customers
  referencing new table as fresh for each statement execute function oba.name_words_add ();

-- A word that nobody is called any more goes: it may be all that is left of somebody who was erased.
create function oba.name_words_change () returns trigger
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp set enable_seqscan = off
as $$
declare
  gone text;
begin
  insert into oba.name_words (word) select distinct w from oba.words_of (new.search_text) w order by 1 on conflict do nothing;
  for gone in select distinct w from oba.words_of (old.search_text) w except select w from oba.words_of (new.search_text) w loop
    perform from oba.customers c
      where c.kind = 'person' and c.customer_id <> old.customer_id and c.search_text like '%' || gone || '%' and gone in (select oba.words_of (c.search_text)) limit 1;
    if not found then
      delete from oba.name_words k where k.word = gone;
    end if;
  end loop;
  return null;
end $$;
create trigger name_words_change after update on oba.customers
  for each row when (old.search_text is distinct from new.search_text) execute function oba.name_words_change ();

insert into oba.name_words (word) select distinct w from oba.customers c cross join lateral oba.words_of (c.search_text) w where c.kind = 'person';

-- ---------------------------------------------------------------- what was typed

create function oba.like_escape (t text) returns text
language sql immutable parallel safe
return replace (replace (replace (t, '\', '\\'), '%', '\%'), '_', '\_');

/*
 * What somebody typed into the one search field, read:
 *   kind    'none': cannot be a search; 'number': digits of a phone, a card, a receipt; 'mail': a part of an e-mail address; 'words': of a name
 *   words   folded, at most 6; neighbouring groups of digits are one, as in a phone number
 *   raw     in lower case, where it may be a part of an e-mail address as it stands
 *   phones  what a phone number may begin with, digits only
 *   token   where it may be the number of a card or receipt, as typed
 */
create function oba.search_key (search text, out kind text, out words text[], out raw text, out digits text, out phones text[], out token text)
language plpgsql immutable
as $$
declare
  clean text := btrim (regexp_replace (normalize (coalesce (search, ''), nfc), '\s+', ' ', 'g'));
  folded text;
begin
  kind := 'none';
  words := '{}';
  phones := '{}';
  if length (clean) not between 1 and 200 or clean ~ '[\u0001-\u001f\u007f-\u009f\u200b\u200e\u200f\u061c\u202a-\u202e\u2060\u2066-\u2069\ufeff]' then
    return;
  end if;
  digits := regexp_replace (clean, '[^0-9]', '', 'g');
  if digits <> '' and clean !~ '@' and length (clean) between 3 and 64 then
    token := clean;
  end if;
  if digits <> '' and clean !~ '[^0-9 +().\-/]' then
    if length (digits) < 3 then
      return;
    end if;
    kind := 'number';
    phones := case when clean ~ '^\+' then array[digits]
                   when digits ~ '^00.' then array[substr (digits, 3)]
                   when digits ~ '^0.' then array['994' || substr (digits, 2)]
                   else array[digits, '994' || digits] end;
  elsif position ('@' in clean) > 0 then
    kind := 'mail';
    raw := lower (clean);
  else
    folded := regexp_replace (oba.fold (clean), '([0-9]) (?=[0-9])', '\1', 'g');
    folded := regexp_replace (folded, '(^| )0(?=[0-9]{3})', '\1', 'g');
    words := (string_to_array (nullif (folded, ''), ' '))[1:6];
    if words is null then
      words := '{}';
      return;
    end if;
    kind := 'words';
    raw := case when clean !~ '[ ]' and clean !~ '[^\u0021-\u007e]' and lower (clean) <> folded then lower (clean) end;
  end if;
end $$;

/*
 * The same as conditions, in SQL, on t (the search_text of a person): @starts: the name begins with the words in order, or the phone number with
 * the digits; @at_words: each word begins some word; @anywhere: it is found at all; @indexed: as @anywhere or wider, on c.search_text, in a form
 * that customers_search answers. Every value is quoted by format().
 */
create function oba.search_conditions (search text, out starts text, out at_words text, out anywhere text, out indexed text,
                                       out indexed_at_words text)
language plpgsql immutable
as $$
declare
  k record := oba.search_key (search);
  raw text := oba.like_escape (k.raw);
  long_words text[] := array (select w from unnest (k.words) w where length (w) >= 3);
begin
  if k.kind = 'number' then
    starts := '(' || (select string_agg (format ('t like %L', '% ' || p || '%'), ' or ') from unnest (k.phones) p) || ')';
    anywhere := '(' || format ('t like %L', '%' || k.digits || '%') || case when k.digits ~ '^0' then ' or ' || starts else '' end || ')';
    at_words := 'false';
  elsif k.kind = 'mail' then
    starts := 'false';
    at_words := case when raw ~ '^[a-z0-9]' then format ('( t like %L)', '% ' || raw || '%') else 'false' end;
    anywhere := format ('t like %L', '%' || raw || '%');
  elsif k.kind = 'words' then
    starts := format ('t like %L', array_to_string (k.words, '% ') || '%');
    at_words := '(' || (select string_agg (format ($q$' ' || t like %L$q$, '% ' || w || '%'), ' and ') from unnest (k.words) w)
                || case when raw is null then '' else format (' or t like %L', '% ' || raw || '%') end || ')';
    anywhere := '(' || (select string_agg (case when length (w) < 3 then format ($q$' ' || t like %L$q$, '% ' || w || '%')
                                                else format ('t like %L', '%' || w || '%') end, ' and ') from unnest (k.words) w)
                || case when raw is null then '' else format (' or t like %L', '%' || raw || '%') end || ')';
    if long_words <> '{}' then
      indexed := '(' || (select string_agg (format ('c.search_text like %L', '%' || w || '%'), ' and ') from unnest (long_words) w)
                 || case when raw is null then '' else format (' or c.search_text like %L', '%' || raw || '%') end || ')';
    else
      indexed := '(' || (select string_agg (format ('c.search_text like %L or c.search_text like %L', w || '%', '% ' || w || '%'), ' or ') from unnest (k.words[1:1]) w) || ')';
    end if;
  end if;
  indexed := coalesce (indexed, replace (anywhere, 't like', 'c.search_text like'));
  indexed_at_words := case
    when k.kind = 'words' and cardinality (k.words) = 1 then replace (at_words, $q$' ' || t like$q$, 'c.search_text like')
    when k.kind = 'mail' then at_words
    when k.kind = 'number' then 'false'
    else indexed end;
  indexed_at_words := replace (indexed_at_words, ' t like', ' c.search_text like');
end $$;

-- Whom a number or an address names exactly; the newest 1,000 receipts of a number that many tills have used.
create function oba.search_exactly (search text) returns setof bigint
language plpgsql stable
set plan_cache_mode = force_custom_plan set enable_seqscan = off
as $$
declare
  k record := oba.search_key (search);
begin
  return query select p.customer_id from oba.customer_phones p where p.phone = any (select '+' || x from unnest (k.phones) x);
  if k.kind = 'mail' then
    return query select c.customer_id from oba.customers c where c.email is not null and lower (c.email) collate "C" = k.raw;
  end if;
  if k.token is not null then
    return query select d.customer_id from oba.cards d where d.customer_id is not null and upper (translate (d.number, ' -', '')) = upper (translate (k.token, ' -', ''));
    return query select x.customer_id from (select r.customer_id from oba.receipt_keys r where r.receipt_no = k.token order by r.sold_at desc limit 1000) x;
    if length (k.token) >= 6 then
      return query select x.customer_id from (select r.customer_id from oba.receipts r where r.fiscal_id = k.token limit 100) x;
    end if;
  end if;
end $$;

-- ---------------------------------------------------------------- the ranked search

-- Loads the library whose setting the next function has.
select oba.similarity ('a', 'b');

-- The words of names that @word may have been meant to be, the likeliest first.
create function oba.similar_words (word text) returns setof text
language sql stable
set pg_trgm.similarity_threshold = 0.25
as $$
  select n.word from oba.name_words n where n.word operator (oba.%) similar_words.word
  order by oba.similarity (n.word, similar_words.word) desc, abs (length (n.word) - length (similar_words.word)), n.word limit 6
$$;

/*
 * Names like the one that was mistyped: words that begin no name are taken for the words they are most like. At most @page, the likeliest first.
 */
create function oba.search_similar (search text, page integer) returns setof bigint
language plpgsql stable
set plan_cache_mode = force_custom_plan set enable_seqscan = off set jit = off
as $$
declare
  k record := oba.search_key (search);
  s record;
  typed text;
  texts text[] := array[''];
  candidates text[];
  one text;
  found_ids bigint[] := '{}';
  more bigint[];
begin
  if k.kind <> 'words' then
    return;
  end if;
  foreach typed in array k.words loop
    if length (typed) < 3 or typed ~ '[0-9]'
       or exists (select from oba.name_words n where n.word >= typed collate "C" and n.word < (typed || chr (1114111)) collate "C") then
      candidates := array[typed];
    else
      candidates := array (select oba.similar_words (typed));
    end if;
    texts := array (select btrim (t.text || ' ' || c.word) from unnest (texts) with ordinality t (text, n), unnest (candidates) with ordinality c (word, n)
                    order by t.n + c.n, t.n limit 12);
  end loop;
  foreach one in array texts loop
    s := oba.search_conditions (one);
    execute 'select array (select l.id from (select m.t, m.id from (select c.search_text as t, c.customer_id as id from oba.customers c where c.kind = ''person'' and '
            || s.indexed || ' offset 0) m where ' || s.at_words || ' and m.id <> all ($1) limit $2) l order by l.t collate "C", l.id)'
      into more using found_ids, page - cardinality (found_ids);
    found_ids := found_ids || more;
    exit when cardinality (found_ids) >= page;
  end loop;
  return query select unnest (found_ids);
end $$;

/*
 * The first @page customers that fit a text, best first. rank 0: it is their phone, card, e-mail address or receipt; 1: their name begins with the
 * words in order, their number with the digits; 2: each word begins a word of theirs; 3: it is anywhere in name, phone or e-mail; 4: nobody has it,
 * but these names are like it. Within a rank by name as it is folded, numbers by number. total: how many there are, null when there are more than were counted.
 *
 * A million customers are not read: those whom a common text finds come first in the order in which they are read, so that the reading stops; those
 * whom a rare one finds are few in the trigram index. It tries the one, then the other.
 */
create function oba.search_customers (search text, page integer default 200) returns table (customer_id bigint, rank integer, total bigint)
language plpgsql stable
set plan_cache_mode = force_custom_plan set enable_seqscan = off set jit = off
as $$
declare
  k record := oba.search_key (search);
  s record := oba.search_conditions (search);
  head constant text := 'select array (select x.id from (select c.search_text as t, c.customer_id as id from oba.customers c where c.kind = ''person'''
                        ' order by c.search_text collate "C", c.customer_id limit $3) x where ';
  indexed constant text := '(select c.search_text as t, c.customer_id as id from oba.customers c where c.kind = ''person'' and %s offset 0) m where ';
  depth constant integer := greatest (30000, page * 20);
  ids bigint[] := '{}';
  ranks integer[] := '{}';
  n bigint;
  prefix text;
  more bigint[];
  more_ranks integer[];
  anyhow bigint[];
begin
  if k.kind = 'none' or page not between 1 and 100000 then
    return;
  end if;
  ids := array (select c.customer_id from oba.customers c where c.customer_id in (select oba.search_exactly (search)) and c.kind = 'person'
                order by c.sort_name, c.customer_id limit page);
  ranks := array_fill (0, array[cardinality (ids)]);

  -- 1
  if k.kind = 'words' then
    execute 'select array (select x.id from (select c.search_text as t, c.customer_id as id from oba.customers c where c.kind = ''person'' and c.search_text collate "C" >= $3'
            ' and c.search_text collate "C" < $4 order by c.search_text collate "C", c.customer_id) x where ' || s.starts || ' and x.id <> all ($1) limit $2)'
      into more using ids, page - cardinality (ids), k.words[1], k.words[1] || chr (1114111);
    ids := ids || more;
  end if;
  foreach prefix in array k.phones loop
    more := array (select c.customer_id from oba.customers c where c.kind = 'person' and c.phone >= '+' || prefix and c.phone < '+' || prefix || ':'
                   and c.customer_id <> all (ids) order by c.phone, c.customer_id limit page - cardinality (ids));
    ids := ids || more;
  end loop;
  if k.token is not null and length (k.token) >= 4 then
    more := array (select x.customer_id from (select d.customer_id, min (d.number) as number from oba.cards d where d.customer_id is not null
                   and upper (translate (d.number, ' -', '')) like oba.like_escape (upper (translate (k.token, ' -', ''))) || '%'
                   group by d.customer_id) x where x.customer_id <> all (ids) order by x.number limit page - cardinality (ids));
    ids := ids || more;
  end if;
  ranks := ranks || array_fill (1, array[cardinality (ids) - cardinality (ranks)]);

  -- 2, 3: in their order
  if cardinality (ids) < page then
    execute head || s.anywhere || ' and not ' || s.starts || ' and x.id <> all ($1) limit $2)' into anyhow using ids, page - cardinality (ids), depth;
  end if;
  if cardinality (ids) < page and cardinality (ids) + cardinality (anyhow) >= page then
    execute head || s.at_words || ' and not ' || s.starts || ' and x.id <> all ($1) limit $2)' into more using ids, page - cardinality (ids), depth;
    if cardinality (ids) + cardinality (more) < page then
      -- Common inside words; those that begin one come first all the same, and are rare: of many that only look so, 3,000 are looked at.
      execute 'select array (select m.id from ' || replace (replace (indexed, '%s', s.indexed_at_words), 'offset 0', 'limit 3000') || s.at_words || ' and not ' || s.starts
              || ' and m.id <> all ($1) order by m.t collate "C", m.id limit $2)'
        into more using ids, page - cardinality (ids);
    end if;
    ids := ids || more;
    ranks := ranks || array_fill (2, array[cardinality (more)]);
    more := array (select u.id from unnest (anyhow) with ordinality u (id, place) where u.id <> all (ids) order by u.place limit page - cardinality (ids));
    ids := ids || more;
    ranks := ranks || array_fill (3, array[cardinality (more)]);
  end if;
  -- 2, 3: by their trigrams
  if cardinality (ids) < page then
    n := cardinality (ids);
    execute 'with found as materialized (select m.id, m.t, case when ' || s.at_words || ' then 2 else 3 end as r from ' || replace (indexed, '%s', s.indexed) || s.anywhere
            || ' and not ' || s.starts || ' and m.id <> all ($1)), best as (select * from found order by r, t collate "C", id limit $2)'
               ' select array_agg (b.id order by b.r, b.t collate "C", b.id), array_agg (b.r order by b.r, b.t collate "C", b.id), (select count (*) from found) from best b'
      into more, more_ranks, total using ids, page - cardinality (ids);
    total := n + total;
    ids := ids || coalesce (more, '{}');
    ranks := ranks || coalesce (more_ranks, '{}');
  end if;
  if total = 0 then
    ids := array (select oba.search_similar (search, least (page, 200)));
    ranks := array_fill (4, array[cardinality (ids)]);
    total := cardinality (ids);
  end if;
  -- Who was merged is the one they were merged into; who was erased is nobody.
  return query
  select m.id, m.r, search_customers.total
  from (select distinct on (r.id) r.id, u.r, u.place
        from unnest (ids, ranks) with ordinality u (id, r, place) join oba.customers c on c.customer_id = u.id
        cross join lateral (select case when c.merged_into is null then c.customer_id else oba.customer_root (c.customer_id) end as id) r
        where c.status <> 'erased' order by r.id, u.place) m
  order by m.place limit page;
end $$;

-- Whoever the text finds, in no order, some twice; nobody: those with names like it. What ObaCustomerQuery and filter_customers() narrow down.
create function oba.text_customers (search text) returns setof bigint
language plpgsql stable
set plan_cache_mode = force_custom_plan set enable_seqscan = off
as $$
declare
  any_found boolean := false;
  s record := oba.search_conditions (search);
  k record := oba.search_key (search);
begin
  if k.kind = 'none' then
    return;
  end if;
  return query execute 'select case when m.merged_into is null then m.id else oba.customer_root (m.id) end from (select c.search_text as t, c.customer_id as id, c.merged_into'
                       ' from oba.customers c where c.kind = ''person'' and ' || s.indexed || ' offset 0) m where ' || s.anywhere;
  any_found := found;
  return query select oba.customer_root (x) from oba.search_exactly (search) x;
  any_found := any_found or found;
  if k.token is not null and length (k.token) >= 4 then
    return query select oba.customer_root (d.customer_id) from oba.cards d
      where d.customer_id is not null and upper (translate (d.number, ' -', '')) like oba.like_escape (upper (translate (k.token, ' -', ''))) || '%' limit 1000;
    any_found := any_found or found;
  end if;
  if not any_found then
    return query select oba.customer_root (x) from oba.search_similar (search, 200) x;
  end if;
end $$;

-- How many customers a text finds by name, phone or e-mail, counted up to @most and one more.
create function oba.count_found (search text, most integer default 10000) returns bigint
language plpgsql stable
set plan_cache_mode = force_custom_plan set enable_seqscan = off set jit = off
as $$
declare
  s record := oba.search_conditions (search);
  depth constant integer := 20000;
  n bigint;
begin
  if s.anywhere is null then
    return 0;
  end if;
  execute 'select count (*) from (select c.search_text as t from oba.customers c where c.kind = ''person'' order by c.search_text collate "C", c.customer_id limit $1) x where '
          || s.anywhere into n using depth;
  if n > depth / 20 then
    -- One in twenty or more: reading on in order is the fastest.
    execute 'select count (*) from (select from (select c.search_text as t from oba.customers c where c.kind = ''person'' order by c.search_text collate "C", c.customer_id) x where '
            || s.anywhere || ' limit $1) y' into n using most + 1;
  else
    execute 'select count (*) from (select from (select c.search_text as t from oba.customers c where c.kind = ''person'' and ' || s.indexed || ' offset 0) x where '
            || s.anywhere || ' limit $1) y' into n using most + 1;
  end if;
  return n;
end $$;

-- ---------------------------------------------------------------- the rows of the list

/*
 * The rows of the list for these customers, in no order: for every role. Who may not see who a customer is gets them without name, phone and e-mail
 * address. @language: of the tier, "az", "ru" or "en".
 */
create function oba.customer_rows (ids bigint[], language text)
  returns table (customer_id bigint, name text, phone text, city text, status text, tier text, balance bigint, tier_spend bigint, last_purchase_at timestamptz,
                 registered_at timestamptz, email text, birth_date date, language_of text, store text, receipts bigint)
language plpgsql stable security definer set search_path = oba, pg_catalog, pg_temp
as $$
declare
  named boolean := has_column_privilege (session_user, 'oba.customers', 'phone', 'select');
begin
  if not has_column_privilege (session_user, 'oba.customers', 'customer_id', 'select') then
    raise exception using errcode = 'insufficient_privilege', message = 'permission denied for table customers';
  end if;
  return query
  select c.customer_id, case when named then concat_ws (' ', nullif (c.family_name, ''), nullif (c.given_name, '')) else '' end,
         case when named then c.phone end, c.city, c.status,
         case customer_rows.language when 'az' then t.name_az when 'ru' then t.name_ru else t.name_en end,
         coalesce (a.balance, 0), coalesce (a.tier_spend, 0), s.last_purchase_at, c.registered_at,
         case when named then c.email end, c.birth_date, c.language, st.name, coalesce (s.receipts, 0)
    from oba.customers c
    left join oba.points_accounts a on a.customer_id = c.customer_id
    left join oba.tiers t on t.tier_id = a.tier_id
    left join oba.customer_stats s on s.customer_id = c.customer_id
    left join oba.stores st on st.store_id = coalesce (c.preferred_store_id, c.registered_store_id)
   where c.customer_id = any (ids);
end $$;

-- ---------------------------------------------------------------- rights: of those who see who a customer is

do $$
declare
  people constant text := 'oba_clerk, oba_supervisor, oba_admin, oba_auditor, oba_helper';
begin
  execute 'grant execute on function oba.customer_rows (bigint[], text) to oba_marketing, ' || people;
  execute 'grant execute on function oba.customer_root (bigint) to oba_marketing, ' || people;
  execute 'grant select on oba.name_words to ' || people;
  execute 'grant execute on function oba.words_of (text), oba.like_escape (text), oba.search_key (text), oba.search_conditions (text), oba.search_exactly (text), '
          'oba.text_customers (text), oba.similar_words (text), oba.search_similar (text, integer), oba.search_customers (text, integer), oba.count_found (text, integer) to ' || people;
end $$;

reset role;
