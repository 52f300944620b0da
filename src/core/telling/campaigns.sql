-- The newest $1 broadcasts with what became of their messages.
select oba.broadcast_board ($1::integer)
