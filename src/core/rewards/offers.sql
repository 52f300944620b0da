-- What is on offer for customer $1 in language $2, at store $3 or anywhere.
select reward_id, code, kind, name, description, language, cost, coalesce (value, -1), has_picture, coalesce (stock, -1), needs_approval, coalesce (block, ''), coalesce (missing, 0), valid_to,
       coalesce (tier, '')
from oba.customer_rewards ($1, $2, $3)
