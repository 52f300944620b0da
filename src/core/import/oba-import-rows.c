#include "oba-import-rows.h"

#include <string.h>

#include "base/oba-phone.h"
#include "base/oba-text.h"

#define MAX_LEVELS 5
#define LEVEL_SEPARATOR '\x1f'

/* One field of one row. */
typedef struct
{
  GString   *text;       /* as the database takes it */
  gboolean   present;
  gboolean   unknown;    /* not to be told of a faulty row */
  const char *fault;     /* (nullable): kind of fault */
  gint64     number;
  ObaImportTime time;
} Cell;

static void
cell_free (gpointer data)
{
  Cell *cell = data;

  g_string_free (cell->text, TRUE);
  g_free (cell);
}

static int
day_number (GDateTime *day)
{
  return g_date_time_get_year (day) * 10000 + g_date_time_get_month (day) * 100 + g_date_time_get_day_of_month (day);
}

void
oba_import_rows_init (ObaImportRows *self, ObaImportKind kind, const ObaImportMapping *mapping)
{
  g_autoptr (GTimeZone) baku = g_time_zone_new_identifier ("Asia/Baku");
  g_autoptr (GDateTime) now = baku != NULL ? g_date_time_new_now (baku) : g_date_time_new_now_local ();
  g_autoptr (GDateTime) next = g_date_time_add_days (now, 1);

  memset (self, 0, sizeof *self);
  self->kind = kind;
  self->mapping = mapping;
  self->today = day_number (now);
  self->tomorrow = day_number (next);
  self->cells = g_ptr_array_new_with_free_func (cell_free);
  self->scratch = g_string_new (NULL);
  for (guint f = 0; f < mapping->n_fields; f++)
    {
      Cell *cell = g_new0 (Cell, 1);

      cell->text = g_string_new (NULL);
      g_ptr_array_add (self->cells, cell);
    }
}

void
oba_import_rows_clear (ObaImportRows *self)
{
  g_ptr_array_unref (self->cells);
  g_string_free (self->scratch, TRUE);
}

/* Printable ASCII with single spaces inside needs no cleaning. */
static gboolean
is_plain (const char *text, gsize *length)
{
  const char *p;

  for (p = text; *p != '\0'; p++)
    if (*p < ' ' || *p > '~' || (*p == ' ' && (p == text || p[1] == ' ' || p[1] == '\0')))
      return FALSE;
  *length = (gsize) (p - text);
  return TRUE;
}

/* Appends @text cleaned; FALSE with the cell's fault set. */
static gboolean
append_clean (Cell *cell, const char *text, gsize max)
{
  g_autofree char *clean = NULL;
  gsize length;

  if (is_plain (text, &length))
    {
      if (length <= max)
        {
          g_string_append_len (cell->text, text, (gssize) length);
          return TRUE;
        }
      cell->fault = "long";
      return FALSE;
    }
  clean = oba_text_clean (text, max, NULL);
  if (clean == NULL)
    cell->fault = g_utf8_strlen (text, -1) > (glong) max ? "long" : "text";
  else
    g_string_append (cell->text, clean);
  return clean != NULL;
}

static gboolean
append_clean_lines (Cell *cell, const char *text, gsize max)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      if (i > 0)
        g_string_append_c (cell->text, '\n');
      if (!append_clean (cell, lines[i], max))
        return FALSE;
    }
  return TRUE;
}

static void
take_text (Cell *cell, const ObaImportField *field, const char *text)
{
  gboolean (*append) (Cell *, const char *, gsize) = field->flags & OBA_IMPORT_LINES ? append_clean_lines : append_clean;
  char joint = field->type == OBA_IMPORT_PATH ? LEVEL_SEPARATOR : ' ';
  gsize before = cell->text->len;

  if (before > 0)
    g_string_append_c (cell->text, joint);
  before = cell->text->len;
  if (append (cell, text, (gsize) field->max) && cell->text->len == before)
    g_string_truncate (cell->text, before > 0 ? before - 1 : 0);
  if (field->type == OBA_IMPORT_TEXT && cell->fault == NULL && cell->text->len > (gsize) field->max
      && g_utf8_strlen (cell->text->str, -1) > field->max)
    cell->fault = "long";
}

