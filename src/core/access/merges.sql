-- Records that were found to be one person: when, on whose request, and the values that gave way.
select to_jsonb (m) - '{came,approval_id,undo_approval_id}'::text[]
       || jsonb_build_object ('requested_by', a.requested_by, 'decided_by', a.decided_by, 'reason', a.reason, 'decision_reason', a.decision_reason,
            'values', (select coalesce (jsonb_object_agg (v.field, v.value), '{}') from oba.merge_values v where v.merge_id = m.merge_id))
from oba.merges m left join oba.approvals a using (approval_id)
where m.source_id = any ($1) or m.survivor_id = any ($1) order by m.merged_at, m.merge_id
