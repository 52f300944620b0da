#include "oba-telegram-letter-expiry.h"

#define T(text) oba_catalogue_get (catalogue, text)

/* The columns of letter-expiry.sql after the language. */
enum { POINTS = 1, DAY, KEEPS };

char *
oba_telegram_letter_expiry (ObaCatalogue *catalogue, ObaDbResult *row, ObaTelegramKeyboard **keyboard)
{
  gint64 points = oba_db_result_get_int64 (row, 0, POINTS);
  g_autoptr (GDate) last = oba_db_result_get_date (row, 0, DAY);
  g_autofree char *number = oba_catalogue_number (catalogue, points);
  g_autofree char *day = oba_catalogue_day (catalogue, last);
  GString *text = g_string_new ("⏳ ");

  /* Translators: the number of points, then the last day on which they can be used. */
  g_string_append_printf (text,
                          oba_catalogue_get_plural (catalogue, "%s of your points can be used until %s; after that day it is lost.",
                                                    "%s of your points can be used until %s; after that day they are lost.", points),
                          number, day);
  g_string_append_printf (text, "\n\n%s",
                          oba_db_result_get_bool (row, 0, KEEPS) ? T ("A purchase with your card before then keeps all of them.")
                                                                 : T ("Use them in any OBA store. /profile shows your points."));
  return g_string_free (text, FALSE);
}
