-- The values that are kept beside the audit trail are those whose digests are chained in it, and none is missing but an erased customer's.
-- An erased customer's are also those of who was one person with them for a while, and the explanation of a correction that a receipt of an erased customer was part of.
select format ('audit row %s of customer %s: the values kept apart are not those that were chained', p.audit_id, p.customer_id)
from oba.audit_personal p
left join oba.audit a on a.audit_id = p.audit_id and coalesce (a.customer_id, 0) = p.customer_id
where a.audit_id is null
   or a.changes is distinct from a.changes || oba.audit_mask_all (p.salt, p.changes)
   or a.reason is distinct from oba.audit_digest (p.salt, 'reason', p.reason)
   or (p.subject_id is not null and a.subject_id <> oba.audit_digest (p.salt, 'subject', p.subject_id))
union all
select format ('audit row %s of customer %s: the values are missing, and the customer is not erased', a.audit_id, a.customer_id)
from oba.audit a
where a.customer_id is not null and (a.reason is not null or a.subject_id like 'sha256:%' or a.changes::text like '%"sha256:%')
  and not exists (select from oba.audit_personal p where p.customer_id = a.customer_id and p.audit_id = a.audit_id)
  and not exists (select from oba.erasures e where e.customer_id = a.customer_id)
  and not exists (select from oba.merges m join oba.erasures e on e.customer_id in (m.source_id, m.survivor_id)
                  where a.customer_id in (m.source_id, m.survivor_id) and m.undone_at is not null and a.at >= m.merged_at)
  and not exists (select from oba.corrections c join oba.erasures e on e.customer_id in (c.original_customer_id, c.reversal_customer_id, c.replacement_customer_id)
                  where c.correction_id::text = a.changes #>> '{correction,1}')
