-- What the windows of corrections stand on: what can still be put right of a receipt, and posting exactly what was shown.

set local role oba_owner;
set local search_path = oba, pg_catalog;

-- Names a preview: what is posted with this name is what was looked at, or nothing.
create function oba.preview_digest (preview jsonb) returns text
language sql immutable parallel safe
return encode (sha256 (convert_to (preview::text, 'UTF8')), 'hex');

-- Points, tiers and days can be others than they were when the preview was made, although nobody touched the receipt.
do $$
declare
  source text := pg_get_functiondef ('oba.do_correct_receipt'::regproc);
  part text[];
begin
  foreach part slice 1 in array array[
    ['kept jsonb := request;', 'kept jsonb := request - ''expects'';'],
    ['tried := oba.try_correction (kept, ''post'', null, null, session_user);',
     'tried := oba.try_correction (kept, ''post'', null, null, session_user);
  if request ->> ''expects'' <> oba.preview_digest (tried.preview) then
    perform oba.refuse (''OB003'', ''What this would do has changed meanwhile.'', ''Look at it again, then decide.'');
  end if;']] loop
    if length (source) - length (replace (source, part[1], '')) <> length (part[1]) then
      raise exception 'The text to change is not there once: %', part[1];
    end if;
    source := replace (source, part[1], part[2]);
  end loop;
  execute source;
end $$;

-- What holds now of the family of a receipt: the sale that @r is or answers; where that was replaced, what replaced it.
create function oba.holding_receipt (r oba.receipts) returns oba.receipts
language plpgsql stable
as $$
declare
  h oba.receipts := r;
  c oba.corrections;
begin
  if r.kind <> 'sale' and r.original_receipt_id is not null then
    select x.* into h from oba.receipts x
    where x.customer_id = r.original_customer_id and x.sold_at = r.original_sold_at and x.receipt_id = r.original_receipt_id;
  end if;
  loop
    select * into c from oba.corrections x where x.original_receipt_id = h.receipt_id and x.replacement_receipt_id is not null order by x.correction_id desc limit 1;
    exit when not found;
    select x.* into h from oba.receipts x
    where x.customer_id = c.replacement_customer_id and x.sold_at = c.replacement_sold_at and x.receipt_id = c.replacement_receipt_id;
  end loop;
  return h;
end $$;

-- The correction that can be undone: the last one, unless it is an undo itself or the receipt went on since; null for none.
create function oba.correction_to_undo (h oba.receipts) returns jsonb
language sql stable
return (select jsonb_build_object ('correction_id', c.correction_id, 'kind', c.kind)
        from (select x.* from oba.corrections x where x.original_receipt_id = h.receipt_id or x.replacement_receipt_id = h.receipt_id
              order by x.correction_id desc limit 1) c
        where c.kind <> 'undo' and not exists (select from oba.corrections x where x.undoes = c.correction_id)
          and (c.replacement_receipt_id is distinct from h.receipt_id or not exists (select from oba.receipts r where r.original_receipt_id = h.receipt_id)));

-- How people call a login; "" for none.
create function oba.staff_name (login text) returns text
language sql stable
return coalesce ((select w.display_name from oba.staff w where w.login = staff_name.login), staff_name.login, '');

/*
 * What can still be put right of the family of a receipt, of the one that holds now; null when there is none. Times are microseconds since 1970.
 * {"receipt_id", "customer_id", "at", "true_at": when it was sold, "kind", "store": [id, name], "till", "receipt_no", "cashier", "fiscal_id", "total", "left": of it,
 *  "paid": what is left of it, {"cash", "card", "other"}, "person", "name",
 *  "lines": [[line, product, code, name, unit, vat_permille, unit_price, quantity, and what is left of it: quantity, discount, vat, total]],
 *  "answers": [{"receipt_id", "kind", "total", "by", "at"}], "undo": see correction_to_undo(), "waits": {"kind", "by", "at"} | null}
 */
create function oba.receipt_to_correct (customer bigint, moment bigint, receipt bigint) returns jsonb
language plpgsql stable security definer set search_path = oba, pg_catalog, pg_temp set jit = off
as $$
declare
  r oba.receipts;
  h oba.receipts;
begin
  select x.* into r from oba.receipts x
  where x.customer_id = customer and x.sold_at = timestamptz 'epoch' + moment * interval '1 microsecond' and x.receipt_id = receipt;
  if not found then
    return null;
  end if;
  h := oba.holding_receipt (r);
  return jsonb_build_object (
    'receipt_id', h.receipt_id, 'customer_id', h.customer_id, 'at', (extract (epoch from h.sold_at) * 1000000)::bigint,
    'true_at', (extract (epoch from oba.true_time (h)) * 1000000)::bigint, 'kind', h.kind,
    'store', (select jsonb_build_array (s.store_id, s.name) from oba.stores s where s.store_id = h.store_id),
    'till', h.till_no, 'receipt_no', h.receipt_no, 'cashier', coalesce (h.cashier, ''), 'fiscal_id', coalesce (h.fiscal_id, ''),
    'total', h.total, 'left', (select coalesce (sum (l.total), 0) from oba.lines_left (h) l), 'paid', oba.payments_left (h),
    'person', (select c.kind = 'person' from oba.customers c where c.customer_id = h.customer_id),
    'name', (select concat_ws (' ', nullif (c.family_name, ''), nullif (c.given_name, '')) from oba.customers c where c.customer_id = h.customer_id and c.kind = 'person'),
    'lines', (select jsonb_agg (jsonb_build_array (s.line_no, s.product_id, coalesce (p.code, ''), coalesce (p.name, ''), coalesce (p.unit, 'pcs'), coalesce (p.vat_permille, 0),
                                                   s.unit_price, s.quantity, coalesce (l.quantity, 0), coalesce (l.discount, 0), coalesce (l.vat, 0), coalesce (l.total, 0))
                                order by s.line_no)
              from oba.receipt_lines s left join oba.lines_left (h) l using (line_no) left join oba.products p on p.product_id = s.product_id
              where s.customer_id = h.customer_id and s.sold_at = h.sold_at and s.receipt_id = h.receipt_id),
    'answers', (select coalesce (jsonb_agg (jsonb_build_object ('receipt_id', a.receipt_id, 'kind', a.kind, 'total', a.total, 'at', (extract (epoch from a.posted_at) * 1000000)::bigint,
                                                                'by', case a.source when 'staff' then oba.staff_name (a.posted_by) else '' end) order by a.receipt_id), '[]')
                from oba.receipts a where a.original_receipt_id = h.receipt_id),
    'undo', oba.correction_to_undo (h),
    'waits', (select jsonb_build_object ('kind', a.request ->> 'kind', 'by', oba.staff_name (a.requested_by), 'at', (extract (epoch from a.requested_at) * 1000000)::bigint)
              from oba.approvals a
              where a.kind = 'correction' and a.state = 'requested'
                and (a.request #>> '{receipt,receipt_id}' = h.receipt_id::text
                     or (a.request ->> 'correction_id')::bigint in (select c.correction_id from oba.corrections c
                                                                    where c.original_receipt_id = h.receipt_id or c.replacement_receipt_id = h.receipt_id))
              limit 1));
end $$;

-- Words of an article's name, in any spelling.
create index products_name_part on oba.products using gin (oba.fold (name) oba.gin_trgm_ops);

grant execute on function oba.receipt_to_correct (bigint, bigint, bigint), oba.preview_digest (jsonb) to oba_clerk, oba_supervisor, oba_admin;

reset role;
