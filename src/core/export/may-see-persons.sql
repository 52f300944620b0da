select has_column_privilege ('oba.customers', 'family_name', 'select')
