-- What is approved is what was shown, names and phones too.

set local role oba_owner;
set local search_path = oba, pg_catalog;

-- As in 0043; and the version: who was edited since is not merged as it was shown.
create or replace function oba.merge_figures (customer bigint) returns jsonb
language sql stable
as $$
  select jsonb_build_object (
    'customer_id', customer, 'status', c.status, 'version', c.version,
    'balance', a.balance, 'owed', a.owed, 'tier', a.tier_id, 'spend', a.tier_spend, 'spending_locked', a.spending_locked_at is not null,
    'lots', (select coalesce (jsonb_agg (jsonb_build_object ('expires_on', l.expires_on, 'points', l.points, 'receipt_id', l.receipt_id)
                                         order by l.expires_on, l.receipt_id nulls last), '[]')
             from (select x.expires_on, x.receipt_id, sum (x.remaining)::bigint as points from oba.points_lots x
                   where x.customer_id = customer and x.remaining > 0 group by 1, 2) l),
    'receipts', r.n, 'revenue', r.money,
    'redemptions', (select count (*) from oba.redemptions d
                    where d.customer_id = any (array (select oba.customer_family (customer))) and d.state in ('requested', 'approved')),
    'cards', (select count (*) from oba.cards k where k.customer_id = customer),
    'telegram', exists (select from oba.telegram_links t where t.customer_id = customer),
    'external_ids', (select count (*) from oba.customer_external_ids e where e.customer_id = customer),
    'consents', (select coalesce (jsonb_object_agg (n.channel, n.granted), '{}') from oba.consents n where n.customer_id = customer),
    'categories', (select count (*) from oba.customer_categories g where g.customer_id = customer),
    'segments', (select count (*) from oba.segment_members s where s.customer_id = customer))
  from oba.customers c
  join oba.points_accounts a using (customer_id)
  cross join (select count (*) as n, coalesce (sum (x.total), 0)::bigint as money from oba.receipts x
              where x.customer_id = any (array (select oba.customer_family (f.customer_id) from oba.customers f
                                                where f.customer_id = customer and f.merged_into is null))) r
  where c.customer_id = customer
$$;

/*
 * As in 0043, and both customers' profiles are told.
 * {"approval_id", "approve": true|false, "reason": needed to reject} -> {"approval_id", "state", "outcome_id", "stale", "preview"}
 * What is approved is what the preview says. When the figures have changed since, nothing is done: the request waits with the new preview, and "stale" is true.
 * When it cannot be done any more at all, its state is stale, and "message" says why.
 */
create or replace function oba.do_decide_approval (request jsonb) returns jsonb
language plpgsql
as $$
#variable_conflict use_variable
declare
  a oba.approvals;
  approve boolean := (request ->> 'approve')::boolean;
  why text := nullif (btrim (request ->> 'reason'), '');
  tried record;
  problem text;
