-- The rollups would follow by themselves within seconds; an importer without a running helper wants them now.
select oba.fold_rollups ()
