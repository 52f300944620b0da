#pragma once

#include "base/oba-catalogue.h"
#include "oba-telegram-client.h"

G_BEGIN_DECLS

/** Tells Telegram the commands that the bot knows, in each language (setMyCommands): it offers them in the chat. A failure is logged; the next start tells them again. */
void  oba_telegram_menu_send (ObaTelegramClient *client);
/** The same for people, a line a command, HTML. (transfer full) */
char *oba_telegram_menu_text (ObaCatalogue *catalogue);

G_END_DECLS