begin
  select * into a from oba.approvals x where x.approval_id = (request ->> 'approval_id')::bigint for update;
  if not found then
    perform oba.refuse ('OB002', 'There is no such request.');
  elsif a.state <> 'requested' then
    perform oba.refuse ('OB013', 'This request was decided already.', 'Look at its present state.', a.state);
  elsif a.requested_by = session_user then
    perform oba.refuse ('OB006', 'Somebody else decides on what you asked for.', 'Ask a colleague, or withdraw the request.');
  elsif approve is null or (not approve and why is null) or length (why) > 1000 then
    perform oba.refuse ('OB001', 'A request is approved, or rejected with a reason of at most 1,000 characters.');
  elsif oba.holds_invisible (why) then
    perform oba.refuse ('OB001', 'A text holds an invisible control character.', 'Type it anew instead of pasting it.');
  end if;
  if not approve then
    update oba.approvals x set state = 'rejected', decided_by = session_user, decided_at = now(), decision_reason = why where x.approval_id = a.approval_id;
    perform oba.audit_add ('approval.reject', 'approval', a.approval_id::text, a.customer_ids[1], '{}', why);
    perform pg_notify ('oba_approvals', a.approval_id::text);
    return jsonb_build_object ('approval_id', a.approval_id, 'state', 'rejected');
  end if;

  begin
    tried := oba.try_merge (a.kind, a.request, a.preview, a.approval_id);
  exception
    when sqlstate 'OB000' then
      get stacked diagnostics problem = message_text;
  end;
  if problem is not null then
    update oba.approvals x set state = 'stale', decided_by = session_user, decided_at = now(), decision_reason = problem where x.approval_id = a.approval_id;
    perform pg_notify ('oba_approvals', a.approval_id::text);
    return jsonb_build_object ('approval_id', a.approval_id, 'state', 'stale', 'message', problem);
  elsif tried.done is null then
    update oba.approvals x set preview = tried.preview, previewed_at = now() where x.approval_id = a.approval_id;
    perform pg_notify ('oba_approvals', a.approval_id::text);
    return jsonb_build_object ('approval_id', a.approval_id, 'state', 'requested', 'stale', true, 'preview', tried.preview);
  end if;
  update oba.approvals x set state = 'approved', decided_by = session_user, decided_at = now(), decision_reason = why, outcome_id = tried.done
    where x.approval_id = a.approval_id;
  perform oba.audit_add ('approval.approve', 'approval', a.approval_id::text, a.customer_ids[1], jsonb_build_object ('kind', jsonb_build_array (null, a.kind)), why);
  perform pg_notify ('oba_customers', x::text) from unnest (a.customer_ids) x;
  perform pg_notify ('oba_approvals', a.approval_id::text);
  return jsonb_build_object ('approval_id', a.approval_id, 'state', 'approved', 'outcome_id', tried.done);
end $$;

-- As in 0043, and on record. {"approval_id"}: the one who asked changes their mind -> {"approval_id", "state"}
create or replace function oba.do_withdraw_approval (request jsonb) returns jsonb
language plpgsql
as $$
#variable_conflict use_variable
declare
  a oba.approvals;
begin
  select * into a from oba.approvals x where x.approval_id = (request ->> 'approval_id')::bigint for update;
  if not found then
    perform oba.refuse ('OB002', 'There is no such request.');
  elsif a.state <> 'requested' then
    perform oba.refuse ('OB013', 'This request was decided already.', 'Look at its present state.', a.state);
  elsif a.requested_by <> session_user then
    perform oba.refuse ('OB006', 'Only the one who asked can withdraw a request.', 'A supervisor can reject it.');
  end if;
  update oba.approvals x set state = 'withdrawn', decided_by = session_user, decided_at = now() where x.approval_id = a.approval_id;
  perform oba.audit_add ('approval.withdraw', 'approval', a.approval_id::text, a.customer_ids[1], '{}', null);
  perform pg_notify ('oba_approvals', a.approval_id::text);
  return jsonb_build_object ('approval_id', a.approval_id, 'state', 'withdrawn');
end $$;

-- As in 0043, and those who look at the request are told. What a person's erasure takes along here: what was typed, what was kept for a way back, and what was still open.
create or replace function oba.forget_merges () returns trigger
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
begin
  delete from oba.merge_values v using oba.merges m where v.merge_id = m.merge_id and new.customer_id in (m.source_id, m.survivor_id);
  delete from oba.duplicate_candidates d where d.customer_id = new.customer_id or d.other_id = new.customer_id;
  update oba.approvals a
  set reason = null, decision_reason = null, state = case when a.state = 'requested' then 'stale' else a.state end,
      decided_at = coalesce (a.decided_at, now()), decided_by = coalesce (a.decided_by, session_user)
  where a.customer_ids && array[new.customer_id];
  if found then
    perform pg_notify ('oba_approvals', '');
  end if;
  return null;
end $$;

-- As in 0043; who stands for a merged customer earns, unless blocked.
create or replace function oba.post_batch (batch bigint) returns bigint
language plpgsql security definer
set search_path = oba, pg_catalog, pg_temp set work_mem = '128MB' set jit = off set client_min_messages = warning
as $$
declare
  b oba.import_batches;
  n bigint;
  money bigint;
