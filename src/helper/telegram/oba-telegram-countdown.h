#pragma once

#include "base/oba-catalogue.h"
#include "db/oba-db-pool.h"
#include "oba-telegram-client.h"

G_BEGIN_DECLS

/** A spend code that was made, and where it is shown. */
typedef struct
{
  gint64 customer_id;
  gint64 chat_id;
  gint64 message_id;
  ObaLanguage language;
  char *code;              /* eight digits: nowhere else are they written down */
  char *until;             /* "14:32:10", Baku time */
  guint seconds;           /* that it is good for, from its making */
} ObaTelegramCode;

void  oba_telegram_code_free       (ObaTelegramCode *self);
/** "Your code: 1234 5678 …", HTML. @left: seconds. (transfer full) */
char *oba_telegram_code_text       (const ObaTelegramCode *self, guint left);

/**
 * Counts down under the code, by editing its message, until it was used or is over; takes @code. It is no loss when the helper stops meanwhile: the time until when the code is good
 * stands in the message.
 */
void  oba_telegram_countdown_start (ObaDbPool *pool, ObaTelegramClient *client, GCancellable *stopping, ObaTelegramCode *code);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObaTelegramCode, oba_telegram_code_free)

G_END_DECLS
