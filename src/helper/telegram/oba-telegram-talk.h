#pragma once

#include "base/oba-catalogue.h"
#include "db/oba-db-pool.h"
#include "oba-telegram-keyboard.h"
#include "oba-telegram-scanner.h"
#include "oba-telegram-update.h"

G_BEGIN_DECLS

/**
 * ObaTelegramTalk: one update being answered. A topic fills it with what is to be said and ends it; the answers and what the chat is asked next are then written
 * in one transaction with the end of the update, so that each happens once.
 */
typedef struct _ObaTelegramTalk ObaTelegramTalk;

/** What happens at the end: @answers as oba.telegram_finish_update() takes them and @step; both null with @error. */
typedef void (*ObaTelegramEnded) (const char *answers, const char *step, const GError *error, gpointer user_data);

struct _ObaTelegramTalk
{
  ObaDbPool *pool;                     /* (unowned) */
  ObaTelegramScanner *scanner;         /* (unowned) (nullable): NULL without a token: nothing can be fetched */
  const char *bot_username;            /* (unowned) (nullable) */
  ObaTelegramUpdate *update;
  ObaCatalogue *const *catalogues;     /* (unowned): of each language */
  ObaCatalogue *catalogue;             /* (unowned): of this person's; a topic may change it */
  gint64 customer_id;                  /* 0: this chat is nobody's */
  char *status;                        /* (nullable): of the customer */
  char *step;                          /* (nullable): "TOPIC:…", what the chat was asked last */
  JsonObject *data;                    /* (nullable): what was kept with it */
  gpointer topic_data;                 /* a topic's own, freed with the talk */
  GDestroyNotify topic_data_free;

  /*< private >*/
  JsonArray *answers;
  char *next_step;
  JsonNode *next_data;
  char *toast;
  gboolean alert;
  ObaTelegramEnded ended;
  gpointer user_data;
};

/** Takes @update. */
ObaTelegramTalk *oba_telegram_talk_new  (ObaDbPool *pool, ObaTelegramUpdate *update, ObaCatalogue *const *catalogues, ObaTelegramEnded ended, gpointer user_data);
void             oba_telegram_talk_free (ObaTelegramTalk *self);

/* What is said. @html: everything from outside escaped; what is longer than a message may be is split at sensible places. @keyboard: (nullable) (transfer full) */

void oba_telegram_talk_say   (ObaTelegramTalk *self, const char *html, ObaTelegramKeyboard *keyboard);
/** In place of the message whose button was pressed; where there is none, a message of its own. */
void oba_telegram_talk_edit  (ObaTelegramTalk *self, const char *html, ObaTelegramKeyboard *keyboard);
/** A picture as oba-telegram-picture.h puts it down. @picture: (transfer full) */
void oba_telegram_talk_show  (ObaTelegramTalk *self, JsonObject *picture, const char *caption, ObaTelegramKeyboard *keyboard);
/** A message of another kind than "reply", which the sender writes when it goes out. @payload: (transfer full) */
void oba_telegram_talk_order (ObaTelegramTalk *self, const char *kind, JsonObject *payload);
/** What appears for a moment over the chat when a button was pressed; as a window that wants OK with @alert. */
void oba_telegram_talk_toast (ObaTelegramTalk *self, const char *text, gboolean alert);
/** What comes next from this chat answers @step ("TOPIC:…"). @data: (nullable) (transfer full). Without it, the chat waits for nothing. */
void oba_telegram_talk_ask   (ObaTelegramTalk *self, const char *step, JsonObject *data);

/* Each talk ends once, by one of these, which free it. */

void oba_telegram_talk_end   (ObaTelegramTalk *self);
/** Not the update's fault: it comes again. @error: (transfer full) */
void oba_telegram_talk_fail  (ObaTelegramTalk *self, GError *error);

/** The key of what this update asks of the database: an update that is handled again finds what it did the first time. (transfer full) */
char *oba_telegram_talk_key  (ObaTelegramTalk *self, const char *what);

/** The numbers of a button, "7:8:9", none below 0; anybody can make one up. Returns: FALSE when there is anything else, or more than @max of them */
gboolean oba_telegram_talk_read_numbers (const char *text, gint64 *numbers, guint max, guint *n);

#define OBA_TELEGRAM_T(talk, text) oba_catalogue_get ((talk)->catalogue, text)
/* For a text that is translated later, as N_ is. */
#define OBA_TELEGRAM_MARK(text) text

/** A subject that the bot talks about. Its name begins the data of its buttons and its steps. Each function ends the talk, at once or later. */
typedef struct
{
  const char *name;
  const char *const *commands;                                                    /* null-ended */
  const char *menu;                                                               /* (nullable): what the first of them is for; then it is offered */
  gboolean for_everybody;                                                         /* not only for linked customers who are not blocked */
  void     (*command) (ObaTelegramTalk *talk, const char *command, const char *argument);
  void     (*button)  (ObaTelegramTalk *talk, const char *data);                  /* without "TOPIC:" */
  void     (*answer)  (ObaTelegramTalk *talk, const char *step);                  /* without "TOPIC:" */
  /* Is a message that nobody asked for of this topic (a contact, a photo)? */
  gboolean (*takes)   (ObaTelegramTalk *talk);
  void     (*message) (ObaTelegramTalk *talk);
} ObaTelegramTopic;

G_END_DECLS
