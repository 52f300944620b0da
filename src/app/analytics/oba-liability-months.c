#include "oba-liability-months.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "base/oba-money.h"

#define N_POINTS 7
#define N_COLUMNS 11
#define N_GROUP_COLUMNS 5

static void
put (GtkGrid *grid, const char *text, int column, int row, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), column == 0 ? 0 : 1);
  gtk_label_set_ellipsize (GTK_LABEL (label), row == 0 ? PANGO_ELLIPSIZE_END : PANGO_ELLIPSIZE_NONE);
  gtk_widget_set_tooltip_text (label, row == 0 ? text : NULL);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_add_css_class (label, "numeric");
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  gtk_grid_attach (grid, label, column, row, 1, 1);
}

static void
put_rate (GtkGrid *grid, double rate, int column, int row)
{
  g_autofree char *text = isnan (rate) ? g_strdup ("–") : oba_share_format (rate, 1);

  put (grid, text, column, row, NULL);
}

static void
put_month (GtkGrid *grid, const ObaLiability *liability, guint n, int row)
{
  const ObaLiabilityMonth *month = liability->months->pdata[n];
  const gint64 points[N_POINTS] = { month->opening, month->issued, - month->redeemed, - month->expired, - month->clawed_back, month->adjusted, month->closing };
  g_autofree char *value = oba_money_format (month->value);

  put (grid, month->name, 0, row, NULL);
  for (int i = 0; i < N_POINTS; i++)
    {
      g_autofree char *text = oba_number_format (points[i]);

      put (grid, text, i + 1, row, i == N_POINTS - 1 ? "heading" : NULL);
    }
  put (grid, value, N_POINTS + 1, row, NULL);
  put_rate (grid, oba_liability_redemption_rate (liability, n, n + 1), N_POINTS + 2, row);
  put_rate (grid, oba_liability_breakage_rate (liability, n, n + 1), N_POINTS + 3, row);
}

static void
empty (GtkGrid *grid)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (grid))) != NULL)
    gtk_grid_remove (grid, child);
}

void
oba_liability_months_fill (GtkGrid *grid, const ObaLiability *liability)
{
  const char *heads[N_COLUMNS] = {
    _("Month"), _("Opening"), _("Issued"), _("Redeemed"), _("Expired"), _("Clawed back"), _("Adjusted"), _("Closing"), _("Value"), _("Redemption rate"), _("Breakage rate"),
  };

  empty (grid);
  for (int i = 0; i < N_COLUMNS; i++)
    put (grid, heads[i], i, 0, "dim-label");
  for (guint i = 0; i < liability->months->len; i++)
    put_month (grid, liability, liability->months->len - 1 - i, (int) i + 1);
}

static void
put_group (GtkGrid *grid, const ObaLiability *liability, const ObaLiabilityGroup *group, const char *name, int row, const char *css_class)
{
  double all = (double) liability->total.points;
  g_autofree char *points = oba_number_format (group->points);
  g_autofree char *share = oba_share_format (all > 0 ? (double) group->points / all : 0, 1);
  g_autofree char *value = oba_money_format (group->value);
  g_autofree char *expected = oba_money_format (group->expected);
  const char *const texts[] = { name, points, share, value, expected };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    put (grid, texts[i], (int) i, row, css_class);
}

/* Who the points of @group belong to. */
static void
put_behind (GtkGrid *grid, const char *section, const ObaLiabilityGroup *group, int row)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("go-next-symbolic");
  /* Translators: a tier, an age, or a month. */
  g_autofree char *name = g_strdup_printf (_("Customers behind “%s”"), group->name);

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "small-button");
  gtk_widget_set_tooltip_text (button, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "(sss)", section, group->key, group->name);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "liability.behind");
  gtk_widget_set_sensitive (button, group->points > 0);
  gtk_grid_attach (grid, button, N_GROUP_COLUMNS, row, 1, 1);
}

/* Returns: the next row */
static int
put_groups (GtkGrid *grid, const ObaLiability *liability, const char *title, const char *section, GPtrArray *groups, int row)
{
  const char *const heads[] = { title, _("Points"), _("Share"), _("Value"), _("Expected value") };

  for (guint i = 0; i < G_N_ELEMENTS (heads); i++)
    put (grid, heads[i], (int) i, row, i == 0 ? "heading" : "dim-label");
  row++;
  for (guint i = 0; i < groups->len; i++)
    {
      put_group (grid, liability, groups->pdata[i], ((const ObaLiabilityGroup *) groups->pdata[i])->name, row, NULL);
      put_behind (grid, section, groups->pdata[i], row++);
    }
  return row;
}

void
oba_liability_groups_fill (GtkGrid *grid, const ObaLiability *liability)
{
  int row = 0;

  empty (grid);
  row = put_groups (grid, liability, _("By tier"), "tier", liability->tiers, row);
  row = put_groups (grid, liability, _("By age"), "age", liability->ages, row);
  row = put_groups (grid, liability, _("By month of expiry"), "expiry", liability->expiry, row);
  put_group (grid, liability, &liability->total, _("Total"), row, "heading");
}
