#include "oba-till-export.h"

#include <glib/gi18n-lib.h>

#include "export/oba-export-writer.h"

typedef enum
{
  KIND, STATE, STORE, TILL, CASHIER, CUSTOMER, SERIES, FIRST_NO, LAST_NO, RECEIPTS, NORM, BEGINS_AT, ENDS_AT, SAYS, N_COLUMNS,
} Column;

static const ObaExportColumn columns[N_COLUMNS] = {
  [KIND] = { "kind", NULL, OBA_EXPORT_TEXT },         [STATE] = { "state", NULL, OBA_EXPORT_TEXT },          [STORE] = { "store", NULL, OBA_EXPORT_TEXT },
  [TILL] = { "till", NULL, OBA_EXPORT_INTEGER },      [CASHIER] = { "cashier", NULL, OBA_EXPORT_TEXT },      [CUSTOMER] = { "customer_id", NULL, OBA_EXPORT_INTEGER },
  [SERIES] = { "series", NULL, OBA_EXPORT_TEXT },     [FIRST_NO] = { "first_no", NULL, OBA_EXPORT_INTEGER }, [LAST_NO] = { "last_no", NULL, OBA_EXPORT_INTEGER },
  [RECEIPTS] = { "receipts", NULL, OBA_EXPORT_INTEGER }, [NORM] = { "norm", NULL, OBA_EXPORT_TEXT },         [BEGINS_AT] = { "begins_at", NULL, OBA_EXPORT_TIME },
  [ENDS_AT] = { "ends_at", NULL, OBA_EXPORT_TIME },   [SAYS] = { "description", NULL, OBA_EXPORT_TEXT },
};

/* (nullable): there is none */
static char *
number_of (gint64 number)
{
  return number != 0 ? g_strdup_printf ("%" G_GINT64_FORMAT, number) : NULL;
}

static char *
moment_of (gint64 at, GTimeZone *zone)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (at / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = g_date_time_to_timezone (utc, zone);

  return at != 0 ? g_date_time_format (local, "%Y-%m-%d %H:%M:%S") : NULL;
}

static gboolean
write_one (ObaExportWriter *writer, const ObaTillFinding *finding, char *(*says) (const ObaTillFinding *), GTimeZone *zone, GError **error)
{
  g_autofree char *till = number_of (finding->till);
  g_autofree char *customer = number_of (finding->customer_id);
  g_autofree char *first_no = number_of (finding->first_no);
  g_autofree char *last_no = number_of (finding->last_no);
  g_autofree char *receipts = g_strdup_printf ("%" G_GINT64_FORMAT, finding->receipts);
  char norm[G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree char *begins_at = moment_of (finding->begins_at, zone);
  g_autofree char *ends_at = moment_of (finding->ends_at, zone);
  g_autofree char *said = says (finding);
  const char *values[N_COLUMNS] = {
    [KIND] = finding->kind,     [STATE] = finding->state, [STORE] = finding->store,   [TILL] = till,         [CASHIER] = finding->cashier,
    [CUSTOMER] = customer,      [SERIES] = finding->series, [FIRST_NO] = first_no,    [LAST_NO] = last_no,   [RECEIPTS] = receipts,
    [NORM] = finding->list == OBA_TILL_LIST_CASHIERS ? g_ascii_formatd (norm, sizeof norm, "%.1f", oba_till_finding_get_norm (finding, "norm")) : NULL, [BEGINS_AT] = begins_at,  [ENDS_AT] = ends_at,        [SAYS] = said,
  };

  return writer->write (writer, values, error);
}

gboolean
oba_till_findings_write (GPtrArray *findings, char *(*says) (const ObaTillFinding *finding), const char *path, GError **error)
{
  g_autoptr (ObaExportTarget) target = oba_export_target_open (path, error);
  g_autoptr (GPtrArray) list = g_ptr_array_new ();
  g_autoptr (GTimeZone) baku = g_time_zone_new_identifier ("Asia/Baku");
  ObaExportWriter *writer;
  gboolean well = TRUE;

  if (target == NULL)
    return FALSE;
  for (guint i = 0; i < N_COLUMNS; i++)
    g_ptr_array_add (list, (gpointer) &columns[i]);
  writer = oba_export_csv_new (target, list, TRUE, ',');
  for (guint i = 0; well && i < findings->len; i++)
    well = write_one (writer, findings->pdata[i], says, baku, error);
  well = well && writer->finish (writer, error) && oba_export_target_keep (target, error);
  writer->free (writer);
  return well;
}
