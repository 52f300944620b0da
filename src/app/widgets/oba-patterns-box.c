#include "oba-patterns-box.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "base/oba-money.h"
#include "oba-chart-panel.h"

#define N_CATEGORIES 6
#define PANEL_HEIGHT 280

enum
{
  AMOUNTS,
  LINES,
  MONTHS,
  HEAT,
  CATEGORIES,
  PRICE,
  N_PANELS,
};

struct _ObaPatternsBox
{
  GtkBox         parent_instance;

  GtkLabel      *summary;
  ObaChartPanel *panels[N_PANELS];
};

G_DEFINE_FINAL_TYPE (ObaPatternsBox, oba_patterns_box, GTK_TYPE_BOX)

/* What the series are called. */
typedef struct
{
  const char *own;
  const char *tier;         /* (nullable): there is no such series */
} Names;

/* ---- the charts */

static void
add_series (ObaChart *chart, const Names *names, ObaChartKind kind, const double *own, const double *tier, const double *chain, guint n)
{
  oba_chart_add_series (chart, names->own, kind, own, n);
  if (names->tier != NULL)
    oba_chart_add_series (chart, names->tier, kind, tier, n);
  oba_chart_add_series (chart, _("Whole chain"), kind, chain, n);
}

/* Whole manats: "0–2", "200+". */
static char *
amount_label (const ObaPatternSizes *sizes, guint bucket)
{
  g_autofree char *low = oba_number_format (bucket > 0 ? sizes->bounds[bucket - 1] / 100 : 0);
  g_autofree char *high = bucket + 1 < sizes->n ? oba_number_format (sizes->bounds[bucket] / 100) : NULL;

  return high != NULL ? g_strdup_printf ("%s–%s", low, high) : g_strdup_printf ("%s+", low);
}

/* "1", "6–7", "31+". */
static char *
lines_label (const ObaPatternSizes *sizes, guint bucket)
{
  gint64 low = bucket > 0 ? sizes->bounds[bucket - 1] : 1;

  if (bucket + 1 == sizes->n)
    return g_strdup_printf ("%" G_GINT64_FORMAT "+", low);
  if (sizes->bounds[bucket] == low + 1)
    return g_strdup_printf ("%" G_GINT64_FORMAT, low);
  return g_strdup_printf ("%" G_GINT64_FORMAT "–%" G_GINT64_FORMAT, low, sizes->bounds[bucket] - 1);
}

static void
show_sizes (ObaPatternsBox *self, guint panel, ObaChart *chart, const ObaPatternSizes *sizes, const Names *names, const char *points_name,
            char *(*make_label) (const ObaPatternSizes *sizes, guint bucket))
{
  g_auto (GStrv) labels = g_new0 (char *, sizes->n + 1);
  g_autofree double *own = g_new (double, sizes->n);
  g_autofree double *tier = g_new (double, sizes->n);
  g_autofree double *chain = g_new (double, sizes->n);

  for (guint i = 0; i < sizes->n; i++)
    {
      labels[i] = make_label (sizes, i);
      own[i] = oba_pattern_sizes_get_share (sizes, sizes->counts, i);
      tier[i] = sizes->tier != NULL ? oba_pattern_sizes_get_share (sizes, sizes->tier, i) : NAN;
      chain[i] = oba_pattern_sizes_get_share (sizes, sizes->chain, i);
    }
  oba_chart_set_labels (chart, (const char *const *) labels);
  oba_chart_set_points_name (chart, points_name);
  oba_chart_set_list (chart);
  add_series (chart, names, OBA_CHART_BARS, own, tier, chain, sizes->n);
  oba_chart_panel_set_chart (self->panels[panel], chart);
}

