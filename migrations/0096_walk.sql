-- What a till sends as the number of a receipt, its cashier or its fiscal id can be seen and typed; a payment below nothing is called that.

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

-- What nobody can see or search for: control characters, marks that turn the line around, spaces without width.
create function oba.holds_unseen (said text) returns boolean
language sql immutable parallel safe
return said ~ '[\u0001-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]';

select oba.patch_function ('oba.enter_receipt', 'or no ~ ''[[:cntrl:]]'' or till not between 0 and 9999 then ''number''
', 'or till not between 0 and 9999 then ''number''
    when oba.holds_unseen (concat (no, request ->> ''cashier'', request ->> ''fiscal_id'')) then ''unseen''
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
