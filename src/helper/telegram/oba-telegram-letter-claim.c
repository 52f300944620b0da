#include "oba-telegram-letter-claim.h"

#define T(text) oba_catalogue_get (catalogue, text)

/* The columns of letter-claim.sql after the language. */
enum { COUNTED = 1, TOTAL, DAY };

char *
oba_telegram_letter_claim (ObaCatalogue *catalogue, ObaDbResult *row, ObaTelegramKeyboard **keyboard)
{
  gboolean counted = oba_db_result_get_bool (row, 0, COUNTED);
  g_autofree char *total = oba_catalogue_money (catalogue, oba_db_result_get_int64 (row, 0, TOTAL));
  g_autoptr (GDate) bought = oba_db_result_get_date (row, 0, DAY);
  g_autofree char *day = oba_catalogue_day (catalogue, bought);
  GString *text = g_string_new (counted ? "✅ " : "");

  /* Translators: a sum of money, a day. */
  g_string_append_printf (text, counted ? T ("Your receipt of %s from %s is counted now.") : T ("The receipt of %s from %s cannot be counted for you: our staff looked at it."), total, day);
  g_string_append_printf (text, "\n%s", counted ? T ("/purchases shows it.") : T ("Do you think that this is wrong? /help says whom to ask."));
  return g_string_free (text, FALSE);
}

char *
oba_telegram_letter_moved (ObaCatalogue *catalogue, ObaDbResult *row, ObaTelegramKeyboard **keyboard)
{
  return g_strdup_printf ("🔒 %s\n%s", T ("Your OBA card is linked to another Telegram account now, and to this one no more."), T ("Was that not you? Tell our staff at once: /help says whom to ask."));
}
