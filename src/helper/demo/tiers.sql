-- The demo has a sample of the chain's receipts, so its tiers begin lower.
update oba.tiers t set threshold = d.threshold
from (values ('silver', 25000), ('gold', 60000), ('platinum', 120000)) as d (code, threshold) where t.code = d.code
