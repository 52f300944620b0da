-- What a chain at work has: months that are closed, and corrections that a clerk asked for and that wait for a second person. All by the functions that everybody uses; only
-- who asked is put there afterwards, a colleague who has no login: so whoever tries the demo is the second person.
create function pg_temp.demo_work (last_day date) returns void
language plpgsql
as $$
declare
  last_month date := (date_trunc ('month', last_day) - interval '1 month')::date;     -- stays open, to be closed
  first_month date := (select (date_trunc ('month', min (d.day)) + interval '1 month')::date from oba.rollup_days d);
  m date;
  r record;
  answer jsonb;
begin
  insert into oba.staff (login, display_name, role, disabled_at) values ('demo_clerk', 'Tural Əhmədov', 'clerk', now()) on conflict do nothing;
  for m in select generate_series (greatest (first_month, (last_month - interval '3 months')::date), last_month - interval '1 month', interval '1 month')::date loop
    perform oba.close_month (jsonb_build_object ('month', m));
    perform oba.close_month (jsonb_build_object ('month', m));
  end loop;

  for r in
    select s.*, row_number () over (order by s.sold_at, s.receipt_id) as n
    from (select distinct on (x.customer_id) x.customer_id, x.sold_at, x.receipt_id,
                 jsonb_build_object ('customer_id', x.customer_id, 'sold_at', x.sold_at, 'receipt_id', x.receipt_id) as key
          from oba.receipts x join oba.points_accounts a using (customer_id)
          where x.kind = 'sale' and x.total > 6000 and x.line_count > 2 and x.sold_at >= oba.day_start (last_day - 8) and x.sold_at < oba.day_start (last_day - 1)
          order by x.customer_id, x.receipt_id) s
    order by s.sold_at, s.receipt_id limit 5
  loop
    answer := oba.correct_receipt (
      jsonb_build_object ('seen', 0, 'receipt', r.key) ||
      case r.n when 1 then '{"kind": "void", "reason_code": "duplicate", "reason": "kassir çeki iki dəfə vurub"}'
               when 2 then '{"kind": "return", "reason_code": "damaged", "reason": "evə gedən yolda sınıb", "refund": "cash"}'::jsonb
                           || (select jsonb_build_object ('lines', jsonb_agg (jsonb_build_object ('line', l.line_no, 'quantity', l.quantity / 1000.0)))
                               from oba.receipt_lines l where l.customer_id = r.customer_id and l.sold_at = r.sold_at and l.receipt_id = r.receipt_id)
               when 3 then '{"kind": "move", "reason_code": "wrong_customer", "reason": "qonşunun kartı idi", "customer_id": null}'
               when 4 then '{"kind": "void", "reason_code": "till_fault", "reason": "kassa çeki çap edib, terminal isə kartdan pulu çıxmayıb"}'
               else '{"kind": "void", "reason_code": "other", "reason": "müştəri belə deyir"}' end::jsonb);
    if answer ? 'approval_id' then
      update oba.approvals a set requested_by = 'demo_clerk', requested_at = now() - r.n * interval '5 hours', previewed_at = now() - r.n * interval '5 hours'
        where a.approval_id = (answer ->> 'approval_id')::bigint;
      if r.n = 5 then
        perform oba.decide_approval (jsonb_build_object ('approval_id', answer -> 'approval_id', 'approve', false, 'reason', 'çek kassada imzalanıb'));
      end if;
    end if;
  end loop;

  -- Rules that marketing thinks about; they change nothing of what was sold.
  perform oba.save_rule ('{"kind": "multiplier", "name": "Həftə sonu ikiqat bal", "parameters": {"factor": 2000, "weekdays": [6, 7]}}');
  perform oba.save_rule ('{"kind": "bonus", "name": "Ad günü hədiyyəsi", "parameters": {"points": 50, "per": "receipt", "birthday": [3, 3], "once": "year"}}');
  update oba.earning_rules e set created_by = 'demo_clerk', edited_by = 'demo_clerk' where e.state = 'draft';
end $$;
