#include "oba-store-view.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "base/oba-money.h"
#include "customers/oba-customer-text.h"
#include "db/oba-db-error.h"
#include "oba-figure-tile.h"
#include "oba-poster-window.h"
#include "oba-top-products.h"
#include "patterns/oba-store-patterns.h"
#include "tills/oba-tills-view.h"
#include "widgets/oba-chart-panel.h"
#include "widgets/oba-patterns-box.h"

/* The figures follow the tills at this pace while somebody looks. */
#define INTERVAL_S 30
#define COLUMNS 4
#define MAY_PUT_UP (OBA_ROLE_CLERK | OBA_ROLE_MARKETING | OBA_ROLE_SUPERVISOR | OBA_ROLE_ADMIN)
/* Manats, in qəpik. */
#define MILLION 100000000

enum
{
  REVENUE,
  RECEIPTS,
  BASKET,
  CUSTOMERS,
  VISITS,
  CARD_SHARE,
  RETURNS,
  DISCOUNTS,
  N_FIGURES,
};

static const struct
{
  const char   *name;
  ObaFigureKind kind;
  int           good;
} figures[N_FIGURES] = {
  { N_ ("Revenue"), OBA_FIGURE_AMOUNT, 1 },    { N_ ("Receipts"), OBA_FIGURE_AMOUNT, 1 },      { N_ ("Average basket"), OBA_FIGURE_AMOUNT, 1 },
  { N_ ("Customers"), OBA_FIGURE_AMOUNT, 1 },  { N_ ("Receipts a customer"), OBA_FIGURE_AMOUNT, 1 },
  { N_ ("With a card"), OBA_FIGURE_SHARE, 1 }, { N_ ("Returns"), OBA_FIGURE_SHARE, -1 }, { N_ ("Discounts"), OBA_FIGURE_SHARE, 0 },
};

static const struct
{
  guint       days;
  const char *name;
  const char *before;
} periods[] = {
  { 7, N_ ("7 Days"), N_ ("Compared with the 7 days before.") },
  { 30, N_ ("30 Days"), N_ ("Compared with the 30 days before.") },
  { 90, N_ ("90 Days"), N_ ("Compared with the 90 days before.") },
  { 365, N_ ("365 Days"), N_ ("Compared with the 365 days before.") },
};

struct _ObaStoreView
{
  AdwBin            parent_instance;

  ObaSession       *session;
  gint64            store;
  guint             period;            /* of periods[] */
  GCancellable     *reading;           /* (nullable) */
  guint             clock_source;
  gboolean          settled;           /* what is shown is of the period that is chosen */

  GtkStack         *stack;
  AdwStatusPage    *failed_page;
  GtkLabel         *name_label;
  GtkLabel         *place_label;
  GtkBox           *period_box;
  GtkGrid          *figure_grid;
  ObaFigureTile    *tiles[N_FIGURES];
  ObaChartPanel    *days;
  ObaTopProducts   *products;
  ObaPatternsBox   *patterns;
  GtkWidget        *poster_button;
  GtkWidget        *tills_button;
  GtkWidget        *nothing;
  GtkLabel         *as_of;
};

enum { LOADED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ObaStoreView, oba_store_view, ADW_TYPE_BIN)

static void load (ObaStoreView *self);

/* ---- showing */

static void
show_figure (ObaStoreView *self, guint figure, double now, double before)
{
  g_autofree char *text = NULL;
  g_autofree char *brief = NULL;

  if (isnan (now))
    text = g_strdup ("–");
  else if (figures[figure].kind == OBA_FIGURE_SHARE)
    text = oba_share_format (now, 1);
  else
    text = figure == RECEIPTS || figure == CUSTOMERS ? oba_number_format (llround (now)) : figure == VISITS ? g_strdup_printf ("%.1f", now) : oba_money_format (llround (now));
  /* A year of a large store is wider than a tile. */
  if (figure == REVENUE && now >= MILLION)
    brief = oba_money_format_short (llround (now));
  oba_figure_tile_set (self->tiles[figure], brief != NULL ? brief : text, text, now, before);
}

