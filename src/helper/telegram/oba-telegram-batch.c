#include "oba-telegram-batch.h"

#include <string.h>

#include "http/oba-json-guard.h"
#include "oba-telegram-update.h"

#define UPDATE_ID "\"update_id\""

static void
add_readable (JsonArray *rows, gint64 update_id, gint64 chat_id, const char *payload)
{
  JsonObject *row = json_object_new ();

  json_object_set_int_member (row, "update_id", update_id);
  json_object_set_int_member (row, "chat_id", chat_id);
  json_object_set_string_member (row, "payload", payload);
  json_array_add_object_element (rows, row);
}

/* The number in what cannot be read: with it, Telegram can be told that it arrived. Returns: 0 without one */
static gint64
find_number (const char *data, gsize length)
{
  const char *at = memmem (data, length, UPDATE_ID, strlen (UPDATE_ID)), *end = data + length;
  gint64 number = 0;

  for (at = at != NULL ? at + strlen (UPDATE_ID) : end; at < end && (g_ascii_isspace (*at) || *at == ':'); at++)
    ;
  for (; at < end && g_ascii_isdigit (*at); at++)
    {
      if (number > G_MAXINT64 / 10 - 1)
        return 0;
      number = number * 10 + (*at - '0');
    }
  return number;
}

static void
add_poison (JsonArray *rows, const char *data, gsize length, const char *problem)
{
  JsonObject *row = json_object_new ();
  gint64 number = find_number (data, length);
  g_autofree char *raw = g_base64_encode ((const guchar *) data, length);

  json_object_set_int_member (row, "update_id", number > 0 ? number : oba_telegram_update_number_of (data, length));
  json_object_set_string_member (row, "raw", raw);
  json_object_set_string_member (row, "problem", problem);
  json_array_add_object_element (rows, row);
}

JsonArray *
oba_telegram_batch_rows (JsonArray *updates)
{
  JsonArray *rows = json_array_new ();

  for (guint i = 0; i < json_array_get_length (updates); i++)
    {
      JsonNode *node = json_array_get_element (updates, i);
      g_autofree char *text = json_to_string (node, FALSE);
      gint64 update_id, chat_id;

      if (JSON_NODE_HOLDS_OBJECT (node) && oba_telegram_update_ids (node, &update_id, &chat_id))
        add_readable (rows, update_id, chat_id, text);
      else
        add_poison (rows, text, strlen (text), "There is no update_id.");
    }
  return rows;
}

static void
add_slice (JsonArray *rows, const char *data, gsize length)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  g_autoptr (JsonNode) root = oba_json_guard_parse (data, length, &text, &error);
  gint64 update_id, chat_id;

  if (root != NULL && oba_telegram_update_ids (root, &update_id, &chat_id))
    add_readable (rows, update_id, chat_id, text);
  else
    add_poison (rows, data, length, error != NULL ? error->message : "There is no update_id.");
}

/* Brackets outside strings alone are looked at. */
JsonArray *
oba_telegram_batch_split (const char *answer, gsize length)
{
  JsonArray *rows = json_array_new ();
  gboolean in_string = FALSE, in_array = FALSE;
  gsize depth = 0, begin = 0;

  for (gsize i = 0; i < length; i++)
    {
      char c = answer[i];

      if (in_string)
        {
          if (c == '\\')
            i++;
          else if (c == '"')
            in_string = FALSE;
        }
      else if (c == '"')
        in_string = TRUE;
      else if (c == '{' || c == '[')
        {
          depth++;
          if (c == '[' && depth == 2 && !in_array)
            {
              in_array = TRUE;
              begin = i + 1;
            }
          else if (in_array && depth == 3 && c == '{')
            begin = i;
        }
      else if ((c == '}' || c == ']') && depth > 0)
        {
          depth--;
          if (in_array && depth == 2 && c == '}')
            add_slice (rows, answer + begin, i + 1 - begin);
          else if (in_array && depth < 2)
            return rows;
        }
    }
  if (in_array && depth > 2) /* it ends in the middle of one */
    add_slice (rows, answer + begin, length - begin);
  return rows;
}

gint64
oba_telegram_batch_highest (JsonArray *rows)
{
  gint64 highest = 0;

  for (guint i = 0; i < json_array_get_length (rows); i++)
    highest = MAX (highest, json_object_get_int_member (json_array_get_object_element (rows, i), "update_id"));
  return highest;
}
