#include "oba-text-decoder.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/oba-error.h"

typedef enum
{
  MODE_UNDECIDED,    /* only ASCII so far */
  MODE_UTF8,
  MODE_TABLE,        /* one byte, one character */
  MODE_STREAM,
} Mode;

struct _ObaTextDecoder
{
  Mode     mode;
  gboolean guess;
  char    *name;
  char     table[128][8];    /* UTF-8 of each high byte; "" where the encoding has none */
};

static gboolean
fill_table (ObaTextDecoder *self, GIConv iconv)
{
  for (guint i = 0; i < 256; i++)
    {
      char in = (char) i, out[8] = { 0 }, *from = &in, *to = out;
      gsize n_in = 1, n_out = sizeof out - 1;
      gboolean converted;

      g_iconv (iconv, NULL, NULL, NULL, NULL);
      converted = g_iconv (iconv, &from, &n_in, &to, &n_out) != (gsize) -1 && n_in == 0 && to > out;
      if (i < 128)
        {
          /* EBCDIC, UTF-16 and the like cannot be cut at ASCII commas. */
          if (!converted || to != out + 1 || out[0] != in)
            return FALSE;
        }
      else
        memcpy (self->table[i - 128], converted ? out : "", converted ? sizeof out : 1);
    }
  return TRUE;
}

/* A multi-byte encoding gives nothing for many of its single high bytes. */
static guint
count_letters (ObaTextDecoder *self)
{
  guint n = 0;

  for (guint i = 0; i < 128; i++)
    n += self->table[i][0] != '\0';
  return n;
}

static gboolean
use_encoding (ObaTextDecoder *self, const char *encoding, GError **error)
{
  GIConv iconv = g_iconv_open ("UTF-8", encoding);

  if (iconv == (GIConv) -1)
    {
      g_set_error (error, OBA_ERROR, OBA_ERROR_INVALID_INPUT,
                   _("“%s” is not an encoding known here. Try UTF-8, UTF-16, Windows-1251 or Windows-1254."),
                   encoding);
      return FALSE;
    }
  self->mode = fill_table (self, iconv) && count_letters (self) >= 64 ? MODE_TABLE : MODE_STREAM;
  g_iconv_close (iconv);
  g_free (self->name);
  self->name = g_strdup (encoding);
  return TRUE;
}