static void
show_figures (ObaStoreView *self, const ObaStoreFigures *now, const ObaStoreFigures *before)
{
  show_figure (self, REVENUE, (double) now->revenue, (double) before->revenue);
  show_figure (self, RECEIPTS, (double) now->receipts, (double) before->receipts);
  show_figure (self, BASKET, now->basket, before->basket);
  show_figure (self, CUSTOMERS, (double) now->customers, (double) before->customers);
  show_figure (self, VISITS, now->visits, before->visits);
  show_figure (self, CARD_SHARE, now->card_share, before->card_share);
  show_figure (self, RETURNS, now->returns_share, before->returns_share);
  show_figure (self, DISCOUNTS, now->discount_rate, before->discount_rate);
}

static void
show_head (ObaStoreView *self, const ObaStorePatterns *store)
{
  g_autofree char *closed = store->open || store->closed_on == NULL ? NULL : oba_customer_text_date (store->closed_on);
  /* Translators: a day. */
  g_autofree char *since = closed != NULL ? g_strdup_printf (_("closed on %s"), closed) : NULL;
  g_autofree char *place = since != NULL ? g_strdup_printf ("%s%s%s", store->city, *store->city != '\0' ? " · " : "", since) : g_strdup (store->city);

  gtk_label_set_label (self->name_label, store->name);
  gtk_label_set_label (self->place_label, place);
  gtk_widget_set_visible (GTK_WIDGET (self->place_label), *place != '\0');
}

static void
show_days (ObaStoreView *self, const ObaStorePatterns *store)
{
  g_autoptr (ObaChart) chart = oba_chart_new (_("Revenue by day"), OBA_CHART_VALUE_MONEY);

  oba_chart_set_days (chart, store->first_day, store->n_days);
  oba_chart_add_series (chart, _("Revenue"), OBA_CHART_BARS, store->revenue, store->n_days);
  oba_chart_panel_set_chart (self->days, chart);
}

static void
show_as_of (ObaStoreView *self, const ObaStorePatterns *store)
{
  g_autofree char *moment = store->folded_at != NULL ? oba_customer_text_moment (store->folded_at) : NULL;
  g_autofree char *counted = moment != NULL ? g_strdup_printf (_("Receipts were last counted at %s. Revenue is sales less returns."), moment) : g_strdup ("");
  g_autofree char *text = g_strdup_printf ("%s %s", _(periods[self->period].before), counted);

  gtk_label_set_label (self->as_of, g_strchomp (text));
}

static void
show_store (ObaStoreView *self, const ObaStorePatterns *store)
{
  show_head (self, store);
  show_figures (self, &store->now, &store->before);
  show_days (self, store);
  oba_patterns_box_set_patterns (self->patterns, store->patterns, _("This store"));
  oba_top_products_set (self->products, store->products);
  gtk_widget_set_visible (GTK_WIDGET (self->days), store->any);
  gtk_widget_set_visible (GTK_WIDGET (self->products), store->products->len > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->patterns), store->any);
  gtk_widget_set_visible (self->nothing, !store->any);
  show_as_of (self, store);
  gtk_stack_set_visible_child_name (self->stack, "figures");
}

/* Figures that are there stay: they are old, not wrong; those of another period would be. */
static void
show_error (ObaStoreView *self, const GError *error)
{
  g_autofree char *sentence = oba_db_error_describe (error);
  g_autofree char *escaped = g_markup_escape_text (sentence, -1);

  if (self->settled)
    {
      g_autofree char *text = g_strdup_printf (_("These figures could not be brought up to date. %s"), sentence);

      gtk_label_set_label (self->as_of, text);
      return;
    }
  adw_status_page_set_description (self->failed_page, escaped);
  gtk_stack_set_visible_child_name (self->stack, "failed");
}

