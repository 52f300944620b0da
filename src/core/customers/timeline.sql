-- A page of the timeline of a person ($1): $6 events of the kinds $2 before the moment $3 (microseconds), rank $4, id $5; nulls: the newest.
select t.at, (extract (epoch from t.at) * 1000000)::bigint as place, t.rank, t.id, t.what, t.before, t.name, t.amount, t.points, t.granted, t.store, t.who,
       t.through, t.state, t.reason, t.owner, t.receipt_id, t.redemption_id, t.rule_id, t.rule_version, t.days, t.usual_days, t.values_shown, t.changes
  from oba.customer_timeline ($1, $2::integer, timestamptz 'epoch' + $3::bigint * interval '1 microsecond', $4::integer, $5::bigint, $6::integer, $7::text) t
 order by t.at desc, t.rank desc, t.id desc
 limit $6
