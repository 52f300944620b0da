-- How much waits for a second person, and since when.
select count (*) as n, count (*) filter (where a.kind in ('correction', 'adjustment') and a.requested_by <> session_user) as corrections,
       count (*) filter (where a.kind in ('merge', 'unmerge') and a.requested_by <> session_user) as merges,
       count (*) filter (where a.requested_by = session_user) as mine, min (a.requested_at) as oldest
from oba.approvals a where a.state = 'requested'
