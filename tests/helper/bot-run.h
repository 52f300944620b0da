#pragma once

#include "oba-telegram-double.h"
#include "oba-test-postgres.h"
#include "serve-run.h"

G_BEGIN_DECLS

/*
 * People and the bot: the real `oba-helper serve`, a real database of its own, and a double of the Bot API. Update ids are counted here.
 */
typedef struct
{
  char *conninfo;
  ObaTelegramDouble *telegram;
  Serve *serve;
  gint64 update_id;
} Bot;

/** The server of the program's tests; once, before and after them. */
void  bot_set_up            (void);
void  bot_tear_down         (void);

Bot  *bot_new               (void);
/** And running. */
Bot  *bot_started           (void);
void  bot_free              (Bot *bot);
/** Before the start: nobody waits a second between two questions; whoever registers gets 25 points. There is a store. */
void  bot_quicken           (Bot *bot);
/** Waits until nothing is left to send. */
void  bot_settle            (Bot *bot);

void  bot_sql               (Bot *bot, const char *sql);
/** Somebody who is a customer and linked already. */
void  bot_link              (Bot *bot, gint64 chat_id, const char *given_name, const char *language);
/** Updates as bot_update() takes them. (transfer full) */
char *bot_message           (gint64 chat_id, const char *text);
char *bot_callback          (gint64 chat_id, const char *data);
/** Hands an update to the webhook; "%s" in @update is its number and the comma after it: "{%s\"message\":…}". */
void  bot_update            (Bot *bot, const char *update);
void  bot_say               (Bot *bot, gint64 chat_id, const char *text);
/** Presses a button and waits for nothing. */
void  bot_tap               (Bot *bot, gint64 chat_id, const char *data);

/* Each waits for the bot's next message and returns its text. (transfer full) */
char *bot_ask               (Bot *bot, gint64 chat_id, const char *text);
char *bot_press             (Bot *bot, gint64 chat_id, const char *data);
char *bot_send              (Bot *bot, const char *update);

/** @chat_id sends a contact: the number of @owner_id's account. */
char *bot_share             (Bot *bot, gint64 chat_id, gint64 owner_id, const char *name, const char *phone);

/** Presses a button that only stops turning. */
void  bot_press_for_nothing (Bot *bot, gint64 chat_id, const char *data);

/* Of the call @index; -1: the last. (transfer full) */
char *bot_method            (Bot *bot, int index);
char *bot_parameters        (Bot *bot, int index);
/** The data of the button with this label; fails without it. */
char *bot_button            (Bot *bot, int index, const char *label);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Bot, bot_free)

G_END_DECLS
