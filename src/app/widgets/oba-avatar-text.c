#include "oba-avatar-text.h"

static gunichar
oba_avatar_capital (gunichar letter)
{
  /* An i has its dot in the capital, too. */
  return letter == 'i' ? 0x130 : letter == 0x131 ? 'I' : g_unichar_toupper (letter);
}

static void
oba_avatar_append (GString    *text,
                   const char *name,
                   gboolean    joined)
{
  gboolean begins = TRUE;

  for (const char *p = name; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar letter = g_utf8_get_char (p);
      gboolean space = g_unichar_isspace (letter);

      if (!space)
        g_string_append_unichar (text, begins ? oba_avatar_capital (letter) : letter);
      else if (!joined)
        g_string_append_c (text, ' ');
      begins = space && !joined;
    }
}

char *
oba_avatar_text (const char *first,
                 const char *second)
{
  g_autoptr (GString) text = g_string_new (NULL);

  oba_avatar_append (text, first, FALSE);
  if (second != NULL && *second != '\0')
    {
      g_string_append_c (text, ' ');
      oba_avatar_append (text, second, TRUE);
    }
  g_strstrip (text->str);
  return *text->str != '\0' ? g_strdup (text->str) : NULL;
}
