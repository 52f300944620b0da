#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * ObaTelegramUpdate: what we read of an update. Fields that are missing, of another type or not known to us do no
 * harm.
 */
typedef enum
{
  OBA_TELEGRAM_OTHER,      /* a kind we have no use for, or one that did not exist when this was written */
  OBA_TELEGRAM_MESSAGE,    /* new, or edited: whoever mends a misspelt command wants its answer */
  OBA_TELEGRAM_BUTTON,     /* a button under one of our messages */
} ObaTelegramKind;

typedef struct
{
  gint64 update_id;
  ObaTelegramKind kind;
  gint64 chat_id;           /* 0: no chat */
  gboolean is_private;      /* a person alone with the bot: only there are private data told */
  char *language_code;      /* (nullable): of the sender's Telegram */
  char *text;               /* (nullable) */
  char *command;            /* (nullable): "profile" of "/profile@OurBot rest", lower case; NULL too when it is for another bot */
  char *argument;           /* (nullable): "rest" */
  char *callback_id;        /* (nullable): of a pressed button, which turns until it is answered */
  char *callback_data;      /* (nullable): what the button carries; anybody can make it up */
  gint64 message_id;        /* of the message under which the button is; 0: none */
  gboolean message_is_media; /* that message has a picture, and a caption instead of a text */
  char *file_id;            /* (nullable): of the largest size of a photo, or of a document that was sent */
  gint64 file_size;         /* bytes, as Telegram says; 0: not said */
  char *first_name;         /* (nullable): the sender's, as whoever it is wrote it */
  char *last_name;          /* (nullable) */
  char *username;           /* (nullable) */
  char *phone;              /* (nullable): of a contact that was sent */
  gboolean phone_is_own;    /* Telegram says that it is the sender's; anybody can send anybody's contact */
} ObaTelegramUpdate;

/** The two numbers that the queue needs. Returns: FALSE without an update_id; @chat_id is 0 when there is no chat */
gboolean           oba_telegram_update_ids   (JsonNode *root, gint64 *update_id, gint64 *chat_id);
/** For what has no number of its own: one of its bytes, below 0: sent again, it is the same one. */
gint64             oba_telegram_update_number_of (const char *data, gsize length);
/** @bot_username: (nullable): without the @; then commands to "@…" are nobody's */
ObaTelegramUpdate *oba_telegram_update_parse (JsonNode *root, const char *bot_username);
/** allowed_updates: what Telegram sends us. (transfer full) */
JsonArray         *oba_telegram_update_kinds (void);
void               oba_telegram_update_free  (ObaTelegramUpdate *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaTelegramUpdate, oba_telegram_update_free)

G_END_DECLS
