#include "oba-phone.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "oba-error.h"

#define COUNTRY_CODE "994"
#define NATIONAL_DIGITS 9

/* E.164: at most 15 digits with the country code; 7 is the shortest in use anywhere. */
#define MIN_DIGITS 7
#define MAX_DIGITS 15

/* Collects the digits of @text; FALSE on anything that people do not write in phone numbers. */
static gboolean
collect_digits (const char *text, GString *digits, gboolean *international)
{
  *international = FALSE;
  for (const char *p = text; *p != '\0'; p++)
    {
      if (g_ascii_isdigit (*p))
        g_string_append_c (digits, *p);
      else if (*p == '+' && digits->len == 0 && !*international)
        *international = TRUE;
      else if (strchr (" -().\t/", *p) == NULL)
        return FALSE;
    }
  return TRUE;
}

static gboolean
is_national (const char *digits, gsize length)
{
  /* No Azerbaijani area or operator code begins with 0. */
  return length == NATIONAL_DIGITS && digits[0] != '0';
}

static char *
normalize_digits (GString *digits, gboolean international)
{
  const char *d = digits->str;
  gsize n = digits->len;

  if (!international && n > 2 && d[0] == '0' && d[1] == '0')
    {
      international = TRUE;
      d += 2;
      n -= 2;
    }
  if (!international && n == NATIONAL_DIGITS + 1 && d[0] == '0' && is_national (d + 1, n - 1))
    return g_strconcat ("+" COUNTRY_CODE, d + 1, NULL);
  if (!international && is_national (d, n))
    return g_strconcat ("+" COUNTRY_CODE, d, NULL);
  if (g_str_has_prefix (d, COUNTRY_CODE))
    {
      d += strlen (COUNTRY_CODE);
      n -= strlen (COUNTRY_CODE);
      /* "+994 (0) 50…": the trunk zero is written, though not dialled from abroad. */
      if (n == NATIONAL_DIGITS + 1 && d[0] == '0')
        {
          d++;
          n--;
        }
      return is_national (d, n) ? g_strconcat ("+" COUNTRY_CODE, d, NULL) : NULL;
    }
  if (international && d[0] != '0' && n >= MIN_DIGITS && n <= MAX_DIGITS)
    return g_strconcat ("+", d, NULL);
  return NULL;
}

char *
oba_phone_normalize (const char *text, GError **error)
{
  g_autoptr (GString) digits = g_string_new (NULL);
  g_autoptr (GString) plain = NULL;
  g_autofree char *e164 = NULL;
  gboolean international;

  if (strlen (text) < 64 && g_utf8_validate (text, -1, NULL))
    {
      plain = g_string_new (text);
      g_string_replace (plain, "\xc2\xa0", " ", 0);
      if (collect_digits (plain->str, digits, &international))
        e164 = normalize_digits (digits, international);
    }
  if (e164 == NULL)
    g_set_error (error, OBA_ERROR, OBA_ERROR_INVALID_INPUT, _("This is not a phone number. Write it like 050 123 45 67 or +994 50 123 45 67"));
  return g_steal_pointer (&e164);
}

char *
oba_phone_format (const char *e164)
{
  const char *d = e164;
  GString *text;
  gsize n;

  if (e164 == NULL || *e164 != '+')
    return g_strdup (e164);
  if (g_str_has_prefix (e164, "+" COUNTRY_CODE) && strlen (e164) == 1 + strlen (COUNTRY_CODE) + NATIONAL_DIGITS)
    {
      d += 4;
      return g_strdup_printf ("+" COUNTRY_CODE " %.2s %.3s %.2s %.2s", d, d + 2, d + 5, d + 7);
    }

  text = g_string_new ("+");
  n = strlen (++d);
  for (gsize i = 0; i < n; i++)
    {
      if (i > 0 && (n - i) % 3 == 0 && n - i > 0)
        g_string_append_c (text, ' ');
      g_string_append_c (text, d[i]);
    }
  return g_string_free (text, FALSE);
}
