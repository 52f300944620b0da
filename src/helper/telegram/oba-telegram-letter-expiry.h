#pragma once

#include "oba-telegram-letters.h"

G_BEGIN_DECLS

/** Points that are lost soon, of a row of letter-expiry.sql. */
char *oba_telegram_letter_expiry (ObaCatalogue *catalogue, ObaDbResult *row, ObaTelegramKeyboard **keyboard);

G_END_DECLS
