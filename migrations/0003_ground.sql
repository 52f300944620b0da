-- The ground that every function stands on: refusals, who is asking, the audit trail, requests with a key.
--
-- SQLSTATE class OB is a rule of the house that said no. MESSAGE is a sentence for people, HINT the next step.
--   OB001 the request is malformed          OB006 not allowed: status, role or scope      OB011 the time is not acceptable
--   OB002 something named does not exist    OB007 not enough points                       OB012 the reward is not available
--   OB003 changed by somebody else          OB008 a rule of returns                       OB013 not a step from this state
--   OB004 already taken                     OB009 append-only
--   OB005 the key was used for another      OB010 totals do not agree
--         request

set local role oba_owner;
set local search_path = oba, pg_catalog;

create function oba.refuse (code text, message text, hint text default null, detail text default null) returns void
language plpgsql
as $$
begin
  raise exception using errcode = code, message = message, hint = coalesce (hint, ''), detail = coalesce (detail, '');
end $$;

-- ---------------------------------------------------------------- who is asking

-- The session's login, its staff record (null columns when it has none: a superuser, a migration) and the group roles it is a member of.
create function oba.whoami (out login text, out display_name text, out role text, out store_id bigint, out disabled boolean, out roles text[])
language sql stable security definer set search_path = oba, pg_catalog, pg_temp
begin atomic
  select session_user::text, s.display_name, s.role, s.store_id, coalesce (s.disabled_at <= now(), false),
         array (select g.rolname::text from pg_roles g
                where g.rolname in ('oba_clerk', 'oba_marketing', 'oba_supervisor', 'oba_admin', 'oba_auditor', 'oba_helper', 'oba_owner')
                  and pg_has_role (session_user, g.oid, 'member')
                order by g.rolname)
  from (select) one left join oba.staff s on s.login = session_user;
end;

-- Staff of one store work for that store only.
create function oba.check_scope (store bigint) returns void
language plpgsql stable
as $$
declare
  scope bigint := (select s.store_id from oba.staff s where s.login = session_user and s.role <> 'helper');
begin
  if scope is not null and store is not null and scope <> store then
    perform oba.refuse ('OB006', 'You work for another store.', 'Ask a colleague at head office.');
  end if;
end $$;

/*
 * Staff are PostgreSQL roles. These three run with the caller's own rights (they make and alter roles): a superuser, or a role with
 * CREATEROLE that is a member of oba_owner. The password is set apart, as a SCRAM verifier made by the client.
 */
create function oba.staff_add (login text, display_name text, role text, store_id bigint default null) returns void
language plpgsql set search_path = oba, pg_catalog, pg_temp
as $$
begin
  if exists (select from oba.staff s where s.login = staff_add.login) then
    perform oba.refuse ('OB004', format ('There is a staff member "%s" already.', login), 'Choose another login, or change the role of this one.');
  end if;
  -- The row's own checks come first, so that no role is made for a refused one.
  insert into oba.staff (login, display_name, role, store_id)
  values (staff_add.login, staff_add.display_name, staff_add.role, staff_add.store_id);
  if not exists (select from pg_roles where rolname = login) then
    execute format ('create role %I login', login);
  else
    execute format ('alter role %I login', login);
  end if;
  execute format ('grant %I to %I', 'oba_' || role, login);
  if role = 'helper' then
    -- Sales go through one prepared call each: planning them anew costs a quarter of the throughput.
    execute format ('alter role %I set plan_cache_mode = force_generic_plan', login);
  end if;
end $$;

create function oba.staff_set_role (login text, role text) returns void
language plpgsql set search_path = oba, pg_catalog, pg_temp
as $$
declare
  old text := (select s.role from oba.staff s where s.login = staff_set_role.login);
begin
  if old is null then
    perform oba.refuse ('OB002', format ('There is no staff member "%s".', login), 'List them to see how the login is written.');
  end if;
  update oba.staff s set role = staff_set_role.role where s.login = staff_set_role.login;
  execute format ('revoke %I from %I', 'oba_' || old, login);
  execute format ('grant %I to %I', 'oba_' || role, login);
end $$;

create function oba.staff_disable (login text) returns void
language plpgsql set search_path = oba, pg_catalog, pg_temp
as $$
begin
  update oba.staff s set disabled_at = now() where s.login = staff_disable.login and s.disabled_at is null;
  if not found then
    perform oba.refuse ('OB002', format ('There is no active staff member "%s".', login), 'List them to see how the login is written.');
  end if;
  execute format ('alter role %I nologin', login);
  perform pg_terminate_backend (pid) from pg_stat_activity where usename = login and pid <> pg_backend_pid();
end $$;

-- ---------------------------------------------------------------- audit

-- The changed columns of a row: {"city": ["Bakı", "Gəncə"]}. What the database keeps for itself is left out.
create function oba.changes (old_row jsonb, new_row jsonb) returns jsonb
language sql immutable parallel safe set search_path = pg_catalog
return (select coalesce (jsonb_object_agg (coalesce (o.key, n.key), jsonb_build_array (o.value, n.value)), '{}')
        from jsonb_each (old_row) o full join jsonb_each (new_row) n using (key)
        where o.value is distinct from n.value
          and key not in ('sort_name', 'search_text', 'updated_at', 'version', 'last_seen_at', 'key_hash', 'token_hash', 'picture'));

