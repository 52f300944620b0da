-- Actions of later migrations go through the one door of 0006, too, without each replacing it.

set local role oba_owner;
set local search_path = oba, pg_catalog;

-- As in 0006 (keys, replays, refusals: see there). What is named there is called as before, without planning it anew; anything else is oba.do_ACTION (request jsonb).
create or replace function oba.once (action text, request jsonb, scope text, key text) returns jsonb
language plpgsql
as $$
declare
  hash bytea;
  known record;
  answer jsonb;
  state text;
  message text;
  hint text;
  detail text;
begin
  if request is null then
    perform oba.refuse ('OB001', 'The request is missing.');
  end if;
  if key is not null then
    if length (key) not between 1 and 200 or length (scope) not between 1 and 100 or scope is null then
      perform oba.refuse ('OB001', 'A key has 1 to 200 characters.');
    end if;
    hash := sha256 (convert_to (action || request::text, 'UTF8'));
    perform pg_advisory_xact_lock (hashtextextended (scope || e'\x1f' || key, 1));
    select k.request_hash, k.answer into known from oba.idempotency_keys k where k.scope = once.scope and k.key = once.key;
    if found then
      if known.request_hash = hash then
        return known.answer || '{"replayed": true}';
      end if;
      perform oba.refuse ('OB005', 'This key was used for another request.', 'Send each new request with a key of its own.');
    end if;
  end if;
  begin
    case action
      when 'record_receipt' then answer := oba.do_record_receipt (request);
      when 'return_lines' then answer := oba.do_return_lines (request);
      when 'register_customer' then answer := oba.do_register_customer (request);
      when 'update_customer' then answer := oba.do_update_customer (request);
      when 'block_customer' then answer := oba.do_block_customer (request);
      when 'set_consent' then answer := oba.do_set_consent (request);
      when 'issue_card' then answer := oba.do_issue_card (request);
      when 'link_telegram' then answer := oba.do_link_telegram (request);
      when 'unlink_telegram' then answer := oba.do_unlink_telegram (request);
      when 'adjust_points' then answer := oba.do_adjust_points (request);
      when 'redeem_points' then answer := oba.do_redeem_points (request);
      when 'move_redemption' then answer := oba.do_move_redemption (request);
      when 'lock_spending' then answer := oba.do_lock_spending (request);
      else execute format ('select oba.%I ($1)', 'do_' || action) into answer using request;
    end case;
  exception
    when sqlstate 'OB000' or data_exception or check_violation or not_null_violation or foreign_key_violation then
      get stacked diagnostics state = returned_sqlstate, message = message_text, hint = pg_exception_hint, detail = pg_exception_detail;
      if message like 'no partition of relation%' then
        raise exception using errcode = 'OB011', message = 'No room is prepared for this month.',
                              hint = 'An administrator runs the maintenance job, or checks the date.';
      elsif state not like 'OB%' then
        hint := 'Check the form of the request; ' || message;
        detail := '';
        message := 'A value of the request cannot be read or is out of range.';
        state := 'OB001';
      end if;
      if key is null then
        raise exception using errcode = state, message = message, hint = hint, detail = detail;
      end if;
      answer := jsonb_build_object ('refused', true, 'code', state, 'message', message, 'hint', hint, 'detail', detail);
  end;
  if key is not null then
    insert into oba.idempotency_keys (scope, key, request_hash, refused, answer) values (scope, key, hash, answer ? 'refused', answer);
  end if;
  return answer;
end $$;

/*
 * Opens the door oba.ACTION (request jsonb, scope text default null, key text default null) returns jsonb to oba.do_ACTION (request jsonb), for these group
 * roles: select oba.add_action ('save_view', 'oba_clerk', 'oba_marketing').
 */
create function oba.add_action (action text, variadic roles text[]) returns void
language plpgsql
as $$
begin
  if to_regprocedure (format ('oba.%I (jsonb)', 'do_' || action)) is null then
    raise exception 'oba.do_% (jsonb) is missing', action;
  end if;
  execute format ('create or replace function oba.%I (request jsonb, scope text default null, key text default null) returns jsonb '
                  'language plpgsql security definer set search_path = oba, pg_catalog, pg_temp '
                  'as $f$ begin return oba.once (%L, request, scope, key); end $f$', action, action);
  execute format ('revoke execute on function oba.%I (jsonb, text, text) from public', action);
  execute format ('grant execute on function oba.%I (jsonb, text, text) to %s', action,
                  (select string_agg (quote_ident (r), ', ') from unnest (roles) r));
end $$;

reset role;