static void
take_digits (Cell *cell, const char *text)
{
  g_autofree char *digits = g_strstrip (g_strdup (text));
  gsize length = strlen (digits);

  if (length < 4 || length > 14 || strspn (digits, "0123456789") != length)
    cell->fault = "barcode";
  else
    g_string_append (cell->text, digits);
}

static void
take_phone (Cell *cell, const char *text)
{
  g_autofree char *phone = strlen (text) <= 64 ? oba_phone_normalize (text, NULL) : NULL;

  if (phone == NULL)
    cell->fault = "phone";
  else
    g_string_append (cell->text, phone);
}

static void
take_email (Cell *cell, const char *text)
{
  const char *at;

  if (!append_clean (cell, text, 254))
    return;
  at = strchr (cell->text->str, '@');
  if (at == NULL || at == cell->text->str || at[1] == '\0' || strchr (at + 1, '@') != NULL ||
      strchr (cell->text->str, ' ') != NULL)
    cell->fault = "email";
}

/* @names: "code=name|name;code=name" */
static void
take_choice (Cell *cell, const char *text, const char *names)
{
  g_autofree char *trimmed = g_strstrip (g_strdup (text));
  g_autofree char *folded = g_utf8_casefold (trimmed, -1);
  g_auto (GStrv) choices = g_strsplit (names, ";", -1);

  for (guint i = 0; choices[i] != NULL; i++)
    {
      char *equals = strchr (choices[i], '=');
      g_auto (GStrv) all = g_strsplit (equals + 1, "|", -1);

      *equals = '\0';
      if (g_str_equal (choices[i], folded) || g_strv_contains ((const char *const *) all, folded))
        {
          g_string_append (cell->text, choices[i]);
          return;
        }
    }
  cell->fault = "choice";
}

static void
take_number (ObaImportRows *self, Cell *cell, const ObaImportField *field, const char *text, guint scale, gint64 limit)
{
  gint64 value;

  switch (oba_import_parse_decimal (text, self->decimal, scale, limit, &value))
    {
    case OBA_VALUE_ROUNDED:
      if (field->type == OBA_IMPORT_MONEY || field->type == OBA_IMPORT_QUANTITY)
        self->rounded++;
      G_GNUC_FALLTHROUGH;
    case OBA_VALUE_OK:
      cell->number += value;
      break;
    case OBA_VALUE_AMBIGUOUS:
      cell->fault = "ambiguous";
      break;
    case OBA_VALUE_RANGE:
      cell->fault = "range";
      break;
    case OBA_VALUE_BAD:
    default:
      cell->fault = "number";
      break;
    }
}

static void
take_time (ObaImportRows *self, Cell *cell, const ObaImportField *field, const char *text)
{
  const ObaImportTime *time = &cell->time;
  int day;

  if (!oba_import_parse_time (text, &cell->time))
    {
      cell->fault = "date";
      return;
    }
  day = time->year * 10000 + time->month * 100 + time->day;
  /* A day of grace for other time zones; the database looks at the clock. */
  if (field->type == OBA_IMPORT_TIME && day > self->tomorrow)
    cell->fault = "future";
  if (g_str_equal (field->name, "birth_date") && day > self->today)
    cell->fault = "future";
  /* There are no partitions before the year 2000, whatever the time zone makes of its first day. */
  if (self->kind == OBA_IMPORT_SALES && day <= 20000101)
    cell->fault = "range";
  oba_import_time_append (time, field->type == OBA_IMPORT_DAY, cell->text);
}