ObaTextDecoder *
oba_text_decoder_new (const char *encoding, GError **error)
{
  g_autoptr (ObaTextDecoder) self = g_new0 (ObaTextDecoder, 1);

  if (encoding == NULL)
    return g_steal_pointer (&self);
  if (g_ascii_strcasecmp (encoding, "UTF-8") == 0 || g_ascii_strcasecmp (encoding, "UTF8") == 0)
    oba_text_decoder_set_utf8 (self);
  else if (!use_encoding (self, encoding, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
oba_text_decoder_free (ObaTextDecoder *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self);
}

gboolean
oba_text_decoder_needs_stream (ObaTextDecoder *self)
{
  return self->mode == MODE_STREAM;
}

gboolean
oba_text_decoder_is_decided (ObaTextDecoder *self)
{
  return self->mode != MODE_UNDECIDED;
}

const char *
oba_text_decoder_get_name (ObaTextDecoder *self)
{
  return self->name != NULL ? self->name : "ASCII";
}

gboolean
oba_text_decoder_is_guess (ObaTextDecoder *self)
{
  return self->guess;
}

void
oba_text_decoder_set_utf8 (ObaTextDecoder *self)
{
  self->mode = MODE_UTF8;
  g_free (self->name);
  self->name = g_strdup ("UTF-8");
}

/* How many multi-byte sequences are whole, and how many bytes belong to none. A sequence cut by the end counts for
 * neither. */
static void
count_utf8 (const char *bytes, gsize n, gsize *good, gsize *bad)
{
  const char *p = bytes, *end = bytes + n;

  *good = *bad = 0;
  while (p < end)
    {
      gunichar c;

      if (!(*p & 0x80))
        {
          p++;
          continue;
        }
      c = g_utf8_get_char_validated (p, end - p);
      if (c == (gunichar) -2)
        break;
      if (c == (gunichar) -1)
        {
          ++*bad;
          p++;
          continue;
        }
      ++*good;
      p = g_utf8_next_char (p);
    }
}

static gboolean
is_high (const guint8 *bytes, gsize n, gssize i)
{
  return i >= 0 && (gsize) i < n && bytes[i] >= 0xc0;
}

static gboolean
is_latin (const guint8 *bytes, gsize n, gssize i)
{
  return i >= 0 && (gsize) i < n && g_ascii_isalpha (bytes[i]);
}

/* Ç Ğ İ Ö Ş Ü ç ğ ı ö ş ü in Windows-1254, and â î û of its loan words */
static gboolean
is_turkish (guint8 c)
{
  static const guint8 letters[] = { 0xc7, 0xd0, 0xdd, 0xd6, 0xde, 0xdc, 0xe7, 0xf0,
                                    0xfd, 0xf6, 0xfe, 0xfc, 0xe2, 0xee, 0xfb };

  return memchr (letters, c, sizeof letters) != NULL;
}

static gboolean
looks_cyrillic (const char *text, gsize n)
{
  const guint8 *bytes = (const guint8 *) text;
  gsize cyrillic = 0, turkish = 0, foreign = 0;

  for (gssize i = 0; (gsize) i < n; i++)
    {
      gboolean latin;

      if (!is_high (bytes, n, i))
        continue;
      latin = is_latin (bytes, n, i - 1) || is_latin (bytes, n, i + 1);
      if (!is_turkish (bytes[i]))
        foreign++;
      if (latin)
        turkish++;
      else if (is_high (bytes, n, i - 1) || is_high (bytes, n, i + 1))
        cyrillic++;
    }
  return cyrillic != turkish ? cyrillic > turkish : foreign > 0;
}

void
oba_text_decoder_learn (ObaTextDecoder *self, const char *bytes, gsize n)
{
  gsize good, bad;

  if (self->mode != MODE_UNDECIDED)
    return;
  count_utf8 (bytes, n, &good, &bad);
  if (good == 0 && bad == 0)
    return;
  /* Chance makes few UTF-8 sequences out of another encoding's letters; a damaged UTF-8 file has many. */
  if (bad == 0 || good > 4 * bad)
    {
      oba_text_decoder_set_utf8 (self);
      return;
    }
  self->guess = TRUE;
  use_encoding (self, looks_cyrillic (bytes, n) ? "Windows-1251" : "Windows-1254", NULL);
}

static gboolean
append_utf8 (GString *to, const char *bytes, gsize n)
{
  const char *end = bytes + n, *bad;
  gboolean valid = TRUE;

  while (!g_utf8_validate_len (bytes, (gsize) (end - bytes), &bad))
    {
      /* NUL stops the check though it is UTF-8; whoever wants no control characters looks for them himself. */
      gboolean nul = *bad == '\0';

      g_string_append_len (to, bytes, bad - bytes);
      if (nul)
        g_string_append_c (to, '\0');
      else
        {
          g_string_append (to, "\xef\xbf\xbd");
          valid = FALSE;
        }
      bytes = bad + 1;
    }
  g_string_append_len (to, bytes, end - bytes);
  return valid;
}

gboolean
oba_text_decoder_append (ObaTextDecoder *self, GString *to, const char *bytes, gsize n)
{
  gboolean valid = TRUE;

  if (self->mode != MODE_TABLE)
    return append_utf8 (to, bytes, n);
  for (gsize i = 0; i < n; i++)
    {
      guint8 c = (guint8) bytes[i];

      if (c < 128)
        g_string_append_c (to, (char) c);
      else if (self->table[c - 128][0] != '\0')
        g_string_append (to, self->table[c - 128]);
      else
        {
          g_string_append (to, "\xef\xbf\xbd");
          valid = FALSE;
        }
    }
  return valid;
}
