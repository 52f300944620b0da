#include "oba-telegram-menu.h"

#include "http/oba-log.h"
#include "topics/oba-telegram-topics.h"

static void
told (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ObaTelegramReply) reply = oba_telegram_client_call_finish (OBA_TELEGRAM_CLIENT (source), result);

  if (reply->outcome != OBA_TELEGRAM_SENT)
    oba_log (OBA_LOG_WARNING, "telegram", "what", "commands", "why", reply->problem, NULL);
}

static void
tell (ObaTelegramClient *client, ObaCatalogue *catalogue, const char *language_code)
{
  g_autoptr (JsonNode) parameters = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();
  JsonArray *commands = json_array_new ();

  json_node_take_object (parameters, object);
  for (guint i = 0; oba_telegram_topics[i] != NULL; i++)
    if (oba_telegram_topics[i]->menu != NULL)
      {
        JsonObject *command = json_object_new ();

        json_object_set_string_member (command, "command", oba_telegram_topics[i]->commands[0]);
        json_object_set_string_member (command, "description", oba_catalogue_get (catalogue, oba_telegram_topics[i]->menu));
        json_array_add_object_element (commands, command);
      }
  json_object_set_array_member (object, "commands", commands);
  if (language_code != NULL)
    json_object_set_string_member (object, "language_code", language_code);
  oba_telegram_client_call_async (client, "setMyCommands", parameters, NULL, told, NULL);
}

void
oba_telegram_menu_send (ObaTelegramClient *client)
{
  for (guint i = 0; i < OBA_N_LANGUAGES; i++)
    {
      g_autoptr (ObaCatalogue) catalogue = oba_catalogue_new ("telegram", i);

      tell (client, catalogue, oba_language_get_code (i));
      if (i == OBA_LANGUAGE_AZ)
        tell (client, catalogue, NULL); /* for whoever's Telegram speaks anything else */
    }
}

char *
oba_telegram_menu_text (ObaCatalogue *catalogue)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; oba_telegram_topics[i] != NULL; i++)
    if (oba_telegram_topics[i]->menu != NULL)
      g_string_append_printf (text, "/%s – %s\n", oba_telegram_topics[i]->commands[0], oba_catalogue_get (catalogue, oba_telegram_topics[i]->menu));
  return g_string_free (text, FALSE);
}
