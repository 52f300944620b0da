#include "oba-liability.h"

#include <glib/gi18n-lib.h>

/* Every point has a name. */
static void
set_labels (ObaChart *chart, GPtrArray *items, const char *(*name) (gconstpointer item))
{
  g_autoptr (GPtrArray) labels = g_ptr_array_new ();

  for (guint i = 0; i < items->len; i++)
    g_ptr_array_add (labels, (gpointer) name (items->pdata[i]));
  g_ptr_array_add (labels, NULL);
  oba_chart_set_labels (chart, (const char *const *) labels->pdata);
}

static const char *
group_name (gconstpointer item)
{
  return ((const ObaLiabilityGroup *) item)->name;
}

static const char *
month_label (gconstpointer item)
{
  return ((const ObaLiabilityMonth *) item)->name;
}

static ObaChart *
chart_groups (GPtrArray *groups, const char *title, const char *points_name)
{
  ObaChart *chart = oba_chart_new (title, OBA_CHART_VALUE_NUMBER);
  g_autofree double *values = g_new (double, groups->len + 1);

  for (guint i = 0; i < groups->len; i++)
    values[i] = (double) ((const ObaLiabilityGroup *) groups->pdata[i])->points;
  set_labels (chart, groups, group_name);
  oba_chart_set_points_name (chart, points_name);
  oba_chart_set_list (chart);
  oba_chart_add_series (chart, _("Points"), OBA_CHART_ROWS, values, groups->len);
  return chart;
}

ObaChart *
oba_liability_chart_tiers (const ObaLiability *self)
{
  return chart_groups (self->tiers, _("Points by tier"), _("Tier"));
}

ObaChart *
oba_liability_chart_ages (const ObaLiability *self)
{
  return chart_groups (self->ages, _("Points by age"), _("Age"));
}

ObaChart *
oba_liability_chart_expiry (const ObaLiability *self)
{
  ObaChart *chart = oba_chart_new (_("Points by month of expiry"), OBA_CHART_VALUE_NUMBER);
  g_autofree double *values = g_new (double, self->expiry->len + 1);

  set_labels (chart, self->expiry, group_name);
  oba_chart_set_points_name (chart, _("Month"));
  oba_chart_set_list (chart);
  for (guint tier = 0; tier < self->tiers->len; tier++)
    {
      for (guint month = 0; month < self->expiry->len; month++)
        values[month] = (double) self->cells[month * self->tiers->len + tier];
      oba_chart_add_series (chart, ((const ObaLiabilityGroup *) self->tiers->pdata[tier])->name, OBA_CHART_STACK, values, self->expiry->len);
    }
  return chart;
}

static void
add_movement (ObaChart *chart, const ObaLiability *self, const char *name, gsize offset)
{
  g_autofree double *values = g_new (double, self->months->len + 1);

  for (guint i = 0; i < self->months->len; i++)
    values[i] = (double) G_STRUCT_MEMBER (gint64, self->months->pdata[i], offset);
  oba_chart_add_series (chart, name, OBA_CHART_BARS, values, self->months->len);
}

ObaChart *
oba_liability_chart_movements (const ObaLiability *self)
{
  ObaChart *chart = oba_chart_new (_("Issued, redeemed and expired by month"), OBA_CHART_VALUE_NUMBER);

  set_labels (chart, self->months, month_label);
  oba_chart_set_points_name (chart, _("Month"));
  add_movement (chart, self, _("Issued"), G_STRUCT_OFFSET (ObaLiabilityMonth, issued));
  add_movement (chart, self, _("Redeemed"), G_STRUCT_OFFSET (ObaLiabilityMonth, redeemed));
  add_movement (chart, self, _("Expired"), G_STRUCT_OFFSET (ObaLiabilityMonth, expired));
  add_movement (chart, self, _("Clawed back"), G_STRUCT_OFFSET (ObaLiabilityMonth, clawed_back));
  return chart;
}

ObaChart *
oba_liability_chart_closing (const ObaLiability *self)
{
  ObaChart *chart = oba_chart_new (_("Points at the end of each month"), OBA_CHART_VALUE_NUMBER);
  g_autofree double *values = g_new (double, self->months->len + 1);

  set_labels (chart, self->months, month_label);
  oba_chart_set_points_name (chart, _("Month"));
  for (guint i = 0; i < self->months->len; i++)
    values[i] = (double) ((const ObaLiabilityMonth *) self->months->pdata[i])->closing;
  oba_chart_add_series (chart, _("Points"), OBA_CHART_AREA, values, self->months->len);
  return chart;
}
