select update_id, chat_id, payload, customer_id, language, status, step, data from oba.telegram_claim_updates ($1, $2::integer, $3::integer)
