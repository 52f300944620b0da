select redemption_id, customer_id, name, reward_id, reward_az, reward_ru, reward_en, kind, quantity, points, state, since, requested_at, requested_by, through, store_id, store, expires_at,
       overdue, needs_me, proof, last_by, last_through, can_undo,
       case state when 'requested' then requested_at + (select 3600 * s.sla_hours from oba.redemption_settings s) end
from oba.redemption_rows ($1)
