#include "oba-liability-view.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "base/oba-day.h"
#include "base/oba-money.h"
#include "db/oba-db-error.h"
#include "oba-liability-months.h"
#include "oba-page.h"
#include "stores/oba-figure-tile.h"
#include "widgets/oba-chart-panel.h"

/* The figures follow the ledger at this pace while somebody looks. */
#define INTERVAL_S 30
#define YEAR 12

enum
{
  OUTSTANDING,
  VALUE,
  EXPECTED,
  OWED,
  REDEMPTION,
  BREAKAGE,
  N_TILES,
};

static const struct
{
  const char   *name;
  ObaFigureKind kind;
} tiles[N_TILES] = {
  { N_ ("Points outstanding"), OBA_FIGURE_AMOUNT },       { N_ ("Their value"), OBA_FIGURE_AMOUNT },
  { N_ ("Expected, less breakage"), OBA_FIGURE_AMOUNT },  { N_ ("Points owed to us"), OBA_FIGURE_AMOUNT },
  { N_ ("Redeemed of issued, 12 months"), OBA_FIGURE_SHARE }, { N_ ("Expired of gone, 12 months"), OBA_FIGURE_SHARE },
};

static const struct
{
  guint       months;      /* 0: all */
  const char *name;
} periods[] = { { 12, N_ ("12 Months") }, { 24, N_ ("24 Months") }, { 0, N_ ("All") } };

enum { EXPIRY, TIERS, AGES, MOVEMENTS, CLOSING, N_CHARTS };

struct _ObaLiabilityView
{
  AdwBin         parent_instance;

  ObaSession    *session;
  ObaLiability  *liability;     /* (nullable) */
  GCancellable  *reading;       /* (nullable) */
  guint          period;
  guint          clock_source;

  GtkStack      *stack;
  AdwStatusPage *failed_page;
  GtkBox        *period_box;
  GtkGrid       *tile_grid;
  GtkBox        *halves;
  GtkBox        *charts_above;
  GtkBox        *charts_below;
  GtkGrid       *groups_grid;
  GtkGrid       *months_grid;
  GtkLabel      *basis;
  ObaFigureTile *tiles[N_TILES];
  ObaChartPanel *charts[N_CHARTS];
};

enum { LOADED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaLiabilityView, oba_liability_view, ADW_TYPE_BIN)

/* ---- showing */

static void
show_money (ObaFigureTile *tile, gint64 qepik)
{
  g_autofree char *full = oba_money_format (qepik);
  g_autofree char *brief = qepik >= 100000000 ? oba_money_format_short (qepik) : NULL;

  oba_figure_tile_set (tile, brief != NULL ? brief : full, full, (double) NAN, (double) NAN);
}

static void
show_rate (ObaFigureTile *tile, double now, double before)
{
  g_autofree char *text = isnan (now) ? g_strdup ("–") : oba_share_format (now, 1);

  oba_figure_tile_set (tile, text, text, now, before);
}

static void
show_tiles (ObaLiabilityView *self, const ObaLiability *l)
{
  guint n = l->months->len;
  guint year = n > YEAR ? n - YEAR : 0;
  guint before = n > 2 * YEAR ? n - 2 * YEAR : 0;
  g_autofree char *points = oba_number_format (l->total.points);
  g_autofree char *owed = oba_number_format (l->owed);

  oba_figure_tile_set (self->tiles[OUTSTANDING], points, points, (double) NAN, (double) NAN);
  show_money (self->tiles[VALUE], l->total.value);
  show_money (self->tiles[EXPECTED], l->total.expected);
  oba_figure_tile_set (self->tiles[OWED], owed, owed, (double) NAN, (double) NAN);
  show_rate (self->tiles[REDEMPTION], oba_liability_redemption_rate (l, year, n), oba_liability_redemption_rate (l, before, year));
  show_rate (self->tiles[BREAKAGE], oba_liability_breakage_rate (l, year, n), oba_liability_breakage_rate (l, before, year));
}

static void
show_charts (ObaLiabilityView *self, const ObaLiability *l)
{
  ObaChart *(*const make[N_CHARTS]) (const ObaLiability *) = {
    oba_liability_chart_expiry, oba_liability_chart_tiers, oba_liability_chart_ages, oba_liability_chart_movements, oba_liability_chart_closing,
  };

  for (guint i = 0; i < N_CHARTS; i++)
    {
      g_autoptr (ObaChart) chart = make[i] (l);

      oba_chart_panel_set_chart (self->charts[i], chart);
    }
}

