-- Counts a picture of the chat $1; in how many minutes it may send some again; null: this one is looked at.
select oba.scan_picture ($1)
