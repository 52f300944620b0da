-- What is given back of a bill that points paid goes to lots that gave it, and not more than they gave.

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

-- What stays spent was spread over the lots anew at each return of a part, the soonest first. When another of them had become the soonest since (under a policy of inactivity purchases move some,
-- and not those of a period of their own), a lot that had got all back was to keep some away again, and the others were given as much too much: points in lots that were in no balance.
-- Now what stays spent is spread over what is still away.
select oba.patch_function ('oba.give_points_back', '    select t.lot_id, t.points - coalesce (g.points, 0) as away,
           greatest (0, least (t.points, kept - sum (t.points) over (order by l.expires_on, l.lot_id) + t.points)) as stays
    from taken t join oba.points_lots l on l.customer_id = o.customer_id and l.lot_id = t.lot_id left join given g on g.lot_id = t.lot_id
', '    select x.lot_id, x.away, greatest (0, least (x.away, kept - sum (x.away) over (order by x.expires_on, x.lot_id) + x.away)) as stays
    from (select t.lot_id, l.expires_on, t.points - coalesce (g.points, 0) as away
          from taken t join oba.points_lots l on l.customer_id = o.customer_id and l.lot_id = t.lot_id left join given g on g.lot_id = t.lot_id) x
');

drop function oba.patch_function (text, text, text);

reset role;