static void
take_value (ObaImportRows *self, Cell *cell, const ObaImportField *field, const char *text)
{
  g_autofree char *percent = NULL;

  switch (field->type)
    {
    case OBA_IMPORT_TEXT:
    case OBA_IMPORT_PATH:
      take_text (cell, field, text);
      break;
    case OBA_IMPORT_BARCODE:
      take_digits (cell, text);
      break;
    case OBA_IMPORT_PHONE:
      take_phone (cell, text);
      break;
    case OBA_IMPORT_EMAIL:
      take_email (cell, text);
      break;
    case OBA_IMPORT_LANGUAGE:
      take_choice (cell, text,
                   "az=aze|azərbaycan|azərbaycanca|azeri|azerbaijani;ru=rus|rusca|русский|russian;en=eng|ingiliscə|"
                   "английский|english");
      break;
    case OBA_IMPORT_UNIT:
      take_choice (cell, text,
                   "pcs=pc|ədəd|əd|eded|ed|шт|штука|piece|pieces|ea;kg=kq|кг|kilogram;l=lt|litr|л|литр;m=metr|м|метр");
      break;
    case OBA_IMPORT_DAY:
    case OBA_IMPORT_TIME:
      take_time (self, cell, field, text);
      break;
    case OBA_IMPORT_INTEGER:
      take_number (self, cell, field, text, 0, field->max);
      break;
    case OBA_IMPORT_DEGREES:
      take_number (self, cell, field, text, 6, field->max * 1000000);
      break;
    case OBA_IMPORT_PERCENT:
      percent = g_strdelimit (g_strdup (text), "%", ' ');
      take_number (self, cell, field, percent, 1, field->max);
      break;
    case OBA_IMPORT_MONEY:
      take_number (self, cell, field, text, 2, field->max);
      break;
    case OBA_IMPORT_QUANTITY:
      take_number (self, cell, field, text, 3, G_MAXINT64 / 2);
      break;
    default:
      g_assert_not_reached ();
    }
}

static gboolean
is_number (ObaImportType type)
{
  return type >= OBA_IMPORT_INTEGER;
}

static gboolean
is_empty (ObaImportRows *self, const char *text)
{
  if (self->null_text != NULL && g_str_equal (text, self->null_text))
    return TRUE;
  while (*text == ' ' || *text == '\t')
    text++;
  return *text == '\0';
}

static void
take_field (ObaImportRows *self, guint f, const ObaCsvRecord *record)
{
  const ObaImportField *field = &self->mapping->fields[f];
  GArray *columns = self->mapping->columns[f];
  Cell *cell = g_ptr_array_index (self->cells, f);
  gboolean together = field->type == OBA_IMPORT_TEXT || field->type == OBA_IMPORT_MONEY;
  guint levels = 0;

  g_string_truncate (cell->text, 0);
  cell->present = cell->unknown = FALSE;
  cell->fault = NULL;
  cell->number = 0;
  for (guint i = 0; i < columns->len && cell->fault == NULL; i++)
    {
      const char *text = record->fields[g_array_index (columns, int, i)];

      /* The apostrophe that an export puts before what a spreadsheet would compute. */
      if (*text == '\'' && oba_text_is_formula (text))
        text++;
      if (is_empty (self, text) || (cell->present && !together && field->type != OBA_IMPORT_PATH) ||
          levels == MAX_LEVELS)
        continue;
      cell->present = TRUE;
      levels += field->type == OBA_IMPORT_PATH;
      take_value (self, cell, field, text);
    }
  /* A line end or a non-breaking space alone is nothing, too. */
  if (!is_number (field->type) && cell->fault == NULL && cell->text->len == 0)
    cell->present = FALSE;
  if (!cell->present || cell->fault != NULL)
    return;
  if (is_number (field->type) && field->type != OBA_IMPORT_DEGREES && cell->number < 0)
    cell->fault = "negative";
  else if (field->type == OBA_IMPORT_DEGREES)
    {
      char degrees[G_ASCII_DTOSTR_BUF_SIZE];

      /* The database reads a point, whatever the locale writes. */
      g_string_append (cell->text, g_ascii_formatd (degrees, sizeof degrees, "%.6f", (double) cell->number / 1e6));
    }
  else if (is_number (field->type))
    g_string_append_printf (cell->text, "%" G_GINT64_FORMAT, cell->number);
}

static Cell *
get_cell (ObaImportRows *self, const char *name)
{
  for (guint f = 0; f < self->mapping->n_fields; f++)
    if (g_str_equal (self->mapping->fields[f].name, name))
      return g_ptr_array_index (self->cells, f);
  g_assert_not_reached ();
}

static void
set_number (Cell *cell, gint64 number)
{
  cell->present = TRUE;
  cell->number = number;
  g_string_printf (cell->text, "%" G_GINT64_FORMAT, number);
}

static void
set_default (ObaImportRows *self, const char *name, gint64 number)
{
  Cell *cell = get_cell (self, name);

  if (!cell->present)
    set_number (cell, number);
}

