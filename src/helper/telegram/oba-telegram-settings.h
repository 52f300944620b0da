#pragma once

#include "base/oba-config-file.h"
#include "oba-telegram-client.h"

G_BEGIN_DECLS

/** ObaTelegramSettings: [telegram] of the configuration, with its secrets, checked. */
typedef struct
{
  gboolean polling;        /* transport */
  char *api_url;           /* without a slash at its end */
  char *bot_username;      /* (nullable) */
  char *token;             /* (nullable): nothing can be sent */
  char *secret;            /* (nullable): no webhook */
} ObaTelegramSettings;

/** Returns: (transfer full) (nullable): NULL with OBA_ERROR_CONFIGURATION, a sentence for whoever wrote the file */
ObaTelegramSettings *oba_telegram_settings_load       (ObaConfigFile *config, GError **error);
void                 oba_telegram_settings_free       (ObaTelegramSettings *self);
/** (transfer full) (nullable): NULL without a token */
ObaTelegramClient   *oba_telegram_settings_new_client (const ObaTelegramSettings *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaTelegramSettings, oba_telegram_settings_free)

G_END_DECLS