begin
  select * into b from oba.import_batches where batch_id = batch for update;
  if not found then
    perform oba.refuse ('OB002', format ('There is no batch %s.', batch));
  elsif b.state <> 'loading' then
    perform oba.refuse ('OB013', format ('Batch %s is %s.', batch, b.state));
  end if;

  drop table if exists pg_temp.posting, pg_temp.clawing, pg_temp.families;
  create temp table posting on commit drop as
  select r.customer_id, r.sold_at, r.receipt_id, r.kind, r.business_day, r.total, r.original_sold_at, r.original_receipt_id, r.source,
         q.rule_id, q.version, q.qepik_per_point, q.valid_months,
         case when k.merged_into is null then k.status else (select s.status from oba.customers s where s.customer_id = oba.customer_root (k.customer_id)) end = 'active' as earns,
         k.kind = 'person' as person,
         case when r.kind = 'sale' and k.kind = 'person' and r.total >= q.qepik_per_point then nextval ('oba.entry_ids') end as entry_id
  from (select * from oba.receipts where batch_id = batch order by sold_at, receipt_id) r
  join oba.customers k on k.customer_id = r.customer_id
  left join lateral (
    select e.rule_id, e.version, (e.parameters ->> 'qepik_per_point')::bigint as qepik_per_point, (e.parameters ->> 'valid_months')::integer as valid_months
    from oba.earning_rules e where e.kind = 'base' and e.state = 'live' and r.sold_at >= e.valid_from and r.sold_at < e.valid_to
    order by e.version desc limit 1) q on true;
  get diagnostics n = row_count;
  analyze pg_temp.posting;
  create temp table families on commit drop as
  select x.id as customer_id from oba.customers m cross join lateral (values (m.customer_id), (m.merged_into)) x (id) where m.merged_into is not null;

  perform from oba.points_accounts a
    where a.customer_id in (select unnest (oba.customer_path (p.customer_id)) from (select distinct x.customer_id from pg_temp.posting x where x.person) p)
    order by a.customer_id for update;

  insert into oba.receipt_keys (store_id, till_no, receipt_no, customer_id, sold_at, receipt_id)
  select store_id, till_no, receipt_no, customer_id, sold_at, receipt_id from oba.receipts where batch_id = batch
  order by store_id, till_no, receipt_no;

  perform oba.post_batch_points (batch);
  perform oba.post_batch_tiers (batch);
  perform oba.post_batch_families (batch);

  select coalesce (sum (total), 0) into money from pg_temp.posting;
  update oba.import_batches set state = 'posted', finished_at = clock_timestamp (), control_total = money,
         rows_new = case when rows_new = 0 then n else rows_new end
  where batch_id = batch;
  drop table pg_temp.posting, pg_temp.clawing, pg_temp.families;
  return n;
end $$;

-- As in 0043; only what is asked about merges stands in the way of a merge.
create or replace function oba.ask_approval (kind text, request jsonb, about bigint[], why text) returns jsonb
language plpgsql
as $$
declare
  preview jsonb;
  id bigint;
begin
  if length (why) > 1000 then
    perform oba.refuse ('OB001', 'A reason has at most 1,000 characters.');
  elsif oba.holds_invisible (why) then   -- 0055
    perform oba.refuse ('OB001', 'A text holds an invisible control character.', 'Type it anew instead of pasting it.');
  end if;
  -- Two who ask for the same at once: the second finds the first one's request.
  perform pg_advisory_xact_lock (hashtextextended ('approval', about[1]));
  if exists (select from oba.approvals a where a.customer_ids && about and a.state = 'requested' and a.kind in ('merge', 'unmerge')) then
    perform oba.refuse ('OB004', 'A request about one of these customers waits for approval already.', 'Decide that one first, or withdraw it.');
  end if;
  preview := (oba.try_merge (kind, request, null, null)).preview;
  insert into oba.approvals (kind, request, preview, customer_ids, reason) values (kind, request, preview, about, nullif (btrim (why), '')) returning approval_id into id;
  perform oba.audit_add ('approval.request', 'approval', id::text, about[1], jsonb_build_object ('kind', jsonb_build_array (null, kind)), null);
  perform pg_notify ('oba_approvals', id::text);
  return jsonb_build_object ('approval_id', id, 'preview', preview);
