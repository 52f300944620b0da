#pragma once

#include "oba-telegram-letters.h"

G_BEGIN_DECLS

/** The customer has another tier, of a row of letter-tier.sql. */
char *oba_telegram_letter_tier (ObaCatalogue *catalogue, ObaDbResult *row, ObaTelegramKeyboard **keyboard);

G_END_DECLS