static void
show_months (ObaPatternsBox *self, const GPtrArray *months)
{
  g_autoptr (ObaChart) chart = oba_chart_new (_("Average basket, last 12 months"), OBA_CHART_VALUE_MONEY);
  g_auto (GStrv) labels = g_new0 (char *, months->len + 1);
  g_autofree double *values = g_new (double, MAX (months->len, 1));

  for (guint i = 0; i < months->len; i++)
    {
      const ObaPatternMonth *month = months->pdata[i];
      g_autoptr (GDateTime) first = g_date_time_new_utc (month->year, month->month, 1, 0, 0, 0);

      /* Translators: a month and its year in few letters, see strftime(3). */
      labels[i] = g_date_time_format (first, _("%b %y"));
      values[i] = month->receipts > 0 ? (double) month->total / (double) month->receipts : NAN;
    }
  oba_chart_set_labels (chart, (const char *const *) labels);
  oba_chart_set_points_name (chart, _("Month"));
  oba_chart_add_series (chart, _("Average basket"), OBA_CHART_AREA, values, months->len);
  oba_chart_panel_set_chart (self->panels[MONTHS], chart);
}

static void
show_heat (ObaPatternsBox *self, const ObaPatterns *patterns)
{
  g_autoptr (ObaChart) chart = oba_chart_new (_("When: receipts by weekday and hour"), OBA_CHART_VALUE_NUMBER);
  g_auto (GStrv) hours = g_new0 (char *, 25);

  for (guint hour = 0; hour < 24; hour++)
    hours[hour] = g_strdup_printf ("%u", hour);
  oba_chart_set_labels (chart, (const char *const *) hours);
  oba_chart_set_points_name (chart, _("Hour"));
  oba_chart_set_list (chart);
  for (guint day = 0; day < 7; day++)
    {
      /* The first of January 2024 was a Monday. */
      g_autoptr (GDateTime) date = g_date_time_new_utc (2024, 1, (int) day + 1, 0, 0, 0);
      g_autofree char *name = g_date_time_format (date, "%a");
      double values[24];

      for (guint hour = 0; hour < 24; hour++)
        values[hour] = (double) patterns->heat[day][hour];
      oba_chart_add_series (chart, name, OBA_CHART_HEAT, values, 24);
    }
  oba_chart_panel_set_chart (self->panels[HEAT], chart);
}

/* The largest ones; what is left goes under one name. */
static void
show_categories (ObaPatternsBox *self, const ObaPatterns *patterns, const Names *names)
{
  g_autoptr (ObaChart) chart = oba_chart_new (_("Share of categories"), OBA_CHART_VALUE_SHARE);
  g_autoptr (GStrvBuilder) labels = g_strv_builder_new ();
  g_auto (GStrv) texts = NULL;
  double own[N_CATEGORIES + 1] = { 0 }, tier[N_CATEGORIES + 1] = { 0 }, chain[N_CATEGORIES + 1] = { 0 };
  gint64 whole = 0, rest = patterns->chain_revenue, tier_rest = patterns->tier_revenue;
  guint n = 0;

  for (guint i = 0; i < patterns->categories->len; i++)
    whole += MAX (((ObaPatternCategory *) patterns->categories->pdata[i])->revenue, 0);
  for (guint i = 0; i < patterns->categories->len; i++)
    {
      const ObaPatternCategory *category = patterns->categories->pdata[i];
      gboolean named = n < N_CATEGORIES && category->id != 0;
      guint place = named ? n++ : N_CATEGORIES;

      own[place] += (double) MAX (category->revenue, 0);
      chain[place] += named ? (double) category->chain_revenue : 0;
      tier[place] += named ? (double) category->tier_revenue : 0;
      rest -= named ? category->chain_revenue : 0;
      tier_rest -= named ? category->tier_revenue : 0;
      if (named)
        g_strv_builder_add (labels, category->name);
    }
  /* What the chain sells besides, whether it was bought here or not. */
  chain[N_CATEGORIES] = (double) MAX (rest, 0);
  tier[N_CATEGORIES] = (double) MAX (tier_rest, 0);
  if (own[N_CATEGORIES] > 0 || rest > 0)
    {
      g_strv_builder_add (labels, _("Other"));
      own[n] = own[N_CATEGORIES];
      tier[n] = tier[N_CATEGORIES];
      chain[n++] = chain[N_CATEGORIES];
    }
  for (guint i = 0; i < n; i++)
    {
      own[i] = whole > 0 ? own[i] / (double) whole : NAN;
      tier[i] = patterns->tier_revenue > 0 ? tier[i] / (double) patterns->tier_revenue : NAN;
      chain[i] = patterns->chain_revenue > 0 ? chain[i] / (double) patterns->chain_revenue : NAN;
    }
  texts = g_strv_builder_end (labels);
  oba_chart_set_labels (chart, (const char *const *) texts);
  oba_chart_set_points_name (chart, _("Category"));
  oba_chart_set_list (chart);
  add_series (chart, names, OBA_CHART_ROWS, own, tier, chain, n);
  oba_chart_panel_set_chart (self->panels[CATEGORIES], chart);
}

