-- What staff did with the record, with the values while they are there.
select x from oba.audit_about ($1) x
