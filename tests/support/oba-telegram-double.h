#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * ObaTelegramDouble: stands in for api.telegram.org on loopback, in a thread of its own. It notes every call, refuses
 * what the Bot API would refuse (an unknown field, a wrong type, a text that is too long), and misbehaves when told
 * to.
 */
typedef struct _ObaTelegramDouble ObaTelegramDouble;

typedef enum
{
  OBA_TELEGRAM_DOUBLE_OK,
  OBA_TELEGRAM_DOUBLE_TOO_MANY,     /* 429, retry_after = the parameter */
  OBA_TELEGRAM_DOUBLE_FORBIDDEN,    /* 403: blocked by the user */
  OBA_TELEGRAM_DOUBLE_BAD_REQUEST,
  OBA_TELEGRAM_DOUBLE_ERROR,        /* 500 */
  OBA_TELEGRAM_DOUBLE_GARBAGE,      /* 200 and no JSON */
  OBA_TELEGRAM_DOUBLE_STALL,        /* no answer until oba_telegram_double_free() */
  OBA_TELEGRAM_DOUBLE_CLOSE,        /* the connection, without an answer */
  OBA_TELEGRAM_DOUBLE_DELAY,        /* an answer after so many milliseconds */
} ObaTelegramBehaviour;

#define OBA_TELEGRAM_DOUBLE_TOKEN "4711:double-token_for-tests"

ObaTelegramDouble *oba_telegram_double_new         (void);
void               oba_telegram_double_free        (ObaTelegramDouble *self);
const char        *oba_telegram_double_get_url     (ObaTelegramDouble *self);   /* for [telegram] api_url */
/** How the next call is answered; several are taken in order, then all is well again. */
void               oba_telegram_double_plan        (ObaTelegramDouble *self, ObaTelegramBehaviour behaviour, guint parameter);
/** The same for the next call of @method that is no message: "getFile", "getUpdates", "answerCallbackQuery"… */
void               oba_telegram_double_plan_method (ObaTelegramDouble *self, const char *method, ObaTelegramBehaviour behaviour, guint parameter);
/** From now on getUpdates gives everything twice, the newest first. */
void               oba_telegram_double_set_disorder (ObaTelegramDouble *self, gboolean disorder);
guint              oba_telegram_double_get_n_calls (ObaTelegramDouble *self);
/** Waits until there were @n calls at least (fails the test after ten seconds). */
void               oba_telegram_double_wait        (ObaTelegramDouble *self, guint n);
/* Of the call @index, from 0. */
char              *oba_telegram_double_get_text    (ObaTelegramDouble *self, guint index);   /* (transfer full) */
char              *oba_telegram_double_get_method  (ObaTelegramDouble *self, guint index);   /* (transfer full): "sendMessage" */
char              *oba_telegram_double_get_parameters (ObaTelegramDouble *self, guint index);   /* (transfer full): all of them, JSON */
gint64             oba_telegram_double_get_chat    (ObaTelegramDouble *self, guint index);
gint64             oba_telegram_double_get_time    (ObaTelegramDouble *self, guint index);   /* monotonic microseconds */
/** What getUpdates brings until it is confirmed. */
void               oba_telegram_double_add_update  (ObaTelegramDouble *self, const char *update);
/** What somebody sent: getFile finds it. */
void               oba_telegram_double_add_file    (ObaTelegramDouble *self, const char *id, GBytes *file);
/** Waits for calls that are not messages, which the others here do not count: "answerCallbackQuery", "setMyCommands"… */
void               oba_telegram_double_wait_other  (ObaTelegramDouble *self, const char *method, guint n);
guint              oba_telegram_double_count_others (ObaTelegramDouble *self, const char *method);
/** Calls for @chat_id. */
guint              oba_telegram_double_count_chat  (ObaTelegramDouble *self, gint64 chat_id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaTelegramDouble, oba_telegram_double_free)

G_END_DECLS
