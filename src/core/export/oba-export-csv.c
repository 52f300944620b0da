#include "oba-export-writer.h"

#include <string.h>

#include "base/oba-phone.h"
#include "base/oba-text.h"

#define CHUNK (256 * 1024)

typedef struct
{
  ObaExportWriter  parent;
  GString         *text;
  char             delimiter;
  char             special[6];
} Csv;

void
oba_export_append_decimal (GString *to, const char *number, guint decimals)
{
  gsize n;

  if (*number == '-')
    g_string_append_c (to, *number++);
  n = strlen (number);
  if (n <= decimals)
    g_string_append_c (to, '0');
  else
    g_string_append_len (to, number, (gssize) (n - decimals));
  if (decimals == 0)
    return;
  g_string_append_c (to, '.');
  for (gsize i = n; i < decimals; i++)
    g_string_append_c (to, '0');
  g_string_append (to, n > decimals ? number + n - decimals : number);
}

static void
append_text (Csv *self, const char *text)
{
  gboolean formula = oba_text_is_formula (text);

  if (!formula && text[strcspn (text, self->special)] == '\0' && *text != ' ')
    {
      g_string_append (self->text, text);
      return;
    }
  g_string_append_c (self->text, '"');
  if (formula)
    g_string_append_c (self->text, '\'');
  for (const char *p = text; *p != '\0'; p++)
    {
      if (*p == '"')
        g_string_append_c (self->text, '"');
      g_string_append_c (self->text, *p);
    }
  g_string_append_c (self->text, '"');
}

static void
append_value (Csv *self, ObaExportType type, const char *value)
{
  g_autofree char *phone = NULL;

  switch (type)
    {
    case OBA_EXPORT_TEXT:
      append_text (self, value);
      break;
    case OBA_EXPORT_PHONE:
      phone = oba_phone_format (value);
      g_string_append (self->text, phone);
      break;
    case OBA_EXPORT_MONEY:
      oba_export_append_decimal (self->text, value, 2);
      break;
    case OBA_EXPORT_QUANTITY:
      oba_export_append_decimal (self->text, value, 3);
      break;
    case OBA_EXPORT_TIME:
      g_string_append_len (self->text, value, (gssize) MIN (strlen (value), OBA_EXPORT_SECONDS));
      break;
    case OBA_EXPORT_INTEGER:
    case OBA_EXPORT_DAY:
    default:
      g_string_append (self->text, value);
    }
}

static gboolean
flush (Csv *self, GError **error)
{
  gboolean done = oba_export_target_write (self->parent.target, self->text->str, self->text->len, error);

  g_string_truncate (self->text, 0);
  return done;
}

static gboolean
csv_write (ObaExportWriter *writer, const char *const *values, GError **error)
{
  Csv *self = (Csv *) writer;

  for (guint i = 0; i < writer->columns->len; i++)
    {
      const ObaExportColumn *column = writer->columns->pdata[i];

      if (i > 0)
        g_string_append_c (self->text, self->delimiter);
      if (values[i] != NULL)
        append_value (self, column->type, values[i]);
    }
  /* A line of nothing would be no row to whoever reads it. */
  if (writer->columns->len == 1 && (values[0] == NULL || *values[0] == '\0'))
    g_string_append (self->text, "\"\"");
  g_string_append (self->text, "\r\n");
  return self->text->len < CHUNK || flush (self, error);
}

static gboolean
csv_finish (ObaExportWriter *writer, GError **error)
{
  return flush ((Csv *) writer, error);
}

static void
csv_free (ObaExportWriter *writer)
{
  Csv *self = (Csv *) writer;

  g_ptr_array_unref (writer->columns);
  g_string_free (self->text, TRUE);
  g_free (self);
}

ObaExportWriter *
oba_export_csv_new (ObaExportTarget *target, GPtrArray *columns, gboolean bom, char delimiter)
{
  Csv *self = g_new0 (Csv, 1);

  self->parent = (ObaExportWriter) { csv_write, csv_finish, csv_free, g_ptr_array_ref (columns), target, 1 };
  self->text = g_string_sized_new (CHUNK + 64 * 1024);
  self->delimiter = delimiter;
  g_snprintf (self->special, sizeof self->special, "%c\"\r\n", delimiter);
  if (bom)
    g_string_append (self->text, "\xef\xbb\xbf");
  for (guint i = 0; i < columns->len; i++)
    {
      if (i > 0)
        g_string_append_c (self->text, delimiter);
      g_string_append (self->text, ((const ObaExportColumn *) columns->pdata[i])->name);
    }
  g_string_append (self->text, "\r\n");
  return &self->parent;
}
