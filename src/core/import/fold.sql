-- The rollups and the lifecycle would follow by themselves within seconds; an importer without a running helper wants them now.
with folded as materialized (select greatest (oba.fold_rollups (), oba.fold_receipt_totals (), oba.fold_liability (), oba.fold_store_sales ()) as n) select n, oba.refresh_lifecycle (10000000) from folded
