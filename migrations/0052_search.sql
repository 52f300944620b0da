-- Searching customers, for every kind of key within a tenth of a second among a million, whatever is common and whatever is rare.

set local role oba_owner;
set local search_path = oba, pg_catalog;

-- Any part of a printed number: the last four digits are what people read out.
create index cards_number_part on oba.cards using gin (upper (translate (number, ' -', '')) oba.gin_trgm_ops) where customer_id is not null;
-- Any part of an e-mail address, apart from the names, which are parts of most addresses.
create index customers_mail_part on oba.customers using gin (lower (email) oba.gin_trgm_ops) where email is not null;

/*
 * The three ways to read customers. @condition is on t (a search_text) and was made by search_conditions(), with every value quoted;
 * @but: who was found already; at most @most; all give them in the order of the folded names.
 */

-- From the first name on, at most @depth customers: for what is common.
create function oba.search_in_order (condition text, but bigint[], most integer, depth integer) returns bigint[]
language plpgsql stable
set plan_cache_mode = force_custom_plan set enable_seqscan = off set jit = off
as $$
declare
  ids bigint[];
begin
  if most < 1 then
    return '{}';
  end if;
  execute 'select array (select x.id from (select c.search_text as t, c.customer_id as id from oba.customers c where c.kind = ''person'''
          ' order by c.search_text collate "C", c.customer_id limit $1) x where ' || condition || ' and x.id <> all ($2) limit $3)'
    into ids using depth, but, most;
  return ids;
end $$;

-- Those whose names begin with one of @beginnings, which are in order and none of which begins another; at most @depth customers are read.
create function oba.search_beginnings (beginnings text[], condition text, but bigint[], most integer, depth integer) returns bigint[]
language plpgsql stable
set plan_cache_mode = force_custom_plan set enable_seqscan = off set jit = off
as $$
declare
  ids bigint[];
begin
  if most < 1 then
    return '{}';
  end if;
  execute 'select array (select x.id from (select r.t, r.id from unnest ($1) b cross join lateral (select c.search_text as t, c.customer_id as id from oba.customers c'
          ' where c.kind = ''person'' and c.search_text collate "C" >= b and c.search_text collate "C" < b || chr (1114111)'
          ' order by c.search_text collate "C", c.customer_id) r limit $4) x where ' || condition || ' and x.id <> all ($2) limit $3)'
    into ids using beginnings, but, most, depth;
  return ids;
end $$;

-- By the trigrams of @indexed, a condition on c.search_text: for what is rare.
create function oba.search_indexed (indexed text, condition text, but bigint[], most integer) returns bigint[]
language plpgsql stable
set plan_cache_mode = force_custom_plan set enable_seqscan = off set jit = off
as $$
declare
  ids bigint[];
begin
  if most < 1 then
    return '{}';
  end if;
  execute 'select array (select m.id from (select c.search_text as t, c.customer_id as id from oba.customers c where c.kind = ''person'' and ' || indexed
          || ' offset 0) m where ' || condition || ' and m.id <> all ($1) order by m.t collate "C", m.id limit $2)'
    into ids using but, most;
  return ids;
end $$;

-- Of @word, folded: the words of names that begin with it, or only hold it, in order. At most @most, else none: so many are no help.
create function oba.search_names (word text, inside boolean, most integer) returns text[]
language plpgsql stable
set plan_cache_mode = force_custom_plan set enable_seqscan = off
as $$
declare
  names text[];
begin
  if inside then
    names := array (select n.word from oba.name_words n where n.word like '%' || search_names.word || '%' and n.word not like search_names.word || '%'
                    order by n.word limit most + 1);
  else
    names := array (select n.word from oba.name_words n where n.word >= search_names.word collate "C" and n.word < (search_names.word || chr (1114111)) collate "C"
                    order by n.word limit most + 1);
  end if;
  return case when cardinality (names) <= most then names end;
end $$;

-- Those whose family name and next name begin with @one and @two, whatever else @condition says.
create function oba.search_pair (one text, two text, condition text, but bigint[], most integer) returns bigint[]
language plpgsql stable
as $$
declare
  families text[] := oba.search_names (one, false, 1000);
  names text[] := oba.search_names (two, false, 1000);
begin
  if most < 1 then
    return '{}';
  end if;
  if cardinality (families) * cardinality (names) <= 2000 then
    return oba.search_beginnings (array (select f || ' ' || n from unnest (families) with ordinality f (f, x), unnest (names) with ordinality n (n, y) order by x, y),
                                  condition, but, most, 15000);
  end if;
  return oba.search_beginnings (array[one], condition, but, most, 15000);
