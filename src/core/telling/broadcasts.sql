select * from oba.broadcast_list (50)
