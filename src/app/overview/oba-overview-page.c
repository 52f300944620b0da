#include "oba-overview-page.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "approvals/oba-approvals-tile.h"
#include "sales/oba-sales-overview.h"
#include "stores/oba-store-view.h"
#include "widgets/oba-chart-panel.h"
#include "widgets/oba-subpages.h"
#include "widgets/oba-top-list.h"

/* However many receipts are posted, the figures are read at most this often. */
#define MIN_INTERVAL_MS 500
/* What costs more and moves less, the lists and new customers, follows at this pace. */
#define SLOW_INTERVAL_MS 20000
/* "By now" moves on, and so does midnight. */
#define CLOCK_INTERVAL_S 60

struct _ObaOverviewPage
{
  ObaPage parent_instance;

  GCancellable *cancellable;
  ObaSalesOverview *overview;    /* what is shown; NULL before the first read */
  gint64        complete_at;     /* monotonic, when all of it was read last */
  gboolean      loading;
  gboolean      stale;           /* something happened since the read began, or while nobody looked */
  gint64        read_at;         /* monotonic, when the last read began */
  guint         refresh_source;
  guint         clock_source;

  GtkStack      *stack;
  AdwStatusPage *failed_page;
  ObaPeriodTile *tile_today;
  ObaPeriodTile *tile_week;
  ObaPeriodTile *tile_month;
  ObaChartPanel *chart;
  ObaSubpages   *subpages;
  ObaTopList    *stores;
  ObaTopList    *categories;
  GtkLabel      *as_of;
  ObaApprovalsTile *approvals;
};

G_DEFINE_FINAL_TYPE (ObaOverviewPage, oba_overview_page, OBA_TYPE_PAGE)

static void load (ObaOverviewPage *self);

/* ---- showing */

static ObaChart *
make_chart (const ObaSalesOverview *overview)
{
  ObaChart *chart = oba_chart_new (_("Revenue, last 90 days"), OBA_CHART_VALUE_MONEY);

  oba_chart_set_days (chart, overview->first_day, overview->n_days);
  oba_chart_add_series (chart, _("Revenue"), OBA_CHART_BARS, overview->revenue, overview->n_days);
  oba_chart_add_series (chart, _("7-day mean"), OBA_CHART_LINE, overview->mean, overview->n_days);
  return chart;
}

static char *
format_moment (GDateTime *moment, const GDate *today)
{
  g_autoptr (GTimeZone) baku = g_time_zone_new_identifier ("Asia/Baku");
  g_autoptr (GDateTime) local = baku != NULL ? g_date_time_to_timezone (moment, baku) : g_date_time_ref (moment);
  int year, month, day;

  g_date_time_get_ymd (local, &year, &month, &day);
  if (g_date_get_year (today) == year && (int) g_date_get_month (today) == month && g_date_get_day (today) == day)
    return g_date_time_format (local, "%H:%M:%S");
  return g_date_time_format (local, "%x, %H:%M");
}

static void
show_top (ObaTopList *list, GPtrArray *rows, const char *action)
{
  oba_top_list_clear (list);
  for (guint i = 0; i < rows->len; i++)
    {
      const ObaSalesTop *top = rows->pdata[i];

      oba_top_list_add (list, top->name, top->revenue, ((ObaSalesTop *) rows->pdata[0])->revenue, action, top->id);
    }
}

static void
show_overview (ObaOverviewPage *self, const ObaSalesOverview *overview)
{
  g_autoptr (ObaChart) chart = NULL;

  if (!overview->any)
    {
      gtk_stack_set_visible_child_name (self->stack, "empty");
      return;
    }
  chart = make_chart (overview);
  oba_period_tile_set_period (self->tile_today, &overview->periods[0]);
  oba_period_tile_set_period (self->tile_week, &overview->periods[1]);
  oba_period_tile_set_period (self->tile_month, &overview->periods[2]);
  oba_chart_panel_set_chart (self->chart, chart);
  show_top (self->stores, overview->stores, "win.open-store");
  show_top (self->categories, overview->categories, NULL);
  if (overview->folded_at != NULL)
    {
      g_autofree char *moment = format_moment (overview->folded_at, &overview->today);
      g_autofree char *text = g_strdup_printf (_("Receipts were last counted at %s. Revenue is sales less returns."), moment);

      gtk_label_set_label (self->as_of, text);
    }
  gtk_stack_set_visible_child_name (self->stack, "figures");
}

/* Figures that are there stay: they are old, not wrong. */
static void
show_error (ObaOverviewPage *self, const GError *error)
{
  g_autofree char *sentence = oba_db_error_describe (error);
  gboolean has_figures = g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "figures") == 0;
  g_autofree char *escaped = g_markup_escape_text (sentence, -1);

  if (has_figures)
    {
      g_autofree char *text = g_strdup_printf (_("These figures could not be brought up to date. %s"), sentence);

      gtk_label_set_label (self->as_of, text);
      return;
    }
  adw_status_page_set_description (self->failed_page, escaped);
  gtk_stack_set_visible_child_name (self->stack, "failed");
  oba_page_set_state (OBA_PAGE (self), OBA_PAGE_FAILED, sentence);
}

