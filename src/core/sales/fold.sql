-- Brings the rollups up to date. The service's job does this all the time; here for a database that runs without the service.
select oba.fold_rollups ()
