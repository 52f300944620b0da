#include "oba-export-xlsx-check.h"

#include <errno.h>
#include <gio/gio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "oba-export-target.h"

/* Of the ZIP format (PKWARE APPNOTE 4.3): signatures and sizes of the fixed parts. */
#define END_SIGNATURE 0x06054b50
#define END_SIZE 22
#define END64_SIGNATURE 0x06064b50
#define END64_LOCATOR_SIZE 20
#define END64_SIZE 56
#define ENTRY_SIGNATURE 0x02014b50
#define ENTRY_SIZE 46
#define LOCAL_SIZE 30
#define DIRECTORY_MAX (16 * 1024 * 1024)
#define BUFFER (64 * 1024)

static guint64
number (const guint8 *bytes, guint n)
{
  guint64 value = 0;

  for (guint i = n; i > 0; i--)
    value = value << 8 | bytes[i - 1];
  return value;
}

static gboolean
read_at (int fd, guint64 offset, void *to, gsize n)
{
  return pread (fd, to, n, (off_t) offset) == (gssize) n;
}

/* The central directory: (transfer full) (nullable) */
static GBytes *
read_directory (int fd)
{
  struct stat info;
  guint8 end[END_SIZE], locator[END64_LOCATOR_SIZE], end64[END64_SIZE];
  guint64 size, offset, total;
  guint8 *bytes;

  if (fstat (fd, &info) != 0 || info.st_size < END_SIZE || !read_at (fd, (guint64) info.st_size - END_SIZE, end, END_SIZE)
      || number (end, 4) != END_SIGNATURE)
    return NULL;
  total = (guint64) info.st_size;
  size = number (end + 12, 4);
  offset = number (end + 16, 4);
  if (offset == G_MAXUINT32 || size == G_MAXUINT32)
    {
      if (total < END_SIZE + END64_LOCATOR_SIZE || !read_at (fd, total - END_SIZE - END64_LOCATOR_SIZE, locator, sizeof locator)
          || !read_at (fd, number (locator + 8, 8), end64, sizeof end64) || number (end64, 4) != END64_SIGNATURE)
        return NULL;
      size = number (end64 + 40, 8);
      offset = number (end64 + 48, 8);
    }
  if (size > DIRECTORY_MAX || offset > total || size > total - offset)
    return NULL;
  bytes = g_malloc (size);
  if (!read_at (fd, offset, bytes, size))
    g_clear_pointer (&bytes, g_free);
  return bytes != NULL ? g_bytes_new_take (bytes, size) : NULL;
}

/* Where the compressed bytes of an entry are; what does not fit into 32 bits is in its ZIP64 field. */
static gboolean
find_data (int fd, const guint8 *entry, guint64 *offset, guint64 *size)
{
  const guint8 *extra = entry + ENTRY_SIZE + number (entry + 28, 2);
  const guint8 *end = extra + number (entry + 30, 2);
  guint8 local[LOCAL_SIZE];

  *size = number (entry + 20, 4);
  *offset = number (entry + 42, 4);
  for (; extra + 4 <= end; extra += 4 + number (extra + 2, 2))
    if (number (extra, 2) == 1)
      {
        const guint8 *value = extra + 4;

        if (number (entry + 24, 4) == G_MAXUINT32)
          value += 8;
        if (*size == G_MAXUINT32 && value + 8 <= end)
          {
            *size = number (value, 8);
            value += 8;
          }
        if (*offset == G_MAXUINT32 && value + 8 <= end)
          *offset = number (value, 8);
        break;
      }
  if (!read_at (fd, *offset, local, sizeof local))
    return FALSE;
  *offset += LOCAL_SIZE + number (local + 26, 2) + number (local + 28, 2);
  return TRUE;
}

/* Counts "<row " across the borders of buffers, and keeps the end. */
typedef struct
{
  gint64 rows;
  guint  matched;
  char   tail[16];
} Counter;

static void
count (Counter *self, const char *text, gsize n)
{
  static const char pattern[] = "<row ";
  gsize keep = MIN (n, sizeof self->tail - 1);

  for (gsize i = 0; i < n; i++)
    {
      self->matched = text[i] == pattern[self->matched] ? self->matched + 1 : text[i] == '<' ? 1 : 0;
      if (pattern[self->matched] == '\0')
        {
          self->rows++;
          self->matched = 0;
        }
    }
  if (keep < sizeof self->tail - 1)
    memmove (self->tail, self->tail + keep, sizeof self->tail - 1 - keep);
  memcpy (self->tail + sizeof self->tail - 1 - keep, text + n - keep, keep);
}

/* Returns -1 when the sheet is not whole. */
static gint64
count_sheet (int fd, guint64 offset, guint64 size)
{
  g_autoptr (GConverter) inflate = G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_RAW));
  g_autofree guint8 *in = g_malloc (BUFFER);
  g_autofree char *out = g_malloc (BUFFER);
  Counter counter = { 0 };
  GConverterResult state = G_CONVERTER_CONVERTED;
  gsize have = 0;

  while (state != G_CONVERTER_FINISHED)
    {
      gsize wanted = (gsize) MIN (size, BUFFER - have), used = 0, made = 0;

      if (!read_at (fd, offset, in + have, wanted))
        return -1;
      offset += wanted;
      size -= wanted;
      have += wanted;
      state = g_converter_convert (inflate, in, have, out, BUFFER, size == 0 ? G_CONVERTER_INPUT_AT_END : G_CONVERTER_NO_FLAGS,
                                   &used, &made, NULL);
      if (state == G_CONVERTER_ERROR)
        return -1;
      count (&counter, out, made);
      memmove (in, in + used, have - used);
      have -= used;
    }
  return memcmp (counter.tail + sizeof counter.tail - 1 - strlen ("</worksheet>"), "</worksheet>", strlen ("</worksheet>")) == 0
             ? counter.rows : -1;
}

static gint64
count_rows (int fd, GBytes *directory)
{
  gsize n;
  const guint8 *entry = g_bytes_get_data (directory, &n);
  const guint8 *end = entry + n;
  gint64 rows = 0;

  while (entry + ENTRY_SIZE <= end && number (entry, 4) == ENTRY_SIGNATURE)
    {
      gsize name = number (entry + 28, 2), whole = ENTRY_SIZE + name + number (entry + 30, 2) + number (entry + 32, 2);
      static const char sheets[] = "xl/worksheets/sheet";
      guint64 offset, size;
      gint64 more;

      if (entry + whole > end)
        return -1;
      if (name > strlen (sheets) && memcmp (entry + ENTRY_SIZE, sheets, strlen (sheets)) == 0)
        {
          if (!find_data (fd, entry, &offset, &size) || (more = count_sheet (fd, offset, size)) < 0)
            return -1;
          rows += more;
        }
      entry += whole;
    }
  return rows;
}

gboolean
oba_export_xlsx_check (int fd, const char *path, gint64 rows, GError **error)
{
  g_autoptr (GBytes) directory = read_directory (fd);

  if (directory != NULL && count_rows (fd, directory) == rows)
    return TRUE;
  oba_export_set_errno (error, ENOSPC, path);
  return FALSE;
}
