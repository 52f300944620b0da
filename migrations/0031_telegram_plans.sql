-- Queues are empty when their plans are made and full when they count: the plans must be those of full ones.
set local role oba_owner;
set local search_path = oba, pg_catalog;

alter function oba.telegram_claim_updates (text, integer, integer) set enable_seqscan = off;
alter function oba.telegram_claim_updates (text, integer, integer) set enable_bitmapscan = off;
alter function oba.telegram_claim_updates (text, integer, integer) set enable_hashjoin = off;
alter function oba.telegram_claim_updates (text, integer, integer) set enable_mergejoin = off;
alter function oba.telegram_claim_updates (text, integer, integer) set jit = off;
alter function oba.outbox_claim (text, text[], integer, integer) set enable_seqscan = off;
alter function oba.outbox_claim (text, text[], integer, integer) set enable_bitmapscan = off;
alter function oba.outbox_claim (text, text[], integer, integer) set enable_hashjoin = off;
alter function oba.outbox_claim (text, text[], integer, integer) set enable_mergejoin = off;
alter function oba.outbox_claim (text, text[], integer, integer) set jit = off;

/* Old rows that nothing needs any more, a few thousand at a time; a message that nobody could send for a week is no news. Returns how many. */
create or replace function oba.clean_up () returns bigint
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
declare
  gone bigint;
  total bigint := 0;
begin
  update outbox set state = 'failed', error = 'Not sent for a week: too old.'
  where (customer_id, message_id) in
    (select customer_id, message_id from outbox where state = 'queued' and not_before < now() - interval '7 days' limit 5000);
  get diagnostics gone = row_count;
  total := total + gone;
  delete from telegram_updates where update_id in
    (select update_id from telegram_updates where state = 'done' and done_at < now() - interval '7 days' limit 5000);
  get diagnostics gone = row_count;
  total := total + gone;
  delete from telegram_chats where chat_id in (select chat_id from telegram_chats where next_at < now() - interval '1 hour' limit 5000);
  get diagnostics gone = row_count;
  total := total + gone;
  delete from idempotency_keys where (scope, key) in
    (select scope, key from idempotency_keys where created_at < now() - interval '180 days' limit 5000);
  get diagnostics gone = row_count;
  return total + gone;
end $$;

reset role;
