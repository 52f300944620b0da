-- ALTER ROLE takes no parameters, so it reads them from the settings of password-values.sql.
DO $$
BEGIN
  EXECUTE format('ALTER ROLE %I PASSWORD %L', current_setting('oba.password_login'), current_setting('oba.password_verifier'));
END
$$
