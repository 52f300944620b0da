-- Receipts as a clerk walks through them: a preview says when a closed month moves an entry, and whoever looks at a receipt learns that it was corrected.

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

-- ---------------------------------------------------------------- corrections

/*
 * As in 0060, and when the month of a receipt is closed, so that its entry is dated to the open month: "closed": {"day": of the receipt, "entry": of the entry}.
 * A return is dated to when it happens, whatever month that is.
 */
create or replace function oba.correction_preview (what text, o oba.receipts, back oba.receipts, new oba.receipts, c oba.corrections, true_at timestamptz, proposer text, customers jsonb) returns jsonb
language sql stable
return jsonb_build_object (
  'kind', what, 'money', jsonb_build_object ('taken_back', - coalesce (back.total, 0), 'put_in', coalesce (new.total, 0)),
  'entries', (select coalesce (jsonb_agg (jsonb_build_object ('kind', e.kind, 'day', e.business_day, 'store', e.store_id, 'total', e.total) order by e.receipt_id), '[]')
              from (select back.receipt_id as receipt_id, back.kind as kind, back.business_day as business_day, back.store_id as store_id, back.total as total where back.receipt_id is not null
                    union all select new.receipt_id, new.kind, new.business_day, new.store_id, new.total where new.receipt_id is not null) e),
  'rollups', (select coalesce (jsonb_agg (jsonb_build_object ('day', d.day, 'store', d.store, 'receipts', d.receipts, 'returns', d.returns, 'revenue', d.revenue) order by d.day, d.store), '[]')
              from (select e.day, e.store, sum (e.receipts) as receipts, sum (e.returns) as returns, sum (e.total) as revenue
                    from (select back.business_day as day, back.store_id as store, 0 as receipts, 1 as returns, back.total as total where back.receipt_id is not null
                          union all select new.business_day, new.store_id, 1, 0, new.total where new.receipt_id is not null) e
                    group by 1, 2) d),
  'customers', customers,
  'needs', oba.second_person (what, o, back, new, c, true_at, proposer, customers))
  || case when true_at is not null then jsonb_build_object ('closed', jsonb_build_object ('day', oba.business_day (true_at), 'entry', new.business_day))
          when back.kind = 'void' and back.sold_at <> o.sold_at then jsonb_build_object ('closed', jsonb_build_object ('day', o.business_day, 'entry', back.business_day))
          else '{}' end;

-- Who looks at a receipt is told by its number that something answers it now, be it by a till or a colleague.
select oba.patch_function ('oba.do_return_lines', '  root := oba.lock_path (o.customer_id);
', '  root := oba.lock_path (o.customer_id);
  perform pg_notify (''oba_receipts'', o.receipt_id::text);
');
select oba.patch_function ('oba.post_correction', '  perform pg_notify (''oba_customers'', a::text) from unnest (about) a;
', '  perform pg_notify (''oba_customers'', a::text) from unnest (about) a;
  perform pg_notify (''oba_receipts'', i::text) from unnest (array[o.receipt_id, c.original_receipt_id, new.receipt_id]) i where i is not null;
');

drop function oba.patch_function (text, text, text);

reset role;
