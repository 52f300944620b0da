select updates_new, updates_working, updates_poison, outbox_queued, outbox_sending, outbox_dead, outbox_age, outbox_failed, outbox_blocked, outbox_unknown, errors_day, pace,
       broadcasts_running, broadcasts_waiting, updates_age
from oba.queue_state ()
