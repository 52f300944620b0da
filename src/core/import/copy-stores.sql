copy pg_temp.import_rows (line, fault, code, name, region, city, district, address, latitude, longitude, opened_on, closed_on) from stdin
