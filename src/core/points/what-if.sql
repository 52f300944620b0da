-- What is there now by the month in which it is lost, as it is and under the policy $1.
select oba.preview_expiry_policy ($1::jsonb)
