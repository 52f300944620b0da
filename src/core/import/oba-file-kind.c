#include "oba-file-kind.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const struct
{
  guint8      offset;
  guint8      length;
  const char *magic;
  const char *noun;
} MAGICS[] = {
  { 0, 4, "PK\003\004", N_("an Excel workbook (xlsx) or another ZIP archive") },
  { 0, 4, "PK\005\006", N_("an empty ZIP archive") },
  { 0, 8, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", N_("an old Excel workbook (xls) or another Office document") },
  { 0, 5, "%PDF-", N_("a PDF document") },
  { 0, 8, "\x89PNG\r\n\x1a\n", N_("a PNG picture") },
  { 0, 3, "\xff\xd8\xff", N_("a JPEG picture") },
  { 0, 4, "GIF8", N_("a GIF picture") },
  { 0, 4, "\x7f" "ELF", N_("a program") },
  { 0, 2, "\x1f\x8b", N_("a gzip file inside a gzip file") },
  { 0, 6, "\xfd" "7zXZ\0", N_("an xz archive") },
  { 0, 4, "\x28\xb5\x2f\xfd", N_("a zstd archive") },
  { 0, 6, "7z\xbc\xaf\x27\x1c", N_("a 7-Zip archive") },
  { 0, 4, "Rar!", N_("a RAR archive") },
  { 0, 3, "BZh", N_("a bzip2 archive") },
  { 0, 16, "SQLite format 3\0", N_("an SQLite database") },
  { 0, 5, "PGDMP", N_("a PostgreSQL dump") },
  { 0, 4, "PAR1", N_("a Parquet file") },
  { 0, 5, "{\\rtf", N_("an RTF document") },
};

static gboolean
is_html (const guint8 *p, gsize n)
{
  static const char *starts[] = { "<!doctype", "<html", "<head", "<body", "<table", "<!--" };

  for (guint i = 0; i < G_N_ELEMENTS (starts); i++)
    if (n >= strlen (starts[i]) && g_ascii_strncasecmp ((const char *) p, starts[i], strlen (starts[i])) == 0)
      return TRUE;
  return FALSE;
}

/* A header may begin with a bracket, but not with what JSON has after it. */
static gboolean
is_json (const guint8 *p, gsize n)
{
  guint8 open = p[0];

  if (open != '{' && open != '[')
    return FALSE;
  do
    p++, n--;
  while (n > 0 && g_ascii_isspace (*p));
  return n == 0 || *p == '"' || *p == '{' || *p == '[' || *p == ']' || *p == '}' ||
         (open == '[' && g_ascii_isdigit (*p));
}

/* ASCII letters of UTF-16 have a zero beside each. */
static gboolean
is_bare_utf16 (const guint8 *p, gsize n)
{
  return n >= 4 && (p[0] == 0) == (p[2] == 0) && (p[1] == 0) == (p[3] == 0) && (p[0] == 0) != (p[1] == 0);
}

const char *
oba_file_kind_guess (const guint8 *bytes, gsize n)
{
  const guint8 *p = bytes;
  gsize left = n;

  for (guint i = 0; i < G_N_ELEMENTS (MAGICS); i++)
    if (n >= (gsize) MAGICS[i].offset + MAGICS[i].length
        && memcmp (bytes + MAGICS[i].offset, MAGICS[i].magic, MAGICS[i].length) == 0)
      return _(MAGICS[i].noun);
  if (n >= 262 && memcmp (bytes + 257, "ustar", 5) == 0)
    return _("a tar archive");

  if (left >= 3 && memcmp (p, "\xef\xbb\xbf", 3) == 0)
    p += 3, left -= 3;
  while (left > 0 && g_ascii_isspace (*p))
    p++, left--;
  if (left == 0)
    return NULL;
  if (is_html (p, left))
    return _("an HTML page");
  if (left >= 5 && memcmp (p, "<?xml", 5) == 0)
    return _("an XML file");
  if (is_json (p, left))
    return _("a JSON file");
  if (is_bare_utf16 (bytes, n))
    return _("UTF-16 text without its byte order mark (name its encoding: UTF-16LE or UTF-16BE)");
  if (memchr (bytes, 0, n) != NULL)
    return _("a binary file");
  return NULL;
}
