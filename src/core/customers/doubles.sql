-- Who may be this person already, the likeliest first.
select customer_id, reason, btrim (concat_ws (' ', family_name, given_name, patronymic)), coalesce (phone, ''), birth_date, city, status = 'blocked', registered_at
from oba.likely_doubles ($1::jsonb)
