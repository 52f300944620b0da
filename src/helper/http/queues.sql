select updates_new, updates_working, updates_poison, outbox_queued, outbox_sending, outbox_dead, outbox_age from oba.queue_state ()
