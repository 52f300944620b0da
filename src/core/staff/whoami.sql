-- Who is signed in.
select login, coalesce (display_name, login), disabled, array_to_string (roles, ' ') from oba.whoami ()
