#include "oba-telegram-letter-campaign.h"

#define T(text) oba_catalogue_get (catalogue, text)

/* The columns of letter-campaign.sql after the language. */
enum { TEXT = 1, LABEL, URL };

char *
oba_telegram_letter_campaign (ObaCatalogue *catalogue, ObaDbResult *row, ObaTelegramKeyboard **keyboard)
{
  g_autofree char *text = g_markup_escape_text (oba_db_result_get_text (row, 0, TEXT), -1);

  if (!oba_db_result_is_null (row, 0, URL))
    {
      *keyboard = oba_telegram_keyboard_new ();
      oba_telegram_keyboard_add_url (*keyboard, oba_db_result_get_text (row, 0, LABEL), oba_db_result_get_text (row, 0, URL));
    }
  /* Whoever wants no more of these finds the switch without looking for it. */
  return g_strdup_printf ("%s\n\n<i>%s</i>", text, T ("No more news? /profile"));
}