static void
show_price (ObaPatternsBox *self, const ObaPatterns *patterns, const Names *names)
{
  g_autoptr (ObaChart) chart = oba_chart_new (_("Price sensitivity"), OBA_CHART_VALUE_SHARE);
  /* Translators: shares, in per cent: how much of the money went to discounted goods; how much discounts took off the full price. */
  const char *const labels[] = { _("Spent on discounted goods"), _("Saved of the full price"), NULL };
  double own[] = { oba_pattern_price_get_discounted_share (&patterns->price), oba_pattern_price_get_rate (&patterns->price) };
  double tier[] = { oba_pattern_price_get_discounted_share (&patterns->tier_price), oba_pattern_price_get_rate (&patterns->tier_price) };
  double chain[] = { oba_pattern_price_get_discounted_share (&patterns->chain_price), oba_pattern_price_get_rate (&patterns->chain_price) };

  oba_chart_set_labels (chart, labels);
  oba_chart_set_points_name (chart, _("Share"));
  oba_chart_set_list (chart);
  add_series (chart, names, OBA_CHART_ROWS, own, tier, chain, 2);
  oba_chart_panel_set_chart (self->panels[PRICE], chart);
}

/* ---- in words */

/* What is estimated is said to the manat and not as if it were counted. */
static char *
about (gint64 qepik)
{
  g_autofree char *money = oba_money_format (qepik >= 1000 ? (qepik + 50) / 100 * 100 : (qepik + 5) / 10 * 10);

  /* Translators: an amount of money that is estimated. */
  return g_strdup_printf (_("about %s"), money);
}

/* (nullable): nobody of the tier has bought anything. */
static char *
add_tier (const char *text, const ObaPatterns *patterns)
{
  gint64 tier_lines = oba_pattern_sizes_get_median (&patterns->lines, patterns->lines.tier);
  g_autofree char *amount = about (oba_pattern_sizes_get_median (&patterns->amounts, patterns->amounts.tier));
  g_autofree char *lines = oba_number_format (tier_lines);
  g_autofree char *sentence = NULL;

  if (tier_lines < 0)
    return NULL;
  /* Translators: the name of a tier; the median basket of its customers: amount, number of lines. */
  sentence = g_strdup_printf (_("Of %s customers: %s, lines: %s."), patterns->tier, amount, lines);
  return g_strdup_printf ("%s %s", text, sentence);
}

static void
show_summary (ObaPatternsBox *self, const ObaPatterns *patterns)
{
  gboolean exact = patterns->median_amount >= 0;
  gint64 own_lines = exact ? patterns->median_lines : oba_pattern_sizes_get_median (&patterns->lines, patterns->lines.counts);
  g_autofree char *amount = exact ? oba_money_format (patterns->median_amount) : about (oba_pattern_sizes_get_median (&patterns->amounts, patterns->amounts.counts));
  g_autofree char *chain_amount = about (oba_pattern_sizes_get_median (&patterns->amounts, patterns->amounts.chain));
  g_autofree char *lines = oba_number_format (own_lines);
  g_autofree char *chain_lines = oba_number_format (oba_pattern_sizes_get_median (&patterns->lines, patterns->lines.chain));
  g_autofree char *text = NULL;
  g_autofree char *both = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->summary), own_lines >= 0);
  if (own_lines < 0)
    return;
  /* Translators: half of all baskets are smaller than the median. Amount, number of lines; the same of the chain. */
  text = g_strdup_printf (_("Median basket: %s, lines: %s. Of the whole chain: %s, lines: %s."), amount, lines, chain_amount, chain_lines);
  both = patterns->tier != NULL ? add_tier (text, patterns) : NULL;
  gtk_label_set_label (self->summary, both != NULL ? both : text);
}

