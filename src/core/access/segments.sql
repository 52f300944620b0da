select to_jsonb (m) || jsonb_build_object ('name', g.name) from oba.segment_members m join oba.segments g using (segment_id)
where m.customer_id = any ($1) order by m.added_at, g.name
