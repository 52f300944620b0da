-- POST /api/returns: as receipt.sql. A return may be of another store's sale; without a store, its original is of this one.
select oba.return_lines ($1::jsonb || jsonb_build_object ('store', t.store_id, 'till', t.till_no, 'source', 'till',
                                                          'original', jsonb_build_object ('store', t.store_id, 'till', t.till_no) || coalesce ($1::jsonb -> 'original', '{}')),
                         'till:' || t.client_id, $3)
from oba.tills t where t.client_id = $2 and t.revoked_at is null
