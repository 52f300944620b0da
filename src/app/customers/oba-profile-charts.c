#include "oba-profile-charts.h"

#include <glib/gi18n-lib.h>

#include "widgets/oba-chart-panel.h"
#include "widgets/oba-top-list.h"

#define N_CATEGORIES 4
#define CHART_HEIGHT 168
#define CATEGORIES_WIDTH 230

struct _ObaProfileCharts
{
  GtkBox         parent_instance;

  ObaChartPanel *months;
  ObaTopList    *categories;
};

G_DEFINE_FINAL_TYPE (ObaProfileCharts, oba_profile_charts, GTK_TYPE_BOX)

static void
show_months (ObaProfileCharts *self, GPtrArray *months)
{
  g_autoptr (ObaChart) chart = oba_chart_new (_("Spent each month"), OBA_CHART_VALUE_MONEY);
  g_auto (GStrv) labels = g_new0 (char *, months->len + 1);
  g_autofree double *values = g_new0 (double, months->len);

  for (guint i = 0; i < months->len; i++)
    {
      const ObaCustomerMonth *month = months->pdata[i];
      g_autoptr (GDateTime) first = g_date_time_new_utc (month->year, month->month, 1, 0, 0, 0);

      /* Translators: a month and its year in few letters, see strftime(3). */
      labels[i] = g_date_time_format (first, _("%b %y"));
      values[i] = (double) month->revenue;
    }
  oba_chart_set_labels (chart, (const char *const *) labels);
  oba_chart_set_points_name (chart, _("Month"));
  oba_chart_add_series (chart, _("Spent"), OBA_CHART_BARS, values, months->len);
  oba_chart_panel_set_chart (self->months, chart);
}

static void
show_categories (ObaProfileCharts *self, GPtrArray *categories)
{
  const ObaCustomerHabit *best = categories->len > 0 ? categories->pdata[0] : NULL;

  oba_top_list_clear (self->categories);
  for (guint i = 0; i < categories->len && i < N_CATEGORIES; i++)
    {
      const ObaCustomerHabit *habit = categories->pdata[i];

      if (habit->revenue > 0)
        oba_top_list_add (self->categories, habit->name, habit->revenue, best->revenue, NULL, 0);
    }
}

static gboolean
any_purchase (const ObaCustomerInsight *insight)
{
  for (guint i = 0; i < insight->months->len; i++)
    if (((ObaCustomerMonth *) insight->months->pdata[i])->receipts != 0 || ((ObaCustomerMonth *) insight->months->pdata[i])->revenue != 0)
      return TRUE;
  return FALSE;
}

void
oba_profile_charts_set_insight (ObaProfileCharts *self, const ObaCustomerInsight *insight)
{
  g_return_if_fail (OBA_IS_PROFILE_CHARTS (self));

  /* Bars of nothing say nothing. */
  gtk_widget_set_visible (GTK_WIDGET (self), any_purchase (insight));
  show_months (self, insight->months);
  show_categories (self, insight->categories);
}

void
oba_profile_charts_toggle_table (ObaProfileCharts *self)
{
  g_return_if_fail (OBA_IS_PROFILE_CHARTS (self));

  oba_chart_panel_toggle_table (self->months);
}

gboolean
oba_profile_charts_shows_table (ObaProfileCharts *self)
{
  g_return_val_if_fail (OBA_IS_PROFILE_CHARTS (self), FALSE);

  return oba_chart_panel_shows_table (self->months);
}

static void
oba_profile_charts_class_init (ObaProfileChartsClass *klass)
{
}

static void
oba_profile_charts_init (ObaProfileCharts *self)
{
  self->months = g_object_new (OBA_TYPE_CHART_PANEL, "hexpand", TRUE, "height-request", CHART_HEIGHT, NULL);
  self->categories = g_object_new (OBA_TYPE_TOP_LIST, "title", _("By category, last year"), "empty", _("No purchase in the last year."),
                                   "width-request", CATEGORIES_WIDTH, "hexpand", FALSE, NULL);
  /* The timeline gets what height there is. */
  gtk_widget_set_vexpand (GTK_WIDGET (self), FALSE);
  gtk_box_set_spacing (GTK_BOX (self), 12);
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->months));
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->categories));
}
