copy pg_temp.import_rows (line, fault, external_id, phone, given_name, family_name, patronymic, birth_date, language, city, email, preferred_store, notes, registered_at) from stdin
