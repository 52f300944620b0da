-- Brings the rollups and the lifecycle up to date. The service's jobs do this all the time; here for a database that runs without the service.
with folded as materialized (select greatest (oba.fold_rollups (), oba.fold_receipt_totals (), oba.fold_liability (), oba.fold_store_sales ()) as n) select n, oba.refresh_lifecycle (10000000) from folded
