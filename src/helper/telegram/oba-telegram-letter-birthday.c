#include "oba-telegram-letter-birthday.h"

#include "oba-telegram-html.h"

#define T(text) oba_catalogue_get (catalogue, text)

/* The columns of letter-birthday.sql after the language. */
enum { NAME = 1, UNTIL, FACTOR };

char *
oba_telegram_letter_birthday (ObaCatalogue *catalogue, ObaDbResult *row, ObaTelegramKeyboard **keyboard)
{
  g_autofree char *name = oba_telegram_html_escape (oba_db_result_get_text (row, 0, NAME));
  GString *text = g_string_new ("🎂 ");

  g_string_append_printf (text, T ("Happy birthday, %s! OBA wishes you health and joy."), name);
  if (!oba_db_result_is_null (row, 0, UNTIL))
    {
      g_autoptr (GDate) until = oba_db_result_get_date (row, 0, UNTIL);
      g_autofree char *day = oba_catalogue_day (catalogue, until);

      g_string_append (text, "\n\n🎁 ");
      if (oba_db_result_is_null (row, 0, FACTOR))
        /* Translators: a day. */
        g_string_append_printf (text, T ("Our present: more points for your purchases until %s."), day);
      else
        {
          g_autofree char *factor = oba_catalogue_number (catalogue, oba_db_result_get_int64 (row, 0, FACTOR));

          /* Translators: a number, then a day: “3 times the points … until 24.11.2026”. */
          g_string_append_printf (text, T ("Our present: %s times the points for your purchases until %s."), factor, day);
        }
    }
  return g_string_free (text, FALSE);
}
