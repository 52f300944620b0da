#pragma once

#include "oba-telegram-letters.h"

G_BEGIN_DECLS

/** What became of a receipt that was claimed, of a row of letter-claim.sql. */
char *oba_telegram_letter_claim (ObaCatalogue *catalogue, ObaDbResult *row, ObaTelegramKeyboard **keyboard);
/** To a chat that is a customer's no more, of a row of letter-moved.sql. */
char *oba_telegram_letter_moved (ObaCatalogue *catalogue, ObaDbResult *row, ObaTelegramKeyboard **keyboard);

G_END_DECLS
