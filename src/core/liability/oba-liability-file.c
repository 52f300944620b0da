#include "oba-liability.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "export/oba-export.h"
#include "export/oba-export-writer.h"

enum
{
  SECTION, KEY, NAME, OPENING, ISSUED, REDEEMED, EXPIRED, CLAWED_BACK, ADJUSTED, POINTS, VALUE, EXPECTED, REDEMPTION_RATE, BREAKAGE_RATE,
};

const ObaLiabilityColumn oba_liability_columns[OBA_LIABILITY_N_COLUMNS] = {
  [SECTION] = { "section", N_("Section"), OBA_LIABILITY_TEXT },
  [KEY] = { "key", N_("Key"), OBA_LIABILITY_TEXT },
  [NAME] = { "name", N_("Name"), OBA_LIABILITY_TEXT },
  [OPENING] = { "opening", N_("Opening"), OBA_LIABILITY_POINTS },
  [ISSUED] = { "issued", N_("Issued"), OBA_LIABILITY_POINTS },
  [REDEEMED] = { "redeemed", N_("Redeemed"), OBA_LIABILITY_POINTS },
  [EXPIRED] = { "expired", N_("Expired"), OBA_LIABILITY_POINTS },
  [CLAWED_BACK] = { "clawed_back", N_("Clawed back"), OBA_LIABILITY_POINTS },
  [ADJUSTED] = { "adjusted", N_("Adjusted"), OBA_LIABILITY_POINTS },
  [POINTS] = { "points", N_("Points"), OBA_LIABILITY_POINTS },
  [VALUE] = { "value", N_("Value"), OBA_LIABILITY_MONEY },
  [EXPECTED] = { "expected_value", N_("Expected value"), OBA_LIABILITY_MONEY },
  [REDEMPTION_RATE] = { "redemption_rate", N_("Redemption rate"), OBA_LIABILITY_RATE },
  [BREAKAGE_RATE] = { "breakage_rate", N_("Breakage rate"), OBA_LIABILITY_RATE },
};

typedef struct
{
  char *values[OBA_LIABILITY_N_COLUMNS];
} Row;

static void
row_clear (Row *row)
{
  for (guint i = 0; i < OBA_LIABILITY_N_COLUMNS; i++)
    g_clear_pointer (&row->values[i], g_free);
}

static void
set_int (Row *row, guint column, gint64 value)
{
  row->values[column] = g_strdup_printf ("%" G_GINT64_FORMAT, value);
}

static void
set_rate (Row *row, guint column, double rate)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (!isnan (rate))
    row->values[column] = g_strdup (g_ascii_formatd (text, sizeof text, "%.4f", rate));
}

static gboolean
tell (Row *row, ObaLiabilityRowFunc func, gpointer user_data)
{
  gboolean go_on = func ((const char *const *) row->values, user_data);

  row_clear (row);
  return go_on;
}

static gboolean
tell_group (const char *section, const ObaLiabilityGroup *group, ObaLiabilityRowFunc func, gpointer user_data)
{
  Row row = { { NULL } };

  row.values[SECTION] = g_strdup (section);
  /* A month is "2026-11". */
  row.values[KEY] = *group->key != '\0' ? g_strndup (group->key, 7) : NULL;
  row.values[NAME] = *group->name != '\0' ? g_strdup (group->name) : NULL;
  set_int (&row, POINTS, group->points);
  set_int (&row, VALUE, group->value);
  set_int (&row, EXPECTED, group->expected);
  return tell (&row, func, user_data);
}

static gboolean
tell_groups (const char *section, GPtrArray *groups, ObaLiabilityRowFunc func, gpointer user_data)
{
  for (guint i = 0; i < groups->len; i++)
    if (!tell_group (section, groups->pdata[i], func, user_data))
      return FALSE;
  return TRUE;
}