end $$;

/*
 * Names like the one that was mistyped: words that begin no name are taken for the words they are most like. At most @page, the likeliest first.
 */
create or replace function oba.search_similar (search text, page integer) returns setof bigint
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
  if texts = array[array_to_string (k.words, ' ')] then
    return;
  end if;
  -- Where such names are common first, then by their trigrams.
  foreach one in array texts loop
    s := oba.search_conditions (one);
    candidates := string_to_array (one, ' ');
    if cardinality (candidates) = 1 then
      found_ids := found_ids || oba.search_beginnings (candidates, 'true', found_ids, page - cardinality (found_ids), page * 2);
      found_ids := found_ids || oba.search_in_order (s.at_words, found_ids, page - cardinality (found_ids), 3000);
    else
      found_ids := found_ids || oba.search_pair (candidates[1], candidates[2], s.at_words, found_ids, page - cardinality (found_ids));
      found_ids := found_ids || oba.search_pair (candidates[2], candidates[1], s.at_words, found_ids, page - cardinality (found_ids));
    end if;
  end loop;
  if found_ids = '{}' then
    foreach one in array texts loop
      s := oba.search_conditions (one);
      found_ids := found_ids || oba.search_indexed (s.indexed, s.at_words, found_ids, page - cardinality (found_ids));
      exit when found_ids <> '{}';
    end loop;
  end if;
  return query select unnest (found_ids);
end $$;

/*
 * The first @page customers that fit a text, best first. rank 0: it is their phone, card, e-mail address or receipt; 1: their name begins with the
 * words in order, their number with the digits; 2: each word begins a word of theirs; 3: it is anywhere in name, phone, card or e-mail; 4: nobody has
 * it, but these names are like it. Within a rank family names come first, then by name as it is folded, numbers by number. total: how many there are,
 * null when there may be more than @page.
 *
 * A million customers are not read. What is common is found soon by reading on in the order of names, what is rare is few in the trigram index: it tries the
 * one, for a while, then the other. Family names are the exception, common and all in one place: name_words tells where to read.
 */
create or replace function oba.search_customers (search text, page integer default 200) returns table (customer_id bigint, rank integer, total bigint)
language plpgsql stable
set plan_cache_mode = force_custom_plan set enable_seqscan = off set jit = off
as $$
declare
  k record := oba.search_key (search);
  s record := oba.search_conditions (search);
  typed constant text := lower (btrim (search));
  depth constant integer := greatest (15000, page * 20);
  n constant integer := cardinality (k.words);
  names constant text[] := array (select w from unnest (k.words) w where w !~ '[0-9]');
  at_words text;
  whole_words text;
  begins boolean;
  strange boolean;
  ids bigint[] := '{}';
  ranks integer[] := '{}';
  prefix text;
  word text;
  printed text := oba.like_escape (upper (translate (k.token, ' -', '')));
