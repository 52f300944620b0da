-- What an erasure would take; nothing is changed.
select oba.preview_erasure (jsonb_build_object ('customer_id', $1::bigint))
