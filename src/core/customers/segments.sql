-- Every segment that is offered, by name; with $1 also those that are archived. Members: -1 for a rule, which has them only when it is asked.
select g.segment_id, g.name, g.description, g.kind, g.filter, g.created_by, g.version, g.archived_at is not null,
       oba.may_change_of (g.created_by),
       case when g.kind = 'static' then (select count(*) from oba.segment_members m where m.segment_id = g.segment_id) else -1 end,
       coalesce (w.display_name, g.created_by), g.created_at
  from oba.segments g
  left join oba.staff w on w.login = g.created_by
 where $1::boolean or g.archived_at is null
 order by oba.sort_key (g.name), g.segment_id
