-- An import may take its time, but does not wait for ever behind another one.
begin;
set local statement_timeout = 0;
set local idle_in_transaction_session_timeout = 0;
set local lock_timeout = '10min';