create function oba.audit_add (action text, subject text, subject_id text, customer bigint, changes jsonb, reason text) returns void
language sql security definer set search_path = oba, pg_catalog, pg_temp
begin atomic
  insert into oba.audit (role, from_where, action, subject, subject_id, customer_id, changes, reason)
  values ((select s.role from oba.staff s where s.login = session_user),
          concat_ws (' ', host (inet_client_addr()), nullif (current_setting ('application_name'), '')),
          audit_add.action, audit_add.subject, audit_add.subject_id, audit_add.customer, audit_add.changes,
          coalesce (audit_add.reason, nullif (current_setting ('oba.reason', true), '')));
end;

-- For tables that staff change: the first argument is what a row is called, the second its key column.
create function oba.audit_row () returns trigger
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
declare
  before jsonb := case when tg_op <> 'INSERT' then to_jsonb (old) else '{}' end;
  after jsonb := case when tg_op <> 'DELETE' then to_jsonb (new) else '{}' end;
  changed jsonb := oba.changes (before, after);
begin
  if changed <> '{}' then
    perform oba.audit_add (tg_argv[0] || '.' || lower (tg_op), tg_argv[0], coalesce (nullif (after, '{}'), before) ->> tg_argv[1],
                           (coalesce (nullif (after, '{}'), before) ->> 'customer_id')::bigint, changed, null);
  end if;
  return null;
end $$;

create trigger audit after insert or update or delete on oba.staff for each row execute function oba.audit_row ('staff', 'login');
create trigger audit after insert or update or delete on oba.tills for each row execute function oba.audit_row ('till', 'till_id');
create trigger audit after insert or update or delete on oba.tiers for each row execute function oba.audit_row ('tier', 'tier_id');
create trigger audit after insert or update or delete on oba.earning_rules for each row execute function oba.audit_row ('rule', 'rule_id');
create trigger audit after insert or update or delete on oba.rewards for each row execute function oba.audit_row ('reward', 'reward_id');
-- Loading a catalogue or a customer file is one audited batch; changes to what is there are audited row by row.
create trigger audit after update or delete on oba.stores for each row execute function oba.audit_row ('store', 'store_id');
create trigger audit after update or delete on oba.categories for each row execute function oba.audit_row ('category', 'category_id');
create trigger audit after update or delete on oba.products for each row execute function oba.audit_row ('product', 'product_id');
create trigger audit after update or delete on oba.customers for each row execute function oba.audit_row ('customer', 'customer_id');
create trigger audit after update or delete on oba.cards for each row execute function oba.audit_row ('card', 'number');
create trigger audit after insert or update or delete on oba.telegram_links for each row execute function oba.audit_row ('telegram_link', 'customer_id');
create trigger audit after insert or update on oba.import_batches for each row execute function oba.audit_row ('import', 'batch_id');

/*
 * A job (one at a time; others return at once): chains the audit rows of finished transactions. Rows get their place when they are
 * sealed, so that writers never wait for each other. Returns how many were sealed.
 */
create function oba.audit_hash (before bytea, a oba.audit) returns bytea
language sql immutable set search_path = pg_catalog
return sha256 (before || convert_to (concat_ws (e'\x1f', a.audit_id, extract (epoch from a.at), a.who, coalesce (a.role, ''), coalesce (a.from_where, ''),
                                     a.action, a.subject, a.subject_id, coalesce (a.customer_id, 0), a.changes, coalesce (a.reason, '')), 'UTF8'));

create function oba.audit_seal (max_rows integer default 10000) returns integer
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
declare
  a oba.audit;
  last_no bigint;
  last_hash bytea;
  last_at timestamptz;
  sealed integer := 0;
begin
  if not pg_try_advisory_xact_lock (hashtext ('oba.audit_seal')) then
    return 0;
  end if;
  select seal_no, hash, audit_at into last_no, last_hash, last_at from oba.audit_seals order by seal_no desc limit 1;
  if not found then
    last_no := 0;
    last_hash := '\x';
  end if;
  for a in
    select u.* from oba.audit u
    where u.at > coalesce (last_at, '-infinity') - interval '1 day'           -- no transaction of ours lasts a day
      and (u.xid < pg_snapshot_xmin (pg_current_snapshot ()) or u.at < now() - interval '1 day')
      and not exists (select from oba.audit_seals s where s.audit_id = u.audit_id)
    order by u.audit_id limit max_rows
  loop
    last_no := last_no + 1;
    last_hash := oba.audit_hash (last_hash, a);
    insert into oba.audit_seals (seal_no, audit_id, audit_at, hash) values (last_no, a.audit_id, a.at, last_hash);
    sealed := sealed + 1;
  end loop;
  return sealed;
end $$;

-- ---------------------------------------------------------------- ids for bulk loads

-- Reserves @n ids of 'receipt' and returns the first of them: for COPY into receipts and receipt_lines. Commit soon: others wait meanwhile.
create function oba.reserve_ids (what text, n bigint) returns bigint
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
declare
  first bigint;
begin
  if what <> 'receipt' or n not between 1 and 1000000000 then
    perform oba.refuse ('OB001', 'Ids can be reserved for receipts, up to a thousand million at once.');
  end if;
  -- ALTER SEQUENCE takes a lock that keeps nextval() of others out until we commit.
  alter sequence oba.receipt_ids increment by 1;
  first := nextval ('oba.receipt_ids');
  perform setval ('oba.receipt_ids', first + n - 1);
  return first;
end $$;

reset role;
