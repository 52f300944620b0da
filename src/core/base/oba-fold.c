#include "oba-fold.h"

#include <string.h>

/* As in oba.fold(), which says why. Letters of one kind are brought to one; "" takes the letter away. */
static const char *const letters[][2] = {
  { "ƏəǝƎ", "e" },
  { "Ğğ", "g" },
  { "Şş", "s" },
  { "Çç", "c" },
  { "Öö", "o" },
  { "Üü", "u" },
  { "İı", "i" },
  { "ÀÁÂÃÄÅĀĂĄàáâãäåāăą", "a" },
  { "ĆĈĊČćĉċč", "c" },
  { "ĎĐďđ", "d" },
  { "ÈÉÊËĒĔĖĘĚèéêëēĕėęě", "e" },
  { "ĜĠĢĝġģ", "g" },
  { "ĤĦĥħ", "h" },
  { "ÌÍÎÏĨĪĬĮìíîïĩīĭį", "i" },
  { "Ĵĵ", "j" },
  { "Ķķ", "k" },
  { "ĹĻĽŁĺļľł", "l" },
  { "ÑŃŅŇñńņň", "n" },
  { "ÒÓÔÕŌŎŐØòóôõōŏőø", "o" },
  { "ŔŖŘŕŗř", "r" },
  { "ŚŜŠȘśŝšș", "s" },
  { "ŢŤȚţťț", "t" },
  { "ÙÚÛŨŪŬŮŰŲùúûũūŭůűų", "u" },
  { "Ŵŵ", "w" },
  { "ÝŸŶýÿŷ", "y" },
  { "ŹŻŽźżž", "z" },
  { "Аа", "a" },
  { "Бб", "b" },
  { "Вв", "v" },
  { "ГгҒғҜҝ", "g" },
  { "Дд", "d" },
  { "ЕеЁёЭэӘә", "e" },
  { "Жж", "j" },
  { "Зз", "z" },
  { "ИиЫыІі", "i" },
  { "ЙйЈј", "y" },
  { "Кк", "k" },
  { "Лл", "l" },
  { "Мм", "m" },
  { "Нн", "n" },
  { "ОоӨө", "o" },
  { "Пп", "p" },
  { "Рр", "r" },
  { "СсШшЩщ", "s" },
  { "Тт", "t" },
  { "УуҮү", "u" },
  { "Фф", "f" },
  { "Хх", "x" },
  { "ЧчҸҹ", "c" },
  { "Һһ", "h" },
  { "Яя", "ya" },
  { "Юю", "yu" },
  { "Цц", "ts" },
  { "Ææ", "ae" },
  { "ß", "ss" },
  { "œŒ", "oe" },
  { "«»“”„–—‑…•·№\u00a0", " " },
  { "‘’ʻʼ´ЪЬъь'`", "" },
};

/* Spellings of one sound, in this order. */
static const char *const sounds[][2] = {
  { "dzh", "c" }, { "dj", "c" }, { "sh", "s" }, { "ch", "c" }, { "zh", "c" }, { "kh", "g" }, { "gh", "g" }, { "j", "c" },
  { "q", "g" }, { "h", "g" }, { "x", "g" }, { "w", "v" },
  { "yy", "y" }, { "iy", "i" }, { "ye", "e" },
};

static const char *
letter_of (gunichar c)
{
  for (guint i = 0; i < G_N_ELEMENTS (letters); i++)
    if (g_utf8_strchr (letters[i][0], -1, c) != NULL)
      return letters[i][1];
  return NULL;
}

static void
add_char (GArray   *folded,
          gunichar  c,
          guint     from,
          guint     to)
{
  ObaFoldedChar one = { c, from, to };

  g_array_append_val (folded, one);
}

static void
add_letter (GArray   *folded,
            gunichar  c,
            guint     from,
            guint     to)
{
  const char *letter;

  if (c < 0x80 && g_ascii_isalnum ((char) c))
    {
      add_char (folded, (guchar) g_ascii_tolower ((char) c), from, to);
      return;
    }
  if (c >= 0x300 && c <= 0x36f)
    return;
  letter = letter_of (c);
  if (letter == NULL)
    add_char (folded, c < 0x80 ? ' ' : c, from, to);
  for (; letter != NULL && *letter != '\0'; letter++)
    add_char (folded, (guchar) *letter, from, to);
}

