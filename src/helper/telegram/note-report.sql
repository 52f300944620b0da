select oba.telegram_note_report ($1, $2::jsonb, $3)
