-- One snapshot: what is counted is what is written. It may take as long as a slow disk needs.
begin isolation level repeatable read;
set local statement_timeout = 0;
set local idle_in_transaction_session_timeout = 0;
set local lock_timeout = '1min';
set local cursor_tuple_fraction = 1;
set local work_mem = '64MB';
set local jit = off;
-- Moments come as 2026-01-31 17:05:09.123+04 of these: what is written is cut from that.
set local datestyle = 'ISO, YMD';
set local timezone = 'Asia/Baku';