/* A letter and the marks that stand on it are composed together and have one place. */
static GArray *
read_letters (const char *text)
{
  GArray *folded = g_array_new (FALSE, FALSE, sizeof (ObaFoldedChar));

  for (const char *p = text; *p != '\0';)
    {
      const char *end = g_utf8_next_char (p);
      g_autofree char *normal = NULL;

      while (*end != '\0' && g_unichar_combining_class (g_utf8_get_char (end)) != 0)
        end = g_utf8_next_char (end);
      normal = g_utf8_normalize (p, end - p, G_NORMALIZE_NFC);
      for (const char *n = normal; n != NULL && *n != '\0'; n = g_utf8_next_char (n))
        add_letter (folded, g_utf8_get_char (n), (guint) (p - text), (guint) (end - text));
      p = end;
    }
  return folded;
}

static ObaFoldedChar *
at (GArray *folded,
    guint   i)
{
  return &g_array_index (folded, ObaFoldedChar, i);
}

static void
one_space (GArray *folded)
{
  guint n = 0;

  for (guint i = 0; i < folded->len; i++)
    if (at (folded, i)->c != ' ' || (n > 0 && at (folded, n - 1)->c != ' '))
      *at (folded, n++) = *at (folded, i);
  if (n > 0 && at (folded, n - 1)->c == ' ')
    n--;
  g_array_set_size (folded, n);
}

static gboolean
is_at (GArray     *folded,
       guint       i,
       const char *spelling,
       guint       length)
{
  if (i + length > folded->len)
    return FALSE;
  for (guint k = 0; k < length; k++)
    if (at (folded, i + k)->c != (guchar) spelling[k])
      return FALSE;
  return TRUE;
}

static void
one_sound (GArray     *folded,
           const char *spelling,
           char        sound)
{
  guint length = (guint) strlen (spelling);
  guint n = 0;

  for (guint i = 0; i < folded->len;)
    {
      ObaFoldedChar one = *at (folded, i);

      if (is_at (folded, i, spelling, length))
        {
          one.c = (guchar) sound;
          one.to = at (folded, i + length - 1)->to;
          i += length;
        }
      else
        i++;
      *at (folded, n++) = one;
    }
  g_array_set_size (folded, n);
}

static gboolean
is_consonant (gunichar c)
{
  return c < 0x80 && c != 0 && strchr ("bcdfgklmnprstvz", (int) c) != NULL;
}

static void
no_y_after_consonant (GArray *folded)
{
  guint n = 0;

  for (guint i = 0; i < folded->len; i++)
    {
      ObaFoldedChar one = *at (folded, i);

      if (is_consonant (one.c) && i + 1 < folded->len && at (folded, i + 1)->c == 'y')
        one.to = at (folded, ++i)->to;
      *at (folded, n++) = one;
    }
  g_array_set_size (folded, n);
}

static void
one_of_each_letter (GArray *folded)
{
  guint n = 0;

  for (guint i = 0; i < folded->len; i++)
    {
      ObaFoldedChar one = *at (folded, i);

      if (one.c == 'a')
        one.c = 'e';
      if (n > 0 && one.c == at (folded, n - 1)->c && one.c >= 'a' && one.c <= 'z')
        at (folded, n - 1)->to = one.to;
      else
        *at (folded, n++) = one;
    }
  g_array_set_size (folded, n);
}

GArray *
oba_text_fold_map (const char *text)
{
  GArray *folded = read_letters (text);

  one_space (folded);
  for (guint i = 0; i < G_N_ELEMENTS (sounds); i++)
    one_sound (folded, sounds[i][0], sounds[i][1][0]);
  no_y_after_consonant (folded);
  one_of_each_letter (folded);
  return folded;
}

char *
oba_text_fold (const char *text)
{
  g_autoptr (GArray) folded = oba_text_fold_map (text);
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < folded->len; i++)
    g_string_append_unichar (out, at (folded, i)->c);
  return g_string_free (out, FALSE);
}
