-- What came of it, as oba.replay_end() tells it.
select oba.replay_end ()::text
