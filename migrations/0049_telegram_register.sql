-- Registering by Telegram: whoever shares the phone number of their own Telegram account becomes a customer, or is linked to the one who has that number.

set local role oba_owner;
set local search_path = oba, pg_catalog;

/*
 * {"chat_id", "phone": E.164, of the sender's own account as Telegram says, "given_name", "family_name", "language", "username", "wording": what was agreed to}
 * -> {"customer_id", "given_name", "what": "registered" | "linked" | "known" (this chat was linked before)}
 * A name at Telegram may hold anything: what may not be in a name is left out of it, and whoever has no name left is called by the number.
 */
create function oba.do_register_by_telegram (request jsonb) returns jsonb
language plpgsql
as $$
declare
  chat constant bigint := (request ->> 'chat_id')::bigint;
  number constant text := request ->> 'phone';
  invisible constant text := '[\u0001-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]';
  given text := left (btrim (regexp_replace (coalesce (request ->> 'given_name', ''), invisible, '', 'g')), 100);
  family text := left (btrim (regexp_replace (coalesce (request ->> 'family_name', ''), invisible, '', 'g')), 100);
  c bigint;
  what text := 'known';
begin
  if chat is null or chat = 0 then
    perform oba.refuse ('OB001', 'The chat is missing.');
  elsif number is null or number !~ '^\+[1-9][0-9]{6,14}$' then
    perform oba.refuse ('OB001', format ('"%s" is not a phone number.', left (coalesce (number, ''), 40)), 'Write it as +994501234567.');
  end if;
  -- One number, one after the other, whichever chats ask.
  perform pg_advisory_xact_lock (hashtextextended ('oba.register ' || number, 3));
  select l.customer_id into c from oba.telegram_links l where l.chat_id = chat;
  if c is null then
    select oba.customer_root (p.customer_id) into c from oba.customer_phones p where p.phone = number;
    what := 'linked';
  end if;
  if c is null then
    given := case when given = '' and family = '' then number else given end;
    what := 'registered';
    begin
      c := (oba.do_register_customer (jsonb_build_object (
              'given_name', given, 'family_name', family, 'phone', number, 'through', 'telegram',
              'language', case when request ->> 'language' in ('az', 'ru', 'en') then request ->> 'language' else 'az' end)) ->> 'customer_id')::bigint;
    exception when sqlstate 'OB004' then   -- a clerk was faster by a moment
      select oba.customer_root (p.customer_id) into strict c from oba.customer_phones p where p.phone = number;
      what := 'linked';
    end;
  end if;
  if what <> 'known' then
    perform oba.do_link_telegram (jsonb_build_object ('customer_id', c, 'chat_id', chat, 'username', request ->> 'username'));
    perform oba.put_consent (c, 'telegram', true, 'telegram', null, left (request ->> 'wording', 200));
  end if;
  return jsonb_build_object ('customer_id', c, 'what', what, 'given_name', (select k.given_name from oba.customers k where k.customer_id = c));
end $$;
select oba.add_action ('register_by_telegram', 'oba_helper');

reset role;