static gboolean
tell_month (const ObaLiability *self, guint n, ObaLiabilityRowFunc func, gpointer user_data)
{
  const ObaLiabilityMonth *month = self->months->pdata[n];
  Row row = { { NULL } };

  row.values[SECTION] = g_strdup ("month");
  row.values[KEY] = g_strdup_printf ("%04d-%02d", g_date_get_year (&month->month), g_date_get_month (&month->month));
  row.values[NAME] = g_strdup (month->name);
  set_int (&row, OPENING, month->opening);
  set_int (&row, ISSUED, month->issued);
  set_int (&row, REDEEMED, month->redeemed);
  set_int (&row, EXPIRED, month->expired);
  set_int (&row, CLAWED_BACK, month->clawed_back);
  set_int (&row, ADJUSTED, month->adjusted);
  set_int (&row, POINTS, month->closing);
  set_int (&row, VALUE, month->value);
  set_int (&row, EXPECTED, month->expected);
  set_rate (&row, REDEMPTION_RATE, oba_liability_redemption_rate (self, n, n + 1));
  set_rate (&row, BREAKAGE_RATE, oba_liability_breakage_rate (self, n, n + 1));
  return tell (&row, func, user_data);
}

static gboolean
tell_owed (const ObaLiability *self, ObaLiabilityRowFunc func, gpointer user_data)
{
  Row row = { { NULL } };

  row.values[SECTION] = g_strdup ("owed");
  set_int (&row, POINTS, - self->owed);
  return tell (&row, func, user_data);
}

gboolean
oba_liability_foreach_row (const ObaLiability *self, ObaLiabilityRowFunc func, gpointer user_data)
{
  if (!tell_groups ("tier", self->tiers, func, user_data) || !tell_groups ("age", self->ages, func, user_data) || !tell_groups ("expiry", self->expiry, func, user_data))
    return FALSE;
  for (guint i = 0; i < self->months->len; i++)
    if (!tell_month (self, i, func, user_data))
      return FALSE;
  return tell_owed (self, func, user_data) && tell_group ("total", &self->total, func, user_data);
}

/* ---- files */

typedef struct
{
  ObaExportWriter *writer;
  GError         **error;
} Writing;

static gboolean
write_row (const char *const *values, gpointer user_data)
{
  Writing *writing = user_data;

  return writing->writer->write (writing->writer, values, writing->error);
}

static ObaExportType
export_type (ObaLiabilityColumnType type)
{
  return type == OBA_LIABILITY_POINTS ? OBA_EXPORT_INTEGER : type == OBA_LIABILITY_MONEY ? OBA_EXPORT_MONEY : OBA_EXPORT_TEXT;
}

gboolean
oba_liability_write (const ObaLiability *self, const char *path, GError **error)
{
  g_autoptr (ObaExportTarget) target = NULL;
  g_autoptr (GPtrArray) list = g_ptr_array_new ();
  ObaExportColumn columns[OBA_LIABILITY_N_COLUMNS];
  Writing writing = { NULL, error };
  gboolean well;

  if (g_str_has_suffix (path, ".pdf"))
    return oba_liability_write_pdf (self, path, error);
  target = oba_export_target_open (path, error);
  if (target == NULL)
    return FALSE;
  for (guint i = 0; i < OBA_LIABILITY_N_COLUMNS; i++)
    {
      columns[i] = (ObaExportColumn) { oba_liability_columns[i].key, oba_liability_columns[i].title, export_type (oba_liability_columns[i].type), 0, NULL };
      g_ptr_array_add (list, &columns[i]);
    }
  writing.writer = g_str_has_suffix (path, ".xlsx") ? oba_export_xlsx_new (target, list, OBA_EXPORT_SHEET_ROWS, error) : oba_export_csv_new (target, list, TRUE, ',');
  if (writing.writer == NULL)
    return FALSE;
  well = oba_liability_foreach_row (self, write_row, &writing) && writing.writer->finish (writing.writer, error) && oba_export_target_keep (target, error);
  writing.writer->free (writing.writer);
  return well;
}
