#include "oba-period-tile.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "base/oba-money.h"

enum
{
  RECEIPTS,
  BASKET,
  CARD_SHARE,
  NEW_CUSTOMERS,
  N_FIGURES,
};

struct _ObaPeriodTile
{
  AdwBin parent_instance;

  GtkLabel *title;
  GtkLabel *revenue;
  GtkImage *arrow;
  GtkLabel *comparison;
  GtkGrid  *grid;
  GtkLabel *values[N_FIGURES];
  GtkLabel *changes[N_FIGURES];
};

G_DEFINE_FINAL_TYPE (ObaPeriodTile, oba_period_tile, ADW_TYPE_BIN)

/* Whole sentences, so that every language can say them its own way. */
typedef struct
{
  guint       days;
  const char *title;
  const char *more;
  const char *less;
  const char *same;
  const char *nothing;
} Words;

static const Words words[] = {
  { 1, N_ ("Today"), N_ ("%s more than yesterday by now"), N_ ("%s less than yesterday by now"), N_ ("As much as yesterday by now"),
    N_ ("Nothing was sold yesterday by now") },
  { 7, N_ ("Last 7 days"), N_ ("%s more than the 7 days before"), N_ ("%s less than the 7 days before"), N_ ("As much as the 7 days before"),
    N_ ("Nothing was sold in the 7 days before") },
  { 30, N_ ("Last 30 days"), N_ ("%s more than the 30 days before"), N_ ("%s less than the 30 days before"), N_ ("As much as the 30 days before"),
    N_ ("Nothing was sold in the 30 days before") },
};

static const char *const figure_names[N_FIGURES] = { N_ ("Receipts"), N_ ("Average basket"), N_ ("With a card"), N_ ("New customers") };

static const Words *
words_of (guint days)
{
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (words[i].days == days)
      return &words[i];
  return &words[0];
}

/* "12.3 %"; over tenfold the exact share says nothing any more. */
static char *
format_share (double share)
{
  return oba_share_format (fabs (share), fabs (share) >= 9.995 ? 0 : 1);
}

/* -1, 0 or 1 as it will be read: what rounds to nothing is no change. */
static int
direction (double change)
{
  return fabs (change) < 0.0005 ? 0 : change > 0 ? 1 : -1;
}

static void
set_mood (GtkWidget *widget, int way)
{
  gtk_widget_remove_css_class (widget, "success");
  gtk_widget_remove_css_class (widget, "error");
  gtk_widget_remove_css_class (widget, "dim-label");
  gtk_widget_add_css_class (widget, way > 0 ? "success" : way < 0 ? "error" : "dim-label");
}

static void
set_comparison (ObaPeriodTile *self, const Words *word, gint64 now, gint64 before)
{
  double change = before != 0 ? (double) (now - before) / fabs ((double) before) : 0;
  int way = direction (change);
  g_autofree char *share = format_share (change);
  g_autofree char *text = NULL;

  if (before == 0)
    text = g_strdup (_ (word->nothing));
  else if (way == 0)
    text = g_strdup (_ (word->same));
  else
    {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
      text = g_strdup_printf (_ (way > 0 ? word->more : word->less), share);
#pragma GCC diagnostic pop
    }
  gtk_label_set_label (self->comparison, text);
  gtk_image_set_from_icon_name (self->arrow, way > 0 ? "go-up-symbolic" : "go-down-symbolic");
  gtk_widget_set_visible (GTK_WIDGET (self->arrow), way != 0);
  set_mood (GTK_WIDGET (self->arrow), way);
  set_mood (GTK_WIDGET (self->comparison), way);
}

