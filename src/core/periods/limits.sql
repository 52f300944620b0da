-- Up to where one person may correct alone.
select l.amount, l.points, l.age_days, l.own_receipts, l.version, l.adjust_points from oba.correction_limits l