/* ---- reading */

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ObaStoreView *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaStorePatterns) store = oba_store_patterns_finish (result, &error);

  /* Gone, or another period was chosen since. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->reading);
  if (store != NULL)
    show_store (self, store);
  else
    show_error (self, error);
  self->settled = self->settled || store != NULL;
  g_signal_emit (self, signals[LOADED], 0);
}

static void
load (ObaStoreView *self)
{
  if (self->session == NULL)
    return;
  if (self->reading != NULL)
    g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  self->reading = g_cancellable_new ();
  oba_store_patterns_async (oba_session_get_pool (self->session), self->store, periods[self->period].days, self->reading, read_cb, self);
}

static gboolean
clock_cb (gpointer user_data)
{
  ObaStoreView *self = user_data;

  if (self->reading == NULL)
    load (self);
  return G_SOURCE_CONTINUE;
}

static void
period_cb (GtkToggleButton *button, ObaStoreView *self)
{
  guint period = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "period"));

  if (!gtk_toggle_button_get_active (button) || period == self->period)
    return;
  self->period = period;
  self->settled = FALSE;
  load (self);
}

/* ---- public */

gint64
oba_store_view_get_store (ObaStoreView *self)
{
  g_return_val_if_fail (OBA_IS_STORE_VIEW (self), 0);

  return self->store;
}

void
oba_store_view_refresh (ObaStoreView *self)
{
  g_return_if_fail (OBA_IS_STORE_VIEW (self));

  if (!self->settled)
    gtk_stack_set_visible_child_name (self->stack, "loading");
  load (self);
}

void
oba_store_view_toggle_table (ObaStoreView *self)
{
  g_return_if_fail (OBA_IS_STORE_VIEW (self));

  oba_patterns_box_toggle_table (self->patterns);
  if (oba_chart_panel_shows_table (self->days) != oba_patterns_box_shows_table (self->patterns))
    oba_chart_panel_toggle_table (self->days);
}

void
oba_store_view_set_days (ObaStoreView *self, guint days)
{
  GtkWidget *button;

  g_return_if_fail (OBA_IS_STORE_VIEW (self));

  button = gtk_widget_get_first_child (GTK_WIDGET (self->period_box));
  for (guint i = 0; i < G_N_ELEMENTS (periods); i++)
    {
      if (periods[i].days == days)
        gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), TRUE);
      button = gtk_widget_get_next_sibling (button);
    }
}

gboolean
oba_store_view_is_loaded (ObaStoreView *self)
{
  g_return_val_if_fail (OBA_IS_STORE_VIEW (self), FALSE);

  return self->reading == NULL;
}

const char *
oba_store_view_get_shown (ObaStoreView *self)
{
  g_return_val_if_fail (OBA_IS_STORE_VIEW (self), NULL);

  return gtk_stack_get_visible_child_name (self->stack);
}

const char *
oba_store_view_get_revenue (ObaStoreView *self)
{
  g_return_val_if_fail (OBA_IS_STORE_VIEW (self), NULL);

  return oba_figure_tile_get_text (self->tiles[REVENUE]);
}

const char *
oba_store_view_get_customers (ObaStoreView *self)
{
  g_return_val_if_fail (OBA_IS_STORE_VIEW (self), NULL);

  return oba_figure_tile_get_text (self->tiles[CUSTOMERS]);
}

/* ---- the object */

static void
retry_cb (ObaStoreView *self)
{
  oba_store_view_refresh (self);
}

static void
oba_store_view_map (GtkWidget *widget)
{
  ObaStoreView *self = OBA_STORE_VIEW (widget);

  GTK_WIDGET_CLASS (oba_store_view_parent_class)->map (widget);
  self->clock_source = g_timeout_add_seconds (INTERVAL_S, clock_cb, self);
}

static void
oba_store_view_unmap (GtkWidget *widget)
{
  g_clear_handle_id (&OBA_STORE_VIEW (widget)->clock_source, g_source_remove);
  GTK_WIDGET_CLASS (oba_store_view_parent_class)->unmap (widget);
}