static void
show_basis (ObaLiabilityView *self, const ObaLiability *l)
{
  g_autofree char *value = oba_liability_format_value (l->point_value);
  g_autofree char *breakage = oba_share_format ((double) l->breakage / 10000, 2);
  /* Translators: what a point is worth, "1 qəpik". */
  g_autofree char *worth = g_strdup_printf (l->own_value ? _("A point is valued at %s.") : _("A point is valued at %s, which it pays at the till."), value);
  /* Translators: a share of the points, "12 %". */
  g_autofree char *unused = g_strdup_printf (_("Breakage: %s of the points are assumed never to be used."), breakage);
  g_autofree char *ledger = oba_number_format (l->total.points - l->owed);
  /* Translators: a number of points. */
  g_autofree char *agrees = g_strdup_printf (_("The ledger says %s: the points outstanding less those that are owed to us."), ledger);
  g_autofree char *text = g_strdup_printf ("%s %s %s %s", worth, unused, agrees,
                                           _("Points owed to us were taken back after they had been spent; they are in no lot, and the ledger counts them against the others."));

  gtk_label_set_label (self->basis, text);
}

static void
show (ObaLiabilityView *self, const ObaLiability *l)
{
  gboolean any = l->total.points != 0 || l->owed != 0;

  for (guint i = 0; i < l->months->len; i++)
    any = any || ((const ObaLiabilityMonth *) l->months->pdata[i])->closing != 0 || ((const ObaLiabilityMonth *) l->months->pdata[i])->issued != 0;
  show_tiles (self, l);
  show_charts (self, l);
  show_basis (self, l);
  oba_liability_groups_fill (self->groups_grid, l);
  oba_liability_months_fill (self->months_grid, l);
  gtk_stack_set_visible_child_name (self->stack, any ? "figures" : "empty");
}

/* Figures that are there stay: they are old, not wrong. */
static void
show_error (ObaLiabilityView *self, const char *sentence)
{
  g_autofree char *escaped = g_markup_escape_text (sentence, -1);

  if (self->liability != NULL)
    {
      g_autofree char *text = g_strdup_printf (_("These figures could not be brought up to date. %s"), sentence);

      gtk_label_set_label (self->basis, text);
      return;
    }
  adw_status_page_set_description (self->failed_page, escaped);
  gtk_stack_set_visible_child_name (self->stack, "failed");
}

/* ---- reading */

static void
read_cb (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  ObaLiabilityView *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaLiability) liability = oba_liability_read_finish (result, &error);
  g_autofree char *problem = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->reading);
  if (liability != NULL)
    {
      show (self, liability);
      g_clear_pointer (&self->liability, oba_liability_free);
      self->liability = g_steal_pointer (&liability);
    }
  else
    {
      problem = oba_db_error_describe (error);
      show_error (self, problem);
    }
  g_signal_emit (self, signals[LOADED], 0, self->liability == NULL ? problem : NULL);
}

/* (nullable): all */
static char *
first_day (ObaLiabilityView *self)
{
  g_autoptr (GDateTime) now = oba_day_now ();
  g_autoptr (GDateTime) month = g_date_time_new_utc (g_date_time_get_year (now), g_date_time_get_month (now), 1, 0, 0, 0);
  g_autoptr (GDateTime) first = g_date_time_add_months (month, 1 - (int) periods[self->period].months);

  return periods[self->period].months > 0 ? g_date_time_format (first, "%Y-%m-%d") : NULL;
}

void
oba_liability_view_refresh (ObaLiabilityView *self)
{
  g_autofree char *first = NULL;

  g_return_if_fail (OBA_IS_LIABILITY_VIEW (self));

  if (self->session == NULL)
    return;
  if (self->reading != NULL)
    g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  self->reading = g_cancellable_new ();
  if (self->liability == NULL)
    gtk_stack_set_visible_child_name (self->stack, "loading");
  first = first_day (self);
  oba_liability_read_async (oba_session_get_pool (self->session), first, NULL, self->reading, read_cb, self);
}

static gboolean
clock_cb (gpointer user_data)
{
  ObaLiabilityView *self = user_data;

  if (self->reading == NULL)
    oba_liability_view_refresh (self);
  return G_SOURCE_CONTINUE;
}

static void
period_cb (GtkToggleButton *button, ObaLiabilityView *self)
{
  guint period = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "period"));

  if (!gtk_toggle_button_get_active (button) || period == self->period)
    return;
  self->period = period;
  oba_liability_view_refresh (self);
}

static void
retry_cb (ObaLiabilityView *self)
{
  oba_liability_view_refresh (self);
}

/* ---- files */

