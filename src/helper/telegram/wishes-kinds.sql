-- Which kinds of messages the customer $1 wants, in the order in which they are shown.
select kind, wanted from oba.message_switches ($1)
