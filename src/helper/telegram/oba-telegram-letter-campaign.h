#pragma once

#include "oba-telegram-letters.h"

G_BEGIN_DECLS

/** What a broadcast says, of a row of letter-campaign.sql. */
char *oba_telegram_letter_campaign (ObaCatalogue *catalogue, ObaDbResult *row, ObaTelegramKeyboard **keyboard);

G_END_DECLS
