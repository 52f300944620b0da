#include "oba-telegram-html.h"

#include <string.h>

#define FIRST_STRONG_ISOLATE "\u2068"
#define POP_ISOLATE "\u2069"

/* Hebrew, Arabic and their kin, and the forms of their letters. */
static gboolean
is_right_to_left (gunichar c)
{
  return (c >= 0x590 && c <= 0x8ff) || (c >= 0xfb1d && c <= 0xfdff) || (c >= 0xfe70 && c <= 0xfefc) || (c >= 0x10800 && c <= 0x10fff) || (c >= 0x1e800 && c <= 0x1efff);
}

static gboolean
is_bidi_control (gunichar c)
{
  return c == 0x61c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

char *
oba_telegram_html_escape (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1), *escaped = NULL;
  g_autoptr (GString) line = g_string_new (NULL);
  gboolean isolate = FALSE;

  for (const char *at = valid; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      isolate |= is_right_to_left (c);
      if (!is_bidi_control (c))
        g_string_append_unichar (line, g_unichar_iscntrl (c) || c == 0x2028 || c == 0x2029 ? ' ' : c);
    }
  escaped = g_markup_escape_text (line->str, -1);
  return isolate ? g_strconcat (FIRST_STRONG_ISOLATE, escaped, POP_ISOLATE, NULL) : g_steal_pointer (&escaped);
}

/* One tag, entity or character at @at: how many bytes it has, and how many UTF-16 units it counts. */
static gsize
measure (const char *at, gsize *units)
{
  const char *end = *at == '<' ? strchr (at, '>') : *at == '&' ? strchr (at, ';') : NULL;

  *units = 1;
  if (end != NULL)
    {
      *units = *at == '<' ? 0 : 1;
      return (gsize) (end - at) + 1;
    }
  if (g_utf8_get_char (at) > 0xffff)
    *units = 2;
  return (gsize) (g_utf8_next_char (at) - at);
}

gsize
oba_telegram_html_length (const char *html)
{
  gsize length = 0;

  while (*html != '\0')
    {
      gsize units;

      html += measure (html, &units);
      length += units;
    }
  return length;
}

/* @open: the tags that are open at the end of @from..@to, from outside to inside. */
static void
follow_tags (GPtrArray *open, const char *from, const char *to)
{
  while (from < to)
    {
      gsize units, length = measure (from, &units);

      if (from[0] == '<' && from[1] == '/' && open->len > 0)
        g_ptr_array_set_size (open, (gint) open->len - 1);
      else if (from[0] == '<' && units == 0)
        g_ptr_array_add (open, g_strndup (from, length));
      from += length;
    }
}

/* Where @html is cut: as much as fits, and no word is broken that begins in the second half. */
static const char *
find_cut (const char *html, gsize max)
{
  const char *at = html, *line = NULL, *word = NULL, *paragraph = NULL;
  gsize length = 0;

  while (*at != '\0')
    {
      gsize units, bytes = measure (at, &units);

      if (length + units > max)
        break;
      length += units;
      at += bytes;
      if (length * 2 <= max)
        continue;
      if (at[-1] == '\n' && bytes == 1)
        {
          line = at;
          if (at - html >= 2 && at[-2] == '\n')
            paragraph = at;
        }
      else if (at[-1] == ' ' && bytes == 1)
        word = at;
    }
  if (*at == '\0')
    return at;
  return paragraph != NULL ? paragraph : line != NULL ? line : word != NULL ? word : at;
}

static void
close_tags (GString *part, GPtrArray *open)
{
  for (guint i = open->len; i > 0; i--)
    {
      const char *tag = g_ptr_array_index (open, i - 1);

      g_string_append_printf (part, "</%.*s>", (int) strcspn (tag + 1, " >"), tag + 1);
    }
}

char **
oba_telegram_html_split (const char *html, gsize max)
{
  g_autoptr (GPtrArray) open = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GStrvBuilder) parts = g_strv_builder_new ();

  do
    {
      const char *cut = find_cut (html, max);
      g_autoptr (GString) part = g_string_new (NULL);

      for (guint i = 0; i < open->len; i++)
        g_string_append (part, g_ptr_array_index (open, i));
      g_string_append_len (part, html, cut - html);
      follow_tags (open, html, cut);
      if (*cut != '\0')
        while (part->len > 0 && g_ascii_isspace (part->str[part->len - 1]))
          g_string_truncate (part, part->len - 1);
      close_tags (part, open);
      g_strv_builder_add (parts, part->str);
      html = cut;
    }
  while (*html != '\0');
  return g_strv_builder_end (parts);
}

char *
oba_telegram_text_cut (const char *text, gsize max)
{
  gsize length = 0;
  const char *fits = text; /* as far as an ellipsis has room after it */

  for (const char *at = text; *at != '\0';)
    {
      length += g_utf8_get_char (at) > 0xffff ? 2 : 1;
      at = g_utf8_next_char (at);
      if (length > max)
        {
          g_autofree char *start = g_strndup (text, (gsize) (fits - text));

          return g_strconcat (start, "…", NULL);
        }
      if (length < max)
        fits = at;
    }
  return g_strdup (text);
}
