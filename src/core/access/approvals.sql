-- What somebody asked a second person to approve about this one: merges, corrections, erasure.
select x from oba.approvals_about ($1) x
