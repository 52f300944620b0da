#include "oba-chart-panel.h"

#include "oba-chart-table.h"
#include "oba-chart-view.h"

struct _ObaChartPanel
{
  GtkBox parent_instance;

  GtkLabel          *title;
  GtkToggleButton   *table_button;
  GtkStack          *stack;
  ObaChartView      *view;
  AdwBin            *table_bin;
};

G_DEFINE_FINAL_TYPE (ObaChartPanel, oba_chart_panel, GTK_TYPE_BOX)

static void
update_table (ObaChartPanel *self)
{
  ObaChart *chart = oba_chart_view_get_chart (self->view);

  if (chart == NULL)
    return;
  /* The table is made when it is looked at: most people never do. */
  if (adw_bin_get_child (self->table_bin) == NULL)
    adw_bin_set_child (self->table_bin, oba_chart_table_new ());
  oba_chart_table_set_chart (OBA_CHART_TABLE (adw_bin_get_child (self->table_bin)), chart);
}

static void
show_chart_or_table (ObaChartPanel *self)
{
  gboolean table = gtk_toggle_button_get_active (self->table_button);

  if (table)
    update_table (self);
  gtk_stack_set_visible_child_name (self->stack, table ? "table" : "chart");
}

static void
oba_chart_panel_class_init (ObaChartPanelClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (OBA_TYPE_CHART_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/az/oba/BackOffice/widgets/oba-chart-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, ObaChartPanel, title);
  gtk_widget_class_bind_template_child (widget_class, ObaChartPanel, table_button);
  gtk_widget_class_bind_template_child (widget_class, ObaChartPanel, stack);
  gtk_widget_class_bind_template_child (widget_class, ObaChartPanel, view);
  gtk_widget_class_bind_template_child (widget_class, ObaChartPanel, table_bin);
  gtk_widget_class_bind_template_callback (widget_class, show_chart_or_table);
}

static void
oba_chart_panel_init (ObaChartPanel *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
oba_chart_panel_set_chart (ObaChartPanel *self, ObaChart *chart)
{
  g_return_if_fail (OBA_IS_CHART_PANEL (self));

  gtk_label_set_label (self->title, oba_chart_get_title (chart));
  oba_chart_view_set_chart (self->view, chart);
  if (oba_chart_panel_shows_table (self))
    update_table (self);
}

void
oba_chart_panel_toggle_table (ObaChartPanel *self)
{
  g_return_if_fail (OBA_IS_CHART_PANEL (self));

  gtk_toggle_button_set_active (self->table_button, !gtk_toggle_button_get_active (self->table_button));
}

gboolean
oba_chart_panel_shows_table (ObaChartPanel *self)
{
  g_return_val_if_fail (OBA_IS_CHART_PANEL (self), FALSE);

  return gtk_toggle_button_get_active (self->table_button);
}
