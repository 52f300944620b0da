#include "oba-config.h"
#include "oba-table.h"

#include <math.h>
#include <string.h>
#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>

#include "base/oba-money.h"

typedef struct
{
  char *key;
  char *title;
  ObaColumnType type;
} Column;

/* A cell is kept in both spellings; machine NULL is "no value". */
typedef struct
{
  char *human;
  char *machine;
} Cell;

struct _ObaTable
{
  GArray *columns;
  GArray *cells;
  gboolean upright;
};

static void
column_clear (gpointer data)
{
  Column *column = data;

  g_free (column->key);
  g_free (column->title);
}

static void
cell_clear (gpointer data)
{
  Cell *cell = data;

  g_free (cell->human);
  g_free (cell->machine);
}

gboolean
oba_table_format_parse (const char *text, ObaTableFormat *format)
{
  static const char *const names[] = { "table", "json", "csv" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_strcmp0 (text, names[i]) == 0)
      {
        *format = (ObaTableFormat) i;
        return TRUE;
      }
  return FALSE;
}

ObaTable *
oba_table_new (void)
{
  ObaTable *self = g_new0 (ObaTable, 1);

  self->columns = g_array_new (FALSE, TRUE, sizeof (Column));
  g_array_set_clear_func (self->columns, column_clear);
  self->cells = g_array_new (FALSE, TRUE, sizeof (Cell));
  g_array_set_clear_func (self->cells, cell_clear);

  return self;
}

void
oba_table_free (ObaTable *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->columns);
  g_array_unref (self->cells);
  g_free (self);
}

void
oba_table_add_column (ObaTable *self, const char *key, const char *title, ObaColumnType type)
{
  Column column = { g_strdup (key), g_strdup (title != NULL ? title : key), type };

  g_return_if_fail (self->cells->len == 0);
  g_array_append_val (self->columns, column);
}

static Column *
next_column (ObaTable *self)
{
  return &g_array_index (self->columns, Column, self->cells->len % self->columns->len);
}

/* What a database holds was typed by somebody: nothing of it may steer the terminal. */
static char *
without_controls (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *out = g_string_sized_new (strlen (valid));

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      g_string_append_unichar (out, g_unichar_iscntrl (c) ? ' ' : c);
    }
  return g_string_free (out, FALSE);
}

static void
add_cell (ObaTable *self, char *human, char *machine)
{
  Cell cell = { human, machine };

  g_array_append_val (self->cells, cell);
}

void
oba_table_add_null (ObaTable *self)
{
  add_cell (self, g_strdup (""), NULL);
}

void
oba_table_add_text (ObaTable *self, const char *value)
{
  if (value == NULL)
    oba_table_add_null (self);
  else
    add_cell (self, without_controls (value), g_utf8_make_valid (value, -1));
}

void
oba_table_add_integer (ObaTable *self, gint64 value)
{
  ObaColumnType type = next_column (self)->type;
  g_autofree char *plain = g_strdup_printf ("%" G_GINT64_FORMAT, value);

  if (type == OBA_COLUMN_MONEY)
    add_cell (self, oba_money_format (value), oba_money_format_plain (value));
  else
    add_cell (self, type == OBA_COLUMN_ID ? g_strdup (plain) : oba_number_format (value), g_strdup (plain));
}

void
oba_table_add_real (ObaTable *self, double value, int decimals)
{
  char plain[G_ASCII_DTOSTR_BUF_SIZE];

  if (!isfinite (value))
    {
      oba_table_add_null (self);
      return;
    }
  g_ascii_dtostr (plain, sizeof plain, value);
  add_cell (self, g_strdup_printf ("%.*f", decimals, value), g_strdup (plain));
}

void
oba_table_add_boolean (ObaTable *self, gboolean value)
{
  add_cell (self, g_strdup (value ? _("yes") : _("no")), g_strdup (value ? "true" : "false"));
}

void
oba_table_add_time (ObaTable *self, GDateTime *value)
{
  g_autoptr (GDateTime) local = NULL;

  if (value == NULL)
    {
      oba_table_add_null (self);
      return;
    }
  local = g_date_time_to_local (value);
  add_cell (self, g_date_time_format (local, "%Y-%m-%d %H:%M:%S"), g_date_time_format_iso8601 (value));
}

void
oba_table_set_upright (ObaTable *self)
{
  self->upright = TRUE;
}

guint
oba_table_get_n_rows (ObaTable *self)
{
  return self->columns->len == 0 ? 0 : self->cells->len / self->columns->len;
}

static Cell *
get_cell (ObaTable *self, guint row, guint column)
{
  return &g_array_index (self->cells, Cell, row * self->columns->len + column);
}

static guint
text_width (const char *text)
{
  guint width = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      width += g_unichar_iszerowidth (c) ? 0 : g_unichar_iswide (c) ? 2 : 1;
    }
  return width;
}

static gboolean
is_number (ObaColumnType type)
{
  return type == OBA_COLUMN_INTEGER || type == OBA_COLUMN_ID;
}

