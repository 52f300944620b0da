-- The newest imports first; what reverses another is shown with that one.
select b.batch_id, b.kind, b.file_name, b.state, b.rows_read, b.rows_new, b.rows_known, b.rows_changed, b.rows_rejected, b.control_total,
       extract (epoch from b.started_at)::bigint, b.by_whom, coalesce (s.display_name, b.by_whom), extract (epoch from b.reversed_at)::bigint,
       coalesce (r.display_name, b.reversed_by)
  from oba.import_batches b
  left join oba.staff s on s.login = b.by_whom
  left join oba.staff r on r.login = b.reversed_by
 where b.reverses is null and b.kind <> 'demo'
 order by b.batch_id desc limit $1