begin
  if k.kind = 'none' or page not between 1 and 100000 then
    return;
  end if;
  ids := array (select c.customer_id from oba.customers c where c.customer_id in (select oba.search_exactly (search)) and c.kind = 'person'
                order by c.sort_name, c.customer_id limit page);
  ranks := array_fill (0, array[cardinality (ids)]);

  -- 1
  if n = 1 then
    ids := ids || oba.search_beginnings (k.words, 'true', ids, page - cardinality (ids), page * 2);
  elsif n > 1 then
    ids := ids || oba.search_pair (k.words[1], k.words[2], s.starts, ids, page - cardinality (ids));
  end if;
  foreach prefix in array k.phones loop
    ids := ids || array (select c.customer_id from oba.customers c where c.kind = 'person' and c.phone >= '+' || prefix and c.phone < '+' || prefix || ':'
                         and c.customer_id <> all (ids) order by c.phone, c.customer_id limit page - cardinality (ids));
  end loop;
  if length (printed) >= 4 then
    ids := ids || array (select x.customer_id from (select d.customer_id, min (upper (translate (d.number, ' -', ''))) as number from
                           (select d.customer_id, d.number from oba.cards d where d.customer_id is not null and upper (translate (d.number, ' -', '')) like printed || '%'
                            order by upper (translate (d.number, ' -', '')) limit page * 2) d
                         group by d.customer_id) x where x.customer_id <> all (ids) order by x.number limit page - cardinality (ids));
  end if;
  ranks := ranks || array_fill (1, array[cardinality (ids) - cardinality (ranks)]);

  -- 2
  begins := n > 0 and cardinality (names) = n
            and not exists (select from unnest (names) w where not exists (select from oba.name_words x where x.word >= w collate "C" and x.word < (w || chr (1114111)) collate "C"));
  if begins and cardinality (ids) < page then
    -- That it is there at all is seen sooner than where.
    at_words := (select format ('t like %L and ', '%' || w || '%') from unnest (names) w order by length (w) desc limit 1)
                || (select string_agg (format ($q$' ' || t like %L$q$, '% ' || w || '%'), ' and ') from unnest (names) w);
    if n > 1 then
      ids := ids || oba.search_pair (names[2], names[1], at_words, ids, page - cardinality (ids));
      foreach word in array names[1:3] loop
        ids := ids || oba.search_beginnings (array[word], at_words, ids, page - cardinality (ids), depth);
      end loop;
    end if;
    ids := ids || oba.search_in_order (at_words, ids, page - cardinality (ids), depth);
    if n = 1 and cardinality (ids) < page then
      -- In full where they are few: beginnings of words are beginnings of parts of e-mail addresses, too, for the index.
      whole_words := (select string_agg (format ('c.search_text like %L', '% ' || w || ' %'), ' or ') from unnest (oba.search_names (names[1], false, 20)) w);
      ids := ids || oba.search_indexed (coalesce ('(' || whole_words || ')', format ('c.search_text like %L', '% ' || names[1] || '%')), at_words, ids, page - cardinality (ids));
    end if;
  end if;
  if (k.kind = 'mail' or typed !~ ' ') and typed ~ '^[\u0021-\u007e]+$' then
    ids := ids || array (select c.customer_id from oba.customers c where c.email is not null and lower (c.email) collate "C" >= typed
                         and lower (c.email) collate "C" < typed || chr (1114111) and c.customer_id <> all (ids)
                         order by lower (c.email) collate "C", c.customer_id limit page - cardinality (ids));
  end if;
  ranks := ranks || array_fill (2, array[cardinality (ids) - cardinality (ranks)]);

  -- 3
  if length (k.digits) >= 12 and k.kind = 'number' and ids <> '{}' then
    -- A whole number is no part of another one.
    s.anywhere := 'false';
    printed := null;
  elsif k.kind = 'mail' then
    s.indexed := format ('c.email is not null and lower (c.email) like %L', '%' || oba.like_escape (k.raw) || '%');
  elsif k.kind = 'number' then
    -- Those that begin with the digits are all there by now.
    s.anywhere := format ('t like %L', '%' || k.digits || '%');
    s.indexed := format ('c.search_text like %L', '%' || k.digits || '%');
  elsif k.kind = 'words' then
    -- A word of one or two letters is the beginning of a name, or the name is not known here; "leyla.quli" inside is of an e-mail address.
    strange := (n > 1 and k.raw is not null) or exists (select from unnest (names) w where length (w) < 3
                       and not exists (select from oba.name_words x where x.word >= w collate "C" and x.word < (w || chr (1114111)) collate "C"));
    if strange then
      s.anywhere := coalesce (format ('t like %L', '%' || oba.like_escape (k.raw) || '%'), 'false');
      s.indexed := format ('c.email is not null and lower (c.email) like %L', '%' || oba.like_escape (k.raw) || '%');
    elsif not begins or n = 1 then
      foreach word in array names[1:3] loop
        if length (word) >= 3 then
          ids := ids || oba.search_beginnings (array (select w || ' ' from unnest (oba.search_names (word, true, 1000)) w), s.anywhere, ids, page - cardinality (ids), depth);
        end if;
      end loop;
    end if;
  end if;
  if s.anywhere <> 'false' and (k.kind = 'mail' or (k.kind = 'number' and length (k.digits) <= 4) or n = 1 or k.raw is not null or (not begins and cardinality (names) = n)) then
    ids := ids || oba.search_in_order (s.anywhere, ids, page - cardinality (ids), depth);
  end if;
  if s.anywhere <> 'false' then
    ids := ids || oba.search_indexed (s.indexed, s.anywhere, ids, page - cardinality (ids));
  end if;
  if length (printed) >= 4 and cardinality (ids) < page then
    ids := ids || array (select distinct d.id from (select x.customer_id as id from oba.cards x where x.customer_id is not null
                                                     and upper (translate (x.number, ' -', '')) like '%' || printed || '%' offset 0) d
                         where d.id <> all (ids) order by d.id limit page - cardinality (ids));
  end if;
  ranks := ranks || array_fill (3, array[cardinality (ids) - cardinality (ranks)]);

  if ids = '{}' then
    ids := array (select oba.search_similar (search, least (page, 200)));
    ranks := array_fill (4, array[cardinality (ids)]);
  end if;
  -- Who was merged is the one they were merged into; who was erased is nobody.
  return query
  select m.id, m.r, case when cardinality (ids) < page then count (*) over () end
  from (select distinct on (r.id) r.id, case when u.r in (2, 3) and k.kind = 'words' and c.search_text like oba.like_escape (array_to_string (k.words, '% ')) || '%' then 1 else u.r end as r, u.place
        from unnest (ids, ranks) with ordinality u (id, r, place) join oba.customers c on c.customer_id = u.id
        cross join lateral (select case when c.merged_into is null then c.customer_id else oba.customer_root (c.customer_id) end as id) r
        where c.status <> 'erased' order by r.id, u.place) m
  order by m.r, m.place limit page;
