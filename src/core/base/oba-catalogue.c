#include "oba-catalogue.h"

#include <string.h>
#include <gio/gio.h>

#define MO_MAGIC 0x950412deu

static const char *const codes[OBA_N_LANGUAGES] = { "az", "ru", "en" };

struct _ObaCatalogue
{
  ObaLanguage language;
  GBytes *file;      /* (nullable): English needs none */
  GHashTable *texts; /* msgid -> msgstr, both within @file; plural forms follow each other, each ended by a NUL */
};

ObaLanguage
oba_language_parse (const char *code)
{
  for (ObaLanguage language = 0; code != NULL && language < OBA_N_LANGUAGES; language++)
    if (g_ascii_strncasecmp (code, codes[language], 2) == 0 && !g_ascii_isalpha (code[2]))
      return language;
  return OBA_LANGUAGE_AZ;
}

const char *
oba_language_get_code (ObaLanguage language)
{
  return codes[language];
}

static guint32
read_word (const char *data, gsize offset)
{
  guint32 word;

  memcpy (&word, data + offset, sizeof word);
  return word;
}

/* The file is our own, made by msgfmt at build time on a machine of the same byte order. */
static void
index_file (ObaCatalogue *self)
{
  gsize size;
  const char *data = g_bytes_get_data (self->file, &size);
  guint32 count, originals, translations;

  g_assert (size >= 28 && read_word (data, 0) == MO_MAGIC);
  count = read_word (data, 8);
  originals = read_word (data, 12);
  translations = read_word (data, 16);
  for (guint32 i = 0; i < count; i++)
    {
      const char *original = data + read_word (data, originals + 8 * i + 4);
      const char *translation = data + read_word (data, translations + 8 * i + 4);

      if (*original != '\0')
        g_hash_table_insert (self->texts, (gpointer) original, (gpointer) translation);
    }
}

ObaCatalogue *
oba_catalogue_new (const char *room, ObaLanguage language)
{
  ObaCatalogue *self = g_new0 (ObaCatalogue, 1);

  self->language = language;
  self->texts = g_hash_table_new (g_str_hash, g_str_equal);
  if (language != OBA_LANGUAGE_EN)
    {
      g_autofree char *path = g_strdup_printf ("/az/oba/%s/%s.mo", room, codes[language]);

      self->file = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
      g_assert (self->file != NULL);
      index_file (self);
    }
  return self;
}

void
oba_catalogue_free (ObaCatalogue *self)
{
  g_hash_table_unref (self->texts);
  g_clear_pointer (&self->file, g_bytes_unref);
  g_free (self);
}

ObaLanguage
oba_catalogue_get_language (ObaCatalogue *self)
{
  return self->language;
}

gboolean
oba_catalogue_has (ObaCatalogue *self, const char *text)
{
  return self->language == OBA_LANGUAGE_EN || g_hash_table_contains (self->texts, text);
}

const char *
oba_catalogue_get (ObaCatalogue *self, const char *text)
{
  const char *translation = g_hash_table_lookup (self->texts, text);

  return translation != NULL ? translation : text;
}

static guint
plural_form (ObaLanguage language, gint64 n)
{
  guint64 count = n < 0 ? -(guint64) n : (guint64) n;

  if (language != OBA_LANGUAGE_RU)
    return count != 1;
  if (count % 10 == 1 && count % 100 != 11)
    return 0;
  return count % 10 >= 2 && count % 10 <= 4 && (count % 100 < 12 || count % 100 > 14) ? 1 : 2;
}

const char *
oba_catalogue_get_plural (ObaCatalogue *self, const char *one, const char *many, gint64 n)
{
  const char *translation = g_hash_table_lookup (self->texts, one);

  if (translation == NULL)
    return plural_form (OBA_LANGUAGE_EN, n) == 0 ? one : many;
  for (guint form = plural_form (self->language, n); form > 0; form--)
    translation += strlen (translation) + 1;
  return translation;
}

static void
append_grouped (GString *out, guint64 number, const char *separator)
{
  char digits[24];
  gsize length = (gsize) g_snprintf (digits, sizeof digits, "%" G_GUINT64_FORMAT, number);

  for (gsize i = 0; i < length; i++)
    {
      if (i > 0 && (length - i) % 3 == 0)
        g_string_append (out, separator);
      g_string_append_c (out, digits[i]);
    }
}

static GString *
begin_number (gint64 number)
{
  return g_string_new (number < 0 ? "−" : "");
}

static const char *
group_separator (ObaCatalogue *self)
{
  return self->language == OBA_LANGUAGE_EN ? "," : "\302\240";
}

char *
oba_catalogue_number (ObaCatalogue *self, gint64 number)
{
  GString *out = begin_number (number);

  append_grouped (out, number < 0 ? -(guint64) number : (guint64) number, group_separator (self));
  return g_string_free (out, FALSE);
}

char *
oba_catalogue_money (ObaCatalogue *self, gint64 qepik)
{
  GString *out = begin_number (qepik);
  guint64 amount = qepik < 0 ? -(guint64) qepik : (guint64) qepik;

  append_grouped (out, amount / 100, group_separator (self));
  g_string_append_printf (out, "%s%02u\302\240₼", self->language == OBA_LANGUAGE_EN ? "." : ",",
                          (guint) (amount % 100));
  return g_string_free (out, FALSE);
}

char *
oba_catalogue_day (ObaCatalogue *self, const GDate *day)
{
  static const char *const months[] = { "January", "February", "March",     "April",   "May",      "June",
                                        "July",    "August",   "September", "October", "November", "December" };

  if (self->language == OBA_LANGUAGE_EN)
    return g_strdup_printf ("%u %s %u", g_date_get_day (day), months[g_date_get_month (day) - 1],
                            g_date_get_year (day));
  return g_strdup_printf ("%02u.%02u.%04u", g_date_get_day (day), g_date_get_month (day), g_date_get_year (day));
}
