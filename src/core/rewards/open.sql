-- What of a reward ($1) is redeemed and not handed out yet, the oldest first.
select d.customer_id, d.redemption_id from oba.redemptions d where d.reward_id = $1 and d.state in ('requested', 'approved') order by d.requested_at, d.redemption_id
