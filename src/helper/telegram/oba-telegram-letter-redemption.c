#include "oba-telegram-letter-redemption.h"

#include "oba-telegram-html.h"

#define T(text) oba_catalogue_get (catalogue, text)

/* The columns of letter-redemption.sql after the language. */
enum { NAME = 1, QUANTITY = NAME + OBA_N_LANGUAGES, POINTS, STATE, CODE, UNTIL, STORE };

static char *
what_of (ObaCatalogue *catalogue, ObaDbResult *row)
{
  const char *name = oba_db_result_get_text (row, 0, NAME + oba_catalogue_get_language (catalogue));
  gint64 quantity = oba_db_result_get_int64 (row, 0, QUANTITY);
  g_autofree char *number = oba_catalogue_number (catalogue, quantity);
  g_autofree char *escaped = oba_telegram_html_escape (*name != '\0' ? name : oba_db_result_get_text (row, 0, NAME + OBA_LANGUAGE_AZ));

  if (*escaped == '\0')
    return g_strdup (T ("your points"));
  return quantity > 1 ? g_strdup_printf ("<b>%s × %s</b>", escaped, number) : g_strdup_printf ("<b>%s</b>", escaped);
}

static char *
voucher_text (ObaCatalogue *catalogue, ObaDbResult *row, const char *what)
{
  g_autoptr (GDate) until = oba_db_result_get_date (row, 0, UNTIL);
  g_autofree char *day = until != NULL ? oba_catalogue_day (catalogue, until) : NULL;
  g_autofree char *store = oba_telegram_html_escape (oba_db_result_get_text (row, 0, STORE));
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, T ("🎁 %s is yours."), what);
  if (*oba_db_result_get_text (row, 0, CODE) != '\0')
    {
      g_autofree char *code = g_strdup_printf ("<code>%s</code>", oba_db_result_get_text (row, 0, CODE));

      g_string_append (text, "\n\n");
      g_string_append_printf (text, T ("Show this code at a till: %s"), code);
      if (day != NULL)
        {
          g_string_append_c (text, '\n');
          g_string_append_printf (text, T ("It can be used once, until %s."), day);
        }
      if (*store != '\0')
        {
          g_string_append_c (text, '\n');
          g_string_append_printf (text, T ("In this store: %s"), store);
        }
    }
  return g_string_free (text, FALSE);
}

char *
oba_telegram_letter_redemption (ObaCatalogue *catalogue, ObaDbResult *row, ObaTelegramKeyboard **keyboard)
{
  const char *state = oba_db_result_get_text (row, 0, STATE);
  g_autofree char *what = what_of (catalogue, row);
  g_autofree char *points = oba_catalogue_number (catalogue, oba_db_result_get_int64 (row, 0, POINTS));

  if (g_str_equal (state, "requested"))
    /* Translators: the name of a reward, then a number. */
    return g_strdup_printf (T ("⏳ Your request for %s is being looked at. Points kept for it: %s"), what, points);
  if (g_str_equal (state, "handed_out"))
    return g_strdup_printf (T ("✅ %s was handed out to you. Was it not you? Please tell the staff of any OBA store."), what);
  if (g_str_equal (state, "rejected"))
    return g_strdup_printf (T ("Your request for %s was not granted. Points that came back: %s"), what, points);
  if (g_str_equal (state, "cancelled"))
    return g_strdup_printf (T ("%s was cancelled. Points that came back: %s"), what, points);
  if (g_str_equal (state, "expired"))
    return g_strdup_printf (T ("%s was not fetched in time. Points that came back: %s"), what, points);
  return voucher_text (catalogue, row, what);
}