end $$;

/*
 * Everybody whose name, phone number or e-mail address holds the text, but for @but: in the order of names where they are many. Who was merged is the one they
 * were merged into.
 */
create function oba.search_texts (search text, but bigint[]) returns setof bigint
language plpgsql stable
set plan_cache_mode = force_custom_plan set enable_seqscan = off set jit = off
as $$
declare
  s record := oba.search_conditions (search);
  source text := case when cardinality (oba.search_in_order (s.anywhere, '{}', 150, 15000)) = 150 then 'true' else s.indexed end;
begin
  return query execute 'select x.id from (select c.search_text as t, c.customer_id as id from oba.customers c where c.kind = ''person'' and ' || source
                       || ' order by c.search_text collate "C", c.customer_id) x where ' || s.anywhere || ' and x.id <> all ($1)'
                          ' and x.id not in (select m.customer_id from oba.customers m where m.merged_into is not null)'
    using but;
  return query execute 'select distinct y.id from (select r.search_text as t, r.customer_id as id from (select c.search_text as t, oba.customer_root (c.customer_id) as root'
                       ' from oba.customers c where c.merged_into is not null) x join oba.customers r on r.customer_id = x.root where ' || replace (s.anywhere, 't like', 'x.t like')
                       || ') y where not ' || s.anywhere || ' and y.id <> all ($1)'
    using but;
end $$;

-- Everybody a text finds: the best first, those after the 1,000th by name.
create function oba.search_all (search text) returns setof bigint
language plpgsql stable
as $$
declare
  best bigint[] := array (select f.customer_id from oba.search_customers (search, 1000) f);
begin
  return query select unnest (best);
  if cardinality (best) = 1000 then
    return query select oba.search_texts (search, best);
  end if;
end $$;

-- Whoever the text finds, in no order, some twice; nobody: those with names like it. What ObaCustomerQuery and filter_customers() narrow down.
create or replace function oba.text_customers (search text) returns setof bigint
language plpgsql stable
set plan_cache_mode = force_custom_plan set enable_seqscan = off
as $$
declare
  any_found boolean := false;
  k record := oba.search_key (search);
  printed constant text := oba.like_escape (upper (translate (k.token, ' -', '')));
begin
  if k.kind = 'none' then
    return;
  end if;
  return query select oba.search_texts (search, '{}');
  any_found := found;
  return query select oba.customer_root (x) from oba.search_exactly (search) x;
  any_found := any_found or found;
  if length (printed) >= 4 then
    return query select oba.customer_root (d.customer_id) from oba.cards d
      where d.customer_id is not null and upper (translate (d.number, ' -', '')) like '%' || printed || '%' limit 1000;
    any_found := any_found or found;
  end if;
  if not any_found then
    return query select oba.customer_root (x) from oba.search_similar (search, 200) x;
  end if;
end $$;

drop function oba.count_found (text, integer);

do $$
declare
  people constant text := 'oba_clerk, oba_supervisor, oba_admin, oba_auditor, oba_helper';
begin
  execute 'grant execute on function oba.search_in_order (text, bigint[], integer, integer), oba.search_beginnings (text[], text, bigint[], integer, integer), '
          'oba.search_indexed (text, text, bigint[], integer), oba.search_names (text, boolean, integer), oba.search_pair (text, text, text, bigint[], integer), '
          'oba.search_texts (text, bigint[]), oba.search_all (text) to ' || people;
end $$;

reset role;
