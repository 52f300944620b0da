-- What password.sql takes: $1 the login, $2 the SCRAM verifier. For this transaction only.
SELECT set_config('oba.password_login', $1, true), set_config('oba.password_verifier', $2, true)
