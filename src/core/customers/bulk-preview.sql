select oba.preview_bulk ($1)
