-- The list of customers: an index for every order and every way of searching, so that nothing reads a million rows for the first page.

set local role oba_owner;
set local search_path = oba, pg_catalog;

-- Those who never bought come last when the newest purchase is first, and first when the oldest is.
drop index oba.customer_stats_by_last;
create index customer_stats_by_last on oba.customer_stats (last_purchase_at desc nulls last, customer_id desc);
create index points_accounts_by_spend on oba.points_accounts (tier_spend, customer_id);

-- One or two letters have no trigram: they are what the name begins with.
create index customers_search_start on oba.customers (left (search_text, 8) collate "C") where kind = 'person';
-- A card number from its beginning, whatever the server's collation.
create index cards_number_start on oba.cards (number text_pattern_ops);

-- Whoever looks at an empty list is told when somebody comes in: once a statement, however many rows it brings. 0: nobody in particular.
create function oba.customers_tell_new () returns trigger
language plpgsql
as $$
begin
  perform pg_notify ('oba_customers', '0');
  return null;
end $$;
create trigger tell_new after insert on oba.customers for each statement execute function oba.customers_tell_new ();

reset role;
