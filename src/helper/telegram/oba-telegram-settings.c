#include "oba-config.h"
#include "oba-telegram-settings.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "base/oba-error.h"

#define TOKEN_LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"
#define MAX_SECRET 256

void
oba_telegram_settings_free (ObaTelegramSettings *self)
{
  g_free (self->api_url);
  g_free (self->bot_username);
  g_free (self->token);
  g_free (self->secret);
  g_free (self);
}

static const char *
find_fault (const ObaTelegramSettings *self, const char *transport)
{
  if (!g_str_equal (transport, "webhook") && !g_str_equal (transport, "polling"))
    return _("[telegram] transport is webhook or polling.");
  if (self->token != NULL && self->token[strspn (self->token, TOKEN_LETTERS ":")] != '\0')
    return _("The bot's token has characters that no token has. Copy it again from @BotFather.");
  if (!g_uri_is_valid (self->api_url, G_URI_FLAGS_NONE, NULL) ||
      (!g_str_has_prefix (self->api_url, "https://") && !g_str_has_prefix (self->api_url, "http://")))
    return _("[telegram] api_url must be an http or https address.");
  if (self->secret != NULL && (strlen (self->secret) > MAX_SECRET || self->secret[strspn (self->secret, TOKEN_LETTERS)] != '\0'))
    return _("The secret of the webhook has 1 to 256 letters, digits, “_” and “-”.");
  return NULL;
}

ObaTelegramSettings *
oba_telegram_settings_load (ObaConfigFile *config, GError **error)
{
  g_autoptr (ObaTelegramSettings) self = g_new0 (ObaTelegramSettings, 1);
  g_autofree char *transport = oba_config_file_get_string (config, "telegram", "transport", "webhook");
  g_autoptr (GError) local_error = NULL;
  const char *fault;

  self->polling = g_str_equal (transport, "polling");
  self->api_url = oba_config_file_get_string (config, "telegram", "api_url", "https://api.telegram.org");
  self->bot_username = oba_config_file_get_string (config, "telegram", "bot_username", NULL);
  while (g_str_has_suffix (self->api_url, "/"))
    self->api_url[strlen (self->api_url) - 1] = '\0';
  self->token = oba_config_file_read_secret (config, "telegram-token", "telegram", "token_file", &local_error);
  if (local_error == NULL)
    self->secret = oba_config_file_read_secret (config, "telegram-secret", "telegram", "secret_file", &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  fault = find_fault (self, transport);
  if (fault != NULL)
    {
      g_set_error_literal (error, OBA_ERROR, OBA_ERROR_CONFIGURATION, fault);
      return NULL;
    }
  return g_steal_pointer (&self);
}

ObaTelegramClient *
oba_telegram_settings_new_client (const ObaTelegramSettings *self)
{
  return self->token != NULL ? oba_telegram_client_new (self->api_url, self->token) : NULL;
}
