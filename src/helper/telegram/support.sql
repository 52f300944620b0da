-- Whom customers ask.
select h.support from oba.telegram_house h
