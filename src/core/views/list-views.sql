-- The views of page $1 that the one who asks may use: their own and what colleagues share.
select v.view_id, v.name, v.owner, v.shared, v.page, v.query -> 'filter', v.query ->> 'sort', coalesce ((v.query ->> 'descending')::boolean, false),
       v.query -> 'columns', v.version, oba.may_change_of (v.owner), v.owner = session_user, coalesce (w.display_name, v.owner)
  from oba.list_views v
  left join oba.staff w on w.login = v.owner
 where v.page = $1
 order by v.owner <> session_user, oba.sort_key (v.name), v.view_id