/* ---- reading */

static void
refresh_cb (gpointer user_data)
{
  ObaOverviewPage *self = user_data;

  self->refresh_source = 0;
  load (self);
}

static void
refresh_soon (ObaOverviewPage *self)
{
  gint64 wait = MIN_INTERVAL_MS - (g_get_monotonic_time () - self->read_at) / 1000;

  if (self->loading || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    {
      self->stale = TRUE;
      return;
    }
  if (self->refresh_source == 0)
    self->refresh_source = g_timeout_add_once ((guint) CLAMP (wait, 0, MIN_INTERVAL_MS), refresh_cb, self);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ObaOverviewPage *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ObaSalesOverview) overview = oba_sales_overview_load_finish (result, &error);

  /* The page is gone then: it cancels when it goes, and is not kept alive by its reads. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self->loading = FALSE;
  if (overview != NULL)
    {
      if (!overview->complete)
        oba_sales_overview_complete (overview, self->overview);
      show_overview (self, overview);
      g_clear_pointer (&self->overview, oba_sales_overview_free);
      self->overview = g_steal_pointer (&overview);
      oba_page_set_state (OBA_PAGE (self), OBA_PAGE_READY, NULL);
    }
  else
    show_error (self, error);
  if (self->stale)
    refresh_soon (self);
}

static const char *
language (void)
{
  const char *const *names = g_get_language_names ();

  if (g_str_has_prefix (names[0], "ru"))
    return "ru";
  return g_str_has_prefix (names[0], "az") ? "az" : "en";
}

/* The first row of a list is news at once. */
static gboolean
needs_all (ObaOverviewPage *self)
{
  return self->overview == NULL || self->overview->stores->len == 0 ||
         g_get_monotonic_time () - self->complete_at > SLOW_INTERVAL_MS * 1000;
}

static void
load (ObaOverviewPage *self)
{
  ObaSession *session = oba_page_get_session (OBA_PAGE (self));
  gboolean all = needs_all (self);

  if (all)
    self->complete_at = g_get_monotonic_time ();
  self->stale = FALSE;
  self->loading = TRUE;
  self->read_at = g_get_monotonic_time ();
  oba_sales_overview_load_async (oba_session_get_pool (session), all ? OBA_SALES_ALL : OBA_SALES_LIVE, language (), self->cancellable, loaded_cb, self);
}

/* ---- for pictures */

static void
posed_cb (ObaPage *page)
{
  oba_page_set_state (page, OBA_PAGE_READY, NULL);
}

/* 1: the page of the best store. */
static const char *
oba_overview_page_pose_also (ObaPage *page, guint n)
{
  ObaOverviewPage *self = OBA_OVERVIEW_PAGE (page);

  if (n == 1 && self->overview != NULL && self->overview->stores->len > 0)
    {
      oba_page_set_state (page, OBA_PAGE_LOADING, NULL);
      oba_store_view_push (self->subpages, oba_page_get_session (page), ((ObaSalesTop *) self->overview->stores->pdata[0])->id);
      g_signal_connect_object (oba_subpages_get_top (self->subpages), "loaded", G_CALLBACK (posed_cb), page, G_CONNECT_SWAPPED);
      return "store";
    }
  if (oba_subpages_get_top (self->subpages) != NULL)
    oba_subpages_close (self->subpages, oba_subpages_get_top (self->subpages));
  return NULL;
}

static void
oba_overview_page_refresh (ObaPage *page)
{
  ObaOverviewPage *self = OBA_OVERVIEW_PAGE (page);

  if (oba_page_get_state (page) == OBA_PAGE_FAILED)
    {
      gtk_stack_set_visible_child_name (self->stack, "loading");
      oba_page_set_state (page, OBA_PAGE_LOADING, NULL);
    }
  self->complete_at = 0;
  refresh_soon (self);
}

static gboolean
clock_cb (gpointer user_data)
{
  refresh_soon (user_data);
  return G_SOURCE_CONTINUE;
}

static void
toggle_table_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  oba_chart_panel_toggle_table (OBA_OVERVIEW_PAGE (widget)->chart);
}

/* ---- the object */

static void
oba_overview_page_map (GtkWidget *widget)
{
  ObaOverviewPage *self = OBA_OVERVIEW_PAGE (widget);

  GTK_WIDGET_CLASS (oba_overview_page_parent_class)->map (widget);

  if (self->stale)
    refresh_soon (self);
  self->clock_source = g_timeout_add_seconds (CLOCK_INTERVAL_S, clock_cb, self);
}

