-- The audit trail is unbroken: every seal is the hash of the seal before it and of its row, and no row waits for its seal for two days.
select format ('seal %s of audit row %s: %s', s.seal_no, s.audit_id,
               case when a.audit_id is null then 'the row is gone' when s.seal_no <> s.place then 'a seal before it is gone' else 'the row or a seal was changed' end)
from (select s.*, lag (s.hash, 1, '\x'::bytea) over (order by s.seal_no) as before, row_number () over (order by s.seal_no) as place from oba.audit_seals s) s
left join oba.audit a on a.audit_id = s.audit_id and a.at = s.audit_at
where a.audit_id is null or s.seal_no <> s.place or s.hash <> oba.audit_hash (s.before, a)
union all
select format ('audit row %s of %s was never sealed', a.audit_id, a.at)
from oba.audit a
where a.at < now() - interval '2 days' and not exists (select from oba.audit_seals s where s.audit_id = a.audit_id)
