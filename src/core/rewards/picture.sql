-- The picture of a reward ($1), in base64.
select coalesce (encode (w.picture, 'base64'), '') from oba.rewards w where w.reward_id = $1
