#include "oba-telegram-keyboard.h"

#include <string.h>

#define MAX_DATA 64 /* bytes, Telegram's limit */

struct _ObaTelegramKeyboard
{
  JsonObject *markup;
  JsonArray *rows; /* (unowned): null for a removal */
  JsonArray *row;  /* (unowned): null: the next button begins one */
};

static ObaTelegramKeyboard *
keyboard_new (const char *rows)
{
  ObaTelegramKeyboard *self = g_new0 (ObaTelegramKeyboard, 1);

  self->markup = json_object_new ();
  if (rows != NULL)
    {
      self->rows = json_array_new ();
      json_object_set_array_member (self->markup, rows, self->rows);
    }
  return self;
}

static JsonObject *
add_button (ObaTelegramKeyboard *self, const char *label)
{
  JsonObject *button = json_object_new ();

  if (self->row == NULL)
    {
      self->row = json_array_new ();
      json_array_add_array_element (self->rows, self->row);
    }
  json_object_set_string_member (button, "text", label);
  json_array_add_object_element (self->row, button);
  return button;
}

ObaTelegramKeyboard *
oba_telegram_keyboard_new (void)
{
  return keyboard_new ("inline_keyboard");
}

ObaTelegramKeyboard *
oba_telegram_keyboard_new_choices (void)
{
  ObaTelegramKeyboard *self = keyboard_new ("keyboard");

  json_object_set_boolean_member (self->markup, "resize_keyboard", TRUE);
  json_object_set_boolean_member (self->markup, "one_time_keyboard", TRUE);
  return self;
}

ObaTelegramKeyboard *
oba_telegram_keyboard_new_contact (const char *label)
{
  ObaTelegramKeyboard *self = oba_telegram_keyboard_new_choices ();

  json_object_set_boolean_member (add_button (self, label), "request_contact", TRUE);
  return self;
}

ObaTelegramKeyboard *
oba_telegram_keyboard_new_removal (void)
{
  ObaTelegramKeyboard *self = keyboard_new (NULL);

  json_object_set_boolean_member (self->markup, "remove_keyboard", TRUE);
  return self;
}

void
oba_telegram_keyboard_free (ObaTelegramKeyboard *self)
{
  json_object_unref (self->markup);
  g_free (self);
}

void
oba_telegram_keyboard_add (ObaTelegramKeyboard *self, const char *label, const char *data)
{
  g_return_if_fail (strlen (data) >= 1 && strlen (data) <= MAX_DATA);

  json_object_set_string_member (add_button (self, label), "callback_data", data);
}

void
oba_telegram_keyboard_add_choice (ObaTelegramKeyboard *self, const char *label)
{
  add_button (self, label);
  self->row = NULL;
}

void
oba_telegram_keyboard_add_url (ObaTelegramKeyboard *self, const char *label, const char *url)
{
  json_object_set_string_member (add_button (self, label), "url", url);
}

void
oba_telegram_keyboard_next_row (ObaTelegramKeyboard *self)
{
  self->row = NULL;
}

JsonNode *
oba_telegram_keyboard_end (ObaTelegramKeyboard *self)
{
  JsonNode *node = json_node_init_object (json_node_alloc (), self->markup);

  oba_telegram_keyboard_free (self);
  return node;
}