end $$;

-- How many letters are put in, left out or replaced from one word to the other.
create function oba.edit_distance (a text, b text) returns integer
language plpgsql immutable strict parallel safe
as $$
declare
  above integer[] := array (select generate_series (0, length (b)));
  line integer[];
begin
  for i in 1 .. length (a) loop
    line := array[i];
    for k in 1 .. length (b) loop
      line := line || least (line[k] + 1, above[k + 1] + 1, above[k] + case when substr (a, i, 1) = substr (b, k, 1) then 0 else 1 end);
    end loop;
    above := line;
  end loop;
  return above[length (b) + 1];
end $$;

-- May two words be the same, written by somebody else?
create function oba.words_alike (a text, b text) returns boolean
language plpgsql immutable strict parallel safe
as $$
begin
  return a = b or (abs (length (a) - length (b)) <= 3 and (left (a, 1) = left (b, 1) or least (length (a), length (b)) > 2)
                   and oba.edit_distance (a, b) <= case when left (a, 1) = left (b, 1) then greatest (1, floor (0.34 * greatest (length (a), length (b)))) else 1 end);
end $$;

-- Has each word of the name with fewer words (as name_key() has it) one in the other that may be the same? A family name alone is not enough.
create function oba.names_alike (key_a text, key_b text) returns boolean
language plpgsql immutable strict parallel safe
as $$
declare
  a text[] := string_to_array (key_a, ' ');
  b text[] := string_to_array (key_b, ' ');
begin
  return cardinality (a) > 0 and cardinality (b) > 0
         and (cardinality (a) > cardinality (b) or not exists (select from unnest (a) x where not exists (select from unnest (b) y where oba.words_alike (x, y))))
         and (cardinality (b) > cardinality (a) or not exists (select from unnest (b) x where not exists (select from unnest (a) y where oba.words_alike (x, y))));
end $$;

/*
 * As in 0043, but brothers and sisters are not one person. How likely two records are one person, and why. Independent reasons add up: 1 - (1 - a)(1 - b)...; what speaks against it takes off: another birth date, another
 * patronymic, or a name that has nothing in common. null: not likely.
 */
create or replace function oba.judge_pair (key_a text, key_b text, birth_a date, birth_b date, father_a text, father_b text, slip boolean, mail boolean, chat boolean,
                                out score integer, out reasons text[])
language plpgsql immutable parallel safe
as $$
declare
  alike real := oba.similarity (key_a, key_b);
  same_birth boolean := coalesce (birth_a = birth_b, false);
  doubt double precision := 1;
begin
  reasons := '{}';
  if key_a = key_b and key_a <> '' and same_birth then
    doubt := doubt * 0.15;
    reasons := reasons || 'name_birth'::text;
  elsif alike >= 0.5 and same_birth and oba.names_alike (key_a, key_b) then
    doubt := doubt * (0.65 - 0.4 * alike);
    reasons := reasons || 'similar_name_birth'::text;
  end if;
  if slip and (alike >= 0.5 or same_birth) then
    doubt := doubt * 0.3;
    reasons := reasons || 'phone'::text;
  end if;
  if mail then
    doubt := doubt * 0.4;
    reasons := reasons || 'email'::text;
  end if;
  if chat then
    doubt := doubt * 0.5;
    reasons := reasons || 'telegram'::text;
  end if;
  if (mail or chat) and key_a = key_b and key_a <> '' and not same_birth then
    doubt := doubt * 0.3;
    reasons := reasons || 'name'::text;
  end if;
  score := round (100 * (1 - doubt) * case when birth_a <> birth_b then 0.6 else 1 end
                                    * case when father_a <> '' and father_b <> '' and oba.similarity (oba.fold (father_a), oba.fold (father_b)) < 0.4 then 0.6 else 1 end
                                    * case when alike < 0.3 then 0.7 else 1 end);
  if score < 50 then
    score := null;
  end if;
end $$;

reset role;
