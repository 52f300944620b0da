-- A server that stands still for a moment must not leave an import waiting for ever, nor a forgotten one hold locks.
begin;
set local temp_buffers = '64MB';
set local lock_timeout = '10min';
