#pragma once

#include "db/oba-db-pool.h"
#include "oba-telegram-client.h"

G_BEGIN_DECLS

/** ObaTelegramReport: asks Telegram once a minute what it knows of the webhook (getWebhookInfo) and keeps it in the database, where Administration reads it: nobody but the helper talks to Telegram. */
#define OBA_TYPE_TELEGRAM_REPORT (oba_telegram_report_get_type ())
G_DECLARE_FINAL_TYPE (ObaTelegramReport, oba_telegram_report, OBA, TELEGRAM_REPORT, GObject)

ObaTelegramReport *oba_telegram_report_new   (ObaDbPool *pool, ObaTelegramClient *client, gboolean polling);
void               oba_telegram_report_start (ObaTelegramReport *self);
/** Returns: TRUE: nothing is under way any more */
gboolean           oba_telegram_report_stop  (ObaTelegramReport *self);

G_END_DECLS
