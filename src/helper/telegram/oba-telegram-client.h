#pragma once

#include <json-glib/json-glib.h>
#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * ObaTelegramClient: calls of the Bot API at telegram.api_url. The token is part of the address and never appears in a
 * message or log.
 */
#define OBA_TYPE_TELEGRAM_CLIENT (oba_telegram_client_get_type ())
G_DECLARE_FINAL_TYPE (ObaTelegramClient, oba_telegram_client, OBA, TELEGRAM_CLIENT, GObject)

typedef enum
{
  OBA_TELEGRAM_SENT,
  OBA_TELEGRAM_RETRY,      /* it has not arrived: may be tried again */
  OBA_TELEGRAM_PACED,      /* 429, or a token that is not taken: nobody sends before retry_after */
  OBA_TELEGRAM_BLOCKED,    /* 403: the person does not want us */
  OBA_TELEGRAM_FAILED,     /* it will never be taken */
  OBA_TELEGRAM_UNKNOWN,    /* it may have arrived: the answer was lost or is no answer */
} ObaTelegramOutcome;

typedef struct
{
  ObaTelegramOutcome outcome;
  gint64 message_id;       /* when sent, and it is a message */
  JsonNode *result;        /* (nullable): what was answered, when sent */
  GBytes *unreadable;      /* (nullable): an answer that is no JSON, or has some in it that cannot be taken */
  guint retry_after;       /* seconds, when paced */
  char *problem;           /* (nullable): for the log and the Administration page */
} ObaTelegramReply;

ObaTelegramClient *oba_telegram_client_new         (const char *api_url, const char *token);
/** @parameters: an object */
void               oba_telegram_client_call_async  (ObaTelegramClient *self, const char *method, JsonNode *parameters, GCancellable *cancellable,
                                                    GAsyncReadyCallback callback, gpointer user_data);
/** Never fails: what went wrong is an outcome. (transfer full) */
ObaTelegramReply  *oba_telegram_client_call_finish (ObaTelegramClient *self, GAsyncResult *result);
/** The same with a file beside the parameters: @field is the parameter it stands for ("photo"). */
void               oba_telegram_client_upload_async (ObaTelegramClient *self, const char *method, JsonNode *parameters, const char *field, const char *file_name,
                                                     const char *content_type, GBytes *file, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
void               oba_telegram_reply_free         (ObaTelegramReply *self);

/** A file that somebody has sent to the bot. @path: as getFile has answered. */
void               oba_telegram_client_download_async  (ObaTelegramClient *self, const char *path, gsize max_bytes, GCancellable *cancellable,
                                                        GAsyncReadyCallback callback, gpointer user_data);
/** Returns: (transfer full) (nullable): NULL with @error, OBA_ERROR_INVALID_INPUT when it is more than @max_bytes */
GBytes            *oba_telegram_client_download_finish (ObaTelegramClient *self, GAsyncResult *result, GError **error);

const char        *oba_telegram_outcome_name       (ObaTelegramOutcome outcome);   /* as oba.outbox_record() takes it */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaTelegramReply, oba_telegram_reply_free)

G_END_DECLS