static gboolean
is_right_aligned (ObaColumnType type)
{
  return is_number (type) || type == OBA_COLUMN_MONEY || type == OBA_COLUMN_REAL;
}

static void
append_padded (GString *out, const char *text, guint width, gboolean right, gboolean last)
{
  guint missing = width - MIN (width, text_width (text));

  if (right)
    for (guint i = 0; i < missing; i++)
      g_string_append_c (out, ' ');
  g_string_append (out, text);
  if (!right && !last)
    for (guint i = 0; i < missing; i++)
      g_string_append_c (out, ' ');
  g_string_append (out, last ? "\n" : "  ");
}

static char *
to_human (ObaTable *self)
{
  GString *out = g_string_new (NULL);
  guint n_columns = self->columns->len;
  guint n_rows = oba_table_get_n_rows (self);
  g_autofree guint *widths = g_new0 (guint, n_columns);

  for (guint c = 0; c < n_columns; c++)
    {
      widths[c] = text_width (g_array_index (self->columns, Column, c).title);
      for (guint r = 0; r < n_rows; r++)
        widths[c] = MAX (widths[c], text_width (get_cell (self, r, c)->human));
    }
  for (guint c = 0; c < n_columns; c++)
    {
      Column *column = &g_array_index (self->columns, Column, c);

      append_padded (out, column->title, widths[c], is_right_aligned (column->type), c + 1 == n_columns);
    }
  for (guint r = 0; r < n_rows; r++)
    for (guint c = 0; c < n_columns; c++)
      append_padded (out, get_cell (self, r, c)->human, widths[c],
                     is_right_aligned (g_array_index (self->columns, Column, c).type), c + 1 == n_columns);

  return g_string_free (out, FALSE);
}

/* "Title  value", a line each; rows apart by an empty line */
static char *
to_upright (ObaTable *self)
{
  GString *out = g_string_new (NULL);
  guint width = 0;

  for (guint c = 0; c < self->columns->len; c++)
    width = MAX (width, text_width (g_array_index (self->columns, Column, c).title));
  for (guint r = 0; r < oba_table_get_n_rows (self); r++)
    {
      if (r > 0)
        g_string_append_c (out, '\n');
      for (guint c = 0; c < self->columns->len; c++)
        {
          append_padded (out, g_array_index (self->columns, Column, c).title, width, FALSE, FALSE);
          append_padded (out, get_cell (self, r, c)->human, 0, FALSE, TRUE);
        }
    }
  return g_string_free (out, FALSE);
}

static void
append_csv (GString *out, const char *text, gboolean last)
{
  if (strpbrk (text, ",\"\r\n") == NULL)
    g_string_append (out, text);
  else
    {
      g_string_append_c (out, '"');
      for (const char *p = text; *p != '\0'; p++)
        {
          if (*p == '"')
            g_string_append_c (out, '"');
          g_string_append_c (out, *p);
        }
      g_string_append_c (out, '"');
    }
  g_string_append (out, last ? "\r\n" : ",");
}

static char *
to_csv (ObaTable *self)
{
  GString *out = g_string_new (NULL);
  guint n_columns = self->columns->len;

  for (guint c = 0; c < n_columns; c++)
    append_csv (out, g_array_index (self->columns, Column, c).key, c + 1 == n_columns);
  for (guint r = 0; r < oba_table_get_n_rows (self); r++)
    for (guint c = 0; c < n_columns; c++)
      {
        const char *value = get_cell (self, r, c)->machine;

        append_csv (out, value != NULL ? value : "", c + 1 == n_columns);
      }
  return g_string_free (out, FALSE);
}

static void
append_json (JsonBuilder *builder, ObaColumnType type, const char *value)
{
  if (value == NULL)
    json_builder_add_null_value (builder);
  else if (is_number (type))
    json_builder_add_int_value (builder, g_ascii_strtoll (value, NULL, 10));
  else if (type == OBA_COLUMN_REAL)
    json_builder_add_double_value (builder, g_ascii_strtod (value, NULL));
  else if (type == OBA_COLUMN_BOOLEAN)
    json_builder_add_boolean_value (builder, strcmp (value, "true") == 0);
  else
    json_builder_add_string_value (builder, value);
}

static char *
to_json (ObaTable *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;

  json_builder_begin_array (builder);
  for (guint r = 0; r < oba_table_get_n_rows (self); r++)
    {
      json_builder_begin_object (builder);
      for (guint c = 0; c < self->columns->len; c++)
        {
          Column *column = &g_array_index (self->columns, Column, c);

          json_builder_set_member_name (builder, column->key);
          append_json (builder, column->type, get_cell (self, r, c)->machine);
        }
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, TRUE);

  return g_strconcat (text, "\n", NULL);
}

char *
oba_table_to_string (ObaTable *self, ObaTableFormat format)
{
  switch (format)
    {
    case OBA_TABLE_JSON:
      return to_json (self);
    case OBA_TABLE_CSV:
      return to_csv (self);
    case OBA_TABLE_HUMAN:
    default:
      return self->upright ? to_upright (self) : to_human (self);
    }
}
