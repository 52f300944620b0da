-- What people in front of the windows of points, rewards and redemptions needed of the database.
set local role oba_owner;
set local search_path = oba, pg_catalog;

-- ---------------------------------------------------------------- settings of redemptions

create trigger notify after update on oba.redemption_settings for each statement execute function oba.notify_administration ();

-- As in 0088, with a sentence for what is out of bounds.
create or replace function oba.do_set_redemption_settings (request jsonb) returns jsonb
language plpgsql
as $$
declare
  s oba.redemption_settings;
begin
  if (request ->> 'sla_hours')::integer not between 1 and 8760 or (request ->> 'request_days')::integer not between 1 and 365
     or (request ->> 'voucher_days')::integer not between 1 and 3650 or not request ?& array['sla_hours', 'request_days', 'voucher_days'] then
    perform oba.refuse ('OB001', 'A request waits 1 to 8,760 hours and lasts 1 to 365 days; a voucher lasts 1 to 3,650 days.');
  end if;
  update oba.redemption_settings x
  set sla_hours = (request ->> 'sla_hours')::integer, request_days = (request ->> 'request_days')::integer, voucher_days = (request ->> 'voucher_days')::integer, version = x.version + 1
  where x.version = (request ->> 'version')::integer returning * into s;
  if not found then
    perform oba.refuse ('OB003', 'Somebody else changed this meanwhile.', 'Look at the new state, then decide what to keep.');
  end if;
  return to_jsonb (s) - 'only_row';
end $$;

reset role;
