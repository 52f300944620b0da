select m from oba.messages_of ($1) m
