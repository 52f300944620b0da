#include "oba-telegram-update.h"

#include <string.h>

#define MAX_TEXT 4096 /* characters, Telegram's own limit */

/* json-glib complains about members of another type than asked for; these ask first. */

static JsonObject *
get_object (JsonObject *object, const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static gint64
get_int (JsonObject *object, const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_INT64
             ? json_node_get_int (node)
             : 0;
}

static const char *
get_string (JsonObject *object, const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING
             ? json_node_get_string (node)
             : NULL;
}

/* Whatever the kind: an update has one object beside its id, and that object, or the message in it, has the chat. */
static JsonObject *
find_chat (JsonObject *update)
{
  g_autoptr (GList) members = json_object_get_members (update);

  for (GList *l = members; l != NULL; l = l->next)
    {
      JsonObject *part = get_object (update, l->data);
      JsonObject *chat = get_object (part, "chat");

      if (chat == NULL)
        chat = get_object (get_object (part, "message"), "chat");
      if (chat != NULL)
        return chat;
    }
  return NULL;
}

gboolean
oba_telegram_update_ids (JsonNode *root, gint64 *update_id, gint64 *chat_id)
{
  JsonObject *update = json_node_get_object (root);

  *update_id = get_int (update, "update_id");
  *chat_id = get_int (find_chat (update), "id");
  return *update_id > 0;
}

gint64
oba_telegram_update_number_of (const char *data, gsize length)
{
  g_autofree char *sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) (data != NULL ? data : ""), length);

  sum[15] = '\0';
  return -(gint64) g_ascii_strtoull (sum, NULL, 16) - 1;
}

static void
read_command (ObaTelegramUpdate *self, const char *bot_username)
{
  const char *text = self->text;
  gsize word = strcspn (text, " \t\n\r");
  const char *at = memchr (text, '@', word);
  gsize name = at != NULL ? (gsize) (at - text) : word;

  if (text[0] != '/' || name < 2 || name > 33)
    return;
  if (at != NULL)
    {
      gsize length = word - name - 1;

      if (bot_username == NULL || strlen (bot_username) != length ||
          g_ascii_strncasecmp (at + 1, bot_username, length) != 0)
        return;
    }
  else if (!self->is_private)
    return;
  self->command = g_ascii_strdown (text + 1, (gssize) name - 1);
  self->argument = g_strstrip (g_strdup (text + word));
}

static void
read_contact (ObaTelegramUpdate *self, JsonObject *message)
{
  JsonObject *from = get_object (message, "from");
  JsonObject *contact = get_object (message, "contact");

  self->first_name = g_strdup (get_string (from, "first_name"));
  self->last_name = g_strdup (get_string (from, "last_name"));
  self->username = g_strdup (get_string (from, "username"));
  self->phone = g_strdup (get_string (contact, "phone_number"));
  self->phone_is_own = get_int (contact, "user_id") != 0 && get_int (contact, "user_id") == get_int (from, "id") && get_object (message, "forward_origin") == NULL;
}

/* Of a photo Telegram offers several sizes, the largest last. */
static void
read_file (ObaTelegramUpdate *self, JsonObject *message)
{
  JsonNode *sizes = json_object_get_member (message, "photo");
  JsonArray *array = sizes != NULL && JSON_NODE_HOLDS_ARRAY (sizes) ? json_node_get_array (sizes) : NULL;
  guint n = array != NULL ? json_array_get_length (array) : 0;
  JsonNode *last = n > 0 ? json_array_get_element (array, n - 1) : NULL;
  JsonObject *file = last != NULL && JSON_NODE_HOLDS_OBJECT (last) ? json_node_get_object (last) : get_object (message, "document");

  self->file_id = g_strdup (get_string (file, "file_id"));
  self->file_size = get_int (file, "file_size");
}

/* Did somebody say or send something? Telegram also tells in messages that one was pinned, a timer was set, a background chosen: nobody waits for an answer to that. */
static gboolean
is_said (JsonObject *message)
{
  static const char *const said[] = { "text", "photo", "document", "contact", "caption", "sticker", "voice", "audio", "video", "video_note", "animation", "location", "venue", "poll", "dice", "game",
                                      "story", "paid_media", "checklist" };

  for (guint i = 0; i < G_N_ELEMENTS (said); i++)
    if (json_object_has_member (message, said[i]))
      return TRUE;
  return FALSE;
}

static void
read_message (ObaTelegramUpdate *self, JsonObject *message, const char *bot_username)
{
  const char *text = get_string (message, "text");

  if (!is_said (message))
    return;
  self->kind = OBA_TELEGRAM_MESSAGE;
  read_contact (self, message);
  read_file (self, message);
  if (text != NULL && g_utf8_validate (text, -1, NULL))
    {
      self->text = g_utf8_substring (text, 0, MIN (g_utf8_strlen (text, -1), MAX_TEXT));
      read_command (self, bot_username);
    }
}

static void
read_button (ObaTelegramUpdate *self, JsonObject *query)
{
  JsonObject *message = get_object (query, "message");

  self->kind = OBA_TELEGRAM_BUTTON;
  self->callback_id = g_strdup (get_string (query, "id"));
  self->callback_data = g_strdup (get_string (query, "data"));
  self->username = g_strdup (get_string (get_object (query, "from"), "username"));
  self->message_id = get_int (message, "date") != 0 ? get_int (message, "message_id") : 0; /* 0: too old for us to reach */
  self->message_is_media = message != NULL && !json_object_has_member (message, "text");
}

/* New or edited, in a chat or a channel. */
static JsonObject *
find_message (JsonObject *update)
{
  static const char *const names[] = { "message", "edited_message", "channel_post", "edited_channel_post" };
  JsonObject *message = NULL;

  for (guint i = 0; message == NULL && i < G_N_ELEMENTS (names); i++)
    message = get_object (update, names[i]);
  return message;
}

ObaTelegramUpdate *
oba_telegram_update_parse (JsonNode *root, const char *bot_username)
{
  ObaTelegramUpdate *self = g_new0 (ObaTelegramUpdate, 1);
  JsonObject *update = json_node_get_object (root);
  JsonObject *query = get_object (update, "callback_query");
  JsonObject *message = find_message (update);
  JsonObject *from = get_object (query != NULL ? query : message, "from");
  JsonObject *chat = get_object (query != NULL ? get_object (query, "message") : message, "chat");

  oba_telegram_update_ids (root, &self->update_id, &self->chat_id);
  if ((message == NULL && query == NULL) || self->chat_id == 0)
    return self;

  self->is_private = g_strcmp0 (get_string (chat, "type"), "private") == 0;
  self->language_code = g_strdup (get_string (from, "language_code"));
  if (query != NULL)
    read_button (self, query);
  else
    read_message (self, message, bot_username);
  return self;
}

/* A list once given to Telegram stays until another one is: so all that we read is named. */
JsonArray *
oba_telegram_update_kinds (void)
{
  static const char *const kinds[] = { "message", "edited_message", "channel_post", "edited_channel_post", "callback_query", "my_chat_member" };
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    json_array_add_string_element (array, kinds[i]);
  return array;
}

void
oba_telegram_update_free (ObaTelegramUpdate *self)
{
  g_free (self->language_code);
  g_free (self->text);
  g_free (self->command);
  g_free (self->argument);
  g_free (self->callback_id);
  g_free (self->callback_data);
  g_free (self->file_id);
  g_free (self->first_name);
  g_free (self->last_name);
  g_free (self->username);
  g_free (self->phone);
  g_free (self);
}
