-- The erased stay erased: after a backup was restored, and when a file still names their card.

set local role oba_owner;
set local search_path = oba, pg_catalog;

/*
 * {"customer_id", "registered": microseconds since 1970, "reason", "family": [all who were erased together]} -> {"customer_id", "state"}
 * Of a list of erasures that was kept apart from the backups. "state": "erased" now, or "already"; "unknown" when nobody was registered under the number at
 * that moment: the backup is older, and the number may be somebody else's by now; "merged" when the person is one here with somebody who was not erased:
 * then nothing is done, and somebody has to take them apart first.
 */
create function oba.do_erase_again (request jsonb) returns jsonb
language plpgsql
as $$
declare
  customer bigint := (request ->> 'customer_id')::bigint;
  c oba.customers;
  state text := 'erased';
begin
  select * into c from oba.customers k where k.customer_id = customer and k.kind = 'person';
  if not found or (extract (epoch from c.registered_at) * 1000000)::bigint is distinct from (request ->> 'registered')::bigint then
    state := 'unknown';
  elsif c.status = 'erased' then
    state := 'already';
  elsif not (to_jsonb (oba.lock_family (customer)) <@ (request -> 'family')) then
    state := 'merged';
  else
    perform oba.do_erase_customer (jsonb_build_object ('customer_id', customer, 'confirm', customer::text, 'reason', request ->> 'reason'));
  end if;
  return jsonb_build_object ('customer_id', customer, 'state', state);
end $$;
select oba.add_action ('erase_again', 'oba_admin');

-- ---------------------------------------------------------------- sales of a file that name a revoked card

-- Changes one place of a long function and leaves the rest as other migrations made it.
create function oba.patch_function (name text, old_text text, new_text text) returns void
language plpgsql
as $$
declare
  source text := pg_get_functiondef (name::regproc);
begin
  if length (source) - length (replace (source, old_text, '')) <> length (old_text) then
    raise exception 'The text to change is not in oba.% once: %', name, old_text;
  end if;
  execute replace (source, old_text, new_text);
end $$;

/*
 * As record_receipt() does for a till: the purchase is real and belongs to the store, and there is nobody any more who could have the points. A number that never
 * was a card stays a fault of the file.
 */
select oba.patch_function ('oba.import_check_sales', '  analyze pg_temp.import_stores, pg_temp.import_products, pg_temp.import_customers;
', '  analyze pg_temp.import_stores, pg_temp.import_products, pg_temp.import_customers;

  create temp table import_revoked on commit drop as
  select d.customer from pg_temp.import_customers d join oba.cards k on k.number = d.name and k.state = ''revoked'' where d.customer like ''c:%'';
  create temp table import_anonymous on commit drop as
  select distinct r.store, r.till, r.receipt_no from pg_temp.import_rows r join pg_temp.import_revoked using (customer) where r.fault is null;
  if exists (select from pg_temp.import_revoked) then
    update pg_temp.import_rows r set customer = null from pg_temp.import_revoked v where r.fault is null and r.customer = v.customer;
  end if;
');
select oba.patch_function ('oba.import_check_sales', '  return to_jsonb (counts)
', '  return to_jsonb (counts)
         || (select jsonb_build_object (''anonymous'', count (*)) from pg_temp.import_receipts x join pg_temp.import_anonymous using (store, till, receipt_no)
             where x.fault is null and not x.known)
');
drop function oba.patch_function (text, text, text);

reset role;
