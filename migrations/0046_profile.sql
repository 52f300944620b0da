-- Cards of a customer: one that is lost or misused is blocked, found again, or replaced by another. Who blocked a customer.

set local role oba_owner;
set local search_path = oba, pg_catalog;

/*
 * {"customer_id", "number", "state": "lost"|"blocked"|"active", "reason"} -> {"customer_id", "number", "state", "was"}
 * Whoever answers the phone may report a card lost, and take that back when it is found; what was blocked for misuse is a supervisor's.
 */
create function oba.do_block_card (request jsonb) returns jsonb
language plpgsql
as $$
declare
  c oba.customers;
  card oba.cards;
  wanted text := request ->> 'state';
  why text := nullif (btrim (request ->> 'reason'), '');
begin
  select * into c from oba.customers k where k.customer_id = (request ->> 'customer_id')::bigint and k.kind = 'person' for update;
  if not found then
    perform oba.refuse ('OB002', format ('There is no customer %s.', request ->> 'customer_id'));
  end if;
  select * into card from oba.cards k where k.number = request ->> 'number' and k.customer_id = c.customer_id for update;
  if not found then
    perform oba.refuse ('OB002', 'This customer has no such card.');
  elsif wanted is null or wanted not in ('lost', 'blocked', 'active') or length (why) > 1000 then
    perform oba.refuse ('OB001', 'A card becomes lost, blocked or active, with a reason of at most 1,000 characters.');
  elsif card.state = wanted then
    perform oba.refuse ('OB013', case wanted when 'lost' then 'This card is lost already.' when 'blocked' then 'This card is blocked already.'
                                              else 'This card works already.' end);
  elsif (card.state = 'blocked' or wanted = 'blocked')
        and not (pg_has_role (session_user, 'oba_supervisor', 'member') or pg_has_role (session_user, 'oba_admin', 'member')) then
    perform oba.refuse ('OB006', 'Only a supervisor blocks a card, and lets a blocked one work again.', 'Report it as lost: it stops working at once.');
  elsif wanted = 'blocked' and why is null then
    perform oba.refuse ('OB001', 'Blocking a card needs a reason.');
  elsif wanted = 'active' and c.status <> 'active' then
    perform oba.refuse ('OB006', 'There is no active customer of this number.');
  end if;
  perform set_config ('oba.reason', coalesce (why, ''), true);
  update oba.cards k set state = wanted, state_since = now() where k.token_hash = card.token_hash;
  perform set_config ('oba.reason', '', true);
  perform pg_notify ('oba_customers', c.customer_id::text);
  return jsonb_build_object ('customer_id', c.customer_id, 'number', card.number, 'state', wanted, 'was', card.state);
end $$;

/*
 * {"customer_id", "card": {"token" | "number"} a printed blank card, "replaces": the number of one that stops working, or none, "reason"}
 * -> {"customer_id", "number"}
 */
create function oba.do_give_card (request jsonb) returns jsonb
language plpgsql
as $$
declare
  c bigint := (request ->> 'customer_id')::bigint;
  old oba.cards;
  given text;
begin
  perform from oba.customers k where k.customer_id = c and k.kind = 'person' and k.status = 'active' for update;
  if not found then
    perform oba.refuse ('OB002', 'There is no active customer of this number.');
  end if;
  if request ->> 'replaces' is not null then
    select * into old from oba.cards k where k.number = request ->> 'replaces' and k.customer_id = c for update;
    if not found then
      perform oba.refuse ('OB002', 'This customer has no such card.');
    end if;
  end if;
  given := oba.hand_out_card (c, request -> 'card');
  if old.state = 'active' then
    perform oba.do_block_card (jsonb_build_object ('customer_id', c, 'number', old.number, 'state', 'lost', 'reason', request -> 'reason'));
  end if;
  perform pg_notify ('oba_customers', c::text);
  return jsonb_build_object ('customer_id', c, 'number', given);
end $$;

-- Who made the customer what they are now: blocked, erased. The profile says it to everybody who may see the customer, not only to readers of the audit trail.
create function oba.status_set_by (customer bigint) returns text
language sql stable security definer set search_path = oba, pg_catalog, pg_temp
begin atomic
  select coalesce ((select e.by_whom from oba.erasures e where e.customer_id = customer),
                   (select a.who from oba.audit a
                    where a.customer_id = customer and a.action = 'customer.update' and a.changes ? 'status' order by a.at desc limit 1));
end;
grant execute on function oba.status_set_by (bigint) to oba_clerk, oba_supervisor, oba_admin, oba_auditor, oba_helper;

select oba.add_action ('block_card', 'oba_clerk', 'oba_supervisor', 'oba_admin');
select oba.add_action ('give_card', 'oba_clerk', 'oba_supervisor', 'oba_admin');

reset role;
