-- Why the customer $1 cannot have a spend code now: locked (by themselves or by staff), codes (too many wrong ones, until when), nothing; and the points that there are.
select case when a.spending_locked_at is not null then 'locked' when oba.codes_locked_until ($1) is not null then 'codes' when a.balance <= 0 then 'nothing' end,
       to_char (oba.codes_locked_until ($1) at time zone 'Asia/Baku', 'HH24:MI'), a.balance
from oba.points_accounts a where a.customer_id = $1
