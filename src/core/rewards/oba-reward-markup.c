#include "oba-reward-markup.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "base/oba-error.h"

#define MOST_OPEN 32

static const struct
{
  const char *name;
  const char *open;      /* for Pango */
  const char *close;
} tags[] = {
  { "b", "<b>", "</b>" }, { "strong", "<b>", "</b>" }, { "i", "<i>", "</i>" }, { "em", "<i>", "</i>" }, { "u", "<u>", "</u>" }, { "ins", "<u>", "</u>" },
  { "s", "<s>", "</s>" }, { "strike", "<s>", "</s>" }, { "del", "<s>", "</s>" }, { "code", "<tt>", "</tt>" }, { "pre", "<tt>", "</tt>" },
  { "blockquote", "<span alpha=\"75%\">", "</span>" }, { "tg-spoiler", "<span alpha=\"35%\">", "</span>" }, { "a", "<span underline=\"single\">", "</span>" },
};

static const struct
{
  const char *entity;
  const char *text;
} entities[] = { { "&lt;", "<" }, { "&gt;", ">" }, { "&amp;", "&" }, { "&quot;", "\"" } };

typedef struct
{
  GString *pango;
  GString *plain;
  guint open[MOST_OPEN];      /* of tags */
  guint n_open;
} Parser;

gsize
oba_reward_markup_units (const char *text)
{
  gsize units = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    units += g_utf8_get_char (p) > 0xffff ? 2 : 1;
  return units;
}

static void
add_text (Parser *self, const char *text, gsize length)
{
  g_autofree char *escaped = g_markup_escape_text (text, (gssize) length);

  g_string_append (self->pango, escaped);
  g_string_append_len (self->plain, text, (gssize) length);
}

/* An & that begins no entity is itself. Returns: what was read */
static const char *
add_entity (Parser *self, const char *p)
{
  const char *end = strchr (p, ';');

  for (guint i = 0; i < G_N_ELEMENTS (entities); i++)
    if (g_str_has_prefix (p, entities[i].entity))
      {
        add_text (self, entities[i].text, 1);
        return p + strlen (entities[i].entity);
      }
  if (p[1] == '#' && end != NULL && end - p <= 9)
    {
      gboolean hex = p[2] == 'x' || p[2] == 'X';
      char *last = NULL;
      guint64 number = g_ascii_strtoull (p + (hex ? 3 : 2), &last, hex ? 16 : 10);
      char utf8[6];

      if (last == end && number >= 0x20 && number <= 0x10ffff && g_unichar_validate ((gunichar) number))
        {
          add_text (self, utf8, (gsize) g_unichar_to_utf8 ((gunichar) number, utf8));
          return end + 1;
        }
    }
  add_text (self, "&", 1);
  return p + 1;
}

static int
find_tag (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (tags); i++)
    if (g_ascii_strcasecmp (tags[i].name, name) == 0)
      return (int) i;
  return -1;
}

static gboolean
fail (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

static gboolean
fail (GError **error, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_propagate_error (error, g_error_new_valist (OBA_ERROR, OBA_ERROR_INVALID_INPUT, format, args));
  va_end (args);
  return FALSE;
}

/* So much of a wrong text as fits into a sentence. */
static char *
beginning (const char *text)
{
  return g_utf8_substring (text, 0, MIN (g_utf8_strlen (text, -1), 40));
}

static gboolean
close_tag (Parser *self, const char *name, GError **error)
{
  g_autofree char *what = beginning (name);
  int tag = find_tag (name);

  if (tag < 0 || self->n_open == 0 || self->open[self->n_open - 1] != (guint) tag)
    return fail (error, _("“</%s>” closes nothing that is open just before it."), what);
  g_string_append (self->pango, tags[tag].close);
  self->n_open--;
  return TRUE;
}

static gboolean
open_tag (Parser *self, const char *text, GError **error)
{
  gsize length = strcspn (text, " \n\t");
  g_autofree char *name = g_strndup (text, length);
  g_autofree char *what = beginning (text);
  int tag = find_tag (name);

  if (tag < 0)
    return fail (error, _("Telegram does not know “<%s>”. It shows b, i, u, s, code, pre, blockquote, tg-spoiler and a; “<” itself is written “&lt;”."), what);
  if (g_str_equal (tags[tag].name, "a") && !g_regex_match_simple ("^a\\s+href=\"(https?|tg)://[^\"<>\\s]+\"\\s*$", text, G_REGEX_CASELESS, 0))
    return fail (error, _("A link is written <a href=\"https://…\">, not “<%s>”."), what);
  if (!g_str_equal (tags[tag].name, "a") && text[length] != '\0')
    return fail (error, _("“<%s>” has something behind its name that Telegram does not know."), what);
  if (self->n_open == MOST_OPEN)
    return fail (error, _("“<%s>”: too many tags are inside each other."), what);
  g_string_append (self->pango, tags[tag].open);
  self->open[self->n_open++] = (guint) tag;
  return TRUE;
}

static gboolean
parse (Parser *self, const char *p, GError **error)
{
  while (*p != '\0')
    {
      const char *end = *p == '<' ? strchr (p, '>') : p + strcspn (p, "<&");

      if (*p == '<')
        {
          g_autofree char *inside = end != NULL ? g_strndup (p + 1, (gsize) (end - p - 1)) : NULL;

          if (inside == NULL)
            {
              g_autofree char *what = beginning (p);

              return fail (error, _("“%s” begins a tag that does not end; “<” itself is written “&lt;”."), what);
            }
          if (!(*inside == '/' ? close_tag (self, inside + 1, error) : open_tag (self, inside, error)))
            return FALSE;
          p = end + 1;
        }
      else if (*p == '&')
        p = add_entity (self, p);
      else
        {
          add_text (self, p, (gsize) (end - p));
          p = end;
        }
    }
  return self->n_open == 0 || fail (error, _("“<%s>” is not closed."), tags[self->open[self->n_open - 1]].name);
}

gssize
oba_reward_markup_parse (const char *html, char **pango, char **plain, GError **error)
{
  Parser parser = { g_string_new (NULL), g_string_new (NULL), { 0 }, 0 };
  gssize units = -1;

  if (!g_utf8_validate (html, -1, NULL))
    g_set_error_literal (error, OBA_ERROR, OBA_ERROR_INVALID_INPUT, _("The text is not valid UTF-8."));
  else if (parse (&parser, html, error))
    units = (gssize) oba_reward_markup_units (parser.plain->str);
  if (units >= 0 && pango != NULL)
    *pango = g_string_free (g_steal_pointer (&parser.pango), FALSE);
  if (units >= 0 && plain != NULL)
    *plain = g_string_free (g_steal_pointer (&parser.plain), FALSE);
  if (parser.pango != NULL)
    g_string_free (parser.pango, TRUE);
  if (parser.plain != NULL)
    g_string_free (parser.plain, TRUE);
  return units;
}
