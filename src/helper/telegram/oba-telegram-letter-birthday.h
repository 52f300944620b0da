#pragma once

#include "oba-telegram-letters.h"

G_BEGIN_DECLS

/** A happy birthday, of a row of letter-birthday.sql. */
char *oba_telegram_letter_birthday (ObaCatalogue *catalogue, ObaDbResult *row, ObaTelegramKeyboard **keyboard);

G_END_DECLS
