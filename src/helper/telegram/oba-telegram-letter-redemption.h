#pragma once

#include "oba-telegram-letters.h"

G_BEGIN_DECLS

/** What became of a redemption, of a row of letter-redemption.sql. */
char *oba_telegram_letter_redemption (ObaCatalogue *catalogue, ObaDbResult *row, ObaTelegramKeyboard **keyboard);

G_END_DECLS
