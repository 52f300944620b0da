#include "oba-month-text.h"

#include <glib/gi18n-lib.h>

#include "base/oba-money.h"
#include "customers/oba-customer-text.h"

char *
oba_month_text_name (const GDate *month)
{
  g_autoptr (GDateTime) first = g_date_time_new_utc (g_date_get_year (month), (int) g_date_get_month (month), 1, 0, 0, 0);

  return g_date_time_format (first, "%OB %Y");
}

const char *
oba_month_text_state (ObaMonthState state)
{
  switch (state)
    {
    case OBA_MONTH_CLOSING:
      return _("Closing");
    case OBA_MONTH_CLOSED:
      return _("Closed");
    case OBA_MONTH_BEFORE:
      return _("Before the first");
    case OBA_MONTH_OPEN:
    default:
      return _("Open");
    }
}

char *
oba_month_text_closed (const ObaMonthFacts *facts)
{
  g_autofree char *day = oba_customer_text_day (facts->closed_at);

  /* The day first: of a name that is cut something is left. */
  return facts->closed_at != NULL ? g_strdup_printf ("%s, %s", day, facts->closed_by) : g_strdup ("");
}

static gint64
figure_of (const ObaMonthTotals *totals, guint figure)
{
  const gint64 figures[OBA_MONTH_N_FIGURES] = { totals->receipts,    totals->returns, totals->revenue,  totals->issued,   totals->redeemed,
                                                totals->clawed_back, totals->expired, totals->adjusted, totals->liability };

  return figures[figure];
}

const char *
oba_month_text_figure_name (guint figure)
{
  static const char *const names[OBA_MONTH_N_FIGURES] = { N_("Receipts"), N_("Returns"), N_("Revenue"), N_("Points issued"), N_("Redeemed"), N_("Clawed back"), N_("Expired"), N_("Adjusted"), N_("Liability") };

  return _(names[figure]);
}

char *
oba_month_text_figure (const ObaMonthTotals *totals, guint figure)
{
  return figure == 2 ? oba_money_format (figure_of (totals, figure)) : oba_number_format (figure_of (totals, figure));
}

gboolean
oba_month_text_is_sold (guint figure)
{
  return figure < 3;
}