gboolean
oba_liability_view_export (ObaLiabilityView *self, const char *path)
{
  GtkWidget *page = gtk_widget_get_ancestor (GTK_WIDGET (self), OBA_TYPE_PAGE);
  g_autoptr (GError) error = NULL;
  g_autofree char *why = NULL;
  g_autofree char *text = NULL;

  if (self->liability == NULL)
    return FALSE;
  if (!oba_liability_write (self->liability, path, &error))
    why = oba_db_error_describe (error);
  /* Translators: the name of a file. */
  text = why == NULL ? g_strdup_printf (_("Saved as %s"), path) : g_strdup_printf (_("The report was not saved. %s"), why);
  if (page != NULL)
    oba_page_toast (OBA_PAGE (page), text);
  return why == NULL;
}

static void
chosen_cb (ObaLiabilityView *self, int response, GtkFileChooserNative *chooser)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser)) : NULL;

  if (file != NULL)
    oba_liability_view_export (self, g_file_peek_path (file));
  g_object_set_data (G_OBJECT (self), "oba-chooser", NULL);
}

/* The name's end says what it becomes. */
static void
export_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ObaLiabilityView *self = OBA_LIABILITY_VIEW (widget);
  GtkWindow *parent = GTK_WINDOW (gtk_widget_get_root (widget));
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (_("Save the Report"), parent, GTK_FILE_CHOOSER_ACTION_SAVE, _("_Save"), _("_Cancel"));
  g_autofree char *file_name = NULL;

  if (self->liability == NULL)
    {
      g_object_unref (chooser);
      return;
    }
  file_name = g_strdup_printf ("liability-%04d-%02d-%02d.%s", g_date_get_year (&self->liability->today), g_date_get_month (&self->liability->today),
                               g_date_get_day (&self->liability->today), g_variant_get_string (parameter, NULL));
  g_object_set_data_full (G_OBJECT (self), "oba-chooser", chooser, g_object_unref);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), file_name);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_signal_connect_object (chooser, "response", G_CALLBACK (chosen_cb), self, G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

/* ---- what points are valued at */

ObaValuationWindow *
oba_liability_view_open_valuation (ObaLiabilityView *self)
{
  ObaValuationWindow *window;

  if (self->liability == NULL)
    return NULL;
  window = oba_valuation_window_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), self->session, self->liability);
  g_signal_connect_object (window, "saved", G_CALLBACK (oba_liability_view_refresh), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (window));
  return window;
}

static void
valuation_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  oba_liability_view_open_valuation (OBA_LIABILITY_VIEW (widget));
}

/* ---- who it is owed to */

ObaBehindWindow *
oba_liability_view_open_behind (ObaLiabilityView *self, const char *section, const char *key, const char *name)
{
  ObaBehindWindow *window = oba_behind_window_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), self->session, section, key, name);

  gtk_window_present (GTK_WINDOW (window));
  return window;
}

static void
behind_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  const char *section, *key, *title;

  g_variant_get (parameter, "(&s&s&s)", &section, &key, &title);
  oba_liability_view_open_behind (OBA_LIABILITY_VIEW (widget), section, key, title);
}

/* ---- public */

void
oba_liability_view_toggle_table (ObaLiabilityView *self)
{
  gboolean shown = oba_liability_view_shows_table (self);

  for (guint i = 0; i < N_CHARTS; i++)
    if (oba_chart_panel_shows_table (self->charts[i]) == shown)
      oba_chart_panel_toggle_table (self->charts[i]);
}

gboolean
oba_liability_view_shows_table (ObaLiabilityView *self)
{
  g_return_val_if_fail (OBA_IS_LIABILITY_VIEW (self), FALSE);

  return oba_chart_panel_shows_table (self->charts[EXPIRY]);
}

void
oba_liability_view_set_months (ObaLiabilityView *self, guint months)
{
  GtkWidget *button;

  g_return_if_fail (OBA_IS_LIABILITY_VIEW (self));

  button = gtk_widget_get_first_child (GTK_WIDGET (self->period_box));
  for (guint i = 0; i < G_N_ELEMENTS (periods); i++)
    {
      if (periods[i].months == months)
        gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), TRUE);
      button = gtk_widget_get_next_sibling (button);
    }
}

const ObaLiability *
oba_liability_view_get_liability (ObaLiabilityView *self)
{
  return self->liability;
}

gboolean
oba_liability_view_is_loaded (ObaLiabilityView *self)
{
  return self->reading == NULL;
}

const char *
oba_liability_view_get_shown (ObaLiabilityView *self)
{
  return gtk_stack_get_visible_child_name (self->stack);
}

const char *
oba_liability_view_get_tile (ObaLiabilityView *self, guint tile)
{
  return tile < N_TILES ? oba_figure_tile_get_text (self->tiles[tile]) : NULL;
}

