#pragma once

#include "base/oba-catalogue.h"
#include "db/oba-db-result.h"
#include "oba-telegram-keyboard.h"

G_BEGIN_DECLS

/**
 * A letter: what the house tells a customer by itself. The outbox holds numbers alone; when it goes out, a query ($1 the customer, $2 the payload as text) reads what
 * is to be said, the customer's language in its first column, and @write puts it into words. No row: nothing is to be said any more.
 * A new kind is a row in the table of oba-telegram-letters.c and a query beside it.
 */
typedef struct
{
  const char *kind;
  const char *query;
  /* HTML, everything from outside escaped. @keyboard: (out) (optional): buttons under it. (transfer full) */
  char *(*write) (ObaCatalogue *catalogue, ObaDbResult *row, ObaTelegramKeyboard **keyboard);
  /* (nullable): the picture above it; then the words have 1,024 characters. (transfer full) */
  JsonObject *(*photo) (ObaDbResult *row);
} ObaTelegramLetter;

/** (nullable): it is none of these */
const ObaTelegramLetter *oba_telegram_letter_find  (const char *kind);
/** Of all, null-ended. (transfer container) */
const char             **oba_telegram_letter_kinds (void);

G_END_DECLS
