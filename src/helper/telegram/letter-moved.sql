-- To the chat that a customer has left for another one: $1 the customer.
select c.language from oba.customers c where c.customer_id = $1 and $2::jsonb is not null and c.status <> 'erased'
