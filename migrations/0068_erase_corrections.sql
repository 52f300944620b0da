-- Erasure: what was written about a person where a receipt was taken from them or given to them.
--
-- A correction that moves a receipt has one explanation for both persons: it stands in the receipts of both, and in the audit trail of one.

set local role oba_owner;
set local search_path = oba, pg_catalog;

-- Was this receipt corrected together with one of somebody who is being erased?
create function oba.is_erasing_corrected (receipt bigint) returns boolean
language sql stable
return exists (select from oba.corrections c join oba.erasures e on e.customer_id in (c.original_customer_id, c.reversal_customer_id, c.replacement_customer_id)
               where e.xid = pg_current_xact_id_if_assigned ()
                 and (c.original_receipt_id = receipt or c.reversal_receipt_id = receipt or c.replacement_receipt_id = receipt));

-- As 0066 has it; and the explanation of such a correction.
create or replace function oba.refuse_change () returns trigger
language plpgsql
as $$
declare
  o jsonb;
  n jsonb;
begin
  if tg_level = 'ROW' and tg_op = 'UPDATE' and tg_table_name ~ '^((receipts|points_ledger)_[0-9]{4}_[0-9]{2}|redemption_events|tier_changes)$' then
    o := to_jsonb (old);
    n := to_jsonb (new);
    if n ->> 'reason' is null and o - 'reason' - 'business_day' = n - 'reason' - 'business_day'
       and (oba.is_erasing ((o ->> 'customer_id')::bigint) or oba.is_erasing_half ((o ->> 'customer_id')::bigint)
            or (tg_table_name ~ '^receipts_' and oba.is_erasing_corrected ((o ->> 'receipt_id')::bigint))) then
      return new;
    end if;
  elsif tg_level = 'ROW' and tg_op = 'UPDATE' and tg_table_name = 'idempotency_keys' then
    if (new.scope, new.key, new.refused, new.customer_id, new.created_at) is not distinct from (old.scope, old.key, old.refused, old.customer_id, old.created_at)
       and oba.is_erasing_somebody () then
      return new;
    end if;
  elsif tg_level = 'ROW' and tg_op = 'DELETE' and tg_table_name = 'audit_personal' then
    if oba.is_erasing (old.customer_id) or (old.customer_id = 0 and oba.is_erasing_somebody ()) or oba.is_erasing_half (old.customer_id)
       or exists (select from oba.audit a join oba.corrections c on c.correction_id = (a.changes #>> '{correction,1}')::bigint
                  where a.audit_id = old.audit_id and a.customer_id = old.customer_id
                    and oba.is_erasing_corrected (coalesce (c.original_receipt_id, c.replacement_receipt_id))) then
      return old;
    end if;
  end if;
  raise exception 'Rows of %.% are never changed or removed.', tg_table_schema, tg_table_name
    using errcode = 'OB009', hint = 'Record a correction: a reversing entry and, where wanted, a replacement.';
end $$;

-- What such corrections say at the other person's, or the store's.
create function oba.erase_corrections (family bigint[]) returns void
language plpgsql
as $$
declare
  mine bigint[] := array (select r.receipt_id from oba.receipts r where r.customer_id = any (family));
  c oba.corrections;
begin
  for c in select * from oba.corrections x
           where (x.original_receipt_id = any (mine) or x.reversal_receipt_id = any (mine) or x.replacement_receipt_id = any (mine))
             and not array_remove (array[x.original_customer_id, x.reversal_customer_id, x.replacement_customer_id], null) <@ family loop
    update oba.receipts r set reason = null
    where r.reason is not null
      and ((r.customer_id = c.reversal_customer_id and r.sold_at = c.reversal_sold_at and r.receipt_id = c.reversal_receipt_id)
           or (r.customer_id = c.replacement_customer_id and r.sold_at = c.replacement_sold_at and r.receipt_id = c.replacement_receipt_id));
    delete from oba.audit_personal p using oba.audit a
    where a.audit_id = p.audit_id and a.customer_id = p.customer_id and p.reason is not null
      and p.customer_id = any (array[c.original_customer_id, c.reversal_customer_id, c.replacement_customer_id])
      and a.changes #>> '{correction,1}' = c.correction_id::text;
  end loop;
end $$;

-- As 0066 has it, and corrections.
create or replace function oba.erase_halves (family bigint[], contacts text[]) returns void
language plpgsql
as $$
declare
  m record;
  upto bigint;
begin
  for m in select x.merge_id, x.merged_at, x.undone_at, x.survivor_id, case when x.source_id = any (family) then x.survivor_id else x.source_id end as other
           from oba.merges x
           where x.undone_at is not null and (x.source_id = any (family)) <> (x.survivor_id = any (family)) loop
    upto := (select max (a.audit_id) from oba.audit a
             where a.customer_id = m.survivor_id and a.action = 'customer.unmerge' and a.changes #>> '{merge,0}' = m.merge_id::text);
    delete from oba.audit_personal p using oba.audit a
    where p.customer_id = m.other and a.customer_id = m.other and a.audit_id = p.audit_id and a.at >= m.merged_at and a.audit_id <= upto;
    delete from oba.outbox o
    where o.customer_id = m.other and o.created_at between m.merged_at and m.undone_at and oba.names_person (o.payload::text, family, contacts);
    update oba.points_ledger l set reason = null
    where l.customer_id = m.other and l.occurred_at between m.merged_at and m.undone_at and l.reason is not null and oba.names_person (l.reason, family, contacts);
    update oba.redemption_events e set reason = null
    where e.customer_id = m.other and e.reason is not null and oba.names_person (e.reason, family, contacts);
    update oba.tier_changes t set reason = null
    where t.customer_id = m.other and t.reason is not null and oba.names_person (t.reason, family, contacts);
    update oba.receipts r set reason = null
    where r.customer_id = m.other and r.reason is not null and oba.names_person (r.reason, family, contacts);
    update oba.approvals a set reason = null, decision_reason = null
    where a.customer_ids && array[m.other] and oba.names_person (concat_ws (' ', a.reason, a.decision_reason), family, contacts);
  end loop;
  perform oba.erase_corrections (family);
end $$;

reset role;
