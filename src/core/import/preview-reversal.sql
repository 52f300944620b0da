select oba.preview_reversal ($1)::text
