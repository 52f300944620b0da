-- When the rollups were brought up to date last, and whether there is a sale in them. $1: the moment, null for now.
select (select folded_at from oba.rollup_state),
       exists (select from oba.rollup_days),
       oba.business_day (coalesce ($1::timestamptz, now()))