static void
oba_overview_page_unmap (GtkWidget *widget)
{
  ObaOverviewPage *self = OBA_OVERVIEW_PAGE (widget);

  self->stale = TRUE;
  g_clear_handle_id (&self->clock_source, g_source_remove);
  g_clear_handle_id (&self->refresh_source, g_source_remove);

  GTK_WIDGET_CLASS (oba_overview_page_parent_class)->unmap (widget);
}

static void
oba_overview_page_constructed (GObject *object)
{
  ObaOverviewPage *self = OBA_OVERVIEW_PAGE (object);
  ObaSession *session = oba_page_get_session (OBA_PAGE (self));

  G_OBJECT_CLASS (oba_overview_page_parent_class)->constructed (object);

  g_signal_connect_object (oba_session_get_listener (session), "notification::oba_sales", G_CALLBACK (refresh_soon), self, G_CONNECT_SWAPPED);
  oba_approvals_tile_set_session (self->approvals, session);
  g_signal_connect_object (session, "resumed", G_CALLBACK (oba_overview_page_refresh), self, G_CONNECT_SWAPPED);
  load (self);
}

static void
oba_overview_page_dispose (GObject *object)
{
  ObaOverviewPage *self = OBA_OVERVIEW_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->clock_source, g_source_remove);
  g_clear_handle_id (&self->refresh_source, g_source_remove);

  G_OBJECT_CLASS (oba_overview_page_parent_class)->dispose (object);
}

static void
oba_overview_page_finalize (GObject *object)
{
  ObaOverviewPage *self = OBA_OVERVIEW_PAGE (object);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->overview, oba_sales_overview_free);

  G_OBJECT_CLASS (oba_overview_page_parent_class)->finalize (object);
}

static void
oba_overview_page_class_init (ObaOverviewPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = oba_overview_page_constructed;
  object_class->dispose = oba_overview_page_dispose;
  object_class->finalize = oba_overview_page_finalize;
  widget_class->map = oba_overview_page_map;
  widget_class->unmap = oba_overview_page_unmap;
  OBA_PAGE_CLASS (klass)->refresh = oba_overview_page_refresh;
  OBA_PAGE_CLASS (klass)->pose_also = oba_overview_page_pose_also;

  g_type_ensure (OBA_TYPE_APPROVALS_TILE);
  g_type_ensure (OBA_TYPE_PERIOD_TILE);
  g_type_ensure (OBA_TYPE_SUBPAGES);
  g_type_ensure (OBA_TYPE_CHART_PANEL);
  g_type_ensure (OBA_TYPE_TOP_LIST);
  gtk_widget_class_set_template_from_resource (widget_class, "/az/oba/BackOffice/overview/oba-overview-page.ui");
  gtk_widget_class_bind_template_child (widget_class, ObaOverviewPage, subpages);
  gtk_widget_class_bind_template_child (widget_class, ObaOverviewPage, stack);
  gtk_widget_class_bind_template_child (widget_class, ObaOverviewPage, failed_page);
  gtk_widget_class_bind_template_child (widget_class, ObaOverviewPage, tile_today);
  gtk_widget_class_bind_template_child (widget_class, ObaOverviewPage, tile_week);
  gtk_widget_class_bind_template_child (widget_class, ObaOverviewPage, tile_month);
  gtk_widget_class_bind_template_child (widget_class, ObaOverviewPage, chart);
  gtk_widget_class_bind_template_child (widget_class, ObaOverviewPage, stores);
  gtk_widget_class_bind_template_child (widget_class, ObaOverviewPage, categories);
  gtk_widget_class_bind_template_child (widget_class, ObaOverviewPage, as_of);
  gtk_widget_class_bind_template_child (widget_class, ObaOverviewPage, approvals);
  gtk_widget_class_install_action (widget_class, "page.toggle-table", NULL, toggle_table_action);
}

static void
oba_overview_page_init (ObaOverviewPage *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

ObaPeriodTile *
oba_overview_page_get_tile (ObaOverviewPage *self, guint index)
{
  ObaPeriodTile *tiles[] = { self->tile_today, self->tile_week, self->tile_month };

  g_return_val_if_fail (OBA_IS_OVERVIEW_PAGE (self) && index < G_N_ELEMENTS (tiles), NULL);

  return tiles[index];
}

const char *
oba_overview_page_get_shown (ObaOverviewPage *self)
{
  g_return_val_if_fail (OBA_IS_OVERVIEW_PAGE (self), NULL);

  return gtk_stack_get_visible_child_name (self->stack);
}

gboolean
oba_overview_page_shows_table (ObaOverviewPage *self)
{
  g_return_val_if_fail (OBA_IS_OVERVIEW_PAGE (self), FALSE);

  return oba_chart_panel_shows_table (self->chart);
}
