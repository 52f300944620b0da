#include "oba-telegram-letter-campaign.h"

#include "oba-telegram-html.h"
#include "telling/oba-broadcasts.h"

#define T(text) oba_catalogue_get (catalogue, text)

/* The columns of letter-campaign.sql after the language. */
enum { TEXT = 1, LABEL, URL, NAME };

/* With the first name in it. Where a long name, said often, would make it longer than Telegram takes, it goes without. */
static char *
fill (ObaCatalogue *catalogue, const char *escaped, const char *name, const char *footer)
{
  /* Translators: whom a message speaks to when no first name is known, as in “Hello, dear customer!” */
  const char *const names[] = { *name != '\0' ? name : T ("dear customer"), T ("dear customer"), "" };
  char *whole = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (names) && (whole == NULL || oba_telegram_html_length (whole) > OBA_TELEGRAM_MAX_TEXT); i++)
    {
      g_autofree char *text = oba_broadcast_fill (escaped, names[i], "");

      g_free (whole);
      whole = g_strdup_printf ("%s\n\n<i>%s</i>", text, footer);
    }
  return whole;
}

char *
oba_telegram_letter_campaign (ObaCatalogue *catalogue, ObaDbResult *row, ObaTelegramKeyboard **keyboard)
{
  g_autofree char *escaped = g_markup_escape_text (oba_db_result_get_text (row, 0, TEXT), -1);
  g_autofree char *name = oba_telegram_html_escape (oba_db_result_get_text (row, 0, NAME));

  if (!oba_db_result_is_null (row, 0, URL))
    {
      *keyboard = oba_telegram_keyboard_new ();
      oba_telegram_keyboard_add_url (*keyboard, oba_db_result_get_text (row, 0, LABEL), oba_db_result_get_text (row, 0, URL));
    }
  /* Whoever wants no more of these finds the switch without looking for it. */
  return fill (catalogue, escaped, name, T ("No more news? /profile"));
}
