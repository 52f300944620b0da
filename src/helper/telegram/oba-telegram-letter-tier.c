#include "oba-telegram-letter-tier.h"

#include "oba-telegram-html.h"

#define T(text) oba_catalogue_get (catalogue, text)

/* The columns of letter-tier.sql after the language. */
enum { NAME = 1, UP, BENEFITS };

char *
oba_telegram_letter_tier (ObaCatalogue *catalogue, ObaDbResult *row, ObaTelegramKeyboard **keyboard)
{
  g_autofree char *name = oba_telegram_html_escape (oba_db_result_get_text (row, 0, NAME));
  gboolean up = oba_db_result_get_bool (row, 0, UP);
  GString *text = g_string_new (up ? "🎉 " : "");

  /* Translators: the name of a level, as “Gold”. */
  g_string_append_printf (text, up ? T ("Your level is “%s” now. Thank you for shopping with us!") : T ("Your level is “%s” now."), name);
  if (!oba_db_result_is_null (row, 0, BENEFITS))
    {
      g_autofree char *benefits = g_markup_escape_text (oba_db_result_get_text (row, 0, BENEFITS), -1);

      g_string_append_printf (text, "\n\n%s\n%s", T ("It gives you:"), benefits);
    }
  g_string_append_printf (text, "\n\n%s", up ? T ("/profile shows your level and points.") : T ("/profile shows how to reach the next level."));
  return g_string_free (text, FALSE);
}
