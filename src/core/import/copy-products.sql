copy pg_temp.import_rows (line, fault, code, name, barcode, brand, category, unit, price, vat_permille) from stdin