/* ---- the object */

static void
oba_liability_view_map (GtkWidget *widget)
{
  ObaLiabilityView *self = OBA_LIABILITY_VIEW (widget);

  GTK_WIDGET_CLASS (oba_liability_view_parent_class)->map (widget);
  self->clock_source = g_timeout_add_seconds (INTERVAL_S, clock_cb, self);
}

static void
oba_liability_view_unmap (GtkWidget *widget)
{
  g_clear_handle_id (&OBA_LIABILITY_VIEW (widget)->clock_source, g_source_remove);
  GTK_WIDGET_CLASS (oba_liability_view_parent_class)->unmap (widget);
}

static void
oba_liability_view_dispose (GObject *object)
{
  ObaLiabilityView *self = OBA_LIABILITY_VIEW (object);

  if (self->reading != NULL)
    g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  g_clear_handle_id (&self->clock_source, g_source_remove);
  g_clear_pointer (&self->liability, oba_liability_free);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (oba_liability_view_parent_class)->dispose (object);
}

static void
oba_liability_view_class_init (ObaLiabilityViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = oba_liability_view_dispose;
  widget_class->map = oba_liability_view_map;
  widget_class->unmap = oba_liability_view_unmap;
  signals[LOADED] = g_signal_new ("loaded", OBA_TYPE_LIABILITY_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class, "/az/oba/BackOffice/analytics/oba-liability-view.ui");
  gtk_widget_class_bind_template_child (widget_class, ObaLiabilityView, stack);
  gtk_widget_class_bind_template_child (widget_class, ObaLiabilityView, failed_page);
  gtk_widget_class_bind_template_child (widget_class, ObaLiabilityView, period_box);
  gtk_widget_class_bind_template_child (widget_class, ObaLiabilityView, tile_grid);
  gtk_widget_class_bind_template_child (widget_class, ObaLiabilityView, charts_above);
  gtk_widget_class_bind_template_child (widget_class, ObaLiabilityView, halves);
  gtk_widget_class_bind_template_child (widget_class, ObaLiabilityView, charts_below);
  gtk_widget_class_bind_template_child (widget_class, ObaLiabilityView, groups_grid);
  gtk_widget_class_bind_template_child (widget_class, ObaLiabilityView, months_grid);
  gtk_widget_class_bind_template_child (widget_class, ObaLiabilityView, basis);
  gtk_widget_class_bind_template_callback (widget_class, retry_cb);
  gtk_widget_class_install_action (widget_class, "liability.export", "s", export_action);
  gtk_widget_class_install_action (widget_class, "liability.valuation", NULL, valuation_action);
  gtk_widget_class_install_action (widget_class, "liability.behind", "(sss)", behind_action);
}

static void
add_periods (ObaLiabilityView *self)
{
  GtkToggleButton *first = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (periods); i++)
    {
      GtkWidget *button = gtk_toggle_button_new_with_label (_(periods[i].name));

      g_object_set_data (G_OBJECT (button), "period", GUINT_TO_POINTER (i));
      gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (button), first);
      first = first != NULL ? first : GTK_TOGGLE_BUTTON (button);
      gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), i == self->period);
      g_signal_connect (button, "toggled", G_CALLBACK (period_cb), self);
      gtk_box_append (self->period_box, button);
    }
}

static void
add_charts (ObaLiabilityView *self)
{
  GtkBox *const places[N_CHARTS] = { self->charts_above, self->halves, self->halves, self->charts_below, self->charts_below };

  for (guint i = 0; i < N_CHARTS; i++)
    {
      self->charts[i] = g_object_new (OBA_TYPE_CHART_PANEL, "height-request", 260, NULL);
      gtk_box_append (places[i], GTK_WIDGET (self->charts[i]));
    }
}

static void
oba_liability_view_init (ObaLiabilityView *self)
{
  self->period = 1;
  gtk_widget_init_template (GTK_WIDGET (self));
  add_periods (self);
  add_charts (self);
  for (guint i = 0; i < N_TILES; i++)
    {
      self->tiles[i] = OBA_FIGURE_TILE (oba_figure_tile_new (_(tiles[i].name), tiles[i].kind, 0));
      gtk_grid_attach (self->tile_grid, GTK_WIDGET (self->tiles[i]), (int) i % 3, (int) i / 3, 1, 1);
    }
}

GtkWidget *
oba_liability_view_new (ObaSession *session)
{
  ObaLiabilityView *self = g_object_new (OBA_TYPE_LIABILITY_VIEW, NULL);

  self->session = g_object_ref (session);
  return GTK_WIDGET (self);
}
