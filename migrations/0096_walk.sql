-- What a till sends as the number of a receipt, its cashier or its fiscal id can be seen and typed; a payment below nothing is called that. Cashiers are found as people type them.

set local role oba_owner;
set local search_path = oba, pg_catalog;

create function oba.patch_function (name text, old_text text, new_text text) returns void
language plpgsql
as $$
declare
  source text := pg_get_functiondef (name::regproc);
begin
  if length (source) - length (replace (source, old_text, '')) <> length (old_text) then
    raise exception 'The text to change is not in % once: %', name, old_text;
  end if;
  execute replace (source, old_text, new_text);
end $$;

-- What nobody can see or search for (what was recorded before can be put right all the same): control characters, marks that turn the line around, spaces without width.
create function oba.holds_unseen (said text) returns boolean
language sql immutable parallel safe
return said ~ '[\u0001-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]';

select oba.patch_function ('oba.enter_receipt', 'or no ~ ''[[:cntrl:]]'' or till not between 0 and 9999 then ''number''
', 'or till not between 0 and 9999 then ''number''
    when not coalesce (link ? ''carried'', false) and oba.holds_unseen (concat (no, request ->> ''cashier'', request ->> ''fiscal_id'')) then ''unseen''
');
select oba.patch_function ('oba.enter_receipt', '    when pay is not null and (least (cash, card, other, by_points) < 0 or cash', '    when pay is not null and least (cash, card, other, by_points) < 0 then ''below''
    when pay is not null and (cash');
select oba.patch_function ('oba.enter_receipt', '      when ''length'' then', '      when ''unseen'' then
        perform oba.refuse (''OB001'', ''The receipt number, the cashier or the fiscal id holds an invisible character.'', ''Send them as they are printed.'');
      when ''below'' then perform oba.refuse (''OB010'', ''No payment of a sale is below 0.'');
      when ''length'' then');
select oba.patch_function ('oba.do_return_lines', 'or no ~ ''[[:cntrl:]]'' or till not', 'or till not');
select oba.patch_function ('oba.do_return_lines', 'a fiscal id 64.'');
  end if;
', 'a fiscal id 64.'');
  elsif oba.holds_unseen (concat (no, request ->> ''cashier'', request ->> ''fiscal_id'')) then
    perform oba.refuse (''OB001'', ''The receipt number, the cashier or the fiscal id holds an invisible character.'', ''Send them as they are printed.'');
  end if;
');
drop function oba.patch_function (text, text, text);

-- ---------------------------------------------------------------- suggestions of the filter

-- What 0076 made belongs to whoever migrates.
reset role;

/*
 * The letters that a letter of a search may stand for, itself first: “e” also “ə”, small ones also large ones. What a keyboard without Azerbaijani letters types finds the names
 * that have them.
 */
create function oba.letters_for (letter text) returns text[]
language sql immutable parallel safe
return (select array_agg (v.l order by v.place)
        from (select u.l, min (u.n) as place
              from unnest (string_to_array (letter || lower (letter) || upper (letter)
                                            || case translate (lower (letter), 'əığşçöüİ', 'eigscoui')
                                                 when 'e' then 'eəEƏ' when 'i' then 'iıİI' when 'g' then 'gğGĞ' when 's' then 'sşSŞ' when 'c' then 'cçCÇ' when 'o' then 'oöOÖ'
                                                 when 'u' then 'uüUÜ' else '' end, null)) with ordinality u (l, n)
              group by u.l) v);

/*
 * As in 0076, and without regard to case and Azerbaijani letters: of the beginnings that could be meant only those are followed that some name has, letter by letter, each found or
 * not by one look into the index.
 */
create or replace function oba.cashiers_like (beginning text, most integer) returns setof text
language plpgsql stable security definer set search_path = oba, pg_catalog, pg_temp set enable_seqscan = off set jit = off
as $$
declare
  starts text[] := array[''];
  followed text[];
  start text;
  letter text;
  name text;
  found_so_far integer := 0;
begin
  foreach letter in array string_to_array (left (btrim (beginning), 40), null) loop
    followed := '{}';
    foreach start in array starts loop
      foreach name in array oba.letters_for (letter) loop
        if starts_with ((select min (r.cashier) from oba.receipts r where r.cashier >= start || name), start || name) then
          followed := followed || (start || name);
        end if;
      end loop;
    end loop;
    starts := followed[1:16];
    exit when cardinality (starts) = 0;
  end loop;
  foreach start in array starts loop
    continue when start = '';
    select min (r.cashier) into name from oba.receipts r where r.cashier >= start;
    while name is not null and starts_with (name, start) and found_so_far < most loop
      return next name;
      found_so_far := found_so_far + 1;
      select min (r.cashier) into name from oba.receipts r where r.cashier > name;
    end loop;
  end loop;
end $$;