/* @change as a share; NAN when there was nothing before. @points: the change of a share itself, in percentage points. */
static void
set_figure (ObaPeriodTile *self, guint figure, const char *value, double change, gboolean points)
{
  GtkLabel *label = self->changes[figure];
  int way = isnan (change) ? 0 : direction (change);
  g_autofree char *amount = NULL;
  g_autofree char *text = NULL;
  g_autofree char *spoken = NULL;

  gtk_label_set_label (self->values[figure], value);
  if (isnan (change))
    {
      gtk_label_set_label (label, "");
      gtk_accessible_update_property (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_PROPERTY_LABEL, _("nothing to compare with"), -1);
      return;
    }
  /* Translators: pp is percentage points. */
  amount = points ? g_strdup_printf (_("%.1f pp"), fabs (change) * 100.0) : format_share (change);
  text = way == 0 ? g_strdup ("=") : g_strdup_printf ("%s %s", way > 0 ? "▲" : "▼", amount);
  spoken = way == 0 ? g_strdup (_("unchanged")) : way > 0 ? g_strdup_printf (_("%s more"), amount) : g_strdup_printf (_("%s less"), amount);
  gtk_label_set_label (label, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  set_mood (GTK_WIDGET (label), way);
}

static double
relative (gint64 now, gint64 before)
{
  return before > 0 ? (double) (now - before) / (double) before : NAN;
}

void
oba_period_tile_set_period (ObaPeriodTile *self, const ObaSalesPeriod *period)
{
  const Words *word = words_of (period->days);
  const ObaSalesFigures *now = &period->now;
  const ObaSalesFigures *before = &period->before;
  g_autofree char *revenue = oba_money_format (now->revenue);
  g_autofree char *receipts = oba_number_format (now->receipts);
  g_autofree char *basket = oba_money_format (oba_sales_figures_get_basket (now));
  g_autofree char *share = isnan (now->card_share) ? g_strdup ("–") : format_share (now->card_share);
  g_autofree char *customers = oba_number_format (now->new_customers);

  g_return_if_fail (OBA_IS_PERIOD_TILE (self));

  gtk_label_set_label (self->title, _ (word->title));
  gtk_label_set_label (self->revenue, revenue);
  set_comparison (self, word, now->revenue, before->revenue);
  set_figure (self, RECEIPTS, receipts, relative (now->receipts, before->receipts), FALSE);
  set_figure (self, BASKET, now->receipts > 0 ? basket : "–",
              now->receipts > 0 ? relative (oba_sales_figures_get_basket (now), oba_sales_figures_get_basket (before)) : NAN, FALSE);
  set_figure (self, CARD_SHARE, share, now->card_share - before->card_share, TRUE);
  set_figure (self, NEW_CUSTOMERS, customers, relative (now->new_customers, before->new_customers), FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _ (word->title), -1);
}

const char *
oba_period_tile_get_revenue (ObaPeriodTile *self)
{
  g_return_val_if_fail (OBA_IS_PERIOD_TILE (self), NULL);

  return gtk_label_get_label (self->revenue);
}

const char *
oba_period_tile_get_receipts (ObaPeriodTile *self)
{
  g_return_val_if_fail (OBA_IS_PERIOD_TILE (self), NULL);

  return gtk_label_get_label (self->values[RECEIPTS]);
}

static void
add_figure (ObaPeriodTile *self, guint figure)
{
  GtkWidget *name = gtk_label_new (_ (figure_names[figure]));
  GtkWidget *value = gtk_label_new (NULL);
  GtkWidget *change = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (name, TRUE);
  gtk_widget_add_css_class (name, "dim-label");
  gtk_label_set_xalign (GTK_LABEL (value), 1);
  gtk_widget_add_css_class (value, "numeric");
  gtk_label_set_xalign (GTK_LABEL (change), 1);
  gtk_label_set_width_chars (GTK_LABEL (change), 9);
  gtk_widget_add_css_class (change, "numeric");
  gtk_widget_add_css_class (change, "caption");
  gtk_grid_attach (self->grid, name, 0, (int) figure, 1, 1);
  gtk_grid_attach (self->grid, value, 1, (int) figure, 1, 1);
  gtk_grid_attach (self->grid, change, 2, (int) figure, 1, 1);
  self->values[figure] = GTK_LABEL (value);
  self->changes[figure] = GTK_LABEL (change);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (value), GTK_ACCESSIBLE_RELATION_LABELLED_BY, name, NULL, -1);
}

static void
oba_period_tile_class_init (ObaPeriodTileClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class, "/az/oba/BackOffice/overview/oba-period-tile.ui");
  gtk_widget_class_bind_template_child (widget_class, ObaPeriodTile, title);
  gtk_widget_class_bind_template_child (widget_class, ObaPeriodTile, revenue);
  gtk_widget_class_bind_template_child (widget_class, ObaPeriodTile, arrow);
  gtk_widget_class_bind_template_child (widget_class, ObaPeriodTile, comparison);
  gtk_widget_class_bind_template_child (widget_class, ObaPeriodTile, grid);
}

static void
oba_period_tile_init (ObaPeriodTile *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < N_FIGURES; i++)
    add_figure (self, i);
}
