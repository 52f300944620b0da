#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/** ObaTelegramKeyboard: the buttons under a message, or in place of the phone's keyboard; becomes a reply_markup. */
typedef struct _ObaTelegramKeyboard ObaTelegramKeyboard;

/** Buttons under the message. */
ObaTelegramKeyboard *oba_telegram_keyboard_new         (void);
/** The one button that sends the sender's own phone number. */
ObaTelegramKeyboard *oba_telegram_keyboard_new_contact (const char *label);
/** In place of the phone's keyboard: what a button says is sent as a text when it is pressed. */
ObaTelegramKeyboard *oba_telegram_keyboard_new_choices (void);
/** Takes what is in place of the phone's keyboard away again. */
ObaTelegramKeyboard *oba_telegram_keyboard_new_removal (void);
void                 oba_telegram_keyboard_free        (ObaTelegramKeyboard *self);

/** What the button says, and the data that comes back when it is pressed: 1 to 64 bytes, "TOPIC:…", and nothing that may not be forged. */
void                 oba_telegram_keyboard_add         (ObaTelegramKeyboard *self, const char *label, const char *data);
/** Of a keyboard of choices or of the contact button, in a row of its own. */
void                 oba_telegram_keyboard_add_choice  (ObaTelegramKeyboard *self, const char *label);
void                 oba_telegram_keyboard_add_url     (ObaTelegramKeyboard *self, const char *label, const char *url);
void                 oba_telegram_keyboard_next_row    (ObaTelegramKeyboard *self);

/** Takes @self. Returns: (transfer full): InlineKeyboardMarkup, ReplyKeyboardMarkup or ReplyKeyboardRemove */
JsonNode            *oba_telegram_keyboard_end         (ObaTelegramKeyboard *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaTelegramKeyboard, oba_telegram_keyboard_free)

G_END_DECLS
