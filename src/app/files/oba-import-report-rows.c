#include "oba-import-report-rows.h"

#include <glib/gi18n-lib.h>

#include "base/oba-money.h"

static void
add_count (AdwPreferencesGroup *group, const char *title, gint64 n)
{
  g_autofree char *number = oba_number_format (n);

  adw_preferences_group_add (group, oba_figure_row_new (title, number));
}

static void
add_some (AdwPreferencesGroup *group, const char *title, gint64 n)
{
  if (n != 0)
    add_count (group, title, n);
}

static void
add_money (AdwPreferencesGroup *group, const char *title, gint64 qepik)
{
  g_autofree char *money = oba_money_format (qepik);

  adw_preferences_group_add (group, oba_figure_row_new (title, money));
}

static void
add_rejects (AdwPreferencesGroup *group, const ObaImportReport *report)
{
  add_count (group, _("Rejected"), report->rejected);
  for (guint i = 0; i < report->reasons->len; i++)
    {
      const ObaImportReason *reason = g_ptr_array_index (report->reasons, i);
      g_autofree char *sentence = oba_import_reason_describe (reason->code);
      /* Translators: one of the reasons why lines were rejected. */
      g_autofree char *title = g_strdup_printf (_("– %s"), sentence);

      add_count (group, title, reason->count);
    }
}

void
oba_import_report_add_rows (AdwPreferencesGroup *group, const ObaImportReport *report)
{
  gboolean sales = report->kind == OBA_IMPORT_SALES;

  add_count (group, _("Rows read"), report->rows);
  add_count (group, sales ? _("Lines booked") : _("New"), report->inserted);
  if (!sales)
    add_count (group, _("Changed"), report->updated);
  add_count (group, _("There already, unchanged"), report->unchanged);
  add_rejects (group, report);
  if (sales)
    {
      add_count (group, _("Receipts booked"), report->receipts);
      add_money (group, _("Control total: money booked"), report->money);
      add_some (group, _("Receipts that were there already"), report->receipts_known);
      add_some (group, _("With the card of an erased customer, booked without a customer"), report->anonymous);
      add_some (group, _("Stores made for unknown codes"), report->new_stores);
      add_some (group, _("Customers made for unknown ids"), report->new_customers);
      add_some (group, _("Products made for unknown codes"), report->new_products);
      add_some (group, _("Quantity 0 with an amount, kept as one piece"), report->zero_quantity);
    }
  add_some (group, _("Without a name, named by their code"), report->unnamed);
  add_some (group, _("Categories made"), report->categories);
  add_some (group, _("Values rounded to what can be stored"), report->rounded);
}
