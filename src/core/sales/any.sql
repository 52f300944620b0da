-- Has anything been sold yet, folded into the rollups or not?
select exists (select from oba.rollup_days) or exists (select from oba.receipts)
