-- The card of the customer $1; one of the bot's own for whoever has none. ($2, the payload, says nothing.)
select c.language, oba.telegram_card (c.customer_id) from oba.customers c where c.customer_id = $1 and c.status = 'active' and $2::jsonb is not null
