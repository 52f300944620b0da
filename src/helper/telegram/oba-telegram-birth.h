#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  OBA_TELEGRAM_BIRTH_READ,
  OBA_TELEGRAM_BIRTH_UNREADABLE, /* no day, month and year in it */
  OBA_TELEGRAM_BIRTH_IMPOSSIBLE, /* no such day, before 1900, or not yet */
} ObaTelegramBirth;

/**
 * A birth date as people type it: "31.12.1970", "31/12/70", "31 12 1970", "31121970", "1970-12-31", "31 dekabr 1970", "31 декабря 1970", "31 December 1970".
 * The day comes before the month. Of two digits of a year the century is the one that makes it past.
 */
ObaTelegramBirth oba_telegram_birth_parse (const char *text, const GDate *today, GDate *birth);

G_END_DECLS