/* The rules between the values of a sale. Returns: (nullable): a fault that is none of one value */
static const char *
check_sale (ObaImportRows *self)
{
  Cell *quantity = get_cell (self, "quantity"), *amount = get_cell (self, "amount"), *vat = get_cell (self, "vat");
  Cell *receipt = get_cell (self, "receipt"), *time = get_cell (self, "time");

  set_default (self, "till", 1);
  set_default (self, "discount", 0);
  set_default (self, "vat", 0);
  if (self->daily_numbers && receipt->present && receipt->fault == NULL)
    {
      if (!time->present || time->fault != NULL)
        receipt->unknown = TRUE;
      else
        {
          g_string_truncate (self->scratch, 0);
          oba_import_time_append_business_day (&time->time, self->scratch);
          g_string_append_c (self->scratch, '-');
          g_string_prepend (receipt->text, self->scratch->str);
        }
    }
  if (vat->fault == NULL && amount->fault == NULL && vat->number > amount->number)
    vat->fault = "range";
  if (!quantity->present || quantity->fault != NULL || !amount->present || amount->fault != NULL)
    return NULL;
  if (quantity->number > self->max_quantity)
    quantity->fault = "range";
  if (quantity->number == 0 && amount->number == 0)
    return "nothing";
  /* The till took money for it, so something was sold. */
  if (quantity->number == 0)
    {
      self->zero_quantity++;
      set_number (quantity, 1000);
    }
  return NULL;
}

/* The first fault of the row as "kind:field"; NULL when there is none. */
static const char *
find_fault (ObaImportRows *self)
{
  const ObaImportField *fields = self->mapping->fields;
  const char *lacking = NULL;
  gboolean either = FALSE;

  for (guint f = 0; f < self->mapping->n_fields; f++)
    {
      const Cell *cell = g_ptr_array_index (self->cells, f);
      const char *fault = cell->fault;

      if (fault == NULL && !cell->present && (fields[f].flags & OBA_IMPORT_REQUIRED))
        fault = "missing";
      if (fault != NULL)
        {
          g_string_printf (self->scratch, "%s:%s", fault, fields[f].name);
          return self->scratch->str;
        }
      if (fields[f].flags & OBA_IMPORT_EITHER)
        {
          either |= cell->present;
          lacking = fields[f].name;
        }
    }
  if (lacking == NULL || either)
    return NULL;
  g_string_printf (self->scratch, "missing:%s", lacking);
  return self->scratch->str;
}

static void
append_escaped (GString *copy, const char *text)
{
  for (const char *p = text; *p != '\0'; p++)
    {
      if (*p == '\\' || *p == '\n')
        g_string_append_c (copy, '\\');
      g_string_append_c (copy, *p == '\n' ? 'n' : *p);
    }
}

static void
append_columns (ObaImportRows *self, gboolean faulty, GString *copy)
{
  const ObaImportField *fields = self->mapping->fields;

  for (guint f = 0; f < self->mapping->n_fields;)
    {
      const char *column = fields[f].column;
      gboolean filled = FALSE;

      g_string_append_c (copy, '\t');
      for (; f < self->mapping->n_fields && g_str_equal (fields[f].column, column); f++)
        {
          const Cell *cell = g_ptr_array_index (self->cells, f);

          if (filled || !cell->present ||
              (faulty && (cell->fault != NULL || cell->unknown || !(fields[f].flags & OBA_IMPORT_KEY))))
            continue;
          if (fields[f].prefix != NULL)
            g_string_append (copy, fields[f].prefix);
          append_escaped (copy, cell->text->str);
          filled = TRUE;
        }
      if (!filled)
        g_string_append (copy, "\\N");
    }
}

void
oba_import_rows_append (ObaImportRows *self, const ObaCsvRecord *record, GString *copy)
{
  static const char *faults[] = { NULL, "line:long", "line:quotes", "line:columns", "line:encoding", "line:nul" };
  const char *fault = faults[record->fault], *rule = NULL;

  if (fault == NULL)
    {
      for (guint f = 0; f < self->mapping->n_fields; f++)
        take_field (self, f, record);
      if (self->kind == OBA_IMPORT_SALES)
        rule = check_sale (self);
      fault = find_fault (self);
      if (fault == NULL)
        fault = rule;
    }
  else
    for (guint f = 0; f < self->mapping->n_fields; f++)
      ((Cell *) g_ptr_array_index (self->cells, f))->present = FALSE;

  g_string_append_printf (copy, "%" G_GINT64_FORMAT "\t%s", record->line, fault != NULL ? fault : "\\N");
  append_columns (self, fault != NULL, copy);
  g_string_append_c (copy, '\n');
}
