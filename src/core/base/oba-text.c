#include "oba-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "oba-error.h"

/* Characters that change how their neighbours are read, or are not there at all: a name with them is not what it looks like. */
static gboolean
is_deceptive (gunichar c)
{
  return (c >= 0x202a && c <= 0x202e)      /* bidirectional embeddings and overrides */
         || (c >= 0x2066 && c <= 0x2069)   /* isolates */
         || c == 0x200e || c == 0x200f || c == 0x061c
         || c == 0x200b || c == 0x2060 || c == 0xfeff
         || c == 0xfffd || (c >= 0xe000 && c <= 0xf8ff);
}

char *
oba_text_clean (const char *text, gsize max_chars, GError **error)
{
  g_autofree char *normal = NULL;
  g_autoptr (GString) clean = g_string_new (NULL);
  gboolean space = FALSE;
  gsize n = 0;

  /* The length is looked at first: a megabyte is not worth normalising to be refused. */
  if (strnlen (text, max_chars * 16 + 1) > max_chars * 16)
    {
      g_set_error (error, OBA_ERROR, OBA_ERROR_INVALID_INPUT, _("This text is longer than %u characters"), (guint) max_chars);
      return NULL;
    }
  if (!g_utf8_validate (text, -1, NULL) || (normal = g_utf8_normalize (text, -1, G_NORMALIZE_NFC)) == NULL)
    {
      g_set_error (error, OBA_ERROR, OBA_ERROR_INVALID_INPUT, _("This text is not valid UTF-8"));
      return NULL;
    }

  for (const char *p = normal; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_isspace (c))
        {
          space = clean->len > 0;
          continue;
        }
      if (g_unichar_iscntrl (c) || is_deceptive (c))
        {
          g_set_error (error, OBA_ERROR, OBA_ERROR_INVALID_INPUT, _("This text holds an invisible control character (U+%04X)"), c);
          return NULL;
        }
      if (space)
        {
          g_string_append_c (clean, ' ');
          n++;
          space = FALSE;
        }
      g_string_append_unichar (clean, c);
      if (++n > max_chars)
        {
          g_set_error (error, OBA_ERROR, OBA_ERROR_INVALID_INPUT, _("This text is longer than %u characters"), (guint) max_chars);
          return NULL;
        }
    }
  return g_string_free (g_steal_pointer (&clean), FALSE);
}

gboolean
oba_text_is_formula (const char *text)
{
  /* The wide forms are what an East Asian Excel takes for the same. */
  static const char *const signs[] = { "=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠" };

  text += strspn (text, "'");
  for (guint i = 0; i < G_N_ELEMENTS (signs); i++)
    if (g_str_has_prefix (text, signs[i]))
      return TRUE;
  return FALSE;
}
