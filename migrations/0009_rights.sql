-- Who may do what. Reading is granted by table, writing by function.
--   clerk       customers, sales and returns                    supervisor  + points, redemptions, blocking; reads the audit trail
--   marketing   segments and sales, no contact data; rewards    admin       + reference data, tills, jobs; reads everything
--   auditor     reads everything, changes nothing               helper      what tills, the bot and the jobs need

set local role oba_owner;
set local search_path = oba, pg_catalog;

-- A till's key is made and shown once by the client; the database keeps its hash.
create function oba.till_add (store_id bigint, till_no integer, client_id text, key_hash bytea) returns bigint
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
declare
  id bigint;
begin
  if not exists (select from oba.stores s where s.store_id = till_add.store_id) then
    perform oba.refuse ('OB002', format ('There is no store %s.', till_add.store_id));
  elsif exists (select from oba.tills t where t.store_id = till_add.store_id and t.till_no = till_add.till_no and t.revoked_at is null) then
    perform oba.refuse ('OB004', format ('Till %s of this store has a key already.', till_add.till_no), 'Revoke it first.');
  end if;
  insert into oba.tills (store_id, till_no, client_id, key_hash)
  values (till_add.store_id, till_add.till_no, till_add.client_id, till_add.key_hash) returning till_id into id;
  return id;
end $$;

create function oba.till_revoke (till_id bigint) returns void
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
begin
  update oba.tills t set revoked_at = now() where t.till_id = till_revoke.till_id and t.revoked_at is null;
  if not found then
    perform oba.refuse ('OB002', format ('There is no active till %s.', till_revoke.till_id));
  end if;
end $$;

-- Functions are nobody's unless granted, those of later migrations too.
alter default privileges revoke execute on functions from public;
do $$
declare
  f regprocedure;
begin
  for f in select p.oid::regprocedure from pg_proc p where p.pronamespace = 'oba'::regnamespace and p.proowner = 'oba_owner'::regrole loop
    execute format ('revoke execute on function %s from public', f);
  end loop;
end $$;

do $$
declare
  everyone constant text := 'oba_clerk, oba_marketing, oba_supervisor, oba_admin, oba_auditor, oba_helper';
  people constant text := 'oba_clerk, oba_supervisor, oba_admin, oba_auditor, oba_helper';         -- those who see who a customer is
  t text;
  f text;
begin
  execute 'grant usage on schema oba to ' || everyone;
  foreach f in array array['business_day (timestamptz)', 'day_start (date)', 'fold (text)', 'sort_key (text)', 'whoami ()', 'tier_window_start (date)'] loop
    execute format ('grant execute on function oba.%s to %s', f, everyone);
  end loop;

  -- ------------------------------------------------------------ reading
  foreach t in array array['staff', 'stores', 'categories', 'products', 'customer_categories', 'consents', 'receipts', 'receipt_lines', 'earning_rules',
                           'tiers', 'points_accounts', 'tier_changes', 'points_ledger', 'points_lots', 'ledger_allocations', 'points_debts', 'rewards',
                           'redemptions', 'redemption_events', 'rollup_days', 'rollup_store_days', 'rollup_hours', 'rollup_product_days',
                           'customer_stats', 'rollup_state', 'import_batches', 'walk_ins'] loop
    execute format ('grant select on oba.%I to %s', t, everyone);
  end loop;
  foreach t in array array['customers', 'customer_phones', 'consent_history', 'receipt_keys', 'telegram_links', 'outbox'] loop
    execute format ('grant select on oba.%I to %s', t, people);
  end loop;
  grant select (customer_id, kind, birth_date, language, city, preferred_store_id, status, status_since, registered_at, registered_store_id,
                registered_through, batch_id, walk_in_store_id, updated_at, version) on oba.customers to oba_marketing;
  execute 'grant select (number, customer_id, state, issued_at, issued_by, state_since) on oba.cards to ' || people;
  grant select (token_hash) on oba.cards to oba_helper;
  grant select (till_id, store_id, till_no, client_id, created_at, created_by, revoked_at, last_seen_at) on oba.tills to oba_clerk, oba_supervisor, oba_admin, oba_auditor;
  grant select on oba.tills to oba_helper;
  grant select on oba.audit, oba.audit_seals to oba_supervisor, oba_admin, oba_auditor;
  grant select on oba.idempotency_keys to oba_auditor;
  grant select on oba.telegram_updates to oba_admin, oba_auditor, oba_helper;

  -- ------------------------------------------------------------ writing
  grant insert, update on oba.stores, oba.categories, oba.products to oba_admin;
  grant insert, update on oba.rewards to oba_marketing, oba_admin;
  grant update (last_seen_at) on oba.tills to oba_helper;

  foreach f in array array['register_customer', 'update_customer', 'set_consent', 'issue_card', 'record_receipt', 'return_lines', 'link_telegram', 'unlink_telegram'] loop
    execute format ('grant execute on function oba.%I (jsonb, text, text) to oba_clerk, oba_supervisor, oba_admin, oba_helper', f);
  end loop;
  foreach f in array array['redeem_points', 'move_redemption', 'lock_spending'] loop
    execute format ('grant execute on function oba.%I (jsonb, text, text) to oba_supervisor, oba_admin, oba_helper', f);
  end loop;
  foreach f in array array['block_customer', 'adjust_points'] loop
    execute format ('grant execute on function oba.%I (jsonb, text, text) to oba_supervisor, oba_admin', f);
  end loop;
  foreach f in array array['ensure_partitions (date, date)', 'expire_points (integer, date)', 'refresh_tiers (integer, date)', 'fold_rollups ()', 'audit_seal (integer)'] loop
    execute format ('grant execute on function oba.%s to oba_admin, oba_helper', f);
  end loop;
  grant execute on function oba.audit_hash (bytea, oba.audit) to oba_admin, oba_auditor;                   -- verify recomputes the chain
  grant execute on function oba.rebuild_rollups (), oba.till_add (bigint, integer, text, bytea), oba.till_revoke (bigint) to oba_admin;
end $$;

reset role;