static void
oba_store_view_dispose (GObject *object)
{
  ObaStoreView *self = OBA_STORE_VIEW (object);

  if (self->reading != NULL)
    g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  g_clear_handle_id (&self->clock_source, g_source_remove);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (oba_store_view_parent_class)->dispose (object);
}

static void
poster_cb (ObaStoreView *self)
{
  gtk_window_present (oba_poster_window_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), self->session, self->store, gtk_label_get_label (self->name_label)));
}

static void
oba_store_view_class_init (ObaStoreViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = oba_store_view_dispose;
  widget_class->map = oba_store_view_map;
  widget_class->unmap = oba_store_view_unmap;
  signals[LOADED] = g_signal_new ("loaded", OBA_TYPE_STORE_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (OBA_TYPE_CHART_PANEL);
  g_type_ensure (OBA_TYPE_TOP_PRODUCTS);
  g_type_ensure (OBA_TYPE_PATTERNS_BOX);
  gtk_widget_class_set_template_from_resource (widget_class, "/az/oba/BackOffice/stores/oba-store-view.ui");
  gtk_widget_class_bind_template_child (widget_class, ObaStoreView, stack);
  gtk_widget_class_bind_template_child (widget_class, ObaStoreView, failed_page);
  gtk_widget_class_bind_template_child (widget_class, ObaStoreView, name_label);
  gtk_widget_class_bind_template_child (widget_class, ObaStoreView, place_label);
  gtk_widget_class_bind_template_child (widget_class, ObaStoreView, period_box);
  gtk_widget_class_bind_template_child (widget_class, ObaStoreView, figure_grid);
  gtk_widget_class_bind_template_child (widget_class, ObaStoreView, days);
  gtk_widget_class_bind_template_child (widget_class, ObaStoreView, products);
  gtk_widget_class_bind_template_child (widget_class, ObaStoreView, patterns);
  gtk_widget_class_bind_template_child (widget_class, ObaStoreView, poster_button);
  gtk_widget_class_bind_template_child (widget_class, ObaStoreView, tills_button);
  gtk_widget_class_bind_template_child (widget_class, ObaStoreView, nothing);
  gtk_widget_class_bind_template_child (widget_class, ObaStoreView, as_of);
  gtk_widget_class_bind_template_callback (widget_class, poster_cb);
  gtk_widget_class_bind_template_callback (widget_class, retry_cb);
}

static void
add_periods (ObaStoreView *self)
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
oba_store_view_init (ObaStoreView *self)
{
  self->period = 1;
  gtk_widget_init_template (GTK_WIDGET (self));
  add_periods (self);
  for (guint i = 0; i < N_FIGURES; i++)
    {
      self->tiles[i] = OBA_FIGURE_TILE (oba_figure_tile_new (_(figures[i].name), figures[i].kind, figures[i].good));
      gtk_grid_attach (self->figure_grid, GTK_WIDGET (self->tiles[i]), (int) i % COLUMNS, (int) i / COLUMNS, 1, 1);
    }
}

GtkWidget *
oba_store_view_new (ObaSession *session, gint64 store)
{
  ObaStoreView *self = g_object_new (OBA_TYPE_STORE_VIEW, NULL);

  self->session = g_object_ref (session);
  self->store = store;
  gtk_widget_set_visible (self->poster_button, oba_session_has_role (session, MAY_PUT_UP));
  gtk_widget_set_visible (self->tills_button, oba_session_has_role (session, OBA_TILLS_VIEW_ROLES));
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->tills_button), "x", store);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->tills_button), "win.open-tills");
  g_signal_connect_object (session, "resumed", G_CALLBACK (oba_store_view_refresh), self, G_CONNECT_SWAPPED);
  load (self);
  return GTK_WIDGET (self);
}

void
oba_store_view_push (ObaSubpages *subpages, ObaSession *session, gint64 store)
{
  GtkWidget *top = oba_subpages_get_top (subpages);

  if (top != NULL && OBA_IS_STORE_VIEW (top) && OBA_STORE_VIEW (top)->store == store)
    return;
  oba_subpages_push (subpages, oba_store_view_new (session, store), _("Store"));
}
