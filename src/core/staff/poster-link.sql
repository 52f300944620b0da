-- The link on the poster of the store with the number $1, for the campaign $2.
select oba.make_start_link ($1::bigint, $2) ->> 'url'