/* ---- public */

void
oba_patterns_box_set_patterns (ObaPatternsBox *self, const ObaPatterns *patterns, const char *name)
{
  g_autoptr (ObaChart) amounts = oba_chart_new (_("Baskets by amount, ₼"), OBA_CHART_VALUE_SHARE);
  g_autoptr (ObaChart) lines = oba_chart_new (_("Baskets by number of lines"), OBA_CHART_VALUE_SHARE);
  /* Translators: the name of a tier, "Gold". */
  g_autofree char *tier = patterns->tier != NULL ? g_strdup_printf (_("%s customers"), patterns->tier) : NULL;
  const Names names = { name, tier };

  g_return_if_fail (OBA_IS_PATTERNS_BOX (self));

  show_summary (self, patterns);
  show_sizes (self, AMOUNTS, amounts, &patterns->amounts, &names, _("Amount, ₼"), amount_label);
  show_sizes (self, LINES, lines, &patterns->lines, &names, _("Lines"), lines_label);
  show_months (self, patterns->months);
  show_heat (self, patterns);
  show_categories (self, patterns, &names);
  show_price (self, patterns, &names);
}

void
oba_patterns_box_toggle_table (ObaPatternsBox *self)
{
  gboolean table;

  g_return_if_fail (OBA_IS_PATTERNS_BOX (self));

  table = !oba_patterns_box_shows_table (self);
  for (guint i = 0; i < N_PANELS; i++)
    if (oba_chart_panel_shows_table (self->panels[i]) != table)
      oba_chart_panel_toggle_table (self->panels[i]);
}

gboolean
oba_patterns_box_shows_table (ObaPatternsBox *self)
{
  g_return_val_if_fail (OBA_IS_PATTERNS_BOX (self), FALSE);

  return oba_chart_panel_shows_table (self->panels[0]);
}

/* ---- the object */

static void
oba_patterns_box_class_init (ObaPatternsBoxClass *klass)
{
}

static void
oba_patterns_box_init (ObaPatternsBox *self)
{
  GtkWidget *flow = gtk_flow_box_new ();
  GtkWidget *summary = gtk_label_new (NULL);

  self->summary = GTK_LABEL (summary);
  gtk_label_set_xalign (self->summary, 0);
  gtk_label_set_wrap (self->summary, TRUE);
  gtk_label_set_selectable (self->summary, TRUE);
  gtk_flow_box_set_selection_mode (GTK_FLOW_BOX (flow), GTK_SELECTION_NONE);
  gtk_flow_box_set_homogeneous (GTK_FLOW_BOX (flow), TRUE);
  gtk_flow_box_set_max_children_per_line (GTK_FLOW_BOX (flow), 2);
  gtk_widget_add_css_class (flow, "charts");
  gtk_flow_box_set_row_spacing (GTK_FLOW_BOX (flow), 12);
  gtk_flow_box_set_column_spacing (GTK_FLOW_BOX (flow), 12);
  for (guint i = 0; i < N_PANELS; i++)
    {
      self->panels[i] = g_object_new (OBA_TYPE_CHART_PANEL, "height-request", PANEL_HEIGHT, NULL);
      gtk_flow_box_append (GTK_FLOW_BOX (flow), GTK_WIDGET (self->panels[i]));
      /* The chart has the focus, not the place it stands in. */
      gtk_widget_set_focusable (gtk_widget_get_parent (GTK_WIDGET (self->panels[i])), FALSE);
    }
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 12);
  gtk_box_append (GTK_BOX (self), summary);
  gtk_box_append (GTK_BOX (self), flow);
}
