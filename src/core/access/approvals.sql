-- What somebody asked a second person to approve about this one: merges, corrections.
select jsonb_build_object ('kind', a.kind, 'state', a.state, 'requested_at', a.requested_at, 'requested_by', a.requested_by, 'reason', a.reason,
                           'decided_at', a.decided_at, 'decided_by', a.decided_by, 'decision_reason', a.decision_reason)
from oba.approvals a where a.customer_ids && $1 order by a.requested_at, a.approval_id
