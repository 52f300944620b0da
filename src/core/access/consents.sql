-- How each came about; the last of a channel holds (oba.consents has it once more).
select to_jsonb (h) - 'store_id' || jsonb_build_object ('store', s.name)
from oba.consent_history h left join oba.stores s using (store_id) where h.customer_id = any ($1) order by h.at, h.consent_id
